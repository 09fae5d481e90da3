"""Tables as files: CSV and XLSX in which no cell is ever run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter  # type: ignore[import-untyped]

Cell = str | float | None
#: What a spreadsheet runs. A text that looks guarded already is guarded once more, to be read back whole.
_RUNS = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    """Width of the columns in characters, where it is not 12."""


def guarded(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """What stood in a cell before it was guarded."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV in UTF-8 with the mark that spreadsheets look for."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in ([*header], *rows):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Iterable[Sheet], right_to_left: bool) -> bytes:
    """A workbook; text is text and never a formula or a link."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            if right_to_left:
                page.right_to_left()
            page.freeze_panes(1, 1)
            for column, width in enumerate(sheet.widths or [12] * len(sheet.header)):
                page.set_column(column, column, width)
            for column, text in enumerate(sheet.header):
                page.write_string(0, column, text, bold)
            for at, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(at, column, cell, wrapped)
                    elif cell is not None:
                        page.write_number(at, column, cell, wrapped)
    return file.getvalue()

"""Tables as files: CSV and XLSX in which no cell is ever run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter  # type: ignore[import-untyped]

from readiness.reports.guard import guarded

Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def _safe(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) and not cell.startswith("'") else cell


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A table as CSV in UTF-8 with the mark that spreadsheets look for."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in ([*header], *rows):
        writer.writerow([_safe(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Sequence[Sheet], right_to_left: bool) -> bytes:
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
            page.set_column(0, 0, 28)
            page.set_column(1, len(sheet.header), 16)
            for column, text in enumerate(sheet.header):
                page.write_string(0, column, text, bold)
            for at, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(at, column, cell, wrapped)
                    elif cell is not None:
                        page.write_number(at, column, cell, wrapped)
    return file.getvalue()

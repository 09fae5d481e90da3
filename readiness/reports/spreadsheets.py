"""Tables as files for a spreadsheet: CSV and XLSX. A text stays a text, whatever it begins with."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter

from readiness.reports.guard import guarded

Cell = str | int | float | None
Row = Sequence[Cell]

#: As many characters as a cell of a workbook takes.
LONGEST = 32_767
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_WIDTHS = (8, 60)
#: So many rows of a CSV file are held at once.
_AT_ONCE = 200


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook. Every row has as many cells as the header; None is an empty cell."""

    name: str
    header: Sequence[str]
    rows: Iterable[Row]
    """Gone through once where the widths are given, else twice."""
    widths: Sequence[int] = ()
    """Widths of the columns in characters; else each is as wide as what stands in it."""
    right_to_left: bool = False
    """Whether this sheet runs from the right, whatever the workbook does."""


def csv_bytes(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A CSV file: UTF-8 with a byte order mark, every text in quotes and guarded, numbers as they are."""
    return b"".join(csv_parts(header, rows))


def csv_parts(header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The same file in parts, of which only one is held at a time."""
    target = io.StringIO(newline="")
    target.write("\ufeff")
    writer = csv.writer(target, quoting=csv.QUOTE_NONNUMERIC)
    for at, row in enumerate(itertools.chain((header,), rows), start=1):
        writer.writerow(
            [guarded(cell or "") if cell is None or isinstance(cell, str) else cell for cell in row]
        )
        if at % _AT_ONCE == 0:
            yield target.getvalue().encode()
            target.seek(0)
            target.truncate()
    yield target.getvalue().encode()


def xlsx_bytes(sheets: Sequence[Sheet], right_to_left: bool = False, lean: bool = False) -> bytes:
    """A workbook; each sheet has its header frozen and columns as wide as what stands in them.

    A lean one holds a row at a time, in files that the system lays aside for it.
    """
    target, names = io.BytesIO(), set[str]()
    options = {"constant_memory": True} if lean else {"in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(_name(sheet.name, names))
            if right_to_left or sheet.right_to_left:
                page.right_to_left()
            page.freeze_panes(1, 0)
            widths = sheet.widths or [_width(cells) for cells in zip(sheet.header, *sheet.rows, strict=True)]
            for at, width in enumerate(widths):
                page.set_column(at, at, width)
            for at, row in enumerate(itertools.chain((sheet.header,), sheet.rows)):
                _write(page, at, row, body if at else head)
    return target.getvalue()


def _write(page: xlsxwriter.workbook.Worksheet, at: int, row: Row, style: xlsxwriter.format.Format) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            page.write_string(at, column, cell[:LONGEST], style)
        elif cell is None:
            page.write_blank(at, column, None, style)
        else:
            page.write_number(at, column, cell, style)


def _width(cells: Sequence[Cell]) -> int:
    """The width of a column, in characters: its longest line within bounds."""
    least, most = _WIDTHS
    lines = (line for cell in cells if cell is not None for line in str(cell).split("\n"))
    return min(most, max(least, max(map(len, lines), default=0) + 2))


def _name(wanted: str, taken: set[str]) -> str:
    """A name that a workbook allows and no sheet has yet, as near to the wanted one as may be."""
    plain = _NO_SHEET_NAME.sub(" ", wanted).strip(" '") or "-"
    name, number = plain[:31].strip(" '"), 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: 28 - len(str(number))]} ({number})"
    taken.add(name.casefold())
    return name

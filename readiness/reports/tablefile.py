"""Reads the lines of a table's file: its encoding, its delimiter, and why it cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from readiness.reports.facts import N_
from readiness.reports.intake import Batch, refused

DELIMITERS = ",;\t"
#: Characters of one line of the file; more can only be a file of another kind.
_LONGEST_LINE = 1_000_000
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}
_OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


class Unreadable(Exception):
    """The file as a whole cannot be read; its problem says why."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.batch: Batch = refused(template, **values)


def encoding_of(content: bytes) -> tuple[str, int]:
    """Encoding of a file, and how long the mark at its beginning is."""
    if content.startswith(_OTHER_FILES):
        raise Unreadable(
            N_("This is no CSV file. Open it in a spreadsheet program and save it as “CSV UTF-8”.")
        )
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0


def lines_of(content: bytes) -> Iterator[str]:
    """The lines of a file, one after the other; raises Unreadable or UnicodeDecodeError."""
    encoding, skipped = encoding_of(content)
    file = io.BytesIO(content)
    file.seek(skipped)
    text = io.TextIOWrapper(file, encoding, newline="")
    at = 0
    while line := text.readline(_LONGEST_LINE):
        at += 1
        if len(line) == _LONGEST_LINE:
            raise Unreadable(N_("Line %(line)s of the file is too long to be one of a table."), line=at)
        yield line


def undecodable(content: bytes) -> Unreadable:
    """What to say of a file in another encoding: the byte, and what to do."""
    encoding, skipped = encoding_of(content)
    try:
        content[skipped:].decode(encoding)
    except UnicodeDecodeError as error:
        at = skipped + error.start
        return Unreadable(
            N_(
                "Byte %(position)s of the file (%(byte)s) is not %(encoding)s. Open the file in a spreadsheet"
                " program and save it as “CSV UTF-8”."
            ),
            position=at + 1,
            byte=f"0x{content[at]:02X}",
            encoding=encoding[:6].upper(),
        )
    raise AssertionError("it could not be decoded a moment ago")  # pragma: no cover


def delimiter_of(first: str, is_known: Callable[[str], bool]) -> str:
    """The delimiter by which most columns of a header are known."""

    def known(delimiter: str) -> int:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(is_known(cell) for cell in cells)

    return max(DELIMITERS, key=known)


def column_name(at: int) -> str:
    """Letters of a spreadsheet's column, counted from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

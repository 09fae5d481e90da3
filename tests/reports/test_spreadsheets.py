"""Spreadsheets that are opened again: what was text is text, and no cell is a formula."""

import csv
import io
import zipfile
from collections.abc import Sequence
from xml.etree import ElementTree

import pytest

from readiness.reports.guard import guarded
from readiness.reports.spreadsheets import LONGEST, Cell, Sheet, csv_bytes, xlsx_bytes
from tests.web.hostile import TEXTS

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1"]
HOSTILE = [*TEXTS, *FORMULAS, "_x0041_", "http://127.0.0.1/", "file:///x", "a;=1", 'a"b', "a,b", "", " = 1"]


class Workbook:
    """An XLSX file, read with nothing but a ZIP and an XML reader."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.texts = [
            "".join(part.text or "" for part in item.iter(f"{{{SPACE['m']}}}t"))
            for item in self._read("xl/sharedStrings.xml").findall("m:si", SPACE)
        ]
        found = self._read("xl/workbook.xml").findall("m:sheets/m:sheet", SPACE)
        self.names = [item.attrib["name"] for item in found]

    def _read(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.archive.read(name))

    def sheet(self, number: int = 1) -> ElementTree.Element:
        return self._read(f"xl/worksheets/sheet{number}.xml")

    def rows(self, number: int = 1) -> list[list[Cell]]:
        """The cells of a sheet; fails at a formula."""
        sheet = self.sheet(number)
        assert sheet.find(".//m:f", SPACE) is None, "a formula"
        assert sheet.find(".//m:hyperlink", SPACE) is None, "a link"
        return [[self._cell(cell) for cell in row] for row in sheet.iter(f"{{{SPACE['m']}}}row")]

    def _cell(self, cell: ElementTree.Element) -> Cell:
        value = cell.findtext("m:v", None, SPACE)
        if cell.attrib.get("t") == "s":
            return self.texts[int(str(value))]
        return None if value is None else float(value)


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "no byte order mark, so no Persian in a spreadsheet"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def escaped(text: str) -> str:
    """A text as it stands in the XML of a workbook: what reads like a code there is written as one."""
    return text.replace("_x0041_", "_x005F_x0041_").replace("\r", "_x000D_").replace("\ufffe", "_xFFFE_")


# CSV


def test_csv_holds_header_and_rows_as_they_were_given() -> None:
    content = csv_bytes(["No.", "عنوان"], [[1, "نخستین، گام"], [2.5, None], [-3, 'a "b"\nc']])

    assert read_csv(content) == [
        ["No.", "عنوان"],
        ["1", "نخستین، گام"],
        ["2.5", ""],
        ["-3", 'a "b"\nc'],
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_calculate_is_guarded_in_cells_and_in_headers(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert read_csv(csv_bytes([text], [[text]])) == [[f"'{text}"], [f"'{text}"]]


def test_no_hostile_text_of_a_csv_file_begins_a_formula_or_another_cell() -> None:
    back = read_csv(csv_bytes(HOSTILE, [HOSTILE, list(reversed(HOSTILE))]))

    assert back == [[guarded(text) for text in row] for row in (HOSTILE, HOSTILE, reversed(HOSTILE))]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in back for cell in row)


def test_every_text_of_a_csv_file_is_quoted_so_that_another_separator_opens_no_cell() -> None:
    assert csv_bytes(["a"], [["x;=1"], [1]]).decode("utf-8-sig") == '"a"\r\n"x;=1"\r\n1\r\n'


# XLSX


def test_a_workbook_holds_texts_numbers_and_empty_cells() -> None:
    rows: Sequence[Sequence[Cell]] = [["گام", 1], ["next", 2.5], [None, -3]]
    book = Workbook(xlsx_bytes([Sheet("Plan", ["Title", "No."], rows)]))

    assert book.names == ["Plan"]
    assert book.rows() == [["Title", "No."], ["گام", 1], ["next", 2.5], [None, -3]]


def test_no_hostile_text_of_a_workbook_is_more_than_text() -> None:
    book = Workbook(xlsx_bytes([Sheet("Plan", HOSTILE, [HOSTILE])]))

    due = [escaped(text) for text in HOSTILE]
    assert [[cell or "" for cell in row] for row in book.rows()] == [due, due]
    assert not [name for name in book.archive.namelist() if "external" in name or "vba" in name.lower()]


def test_the_header_stays_in_sight_and_columns_fit_what_they_hold() -> None:
    sheet = Workbook(xlsx_bytes([Sheet("Plan", ["A", "B"], [["x" * 500, "y" * 20]])])).sheet()

    pane = sheet.find(".//m:pane", SPACE)
    assert pane is not None and pane.attrib["ySplit"] == "1" and pane.attrib["state"] == "frozen"
    widths = [float(item.attrib["width"]) for item in sheet.iter(f"{{{SPACE['m']}}}col")]
    assert 60 < widths[0] < 62 and 22 < widths[1] < 24


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_sheet_runs_from_the_right_where_the_language_does(mirrored: bool) -> None:
    view = (
        Workbook(xlsx_bytes([Sheet("برنامه", ["عنوان"], [])], mirrored)).sheet().find(".//m:sheetView", SPACE)
    )

    assert view is not None and (view.attrib.get("rightToLeft") == "1") == mirrored


def test_any_text_can_name_a_sheet_and_two_of_the_same_are_told_apart() -> None:
    wanted = ["a/b", "'quoted'", "", "x" * 50, "x" * 50, "X" * 50, "[:]*?"]
    names = Workbook(xlsx_bytes([Sheet(name, ["A"], []) for name in wanted])).names

    assert names[:3] == ["a b", "quoted", "-"]
    assert len({name.casefold() for name in names}) == len(wanted) and max(map(len, names)) <= 31


def test_a_text_longer_than_a_cell_takes_is_cut_where_the_cell_ends() -> None:
    (_, (cell,)) = Workbook(xlsx_bytes([Sheet("Plan", ["A"], [["é" * (LONGEST + 5)]])])).rows()

    assert cell == "é" * LONGEST

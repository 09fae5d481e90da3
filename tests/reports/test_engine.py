"""The quick ways of laying a report out: the same report, whatever was made before it."""

from __future__ import annotations

import io
from importlib.metadata import version
from typing import Any

import pytest
from pypdf import PdfReader

from readiness.reports import pdf
from tests.reports.tools import CODES, NEEDS_A_PRESS, given, profile_of, sample

pytestmark = NEEDS_A_PRESS

#: Operators that are not text: how a line at one side of a box is drawn differs, all else has to be equal.
FRAME = {"re", "m", "l", "h", "f", "f*", "W", "W*", "n", "q", "Q", "rg", "gs", "BMC", "EMC", "Tf"}


def told(made: bytes) -> list[tuple[list[bytes], list[Any]]]:
    """Text with its places, and links, page by page."""
    reader = PdfReader(io.BytesIO(made))
    pages = []
    for page in reader.pages:
        lines = page.get_contents().get_data().splitlines()  # type: ignore[union-attr]
        links = [link.get_object()["/Rect"] for link in page.get("/Annots", [])]
        pages.append(([line for line in lines if line.split()[-1].decode() not in FRAME], links))
    return pages


def plainly(html: str, attached: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The report as the library makes it by itself."""
    monkeypatch.setitem(pdf.QUICK_WITH, "weasyprint", "another")
    pdf._engine.cache_clear()
    try:
        return pdf.html_to_pdf(html, attached)
    finally:
        monkeypatch.undo()
        pdf._engine.cache_clear()


def test_the_installed_libraries_are_those_that_the_quick_ways_were_written_for() -> None:
    """After an upgrade: run the tests of the PDF with the new version named, and measure again."""
    assert {name: version(name) for name in pdf.QUICK_WITH} == pdf.QUICK_WITH


@CODES
def test_a_report_is_what_the_library_would_have_made(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = profile_of(sample(code), code)
    html = pdf.report_html(profile)
    quick = [pdf.html_to_pdf(html, profile.document) for _ in range(2)]
    plain = plainly(html, profile.document, monkeypatch)

    assert told(quick[0]) == told(quick[1]) == told(plain)


def test_no_report_holds_anything_of_the_one_before() -> None:
    one = profile_of(given({1: "H", 2: "L"}, firm={"name": "Zephyr Quartz"}, notes={1: "Our pangolin."}))
    other = profile_of(given({1: "H", 2: "M"}, firm={"name": "Alborz"}, notes={1: "Nothing yet."}))
    first = pdf.make_pdf(other)
    pdf.make_pdf(one)
    again = pdf.make_pdf(other)

    assert told(first) == told(again)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(again)).pages)
    assert not {"Zephyr", "Quartz", "pangolin"} & set(text.split())


def test_the_library_is_as_it_was_after_a_report_and_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf._engine()
    from readiness.reports import engine

    before = [getattr(owner, name) for owner, name, _ in engine._WAYS]
    pdf.make_pdf(profile_of(sample("en"), "en"))
    monkeypatch.setattr("weasyprint.document.generate_pdf", None)
    with pytest.raises(pdf.PdfError):
        pdf.make_pdf(profile_of(sample("en"), "en"))

    assert [getattr(owner, name) for owner, name, _ in engine._WAYS] == before


@CODES
def test_the_report_is_xml_and_both_parsers_read_the_same(code: str) -> None:
    import weasyprint

    pdf._engine()
    from readiness.reports import engine

    html = pdf.report_html(profile_of(sample(code), code))
    quick, slow = engine._as_xml(html), weasyprint.HTML(string=html).etree_element

    assert quick is not None
    assert list(flat(quick)) == list(flat(slow))


def flat(element: Any) -> Any:
    attributes = {name: value for name, value in element.attrib.items() if "xmlns" not in name}
    yield element.tag, attributes, (element.text or "").strip(), (element.tail or "").strip()
    for child in element:
        yield from flat(child)

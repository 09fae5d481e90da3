"""The profile as a document to edit: all that the PDF says, read back by the library."""

import io
import re
import zipfile
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn

from readiness.reports.docx import make_docx
from readiness.reports.language import language
from readiness.reports.pdf import report_html
from readiness.reports.profile import Profile, make_profile
from readiness.reports.supplement import Supplement
from tests.reports.test_brand import BRAND, COLOUR
from tests.reports.tools import CODES, DAY, given, profile_of, sample


def branded(code: str) -> Profile:
    return make_profile(sample(code), language(code), DAY, supplement=Supplement(brand=BRAND))


def opened(profile: Profile) -> Any:
    return Document(io.BytesIO(make_docx(profile)))


def plain(text: str) -> str:
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


def words_of(document: Any) -> str:
    """Everything that stands in it, in reading order."""
    return plain("\n".join("".join(p.itertext()) for p in document.element.body.iter(qn("w:p"))))


def elements(profile: Profile) -> ElementTree.Element:
    return ElementTree.fromstring(report_html(profile))


@CODES
def test_every_heading_paragraph_and_table_of_the_report_is_in_the_document(code: str) -> None:
    profile = branded(code)
    said, html = words_of(opened(profile)), elements(profile)
    drawn = {id(inner) for e in html.iter() if e.get("class") in ("radar-frame",) for inner in e.iter()}
    drawn |= {
        id(inner) for e in html.iter() if e.get("class", "").startswith("scale-ends") for inner in e.iter()
    }
    drawn |= {id(inner) for e in html.iter() if e.get("class") == "running" for inner in e.iter()}
    checked = 0
    for element in html.find("body").iter():  # type: ignore[union-attr]
        if element.tag not in ("h1", "h2", "h3", "li", "caption", "td") or id(element) in drawn:
            continue
        texts = [plain(text) for text in element.itertext() if text.strip()]
        if element.get("class") == "drawing":
            continue
        for text in texts:
            assert text in said, text
            checked += 1
    assert checked > 400


@CODES
def test_headings_are_headings_and_tables_are_tables(code: str) -> None:
    profile = branded(code)
    document, html = opened(profile), elements(profile)
    heads = [plain(p.text) for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads == [plain("".join(h.itertext())) for h in html.iter("h2")]
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == [profile.firm]

    tables = document.tables
    assert len(tables) == len(list(html.iter("table")))
    rows = [len(table._tbl.tr_lst) for table in tables]
    assert max(rows) >= 47 + 9 + 1, "the indicators under their components"
    for table in tables:
        widths = {sum(cell.grid_span for cell in row.tc_lst) for row in table._tbl.tr_lst}
        assert widths == {len(table.columns)}, "every row is as wide as the table"


@CODES
def test_the_document_is_read_in_the_direction_of_its_language(code: str) -> None:
    document = opened(branded(code))
    rtl = code == "fa"
    paragraphs = list(document.element.body.iter(qn("w:p")))
    turned = [p for p in paragraphs if p.pPr is not None and p.pPr.find(qn("w:bidi")) is not None]
    written = [p for p in paragraphs if "".join(p.itertext()).strip()]
    assert len(turned) >= len(written) if rtl else not turned
    for table in document.tables:
        assert (table._tbl.tblPr.find(qn("w:bidiVisual")) is not None) == rtl
    for run in document.element.body.iter(qn("w:r")):
        text = "".join(run.itertext())
        if re.search("[\u0600-\u06ff]", text) and not re.search("[A-Za-z]", text):
            assert run.rPr is not None and run.rPr.find(qn("w:rtl")) is not None, text
        if re.fullmatch("[A-Za-z ,.@]+", text) and re.search("[A-Za-z]", text):
            assert run.rPr is None or run.rPr.find(qn("w:rtl")) is None, text
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:cs")) == "Tahoma" and fonts.get(qn("w:ascii")) == "Calibri"
    assert (document.sections[0]._sectPr.find(qn("w:bidi")) is not None) == rtl


@CODES
def test_the_first_page_shows_the_brand_and_headings_have_its_colour(code: str) -> None:
    document = opened(branded(code))
    (picture,) = document.inline_shapes
    assert picture.width.mm == pytest.approx(60, abs=0.1) and picture.height.mm == pytest.approx(20, abs=0.1)
    assert picture._inline.docPr.get("descr") == language(code).words("Logo of %(name)s", name=BRAND.name)
    said = words_of(document)
    assert BRAND.name in said and "+98 21 5550 1234" in said
    assert str(document.styles["Heading 1"].font.color.rgb) == COLOUR[1:].upper()
    assert document.core_properties.author == BRAND.name
    bare = opened(profile_of(sample(code), code))
    assert not bare.inline_shapes and str(bare.styles["Heading 1"].font.color.rgb) == "0D4A4B"


def test_a_draft_says_so_with_its_date_on_every_page() -> None:
    document = opened(profile_of(sample("en"), draft=True))
    assert "Draft" in words_of(document)
    head = document.sections[0].header.paragraphs[0].text
    assert head == f"{sample('en').firm['name']} · 2 March 2026 · Draft"


HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}} {% raw %}",
    "</w:t></w:r><w:hyperlink r:id='rId1'>",
    '=HYPERLINK("https://example.org")',
    "INCLUDEPICTURE https://example.org/x.png",
    "a\x0bb\x00c",
    "first line\nsecond line",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_texts_stay_text(text: str) -> None:
    profile = profile_of(given({1: "H", 2: "L"}, firm={"name": text}, notes={1: text}))
    content = make_docx(profile)
    document = Document(io.BytesIO(content))
    shown = plain(re.sub("[\x00-\x08\x0b]", "", text).replace("\n", " "))

    assert words_of(document).replace("  ", " ").count(
        shown.replace(" second", "second")
    ) or shown in words_of(document)
    assert not list(document.element.body.iter(qn("w:hyperlink")))
    fields = [e.text for e in document.element.body.iter(qn("w:instrText"))]
    assert not fields, "no field in the text"


@CODES
def test_nothing_in_it_leads_outside(code: str) -> None:
    with zipfile.ZipFile(io.BytesIO(make_docx(branded(code)))) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            if name.endswith(".rels"):
                assert b"External" not in content, name
            assert not name.endswith((".bin", ".vba")), name
        assert b"python-docx" not in packed.read("docProps/core.xml")


def test_children_stand_in_the_order_that_the_format_wants() -> None:
    order = ["pStyle", "bidi", "spacing", "ind", "jc", "rPr"]
    runs = ["rFonts", "b", "bCs", "i", "color", "sz", "szCs", "rtl", "lang"]
    document = opened(branded("fa"))
    roots = [document.element.body, document.styles.element]
    for kind, wanted in ((qn("w:pPr"), order), (qn("w:rPr"), runs)):
        for about in (found for root in roots for found in root.iter(kind)):
            names = [child.tag.rpartition("}")[2] for child in about]
            known = [name for name in names if name in wanted]
            assert known == sorted(known, key=wanted.index), names


def test_an_assessment_without_answers_makes_a_document_too() -> None:
    empty = make_profile(profile_of(given({})).answers, language("fa"), date(2026, 3, 2), True)
    assert opened(empty).tables

"""The profile as an editable document: the same report as the PDF's, with tables in place of its charts.

It is written from the report's HTML, so that every part of the one is in the other.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from readiness.reports.language import Language
from readiness.reports.pdf import report_html
from readiness.reports.profile import Profile

COLOUR = "#0d4a4b"
QUIET = RGBColor(0x52, 0x60, 0x6D)
#: Fonts that office programs have, for Latin and for Arabic letters.
FONTS = ("Calibri", "Tahoma")
#: Characters that no XML document can hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: A text that is set apart from the direction of what is around it.
_APART = re.compile("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069")
_MARKS = re.compile("[\u2066-\u2069]")
_BLANKS = re.compile(r"[ \t\n\r]+")
#: What the document leaves out: charts, and what a page of the PDF says again at its head.
_LEFT_OUT = frozenset(("running", "radar-frame", "scale-ends", "drawing"))
#: Where the lines of a typed text are kept.
_LINES = frozenset(("remark", "note-full"))
_BLOCKS = frozenset(("div", "section", "header", "p", "h1", "h2", "h3", "ul", "ol", "table"))


@dataclass(frozen=True)
class _Look:
    """How a run of text looks."""

    bold: bool = False
    quiet: bool = False
    label: bool = False
    """Whether what is bold here is followed by a colon."""
    lines: bool = False
    """Whether line breaks are kept."""
    direction: str = ""
    """Named by the text's element; empty where the text itself says it."""


def make_docx(profile: Profile) -> bytes:
    """The report as DOCX."""
    html = _NO_XML.sub("", report_html(profile))
    body = ElementTree.fromstring(html).find("body")  # noqa: S314 - ours, without entities
    assert body is not None
    writer = _Writer(profile)
    for child in body:
        writer.block(child)
    return writer.finished()


def _classes(element: Element) -> set[str]:
    return set(element.get("class", "").split())


class _Writer:
    """Writes the elements of a report into a document."""

    def __init__(self, profile: Profile) -> None:
        self._profile, self._language = profile, profile.language
        self._rtl = self._language.mirrored
        self._document = Document()
        self._brand = profile.supplement.brand
        _prepare(self._document, self._language, (self._brand and self._brand.colour) or COLOUR)
        self._frame()

    def finished(self) -> bytes:
        """The file."""
        about, profile = self._document.core_properties, self._profile
        kind = profile.language.words("Internationalization readiness profile")
        author = self._brand.name if self._brand else profile.firm
        about.title = _NO_XML.sub("", f"{kind}: {profile.firm}")[:255]
        about.author = about.last_modified_by = _NO_XML.sub("", author)[:255]
        about.comments, about.language = "", profile.language.code
        about.created = about.modified = datetime.combine(profile.made_on, time(), UTC).replace(tzinfo=None)
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _frame(self) -> None:
        """Paper, and what stands at the head and foot of each page."""
        (section,) = self._document.sections
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        profile = self._profile
        parts = [profile.firm, self._language.day(profile.made_on)]
        parts += [self._language.words("Draft")] if profile.draft else []
        head = section.header.paragraphs[0]
        self._run(head, " · ".join(f"\u2068{part}\u2069" for part in parts), _Look(quiet=True))
        foot = section.footer.paragraphs[0]
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = foot.add_run()
            made = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                made.set(qn("w:fldCharType"), kind)
            made.text = text or None
            run._r.append(made)
        for paragraph in (head, foot):
            self._direct(paragraph)
        if self._rtl:
            grid = section._sectPr.find(qn("w:docGrid"))
            at = len(section._sectPr) if grid is None else section._sectPr.index(grid)
            section._sectPr.insert(at, OxmlElement("w:bidi"))

    # Blocks

    def block(self, element: Element, labels: bool = False, lines: bool = False) -> None:
        """An element that begins on a line of its own; for the other two see _Look."""
        classes = _classes(element)
        if classes & _LEFT_OUT or element.tag == "svg":
            return
        if element.tag in ("h1", "h2", "h3"):
            style = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2"}[element.tag]
            self._inline(self._paragraph(style), element, _Look())
        elif element.tag in ("ul", "ol"):
            self._listing(element)
        elif element.tag == "table":
            self._table(element)
        elif element.find("img") is not None:
            self._logo(element)
        elif element.tag == "p" or not any(child.tag in _BLOCKS for child in element):
            if "".join(element.itertext()).strip():
                look = _Look("kicker" in classes, "quiet" in classes, labels or "first" in classes, lines)
                self._inline(self._paragraph(), element, look)
        else:
            for child in element:
                self.block(child, labels or "action" in classes, lines or bool(_LINES & classes))

    def _paragraph(self, style: str = "Normal") -> Paragraph:
        made = self._document.add_paragraph()
        made._p.style = self._document.styles[style].style_id  # the library looks at every style for it
        return self._direct(made)

    def _direct(self, paragraph: Paragraph) -> Paragraph:
        """Let a paragraph be read in the direction of the document."""
        if self._rtl:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        return paragraph

    def _listing(self, element: Element) -> None:
        for place, item in enumerate(element.findall("li"), start=1):
            paragraph = self._paragraph("List Paragraph")
            mark = f"{self._language.number(place)}." if element.tag == "ol" else "•"
            self._run(paragraph, f"{mark} ", _Look())
            self._inline(paragraph, item, _Look())

    def _logo(self, element: Element) -> None:
        picture = element.find("img")
        if self._brand is None or self._brand.logo is None or picture is None:
            return
        paragraph = self._paragraph()
        drawn = paragraph.add_run().add_picture(io.BytesIO(self._brand.logo))
        scale = min(Mm(60) / drawn.width, Mm(20) / drawn.height)
        drawn.width, drawn.height = round(drawn.width * scale), round(drawn.height * scale)
        drawn._inline.docPr.set("descr", picture.get("alt", ""))

    # Tables

    def _table(self, element: Element) -> None:
        rows = list(_rows(element))
        width = max((sum(span for _, span in cells) for cells, _ in rows), default=0)
        if not width:
            return
        caption = element.find("caption")
        if caption is not None:
            self._inline(self._paragraph("Caption"), caption, _Look(bold=True))
        table = self._document.add_table(0, width)
        table.style = "Table Grid"
        for column, share in zip(table.columns, _shares([cells for cells, _ in rows], width), strict=True):
            column.width = round(share * Mm(170))
        if self._rtl:
            table._tbl.tblPr.insert(1, OxmlElement("w:bidiVisual"))
        for cells, heads in rows:
            table._tbl.append(self._row(cells, heads, width))
        self._paragraph()

    def _row(self, cells: list[tuple[Element, int]], heads: bool, width: int) -> Any:
        row = OxmlElement("w:tr")
        about = row.get_or_add_trPr()
        about.append(OxmlElement("w:cantSplit"))
        if heads:
            about.append(OxmlElement("w:tblHeader"))
        free = width
        for at, (cell, span) in enumerate(cells):
            span = free if at == len(cells) - 1 else span
            free -= span
            made = OxmlElement("w:tc")
            if span > 1:
                made.grid_span = span
            self._cell(made, cell, heads)
            row.append(made)
        return row

    def _cell(self, made: Any, cell: Element, heads: bool) -> None:
        """The paragraphs of a cell."""
        inside = [child for child in cell if child.tag in _BLOCKS]
        bold = heads or "group" in _classes(cell)
        lines = bool(_LINES & _classes(cell))
        for part in inside or [cell]:
            paragraph = self._direct(Paragraph(made.add_p(), self._document._body))
            paragraph.paragraph_format.space_after = Pt(0)
            self._inline(paragraph, part, _Look(bold=bold or part.tag == "h3", quiet=heads, lines=lines))

    # Words

    def _inline(self, paragraph: Paragraph, element: Element, look: _Look) -> None:
        """The words of an element and of what stands in it."""
        look = replace(look, direction=element.get("dir", look.direction))
        self._run(paragraph, element.text or "", look)
        for child in element:
            classes = _classes(child)
            if child.tag == "br":
                paragraph.add_run().add_break()
            elif child.tag != "svg" and not classes & _LEFT_OUT:
                bold = look.bold or child.tag == "strong" or "big" in classes
                quiet = look.quiet or bool(classes & {"quiet", "tag", "no"})
                self._inline(paragraph, child, replace(look, bold=bold, quiet=quiet))
                if child.tag == "strong" and look.label:
                    self._run(paragraph, ":", replace(look, bold=True))
            self._run(paragraph, child.tail or "", look)

    def _run(self, paragraph: Paragraph, text: str, look: _Look) -> None:
        """A text, in as many runs as there are pieces with a direction of their own."""
        if look.lines and "\n" in text.strip():
            for at, line in enumerate(text.strip().split("\n")):
                if at:
                    paragraph.add_run().add_break()
                self._run(paragraph, line, replace(look, lines=False))
            return
        text = _BLANKS.sub(" ", _NO_XML.sub("", text))
        last = paragraph._p[-1] if len(paragraph._p) else None
        if last is None or last.tag != qn("w:r") or str(last.text).endswith((" ", "\n")):
            text = text.lstrip(" ")
        for piece in _pieces(text):
            run = paragraph.add_run(piece)
            if look.bold:
                run.bold = run.font.cs_bold = True
            if look.quiet:
                run.font.color.rgb = QUIET
            if (look.direction or self._language.reading(piece)) == "rtl":
                run.font.rtl = True


def _pieces(text: str) -> Iterator[str]:
    """A text cut at what is set apart, without the marks, which office programs show as boxes."""
    at = 0
    for found in _APART.finditer(text):
        yield from filter(None, (_MARKS.sub("", text[at : found.start()]), found[1]))
        at = found.end()
    if rest := _MARKS.sub("", text[at:]):
        yield rest


def _rows(table: Element) -> Iterator[tuple[list[tuple[Element, int]], bool]]:
    """The rows of a table with their cells and how many columns each takes; whether they head it."""
    for part in table:
        for row in [part] if part.tag == "tr" else part.findall("tr"):
            heads = part.tag == "thead"
            cells = [
                (cell, int(cell.get("colspan", "1")))
                for at, cell in enumerate(row)
                if "drawing" not in _classes(cell) and not (heads and at in _drawn(table))
            ]
            if cells:
                yield cells, heads


def _shares(rows: list[list[tuple[Element, int]]], width: int) -> list[float]:
    """How much of the page each column of a table takes, by the longest text in it."""
    longest = [6] * width
    for cells in rows:
        if len(cells) == width:
            for at, (cell, _) in enumerate(cells):
                longest[at] = max(longest[at], min(40, len("".join(cell.itertext()).strip())))
    return [length / sum(longest) for length in longest]


def _drawn(table: Element) -> set[int]:
    """The columns that hold charts."""
    row = table.find("tbody/tr")
    return set() if row is None else {at for at, cell in enumerate(row) if "drawing" in _classes(cell)}


def _prepare(document: Any, language: Language, colour: str) -> None:
    """Fonts, sizes and colours of the styles that are used, for both kinds of letters."""
    styles = document.styles
    for name, size in (("Normal", 10), ("Title", 26), ("Heading 1", 16), ("Heading 2", 12), ("Caption", 10)):
        font = styles[name].font
        font.name, font.size = FONTS[0], Pt(size)
        about = styles[name].element.get_or_add_rPr()
        fonts = about.get_or_add_rFonts()
        for old in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[old]
        fonts.set(qn("w:cs"), FONTS[1])
        for old in about.findall(qn("w:szCs")):
            about.remove(old)
        large = OxmlElement("w:szCs")
        large.set(qn("w:val"), str(2 * size))
        about.find(qn("w:sz")).addnext(large)
        if name != "Normal":
            font.bold = font.cs_bold = True
            font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB")
    spoken.set(qn("w:bidi"), "fa-IR" if language.mirrored else "ar-SA")
    styles["Normal"].element.get_or_add_rPr().append(spoken)
    if "List Paragraph" not in styles:
        styles.add_style("List Paragraph", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]

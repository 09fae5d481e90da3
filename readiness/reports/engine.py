"""What WeasyPrint does for a report, done with less work.

All of it hangs on how the library works inside. It is imported only when a PDF is made, and only with
the versions that it was written for; with others a report is laid out as the library does it.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from typing import Any
from xml.etree import ElementTree

import cssselect2
import pydyf
import weasyprint
from weasyprint import css, draw
from weasyprint.draw import border, text
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, percent

from readiness.reports.kept_lines import draw_line, next_line, note_line
from readiness.reports.kept_styles import SIDES, KeptStyles, flows, is_square, kept, lengths, radii

#: How a document begins that is XML as well as HTML. It leaves no place to declare an entity.
_POLYGLOT = "<!DOCTYPE html>\n<html "


class ReportHtml(weasyprint.HTML):  # type: ignore[misc]
    """A report's document: read as XML by the C parser where it is XML, and as HTML elsewhere."""

    def __init__(self, html: str, stylesheet: Any, url_fetcher: Any) -> None:
        self._stylesheet = stylesheet
        root = _as_xml(html)
        if root is None:
            super().__init__(string=html, base_url=None, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        sheets: list[Any] = super()._ua_stylesheets(forms)
        return [_lean(sheet, self._stylesheet) for sheet in sheets]


def _as_xml(html: str) -> ElementTree.Element | None:
    """The tree that an HTML parser would make of it, or nothing where that is not sure."""
    if not html.startswith(_POLYGLOT):
        return None
    try:
        return ElementTree.fromstring(html)  # noqa: S314 - ours, and without entities
    except ElementTree.ParseError:
        return None


#: What the library's own stylesheet gives to every element in case it has footnotes or margin
#: notes. A report has none, and five styles less for each element are a tenth of the work.
_UNUSED = {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}


def _filled_by(rule: Any) -> set[str | None]:
    return {part for _, part, _ in rule[1]}


def _filled(sheet: Any) -> set[str | None]:
    """The parts of a page that a stylesheet speaks of."""
    return {part for rule in sheet.page_rules for part in _filled_by(rule)}


@cache
def _lean(sheet: Any, ours: Any) -> Any:
    """The library's stylesheet without notes, and without the margins of a page that ours leaves empty."""
    made = copy(sheet)
    made.matcher = copy(sheet.matcher)
    made.matcher.other_selectors = [
        entry for entry in sheet.matcher.other_selectors if entry[3] not in _UNUSED
    ]
    wanted = _filled(ours) | {None, "@footnote", "@note-area"}
    made.page_rules = [rule for rule in sheet.page_rules if _filled_by(rule) <= wanted]
    return made


_draw_border = border.draw_border


def _has_simple_border(style: Any) -> bool:
    columns = style["column_width"], style["column_count"]
    image = style["border_image_source"][0]
    return (*columns, image, style["visibility"]) == ("auto", "auto", "none", "visible")


def _draw_edge(stream: Any, box: Any) -> None:
    """Draw no border, or a solid line at one side, without the detour over rounded corners."""
    style = box.style
    edges = [side for side in SIDES if box.__dict__[f"border_{side}_width"]]
    if not kept(style, "has_simple_border", _has_simple_border) or len(edges) > 1:
        _draw_border(stream, box)
    elif edges:
        side, width = edges[0], box.__dict__[f"border_{edges[0]}_width"]
        if style[f"border_{side}_style"] != "solid" or not kept(style, "is_square", is_square):
            _draw_border(stream, box)
            return
        x, y, w, h = box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
        line = {
            "top": (x, y, w, width),
            "right": (x + w - width, y, width, h),
            "bottom": (x, y + h - width, w, width),
            "left": (x, y, width, h),
        }[side]
        color = get_color(style, f"border_{side}_color")
        if color.alpha:
            with stream.artifact():
                stream.set_color(color)
                stream.rectangle(*line)
                stream.fill()


class _Zlib:
    """Compression at the usual level: the highest takes three times as long and saves a thirtieth."""

    @staticmethod
    def compressobj(level: int) -> Any:
        """Compress less hard than the library asks."""
        return zlib.compressobj(min(level, 6))


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """The references of all pages, which every tag asks for anew."""
    pages = pdf.pages["Kids"]
    if len(pdf.__dict__.get("references", ())) * 3 != len(pages):
        pdf.references = tuple(f"{number} 0 R".encode() for number in pages[::3])
    return pdf.references  # type: ignore[no-any-return]


def _wherever(its: Callable[..., Any], ours: Callable[..., Any]) -> Iterator[tuple[Any, str, Any]]:
    """Every module of the library that knows a function by name."""
    for path, module in sys.modules.items():
        if path.startswith("weasyprint."):
            yield from ((module, name, ours) for name, value in vars(module).items() if value is its)


#: Our ways in place of the library's: where, what it is called there, and ours.
_WAYS: list[tuple[Any, str, Any]] = [
    (css, "StyleFor", KeptStyles),
    *_wherever(percent.resolve_percentages, lengths),
    (inline, "get_next_linebox", next_line),
    (boxes.Box, "is_in_normal_flow", flows),
    *_wherever(percent.resolve_radii_percentages, radii),
    *_wherever(border.draw_border, _draw_edge),
    (pydyf, "zlib", _Zlib),
    (pydyf.PDF, "page_references", property(_page_references)),
    (draw, "draw_text", draw_line),
    (text, "draw_first_line", note_line),
]


@contextmanager
def hurried() -> Iterator[None]:
    """Our ways for the report that is laid out inside, and the library's again afterwards."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in _WAYS]
    for owner, name, ours in _WAYS:
        setattr(owner, name, ours)
    try:
        yield
    finally:
        for owner, name, its in before:
            setattr(owner, name, its)

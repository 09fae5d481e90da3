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
from itertools import count
from typing import Any, ClassVar
from xml.etree import ElementTree

import cssselect2
import pydyf
import weasyprint
from weasyprint import css, draw
from weasyprint.draw import border, text
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, percent
from weasyprint.matrix import Matrix
from weasyprint.text.fonts import get_pango_font_key

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


_NUMBERS = count()


def _number(lasting: Any) -> int:
    """A number for a style or a stylesheet that no other ever gets."""
    numbered: dict[str, int] = lasting.__dict__
    found = numbered.get("number")
    if found is None:
        found = numbered["number"] = next(_NUMBERS)
    return found


def _token(value: Any) -> object:
    """A declared value, or its identity where it is a list; a style that is kept holds on to it."""
    try:
        hash(value)
    except TypeError:
        return id(value)
    return value


#: Attributes that speak for themselves, without a stylesheet; the size only of a whole drawing.
_ATTRIBUTES = ("id", "lang", "style", "name")
_SIZES = ("width", "height")
_DRAWING = "{http://www.w3.org/2000/svg}svg"


class _KeptStyles(css.StyleFor):  # type: ignore[misc]
    """Computed styles that are kept from report to report.

    A style hangs on its parent's and on the declarations that apply, never on text, and these are
    the same in every report. Styles of pages are made anew, because the layout changes them.
    """

    #: By what is declared: a style. By the rules that match: an element's style and its pseudo-elements'.
    _declared: ClassVar[dict[object, Any]] = {}
    _matched: ClassVar[dict[object, dict[str | None, Any]]] = {}
    most = 5000

    def __init__(self, html: Any, sheets: Any, hints: bool, fonts: Any, targets: Any) -> None:
        if max(len(self._declared), len(self._matched)) > self.most:
            self._declared.clear()
            self._matched.clear()
        elements = [] if hints or html.base_url else list(self._elements(html, sheets))
        if not elements or not self._known(elements, sheets, fonts, targets):
            super().__init__(html, sheets, hints, fonts, targets)
            self._learn(elements)

    @staticmethod
    def _elements(html: Any, sheets: Any) -> Iterator[tuple[Any, Any, object]]:
        """Every element with its parent and with what decides its style, apart from the parent's."""
        numbered = [(_number(sheet), sheet.matcher.match) for sheet, *_ in sheets]
        for wrapper in html.wrapper_element.iter_subtree():
            element, parent = wrapper.etree_element, wrapper.parent
            rules = tuple((sheet, order) for sheet, match in numbered for _, order, *_ in match(wrapper))
            speaking = (*_ATTRIBUTES, *_SIZES) if element.tag == _DRAWING else _ATTRIBUTES
            given = tuple(map(element.get, speaking)) if element.attrib else ()
            yield element, parent.etree_element if parent else None, (rules, given)

    def _known(self, elements: list[Any], sheets: Any, fonts: Any, targets: Any) -> bool:
        """Take all styles from earlier reports, if all are there."""
        self._sheets, self.font_config = sheets, fonts
        self._cascaded_styles: dict[Any, Any] = {}
        self.initial_page_sizes = {"box": None, "area": None}
        self._computed_styles: dict[Any, Any] = {(None, None): None}
        for element, parent, decides in elements:
            above = self._computed_styles[parent, None]
            found = self._matched.get((None if above is None else _number(above), decides))
            if found is None:
                return False
            for pseudo_type, style in found.items():
                self._computed_styles[element, pseudo_type] = style
        del self._computed_styles[None, None]
        for style in self._computed_styles.values():
            if style["anchor"]:
                targets.collect_anchor(style["anchor"])
        return True

    def _learn(self, elements: list[Any]) -> None:
        """Keep the styles of a report for the next one."""
        styles: dict[Any, dict[str | None, Any]] = {}
        for (element, pseudo_type), style in self._computed_styles.items():
            styles.setdefault(element, {})[pseudo_type] = style
        for element, parent, decides in elements:
            above = None if parent is None else _number(self._computed_styles[parent, None])
            self._matched[above, decides] = styles[element]

    def set_computed_styles(
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: str | None = None,
        base_url: str | None = None,
        target_collector: Any = None,
    ) -> None:
        """Take the style from an earlier report, or work it out and keep it."""
        if not isinstance(element, ElementTree.Element):
            super().set_computed_styles(element, parent, root, pseudo_type, base_url)
            return
        above = self._computed_styles.get((parent, None))
        cascaded = self._cascaded_styles.get((element, pseudo_type), {})
        said = tuple((name, _token(value), weight) for name, (value, weight) in cascaded.items())
        key = (None if above is None else _number(above), pseudo_type, base_url, said)
        style = self._declared.get(key)
        if style is None:
            super().set_computed_styles(element, parent, root, pseudo_type, base_url)
            style = self._declared[key] = self._computed_styles[element, pseudo_type]
        self._computed_styles[element, pseudo_type] = style
        if target_collector and style["anchor"]:
            target_collector.collect_anchor(style["anchor"])


_SIDES = ("top", "right", "bottom", "left")
_USED = (
    *(f"{what}_{side}" for what in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_width" for side in _SIDES),
    *(f"{bound}{axis}" for bound in ("", "min_", "max_") for axis in ("width", "height")),
)
_resolve_percentages = percent.resolve_percentages


def _lengths(box: Any, containing_block: Any) -> None:
    """Set the used lengths of a box, worked out once for a style in surroundings of one size."""
    size = containing_block
    if isinstance(size, boxes.Box):
        size = size.width, size.height
    style = box.style
    if isinstance(box, boxes.PageBox) or style["border_collapse"] == "collapse":
        _resolve_percentages(box, containing_block)
        return
    worked_out = style.__dict__.setdefault("used_lengths", {})
    found = worked_out.get(size)
    if found is None:
        _resolve_percentages(box, containing_block)
        if len(worked_out) >= 100:
            worked_out.clear()
        worked_out[size] = {name: box.__dict__[name] for name in _USED}
    else:
        box.__dict__.update(found)


class _Bounded:
    """What is kept, by key: what was asked for lately stays, older things go in two steps."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._new: dict[object, Any] = {}
        self._old: dict[object, Any] = {}

    def get(self, key: object) -> Any:
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: object, value: Any) -> None:
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new[key] = value


#: What the layout of a line leaves in its boxes, besides where they are.
_LAID_OUT = (
    *_USED,
    *("baseline", "text", "pango_layout", "text_indent", "justification_spacing"),
    *("leading_collapsible_space", "trailing_collapsible_space"),
)
_LINES = _Bounded(2000)
#: What is said of the end of a line that is not shortened, across and down.
_WHOLE = ("clip", "none")
_next_line = inline.get_next_linebox


def _said(box: Any, at: int = 0) -> tuple[object, ...] | None:
    """All that the layout of a line hangs on, or nothing where there is more to it than text."""
    box.at = at
    if type(box) is boxes.TextBox:
        return _number(box.style), box.text, box.trailing_collapsible_space, box.justification_spacing
    if type(box) not in (boxes.InlineBox, boxes.LineBox) or box.is_leader or not box.is_in_normal_flow():
        return None
    parts = [_said(child, at) for at, child in enumerate(box.children)]
    return None if None in parts else (_number(box.style), *parts)


def _mould(box: Any, x: float, y: float) -> tuple[Any, ...]:
    """What a line looks like, apart from the document it stands in."""
    inside = [_mould(child, x, y) for child in getattr(box, "children", ())]
    left = {name: box.__dict__[name] for name in _LAID_OUT if name in box.__dict__}
    return box.at, left, box.position_x - x, box.position_y - y, inside


def _moulded(box: Any, mould: tuple[Any, ...], x: float, y: float) -> Any:
    """A box of this document as the layout would leave it."""
    _, left, dx, dy, inside = mould
    made = box.copy()
    made.__dict__.update(left, position_x=x + dx, position_y=y + dy, remove_decoration_sides=set())
    if not isinstance(box, boxes.TextBox):
        made.children = [_moulded(box.children[part[0]], part, x, y) for part in inside]
    return made


def _line(
    context: Any, linebox: Any, y: float, bottom: float, skip: Any, around: Any, *rest: Any
) -> tuple[Any, Any]:
    """Lay out the next line, or take it from where the same text stood in the same width before."""
    *_, first_letter, first_line = rest
    shortened = linebox.text_overflow, around.style["block_ellipsis"]
    plain = not (context.excluded_shapes or first_letter or first_line) and shortened == _WHOLE
    said = _said(linebox) if plain else None
    if said is None:
        return _next_line(context, linebox, y, bottom, skip, around, *rest)  # type: ignore[no-any-return]
    x = around.content_box_x()
    key = said, around.width, around.height, _number(around.style), linebox.text_indent, repr(skip)
    kept = _LINES.get(key)
    if kept is None:
        line, resume = _next_line(context, linebox, y, bottom, skip, around, *rest)
        if line is not None:
            _LINES.put(key, (_mould(line, x, y), resume))
        return line, resume
    return _moulded(linebox, kept[0], x, y), kept[1]


#: A Pango font by its key and size, with the layout that keeps it alive.
_FONTS: dict[tuple[int, float], tuple[Any, Any]] = {}
_draw_text = text.draw_text
_draw_first_line = text.draw_first_line


class _Notes(pydyf.Stream):  # type: ignore[misc]
    """Takes down how a line of text is drawn: the fonts and the glyphs, but not the place."""

    def __init__(self, stream: Any, layout: Any) -> None:
        super().__init__()
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect
        self._for, self._layout = stream, layout
        self._fonts: dict[str, Any] = {}

    def set_text_matrix(self, *place: float) -> None:
        """Leave the place out."""

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        """The document's font, with room to see which of its glyphs this line needs."""
        font, size = self._for.add_font(pango_font)
        made = copy(font)
        made.widths, made.to_unicode, made.missing = font.widths.copy(), {}, {}
        made.key = get_pango_font_key(pango_font)[0]
        _FONTS.setdefault((made.key, size), (pango_font, self._layout))
        self._fonts[made.hash] = made
        return made, size

    def set_font_size(self, font: str, size: float) -> None:
        """Note the font itself in place of its name."""
        self.stream.append((self._fonts[font], size))

    def drawn(self) -> list[Any] | None:
        """Glyphs as they are written, and fonts with their glyphs' widths and meanings."""
        for font in self._fonts.values():
            if font.missing or font.bitmap or font.png or font.svg or font.colr:
                return None
            font.widths = {glyph: font.widths[glyph] for glyph in font.to_unicode}
        return [
            (font[0].key, font[1], font[0].widths, font[0].to_unicode) if isinstance(font, tuple) else font
            for font in self.stream
        ]


def _note_line(stream: Any, textbox: Any, overflow: str, ellipsis: str, matrix: Any) -> Any:
    """Draw a line of text, and take down how, so that it need not be worked out again."""
    line = textbox.pango_layout
    plain = (overflow, ellipsis) == _WHOLE and textbox.style["text_decoration_line"] == "none"
    if plain and type(textbox) is boxes.TextBox:
        notes = _Notes(stream, line.layout)
        emojis = _draw_first_line(notes, textbox, overflow, ellipsis, matrix)
        line.drawn = None if emojis else notes.drawn()
        if line.drawn is not None and _redraw(stream, line.drawn, matrix):
            return []
    return _draw_first_line(stream, textbox, overflow, ellipsis, matrix)


def _redraw(stream: Any, drawn: list[Any], matrix: Any) -> bool:
    """Draw what was taken down, unless this document gives another width to one of its glyphs.

    A font has the widths of the size that it is first used in, rounded, so that they can differ.
    """
    fonts = {}
    for key, size, widths, meanings in (part for part in drawn if isinstance(part, tuple)):
        font = stream._fonts.get(key) or stream.add_font(_FONTS[key, size][0])[0]
        if not widths.items() <= font.widths.items():
            if any(font.widths.get(glyph, width) != width for glyph, width in widths.items()):
                return False
            font.widths.update(widths)
            font.to_unicode.update({**meanings, **font.to_unicode})
        fonts[key] = font.hash
    if drawn:
        stream.set_text_matrix(*matrix.values)
    for part in drawn:
        if isinstance(part, tuple):
            stream.set_font_size(fonts[part[0]], part[1])
        else:
            stream.stream.append(part)
    return True


def _draw(stream: Any, textbox: Any, offset_x: float, overflow: str, ellipsis: str = "none") -> None:
    """Draw a line of text as it was drawn before, or draw it and take down how."""
    drawn = getattr(textbox.pango_layout, "drawn", None)
    if drawn is None or (overflow, ellipsis) != _WHOLE or textbox.style["visibility"] != "visible":
        _draw_text(stream, textbox, offset_x, overflow, ellipsis)
        return
    stream.set_color(textbox.style["color"])
    stream.begin_text()
    place = Matrix(d=-1, e=textbox.position_x, f=textbox.position_y + textbox.baseline)
    if not _redraw(stream, drawn, place):
        textbox.pango_layout.reactivate(textbox.style)
        _draw_first_line(stream, textbox, overflow, ellipsis, place)
        textbox.pango_layout.deactivate()
    stream.end_text()


_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_SQUARE = {f"border_{corner}_radius": (0, 0) for corner in _CORNERS}
_resolve_radii = percent.resolve_radii_percentages
_draw_border = border.draw_border


def _kept(style: Any, name: str, work_out: Callable[[Any], bool]) -> bool:
    """What is worked out of a style once, because styles do not change when they are computed."""
    kept: dict[str, bool] = style.__dict__
    found = kept.get(name)
    if found is None:
        found = kept[name] = work_out(style)
    return found


def _is_square(style: Any) -> bool:
    return all((0, "px") in style[name] for name in _SQUARE)


def _has_simple_border(style: Any) -> bool:
    columns = style["column_width"], style["column_count"]
    image = style["border_image_source"][0]
    return (*columns, image, style["visibility"]) == ("auto", "auto", "none", "visible")


def _radii(box: Any) -> None:
    """Set the used radii of a box, which is nearly always square."""
    if _kept(box.style, "is_square", _is_square):
        box.__dict__.update(_SQUARE)
    else:
        _resolve_radii(box)


def _draw_edge(stream: Any, box: Any) -> None:
    """Draw no border, or a solid line at one side, without the detour over rounded corners."""
    style = box.style
    edges = [side for side in _SIDES if box.__dict__[f"border_{side}_width"]]
    if not _kept(style, "has_simple_border", _has_simple_border) or len(edges) > 1:
        _draw_border(stream, box)
    elif edges:
        side, width = edges[0], box.__dict__[f"border_{edges[0]}_width"]
        if style[f"border_{side}_style"] != "solid" or not _kept(style, "is_square", _is_square):
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


_is_in_normal_flow = boxes.Box.is_in_normal_flow


def _flows(box: Any) -> bool:
    """Whether the style of a box leaves it in the normal flow."""
    return _kept(box.style, "flows", lambda _: _is_in_normal_flow(box))


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
    (css, "StyleFor", _KeptStyles),
    *_wherever(percent.resolve_percentages, _lengths),
    (inline, "get_next_linebox", _line),
    (boxes.Box, "is_in_normal_flow", _flows),
    *_wherever(percent.resolve_radii_percentages, _radii),
    *_wherever(border.draw_border, _draw_edge),
    (pydyf, "zlib", _Zlib),
    (pydyf.PDF, "page_references", property(_page_references)),
    (draw, "draw_text", _draw),
    (text, "draw_first_line", _note_line),
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

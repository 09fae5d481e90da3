"""Lines of text that are kept from report to report: how they are laid out and how they are drawn.

A line is found again only by its own text in its own style and width, so no text of one firm gets into
the report of another; and only some thousand lines are kept.
"""

from __future__ import annotations

from copy import copy
from typing import Any

import pydyf
from weasyprint.draw import text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.matrix import Matrix
from weasyprint.text.fonts import get_pango_font_key

from readiness.reports.kept_styles import USED, number


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
    *USED,
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
        return number(box.style), box.text, box.trailing_collapsible_space, box.justification_spacing
    if type(box) not in (boxes.InlineBox, boxes.LineBox) or box.is_leader or not box.is_in_normal_flow():
        return None
    parts = [_said(child, at) for at, child in enumerate(box.children)]
    return None if None in parts else (number(box.style), *parts)


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


def next_line(
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
    key = said, around.width, around.height, number(around.style), linebox.text_indent, repr(skip)
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


def note_line(stream: Any, textbox: Any, overflow: str, ellipsis: str, matrix: Any) -> Any:
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


def draw_line(stream: Any, textbox: Any, offset_x: float, overflow: str, ellipsis: str = "none") -> None:
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

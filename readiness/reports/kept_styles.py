"""Styles that are kept from report to report, and what is worked out of a style once.

They hold declarations, numbers and the names of anchors, nothing that a person typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, ClassVar
from xml.etree import ElementTree

from weasyprint import css
from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent

_NUMBERS = count()


def number(lasting: Any) -> int:
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


class KeptStyles(css.StyleFor):  # type: ignore[misc]
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
        numbered = [(number(sheet), sheet.matcher.match) for sheet, *_ in sheets]
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
            found = self._matched.get((None if above is None else number(above), decides))
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
            above = None if parent is None else number(self._computed_styles[parent, None])
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
        key = (None if above is None else number(above), pseudo_type, base_url, said)
        style = self._declared.get(key)
        if style is None:
            super().set_computed_styles(element, parent, root, pseudo_type, base_url)
            style = self._declared[key] = self._computed_styles[element, pseudo_type]
        self._computed_styles[element, pseudo_type] = style
        if target_collector and style["anchor"]:
            target_collector.collect_anchor(style["anchor"])


def kept(style: Any, name: str, work_out: Callable[[Any], bool]) -> bool:
    """What is worked out of a style once, because styles do not change when they are computed."""
    kept: dict[str, bool] = style.__dict__
    found = kept.get(name)
    if found is None:
        found = kept[name] = work_out(style)
    return found


_is_in_normal_flow = boxes.Box.is_in_normal_flow


def flows(box: Any) -> bool:
    """Whether the style of a box leaves it in the normal flow."""
    return kept(box.style, "flows", lambda _: _is_in_normal_flow(box))


SIDES = ("top", "right", "bottom", "left")
USED = (
    *(f"{what}_{side}" for what in ("margin", "padding") for side in SIDES),
    *(f"border_{side}_width" for side in SIDES),
    *(f"{bound}{axis}" for bound in ("", "min_", "max_") for axis in ("width", "height")),
)
_resolve_percentages = percent.resolve_percentages


def lengths(box: Any, containing_block: Any) -> None:
    """Set the used lengths of a box, worked out once for a style in surroundings of one size."""
    size = containing_block
    if isinstance(size, boxes.Box):
        size = size.width, size.height
    style = box.style
    if isinstance(box, boxes.PageBox) or style["border_collapse"] == "collapse":
        _resolve_percentages(box, containing_block)
        return
    worked_out = style.__dict__.setdefault("usedlengths", {})
    found = worked_out.get(size)
    if found is None:
        _resolve_percentages(box, containing_block)
        if len(worked_out) >= 100:
            worked_out.clear()
        worked_out[size] = {name: box.__dict__[name] for name in USED}
    else:
        box.__dict__.update(found)


_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_SQUARE = {f"border_{corner}_radius": (0, 0) for corner in _CORNERS}
_resolve_radii = percent.resolve_radii_percentages


def is_square(style: Any) -> bool:
    return all((0, "px") in style[name] for name in _SQUARE)


def radii(box: Any) -> None:
    """Set the used radii of a box, which is nearly always square."""
    if kept(box.style, "is_square", is_square):
        box.__dict__.update(_SQUARE)
    else:
        _resolve_radii(box)

"""SVG logos: checked by a list of what is known, then drawn; never kept and never shown as SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.parsers import expat


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Pixels of a logo.
SIZE = (900, 300)
#: Elements of a drawing, each counted as often as it is drawn, and how deep they stand in one another.
MOST_ELEMENTS = 5000
MOST_DEPTH = 50

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
#: What a drawing may hold. What only describes it is left out; anything else refuses it.
_SHAPES = _names(
    "svg g defs symbol use path rect circle ellipse line polyline polygon clipPath mask"
    " linearGradient radialGradient stop style switch"
)
_SILENT = frozenset(("title", "desc", "metadata"))
_GRADIENTS = ("linearGradient", "radialGradient")
#: What an element may say, beside presentation: a name not in here is left out.
_ATTRIBUTES = _names(
    "id class style transform viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points href"
    " offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits"
    " preserveAspectRatio fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap"
    " stroke-linejoin stroke-miterlimit opacity color display visibility overflow clip-path clip-rule mask"
    " stop-color stop-opacity"
)
_INSIDE = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)['\"]?\s*\)")
_LENGTH = re.compile(r"\s*([0-9.]+(?:[eE][+-]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in)?\s*")
_UNITS = {"pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}


class LogoError(ValueError):
    """The file makes no logo; `reason` is a word that readiness.web.settings has a sentence for."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail


def draw(content: bytes) -> bytes:
    """An SVG drawing as PNG: of the shapes that we know, without anything from elsewhere."""
    import resvg_py

    root = _tree(content)
    _check(root)
    _bound(root)
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=ElementTree.tostring(root, encoding="unicode"), skip_system_fonts=True
            )
        )
    except ValueError as error:
        raise LogoError("broken") from error


def _tree(content: bytes) -> ElementTree.Element:
    """The elements of an XML file that declares nothing of its own."""

    def refuse(*_: object) -> None:
        raise LogoError("entities")

    def declared(_name: str, _system: object, _public: object, inside: int) -> None:
        if inside:
            refuse()

    builder, open_now = ElementTree.TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal open_now
        open_now += 1
        if open_now > MOST_DEPTH:
            raise LogoError("elements")
        builder.start(_whole(name), {_whole(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal open_now
        open_now -= 1
        builder.end(_whole(name))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = declared, refuse
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, ValueError, AssertionError) as error:
        if isinstance(error, LogoError):
            raise
        raise LogoError("broken") from error


def _whole(name: str) -> str:
    return "{" + name if "}" in name else name


def _check(root: ElementTree.Element) -> None:
    """Leave in the tree what we know; refuse it where it would look other than it is meant to."""
    if root.tag != f"{_SVG}svg":
        raise LogoError("type")
    for element in list(root.iter()):
        for child in list(element):
            space, _, name = child.tag.rpartition("}")
            if space + "}" != _SVG or name in _SILENT:
                element.remove(child)
            elif name not in _SHAPES:
                raise LogoError("element", name)
    for element in root.iter():
        if _LINK in element.attrib:
            element.set("href", element.attrib[_LINK])
        element.attrib = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
        if not element.get("href", "#").strip().startswith("#"):
            raise LogoError("elsewhere")
        said = [*element.attrib.values(), (element.text or "") if element.tag == f"{_SVG}style" else ""]
        for text in said:
            _check_words(text)
    _count(root)


def _check_words(text: str) -> None:
    """Refuse what leads elsewhere, or what a stylesheet could hide it behind."""
    rest = _INSIDE.sub("", text.lower())
    if "url" in rest or "@" in rest or "\\" in rest:
        raise LogoError("elsewhere")


def _count(root: ElementTree.Element) -> None:
    """Refuse a drawing whose parts use one another so often that it never ends."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    for sheet in root.iter(f"{_SVG}style"):
        for name in _INSIDE.findall(sheet.text or ""):
            if name in named and named[name].tag not in {_SVG + kind for kind in _GRADIENTS}:
                raise LogoError("sheet")
    sizes: dict[ElementTree.Element, int] = {}
    under_way: set[ElementTree.Element] = set()

    def size(element: ElementTree.Element) -> int:
        if element in sizes:
            return sizes[element]
        if element in under_way or len(under_way) > 4 * MOST_DEPTH:
            raise LogoError("elements")
        under_way.add(element)
        used = [name for value in element.attrib.values() for name in _INSIDE.findall(value)]
        used += [element.get("href", "").strip().removeprefix("#")]
        parts = [*element, *(named[name] for name in used if name in named)]
        found = 1 + sum(size(part) for part in parts)
        under_way.discard(element)
        if found > MOST_ELEMENTS:
            raise LogoError("elements")
        sizes[element] = found
        return found

    size(root)


def _bound(root: ElementTree.Element) -> None:
    """Give a drawing the size of a logo, whatever size it says it has."""
    try:
        box = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if part]
    except ValueError:
        box = []
    if len(box) != 4:
        box = [0, 0, *(_pixels(root.get(side, "")) for side in ("width", "height"))]
        root.set("viewBox", " ".join(map(str, box)))
    if not (0 < box[2] < 1e6 and 0 < box[3] < 1e6):
        raise LogoError("size")
    scale = min(SIZE[0] / box[2], SIZE[1] / box[3])
    for side, length in (("width", box[2]), ("height", box[3])):
        root.set(side, str(max(1, round(length * scale))))
    root.attrib.pop("preserveAspectRatio", None)


def _pixels(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    try:
        return float(found[1]) * _UNITS.get(found[2], 1) if found else 0
    except ValueError:
        return 0

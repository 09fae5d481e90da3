"""The colour of a brand: whether it can be read on white, and the nearest one that can."""

from __future__ import annotations

import re

#: What WCAG 2 asks of text on its ground (AA).
LEAST_CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Whether a text is a colour as it is kept: #rrggbb in lower case."""
    return bool(_COLOUR.fullmatch(text))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _light(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def contrast(colour: str) -> float:
    """Contrast of a colour against white by WCAG 2: from 1 (white) to 21 (black)."""
    red, green, blue = map(_light, _channels(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable(colour: str) -> str:
    """The colour itself if it has enough contrast, else the lightest one of its hue that has."""
    channels = _channels(colour)
    for part in range(256, -1, -1):
        found = "#" + "".join(f"{channel * part // 256:02x}" for channel in channels)
        if contrast(found) >= LEAST_CONTRAST:
            return found
    return "#000000"

"""Charts as plain numbers: coordinates of shapes that page and PDF draw with the same macros.

Labels are never part of the shapes (text inside SVG is not shaped for Persian in the PDF): they
stand beside or over them as HTML.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Width of a bar chart's drawing; an index of 0-100 runs along it.
WIDTH = 1000
RADAR_SIZE = 400
RADAR_RADIUS = 150


@dataclass(frozen=True)
class Span:
    """A range on a bar chart, in drawing units from the reader's side."""

    start: float
    length: float
    mark: float | None
    """Where the index itself stands; None where there is none."""


def span(low: float, high: float, index: float | None, mirrored: bool) -> Span:
    """A range bar; `mirrored` lets the scale run from the right."""
    start, length = low * WIDTH / 100, max((high - low) * WIDTH / 100, 0)
    mark = None if index is None else index * WIDTH / 100
    if mirrored:
        start, mark = WIDTH - start - length, None if mark is None else WIDTH - mark
    return Span(round(start, 1), round(length, 1), None if mark is None else round(mark, 1))


@dataclass(frozen=True)
class Radar:
    """A radar chart: rings, spokes, and the outlines of the index and of its range."""

    rings: tuple[float, ...]
    threshold: float
    """Radius of the ring at 50."""
    spokes: tuple[tuple[float, float], ...]
    outline: str
    """SVG points of the indices."""
    dots: tuple[tuple[float, float], ...]
    centre: int = RADAR_SIZE // 2
    size: int = RADAR_SIZE


def radar(indices: Sequence[float | None], mirrored: bool) -> Radar:
    """A radar of indices; an axis without a score carries no point."""

    def at(position: int, value: float) -> tuple[float, float]:
        turn = 2 * math.pi * position / len(indices) * (-1 if mirrored else 1)
        radius = RADAR_RADIUS * value / 100
        centre = RADAR_SIZE / 2
        return round(centre + radius * math.sin(turn), 1), round(centre - radius * math.cos(turn), 1)

    dots = tuple(at(place, value) for place, value in enumerate(indices) if value is not None)
    return Radar(
        rings=tuple(RADAR_RADIUS * share for share in (0.25, 0.75, 1.0)),
        threshold=RADAR_RADIUS * 0.5,
        spokes=tuple(at(place, 100) for place in range(len(indices))),
        outline=" ".join(f"{x},{y}" for x, y in dots),
        dots=dots,
    )

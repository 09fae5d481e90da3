"""Intervals as plain numbers: shapes on a scale with nought in its middle, which page and macro draw."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 40
_MARGIN = 8
#: A scale in points ends at a multiple of this.
_STEP = 10


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval, in drawing units from the left."""

    start: float
    end: float
    mark: float
    zero: float
    open_start: bool
    """Whether it goes on beyond the scale there."""
    open_end: bool
    width: int = WIDTH
    height: int = HEIGHT


def reach(ends: Iterable[float]) -> float:
    """Where a scale in points ends on either side, so that all these are on it."""
    largest = max((abs(end) for end in ends if math.isfinite(end)), default=0.0)
    return min(100.0, max(_STEP * math.ceil(largest / _STEP), _STEP))


def interval(value: float, low: float, high: float, most: float, mirrored: bool) -> Interval:
    """An interval on a scale from -most to most, which runs from the right where `mirrored`."""

    def at(number: float) -> float:
        share = (min(max(number, -most), most) / most + 1) / 2
        place = _MARGIN + share * (WIDTH - 2 * _MARGIN)
        return round(WIDTH - place if mirrored else place, 1)

    ends = sorted((at(low), at(high)))
    beyond = (high > most, low < -most) if mirrored else (low < -most, high > most)
    return Interval(ends[0], ends[1], at(value), at(0), *beyond)

"""Charts of many firms at once, for page and PDF: how they spread over an index, how they fall into kinds.

Shapes as plain numbers, as in readiness.reports.charts: the macros of components/cohortcharts.html draw them
and set every label beside them as HTML. A chart of thousands of firms is as small as one of a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core.statistics import MedianInterval, median_interval
from readiness.reports.charts import Span, span
from readiness.reports.language import Language

#: A drawing of one row; an index of 0-100 runs along its width.
WIDTH, HEIGHT = 600, 48
#: Diameter of a dot, and the room that a drawing leaves at its ends for half of one.
DOT = 9
MARGIN = 6
#: Up to so many firms each is a dot; more are drawn as heights of bins of this many index points.
MOST_DOTS = 150
BIN = 2

Floats = NDArray[np.float64]
#: Lower quartile, median, upper quartile.
Quartiles = tuple[float, float, float]


@dataclass(frozen=True)
class Drawing:
    """The shapes of one row."""

    dots: str
    """A path of points, one a firm; empty where there are too many."""
    bins: str
    """A path of bars, the higher the more firms; empty where every firm has a dot."""
    band: tuple[float, float] | None
    """Start and length of what lies between the quartiles; None where there are too few firms."""
    median: float | None
    middle: float
    """Where an index of 50 stands."""
    width: int = WIDTH
    height: int = HEIGHT
    dot: int = DOT


@dataclass(frozen=True)
class SpreadRow:
    """How the firms spread over one index, drawn and in words."""

    name: str
    count: int
    """Firms that have this index."""
    lowest: float | None
    highest: float | None
    quartiles: Quartiles | None
    interval: MedianInterval | None
    """Of the median; None where there are too few firms."""
    title: str
    description: str
    drawing: Drawing


@dataclass(frozen=True)
class Distribution:
    """Rows over the same index of 0 to 100."""

    rows: tuple[SpreadRow, ...]
    dotted: bool
    """Whether every firm is a dot in every row."""
    least: int
    """Firms from which a row has a median and quartiles."""
    banded: bool
    """Whether any row has them."""


def _place(index: Floats, mirrored: bool) -> Floats:
    """Where indices stand along a drawing."""
    along = MARGIN + index * (WIDTH - 2 * MARGIN) / 100
    return WIDTH - along if mirrored else along


def _at(index: float, mirrored: bool) -> float:
    return round(float(_place(np.array([index]), mirrored)[0]), 1)


def _dots(values: Floats, mirrored: bool) -> str:
    """One dot a firm at its index; dots that would lie upon one another are stacked about the middle line."""
    ordered = np.sort(values)
    along = _place(ordered, mirrored)
    column = np.floor(ordered * (WIDTH - 2 * MARGIN) / 100 / DOT).astype(int)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    sizes = np.diff(np.append(starts, len(column)))
    parts = []
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        step = min(DOT, (HEIGHT - DOT) / max(size - 1, 1))
        for nth in range(size):
            up = HEIGHT / 2 + step * (nth - (size - 1) / 2)
            parts.append(f"M{along[start + nth]:.1f} {up:.1f}h.01")
    return "".join(parts)


def _bins(values: Floats, mirrored: bool) -> str:
    """Bars about the middle line, the fullest bin as high as the drawing."""
    last = 100 // BIN - 1
    counts = np.bincount(np.clip(values // BIN, 0, last).astype(int), minlength=last + 1)
    edges = np.arange(0, 101, BIN, dtype=float)
    heights = counts / counts.max() * (HEIGHT - 4)
    wide = (WIDTH - 2 * MARGIN) / len(counts)
    lefts = _place(edges[1:] if mirrored else edges[:-1], mirrored)
    return "".join(
        f"M{left:.1f} {(HEIGHT - height) / 2:.1f}h{wide:.2f}v{height:.1f}h-{wide:.2f}z"
        for left, height, count in zip(lefts.tolist(), heights.tolist(), counts.tolist(), strict=True)
        if count
    )


def draw(values: Floats, quartiles: Quartiles | None, mirrored: bool) -> Drawing:
    """The shapes of a row of firms' indices; `mirrored` lets the scale run from the right."""
    few = len(values) <= MOST_DOTS
    band = None
    if quartiles is not None:
        ends = sorted(_at(value, mirrored) for value in (quartiles[0], quartiles[2]))
        band = ends[0], round(ends[1] - ends[0], 1)
    return Drawing(
        dots=_dots(values, mirrored) if few else "",
        bins="" if few else _bins(values, mirrored),
        band=band,
        median=None if quartiles is None else _at(quartiles[1], mirrored),
        middle=_at(50, mirrored),
    )


def _description(values: Floats, quartiles: Quartiles | None, language: Language) -> str:
    if not len(values):
        return language.words("No firm has this index.")
    whole = language.words(
        "From %(low)s to %(high)s.",
        low=language.number(values.min()),
        high=language.number(values.max()),
    )
    if quartiles is None:
        return whole
    low, median, high = (language.number(value) for value in quartiles)
    said = language.words(
        "The median is %(median)s; the middle half of the firms lies between %(low)s and %(high)s.",
        median=median,
        low=low,
        high=high,
    )
    return f"{whole} {said}"


def _row(name: str, values: Floats, quartiles: Quartiles | None, language: Language) -> SpreadRow:
    values = values[~np.isnan(values)]
    return SpreadRow(
        name=name,
        count=len(values),
        lowest=float(values.min()) if len(values) else None,
        highest=float(values.max()) if len(values) else None,
        quartiles=quartiles,
        interval=median_interval(values),
        title=language.plural(
            "%(name)s: %(count)s firm", "%(name)s: %(count)s firms", len(values), name=name
        ),
        description=_description(values, quartiles, language),
        drawing=draw(values, quartiles, language.mirrored),
    )


def distribution(
    rows: Iterable[tuple[str, Floats, Quartiles | None]], least: int, language: Language
) -> Distribution:
    """How firms spread over indices: of each row its name, the firms' indices (NaN for none), quartiles.

    `least` is the number of firms from which there are quartiles, for the words below the chart.
    """
    made = tuple(_row(name, values, quartiles, language) for name, values, quartiles in rows)
    return Distribution(
        rows=made,
        dotted=all(row.count <= MOST_DOTS for row in made),
        least=least,
        banded=any(row.quartiles is not None for row in made),
    )


@dataclass(frozen=True)
class ShareRow:
    """How many firms are of one kind."""

    name: str
    count: int
    share: float
    """Of all firms of the chart, 0-1."""
    title: str
    span: Span


def shares(counts: Sequence[tuple[str, int]], language: Language, total: int = 0) -> tuple[ShareRow, ...]:
    """Bars of how many firms are of each kind; a whole bar is `total`, or else the sum of all kinds."""
    whole = total or sum(count for _, count in counts)

    def row(name: str, count: int) -> ShareRow:
        share = count / whole if whole else 0.0
        title = language.words(
            "%(name)s: %(count)s of %(total)s firms",
            name=name,
            count=language.number(count),
            total=language.number(whole),
        )
        return ShareRow(name, count, share, title, span(0, share * 100, None, language.mirrored))

    return tuple(row(name, count) for name, count in counts)

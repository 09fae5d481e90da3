"""The importance-performance map: each indicator by what the experts thought of it and the firm's answer.

A table, not a cloud of points: one rater's answers take five values, so points would lie upon one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from readiness.core.fuzzy import EPSILON
from readiness.reports.language import Language
from readiness.reports.views import IndicatorView

#: Importance from which a row begins, highest first; the last row holds the rest.
BANDS = (0.75, 0.70, 0.65)
#: Index from which the next column begins, midway between the terms.
COLUMNS = (10, 35, 65, 90)
#: From this row on, importance no longer calls for action first.
_PRESSING_ROWS = 2
_WEAK_COLUMNS = 2


@dataclass(frozen=True)
class MapCell:
    """The indicators of one field of the map."""

    numbers: tuple[int, ...]
    kind: str
    """act (important and weak), protect (strong) or none of the two."""


@dataclass(frozen=True)
class MapRow:
    """A band of importance."""

    label: str
    cells: tuple[MapCell, ...]


@dataclass(frozen=True)
class PriorityMap:
    """The whole map."""

    rows: tuple[MapRow, ...]
    unplaced: tuple[int, ...]
    """Numbers of the indicators that nobody gave a term."""
    unplaced_listed: str


def _row_of(importance: float) -> int:
    return sum(importance < edge - EPSILON for edge in BANDS)


def _column_of(index: float) -> int:
    return sum(index >= edge - EPSILON for edge in COLUMNS)


def _label(row: int, language: Language) -> str:
    number, words = language.number, language.words
    if row == 0:
        return words("from %(low)s", low=number(BANDS[0], 2))
    if row == len(BANDS):
        return words("below %(high)s", high=number(BANDS[-1], 2))
    return words("%(low)s to %(high)s", low=number(BANDS[row], 2), high=number(BANDS[row - 1], 2))


def _kind(row: int, column: int, strong_from: int) -> str:
    if column >= strong_from:
        return "protect"
    return "act" if row < _PRESSING_ROWS and column < _WEAK_COLUMNS else ""


def view_map(indicators: Iterable[IndicatorView], strong: float, language: Language) -> PriorityMap:
    """Place the indicators; `strong` is the index from which they are strong, at the edge of a column."""
    strong_from = _column_of(strong)
    fields: dict[tuple[int, int], list[int]] = {}
    unplaced = []
    for item in indicators:
        if item.index is None:
            unplaced.append(item.number)
        else:
            fields.setdefault((_row_of(item.importance), _column_of(item.index)), []).append(item.number)
    rows = tuple(
        MapRow(
            _label(row, language),
            tuple(
                MapCell(tuple(fields.get((row, column), ())), _kind(row, column, strong_from))
                for column in range(len(COLUMNS) + 1)
            ),
        )
        for row in range(len(BANDS) + 1)
    )
    listed = language.listing([language.number(number) for number in unplaced])
    return PriorityMap(rows, tuple(unplaced), listed)

"""All rounds of a firm side by side: numbers for a table, and shapes for small charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from readiness.core import change as comparing
from readiness.core import model as models
from readiness.core.answers import Answers
from readiness.core.change import Course, Point
from readiness.core.scoring import Scores
from readiness.reports.change import VERDICTS
from readiness.reports.language import Language

#: A small chart's drawing; an index of 0-100 runs up its height.
WIDTH, HEIGHT = 320, 120
_MARGIN = 24
#: A range is drawn at least so high, so that one without a width is still seen.
_LEAST = 2.0


@dataclass(frozen=True)
class RoundView:
    """A round, at the head of a column."""

    number: int
    id: str
    day: str
    version: str
    """Of the model that it was made with."""


@dataclass(frozen=True)
class CellView:
    """One number of one round."""

    index: float | None
    low: float | None
    high: float | None
    verdict: str
    """Against the round before; empty for the first."""
    says: str
    then: Point | None
    """As it was scored then, where that was by another version of the model."""


@dataclass(frozen=True)
class DotView:
    """An index on a small chart, and its range."""

    x: float
    y: float
    top: float
    height: float


@dataclass(frozen=True)
class RowView:
    """A component, or the whole firm, over all rounds."""

    key: str
    name: str
    cells: tuple[CellView, ...]
    dots: tuple[DotView, ...]
    lines: tuple[str, ...]
    """SVG points of the lines between rounds that both have an index."""


@dataclass(frozen=True)
class TrendView:
    """The whole view."""

    rounds: tuple[RoundView, ...]
    overall: RowView
    rows: tuple[RowView, ...]
    rescored: bool
    version: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Made:
    """A finished round."""

    number: int
    id: str
    day: str
    """ISO 8601."""
    answers: Answers


def _y(index: float) -> float:
    return round(HEIGHT * (1 - index / 100), 1)


def _x(at: int, count: int, mirrored: bool) -> float:
    """Where a round stands; time runs in the direction of reading."""
    share = at / (count - 1) if count > 1 else 0.5
    place = _MARGIN + share * (WIDTH - 2 * _MARGIN)
    return round(WIDTH - place if mirrored else place, 1)


def _dot(point: Point, x: float) -> DotView | None:
    if point.index is None or point.low is None or point.high is None:
        return None
    height = max(_y(point.low) - _y(point.high), _LEAST)
    middle = (_y(point.low) + _y(point.high)) / 2
    return DotView(x, _y(point.index), round(middle - height / 2, 1), round(height, 1))


def _row(key: str, name: str, now: Sequence[Point], then: Sequence[Point], language: Language) -> RowView:
    placed = [_dot(point, _x(at, len(now), language.mirrored)) for at, point in enumerate(now)]
    verdicts = ["", *(comparing.verdict(*pair) for pair in pairwise(now))]
    return RowView(
        key=key,
        name=name,
        cells=tuple(
            CellView(
                index=point.index,
                low=point.low if point.index is not None else None,
                high=point.high if point.index is not None else None,
                verdict=verdict,
                says=language.words(VERDICTS[verdict]) if verdict else "",
                then=was if was != point else None,
            )
            for point, was, verdict in zip(now, then, verdicts, strict=True)
        ),
        dots=tuple(dot for dot in placed if dot),
        lines=tuple(f"{one.x},{one.y} {two.x},{two.y}" for one, two in pairwise(placed) if one and two),
    )


def _points(rounds: Sequence[Scores], key: str) -> list[Point]:
    """A component in each round; nothing where the round's model did not have it."""
    return [
        dict(zip(scores.model.components, comparing.component_points(scores), strict=True)).get(
            key, Point(None, None, None)
        )
        for scores in rounds
    ]


def view_trend(rounds: Sequence[Made], language: Language) -> TrendView:
    """The finished rounds of a firm, the earliest first; at least one."""
    found: Course = comparing.course([item.answers for item in rounds])
    model = rounds[-1].answers.model
    names = models.texts(model.version, language.code)["components"]
    return TrendView(
        rounds=tuple(
            RoundView(item.number, item.id, language.day_of(item.day), item.answers.model.version)
            for item in rounds
        ),
        overall=_row(
            "overall",
            language.words("Overall index"),
            [comparing.overall_point(scores) for scores in found.now],
            [comparing.overall_point(scores) for scores in found.then],
            language,
        ),
        rows=tuple(
            _row(key, names[key]["name"], _points(found.now, key), _points(found.then, key), language)
            for key in model.components
        ),
        rescored=found.rescored,
        version=model.version,
    )

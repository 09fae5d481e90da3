"""What changed between two rounds of a firm: where the ranges separate, and which answers lie behind it.

A range holds what missing answers could still change (docs/model.md, section 3) and nothing else. So a
difference is one that no missing answer can undo; it is not a statement about chance or about candour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from readiness.core import fuzzy, scoring
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Answers, Codes, Response, blank
from readiness.core.fuzzy import EPSILON
from readiness.core.model import Model
from readiness.core.scoring import Scores

UP, DOWN, SAME, NONE = "up", "down", "same", "none"


@dataclass(frozen=True)
class Point:
    """An index with its range, as one round gives it; the index is None where there is no score."""

    index: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Difference:
    """A component, or the whole firm, in two rounds."""

    key: str | None
    """Component key; None for the overall index."""
    before: Point
    after: Point
    changed: int
    """Indicators behind it whose answer changed."""
    compared: int
    """Indicators behind it that both rounds asked."""

    @property
    def verdict(self) -> str:
        """up, down, same or none."""
        return verdict(self.before, self.after)

    @property
    def by(self) -> float | None:
        """Points of the index gained, or None where one of the two is missing."""
        if self.before.index is None or self.after.index is None:
            return None
        return self.after.index - self.before.index


@dataclass(frozen=True)
class ChangedAnswer:
    """An indicator that the firm answers differently now."""

    number: int
    before: tuple[int, ...]
    """The raters' codes, as readiness.core.answers has them."""
    after: tuple[int, ...]
    by: float | None
    """Points of the indicator's index gained, which counts barriers in reverse; None without two terms."""


@dataclass(frozen=True)
class Change:
    """A later round beside an earlier one, both scored with the later one's model."""

    then: Scores
    """The earlier round as it was scored then."""
    before: Scores
    """The earlier round by the later one's model."""
    after: Scores
    overall: Difference
    components: tuple[Difference, ...]
    """In the order of the model."""
    answers: tuple[ChangedAnswer, ...]
    """The largest change first, those without two terms last."""
    left_out: tuple[int, ...]
    """Numbers of indicators that the earlier round did not ask, or not in these words."""

    @property
    def rescored(self) -> bool:
        """Whether the earlier round was made with another version of the model."""
        return self.then.model.version != self.after.model.version


def verdict(before: Point, after: Point) -> str:
    """up or down where the ranges do not touch, same where they do, none where one has no index."""
    if before.index is None or after.index is None:
        return NONE
    assert before.low is not None and before.high is not None
    assert after.low is not None and after.high is not None
    if after.low > before.high + EPSILON:
        return UP
    return DOWN if after.high < before.low - EPSILON else SAME


def overall_point(scores: Scores) -> Point:
    """The overall index of a round."""
    found = scores.overall
    return Point(None, None, None) if found is None else Point(found.index, found.low, found.high)


def component_points(scores: Scores) -> tuple[Point, ...]:
    """The index of every component of a round, in the order of the model."""
    parts = scores.components
    return tuple(
        Point(
            float(parts.index[at]) if parts.scored[at] else None,
            None if np.isnan(parts.low[at]) else float(parts.low[at]),
            None if np.isnan(parts.high[at]) else float(parts.high[at]),
        )
        for at in range(len(scores.model.components))
    )


def kept(old: Model, new: Model) -> tuple[int, ...]:
    """Numbers of the indicators that both models ask in the same words and in the same sense."""
    asked = {row.number: row.statement for row in old.indicators}
    return tuple(
        row.number
        for row in new.indicators
        if asked.get(row.number) == row.statement
        and (row.number in old.reversed) == (row.number in new.reversed)
    )


def carry(answers: Answers, model: Model) -> Answers:
    """Answers by another version of the model: what it asks anew is unanswered, what it dropped is gone."""
    if answers.model is model:
        return answers
    numbers = kept(answers.model, model)
    source, target = ([each.column[number] for number in numbers] for each in (answers.model, model))

    def one(response: Response) -> Response:
        codes = blank(model)
        codes[target] = response.codes[source]
        return replace(response, codes=codes)

    return Answers(model, answers.firm, tuple(one(response) for response in answers.responses))


def _stances(scores: Scores, codes: Codes) -> list[tuple[float, ...] | int]:
    """What the firm says of each indicator: the TFN over its raters, else the code that stands for all."""
    found: list[tuple[float, ...] | int] = []
    for at, answered in enumerate(scores.indicators.answered.tolist()):
        given = codes[:, at].tolist()
        missing = next((code for code in (NOT_APPLICABLE, DONT_KNOW) if code in given), UNANSWERED)
        found.append(tuple(scores.indicators.tfn[at].round(9).tolist()) if answered else missing)
    return found


def _answers(before: Scores, after: Scores, was: Codes, now: Codes) -> tuple[ChangedAnswer, ...]:
    left, right = fuzzy.index(before.indicators.crisp), fuzzy.index(after.indicators.crisp)
    both = before.indicators.answered & after.indicators.answered
    pairs = zip(_stances(before, was), _stances(after, now), strict=True)
    found = [
        ChangedAnswer(
            number=after.model.numbers[at],
            before=tuple(was[:, at].tolist()),
            after=tuple(now[:, at].tolist()),
            by=float(right[at] - left[at]) if both[at] else None,
        )
        for at, (old, new) in enumerate(pairs)
        if old != new
    ]
    return tuple(sorted(found, key=lambda item: (item.by is None, -round(abs(item.by or 0), 9), item.number)))


def compare(before: Answers, after: Answers) -> Change:
    """Compare two rounds of a firm; the earlier one is rescored if its model is another."""
    carried = carry(before, after.model)
    then, old, new = scoring.score(before), scoring.score(carried), scoring.score(after)
    asked = set(after.model.numbers if carried is before else kept(before.model, after.model))
    listed = tuple(item for item in _answers(old, new, carried.codes, after.codes) if item.number in asked)
    moved = {item.number for item in listed}
    owned = {key: {row.number for row in new.model.of_component(key)} for key in new.model.components}
    return Change(
        then=then,
        before=old,
        after=new,
        overall=Difference(None, overall_point(old), overall_point(new), len(moved), len(asked)),
        components=tuple(
            Difference(key, was, now, len(moved & owned[key]), len(asked & owned[key]))
            for key, was, now in zip(
                new.model.components, component_points(old), component_points(new), strict=True
            )
        ),
        answers=listed,
        left_out=tuple(number for number in new.model.numbers if number not in asked),
    )


@dataclass(frozen=True)
class Course:
    """Several rounds of a firm, all by the model of the last one."""

    then: tuple[Scores, ...]
    """Each round as it was scored then, the earliest first."""
    now: tuple[Scores, ...]
    """Each round by the last one's model."""

    @property
    def rescored(self) -> bool:
        """Whether some round was made with another version of the model."""
        return len({scores.model.version for scores in self.then}) > 1


def course(rounds: Sequence[Answers]) -> Course:
    """Score several rounds, the earliest first, so that they can be compared."""
    model = rounds[-1].model
    return Course(
        then=tuple(scoring.score(answers) for answers in rounds),
        now=tuple(scoring.score(carry(answers, model)) for answers in rounds),
    )

"""The parts of a profile as templates see them: plain values, no arithmetic left to do."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.reports import charts
from readiness.reports.route import ChangeView


@dataclass(frozen=True)
class Level:
    """A level in words."""

    term: str
    name: str
    meaning: str
    bordering: str | None
    """Name of the level that is nearly as near."""


@dataclass(frozen=True)
class Overall:
    """The overall score; indices 0-100."""

    index: float
    low: float
    high: float
    coverage: float
    level: Level
    span: charts.Span


@dataclass(frozen=True)
class ComponentView:
    """A component's line in the profile."""

    key: str
    name: str
    short: str
    about: str
    scored: bool
    provisional: bool
    index: float | None
    equal_weight_index: float | None
    low: float | None
    high: float | None
    level: Level | None
    answered: int
    applicable: int
    coverage: float | None
    span: charts.Span | None
    why_not: str
    """Why there is no score, where there is none."""


@dataclass(frozen=True)
class IndicatorView:
    """An indicator's line in the profile."""

    number: int
    component: str
    label: str
    question: str
    answer: str
    """What was answered, in words."""
    index: float | None
    importance: float
    gap: float | None
    """Centroid of importance times distance from the ideal, 0-1."""
    reversed: bool
    notes: tuple[str, ...]
    reasons: tuple[str, ...]
    disagreement: float | None
    verified: str = ""
    """What a consultant verified, in words; empty if nothing."""
    seen: str = ""
    """What the consultant saw."""

    @property
    def remarked(self) -> bool:
        """Whether anything was typed about it."""
        return bool(self.notes or self.reasons or self.seen)


@dataclass(frozen=True)
class NextLevel:
    """The fewest one-step changes of answers that lead to the next level."""

    name: str
    before: str
    after: str
    steps: int
    changes: tuple[ChangeView, ...]
    far: bool
    """Whether so many answers would have to change that listing them helps nobody."""

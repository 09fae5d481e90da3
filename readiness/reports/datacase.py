"""What an analysis file is made of: a finished round with what it comes to, and what a column is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import Any

from readiness.core import fuzzy, scoring
from readiness.core.answers import Codes
from readiness.core.model import Model
from readiness.core.pattern import Pattern, recognise
from readiness.core.scoring import ComponentScores, IndicatorScores, OverallScore
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.spreadsheets import Cell

Codebook = tuple[tuple[str, str], ...]
"""Codes with their names."""

FIRST, MEAN = "first", "mean"

KINDS = {
    "text": N_("text"),
    "code": N_("one of the codes listed"),
    "codes": N_("codes of the list, semicolons between them"),
    "whole": N_("whole number"),
    "points": N_("number, in points of the index"),
    "share": N_("number, a share of 1"),
    "percent": N_("whole number, in percent"),
    "year": N_("year (Gregorian)"),
    "day": N_("day as year-month-day (Gregorian)"),
    "flag": N_("yes or no"),
}
NEVER = N_("never empty")
UNKNOWN = N_("empty: the firm did not say")
NOT_SCORED = N_("empty: not scored, because too little is answered")
NOTHING = N_("empty: none of the indicators applies")
AS_TYPED = N_("As the firm, or who looks after it, said; as it is known now, for earlier rounds too.")
COUNTED = N_("Counted from what is kept.")


@dataclass(frozen=True)
class Score:
    """A component as it stands in a row; None where there is no number."""

    index: float | None
    low: float | None
    high: float | None
    coverage: float | None
    scored: int


@dataclass(frozen=True)
class Case:
    """A finished round of a firm, and what it comes to."""

    mark: str
    facts: Mapping[str, Any]
    """What is known of the firm, with its name."""
    round: int
    finished: str
    """Day, ISO 8601."""
    model: Model
    codes: Codes
    """Of the raters who count, the first one first, (raters, indicators)."""
    route: str | None

    @cached_property
    def rated(self) -> IndicatorScores:
        """The indicators over the raters."""
        return scoring.rate(self.model, self.codes)

    @cached_property
    def parts(self) -> ComponentScores:
        """The components."""
        return scoring.aggregate(self.model, self.rated)

    @cached_property
    def components(self) -> list[Score]:
        """The components as plain numbers."""
        parts = self.parts
        found = zip(
            parts.index.tolist(),
            parts.low.tolist(),
            parts.high.tolist(),
            parts.coverage.tolist(),
            parts.scored.tolist(),
            strict=True,
        )
        return [
            Score(
                index=index if scored else None,
                low=number_or_none(low),
                high=number_or_none(high),
                coverage=number_or_none(coverage),
                scored=int(scored),
            )
            for index, low, high, coverage, scored in found
        ]

    @cached_property
    def indices(self) -> list[float]:
        """Index of each indicator, NaN where it has none."""
        found: list[float] = fuzzy.index(self.rated.crisp).tolist()
        return found

    @cached_property
    def overall(self) -> OverallScore | None:
        """The overall score."""
        return scoring.summarise(self.model, self.rated, self.parts)

    @cached_property
    def path(self) -> Pattern:
        """The path so far, by what is known in the year in which the round was finished."""
        return recognise(self.facts, int(self.finished[:4]), self.model.patterns)


@dataclass(frozen=True)
class Column:
    """A column: how it is read, and what the dictionary says of it."""

    name: str
    kind: str
    """A key of KINDS."""
    meaning: str
    values: str | Codebook
    """Range in words, or codes; empty where anything may stand there."""
    missing: str
    source: str
    read: Callable[[Case], Cell]


def number_or_none(value: float) -> float | None:
    """A number, or an empty cell."""
    return None if isnan(value) else value


def yes_or_no(language: Language) -> Codebook:
    """The codes of a flag."""
    return ("0", language.words("no")), ("1", language.words("yes"))

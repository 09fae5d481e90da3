"""Several raters in words: who said what, where they are apart, what was agreed, what that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from readiness.core import agreement, fuzzy, scoring
from readiness.core import model as models
from readiness.core.answers import CODE_OF, UNANSWERED, WORDS, Answers, Response
from readiness.core.fuzzy import TERMS
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.supplement import Remark

#: So many raters have a column each; of more the map says how many chose each term.
FEW = 8
#: So many lines of those that are far apart are printed.
PRINTED = 15
_LETTERS = N_("A B C D E F G H")
#: Changes of an index smaller than this are rounded away wherever they are shown.
_VISIBLE = 0.05


@dataclass(frozen=True)
class Seat:
    """One who answered."""

    letter: str
    """Stands for the role in the map; empty where there are many."""
    role: str
    missing: int
    """How many indicators are not answered in any way."""


@dataclass(frozen=True)
class Cell:
    """One cell of the map."""

    mark: str
    words: str
    """What the mark means, for who hears the page."""
    kind: str
    """Its class: term-0 to term-4, or none."""


@dataclass(frozen=True)
class Agreement:
    """What was agreed of an indicator."""

    answer: str
    note: str
    minority: str


@dataclass(frozen=True)
class Line:
    """One indicator as the raters see it."""

    number: int
    component: str
    label: str
    reversed: bool
    cells: tuple[Cell, ...]
    spread: tuple[tuple[str, tuple[str, ...]], ...]
    """The five terms, lowest first, each with the roles that chose it."""
    without: tuple[tuple[str, tuple[str, ...]], ...]
    """Don't know, not applicable and not answered with their roles, where there are any."""
    notes: tuple[tuple[str, str], ...]
    """Role and note or reason."""
    mean: float | None
    """Index of the mean, 0-100."""
    distance: float | None
    """Disagreement, 0-1; None where fewer than two gave a term."""
    flagged: bool
    agreed: Agreement | None


@dataclass(frozen=True)
class Part:
    """A component as the raters see it; indices 0-100, None where there is no score."""

    key: str
    name: str
    distance: float | None
    before: float | None
    after: float | None
    changed: bool
    """Whether the agreed answers would change the index."""


@dataclass(frozen=True)
class Panel:
    """Several raters of one firm."""

    seats: tuple[Seat, ...]
    lines: tuple[Line, ...]
    """All indicators by number."""
    ranked: tuple[int, ...]
    """Their numbers, the largest disagreement first."""
    parts: tuple[Part, ...]
    overall: Part
    """The overall index, with the key overall and no disagreement."""
    mark: float
    """Disagreement above this is flagged."""

    @property
    def few(self) -> bool:
        """Whether every rater has a column."""
        return len(self.seats) <= FEW

    def line(self, number: int) -> Line:
        """The line of an indicator."""
        return self._by_number[number]

    @cached_property
    def _by_number(self) -> Mapping[int, Line]:
        return {line.number: line for line in self.lines}

    @cached_property
    def apart(self) -> tuple[Line, ...]:
        """The flagged lines, the largest disagreement first."""
        return tuple(line for number in self.ranked if (line := self.line(number)).flagged)

    @property
    def printed(self) -> tuple[Line, ...]:
        """Those of them that a report has room for."""
        return self.apart[:PRINTED]

    @cached_property
    def agreed(self) -> tuple[Line, ...]:
        """The lines with an agreed answer, by number."""
        return tuple(line for line in self.lines if line.agreed)

    @property
    def distances(self) -> tuple[Part, ...]:
        """The components that have a disagreement, the largest first."""
        known = (part for part in self.parts if part.distance is not None)
        return tuple(sorted(known, key=lambda part: -(part.distance or 0)))

    @property
    def changed(self) -> tuple[Part, ...]:
        """The components whose index the agreed answers would change; the whole too where they would."""
        return tuple(part for part in (*self.parts, self.overall) if part.changed)

    def of_component(self, key: str) -> list[Line]:
        """The lines of a component."""
        return [line for line in self.lines if line.component == key]


def answered_by(answers: Answers) -> tuple[Response, ...]:
    """The responses in which something is answered."""
    return tuple(item for item in answers.responses if (item.codes != UNANSWERED).any())


class _Table:
    """What the lines of a panel are made of."""

    def __init__(self, answers: Answers, agreed: Mapping[int, Remark], language: Language) -> None:
        self.model, self.agreed, self.language = answers.model, agreed, language
        self.responses = answered_by(answers)
        self.codes = np.array([item.codes for item in self.responses])
        self.texts = models.texts(answers.model.version, language.code)
        self.found = agreement.disagreement(self.model, self.codes)
        self.means = fuzzy.index(scoring.rate(self.model, self.codes).crisp)

    def named(self, code: int) -> str:
        """A code in words."""
        word = WORDS[code]
        return str(self.texts["terms"][word]) if word else self.language.words("Not answered")

    def seats(self) -> tuple[Seat, ...]:
        letters = self.language.words(_LETTERS).split() if len(self.responses) <= FEW else []
        return tuple(
            Seat(letters[at] if letters else "", item.rater, int((item.codes == UNANSWERED).sum()))
            for at, item in enumerate(self.responses)
        )

    def line(self, at: int) -> Line:
        row, codes = self.model.indicators[at], self.codes[:, at].tolist()
        who: dict[int, list[str]] = {}
        for code, item in zip(codes, self.responses, strict=True):
            who.setdefault(code, []).append(item.rater)
        number, agreed = str(row.number), self.agreed.get(row.number)
        distance = self.found.distance[at]
        return Line(
            number=row.number,
            component=row.component,
            label=self.texts["indicators"][number]["label"],
            reversed=row.number in self.model.reversed,
            cells=self._cells(codes),
            spread=tuple((self.named(code), tuple(who.get(code, ()))) for code in range(len(TERMS))),
            without=tuple(
                (self.named(code), tuple(who[code])) for code in range(len(TERMS), len(WORDS)) if code in who
            ),
            notes=tuple(
                (item.rater, remark)
                for item in self.responses
                for remarks in (item.notes, item.reasons)
                if (remark := remarks.get(number))
            ),
            mean=None if np.isnan(self.means[at]) else float(self.means[at]),
            distance=None if np.isnan(distance) else float(distance),
            flagged=row.number in self.found.flagged,
            agreed=Agreement(self.named(CODE_OF[agreed.word]), agreed.note, agreed.minority)
            if agreed
            else None,
        )

    def _cells(self, codes: list[int]) -> tuple[Cell, ...]:
        if len(codes) <= FEW:
            return tuple(self._mark(code) for code in codes)
        counts = [codes.count(code) for code in range(len(TERMS))]
        counts.append(len(codes) - sum(counts))
        most = max(counts)
        words = [*(self.named(code) for code in range(len(TERMS))), self.language.words("No term")]
        return tuple(
            Cell(
                self.language.number(count) if count else "",
                name,
                f"term-{round(4 * count / most)}" if count and at < len(TERMS) else "none",
            )
            for at, (count, name) in enumerate(zip(counts, words, strict=True))
        )

    def _mark(self, code: int) -> Cell:
        if code < len(TERMS):
            return Cell(self.language.number(code + 1), self.named(code), f"term-{code}")
        marks = {"DK": self.language.words("?"), "NA": "–", None: "·"}
        return Cell(marks[WORDS[code]], self.named(code), "none")

    def parts(self, effect: agreement.Effect) -> tuple[Part, ...]:
        values = zip(self.model.components, self.found.components, effect.before, effect.after, strict=True)
        return tuple(
            _part(key, self.texts["components"][key]["name"], distance, before, after)
            for key, distance, before, after in values
        )

    def overall(self, effect: agreement.Effect) -> Part:
        name = self.language.words("Overall")
        return _part("overall", name, np.nan, effect.overall_before, effect.overall_after)


def _part(key: str, name: str, *values: Any) -> Part:
    distance, before, after = (float(x) if x is not None and not np.isnan(x) else None for x in values)
    return Part(key, name, distance, before, after, _differ(before, after))


def _differ(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(before - after) >= _VISIBLE


def view_panel(answers: Answers, agreed: Mapping[int, Remark], language: Language) -> Panel:
    """The raters of a firm in words; at least one of them must have answered something."""
    table, model = _Table(answers, agreed, language), answers.model
    codes_of = {number: CODE_OF[remark.word] for number, remark in agreed.items()}
    effect = agreement.effect(model, answers.codes, codes_of)
    return Panel(
        seats=table.seats(),
        lines=tuple(table.line(at) for at in range(len(model.indicators))),
        ranked=table.found.ranked,
        parts=table.parts(effect),
        overall=table.overall(effect),
        mark=model.judgement.disagreement_above,
    )

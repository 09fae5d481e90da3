"""The counterfactual: the fewest one-step answer changes that change the route, and to which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core.fuzzy import EPSILON, TERM_INDEX, TERMS, Floats
from readiness.core.relational import ROUTES, Firm, Standing, standing
from readiness.core.steps import fewest_steps, gains_from


@dataclass(frozen=True)
class Change:
    """One answer moved by one or more steps."""

    rater: int
    """Position of the rater among the responses."""
    indicator: int
    """Number of the indicator."""
    before: str
    after: str


@dataclass(frozen=True)
class Counterfactual:
    """The fewest one-step answer changes that change the route."""

    steps: int
    route: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Lever:
    """A given term that can be moved: which one, and what a move does to the index values."""

    rater: int
    column: int
    term: int
    share: float
    """Part of the indicator's value that this rater holds."""


class _Exits:
    """The ways out of the present region of the route table, each with its fewest steps.

    Every region is bounded by conditions on one quantity (an index, D or the gate) that is linear
    in the answers, so leaving it is a one-quantity problem; only reaching `sustain` takes two, and
    they share no answer.
    """

    def __init__(self, firm: Firm, now: Standing) -> None:
        self.firm, self.model, self.now = firm, firm.model, now
        raters = np.maximum(firm.given.sum(axis=0), 1)
        self.levers = [
            _Lever(int(rater), int(column), int(firm.terms[rater, column]), 1 / raters[column])
            for rater, column in zip(*np.nonzero(firm.given), strict=True)
        ]
        answered = firm.given.any(axis=0)
        weights = np.where(answered, self.model.importance[self.model.relational], 0)
        self.networking, self.coopetition, self.gate = (
            self._coefficients(weights, at) for at in (*self.model.relational_spans, self.model.gate_columns)
        )
        weight_n, weight_c = self.model.relational_weights
        middle = (weight_n + weight_c) / 2
        self.difference = (weight_n * self.networking - weight_c * self.coopetition) / middle

    @staticmethod
    def _coefficients(weights: Floats, at: slice | NDArray[np.intp]) -> Floats:
        part = np.zeros_like(weights)
        part[at] = weights[at]
        return part / part.sum() if part.any() else part

    def _moves(self, effect: Floats, needed: float) -> dict[int, int] | None:
        """Fewest moves (lever to signed steps) that raise the effect-weighted sum by `needed`."""
        useful = [at for at, lever in enumerate(self.levers) if effect[lever.column]]
        gains, signs = [], []
        for at in useful:
            lever = self.levers[at]
            sign = 1 if effect[lever.column] > 0 else -1
            climbed = gains_from(TERM_INDEX, lever.term, upward=sign > 0)
            gains.append(climbed * effect[lever.column] * lever.share)
            signs.append(sign)
        taken = fewest_steps(gains, needed)
        if taken is None:
            return None
        moves = zip(useful, signs, taken, strict=True)
        return {at: sign * steps for at, sign, steps in moves if steps}

    def _to_sustain(self) -> dict[int, int] | None:
        strong = self.model.judgement.route_strong
        networking = self._moves(self.networking, strong - float(self.now.networking[0]))
        coopetition = self._moves(self.coopetition, strong - float(self.now.coopetition[0]))
        return None if networking is None or coopetition is None else networking | coopetition

    def all(self) -> Iterator[dict[int, int] | None]:
        """The moves of every exit from the present region; None where there is no way."""
        rules = self.model.judgement
        name = ROUTES[self.now.route[0]]
        index_n, index_c = float(self.now.networking[0]), float(self.now.coopetition[0])
        apart = rules.route_difference
        difference, gate = float(self.now.difference[0]), float(self.now.gate[0])
        past = 3 * EPSILON  # beyond what counts as still on the border
        if name == "sustain":
            yield self._moves(-self.networking, index_n - rules.route_strong + past)
            yield self._moves(-self.coopetition, index_c - rules.route_strong + past)
            return
        yield self._to_sustain()
        if name == "coopetition":
            yield self._moves(-self.difference, difference - apart + past)
        if name == "networking":
            yield self._moves(self.difference, -apart - difference + past)
        if name == "both":
            yield self._moves(self.difference, apart - difference)
        if name in ("both", "networking-first"):
            yield self._moves(-self.difference, difference + apart)
        if name in ("both", "coopetition"):
            yield self._moves(-self.gate, gate - rules.route_gate + past)
        if name == "networking-first" and not np.isnan(gate):
            yield self._moves(self.gate, rules.route_gate - gate)


def find(firm: Firm, now: Standing) -> Counterfactual | None:
    """The nearest way out of a firm's present route, or None where no answers lead elsewhere."""
    exits = _Exits(firm, now)
    ways = [moves for moves in exits.all() if moves]
    if not ways:
        return None
    moves = min(ways, key=lambda way: sum(abs(steps) for steps in way.values()))
    terms = firm.terms.copy()
    changes = []
    for at, steps in sorted(moves.items()):
        lever = exits.levers[at]
        terms[lever.rater, lever.column] += steps
        changes.append(
            Change(
                rater=lever.rater,
                indicator=firm.model.numbers[firm.model.relational][lever.column],
                before=TERMS[lever.term],
                after=TERMS[lever.term + steps],
            )
        )
    after = standing(Firm(firm.model, terms, firm.given, firm.not_applicable))
    return Counterfactual(
        steps=sum(abs(steps) for steps in moves.values()),
        route=ROUTES[after.route[0]],
        changes=tuple(changes),
    )

"""The route: networking or coopetition, how robust the choice is, and what would change it.

Section 5 of scoring.md. Every what-if is one row of the same three arrays, so that all of them are
one evaluation: the relational indicators' index values, their weights, and which of them count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy
from readiness.core.answers import NOT_APPLICABLE, Codes
from readiness.core.fuzzy import EPSILON, TERM_TFN, TERMS, Floats
from readiness.core.model import Model
from readiness.core.steps import fewest_steps

ROUTES = ("sustain", "coopetition", "networking", "both", "networking-first")
_NONE = -1
_BAND_POSITIONS = (0.0, 0.25, 0.5, 0.75, 1.0)


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
class Route:
    """The recommended route of a firm."""

    name: str
    networking: float
    """Index of networking."""
    coopetition: float
    """Index of coopetition."""
    difference: float
    """D: which of the two is weaker, in index points weighted by importance."""
    gate: float | None
    """Index of partners, trust, knowing rivals and settling conflict; None if none is answered."""
    robustness: float
    """Share of the what-ifs that keep the route."""
    scenarios: int
    kept: int
    counterfactual: Counterfactual | None

    def export(self) -> dict[str, Any]:
        """The exchange format of scoring.md section 7."""
        other = self.counterfactual
        return {
            "name": self.name,
            "difference": self.difference,
            "gate": self.gate,
            "robustness": self.robustness,
            "scenarios": self.scenarios,
            "counterfactual": other
            and {
                "steps": other.steps,
                "route": other.route,
                "changes": [
                    {
                        "rater": change.rater,
                        "indicator": change.indicator,
                        "from": change.before,
                        "to": change.after,
                    }
                    for change in other.changes
                ],
            },
        }


@dataclass
class Scenarios:
    """Rows of what-ifs over the relational indicators (r of them)."""

    values: list[Floats] = field(default_factory=list)
    """Index values, (r,) each."""
    weights: list[Floats] = field(default_factory=list)
    answered: list[NDArray[np.bool_]] = field(default_factory=list)
    applicable: list[NDArray[np.bool_]] = field(default_factory=list)

    def add(
        self,
        values: Floats,
        weights: Floats,
        answered: NDArray[np.bool_],
        applicable: NDArray[np.bool_],
    ) -> None:
        """Add one what-if."""
        self.values.append(values)
        self.weights.append(weights)
        self.answered.append(answered)
        self.applicable.append(applicable)


@dataclass(frozen=True)
class Standing:
    """Where each of s scenarios stands; NaN where an index is not scored."""

    networking: Floats
    coopetition: Floats
    difference: Floats
    gate: Floats
    route: NDArray[np.intp]
    """Position in ROUTES, -1 where there is no route."""


def _weighted_index(values: Floats, weights: Floats, answered: NDArray[np.bool_]) -> Floats:
    weights = np.where(answered, weights, 0)
    total = weights.sum(axis=-1)
    sums = (np.where(answered, values, 0) * weights).sum(axis=-1)
    return np.where(total > 0, sums / np.where(total > 0, total, 1), np.nan)


def decide(model: Model, networking: Floats, coopetition: Floats, gate: Floats) -> Standing:
    """Apply the route table to arrays of indices; a NaN gate is closed."""
    rules = model.judgement
    weight_n, weight_c = model.relational_weights
    difference = (weight_c * (100 - coopetition) - weight_n * (100 - networking)) / (
        (weight_n + weight_c) / 2
    )
    strong = rules.route_strong - EPSILON
    apart = rules.route_difference - EPSILON
    opened = np.nan_to_num(gate, nan=-1.0) >= rules.route_gate - EPSILON
    table = (
        (np.isnan(networking) | np.isnan(coopetition), _NONE),
        ((networking >= strong) & (coopetition >= strong), ROUTES.index("sustain")),
        ((difference >= apart) & opened, ROUTES.index("coopetition")),
        (difference >= apart, ROUTES.index("networking-first")),
        (difference <= -apart, ROUTES.index("networking")),
        (opened, ROUTES.index("both")),
    )
    cases, routes = zip(*table, strict=True)
    route = np.select(cases, routes, default=ROUTES.index("networking-first"))
    return Standing(networking, coopetition, difference, gate, route)


def evaluate(model: Model, scenarios: Scenarios) -> Standing:
    """Indices, gate and route of every scenario."""
    rules = model.judgement
    values, weights = np.array(scenarios.values), np.array(scenarios.weights)
    answered, applicable = np.array(scenarios.answered), np.array(scenarios.applicable)
    indices = []
    for span in model.relational_spans:
        w, a = weights[:, span], answered[:, span]
        whole = (w * applicable[:, span]).sum(axis=-1)
        enough = (a.sum(axis=-1) >= rules.least_answered) & (
            (w * a).sum(axis=-1) >= (rules.least_coverage - EPSILON) * whole
        )
        indices.append(np.where(enough, _weighted_index(values[:, span], w, a), np.nan))
    at = model.gate_columns
    gate = _weighted_index(values[:, at], weights[:, at], answered[:, at])
    return decide(model, indices[0], indices[1], gate)


@dataclass(frozen=True)
class _Firm:
    """A firm's relational answers: raters x r."""

    model: Model
    terms: NDArray[np.intp]
    given: NDArray[np.bool_]
    not_applicable: NDArray[np.bool_]

    def rated(self, without: int | None = None) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
        """Mean TFN (r, 3), answered and applicable (r,), optionally without one rater."""
        keep = np.arange(len(self.terms)) != (-1 if without is None else without)
        given = self.given[keep]
        count = given.sum(axis=0)
        tfn = np.where(given[..., None], TERM_TFN[self.terms[keep]], 0).sum(axis=0)
        tfn = tfn / np.maximum(count, 1)[:, None]
        answered = count > 0
        return tfn, answered, answered | ~self.not_applicable[keep].any(axis=0)


def _standing(firm: _Firm) -> Standing:
    tfn, answered, applicable = firm.rated()
    base = Scenarios()
    values = fuzzy.index(fuzzy.crisp(tfn))
    base.add(values, firm.model.importance[firm.model.relational], answered, applicable)
    return evaluate(firm.model, base)


def _what_ifs(firm: _Firm) -> Scenarios:
    """The scenarios (a) to (e) of scoring.md section 5, in that order."""
    model = firm.model
    columns = model.relational
    tfn, answered, applicable = firm.rated()
    values = fuzzy.index(fuzzy.crisp(tfn))
    importance = model.importance[columns]
    rows = Scenarios()
    for position in _BAND_POSITIONS:
        rows.add(fuzzy.index_at(tfn, position), importance, answered, applicable)
    for other in (
        np.ones_like(importance),
        model.table7_importance[columns],
        model.importance_tfn[columns, 1],
    ):
        rows.add(values, other, answered, applicable)
    for left_out in range(len(importance)):
        kept = np.arange(len(importance)) != left_out
        rows.add(values, importance, answered & kept, applicable & kept)
    for moved in _moved_values(firm, values):
        rows.add(moved, importance, answered, applicable)
    if len(firm.terms) > 1:
        for rater in range(len(firm.terms)):
            other_tfn, other_answered, other_applicable = firm.rated(without=rater)
            other_values = fuzzy.index(fuzzy.crisp(other_tfn))
            rows.add(other_values, importance, other_answered, other_applicable)
    return rows


def _moved_values(firm: _Firm, values: Floats) -> Iterator[Floats]:
    """Index values with each rater's term moved one step down and one step up."""
    scale = fuzzy.index(fuzzy.crisp(TERM_TFN))
    raters_of = firm.given.sum(axis=0)
    for rater, column in zip(*np.nonzero(firm.given), strict=True):
        term = firm.terms[rater, column]
        for other in (term - 1, term + 1):
            if 0 <= other < len(TERMS):
                moved = values.copy()
                moved[column] += (scale[other] - scale[term]) / raters_of[column]
                yield moved


def recommend(model: Model, codes: Codes) -> Route | None:
    """The route of a firm from its raters' codes, (raters, n); None where it cannot be given."""
    part = codes[:, model.relational]
    given = part < len(TERMS)
    firm = _Firm(model, np.where(given, part, 0).astype(int), given, part == NOT_APPLICABLE)
    now = _standing(firm)
    if now.route[0] == _NONE:
        return None
    outcomes = evaluate(model, _what_ifs(firm)).route
    kept = int((outcomes == now.route[0]).sum())
    return Route(
        name=ROUTES[now.route[0]],
        networking=float(now.networking[0]),
        coopetition=float(now.coopetition[0]),
        difference=float(now.difference[0]),
        gate=None if np.isnan(now.gate[0]) else float(now.gate[0]),
        robustness=kept / len(outcomes),
        scenarios=len(outcomes),
        kept=kept,
        counterfactual=_counterfactual(firm, now),
    )


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

    def __init__(self, firm: _Firm, now: Standing) -> None:
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
        scale = fuzzy.index(fuzzy.crisp(TERM_TFN))
        useful = [at for at, lever in enumerate(self.levers) if effect[lever.column]]
        gains, signs = [], []
        for at in useful:
            lever = self.levers[at]
            sign = 1 if effect[lever.column] > 0 else -1
            reachable = scale[lever.term :] if sign > 0 else scale[lever.term :: -1]
            gains.append((reachable - reachable[0]) * effect[lever.column] * lever.share)
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


def _counterfactual(firm: _Firm, now: Standing) -> Counterfactual | None:
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
    after = _standing(_Firm(firm.model, terms, firm.given, firm.not_applicable))
    return Counterfactual(
        steps=sum(abs(steps) for steps in moves.values()),
        route=ROUTES[after.route[0]],
        changes=tuple(changes),
    )

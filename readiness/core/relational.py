"""The relational part of a firm: networking, coopetition, the gate, and the table of routes.

Section 5 of docs/model.md. Any number of scenarios are rows of the same arrays, so that all what-ifs
of a firm are one evaluation: the relational indicators' index values (r of them), their weights,
and which of them count.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy
from readiness.core.answers import NOT_APPLICABLE, Codes
from readiness.core.fuzzy import EPSILON, TERM_TFN, TERMS, Floats
from readiness.core.model import Model

ROUTES = ("sustain", "coopetition", "networking", "both", "networking-first")
NO_ROUTE = -1


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
        (np.isnan(networking) | np.isnan(coopetition), NO_ROUTE),
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
class Firm:
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


def standing(firm: Firm) -> Standing:
    tfn, answered, applicable = firm.rated()
    base = Scenarios()
    values = fuzzy.index(fuzzy.crisp(tfn))
    base.add(values, firm.model.importance[firm.model.relational], answered, applicable)
    return evaluate(firm.model, base)


def firm_of(model: Model, codes: Codes) -> Firm:
    """The relational answers among a firm's codes, (raters, n)."""
    part = codes[:, model.relational]
    given = part < len(TERMS)
    return Firm(model, np.where(given, part, 0).astype(int), given, part == NOT_APPLICABLE)

"""What many firms come to at once: the overall index with its range, and the route, for lists.

The same arithmetic as readiness.core.scoring, over an axis of firms (f) instead of one at a time;
each firm has any number of raters. What only a profile shows, the robustness of the route and the
counterfactual, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy
from readiness.core.answers import NOT_APPLICABLE, Codes
from readiness.core.fuzzy import EPSILON, TERM_TFN, TERMS, Floats
from readiness.core.model import Model
from readiness.core.relational import NO_ROUTE, ROUTES, Scenarios, evaluate

Bools = NDArray[np.bool_]
#: Firms in one go: their arrays take some 40 MB.
_BLOCK = 8192


@dataclass(frozen=True)
class Outcome:
    """What a firm's answers come to."""

    overall: float | None
    low: float | None
    high: float | None
    route: str | None


def outcomes(model: Model, firms: Sequence[Codes]) -> list[Outcome]:
    """The outcome of each firm from its raters' codes, (raters, n) each."""
    found: list[Outcome] = []
    for first in range(0, len(firms), _BLOCK):
        found += _outcomes(model, firms[first : first + _BLOCK])
    return found


def _outcomes(model: Model, firms: Sequence[Codes]) -> list[Outcome]:
    values, answered, applicable = _rate(model, firms)
    overall, low, high = _overall(model, values, answered, applicable)
    routes = _routes(model, values, answered, applicable)
    numbers = zip(overall.tolist(), low.tolist(), high.tolist(), routes, strict=True)
    return [
        Outcome(None, None, None, route) if isnan(index) else Outcome(index, least, most, route)
        for index, least, most, route in numbers
    ]


def _rate(model: Model, firms: Sequence[Codes]) -> tuple[Floats, Bools, Bools]:
    """Index value of each indicator, whether it is answered and whether it applies, (f, n) each."""
    codes = np.concatenate(firms)
    starts = np.cumsum([0, *(len(firm) for firm in firms[:-1])])

    def per_firm(of_raters: Floats) -> Floats:
        return of_raters if len(starts) == len(codes) else np.add.reduceat(of_raters, starts, axis=0)

    given = codes < len(TERMS)
    crisp = fuzzy.crisp(TERM_TFN)
    terms = np.where(model.is_reversed, 1 - crisp[:, None], crisp[:, None])  # (terms, n)
    values = np.where(given, terms[np.where(given, codes, 0), np.arange(codes.shape[1])], 0)
    count = per_firm(given.astype(float))
    left_out = per_firm((codes == NOT_APPLICABLE).astype(float)) > 0
    mean = per_firm(values) / np.maximum(count, 1)
    answered = count > 0
    return np.where(answered, fuzzy.index(mean), 0), answered, answered | ~left_out


def _overall(
    model: Model, values: Floats, answered: Bools, applicable: Bools
) -> tuple[Floats, Floats, Floats]:
    """Overall index and its range, NaN where too little is answered for one, (f,) each."""
    rules, importance = model.judgement, model.importance
    weight = model.per_component(importance * applicable)
    known = model.per_component(importance * answered)
    sums = model.per_component(importance * values)
    safe = np.where(weight > 0, weight, 1)
    enough = model.per_component(answered.astype(float)) >= rules.least_answered
    scored = enough & (known / safe >= rules.least_coverage - EPSILON)
    relational = [model.components.index(key) for key in ("networking", "coopetition")]
    total = weight.sum(axis=1)
    coverage = known.sum(axis=1) / np.where(total > 0, total, 1)
    given = (
        (scored.sum(axis=1) >= rules.least_components)
        & scored[:, relational].all(axis=1)
        & (coverage >= rules.overall_coverage - EPSILON)
    )
    weights = np.where(scored, model.component_importance, 0)
    share = weights / np.where(given, weights.sum(axis=1), 1)[:, None]

    def mean(of_components: Floats) -> Floats:
        return np.where(given, (share * of_components).sum(axis=1), np.nan)

    return (
        mean(sums / np.where(known > 0, known, 1)),
        mean(sums / safe),
        mean((sums + 100 * (weight - known)) / safe),
    )


def _routes(model: Model, values: Floats, answered: Bools, applicable: Bools) -> list[str | None]:
    part = model.relational
    importance = np.broadcast_to(model.importance[part], values[:, part].shape)
    rows = Scenarios(
        list(values[:, part]), list(importance), list(answered[:, part]), list(applicable[:, part])
    )
    return [None if at == NO_ROUTE else ROUTES[at] for at in evaluate(model, rows).route.tolist()]

"""The route: networking or coopetition, and how robust the choice is.

Section 5 of docs/model.md; readiness.core.relational holds its table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from readiness.core import counterfactual, fuzzy
from readiness.core.answers import Codes
from readiness.core.counterfactual import Counterfactual
from readiness.core.fuzzy import TERM_INDEX, TERMS, Floats
from readiness.core.model import Model
from readiness.core.relational import NO_ROUTE, ROUTES, Firm, Scenarios, evaluate, firm_of, standing

_BAND_POSITIONS = (0.0, 0.25, 0.5, 0.75, 1.0)


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
        """The exchange format of docs/model.md, section 9."""
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


def _what_ifs(firm: Firm) -> Scenarios:
    """The scenarios (a) to (e) of docs/model.md, section 5, in that order."""
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


def _moved_values(firm: Firm, values: Floats) -> Iterator[Floats]:
    """Index values with each rater's term moved one step down and one step up."""
    raters_of = firm.given.sum(axis=0)
    for rater, column in zip(*np.nonzero(firm.given), strict=True):
        term = firm.terms[rater, column]
        for other in (term - 1, term + 1):
            if 0 <= other < len(TERMS):
                moved = values.copy()
                moved[column] += (TERM_INDEX[other] - TERM_INDEX[term]) / raters_of[column]
                yield moved


def recommend(model: Model, codes: Codes) -> Route | None:
    """The route of a firm from its raters' codes, (raters, n); None where it cannot be given."""
    firm = firm_of(model, codes)
    now = standing(firm)
    if now.route[0] == NO_ROUTE:
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
        counterfactual=counterfactual.find(firm, now),
    )

"""A firm's scores: indicators, components, coverage, ranges, levels, overall, priorities.

Sections 2 to 4 of docs/model.md. Arrays run over the validated indicators (n) or the components (k).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy
from readiness.core.answers import NOT_APPLICABLE, Answers, Codes
from readiness.core.fuzzy import TERM_TFN, TERMS, Floats
from readiness.core.model import Model
from readiness.core.route import Route, recommend

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class IndicatorScores:
    """What the raters of a firm say of each indicator; unanswered entries are NaN."""

    tfn: Floats
    """Mean TFN over the raters who gave a term, (n, 3)."""
    answered: Bools
    """Some rater gave a term, (n,)."""
    applicable: Bools
    """Not left out as not applicable, (n,)."""
    disagreement: Floats
    """Mean distance of the raters from the firm's TFN, (n,)."""
    gap: Floats
    """Expert importance times distance from the ideal, as TFN, (n, 3)."""

    @property
    def crisp(self) -> Floats:
        """Centre of gravity, (n,)."""
        return fuzzy.crisp(self.tfn)


@dataclass(frozen=True)
class ComponentScores:
    """Scores of the k components; where `scored` is false the scores mean nothing."""

    tfn: Floats
    equal_weight_tfn: Floats
    answered: NDArray[np.int_]
    applicable: NDArray[np.int_]
    coverage: Floats
    """Answered importance over applicable importance, NaN where nothing applies, (k,)."""
    scored: Bools
    provisional: Bools
    low: Floats
    """Index with every missing indicator at very low, NaN where nothing applies, (k,)."""
    high: Floats

    @property
    def index(self) -> Floats:
        """0-100 index, (k,)."""
        return fuzzy.index(fuzzy.crisp(self.tfn))


@dataclass(frozen=True)
class OverallScore:
    """The overall score of a firm."""

    tfn: Floats
    coverage: float
    low: float
    high: float

    @property
    def index(self) -> float:
        """0-100 index."""
        return float(fuzzy.index(fuzzy.crisp(self.tfn)))


@dataclass(frozen=True)
class Scores:
    """Everything the model says of one firm."""

    model: Model
    indicators: IndicatorScores
    components: ComponentScores
    overall: OverallScore | None
    priorities: tuple[int, ...]
    """Numbers of the answered indicators, highest gap first."""
    route: Route | None


def _mean(values: Floats, given: Bools) -> Floats:
    """Mean over the first axis of the given entries, NaN where none is given."""
    count = given.sum(axis=0)
    total = np.where(given, values, 0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def rate(model: Model, codes: Codes) -> IndicatorScores:
    """Aggregate raters' codes, (raters, n), to the firm's indicators; of m firms at once, (raters, m, n)."""
    given = codes < len(TERMS)
    terms = TERM_TFN[np.where(given, codes, 0)]
    terms = np.where(model.is_reversed[:, None], fuzzy.reverse(terms), terms)
    tfn = _mean(terms, given[..., None])
    answered: Bools = np.any(given, axis=0)
    weights = model.importance_tfn
    return IndicatorScores(
        tfn=tfn,
        answered=answered,
        applicable=answered | ~(codes == NOT_APPLICABLE).any(axis=0),
        disagreement=_mean(fuzzy.distance(terms, tfn), given),
        gap=weights * (1 - tfn[..., ::-1]),
    )


def _aggregate(model: Model, rated: IndicatorScores, weights: Floats) -> Floats:
    """Weighted mean TFN of each component over its answered indicators, (k, 3), NaN if none."""
    weights = np.where(rated.answered, weights, 0)
    weighted = np.where(rated.answered[:, None], rated.tfn, 0).T * weights
    total = model.per_component(weights)
    sums = model.per_component(weighted).T
    return np.where(total[:, None] > 0, sums / np.where(total > 0, total, 1)[:, None], np.nan)


def aggregate(model: Model, rated: IndicatorScores) -> ComponentScores:
    """The component scores of a firm's rated indicators."""
    importance, rules = model.importance, model.judgement
    weight = model.per_component(importance * rated.applicable)
    known = model.per_component(importance * rated.answered)
    something = weight > 0
    safe = np.where(something, weight, 1)
    coverage = np.where(something, known / safe, np.nan)
    answered = model.per_component(rated.answered.astype(float)).astype(int)
    scored = (answered >= rules.least_answered) & (
        np.nan_to_num(coverage) >= rules.least_coverage - fuzzy.EPSILON
    )
    index = fuzzy.index(np.where(rated.answered, rated.crisp, 0))
    sums = model.per_component(np.where(rated.answered, importance * index, 0))
    low = np.where(something, sums / safe, np.nan)
    high = np.where(something, (sums + 100 * (weight - known)) / safe, np.nan)
    return ComponentScores(
        tfn=_aggregate(model, rated, importance),
        equal_weight_tfn=_aggregate(model, rated, np.ones_like(importance)),
        answered=answered,
        applicable=model.per_component(rated.applicable.astype(float)).astype(int),
        coverage=coverage,
        scored=scored,
        provisional=scored & (np.nan_to_num(coverage) < rules.provisional_below - fuzzy.EPSILON),
        low=low,
        high=high,
    )


def summarise(model: Model, rated: IndicatorScores, components: ComponentScores) -> OverallScore | None:
    """The overall score, or None where too little is answered for one."""
    rules, importance = model.judgement, model.importance
    applicable = float((importance * rated.applicable).sum())
    coverage = float((importance * rated.answered).sum()) / applicable if applicable else 0.0
    scored = components.scored
    relational = [model.components.index(key) for key in ("networking", "coopetition")]
    if (
        scored.sum() < rules.least_components
        or not scored[relational].all()
        or coverage < rules.overall_coverage - fuzzy.EPSILON
    ):
        return None
    weights = model.component_importance[scored]
    return OverallScore(
        tfn=fuzzy.weighted_mean(components.tfn[scored], weights),
        coverage=coverage,
        low=float(weights @ components.low[scored] / weights.sum()),
        high=float(weights @ components.high[scored] / weights.sum()),
    )


def _priorities(model: Model, rated: IndicatorScores) -> tuple[int, ...]:
    gaps = np.round(fuzzy.crisp(rated.gap), 12)
    order = np.argsort(np.where(rated.answered, -gaps, np.inf), kind="stable")
    return tuple(model.numbers[at] for at in order[: int(rated.answered.sum())])


def score_codes(model: Model, codes: Codes) -> Scores:
    """Score one firm from its raters' codes, (raters, n)."""
    rated = rate(model, codes)
    components = aggregate(model, rated)
    return Scores(
        model=model,
        indicators=rated,
        components=components,
        overall=summarise(model, rated, components),
        priorities=_priorities(model, rated),
        route=recommend(model, codes),
    )


def score(answers: Answers) -> Scores:
    """Score a firm's answers."""
    return score_codes(answers.model, answers.codes)


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _triple(tfn: Floats) -> list[float] | None:
    return None if np.isnan(tfn).any() else [float(x) for x in tfn]


def levels(model: Model, tfn: Floats) -> list[tuple[str, str | None]]:
    """Level and bordering level of TFNs (m, 3), as term names."""
    first, second = fuzzy.nearest_terms(tfn, model.judgement.bordering_within)
    return [
        (TERMS[a], TERMS[b] if b >= 0 else None) for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]


def _components_json(scores: Scores) -> dict[str, Any]:
    parts, model = scores.components, scores.model
    named = levels(model, np.nan_to_num(parts.tfn))
    equal = fuzzy.index(fuzzy.crisp(parts.equal_weight_tfn))
    result = {}
    for at, key in enumerate(model.components):
        scored = bool(parts.scored[at])
        result[key] = {
            "tfn": _triple(parts.tfn[at]) if scored else None,
            "crisp": float(fuzzy.crisp(parts.tfn[at])) if scored else None,
            "index": float(parts.index[at]) if scored else None,
            "level": named[at][0] if scored else None,
            "bordering": named[at][1] if scored else None,
            "answered": int(parts.answered[at]),
            "applicable": int(parts.applicable[at]),
            "coverage": _number(parts.coverage[at]),
            "scored": scored,
            "provisional": bool(parts.provisional[at]),
            "range": None if np.isnan(parts.low[at]) else [float(parts.low[at]), float(parts.high[at])],
            "equal_weight_index": float(equal[at]) if scored else None,
        }
    return result


def _overall_json(scores: Scores) -> dict[str, Any] | None:
    overall = scores.overall
    if overall is None:
        return None
    ((level, bordering),) = levels(scores.model, overall.tfn[None])
    return {
        "tfn": _triple(overall.tfn),
        "crisp": float(fuzzy.crisp(overall.tfn)),
        "index": overall.index,
        "level": level,
        "bordering": bordering,
        "coverage": overall.coverage,
        "range": [overall.low, overall.high],
    }


def export(scores: Scores, firm: Any) -> dict[str, Any]:
    """Scores in the exchange format of docs/model.md, section 9, unrounded."""
    rated = scores.indicators
    return {
        "model": scores.model.version,
        "firm": dict(firm),
        "components": _components_json(scores),
        "overall": _overall_json(scores),
        "indicators": {
            str(number): {
                "tfn": _triple(rated.tfn[at]),
                "crisp": _number(rated.crisp[at]),
                "disagreement": _number(rated.disagreement[at]),
                "gap": _triple(rated.gap[at]),
            }
            for at, number in enumerate(scores.model.numbers)
        },
        "priorities": list(scores.priorities),
        "route": None if scores.route is None else scores.route.export(),
    }

"""The scores of a cohort's firms, one finished round each, whether one rater answered or several.

A firm with several raters is scored as everywhere else, by the aggregation over its raters; all the others
go through readiness.core.cohort at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy, scoring
from readiness.core.answers import Codes
from readiness.core.cohort import score_many
from readiness.core.fuzzy import TERM_TFN, TERMS, Floats
from readiness.core.model import Model
from readiness.core.scoring import IndicatorScores

Places = NDArray[np.int_]
#: So many firms with several raters go through at once.
_TOGETHER = 1_024


@dataclass(frozen=True)
class Panel:
    """n firms over the k components and the indicators of a model; NaN where there is no number."""

    model: Model
    index: Floats
    """0-100 index of each component, (k, n)."""
    overall: Floats
    """0-100 overall index, (n,)."""
    codes: Codes
    """Of the first rater of each firm, (indicators, n)."""
    several: Mapping[int, Codes]
    """All raters of the firms with several, (raters, indicators), by the firm's place."""


@dataclass(frozen=True)
class Gaps:
    """What the firms of a cohort lack, over the indicators."""

    answered: Floats
    """How many firms have an answer, (indicators,)."""
    gap: Floats
    """Mean gap of the firms that have an answer: the centroid of importance times distance from the ideal,
    0-1; NaN where none has, (indicators,)."""
    low: Floats
    """How many firms stand at low or very low, (indicators,)."""


def panel(model: Model, codes: Codes, several: Mapping[int, Codes]) -> Panel:
    """Score n firms: codes of the first raters, (indicators, n), and of all where there are several."""
    scores = score_many(model, codes)
    index, overall = scores.index, scores.overall_index
    for places, raters in batches(several):
        index[:, places], overall[places] = _score_together(model, scoring.rate(model, raters))
    return Panel(model, index, overall, codes, several)


def batches(several: Mapping[int, Codes]) -> Iterator[tuple[Places, Codes]]:
    """The firms with several raters, those with equally many together: places (m,), codes (raters, m, n)."""
    places: dict[int, list[int]] = {}
    for place, codes in several.items():
        places.setdefault(len(codes), []).append(place)
    for alike in places.values():
        for start in range(0, len(alike), _TOGETHER):
            part = alike[start : start + _TOGETHER]
            yield np.array(part), np.stack([several[place] for place in part], axis=1)


def _score_together(model: Model, rated: IndicatorScores) -> tuple[Floats, Floats]:
    """Component indices, (k, m), and overall ones, (m,), of m rated firms, by the rules of scoring.

    The index is linear in the TFN, so that its weighted mean is the index of the weighted mean.
    """
    rules, importance = model.judgement, model.importance
    index = np.where(rated.answered, fuzzy.index(rated.crisp), 0)
    known = model.per_component(importance * rated.answered)
    applicable = model.per_component(importance * rated.applicable)
    answered = model.per_component(rated.answered.astype(float))
    coverage = known / np.where(applicable > 0, applicable, 1)
    scored = (answered >= rules.least_answered) & (coverage >= rules.least_coverage - fuzzy.EPSILON)
    parts = model.per_component(importance * index) / np.where(known > 0, known, 1)
    weights = np.where(scored, model.component_importance, 0)
    whole = (weights * parts).sum(axis=1) / np.maximum(weights.sum(axis=1), fuzzy.EPSILON)
    total = known.sum(axis=1) / np.maximum(applicable.sum(axis=1), fuzzy.EPSILON)
    relational = [model.components.index(key) for key in ("networking", "coopetition")]
    given = (
        (scored.sum(axis=1) >= rules.least_components)
        & scored[:, relational].all(axis=1)
        & (total >= rules.overall_coverage - fuzzy.EPSILON)
    )
    return np.where(scored, parts, np.nan).T, np.where(given, whole, np.nan)


def term_gaps(model: Model) -> Floats:
    """Centroid of the gap of each indicator at each of the five terms, (indicators, 5)."""
    terms = np.broadcast_to(TERM_TFN, (len(model.indicators), *TERM_TFN.shape))
    terms = np.where(model.is_reversed[:, None, None], fuzzy.reverse(terms), terms)
    return fuzzy.crisp(model.importance_tfn[:, None, :] * (1 - terms[..., ::-1]))


def gaps(found: Panel) -> Gaps:
    """What the firms of a panel lack."""
    model, top = found.model, len(TERMS)
    single = np.ones(found.codes.shape[1], dtype=bool)
    single[list(found.several)] = False
    codes = found.codes if single.all() else found.codes[:, single]
    counts = np.array([(codes == term).sum(axis=1) for term in range(top)], dtype=float).T
    answered, total = counts.sum(axis=1), (counts * term_gaps(model)).sum(axis=1)
    turned = np.where(model.is_reversed[:, None], counts[:, ::-1], counts)
    low = turned[:, :2].sum(axis=1)
    for _, raters in batches(found.several):
        rated = scoring.rate(model, raters)
        answered += rated.answered.sum(axis=0)
        total += np.where(rated.answered, fuzzy.crisp(rated.gap), 0).sum(axis=0)
        low += is_low(model, rated).sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.where(answered > 0, total / np.maximum(answered, 1), np.nan)
    return Gaps(answered=answered, gap=mean, low=low)


def is_low(model: Model, rated: IndicatorScores) -> NDArray[np.bool_]:
    """Which indicators of rated firms stand at low or very low, (..., indicators)."""
    nearest, _ = fuzzy.nearest_terms(np.nan_to_num(rated.tfn), model.judgement.bordering_within)
    return np.asarray(rated.answered & (nearest < 2))


def low_firms(found: Panel) -> NDArray[np.bool_]:
    """Which firms stand at low or very low in each indicator, (indicators, n)."""
    model, top = found.model, len(TERMS) - 1
    turned = model.is_reversed[:, None]
    low = np.where(turned, (found.codes >= top - 1) & (found.codes <= top), found.codes < 2)
    for places, raters in batches(found.several):
        low[:, places] = is_low(model, scoring.rate(model, raters)).T
    return low

"""The scores of a cohort's firms, one finished round each, whether one rater answered or several.

A firm with several raters is scored as everywhere else, by the aggregation over its raters; all the others
go through readiness.core.cohort at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from readiness.core import fuzzy, scoring
from readiness.core.answers import Codes
from readiness.core.cohort import Bools, score_many
from readiness.core.fuzzy import TERM_TFN, TERMS, Floats
from readiness.core.model import Model


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
    for place, raters in several.items():
        rated = scoring.rate(model, raters)
        parts = scoring.aggregate(model, rated)
        index[:, place] = np.where(parts.scored, parts.index, np.nan)
        total = scoring.summarise(model, rated, parts)
        overall[place] = np.nan if total is None else total.index
    return Panel(model, index, overall, codes, several)


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
    for raters in found.several.values():
        rated = scoring.rate(model, raters)
        answered += rated.answered
        total += np.where(rated.answered, np.nan_to_num(fuzzy.crisp(rated.gap)), 0)
        low += is_low(model, rated)
    with np.errstate(invalid="ignore"):
        mean = np.where(answered > 0, total / np.maximum(answered, 1), np.nan)
    return Gaps(answered=answered, gap=mean, low=low)


def is_low(model: Model, rated: scoring.IndicatorScores) -> Bools:
    """At which indicators a firm's raters come out at low or very low, (indicators,)."""
    nearest, _ = fuzzy.nearest_terms(np.nan_to_num(rated.tfn), model.judgement.bordering_within)
    return rated.answered & (nearest < 2)

"""Where the raters of a firm disagree, and what answers agreed in a meeting would change.

Agreed answers stand beside the raters' own; no score is made of them but those of `effect`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy, scoring
from readiness.core.answers import Codes
from readiness.core.fuzzy import TERMS, Floats
from readiness.core.instead import with_answers
from readiness.core.model import Model


@dataclass(frozen=True)
class Disagreement:
    """How far the raters of a firm are apart; arrays run over the n indicators or the k components."""

    terms: NDArray[np.int_]
    """How many raters gave a term, (n,)."""
    distance: Floats
    """Mean distance of the raters from the firm's TFN, 0-1; NaN where fewer than two gave a term, (n,)."""
    flagged: tuple[int, ...]
    """Numbers of the indicators above the mark of the model, the largest distance first."""
    ranked: tuple[int, ...]
    """Numbers of all indicators in the same order; those without a distance last."""
    components: Floats
    """Mean distance over a component's indicators that have one, NaN where none has, (k,)."""


def disagreement(model: Model, codes: Codes) -> Disagreement:
    """Where the raters disagree; codes: (raters, n). A single term is no agreement and has no distance."""
    terms = (codes < len(TERMS)).sum(axis=0)
    distance = np.where(terms > 1, scoring.rate(model, codes).disagreement, np.nan)
    order = np.argsort(np.where(terms > 1, -np.round(distance, 12), np.inf), kind="stable")
    ranked = tuple(model.numbers[at] for at in order)
    above = np.nan_to_num(distance) > model.judgement.disagreement_above + fuzzy.EPSILON
    count = model.per_component((terms > 1).astype(float))
    total = model.per_component(np.nan_to_num(distance))
    return Disagreement(
        terms=terms,
        distance=distance,
        flagged=ranked[: int(above.sum())],
        ranked=ranked,
        components=np.where(count > 0, total / np.maximum(count, 1), np.nan),
    )


def with_agreed(model: Model, codes: Codes, agreed: Mapping[int, int]) -> Codes:
    """The raters' codes, (raters, n), as if all of them had given each agreed answer, by indicator number."""
    return with_answers(codes, {model.column[number]: code for number, code in agreed.items()})


@dataclass(frozen=True)
class Effect:
    """Indices 0-100 by the raters' own answers and with the agreed ones; NaN where there is no score."""

    before: Floats
    """Of the components, (k,)."""
    after: Floats
    """(k,)"""
    overall_before: float | None
    overall_after: float | None


def effect(model: Model, codes: Codes, agreed: Mapping[int, int]) -> Effect:
    """The components' indices and the overall one, and what the agreed answers would make of them."""

    def indices(given: Codes) -> tuple[Floats, float | None]:
        rated = scoring.rate(model, given)
        parts = scoring.aggregate(model, rated)
        overall = scoring.summarise(model, rated, parts)
        return np.where(parts.scored, parts.index, np.nan), overall.index if overall else None

    before, overall_before = indices(codes)
    after, overall_after = indices(with_agreed(model, codes, agreed))
    return Effect(before, after, overall_before, overall_after)

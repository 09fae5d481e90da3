"""Scores of many firms at once, one response each: exact, in small integers.

Expert importances are whole multiples of 1/(12 experts) and term positions are quarters, so the
sums of a component fit 16 bits. Codes lie column-major (an indicator's answers side by side), and
firms go through in blocks that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy
from readiness.core.answers import NOT_APPLICABLE, Codes
from readiness.core.fuzzy import TERMS, Floats
from readiness.core.model import Model

_BLOCK = 16_384
_TOP = len(TERMS) - 1
Bools = NDArray[np.bool_]
Units = NDArray[np.uint16]


@dataclass(frozen=True)
class CohortScores:
    """Scores of n firms over k components; NaN where a score is not given."""

    tfn: Floats
    """Component TFNs, (3, k, n)."""
    coverage: Floats
    """Answered over applicable importance, NaN where nothing applies, (k, n)."""
    scored: Bools
    """(k, n)."""
    overall: Floats
    """Overall TFN, (3, n)."""

    @property
    def index(self) -> Floats:
        """0-100 index of each component, (k, n)."""
        return fuzzy.index(self.tfn.mean(axis=0))

    @property
    def overall_index(self) -> Floats:
        """0-100 overall index, (n,)."""
        return fuzzy.index(self.overall.mean(axis=0))


@dataclass(frozen=True)
class _Sums:
    """Weighted sums of one component over a block of firms, in units of importance."""

    position: Units
    """Of the term's position 0-4."""
    top: Units
    """Of being very high, where the TFN has no room above."""
    bottom: Units
    known: Units
    applicable: Units
    answered: Units
    """Number of indicators answered."""

    def tfn(self, out: Floats) -> None:
        """Write the component's TFN, (3, block): l = m - 1/4 and u = m + 1/4 but at the ends."""
        scale = 0.25 / np.maximum(self.known, 1)
        middle = np.multiply(self.position, scale, out=out[1])
        np.subtract(middle, (self.known - self.bottom) * scale, out=out[0])
        np.add(middle, (self.known - self.top) * scale, out=out[2])


def importance_units(model: Model) -> Units:
    """Crisp importances as whole multiples of 1 / (12 experts), (indicators,)."""
    return np.rint(model.importance * 12 * model.experts).astype(np.uint16)


def score_many(model: Model, codes: Codes) -> CohortScores:
    """Score n firms of one response each in one call.

    codes: uint8, (indicators, n), best C-contiguous; see readiness.core.answers for the codes.
    Raises ValueError where the shape does not fit the model.
    """
    if codes.ndim != 2 or len(codes) != len(model.indicators):
        raise ValueError(f"codes must be ({len(model.indicators)}, firms), not {codes.shape}")
    firms, parts = codes.shape[1], len(model.components)
    scores = CohortScores(
        tfn=np.empty((3, parts, firms)),
        coverage=np.empty((parts, firms)),
        scored=np.empty((parts, firms), dtype=bool),
        overall=np.empty((3, firms)),
    )
    for start in range(0, firms, _BLOCK):
        _score_block(model, codes[:, start : start + _BLOCK], scores, start)
    return scores


def _score_block(model: Model, codes: Codes, scores: CohortScores, start: int) -> None:
    rules = model.judgement
    here = slice(start, start + codes.shape[1])
    units = importance_units(model)
    known = np.zeros(codes.shape[1])
    applicable = np.zeros(codes.shape[1])
    complete = bool(codes.max(initial=0) <= _TOP)
    for at, sums in enumerate(_component_sums(model, units, codes, complete)):
        sums.tfn(scores.tfn[:, at, here])
        if complete:
            scores.coverage[at, here] = 1
            scores.scored[at, here] = True
            continue
        known += sums.known
        applicable += sums.applicable
        with np.errstate(invalid="ignore"):
            coverage = np.divide(sums.known, sums.applicable, out=scores.coverage[at, here])
            enough = coverage >= rules.least_coverage - fuzzy.EPSILON
        scored = (sums.answered >= rules.least_answered) & enough
        scores.scored[at, here] = scored
        scores.tfn[:, at, here][:, ~scored] = np.nan
    weights = model.component_importance
    tfn, scored = scores.tfn[:, :, here], scores.scored[:, here]
    if complete:
        np.einsum("k,jkn->jn", weights / weights.sum(), tfn, out=scores.overall[:, here])
        return
    total = np.maximum(weights @ scored, fuzzy.EPSILON)
    scores.overall[:, here] = np.einsum("k,jkn->jn", weights, np.nan_to_num(tfn)) / total
    given = (
        (scored.sum(axis=0) >= rules.least_components)
        & scored[[model.components.index(key) for key in ("networking", "coopetition")]].all(axis=0)
        & (known >= (rules.overall_coverage - fuzzy.EPSILON) * np.maximum(applicable, 1))
    )
    scores.overall[:, here][:, ~given] = np.nan


def _component_sums(model: Model, units: Units, codes: Codes, complete: bool) -> Iterator[_Sums]:
    for key in model.components:
        span = model.span(key)
        sums = _Sums(*np.zeros((6, codes.shape[1]), dtype=np.uint16))
        for column in range(span.start, span.stop):
            _add(sums, codes[column], units[column], bool(model.is_reversed[column]), complete)
        if complete:
            sums.known[:] = sums.applicable[:] = units[span].sum()
            sums.answered[:] = span.stop - span.start
        yield sums


def _add(sums: _Sums, column: Codes, unit: np.uint16, turned: bool, complete: bool) -> None:
    """Add one indicator's answers to its component's sums."""
    terms = column if complete else np.where(column <= _TOP, column, 0)
    if turned:
        terms = (_TOP - terms).astype(np.uint8)
    top, bottom = terms == _TOP, terms == 0
    if not complete:
        given = column <= _TOP
        top &= given
        bottom &= given
        terms = terms * given
        np.add(sums.known, given.astype(np.uint16) * unit, out=sums.known)
        np.add(sums.applicable, (column != NOT_APPLICABLE).astype(np.uint16) * unit, out=sums.applicable)
        np.add(sums.answered, given, out=sums.answered)
    np.add(sums.position, terms.astype(np.uint16) * unit, out=sums.position)
    np.add(sums.top, top.astype(np.uint16) * unit, out=sums.top)
    np.add(sums.bottom, bottom.astype(np.uint16) * unit, out=sums.bottom)

"""Triangular fuzzy numbers (TFN) as arrays whose last axis is (l, m, u), on the unit interval.

One aggregation serves the experts' judgements and a firm's answers: the componentwise mean
(Rezvani, Afrasiabi & Mobini 2024, fuzzy Delphi section; docs/model.md, section 1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TERMS = ("VL", "L", "M", "H", "VH")

#: TFNs of the five linguistic terms, lowest first; shape (5, 3).
TERM_TFN: Floats = np.array([[0, 0, 0.25], [0, 0.25, 0.5], [0.25, 0.5, 0.75], [0.5, 0.75, 1], [0.75, 1, 1]])

#: Comparisons with a threshold forgive this much floating-point noise and no more.
EPSILON = 1e-9


def mean_of_counts(counts: NDArray[np.integer]) -> Floats:
    """Mean TFN of judgements given as counts of the five terms: (..., 5) to (..., 3)."""
    totals: Floats = np.asarray(counts, dtype=float)
    return np.asarray(totals @ TERM_TFN / totals.sum(axis=-1, keepdims=True))


def weighted_mean(tfn: Floats, weights: Floats) -> Floats:
    """Weighted mean TFN over the second last axis: (..., n, 3) and (..., n) to (..., 3)."""
    sums = np.einsum("...nj,...n->...j", tfn, weights)
    return np.asarray(sums / weights.sum(axis=-1)[..., None])


def crisp(tfn: Floats) -> Floats:
    """Centre of gravity (l + m + u) / 3: (..., 3) to (...)."""
    return np.asarray(np.mean(tfn, axis=-1))


def reverse(tfn: Floats) -> Floats:
    """The TFN of the opposite statement, (1-u, 1-m, 1-l)."""
    return 1 - np.asarray(tfn)[..., ::-1]


def distance(a: Floats, b: Floats) -> Floats:
    """Vertex distance sqrt(mean((a-b)^2)) over (l, m, u): (..., 3) twice to (...)."""
    return np.asarray(np.sqrt(((np.asarray(a) - b) ** 2).mean(axis=-1)))


def index(crisp_value: Floats | float) -> Floats:
    """Crisp value to the 0-100 index on which VL, L, M, H, VH stand at 0, 20, 50, 80, 100."""
    return np.asarray(crisp_value) * 120 - 10


#: Index of each of the five terms, lowest first; shape (5,).
TERM_INDEX: Floats = index(crisp(TERM_TFN))


def index_at(tfn: Floats, position: Floats | float) -> Floats:
    """Index read at a position lambda in [0, 1] of the TFN's band, 0 the pessimistic end.

    f(t) = (1-lambda)(l+m)/2 + lambda(m+u)/2, rescaled so that VL is 0 and VH is 100.
    """
    tfn = np.asarray(tfn)

    def read(t: Floats) -> Floats:
        low, mid, high = t[..., 0], t[..., 1], t[..., 2]
        return np.asarray((1 - position) * (low + mid) / 2 + position * (mid + high) / 2)

    floor, ceiling = read(TERM_TFN[0]), read(TERM_TFN[4])
    return 100 * (read(tfn) - floor) / (ceiling - floor)


def nearest_terms(tfn: Floats, within: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Nearest term of each TFN, and the second nearest where it is nearly as near.

    (..., 3) to two (...) arrays of term positions 0-4; ties go to the lower term; the second is -1
    unless the two distances differ by less than `within`.
    """
    gaps = np.round(distance(np.asarray(tfn)[..., None, :], TERM_TFN), 12)
    order = np.argsort(gaps, axis=-1, kind="stable")
    first, second = order[..., 0], order[..., 1]
    ranked = np.take_along_axis(gaps, order, axis=-1)
    near = ranked[..., 1] - ranked[..., 0] < within - EPSILON
    return first, np.where(near, second, -1)

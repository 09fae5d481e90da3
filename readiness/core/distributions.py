"""The reference distributions that rank statistics need, exact where numbers are few.

Counts are whole numbers below 2^63, so that exact distributions are exact.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from readiness.core.fuzzy import Floats

Counts = NDArray[np.int64]


def normal_critical(confidence: float) -> float:
    """The z with so much of the standard normal distribution between -z and z."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def normal_tails(z: float) -> float:
    """How much of the standard normal distribution lies beyond -z and z, z >= 0."""
    return math.erfc(z / math.sqrt(2))


def beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), 0 < x < 1, by its continued fraction.

    DLMF 8.17.22; it settles after some multiple of sqrt(max(a, b)) terms, on the nearer side of the mean.
    """
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    fraction = 1.0
    for term in range(50 + 6 * math.isqrt(int(max(a, b))), 0, -1):
        m = term // 2
        above = -(a + m) * (a + b + m) if term % 2 else m * (b - m)
        fraction = 1 + above * x / ((a + term - 1) * (a + term) * fraction)
    return math.exp(front) / (a * fraction)


@lru_cache(maxsize=256)
def fisher_quantile(probability: float, above: int, below: int) -> float:
    """The F with so much of Fisher's distribution below it, of so many degrees of freedom."""
    low, high = 0.0, 1.0
    for _ in range(52):
        middle = (low + high) / 2
        left = beta_below(middle, above / 2, below / 2) < probability
        low, high = (middle, high) if left else (low, middle)
    part = (low + high) / 2
    return part / (1 - part) * below / above


def student_critical(confidence: float, freedom: int) -> float:
    """The t with so much of Student's distribution of so many degrees of freedom between -t and t."""
    return math.sqrt(fisher_quantile(confidence, 1, freedom))


def mid_ranks(values: Floats) -> tuple[Floats, Floats]:
    """Ranks from 1 on, equal values sharing the mean of theirs, (n,); and how many share each value."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return ranks[inverse], counts.astype(float)


def signed_rank_counts(doubled: NDArray[np.int_]) -> Counts:
    """In how many of the 2^n choices of signs the positive ranks have each sum, n <= 62.

    doubled: twice the mid-ranks, (n,), whole numbers. Position s of the result is for the sum s / 2.
    """
    counts = np.zeros(int(doubled.sum()) + 1, dtype=np.int64)
    counts[0] = 1
    for rank in doubled.tolist():
        counts[rank:] += counts[:-rank].copy()
    return counts


def rank_sum_counts(doubled: NDArray[np.int_], size: int) -> Counts:
    """In how many of the choices of `size` out of n ranks they have each sum, n <= 62.

    doubled: twice the mid-ranks, (n,), whole numbers. Position s of the result is for the sum s / 2.
    The shift algorithm of Streitberg & Röhmel (1986), which minds no ties.
    """
    counts = np.zeros((size + 1, int(doubled.sum()) + 1), dtype=np.int64)
    counts[0, 0] = 1
    for rank in doubled.tolist():
        counts[1:, rank:] += counts[:-1, :-rank].copy()
    return np.asarray(counts[size])


#: Up to so many values binomial coefficients are reckoned as whole numbers.
_WHOLE = 1_000


@lru_cache(maxsize=256)
def median_rank(n: int, confidence: float) -> tuple[int, float]:
    """The largest rank r, from 1, with which the r-th of n values from below and the r-th from above
    enclose the median at least so confidently, and how confidently they do; rank 0 where none does.

    The coverage is 1 - 2 P(X < r), X binomial of n and 1/2, in whole numbers up to _WHOLE values.
    """
    if n > _WHOLE:
        return _median_rank_of_many(n, confidence)
    rank, coverage, outside, choices = 0, 1.0, 0, 1
    for at in range(n // 2 + n % 2):
        outside += choices
        choices = choices * (n - at) // (at + 1)
        inside = ((1 << n) - 2 * outside) / (1 << n)
        if inside < confidence:
            break
        rank, coverage = at + 1, inside
    return rank, coverage


def _median_rank_of_many(n: int, confidence: float) -> tuple[int, float]:
    """The same by logarithms, which is as exact as can be seen, and quick."""
    at = np.arange(n // 2, dtype=float)
    steps = np.concatenate([[-n * np.log(2)], np.log((n - at) / (at + 1))])
    inside = 1 - 2 * np.cumsum(np.exp(np.cumsum(steps)))
    rank = int((inside >= confidence).sum())
    return rank, float(inside[rank - 1]) if rank else 1.0


@lru_cache(maxsize=256)
def walsh_rank(n: int, confidence: float, exact_to: int) -> int:
    """The largest rank c, from 1, with which the c-th Walsh average of n values from below and the c-th
    from above enclose the centre at least so confidently; 0 where none does.

    By the exact distribution of the signed-rank statistic to n = `exact_to`, then by the normal one with
    correction for continuity (Hollander & Wolfe 1999, section 3.3).
    """
    if n <= exact_to:
        counts = signed_rank_counts(2 * np.arange(1, n + 1))[::2]
        outside = 2 * np.cumsum(counts) / 2.0**n
        return int((1 - outside >= confidence).sum())
    middle, spread = n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return max(math.floor(middle - normal_critical(confidence) * spread + 0.5), 0)

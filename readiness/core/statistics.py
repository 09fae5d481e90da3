"""Statistics of a cohort that its numbers can carry: below its floor a statistic is None, not a guess.

The firm is the unit. Values are indices 0-100, or anything else of one unit, in which results then are
too; NaN values are left out everywhere. Tests and sizes of differences are in readiness.core.ranktests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from readiness.core.distributions import fisher_quantile, median_rank
from readiness.core.fuzzy import EPSILON, Floats

#: From so many values on there are a median and quartiles.
QUARTILES_FROM = 5
#: From so many values on the least and the largest enclose the median with 95 % confidence.
INTERVAL_FROM = 6
#: From so many values on a percentile rank says more than a place in a row.
PERCENTILE_FROM = 10
#: Two groups are compared from so many values in each.
GROUPS_FROM = 5
#: Two rounds are compared from so many pairs: fewer cannot reach p < 0.05 whatever they say.
PAIRED_FROM = 6
#: From so many complete cases on there is a Cronbach's alpha.
ALPHA_FROM = 30


@dataclass(frozen=True)
class Quartiles:
    """The three quartiles of n values, in their unit."""

    low: float
    median: float
    high: float
    n: int


@dataclass(frozen=True)
class MedianInterval:
    """Where the median of those lies from whom the values come, in their unit."""

    low: float
    high: float
    confidence: float
    """What the interval reaches, 0-1: at least what was asked for."""


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha with its 95 % interval; not above 1, and below 0 where items contradict each other."""

    alpha: float
    low: float
    high: float
    n: int
    """Complete cases."""
    items: int


def known(values: ArrayLike) -> Floats:
    """The values that are not NaN, flat."""
    flat = np.asarray(values, dtype=float).ravel()
    return np.asarray(flat[~np.isnan(flat)])


def quartiles(values: ArrayLike) -> Quartiles | None:
    """Quartiles of 5 values or more.

    Between two values they are interpolated linearly: quantile p of n sorted values stands at position
    p (n - 1) from 0, NumPy's default (definition 7 of Hyndman & Fan 1996).
    """
    given = known(values)
    if len(given) < QUARTILES_FROM:
        return None
    low, median, high = np.quantile(given, [0.25, 0.5, 0.75]).tolist()
    return Quartiles(low, median, high, len(given))


def median_interval(values: ArrayLike, confidence: float = 0.95) -> MedianInterval | None:
    """Distribution-free interval of the median of 6 values or more, of two of the values themselves.

    The narrowest of symmetric ranks whose exact binomial coverage is at least `confidence` (Thompson 1936;
    Hahn & Meeker 1991). None also where even the least and the largest value are not so confident.
    """
    given = np.sort(known(values))
    rank, coverage = median_rank(len(given), confidence)
    if len(given) < INTERVAL_FROM or not rank:
        return None
    return MedianInterval(float(given[rank - 1]), float(given[-rank]), coverage)


def percentile(value: float, values: ArrayLike) -> float | None:
    """Percentile rank of a value among 10 values or more, 0-100.

    Mid-rank: the percentage of values below it, and half of that of values equal to it, which forgives
    floating-point noise. None also for the value NaN.
    """
    given = known(values)
    if len(given) < PERCENTILE_FROM or math.isnan(value):
        return None
    below = int((given < value - EPSILON).sum())
    above = int((given > value + EPSILON).sum())
    return 50 * (len(given) + below - above) / len(given)


def holm(p: ArrayLike) -> Floats:
    """p-values adjusted for being several, in their places (step-down, Holm 1979).

    NaN stays NaN and does not count among the tests.
    """
    given = np.asarray(p, dtype=float)
    order = np.argsort(given, axis=None)[: int((~np.isnan(given)).sum())]
    steps = given.ravel()[order] * np.arange(len(order), 0, -1)
    adjusted = np.full(given.size, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted.reshape(given.shape)


def alpha(items: ArrayLike) -> Alpha | None:
    """Cronbach's alpha (1951) of items, (n, items), over the cases without NaN; 30 of them or more.

    All items count, also one that everybody answers alike; None unless two vary, and where the sums of
    all cases are equal. The 95 % interval is Feldt's (1965): (1 - alpha) times quantiles of F of n - 1
    and (n - 1)(k - 1) degrees of freedom, k items; exact for normal items that are alike in spread and
    correlation, and a guide for others.
    """
    table = np.asarray(items, dtype=float)
    table = table[~np.isnan(table).any(axis=1)]
    n, k = table.shape
    if n < ALPHA_FROM or (np.ptp(table, axis=0) > EPSILON).sum() < 2:
        return None
    apart, together = float(table.var(axis=0, ddof=1).sum()), float(table.sum(axis=1).var(ddof=1))
    if together <= EPSILON * apart:
        return None
    # Items that agree entirely leave noise of either sign.
    rest = max(1 - k / (k - 1) * (1 - apart / together), 0.0)
    rest = rest if rest > EPSILON else 0.0
    high, low = (fisher_quantile(tail, n - 1, (n - 1) * (k - 1)) for tail in (0.025, 0.975))
    return Alpha(1 - rest, 1 - rest * low, 1 - rest * high, n, k)

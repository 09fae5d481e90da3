"""Statistics of a cohort: what the numbers can show, and nothing where they are too few.

The firm is the unit (section 6 of docs/model.md). NaN is left out everywhere; below its floor a statistic is
None. readiness.core.ranks has the distributions of the rank tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

import numpy as np

from readiness.core.fuzzy import Floats

QUARTILES_FROM = 5
INTERVAL_FROM = 6
PERCENTILE_FROM = 10
GROUPS_FROM = 5
"""In each of two groups."""
PAIRED_FROM = 6
ALPHA_FROM = 30
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Quartiles:
    """Quartiles of n values, interpolated linearly between the two nearest (Hyndman & Fan 1996, type 7)."""

    n: int
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Interval:
    """An interval, and how sure it is."""

    low: float
    high: float
    confidence: float


@dataclass(frozen=True)
class Delta:
    """Cliff's delta: how much more often a value of the first group is the higher one, -1 to 1."""

    delta: float
    low: float
    high: float


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of some items over n firms that answered them all."""

    n: int
    items: int
    alpha: float
    low: float
    high: float


def known(values: Floats) -> Floats:
    """The values that are there."""
    return np.asarray(values[~np.isnan(values)])


def quartiles(values: Floats) -> Quartiles | None:
    """Quartiles, from QUARTILES_FROM values."""
    found = known(values)
    if len(found) < QUARTILES_FROM:
        return None
    low, median, high = np.quantile(found, (0.25, 0.5, 0.75))
    return Quartiles(len(found), float(low), float(median), float(high))


def median_interval(values: Floats, confidence: float = CONFIDENCE) -> Interval | None:
    """Interval of the median between two order statistics, from INTERVAL_FROM values.

    The narrowest symmetric one that is at least so sure, by the binomial distribution: exact whatever the
    values are distributed like (Conover 1999, section 3.2). `confidence` of the result is what it reaches.
    """
    found = np.sort(known(values))
    n = len(found)
    if n < INTERVAL_FROM:
        return None
    outside, at = 0.0, 0
    while (more := outside + 2 * comb(n, at) / 2**n) <= 1 - confidence and 2 * (at + 1) < n:
        outside, at = more, at + 1
    if at == 0:
        return None
    return Interval(float(found[at - 1]), float(found[n - at]), 1 - outside)


def percentile(value: float, values: Floats) -> float | None:
    """Percentile rank of a value among PERCENTILE_FROM or more, 0-100; half of its equals count."""
    found = known(values)
    if len(found) < PERCENTILE_FROM or np.isnan(value):
        return None
    return float(100 * ((found < value).sum() + (found == value).sum() / 2) / len(found))


def cliffs_delta(first: Floats, second: Floats) -> Delta | None:
    """Cliff's delta of two groups of GROUPS_FROM or more, with its asymmetric 95 % interval.

    Consistent variance and interval of Cliff (1996), as Feng & Cliff (2004) recommend for small groups. Where
    every value of one group is above every one of the other the variance says nothing; then the interval
    reaches from what the smaller group can show, as in the R package effsize: (n - z^2) / (n + z^2).
    """
    a, b = known(first), known(second)
    n, m = len(a), len(b)
    if min(n, m) < GROUPS_FROM:
        return None
    ordered_a, ordered_b = np.sort(a), np.sort(b)
    rows = (np.searchsorted(ordered_b, a, "left") - (m - np.searchsorted(ordered_b, a, "right"))) / m
    columns = ((n - np.searchsorted(ordered_a, b, "right")) - np.searchsorted(ordered_a, b, "left")) / n
    delta = float(rows.mean())
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    if abs(delta) == 1:
        edge = (min(n, m) - z * z) / (min(n, m) + z * z)
        return Delta(delta, *((edge, 1.0) if delta > 0 else (-1.0, -edge)))
    ties = float((np.searchsorted(ordered_b, a, "right") - np.searchsorted(ordered_b, a, "left")).sum())
    squares = n * m - ties - n * m * delta * delta
    spread_a, spread_b = ((rows - delta) ** 2).sum(), ((columns - delta) ** 2).sum()
    variance = (m * m * spread_a + n * n * spread_b - squares) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - delta * delta) / (n * m - 1))
    middle = delta - delta**3
    reach = z * sqrt(variance) * sqrt((1 - delta * delta) ** 2 + z * z * variance)
    scale = 1 - delta * delta + z * z * variance
    return Delta(delta, float(max((middle - reach) / scale, -1)), float(min((middle + reach) / scale, 1)))


def holm(p: Floats) -> Floats:
    """Holm's (1979) adjustment of several p-values; NaN stays NaN and does not count."""
    adjusted = np.full(len(p), np.nan)
    order = [at for at in np.argsort(p, kind="stable") if not np.isnan(p[at])]
    least = 0.0
    for passed, at in enumerate(order):
        least = max(least, min(1.0, float(p[at]) * (len(order) - passed)))
        adjusted[at] = least
    return adjusted


def alpha(items: Floats) -> Alpha | None:
    """Cronbach's (1951) alpha of items over firms, (n, items), from ALPHA_FROM firms without a gap.

    The interval is Bonett's (2002), for ln(1 - alpha). None too for fewer than two items, or where nothing
    varies.
    """
    whole = items[~np.isnan(items).any(axis=1)]
    n, k = whole.shape
    if n < ALPHA_FROM or k < 2:
        return None
    total = whole.sum(axis=1).var(ddof=1)
    if total == 0:
        return None
    value = float(k / (k - 1) * (1 - whole.var(axis=0, ddof=1).sum() / total))
    if value >= 1:
        return Alpha(n, k, 1.0, 1.0, 1.0)
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    reach = z * sqrt(2 * k / ((k - 1) * (n - 2)))
    middle = np.log(1 - value)
    return Alpha(n, k, value, float(1 - np.exp(middle + reach)), float(1 - np.exp(middle - reach)))

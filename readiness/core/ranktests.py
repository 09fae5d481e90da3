"""Differences of two groups or two rounds by ranks: how large, how sure, and whether by chance.

Nothing here supposes a distribution. NaN values are left out; below its floor (readiness.core.statistics)
a result is None. Signs: positive where `a` tends to be higher than `b`, or `after` than `before`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from readiness.core.distributions import (
    mid_ranks,
    normal_tails,
    rank_sum_counts,
    signed_rank_counts,
    student_critical,
    walsh_rank,
)
from readiness.core.fuzzy import Floats
from readiness.core.statistics import GROUPS_FROM, PAIRED_FROM, known

#: Two groups of at most so many each are tested by their exact distribution.
EXACT_GROUPS = 25
#: So many pairs, equal ones left out, are tested by their exact distribution.
EXACT_PAIRS = 50
#: Sizes of a Cliff's delta, each below its mark (Romano, Kromrey, Coraggio & Skowronek 2006).
NEGLIGIBLE, SMALL, MEDIUM, LARGE = "negligible", "small", "medium", "large"
_SIZES = ((0.147, NEGLIGIBLE), (0.33, SMALL), (0.474, MEDIUM))


@dataclass(frozen=True)
class Delta:
    """Cliff's delta, -1 to 1, with its 95 % interval."""

    delta: float
    """P(a > b) - P(a < b) of a value of either group."""
    low: float
    high: float

    @property
    def size(self) -> str:
        """In a word, whatever the sign."""
        return next((size for below, size in _SIZES if abs(self.delta) < below), LARGE)


@dataclass(frozen=True)
class Shift:
    """Hodges-Lehmann shift of n differences with its interval, in their unit."""

    shift: float
    low: float
    high: float
    n: int


def cliffs_delta(a: ArrayLike, b: ArrayLike) -> Delta | None:
    """Cliff's delta of two groups of 5 or more each (Cliff 1993), of independent values.

    The 95 % interval is the asymmetric one of Cliff (1996) by the unbiased variance, but not less than
    (1 - d²) / (nm - 1), and Student's t of n + m - 2 degrees of freedom (Feng & Cliff 2004). Where the
    groups do not overlap at all, |d| = 1, it ends there, and its other end is (s - t²) / (s + t²) of the
    smaller group's s values, as Feng & Cliff and the R package orddom have it.
    """
    one, other = np.sort(known(a)), np.sort(known(b))
    n, m = len(one), len(other)
    if min(n, m) < GROUPS_FROM:
        return None
    below, not_above = np.searchsorted(other, one), np.searchsorted(other, one, "right")
    rows = (below + not_above - m) / m
    columns = (n - np.searchsorted(one, other) - np.searchsorted(one, other, "right")) / n
    wins, losses = int(below.sum()), int((m - not_above).sum())
    delta = (wins - losses) / (n * m)
    t = student_critical(0.95, n + m - 2)
    if abs(wins - losses) == n * m:
        end = (min(n, m) - t * t) / (min(n, m) + t * t)
        return Delta(delta, end if delta > 0 else -1.0, 1.0 if delta > 0 else -end)
    # Over all pairs (d_ij - d)² sums to the number of pairs that are not equal, less the mean's part.
    pairs = wins + losses - n * m * delta**2
    spread = m**2 * float(((rows - delta) ** 2).sum()) + n**2 * float(((columns - delta) ** 2).sum())
    variance = (spread - pairs) / (n * m * (n - 1) * (m - 1))
    return _asymmetric(delta, max(variance, (1 - delta**2) / (n * m - 1)), t)


def _asymmetric(delta: float, variance: float, t: float) -> Delta:
    """Delta with Cliff's interval."""
    rest, blur = 1 - delta**2, t * t * variance
    centre, reach = delta * rest, math.sqrt(blur * (rest**2 + blur))
    low, high = (centre - reach) / (rest + blur), (centre + reach) / (rest + blur)
    return Delta(delta, max(low, -1.0), min(high, 1.0))


def rank_sum(a: ArrayLike, b: ArrayLike) -> float | None:
    """Two-sided p of the rank-sum test of two groups of 5 or more each (Wilcoxon 1945; Mann & Whitney 1947).

    Groups of up to 25 each: the probability, over all ways to deal the values out, equal ones included,
    of a rank sum as far from the expected one as theirs. Larger ones: normal, corrected for ties and
    continuity. 1 where all values are equal.
    """
    one, other = known(a), known(b)
    n, m = len(one), len(other)
    if min(n, m) < GROUPS_FROM:
        return None
    ranks, ties = mid_ranks(np.concatenate([one, other]))
    away = abs(float(ranks[:n].sum()) - n * (n + m + 1) / 2)
    if max(n, m) <= EXACT_GROUPS:
        counts = rank_sum_counts(_doubled(ranks), n)
        return _beyond(counts, n * (n + m + 1) / 2, away)
    total = n + m
    variance = n * m / 12 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1)))
    return _normal(away, variance)


def signed_rank(differences: ArrayLike) -> float | None:
    """Two-sided p of the signed-rank test of 6 pairs or more (Wilcoxon 1945).

    Differences of 0 are left out of the test after the pairs are counted. Up to 50 that remain: exact,
    over all signs of the mid-ranks; more: normal, corrected for ties and continuity. 1 where none remains.
    """
    given = known(differences)
    if len(given) < PAIRED_FROM:
        return None
    given = given[given != 0]
    n = len(given)
    ranks, ties = mid_ranks(np.abs(given))
    away = abs(float(ranks[given > 0].sum()) - n * (n + 1) / 4)
    if n <= EXACT_PAIRS:
        return _beyond(signed_rank_counts(_doubled(ranks)), n * (n + 1) / 4, away)
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((ties**3 - ties).sum()) / 48
    return _normal(away, variance)


def leaning(differences: ArrayLike) -> int:
    """To which side the signed ranks lean: 1, -1, or 0 where both sides weigh the same."""
    given = known(differences)
    ranks, _ = mid_ranks(np.abs(given[given != 0]))
    return int(np.sign((ranks * np.sign(given[given != 0])).sum()))


def _doubled(ranks: Floats) -> NDArray[np.int_]:
    return np.rint(2 * ranks).astype(int)


def _beyond(counts: NDArray[np.int64], expected: float, away: float) -> float:
    """Part of the counts, of the sums 0, 1/2, 1 …, at least so far from the expected sum."""
    far = np.abs(np.arange(len(counts)) / 2 - expected) >= away
    return int(counts[far].sum()) / int(counts.sum())


def _normal(away: float, variance: float) -> float:
    return normal_tails(max(away - 0.5, 0) / math.sqrt(variance)) if variance > 0 else 1.0


def hodges_lehmann(differences: ArrayLike, confidence: float = 0.95) -> Shift | None:
    """Hodges-Lehmann (1963) shift of 6 differences or more: the median of their Walsh averages.

    These are the means of every two differences and of each with itself, n (n + 1) / 2. The interval goes
    from the c-th of them from below to the c-th from above (Tukey 1949), c by the exact signed-rank
    distribution up to 50 differences, then by the normal one. Zeros count as differences. The interval
    is without end where n is too small for the confidence asked for.
    """
    given = np.sort(known(differences))
    n = len(given)
    if n < PAIRED_FROM:
        return None
    averages = n * (n + 1) // 2
    shift = (_walsh(given, (averages + 1) // 2) + _walsh(given, averages // 2 + 1)) / 2
    rank = walsh_rank(n, confidence, EXACT_PAIRS)
    if not rank:
        return Shift(shift, -math.inf, math.inf, n)
    return Shift(shift, _walsh(given, rank), _walsh(given, averages + 1 - rank), n)


def _walsh(given: Floats, rank: int) -> float:
    """The Walsh average of this rank, from 1, of sorted values.

    Averages are counted, not listed (ten thousand values have fifty million): a bound is bisected until
    no two averages that differ by more than noise can lie about it; the largest one within is it.
    """
    rows = np.arange(len(given))

    def within(bound: float) -> NDArray[np.int_]:
        """How many averages of each row, of a value with itself and those after it, are not above."""
        return np.asarray(np.maximum(np.searchsorted(given, 2 * bound - given, "right") - rows, 0))

    noise = 1e-14 * float(np.abs(given).max())
    low, high = float(given[0]) - 2 * noise, float(given[-1]) + 2 * noise
    while high - low > 2 * noise:
        middle = (low + high) / 2
        low, high = (low, middle) if within(middle).sum() >= rank else (middle, high)
    counts = within(high)
    some = counts > 0
    return float((given[some] + given[rows[some] + counts[some] - 1]).max() / 2)

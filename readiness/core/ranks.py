"""Rank tests and the shift between two rounds, by their exact distributions where firms are few."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from readiness.core.fuzzy import Floats
from readiness.core.statistics import CONFIDENCE, GROUPS_FROM, PAIRED_FROM, known

#: Up to so many values a distribution is counted out; beyond it is close to normal.
EXACT = 50
#: Up to so many pairs every average of two is looked at; beyond, the median is closed in on.
_ALL_AVERAGES = 1_500


@dataclass(frozen=True)
class Shift:
    """How far n pairs moved: the Hodges-Lehmann estimate with its interval."""

    n: int
    shift: float
    low: float
    high: float
    confidence: float


def mid_ranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing their mean rank."""
    ordered = np.sort(values)
    before, upto = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    return np.asarray((before + upto + 1) / 2)


def _subset_sums(ranks: Floats) -> tuple[Floats, int]:
    """How likely each sum of a random subset of the ranks is, in steps of 1 / the second."""
    scale = 1 if (ranks == np.rint(ranks)).all() else 2
    steps = np.rint(ranks * scale).astype(int)
    chance = np.zeros(int(steps.sum()) + 1)
    chance[0] = 1.0
    for step in steps:
        moved = np.zeros_like(chance)
        moved[step:] = chance[: len(chance) - step]
        chance = (chance + moved) / 2
    return chance, scale


def signed_rank(differences: Floats) -> float | None:
    """Two-sided p of the Wilcoxon (1945) signed-rank test of PAIRED_FROM or more differences.

    Zeros are dropped, equal ones share their ranks; the permutation distribution is counted out up to EXACT,
    beyond it is taken as normal with corrections for ties and continuity. Without any difference p is 1.
    """
    found = known(differences)
    if len(found) < PAIRED_FROM:
        return None
    moved = found[found != 0]
    n = len(moved)
    if n == 0:
        return 1.0
    ranks = mid_ranks(np.round(np.abs(moved), 12))
    up = float(ranks[moved > 0].sum())
    least = min(up, float(ranks.sum()) - up)
    if n <= EXACT:
        chance, scale = _subset_sums(ranks)
        return min(1.0, 2 * float(chance[: round(least * scale) + 1].sum()))
    spread = sqrt(float((ranks**2).sum()) / 4)
    return min(1.0, 2 * NormalDist().cdf((least + 0.5 - float(ranks.sum()) / 2) / spread))


def rank_sum(first: Floats, second: Floats) -> float | None:
    """Two-sided p of the Wilcoxon-Mann-Whitney test of two groups of GROUPS_FROM or more.

    Counted out where the smaller group has at most 20 and both together at most EXACT values, also with equal
    ones; else taken as normal with corrections for ties and continuity.
    """
    a, b = known(first), known(second)
    n, m = len(a), len(b)
    if min(n, m) < GROUPS_FROM:
        return None
    ranks = mid_ranks(np.round(np.concatenate([a, b]), 12))
    sums, middle = float(ranks[:n].sum()), n * (n + m + 1) / 2
    if min(n, m) <= 20 and n + m <= EXACT:
        return _counted(ranks, min(n, m), abs(sums - middle))
    ordered = np.unique(ranks, return_counts=True)[1].astype(float)
    ties = float((ordered**3 - ordered).sum()) / ((n + m) * (n + m - 1))
    spread = sqrt(n * m / 12 * (n + m + 1 - ties))
    if spread == 0:
        return 1.0
    return min(1.0, 2 * NormalDist().cdf(-(max(abs(sums - middle) - 0.5, 0)) / spread))


def _counted(ranks: Floats, size: int, away: float) -> float:
    """Share of all choices of so many ranks whose sum is at least so far from its mean."""
    steps = np.rint(ranks * 2).astype(int)
    ways = np.zeros((size + 1, int(steps.sum()) + 1))
    ways[0, 0] = 1.0
    for step in steps:
        ways[1:, step:] += ways[:-1, : ways.shape[1] - step].copy()
    chosen = ways[size] / ways[size].sum()
    sums = np.arange(len(chosen)) / 2
    return min(1.0, float(chosen[np.abs(sums - size * (len(ranks) + 1) / 2) >= away - 1e-9].sum()))


def hodges_lehmann(differences: Floats) -> Shift | None:
    """The median of all averages of two differences (Hodges & Lehmann 1963), from PAIRED_FROM of them.

    The interval holds the shifts that the signed-rank test would not reject (Hollander & Wolfe 1999, 3.3),
    by its exact distribution without ties up to EXACT, beyond by the normal one.
    """
    found = np.sort(known(differences))
    n = len(found)
    if n < PAIRED_FROM:
        return None
    count = n * (n + 1) // 2
    cut, sure = _cut(n)
    middle = ((count - 1) // 2, count // 2)
    low, high, *centre = _averages(found, (cut - 1, count - cut, *middle))
    return Shift(n, float(np.mean(centre)), low, high, sure)


def _cut(n: int) -> tuple[int, float]:
    """Which average from either end, counted from 1, the interval ends at, and how sure it then is."""
    if n <= EXACT:
        chance, _ = _subset_sums(np.arange(1.0, n + 1))
        below = np.cumsum(chance)
        cut = int(np.searchsorted(below, (1 - CONFIDENCE) / 2, "right"))
        return cut, 1 - 2 * float(below[cut - 1])
    spread = sqrt(n * (n + 1) * (2 * n + 1) / 24)
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * spread
    return max(int(n * (n + 1) / 4 - reach), 1), CONFIDENCE


def _averages(ordered: Floats, places: tuple[int, ...]) -> list[float]:
    """The averages of two at some places of their order, each value with itself counted too."""
    n = len(ordered)
    if n <= _ALL_AVERAGES:
        upper = np.triu_indices(n)
        every = np.sort((ordered[upper[0]] + ordered[upper[1]]) / 2)
        return [float(every[place]) for place in places]
    return [_closed_in(ordered, place) for place in places]


def _closed_in(ordered: Floats, place: int) -> float:
    """The same for many: halve the span that holds the average until nothing is between its ends."""
    low, high = float(ordered[0]), float(ordered[-1])
    for _ in range(60):
        middle = (low + high) / 2
        if _not_above(ordered, middle) > place:
            high = middle
        else:
            low = middle
    return high


def _not_above(ordered: Floats, limit: float) -> int:
    """How many averages of two are at most so high."""
    partners = np.searchsorted(ordered, 2 * limit - ordered, "right")
    itself = np.arange(len(ordered))
    return int(np.maximum(partners - itself, 0).sum())

"""The fewest one-step answer changes that move a weighted score far enough: exact, by dynamic
programming over the number of steps (the gains of a scale's steps are neither equal nor concave,
so taking the largest first is not exact).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from readiness.core.fuzzy import EPSILON, Floats


def gains_from(worth: Floats, term: int, upward: bool) -> Floats:
    """What 0, 1, 2... steps from a term gain, up or down a scale of which each term has a worth."""
    reachable = worth[term:] if upward else worth[term::-1]
    return np.asarray(reachable - reachable[0])


def fewest_steps(gains: Sequence[Floats], needed: float) -> list[int] | None:
    """Steps to take on each item so that their gains reach `needed` with the fewest steps in all.

    gains[i][j] is the total gain of j steps on item i, gains[i][0] = 0. Among the solutions with
    the fewest steps the one with the greatest gain is returned. None if `needed` is out of reach;
    floating-point noise does not put it there.
    """
    if needed <= EPSILON:
        return [0] * len(gains)
    if sum(float(gain.max()) for gain in gains) < needed - EPSILON:
        return None
    longest = sum(len(gain) - 1 for gain in gains)
    limit = 1
    while True:
        best, chosen = _best_by_steps(gains, limit)
        reached = np.flatnonzero(best >= needed - EPSILON)
        if reached.size:
            return _trace(chosen, int(reached[0]))
        if limit >= longest:
            return None
        limit = min(2 * limit, longest)


def _best_by_steps(gains: Sequence[Floats], limit: int) -> tuple[Floats, list[np.ndarray]]:
    """Greatest gain of exactly s steps for s in 0..limit, and each item's share in it."""
    best = np.full(limit + 1, -np.inf)
    best[0] = 0
    chosen = []
    for gain in gains:
        share = np.zeros(limit + 1, dtype=np.int64)
        after = best.copy()
        for step in range(1, min(len(gain), limit + 1)):
            candidate = best[: limit + 1 - step] + gain[step]
            better = candidate > after[step:] + 1e-12
            after[step:][better] = candidate[better]
            share[step:][better] = step
        best = after
        chosen.append(share)
    return best, chosen


def _trace(chosen: list[np.ndarray], steps: int) -> list[int]:
    taken = []
    for share in reversed(chosen):
        taken.append(int(share[steps]))
        steps -= taken[-1]
    return taken[::-1]

"""Whether single units could be worked out from everything that was released: an audit by linear algebra.

It trusts nothing of how releases are put together. For each variable the unknowns are the numbers of units
of each group in each category; every shown number, every sum of numbers that were left out and the size of
each group is an equation, taken as exact although it was rounded. What the equations determine is what
somebody could work out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from readiness.core.cohort import Bools
from readiness.core.fuzzy import Floats
from readiness.core.ledger import Group, Past

_ZERO = 1e-8


def solvable(key: str, size: int, groups: Sequence[Group], releases: Sequence[Past], floor: int) -> bool:
    """Whether the releases give away units in a variable of so many categories.

    They do where a number of a group of fewer than `floor` units is determined, and where the number of a
    category is that holds all or all but one of a group: who knows one of its units would know them all.
    """
    shown = {number: past.shown[key] for number, past in enumerate(releases) if key in past.shown}
    free = _free(size, groups, shown)
    for at, group in enumerate(groups):
        fixed: Bools = np.abs(free[at * size : (at + 1) * size]).max(axis=1, initial=0) <= _ZERO
        counts = group.counts.get(key)
        if counts is None or len(counts) != size:
            counts = (len(group),) * size
        if fixed.any() and (len(group) < floor or (fixed & (np.array(counts) >= len(group) - 1)).any()):
            return True
    return False


def _free(size: int, groups: Sequence[Group], shown: dict[int, tuple[bool, ...]]) -> Floats:
    """A basis of what can vary while every equation holds, (groups * size, freedoms)."""
    rows: list[Floats] = [
        _cross(_one(len(groups), at), np.ones(size, dtype=np.float64)) for at in range(len(groups))
    ]
    for number, categories in shown.items():
        inside: Floats = np.array([number in group.releases for group in groups], dtype=float)
        seen = np.array(categories)
        rows += [_cross(inside, _one(size, int(category))) for category in np.flatnonzero(seen)]
        rows.append(_cross(inside, (~seen).astype(np.float64)))
    _, values, vectors = np.linalg.svd(np.array(rows), full_matrices=True)
    rank = int((values > _ZERO * max(1.0, values[0])).sum())
    return np.asarray(vectors[rank:].T)


def _cross(groups: Floats, categories: Floats) -> Floats:
    """An equation over all unknowns: which groups and which categories it adds up."""
    return np.asarray(np.outer(groups, categories).ravel(), dtype=np.float64)


def _one(size: int, at: int) -> Floats:
    made: Floats = np.zeros(size)
    made[at] = 1
    return made

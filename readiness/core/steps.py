"""The fewest one-step answer changes that move a weighted score far enough: exact, and quick for many raters.

The gains of a scale's steps are neither equal nor concave, so taking the largest first is not exact. It is a
knapsack problem with several choices an item. Its linear relaxation bounds what any number of steps can
gain, and prices a step; at that price each choice has a loss against the best one, and the losses of a
solution must fit into what the bound leaves over. So few items can differ from their best choice that
dynamic programming over these alone decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.core.fuzzy import EPSILON, Floats


def gains_from(worth: Floats, term: int, upward: bool) -> Floats:
    """What 0, 1, 2... steps from a term gain, up or down a scale of which each term has a worth."""
    reachable = worth[term:] if upward else worth[term::-1]
    return np.asarray(reachable - reachable[0])


@dataclass(frozen=True)
class _Kind:
    """Items that gain alike."""

    gain: Floats
    items: tuple[int, ...]

    def envelope(self) -> Iterator[tuple[float, int]]:
        """Slope and length of each segment of the gains' upper concave envelope, steepest first."""
        at, last = 0, len(self.gain) - 1
        while at < last:
            slopes = (self.gain[at + 1 :] - self.gain[at]) / np.arange(1, last - at + 1)
            length = int(np.flatnonzero(slopes >= slopes.max() - 1e-12)[-1]) + 1
            yield float(slopes[length - 1]), length
            at += length


def _kinds(gains: Sequence[Floats]) -> list[_Kind]:
    same: dict[int, list[int]] = {}  # first the very same arrays, which callers share, then equal ones
    for at, gain in enumerate(gains):
        same.setdefault(id(gain), []).append(at)
    alike: dict[bytes, list[int]] = {}
    for items in same.values():
        alike.setdefault(np.asarray(gains[items[0]], dtype=float).tobytes(), []).extend(items)
    return [_Kind(np.asarray(gains[items[0]], dtype=float), tuple(items)) for items in alike.values()]


@dataclass(frozen=True)
class _Bound:
    """The linear relaxation: what any number of steps can gain at most."""

    slopes: Floats
    """Gain of a step on each segment, steepest first."""
    steps: Floats
    """Steps up to the beginning of each segment, and to the end of the last."""
    gained: Floats
    """The same of the gain."""

    def fewest(self, needed: float) -> int:
        """The fewest steps that could do; there must be enough to gain."""
        target = needed - EPSILON
        end = int(np.searchsorted(self.gained, target))
        further = np.ceil((target - self.gained[end - 1]) / self.slopes[end - 1] - EPSILON)
        return int(min(self.steps[end - 1] + further, self.steps[end]))

    def at(self, steps: int) -> float:
        """The most that so many steps could gain."""
        return float(np.interp(steps, self.steps, self.gained))

    def price(self, steps: int) -> float:
        """What a step is worth when so many are taken."""
        return float(self.slopes[int(np.searchsorted(self.steps, steps)) - 1])


def _bound(kinds: Sequence[_Kind]) -> _Bound:
    segments = [(slope, length * len(kind.items)) for kind in kinds for slope, length in kind.envelope()]
    segments.sort(key=lambda segment: -segment[0])
    slopes = np.array([slope for slope, _ in segments])
    steps = np.array([steps for _, steps in segments], dtype=float)
    return _Bound(slopes, np.append(0, np.cumsum(steps)), np.append(0, np.cumsum(slopes * steps)))


@dataclass(frozen=True)
class _Group:
    """Items of one kind that make the same choice, and what else each of them could choose."""

    items: tuple[int, ...]
    choice: int
    others: tuple[tuple[int, float], ...]
    """Steps more or less than the choice, and the loss of taking these instead."""


#: Losses below this are ties.
_TIE = 1e-12


def _groups(kinds: Sequence[_Kind], price: float, steps: int, slack: float) -> tuple[list[_Group], int]:
    """The best choice of every item at a price, and how many steps are missing; ties take steps first."""
    losses = []
    for kind in kinds:
        value = kind.gain - price * np.arange(len(kind.gain))
        losses.append(value.max() - value)
    best = [int(np.flatnonzero(loss <= _TIE)[0]) for loss in losses]
    missing = steps - sum(at * len(kind.items) for at, kind in zip(best, kinds, strict=True))
    groups = []
    for kind, loss, at in zip(kinds, losses, best, strict=True):
        tie = int(np.flatnonzero(loss <= _TIE)[-1])
        raised = min(len(kind.items), missing // (tie - at)) if tie > at else 0
        missing -= raised * (tie - at)
        for items, choice in ((kind.items[:raised], tie), (kind.items[raised:], at)):
            others = ((other - choice, float(loss[other])) for other in range(len(loss)) if other != choice)
            groups.append(_Group(items, choice, tuple(one for one in others if one[1] <= slack)))
    return [group for group in groups if group.items], missing


def _turns(groups: Sequence[_Group], missing: int, slack: float) -> Iterator[int]:
    """Groups that may differ from their choice, each as often as it can pay.

    More differences than there are sums on the way to what is missing would go in a circle somewhere, and
    leaving the circle out loses nothing.
    """
    longest = max((abs(step) for group in groups for step, _ in group.others), default=0)
    for at, group in enumerate(groups):
        if group.others:
            least = min(lost for _, lost in group.others)
            often = min(len(group.items), longest + max(missing, longest))
            yield from [at] * (often if least * often <= slack else int(slack / least))


def _differences(groups: Sequence[_Group], missing: int, slack: float) -> list[list[int]] | None:
    """How the items of each group differ from their choice, with the least loss; None if beyond the slack."""
    turns = list(_turns(groups, missing, slack))
    low = sum(min(0, *(step for step, _ in groups[at].others)) for at in turns)
    high = sum(max(0, *(step for step, _ in groups[at].others)) for at in turns)
    if not low <= missing <= high:
        return None
    # Further away than the rest can bring back leads nowhere.
    low, high = max(low, missing - high), min(high, missing - low)
    lost = np.full(high - low + 1, np.inf)
    lost[-low] = 0
    choices = []
    for at in turns:
        after, choice = lost.copy(), np.zeros(len(lost), dtype=np.int64)
        for step, loss in groups[at].others:
            if abs(step) < len(lost):
                moved = np.full(len(lost), np.inf)
                kept = slice(max(-step, 0), len(lost) - max(step, 0))
                moved[max(step, 0) : len(lost) + min(step, 0)] = lost[kept] + loss
                better = moved < after - _TIE
                after[better], choice[better] = moved[better], step
        lost = after
        choices.append(choice)
    if lost[missing - low] > slack:
        return None
    found: list[list[int]] = [[] for _ in groups]
    place = missing - low
    for at, choice in zip(reversed(turns), reversed(choices), strict=True):
        step = int(choice[place])
        place -= step
        if step:
            found[at].append(step)
    return found


def fewest_steps(gains: Sequence[Floats], needed: float) -> list[int] | None:
    """Steps to take on each item so that their gains reach `needed` with the fewest steps in all.

    gains[i][j] is the total gain of j steps on item i, gains[i][0] = 0, never falling. Among the solutions
    with the fewest steps one with the greatest gain is returned. None if `needed` is out of reach;
    floating-point noise does not put it there.
    """
    if needed <= EPSILON:
        return [0] * len(gains)
    kinds = _kinds(gains)
    bound = _bound(kinds)
    if bound.gained[-1] < needed - EPSILON:
        return None
    for steps in range(bound.fewest(needed), int(bound.steps[-1]) + 1):
        price = bound.price(steps)
        slack = bound.at(steps) - needed + EPSILON
        groups, missing = _groups(kinds, price, steps, slack)
        differences = _differences(groups, missing, slack)
        if differences is not None:
            taken = [0] * len(gains)
            for group, others in zip(groups, differences, strict=True):
                for place, item in enumerate(group.items):
                    taken[item] = group.choice + (others[place] if place < len(others) else 0)
            return taken
    return None

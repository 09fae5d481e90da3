"""Who in a cohort might suit whom: firms strong where others are weak, and rivals with complementary gaps.

Both kinds are candidates to talk, not a judgement on either firm. Networking partners complement one another
whatever their field; coopetition partners are of the same field, and both must have the groundwork that the
gate of the route asks for (section 5 of docs/model.md): partners, trust, knowing rivals, settling conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core.fuzzy import EPSILON, TERM_INDEX, TERMS, Floats
from readiness.core.model import Model
from readiness.core.panel import Panel

NETWORKING, COOPETITION = "networking", "coopetition"
#: The field that says no field.
OTHER = "other"
#: From this index on a firm is strong in a component, and below the other weak. Judgement, not findings.
STRONG, WEAK = 65.0, 45.0
#: So many pairs are proposed for one firm and for the whole cohort.
EACH, ALL = 5, 50
#: So many pairs are put in order at first; more only where those do not do.
_SOME = 2_000


@dataclass(frozen=True)
class Pair:
    """Two firms that might suit one another, by their places; the first has the lower place."""

    kind: str
    first: int
    second: int
    score: float
    """Index points that one is ahead where the other is weak, weighted by importance and summed up."""
    first_gives: tuple[int, ...]
    """Components in which the first is strong and the second weak, the largest distance first."""
    second_gives: tuple[int, ...]


def pairs(found: Panel, sectors: Sequence[str | None], gates: Floats) -> tuple[Pair, ...]:
    """The best pairs of n firms of both kinds, the best first; ties by place.

    `gates` are the firms' gates, (n,), NaN where none is known. A networking pair complements one another one
    way or, better, both ways; a coopetition pair both ways.
    """
    complement = _complement(found)
    both = np.minimum(complement, complement.T)
    fields = [sector for sector in dict.fromkeys(sectors) if sector and sector != OTHER]
    field = np.array([fields.index(sector) if sector in fields else -1 for sector in sectors], dtype=int)
    rivals = (field[:, None] == field[None, :]) & (field >= 0)[:, None]
    opened = np.nan_to_num(gates, nan=-1.0) >= found.model.judgement.route_gate - EPSILON
    may = rivals & opened[:, None] & opened[None, :]
    total = complement + complement.T
    return (
        *_best(found, COOPETITION, np.where(may & (both > 0), total, 0)),
        *_best(found, NETWORKING, np.where(rivals, 0, total + both)),
    )


def gates_of(model: Model, found: Panel) -> Floats:
    """The gate of each firm from its raters' mean index of the gate's indicators, (n,)."""
    rows = [model.numbers.index(number) for number in model.gate]
    weights = model.importance[rows]
    values = np.where(found.codes[rows] < len(TERMS), TERM_INDEX[np.minimum(found.codes[rows], 4)], np.nan)
    for place, codes in found.several.items():
        answers = np.where(codes[:, rows] < len(TERMS), TERM_INDEX[np.minimum(codes[:, rows], 4)], np.nan)
        known = ~np.isnan(answers)
        sums = np.where(known, answers, 0).sum(axis=0)
        values[:, place] = np.where(known.any(axis=0), sums / np.maximum(known.sum(axis=0), 1), np.nan)
    turned = model.is_reversed[rows][:, None]
    values = np.where(turned, 100 - values, values)
    known = ~np.isnan(values)
    total = (weights[:, None] * known).sum(axis=0)
    sums = (weights[:, None] * np.where(known, values, 0)).sum(axis=0)
    return np.asarray(np.where(total > 0, sums / np.where(total > 0, total, 1), np.nan))


def _complement(found: Panel) -> Floats:
    """By how much each firm (rows) is ahead where each other (columns) is weak, (n, n)."""
    n = found.index.shape[1]
    made = np.zeros((n, n))
    for at, row in enumerate(found.index):
        strong = np.nan_to_num(row, nan=-1.0) >= STRONG - EPSILON
        weak = np.nan_to_num(row, nan=101.0) < WEAK
        ahead = np.nan_to_num(row)[:, None] - np.nan_to_num(row)[None, :]
        made += _weight(found.model, at) * np.where(strong[:, None] & weak[None, :], ahead, 0)
    return made


def _weight(model: Model, at: int) -> float:
    """Mean importance of a component's indicators."""
    rows = [row for row, item in enumerate(model.indicators) if item.component == model.components[at]]
    return float(model.importance[rows].mean())


def _best(found: Panel, kind: str, scores: Floats) -> list[Pair]:
    """The pairs with the highest scores, at most EACH of a firm and ALL of them."""
    taken: NDArray[np.int_] = np.zeros(scores.shape[0], dtype=int)
    made: list[Pair] = []
    for one, other in _from_the_best(np.round(np.triu(scores, 1), 9)):
        if len(made) == ALL:
            break
        if max(taken[one], taken[other]) < EACH:
            taken[[one, other]] += 1
            gives = _gives(found, one, other), _gives(found, other, one)
            made.append(Pair(kind, one, other, float(scores[one, other]), *gives))
    return made


def _from_the_best(scores: Floats) -> Iterator[tuple[int, int]]:
    """Places of what is above zero, the highest first, ties by place; sorted as far as is asked for."""
    ceiling, some = np.inf, _SOME
    left = int((scores > 0).sum())
    while left:
        below = scores[(scores > 0) & (scores < ceiling)]
        floor = np.partition(below, -some)[-some] if len(below) > some else 0.0
        first, second = np.nonzero((scores > 0) & (scores < ceiling) & (scores >= floor))
        order = np.lexsort((second, first, -scores[first, second]))
        yield from zip(first[order].tolist(), second[order].tolist(), strict=True)
        left, ceiling, some = left - len(first), floor, some * 8


def _gives(found: Panel, strong: int, weak: int) -> tuple[int, ...]:
    """Components in which one firm is strong and the other weak, the largest distance first."""
    ahead, behind = found.index[:, strong], found.index[:, weak]
    fits = (np.nan_to_num(ahead, nan=-1.0) >= STRONG - EPSILON) & (np.nan_to_num(behind, nan=101.0) < WEAK)
    places = np.flatnonzero(fits)
    return tuple(sorted(places.tolist(), key=lambda at: (behind[at] - ahead[at], at)))

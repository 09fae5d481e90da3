"""Disclosure control: what may be said of a set of firms so that nobody can work out a single one.

One-way tables only. In a table small numbers are left out, and with them enough others that they cannot
be had by subtraction (Cox 1980; Hundepool et al. 2012, Statistical Disclosure Control); every number is
rounded. Across everything that an organisation has ever released, the units that were in exactly the same
releases form groups, none of them ever smaller than the floor: no difference of two tables is about fewer.
A variable in which all of a group, or all but one, are alike is withheld (Machanavajjhala et al. 2007). In
the end readiness.core.solvable audits the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core import ledger as keeping
from readiness.core.fuzzy import Floats
from readiness.core.ledger import Group as Group
from readiness.core.ledger import Ledger as Ledger
from readiness.core.ledger import Past
from readiness.core.solvable import solvable

FLOOR = 5
#: Every published number is a multiple of this.
STEP = 5


@dataclass(frozen=True)
class Variable:
    """Something that every unit has exactly one category of."""

    key: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The units by category."""

    counts: tuple[int | None, ...]
    """Rounded; None where the number is left out."""
    withheld: str = ""
    """Why the whole table is not shown: large (nearly all are alike), few (every number is small), alike
    (it would tell of a group that earlier releases set apart); empty where it is shown."""

    @property
    def shown(self) -> tuple[bool, ...]:
        """Which categories are shown."""
        return tuple(number is not None for number in self.counts)


@dataclass(frozen=True)
class Release:
    """What may go out."""

    kept: tuple[int, ...]
    """Places of the units that are in it."""
    held_back: int
    """Number of units that are not."""
    total: int
    """Number of units in it, rounded."""
    tables: Mapping[str, Table]
    """By key of the variable."""
    ledger: Ledger
    """Every release with this one."""


@dataclass(frozen=True)
class Refusal:
    """Why nothing may go out."""

    reason: str
    """too_few, unchanged or solvable."""
    variable: str = ""


def rounded(number: float) -> int:
    """To the nearest multiple of STEP, halves up."""
    return int(STEP * np.floor(number / STEP + 0.5))


def quartiles_rounded(values: Floats, floor: int = FLOOR) -> tuple[int, int, int] | None:
    """Quartiles of an index 0-100, rounded; None for fewer than twice the floor. NaN does not count."""
    known = values[~np.isnan(values)]
    if len(known) < 2 * floor:
        return None
    low, median, high = np.quantile(known, (0.25, 0.5, 0.75))
    return rounded(low), rounded(median), rounded(high)


def protect(counts: Sequence[int], floor: int = FLOOR) -> Table:
    """A table of whole numbers with everything left out that its size alone forbids to show."""
    total = sum(counts)
    if max(counts, default=0) > total - floor:
        return _withheld(len(counts), "large")
    hidden = {at for at, number in enumerate(counts) if number < floor}
    rest = sorted(set(range(len(counts))) - hidden, key=lambda at: (counts[at], at))
    while hidden and rest and (len(hidden) < 2 or sum(counts[at] for at in hidden) < floor):
        hidden.add(rest.pop(0))
    if not rest:
        return _withheld(len(counts), "few")
    return Table(tuple(None if at in hidden else rounded(number) for at, number in enumerate(counts)))


def _withheld(size: int, why: str) -> Table:
    return Table((None,) * size, why)


def release(
    variables: Sequence[Variable],
    marks: Sequence[str],
    codes: NDArray[np.int_],
    ledger: Ledger,
    series: str,
    floor: int = FLOOR,
) -> Release | Refusal:
    """What may go out of n units, given everything that went out before.

    `marks` are the n units, `codes` their category of each variable, (variables, n); `series` is what the
    release is one of, such as a cohort. Raises ValueError for a floor below FLOOR, LedgerError where a unit
    has changed under its mark.
    """
    if floor < FLOOR:
        raise ValueError(f"the floor is at least {FLOOR}")
    place = {mark: at for at, mark in enumerate(marks)}
    kept = _kept(frozenset(place), ledger, floor)
    last = ledger.last(series)
    if len(kept) < 2 * floor:
        return Refusal("too_few")
    if last is not None and len(kept ^ last) < floor:
        return Refusal("unchanged")
    sizes = {one.key: len(one.categories) for one in variables}
    groups = _groups(kept, place, ledger, sizes, codes)
    chosen = [place[mark] for mark in sorted(kept)]
    tables = _tables(sizes, keeping.count(sizes, codes, chosen), groups, kept, ledger, floor)
    shown = {key: table.shown for key, table in tables.items() if not table.withheld}
    number = len(ledger.releases)
    made = Ledger((*ledger.releases, Past(series, shown)), keeping.after(groups, kept, number))
    for key, size in sizes.items():
        if key in shown and solvable(key, size, made.groups, made.releases, floor):
            return Refusal("solvable", key)
    return Release(tuple(sorted(chosen)), len(marks) - len(kept), rounded(len(kept)), tables, made)


def _kept(marks: frozenset[str], ledger: Ledger, floor: int) -> frozenset[str]:
    """The units that may be in the next release so that no group falls into a part smaller than the floor."""
    kept: set[str] = set()
    for group in ledger.groups:
        here = sorted(group.marks & marks)
        gone = len(group) - len(here)
        if 0 < gone < floor:
            here = here[floor - gone :]
        kept |= set(here) if len(here) >= floor else set()
    new = marks - ledger.marks
    return frozenset(kept | new) if len(new) >= floor else frozenset(kept)


def _groups(
    kept: frozenset[str],
    place: Mapping[str, int],
    ledger: Ledger,
    sizes: Mapping[str, int],
    codes: NDArray[np.int_],
) -> list[Group]:
    """The groups of the next release, before it is noted in them."""
    places = {mark: place[mark] for mark in kept}
    parts = [part for group in ledger.groups for part in keeping.split(group, places, sizes, codes)]
    new = kept - ledger.marks
    if new:
        counts = keeping.count(sizes, codes, [place[mark] for mark in sorted(new)])
        parts.append(Group(frozenset(new), frozenset(), counts))
    return parts


def _tables(
    sizes: Mapping[str, int],
    counts: Mapping[str, tuple[int, ...]],
    groups: Sequence[Group],
    kept: frozenset[str],
    ledger: Ledger,
    floor: int,
) -> dict[str, Table]:
    before = {group.marks for group in ledger.groups}
    told = [group for group in groups if group.marks <= kept or group.marks not in before]
    tables = {key: protect(counts[key], floor) for key in sizes}
    return {
        key: _withheld(sizes[key], "alike") if not table.withheld and _alike(key, told) else table
        for key, table in tables.items()
    }


def _alike(key: str, groups: Sequence[Group]) -> bool:
    """Whether in some group all units, or all but one, are in one category, as far as is known."""
    return any(max(group.counts.get(key, (len(group),))) >= len(group) - 1 for group in groups)

"""Somebody who works at finding single firms in what was published, with everything an outsider can know.

The attacker knows which units are in which release, the rules by which numbers are left out, every number
that was shown, and perhaps all about one unit. A unit is found out in a variable if it is in the same
category in every world that fits. Units that were in the same releases cannot be told apart, so a world is a
number of units for each group and category, and integer programming says which worlds there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from readiness.core.disclosure import FLOOR, Table

Codes = NDArray[np.int_]


@dataclass(frozen=True)
class Seen:
    """A release as it can be read, and, for an attacker who is told more, the numbers before rounding."""

    units: frozenset[int]
    tables: Sequence[Table]
    """One a variable."""
    exact: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Found:
    """A unit that was found out."""

    variable: int
    group: int
    category: int
    knowing: int | None
    """The unit about which all was known."""


class Attacker:
    """Attacks some releases of units whose true categories are `codes`, (variables, units)."""

    def __init__(
        self, releases: Sequence[Seen], codes: Codes, told_exact: bool, careful: bool = True
    ) -> None:
        self.releases, self.codes, self.told_exact, self.careful = releases, codes, told_exact, careful
        """`careful`: numbers are left out by our rules; else those below the floor and no others."""
        inside = {
            unit: tuple(unit in one.units for one in releases)
            for unit in sorted(frozenset().union(*(one.units for one in releases)))
        }
        ordered = sorted(inside, key=lambda unit: inside[unit])
        self.groups = [list(units) for _, units in groupby(ordered, key=lambda unit: inside[unit])]

    def finds(self, knowing_one: bool) -> Iterator[Found]:
        """Every group of which some unit is found out, knowing nobody and then each that could help."""
        for variable, categories in enumerate(self.codes):
            for group, units in enumerate(self.groups):
                yield from self._in_group(variable, group, categories[units], knowing_one)

    def _in_group(self, variable: int, group: int, own: Codes, knowing_one: bool) -> Iterator[Found]:
        # The truth is a world that fits: only where all of the others are alike can they be found out.
        for category in np.unique(own):
            alike = int((own == category).sum())
            if alike == len(own) and self._sure(variable, group, int(category), len(own), None):
                yield Found(variable, group, int(category), None)
            if not knowing_one or alike < len(own) - 1:
                continue
            for known in self._worth_knowing(variable, group, int(category), alike < len(own)):
                in_it = known in self.groups[group]
                rest = len(own) - in_it
                if rest and self._sure(variable, group, int(category), rest, known):
                    yield Found(variable, group, int(category), known)

    def _worth_knowing(self, variable: int, group: int, category: int, odd: bool) -> Iterator[int]:
        """One unit of each group and category; within the group the odd one if there is one."""
        for at, units in enumerate(self.groups):
            seen: set[int] = set()
            for unit in units:
                own = int(self.codes[variable, unit])
                fits = own != category if at == group and odd else at == group or not odd
                if fits and own not in seen:
                    seen.add(own)
                    yield unit

    def _sure(self, variable: int, group: int, category: int, rest: int, known: int | None) -> bool:
        """Whether in every world so many units of the group, beside the known one, are in the category."""
        size = int(self._size(variable))
        cost = np.zeros(len(self.groups) * size)
        cost[group * size + category] = 1
        least = np.zeros_like(cost)
        own = 0
        if known is not None:
            at = next(at for at, units in enumerate(self.groups) if known in units)
            least[at * size + int(self.codes[variable, known])] = 1
            own = int(at == group and int(self.codes[variable, known]) == category)
        found = milp(
            cost,
            integrality=np.ones_like(cost),
            bounds=Bounds(least, np.inf),
            constraints=self._world(variable),
        )
        assert found.success, "the truth fits"
        return round(found.fun) - own >= rest

    def _size(self, variable: int) -> int:
        return len(self.releases[0].tables[variable].counts)

    def _world(self, variable: int) -> LinearConstraint:
        """What every world must fit."""
        size, rows, low, high = self._size(variable), [], [], []

        def must(
            groups: NDArray[np.float64], categories: NDArray[np.float64], least: float, most: float
        ) -> None:
            rows.append(np.outer(groups, categories).ravel())
            low.append(least)
            high.append(most)

        for at, units in enumerate(self.groups):
            must(np.eye(len(self.groups))[at], np.ones(size), len(units), len(units))
        for one in self.releases:
            table = one.tables[variable]
            if table.withheld:
                continue
            inside = np.array([float(units[0] in one.units) for units in self.groups])
            shown = [number for number in table.counts if number is not None]
            for category, number in enumerate(table.counts):
                is_it = np.eye(size)[category]
                if number is None:
                    most = max(FLOOR - 1, min(shown) + 2) if self.careful else FLOOR - 1
                    must(inside, is_it, 0, most)
                elif self.told_exact:
                    must(inside, is_it, one.exact[variable][category], one.exact[variable][category])
                else:
                    must(inside, is_it, max(FLOOR, number - 2), number + 2)
            if self.careful:
                for category in range(size):
                    must(inside, np.eye(size)[category], 0, len(one.units) - FLOOR)
            if self.careful and None in table.counts:
                hidden = np.array([float(number is None) for number in table.counts])
                must(inside, hidden, FLOOR, np.inf)
        return LinearConstraint(np.array(rows), low, high)

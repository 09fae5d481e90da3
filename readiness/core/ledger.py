"""What was ever released of which units: kept by groups of units, so that it says nothing of a single one.

A unit is one firm with one finished round, known by a mark that leads to no firm. A group holds the units
that were in exactly the same releases; of each group only counts are kept. When a later release takes a part
of a group, the part that is still here is counted, and the other has what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = Mapping[str, tuple[int, ...]]
"""Number of units by variable and category; a variable that is not in it is not known."""
_FORMAT = 1


class LedgerError(ValueError):
    """What is kept of earlier releases does not fit the units of today."""


@dataclass(frozen=True)
class Group:
    """Units that were in the same releases."""

    marks: frozenset[str]
    releases: frozenset[int]
    """Places in `Ledger.releases`."""
    counts: Counts

    def __len__(self) -> int:
        return len(self.marks)


@dataclass(frozen=True)
class Past:
    """One release."""

    series: str
    shown: Mapping[str, tuple[bool, ...]]
    """Which categories were shown, by variable; a variable that was withheld is not in it."""


@dataclass(frozen=True)
class Ledger:
    """Every release of an organisation, and the groups of the units that were in any."""

    releases: tuple[Past, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def marks(self) -> frozenset[str]:
        """Every unit that was in any release."""
        return frozenset().union(*(group.marks for group in self.groups))

    def last(self, series: str) -> frozenset[str] | None:
        """The units of the latest release of a series; None if there was none."""
        places = [at for at, past in enumerate(self.releases) if past.series == series]
        if not places:
            return None
        return frozenset().union(*(group.marks for group in self.groups if places[-1] in group.releases))

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "format": _FORMAT,
            "releases": [{"series": past.series, "shown": past.shown} for past in self.releases],
            "groups": [
                {"marks": sorted(group.marks), "releases": sorted(group.releases), "counts": group.counts}
                for group in self.groups
            ],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Ledger:
        """From what `to_json` made. Raises LedgerError."""
        if values["format"] != _FORMAT:
            raise LedgerError(f"a ledger of format {values['format']} is not known")
        return cls(
            tuple(
                Past(one["series"], {key: tuple(shown) for key, shown in one["shown"].items()})
                for one in values["releases"]
            ),
            tuple(
                Group(
                    frozenset(one["marks"]),
                    frozenset(one["releases"]),
                    {key: tuple(counts) for key, counts in one["counts"].items()},
                )
                for one in values["groups"]
            ),
        )


def count(
    sizes: Mapping[str, int], codes: NDArray[np.int_], chosen: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """Units at some places, counted by variable and category; `sizes` is the number of categories of each."""
    return {
        key: tuple(np.bincount(codes[at, chosen], minlength=size).tolist())
        for at, (key, size) in enumerate(sizes.items())
    }


def split(
    group: Group, kept: Mapping[str, int], sizes: Mapping[str, int], codes: NDArray[np.int_]
) -> list[Group]:
    """A group by whether its units are in the next release, which `kept` gives by mark with their places.

    Raises LedgerError where a unit has changed under its mark.
    """
    inside = sorted(group.marks & kept.keys())
    taken = count(sizes, codes, [kept[mark] for mark in inside])
    left = {
        key: tuple(a - b for a, b in zip(before, taken[key], strict=True))
        for key, before in group.counts.items()
        if key in taken and len(before) == sizes[key]
    }
    if any(number < 0 for counts in left.values() for number in counts):
        raise LedgerError("a unit that was released before has changed under the same mark")
    out = frozenset(group.marks - kept.keys())
    parts = [Group(frozenset(inside), group.releases, taken), Group(out, group.releases, left)]
    return [part for part in parts if part.marks]


def after(groups: Iterable[Group], kept: frozenset[str], number: int) -> tuple[Group, ...]:
    """The groups with the release of this number noted in those that are in it."""
    return tuple(
        Group(group.marks, group.releases | {number}, group.counts) if group.marks <= kept else group
        for group in groups
    )

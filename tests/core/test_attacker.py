"""Nobody can be found in what was published: not over snapshots, not knowing one firm, not told more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from readiness.core import disclosure
from readiness.core.disclosure import FLOOR, Ledger, Release, Table, Variable
from tests.core.attacker import Attacker, Seen

Codes = NDArray[np.int_]
#: Nine components in bands, sector, size, age, path, route and six indicators, as unevenly as firms fall.
CHANCES = (
    *((0.14, 0.38, 0.34, 0.12, 0.02),) * 9,
    (0.35, 0.22, 0.15, 0.12, 0.07, 0.05, 0.03, 0.01),
    (0.5, 0.35, 0.12, 0.03),
    (0.2, 0.3, 0.3, 0.18, 0.02),
    (0.3, 0.28, 0.12, 0.05, 0.05, 0.2),
    (0.1, 0.25, 0.25, 0.25, 0.15),
    *((0.45, 0.55), (0.12, 0.88), (0.8, 0.2)) * 2,
)
VARIABLES = tuple(Variable(f"v{at}", tuple("abcdefgh"[: len(one)])) for at, one in enumerate(CHANCES))
Publish = Callable[[Codes, list[int], Ledger, str], tuple[Seen, Ledger] | None]


def firms(luck: np.random.Generator, count: int) -> Codes:
    """Categories of firms that go together as a good and a weak firm's do, (variables, count)."""
    quality = luck.normal(size=count)
    rows = []
    for one in CHANCES:
        rank = (quality * 0.6 + luck.normal(size=count) * 0.8).argsort().argsort() / count
        rows.append(
            np.searchsorted(np.cumsum(one)[:-1], np.clip(rank + luck.normal(0, 0.05, count), 0, 0.999))
        )
    return np.array(rows)


def carefully(codes: Codes, units: list[int], ledger: Ledger, series: str) -> tuple[Seen, Ledger] | None:
    made = disclosure.release(VARIABLES, [f"m{unit:05}" for unit in units], codes[:, units], ledger, series)
    if not isinstance(made, Release):
        return None
    kept = [units[at] for at in made.kept]
    return Seen(frozenset(kept), list(made.tables.values()), counts(codes, kept)), made.ledger


def counts(codes: Codes, units: Sequence[int]) -> list[list[int]]:
    return [
        np.bincount(row[list(units)], minlength=len(one)).tolist()
        for row, one in zip(codes, CHANCES, strict=True)
    ]


def hiding_small_numbers(codes: Codes, units: list[int], ledger: Ledger, series: str) -> tuple[Seen, Ledger]:
    """What many do: leave out numbers below the floor, and think no further."""
    del series
    exact = counts(codes, units)
    tables = [Table(tuple(None if number < FLOOR else number for number in row)) for row in exact]
    return Seen(frozenset(units), tables, exact), ledger


@dataclass
class Programme:
    """A programme's cohort of sixty over three snapshots, and another cohort that shares half of it."""

    luck: np.random.Generator
    publish: Publish
    seen: list[Seen] = field(default_factory=list)
    refused: int = 0

    def run(self) -> Codes:
        """Everything that is published; the categories of all units that there ever were."""
        codes, members = firms(self.luck, 200), list(range(60))
        fresh = iter(range(60, 200))
        other = [*range(0, 60, 2), *(next(fresh) for _ in range(30))]
        ledger = self._publish(codes, members, Ledger(), "spring")
        for snapshot in range(2):
            members = self._change(members, fresh)
            if snapshot == 0:
                ledger = self._publish(codes, other, ledger, "autumn")
            ledger = self._publish(codes, members, ledger, "spring")
        return codes

    def _change(self, members: list[int], fresh: Iterator[int]) -> list[int]:
        leave, anew, join = self.luck.integers(0, 9), self.luck.integers(0, 9), self.luck.integers(0, 16)
        stay = self.luck.permutation(members)[leave + anew :].tolist()
        return sorted([*stay, *(next(fresh) for _ in range(anew + join))])

    def _publish(self, codes: Codes, units: list[int], ledger: Ledger, series: str) -> Ledger:
        made = self.publish(codes, units, ledger, series)
        if made is None:
            self.refused += 1
            return ledger
        self.seen.append(made[0])
        return made[1]


def run(seed: int, publish: Publish) -> tuple[Programme, Codes]:
    programme = Programme(np.random.default_rng(seed), publish)
    return programme, programme.run()


@pytest.mark.parametrize("part", range(8))
def test_no_firm_is_found_in_two_hundred_programmes(
    part: int, record_property: Callable[[str, object], None]
) -> None:
    shown = refused = 0
    for seed in range(25 * part, 25 * part + 25):
        programme, codes = run(seed, carefully)
        # Every world that fits the exact numbers fits the rounded ones too: who is told more finds more.
        found = list(Attacker(programme.seen, codes, told_exact=True).finds(knowing_one=True))
        assert not found, (seed, found)
        shown += sum(not table.withheld for one in programme.seen for table in one.tables)
        refused += programme.refused
    assert shown > 25 * 2 * len(CHANCES), "and much of what there is to say is said"
    says = (
        f"disclosure: 25 programmes attacked, {shown} tables shown, {refused} releases refused, no firm found"
    )
    record_property("says", says)


def test_the_attacker_finds_firms_where_only_small_numbers_are_hidden(
    record_property: Callable[[str, object], None],
) -> None:
    found = 0
    for seed in range(40):
        programme, codes = run(seed, hiding_small_numbers)
        attacker = Attacker(programme.seen, codes, told_exact=True, careful=False)
        found += next(attacker.finds(knowing_one=True), None) is not None
    record_property(
        "says", f"disclosure: only hiding small numbers gives firms away in {found} of 40 programmes"
    )
    assert found > 14


def test_the_attacker_finds_a_firm_that_a_difference_gives_away() -> None:
    codes = np.array([[0, 1] * 6 + [1]])
    both = [
        Seen(frozenset(range(12)), [Table((6, 6))], [[6, 6]]),
        Seen(frozenset(range(13)), [Table((6, 7))], [[6, 7]]),
    ]

    assert next(Attacker(both, codes, told_exact=True).finds(knowing_one=False)).category == 1
    assert list(Attacker(both[:1], codes[:, :12], told_exact=True).finds(knowing_one=True)) == []

"""What may be said of a set of firms so that nobody can work out a single one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from readiness.core import disclosure
from readiness.core.disclosure import Ledger, Refusal, Release, Variable, protect
from readiness.core.ledger import Group, LedgerError, Past
from readiness.core.solvable import solvable

VARIABLES = (Variable("sector", ("a", "b", "c", "unknown")), Variable("size", ("s", "m", "l")))


def some(count: int, seed: int = 1) -> NDArray[np.int_]:
    luck = np.random.default_rng(seed)
    return np.array([luck.choice(4, count, p=[0.4, 0.3, 0.2, 0.1]), luck.choice(3, count, p=[0.5, 0.3, 0.2])])


def release(
    units: range | list[int], ledger: Ledger, codes: NDArray[np.int_], series: str = "spring"
) -> Release | Refusal:
    """A release of some of the units whose categories are given."""
    marks = [f"m{unit:04}" for unit in units]
    return disclosure.release(VARIABLES, marks, codes[:, list(units)], ledger, series)


def made(*args: object) -> Release:
    found = release(*args)  # type: ignore[arg-type]
    assert isinstance(found, Release), found
    return found


@given(st.lists(st.integers(0, 60), min_size=2, max_size=9))
def test_a_table_shows_no_small_number_and_leaves_out_enough_others(counts: list[int]) -> None:
    table, total = protect(counts), sum(counts)

    shown = [at for at, number in enumerate(table.counts) if number is not None]
    hidden = [at for at in range(len(counts)) if at not in shown]
    assert all(counts[at] >= 5 and abs(counts[at] - (table.counts[at] or 0)) <= 2 for at in shown)
    if table.withheld:
        assert not shown
        assert table.withheld != "large" or max(counts) > total - 5
    else:
        assert shown and max(counts) <= total - 5
        assert not hidden or (len(hidden) > 1 and sum(counts[at] for at in hidden) >= 5)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((20, 20, 20), (20, 20, 20)),
        ((20, 12, 3), (20, None, None)),
        ((20, 18, 2, 4), (20, 20, None, None)),
        ((20, 18, 1, 2), (20, None, None, None)),
        ((20, 18, 0), (20, None, None)),
        ((40, 2, 2), (None, None, None)),
        ((4, 4, 4, 4), (None,) * 4),
    ],
)
def test_what_is_left_out_of_a_table(counts: tuple[int, ...], shown: tuple[int | None, ...]) -> None:
    assert protect(counts).counts == shown


def test_fewer_than_ten_units_are_never_released() -> None:
    codes = some(20)

    assert release(range(9), Ledger(), codes) == Refusal("too_few")
    assert isinstance(release(range(10), Ledger(), codes), Release)


def test_a_release_that_changes_fewer_units_than_the_floor_is_refused() -> None:
    codes = some(60)
    first = made(range(40), Ledger(), codes)

    for units in (range(40), range(44)):
        assert release(units, first.ledger, codes) == Refusal("unchanged")
    assert made(range(45), first.ledger, codes).held_back == 0


def test_new_units_are_held_back_until_they_are_enough() -> None:
    codes = some(80)
    first = made(range(40), Ledger(), codes)
    second = made([*range(6, 40), *range(50, 53)], first.ledger, codes)

    assert second.held_back == 3, "the six that left are enough; the three that came are not"
    assert len(second.kept) == 34


def test_where_few_leave_others_are_left_out_with_them() -> None:
    codes = some(80)
    first = made(range(40), Ledger(), codes)

    second = made([*range(2, 40), *range(50, 60)], first.ledger, codes)

    assert second.held_back == 3 and len(second.kept) == 45
    sizes = sorted(len(group) for group in second.ledger.groups)
    assert sizes == [5, 10, 35]


def test_a_variable_is_withheld_where_those_who_came_are_alike_in_it() -> None:
    codes = some(60)
    codes[0, 40:50] = 2
    codes[0, 49] = 1
    first = made(range(40), Ledger(), codes)

    second = made(range(50), first.ledger, codes)

    assert second.tables["sector"].withheld == "alike"
    assert not second.tables["size"].withheld
    third = made(range(60), second.ledger, codes)
    assert third.tables["sector"].withheld == "alike", "those who came then are still a group of their own"


def test_a_variable_is_withheld_where_those_who_left_were_alike_in_it() -> None:
    codes = some(60)
    codes[0, :8] = 2
    first = made(range(50), Ledger(), codes)

    second = made(range(8, 50), first.ledger, codes)

    assert second.tables["sector"].withheld == "alike"
    assert not second.tables["size"].withheld


def test_another_cohort_of_the_same_organisation_counts() -> None:
    codes = some(80)
    first = made(range(40), Ledger(), codes)

    second = made(range(3, 60), first.ledger, codes, "autumn")

    assert second.held_back == 2, "with the three that are in the first alone, five"


def test_what_is_kept_survives_json_and_says_nothing_of_single_units() -> None:
    codes = some(80)
    second = made(range(10, 60), made(range(40), Ledger(), codes).ledger, codes)
    kept = second.ledger.to_json()

    assert Ledger.from_json(kept) == second.ledger
    assert min(sum(counts) for group in kept["groups"] for counts in group["counts"].values()) >= 5
    with pytest.raises(LedgerError):
        Ledger.from_json(kept | {"format": 99})


def test_a_unit_that_changed_under_its_mark_is_noticed() -> None:
    codes = some(60)
    codes[0, :30] = [0] * 10 + [1] * 10 + [2] * 10
    first = made(range(30), Ledger(), codes)
    other = codes.copy()
    other[0, :30] = 3

    with pytest.raises(LedgerError):
        release(range(45), first.ledger, other)


def test_a_variable_that_is_new_is_withheld_until_nobody_of_before_is_missing() -> None:
    codes = some(60)
    first = disclosure.release(
        VARIABLES[:1], [f"m{u:04}" for u in range(40)], codes[:1, :40], Ledger(), "spring"
    )
    assert isinstance(first, Release)

    assert made(range(50), first.ledger, codes).tables["size"].withheld == ""
    assert made(range(10, 40), first.ledger, codes).tables["size"].withheld == "alike"


def test_the_audit_finds_what_was_released_without_care() -> None:
    whole = Group(frozenset("abcdefghijk"), frozenset({0, 1}), {"v": (6, 5)})
    one = Group(frozenset("z"), frozenset({1}), {"v": (1, 0)})
    careless = [Past("s", {"v": (True, True)})] * 2

    assert solvable("v", 2, [whole, one], careless, 5)
    assert not solvable("v", 2, [whole], careless[:1], 5)
    alike = Group(frozenset("tuvwxyz"), frozenset({1}), {"v": (7, 0)})
    assert solvable("v", 2, [whole, alike], careless, 5)
    assert not solvable("v", 2, [whole, alike], [careless[0], Past("s", {})], 5)


def test_a_floor_below_five_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        disclosure.release(VARIABLES, [], some(0), Ledger(), "spring", 4)


def test_quartiles_are_rounded_and_need_ten() -> None:
    values = np.array([np.nan, *range(10, 100, 9)])

    assert disclosure.quartiles_rounded(values) == (30, 50, 70)
    assert disclosure.quartiles_rounded(values[:10]) is None

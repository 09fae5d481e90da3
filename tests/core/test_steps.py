"""The fewest steps that raise a sum far enough, against trying everything."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.fuzzy import Floats
from readiness.core.steps import fewest_steps
from tests.core.strategies import examples

#: Whole-number gains of up to four steps, never falling: sums are exact.
ladders = st.lists(
    st.lists(st.integers(0, 40), max_size=4).map(
        lambda rises: np.array([0, *itertools.accumulate(rises)], dtype=float)
    ),
    max_size=5,
)


def gain_of(gains: list[Floats], taken: tuple[int, ...] | list[int]) -> float:
    return sum(float(gain[steps]) for gain, steps in zip(gains, taken, strict=True))


def by_trying_everything(gains: list[Floats], needed: float) -> tuple[int, float] | None:
    """The fewest steps that suffice, and the most that so many steps can gain."""
    tries = list(itertools.product(*(range(len(gain)) for gain in gains)))
    enough = [sum(taken) for taken in tries if gain_of(gains, taken) >= needed]
    if not enough:
        return None
    return min(enough), max(gain_of(gains, taken) for taken in tries if sum(taken) == min(enough))


@examples(300)
@given(ladders, st.integers(1, 200))
def test_nothing_gets_there_in_fewer_steps_nor_further_in_as_many(gains: list[Floats], needed: int) -> None:
    expected = by_trying_everything(gains, needed)

    taken = fewest_steps(gains, needed)

    if expected is None:
        assert taken is None
    else:
        assert taken is not None
        assert (sum(taken), gain_of(gains, taken)) == expected


@examples(200)
@given(ladders, st.data())
def test_a_sum_is_reached_that_is_needed_to_the_last_digit(gains: list[Floats], data: st.DataObject) -> None:
    chosen = [data.draw(st.integers(0, len(gain) - 1)) for gain in gains]

    taken = fewest_steps(gains, gain_of(gains, chosen))

    assert taken is not None
    assert sum(taken) <= sum(chosen)
    assert gain_of(gains, taken) >= gain_of(gains, chosen)


def test_need_at_the_very_edge_of_reach_is_answered_whatever_the_order_of_adding_up() -> None:
    """Adding up in another order differs in the last digit, which must not decide nor crash."""
    luck = np.random.default_rng(4)
    for _ in range(300):
        gains = [np.append(0, np.cumsum(luck.random(4))) for _ in range(luck.integers(1, 12))]
        whole = sum(float(gain[-1]) for gain in gains)
        taken = fewest_steps(gains, whole + 1e-9)
        assert taken is None or taken == [4] * len(gains)
        assert fewest_steps(gains, whole + 1e-12) == [4] * len(gains)


def test_one_tolerance_decides_what_suffices() -> None:
    """Two steps gain a whole; a need that is missed by more than noise takes the next two as well."""
    flat_then_up = np.array([0.0, 0, 1])

    assert fewest_steps([flat_then_up] * 3, 1 + 0.9e-9) == [2, 0, 0]
    assert fewest_steps([flat_then_up] * 3, 1 + 1.5e-9) == [2, 2, 0]


def test_a_late_large_step_beats_an_early_one() -> None:
    # The largest first step (5) leads to 5 + 6 in two; the second step of the other item leads to 20
    assert fewest_steps([np.array([0.0, 5, 6]), np.array([0.0, 1, 20])], 15) == [0, 2]


@pytest.mark.parametrize("needed", [0, -3])
def test_where_nothing_is_needed_no_step_is_taken(needed: float) -> None:
    assert fewest_steps([np.array([0.0, 1]), np.array([0.0, 1])], needed) == [0, 0]


def test_what_all_steps_together_do_not_reach_is_out_of_reach() -> None:
    assert fewest_steps([np.array([0.0, 1]), np.array([0.0, 2])], 3.01) is None


def test_all_steps_together_are_taken_where_only_all_suffice() -> None:
    assert fewest_steps([np.array([0.0, 1, 2]), np.array([0.0, 2])], 4) == [2, 1]


def test_an_item_at_the_end_of_its_scale_takes_no_step() -> None:
    assert fewest_steps([np.array([0.0]), np.array([0.0, 2])], 1) == [0, 1]


def test_nothing_to_move_reaches_nothing() -> None:
    assert fewest_steps([], 1) is None
    assert fewest_steps([], 0) == []


def by_every_number_of_steps(gains: list[Floats], needed: float) -> tuple[int, float] | None:
    """The same by plain dynamic programming: the most that exactly so many steps gain, item by item."""
    most = np.zeros(1)
    for gain in gains:
        longer = np.full(len(most) + len(gain) - 1, -np.inf)
        for steps, gained in enumerate(gain):
            part = longer[steps : steps + len(most)]
            np.maximum(part, most + gained, out=part)
        most = longer
    enough = np.flatnonzero(most >= needed - 1e-9)
    return (int(enough[0]), float(most[enough[0]])) if enough.size else None


@examples(250)
@given(st.data())
def test_many_raters_of_few_minds_get_the_same_answer_as_plain_dynamic_programming(
    data: st.DataObject,
) -> None:
    """Many items alike, as raters' answers are, on scales whose steps are neither equal nor concave."""
    scales = [[0, 20, 50, 80, 100], [0, 2, 3, 7, 8], [0, 0, 5, 5, 9], [0, 1, 2, 3, 4]]
    scale = np.array(data.draw(st.sampled_from(scales)), dtype=float)
    weights = data.draw(st.lists(st.sampled_from([0.5, 0.7, 0.7778, 0.8333]), min_size=1, max_size=5))
    terms = st.lists(st.integers(0, 4), min_size=1, max_size=25)
    gains = [(scale[term:] - scale[term]) * weight for weight in weights for term in data.draw(terms)]
    whole = sum(float(gain[-1]) for gain in gains)
    needed = data.draw(st.floats(0.001, 1)) * whole
    if data.draw(st.booleans()):  # exactly on the border
        chosen = [data.draw(st.integers(0, len(gain) - 1)) for gain in gains]
        needed = gain_of(gains, chosen)

    taken = fewest_steps(gains, needed)

    expected = by_every_number_of_steps(gains, needed) if needed > 1e-9 else (0, 0.0)
    if expected is None:
        assert taken is None
    else:
        assert taken is not None
        assert sum(taken) == expected[0]
        assert gain_of(gains, taken) == pytest.approx(expected[1], abs=1e-9)

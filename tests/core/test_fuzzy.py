"""Triangular fuzzy numbers: worked values, properties, and two other libraries as witnesses."""

import itertools

import numpy as np
import pytest
import skfuzzy
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyfdm.group import aggregate
from pyfdm.methods import fWSM
from pyfdm.TFN import TFN
from pyfdm.utils import vertex_distance

from readiness.core import fuzzy
from readiness.core.fuzzy import TERM_TFN, TERMS, Floats
from tests.core.strategies import examples, term_lists, terms, triples, unit

counts = arrays(np.int64, 5, elements=st.integers(0, 20)).filter(lambda found: found.sum() > 0)


# Worked values


def test_the_terms_are_those_of_the_rules_lowest_first() -> None:
    assert TERMS == ("VL", "L", "M", "H", "VH")
    assert TERM_TFN.tolist() == [
        [0, 0, 0.25],
        [0, 0.25, 0.5],
        [0.25, 0.5, 0.75],
        [0.5, 0.75, 1],
        [0.75, 1, 1],
    ]


def test_the_terms_stand_at_0_20_50_80_100() -> None:
    assert fuzzy.index(fuzzy.crisp(TERM_TFN)) == pytest.approx([0, 20, 50, 80, 100], abs=1e-12)


def test_the_mean_of_counts_is_worked_by_hand() -> None:
    # 2 VL, 1 M, 1 VH: l = (0+0+.25+.75)/4, m = (0+0+.5+1)/4, u = (.25+.25+.75+1)/4
    assert fuzzy.mean_of_counts(np.array([2, 0, 1, 0, 1])) == pytest.approx([0.25, 0.375, 0.5625])


def test_the_weighted_mean_is_worked_by_hand() -> None:
    # (3 * H + 1 * VL) / 4
    assert fuzzy.weighted_mean(TERM_TFN[[3, 0]], np.array([3.0, 1.0])) == pytest.approx(
        [0.375, 0.5625, 0.8125]
    )


def test_the_distance_is_worked_by_hand() -> None:
    # VL to L: (0, .25, .25), so the root of .125 / 3
    assert fuzzy.distance(TERM_TFN[0], TERM_TFN[1]) == pytest.approx((0.125 / 3) ** 0.5)
    # M to H is a shift by a quarter
    assert fuzzy.distance(TERM_TFN[2], TERM_TFN[3]) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        # L reads l + m = .25 between VL's 0 and VH's 1.75, and m + u = .75 between .25 and 2
        (0.0, 100 * 0.25 / 1.75),
        (1.0, 100 * 0.5 / 1.75),
        # half-way: (l + 2m + u) / 4 = .25 between 1/16 and 15/16
        (0.5, 100 * 0.1875 / 0.875),
    ],
)
def test_the_index_at_a_band_position_is_worked_by_hand(position: float, expected: float) -> None:
    assert fuzzy.index_at(TERM_TFN[1], position) == pytest.approx(expected)


@pytest.mark.parametrize("position", [0, 0.25, 0.5, 0.75, 1])
def test_the_scale_keeps_its_ends_at_every_band_position(position: float) -> None:
    assert fuzzy.index_at(TERM_TFN[[0, 4]], position) == pytest.approx([0, 100])


# The nearest term


def between(low: str, share: float) -> Floats:
    """The TFN so far along the way from a term to the next higher one."""
    at = TERMS.index(low)
    return (1 - share) * TERM_TFN[at] + share * TERM_TFN[at + 1]


def named(tfn: Floats, within: float = 0.05) -> tuple[str, str | None]:
    first, second = (int(found) for found in fuzzy.nearest_terms(tfn, within))
    return TERMS[first], None if second < 0 else TERMS[second]


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_nearest_to_itself_and_borders_on_nothing(term: str) -> None:
    assert named(TERM_TFN[TERMS.index(term)]) == (term, None)


@pytest.mark.parametrize(("low", "high"), list(itertools.pairwise(TERMS)))
def test_half_way_between_two_terms_is_the_lower_bordering_the_higher(low: str, high: str) -> None:
    assert named(between(low, 0.5)) == (low, high)


@pytest.mark.parametrize(
    ("share", "expected"),
    # From M to H the distances are .25 share and .25 (1 - share): they differ by .05 at 2/5 and at 3/5
    [
        (0.4, ("M", None)),
        (0.4001, ("M", "H")),
        (0.5001, ("H", "M")),
        (0.5999, ("H", "M")),
        (0.6, ("H", None)),
    ],
)
def test_a_difference_of_exactly_five_hundredths_no_longer_borders(
    share: float, expected: tuple[str, str | None]
) -> None:
    assert named(between("M", share)) == expected


def test_levels_of_many_are_the_levels_of_each() -> None:
    many = np.array([[between("L", 0.1), between("L", 0.45)], [between("H", 0.55), between("VL", 0.0)]])

    first, second = fuzzy.nearest_terms(many, 0.05)

    assert first.tolist() == [[1, 1], [4, 0]]
    assert second.tolist() == [[-1, 2], [3, -1]]


@examples(200)
@given(triples())
def test_no_term_is_nearer_than_the_nearest(tfn: Floats) -> None:
    name, _ = named(tfn)

    nearest = fuzzy.distance(tfn, TERM_TFN[TERMS.index(name)])

    assert nearest <= min(vertex_distance(tfn, term) for term in TERM_TFN) + 1e-9


# Properties


@given(terms, st.integers(1, 200))
def test_judgements_that_all_agree_give_their_term(term: int, judges: int) -> None:
    assert fuzzy.mean_of_counts(np.eye(5, dtype=int)[term] * judges) == pytest.approx(
        TERM_TFN[term], abs=1e-12
    )


@given(counts)
def test_a_mean_is_a_triangular_number_on_the_unit_interval(found: np.ndarray) -> None:
    low, middle, high = fuzzy.mean_of_counts(found)

    assert 0 <= low <= middle <= high <= 1


@given(counts, st.integers(1, 50))
def test_as_many_times_the_judgements_have_the_same_mean(found: np.ndarray, times: int) -> None:
    assert fuzzy.mean_of_counts(found * times) == pytest.approx(fuzzy.mean_of_counts(found), abs=1e-12)


@given(counts, st.integers(0, 3))
def test_one_judgement_a_step_higher_raises_the_crisp_mean(found: np.ndarray, term: int) -> None:
    assume(found[term])
    higher = found.copy()
    higher[term] -= 1
    higher[term + 1] += 1

    assert fuzzy.crisp(fuzzy.mean_of_counts(higher)) > fuzzy.crisp(fuzzy.mean_of_counts(found))


@given(term_lists(), st.floats(0.001, 1000))
def test_scaling_the_weights_changes_nothing(given_terms: tuple[Floats, Floats], times: float) -> None:
    tfn, weights = given_terms

    assert fuzzy.weighted_mean(tfn, weights * times) == pytest.approx(
        fuzzy.weighted_mean(tfn, weights), abs=1e-12
    )


@given(term_lists(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_averaged_does_not_matter(
    given_terms: tuple[Floats, Floats], luck: object
) -> None:
    tfn, weights = given_terms
    order = list(range(len(weights)))
    luck.shuffle(order)  # type: ignore[attr-defined]

    assert fuzzy.weighted_mean(tfn[order], weights[order]) == pytest.approx(fuzzy.weighted_mean(tfn, weights))


@given(term_lists())
def test_a_weighted_mean_lies_between_its_extremes(given_terms: tuple[Floats, Floats]) -> None:
    tfn, weights = given_terms
    mean = fuzzy.weighted_mean(tfn, weights)

    assert (tfn.min(axis=0) - 1e-12 <= mean).all()
    assert (mean <= tfn.max(axis=0) + 1e-12).all()


def test_a_weighted_mean_runs_over_the_second_last_axis() -> None:
    firms = np.array([TERM_TFN[[0, 4]], TERM_TFN[[2, 2]]])
    weights = np.array([[1.0, 1.0], [1.0, 9.0]])

    assert fuzzy.weighted_mean(firms, weights) == pytest.approx(
        np.array([[0.375, 0.5, 0.625], [0.25, 0.5, 0.75]])
    )


@given(triples())
def test_reversing_twice_gives_the_number_back(tfn: Floats) -> None:
    assert fuzzy.reverse(fuzzy.reverse(tfn)) == pytest.approx(tfn, abs=1e-12)


@given(triples(), triples())
def test_reversing_turns_the_order_round(one: Floats, other: Floats) -> None:
    assume(fuzzy.crisp(one) < fuzzy.crisp(other) - 1e-9)

    assert fuzzy.crisp(fuzzy.reverse(one)) > fuzzy.crisp(fuzzy.reverse(other))


@given(triples())
def test_a_reversed_number_is_a_triangular_number_again(tfn: Floats) -> None:
    low, middle, high = fuzzy.reverse(tfn)

    assert 0 <= low <= middle <= high <= 1


def test_the_reverse_of_a_term_is_the_term_at_the_other_end() -> None:
    assert fuzzy.reverse(TERM_TFN).tolist() == TERM_TFN[::-1].tolist()


@given(triples(), triples(), unit)
def test_the_index_is_affine(one: Floats, other: Floats, share: float) -> None:
    mixed = fuzzy.index(fuzzy.crisp(share * one + (1 - share) * other))

    assert mixed == pytest.approx(
        share * fuzzy.index(fuzzy.crisp(one)) + (1 - share) * fuzzy.index(fuzzy.crisp(other)), abs=1e-9
    )


@given(unit, unit)
def test_a_twelfth_on_the_unit_interval_is_ten_points_of_index(one: float, other: float) -> None:
    assert fuzzy.index(one) - fuzzy.index(other) == pytest.approx(10 * 12 * (one - other), abs=1e-9)


@given(triples(), triples(), triples())
def test_the_distance_is_a_metric(a: Floats, b: Floats, c: Floats) -> None:
    assert fuzzy.distance(a, a) == 0
    assert fuzzy.distance(a, b) == fuzzy.distance(b, a)
    assert fuzzy.distance(a, c) <= fuzzy.distance(a, b) + fuzzy.distance(b, c) + 1e-12


# Other libraries


@given(counts)
def test_pyfdm_finds_the_same_mean_of_judgements(found: np.ndarray) -> None:
    judgements = [TERM_TFN[term][None, None] for term in np.repeat(np.arange(5), found)]

    theirs = aggregate(judgements, method="arithmetic")[0, 0]

    assert fuzzy.mean_of_counts(found) == pytest.approx(theirs, abs=1e-12)


@given(term_lists())
def test_pyfdm_finds_the_same_weighted_mean(given_terms: tuple[Floats, Floats]) -> None:
    tfn, weights = given_terms

    theirs = aggregate([term[None, None] for term in tfn], method="weighted", weights=weights)[0, 0]

    assert fuzzy.weighted_mean(tfn, weights) == pytest.approx(theirs, abs=1e-12)


@given(term_lists())
def test_pyfdm_finds_the_same_crisp_weighted_sum(given_terms: tuple[Floats, Floats]) -> None:
    tfn, weights = given_terms

    two_firms = np.array([tfn, fuzzy.reverse(tfn)])

    theirs = fWSM()(two_firms, weights / weights.sum(), np.ones(len(weights)))

    assert fuzzy.crisp(fuzzy.weighted_mean(two_firms, weights)) == pytest.approx(theirs, abs=1e-12)


@given(triples())
def test_pyfdm_reverses_by_subtracting_from_one(tfn: Floats) -> None:
    theirs = TFN(1, 1, 1) - TFN(*tfn)

    assert fuzzy.reverse(tfn) == pytest.approx([theirs.a, theirs.b, theirs.c], abs=1e-12)


@given(triples(), triples())
def test_pyfdm_finds_the_same_distance(one: Floats, other: Floats) -> None:
    assert fuzzy.distance(one, other) == pytest.approx(vertex_distance(one, other), abs=1e-12)


@given(triples())
def test_scikit_fuzzy_finds_the_same_centre_of_gravity(tfn: Floats) -> None:
    low, middle, high = tfn
    assume(middle - low > 1e-6 and high - middle > 1e-6)

    theirs = skfuzzy.defuzz(tfn, np.array([0.0, 1.0, 0.0]), "centroid")

    assert fuzzy.crisp(tfn) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("term", range(5))
def test_scikit_fuzzy_finds_the_same_centre_of_gravity_of_a_term(term: int) -> None:
    axis = np.linspace(0, 1, 101)

    theirs = skfuzzy.centroid(axis, skfuzzy.trimf(axis, TERM_TFN[term]))

    assert fuzzy.crisp(TERM_TFN[term]) == pytest.approx(theirs, abs=1e-9)

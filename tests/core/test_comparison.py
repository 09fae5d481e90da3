"""Groups and rounds, component by component, and how far a component's indicators go together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from readiness.core import cohort, comparison, ranktests, statistics
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes
from readiness.core.comparison import HIGHER, LOWER, NONE, TOO_FEW
from readiness.core.fuzzy import Floats
from tests.core.firms import MODEL
from tests.core.strategies import INDICATORS, examples

NAN = np.nan
PARTS = len(MODEL.components)


def rows(n: int, seed: int, *shifts: float) -> Floats:
    """Indices around 50, a row a shift, (rows, n)."""
    return 50 + 10 * np.random.default_rng(seed).normal(size=(len(shifts), n)) + np.array(shifts)[:, None]


def some_codes(n: int, seed: int, low: int = 0, high: int = 5) -> Codes:
    return np.random.default_rng(seed).integers(low, high, (INDICATORS, n)).astype(np.uint8)


# Groups


def test_groups_differ_where_they_do_and_by_what_they_do() -> None:
    a, b = rows(40, 1, 0, 12, -12), rows(30, 2, 0, 0, 0)

    same, above, below = comparison.groups(a, b)

    assert (same.verdict, above.verdict, below.verdict) == (NONE, HIGHER, LOWER)
    assert (above.n_a, above.n_b) == (40, 30)
    assert above.median_a == pytest.approx(np.median(a[1])) and above.median_b == pytest.approx(
        np.median(b[1])
    )
    assert above.difference == pytest.approx(np.median(a[1]) - np.median(b[1]))
    assert above.effect == ranktests.cliffs_delta(a[1].round(9), b[1].round(9))
    assert above.effect is not None and above.effect.low > 0
    assert (above.size, below.size) == ("large", "large")
    assert above.p == pytest.approx(stats.mannwhitneyu(a[1], b[1], method="asymptotic").pvalue)


def test_swapping_the_groups_turns_the_findings_round() -> None:
    a, b = rows(20, 3, 9, 0), rows(22, 4, 0, 0)

    for one, other in zip(comparison.groups(a, b), comparison.groups(b, a), strict=True):
        assert one.p == pytest.approx(other.p)
        assert one.difference == pytest.approx(-other.difference)
        assert one.effect.delta == pytest.approx(-other.effect.delta)
        assert (one.verdict, other.verdict) in {(HIGHER, LOWER), (NONE, NONE)}


def test_p_values_are_adjusted_for_the_components_and_not_for_the_whole() -> None:
    a, b = rows(20, 5, 8, 6, 0, 3, 8), rows(20, 6, 0, 0, 0, 0, 0)
    a[2, 4:] = NAN

    family = comparison.groups(a[:4], b[:4])
    with_overall = comparison.groups(a, b, overall=True)

    p = [found.p if found.p is not None else NAN for found in family]
    assert [found.adjusted for found in family if found.p] == pytest.approx(
        [value for value in statistics.holm(p) if value == value]
    )
    assert with_overall[:4] == family
    assert with_overall[4].adjusted == with_overall[4].p
    assert comparison.groups(a, b)[4].adjusted > with_overall[4].p
    assert family[2].verdict == TOO_FEW and family[2].adjusted is None


def test_a_difference_that_its_family_makes_doubtful_is_not_shown() -> None:
    a, b = np.arange(20.0)[None] + 4.5, np.arange(20.0)[None]
    (alone,) = comparison.groups(a, b)
    assert alone.p is not None and 0.01 < alone.p < 0.05 and alone.verdict == HIGHER

    among = comparison.groups(np.vstack([a, *[b] * 8]), np.tile(b, (9, 1)))

    assert among[0].p == alone.p
    assert among[0].adjusted == pytest.approx(9 * alone.p)
    assert among[0].verdict == NONE
    assert among[0].size == alone.size


@pytest.mark.parametrize(("n", "m"), [(4, 9), (9, 4), (0, 9), (0, 0)])
def test_groups_of_fewer_than_five_are_not_compared(n: int, m: int) -> None:
    a, b = rows(9, 11, 30), rows(9, 12, 0)
    a[0, n:] = NAN
    b[0, m:] = NAN

    (found,) = comparison.groups(a, b)

    assert (found.n_a, found.n_b, found.verdict) == (n, m, TOO_FEW)
    assert (found.median_a is None, found.median_b is None) == (n < 5, m < 5)
    assert found.difference is found.effect is found.p is found.adjusted is found.size is None


def test_groups_of_five_are_compared() -> None:
    (found,) = comparison.groups(rows(5, 13, 60), rows(5, 14, 0))

    assert (found.n_a, found.n_b, found.verdict) == (5, 5, HIGHER)
    assert found.p == pytest.approx(2 / 252)


def test_the_noise_of_floating_point_unties_nothing() -> None:
    a = np.array([[0.1 + 0.2, 1, 2, 3, 4, 5]])
    b = np.array([[0.3, 1, 2, 3, 4, 5]])

    (groups,), (rounds,) = comparison.groups(a, b), comparison.rounds(b, a)

    assert groups.effect is not None and groups.effect.delta == 0
    assert (rounds.difference, rounds.p, rounds.verdict) == (0, 1, NONE)


def test_groups_with_other_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        comparison.groups(rows(6, 1, 0, 0), rows(6, 1, 0))


# Rounds


def test_rounds_differ_where_they_do_and_by_what_they_do() -> None:
    before = rows(25, 15, 0, 0, 0)
    after = before + rows(25, 16, 0, 9, -9) - 50

    same, risen, fallen = comparison.rounds(before, after)

    assert (same.verdict, risen.verdict, fallen.verdict) == (NONE, HIGHER, LOWER)
    assert risen.effect == ranktests.hodges_lehmann((after[1].round(9) - before[1].round(9)).round(9))
    assert risen.difference == risen.effect.shift > 0 > fallen.difference
    assert (risen.n_a, risen.n_b, risen.size) == (25, 25, None)
    assert risen.median_a == pytest.approx(np.median(before[1]))
    assert risen.median_b == pytest.approx(np.median(after[1]))
    assert risen.p == pytest.approx(stats.wilcoxon(after[1] - before[1], method="exact").pvalue)
    p = [found.p for found in (same, risen, fallen)]
    assert [found.adjusted for found in (same, risen, fallen)] == pytest.approx(statistics.holm(p))


def test_only_firms_with_both_numbers_are_pairs() -> None:
    before, after = rows(12, 17, 0), rows(12, 18, 20)
    kept = [0, 1, 4, 5, 6, 8, 9, 11]
    before_holes, after_holes = before.copy(), after.copy()
    before_holes[0, [2, 3]] = NAN
    after_holes[0, [3, 7, 10]] = NAN

    found = comparison.rounds(before_holes, after_holes)

    assert found == comparison.rounds(before[:, kept], after[:, kept])
    assert found[0].n_a == found[0].n_b == 8


def test_fewer_than_six_pairs_are_not_compared_but_five_have_medians() -> None:
    before, after = rows(6, 19, 0), rows(6, 20, 40)

    (six,) = comparison.rounds(before, after)
    (five,) = comparison.rounds(before[:, :5], after[:, :5])
    (four,) = comparison.rounds(before[:, :4], after[:, :4])

    assert six.verdict == HIGHER and six.p == pytest.approx(2 / 64)
    assert five.verdict == four.verdict == TOO_FEW
    assert five.median_a is not None and four.median_a is None
    assert five.difference is five.effect is five.p is five.adjusted is None


def test_a_few_that_rose_show_although_most_stayed_the_same() -> None:
    before = np.full((1, 40), 50.0)
    after = before.copy()
    after[0, :9] += np.arange(1, 10)

    (found,) = comparison.rounds(before, after)

    assert found.difference == 0
    assert (found.verdict, found.p) == (HIGHER, pytest.approx(2 / 2**9))


def test_rounds_of_other_firms_are_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"\(1, 6\) and \(1, 7\)"):
        comparison.rounds(rows(6, 1, 0), rows(7, 1, 0))


@examples(40)
@given(st.integers(0, 2**32 - 1), st.integers(0, 30), st.integers(0, 30))
def test_a_verdict_is_given_exactly_where_there_is_a_p(seed: int, n: int, m: int) -> None:
    luck = np.random.default_rng(seed)
    a, b = luck.integers(0, 20, (4, n)) * 5.0 + luck.choice([0, 25]), luck.integers(0, 20, (4, m)) * 5.0
    a[luck.random(a.shape) < 0.3] = NAN

    findings = comparison.groups(a, b, overall=True) + comparison.rounds(a, a[:, ::-1])

    for found in findings:
        assert (found.verdict == TOO_FEW) == (found.p is None) == (found.adjusted is None)
        assert (found.verdict in (HIGHER, LOWER)) == (found.adjusted is not None and found.adjusted < 0.05)
        if found.p is not None:
            assert found.p <= found.adjusted <= 1


def test_chance_shows_a_difference_as_seldom_as_it_should() -> None:
    luck = np.random.default_rng(21)
    shown = 0
    for _ in range(300):
        a, b = luck.normal(size=(9, 12)), luck.normal(size=(9, 15))
        shown += any(found.verdict != NONE for found in comparison.groups(a, b))

    assert shown <= 300 * 0.05 + 3 * np.sqrt(300 * 0.05 * 0.95)


# Indices


def test_the_rows_of_a_cohort_are_its_components_and_the_whole() -> None:
    scores = cohort.score_many(MODEL, some_codes(30, 22, high=8))

    found = comparison.indices(scores)

    assert found.shape == (PARTS + 1, 30)
    assert np.array_equal(found[:PARTS], scores.index, equal_nan=True)
    assert np.array_equal(found[PARTS], scores.overall_index, equal_nan=True)


def test_a_better_cohort_is_higher_in_every_row() -> None:
    weak, strong = some_codes(30, 23, high=3), some_codes(30, 24, low=2)
    weak[MODEL.is_reversed], strong[MODEL.is_reversed] = 3, 1

    a, b = (comparison.indices(cohort.score_many(MODEL, codes)) for codes in (strong, weak))

    assert {found.verdict for found in comparison.groups(a, b, overall=True)} == {HIGHER}


# Reliability


def test_reliability_is_the_alpha_of_each_components_points() -> None:
    codes = some_codes(40, 25)
    points = np.array([0, 20, 50, 80, 100])

    found = comparison.reliability(MODEL, codes)

    assert len(found) == PARTS
    for key, one in zip(MODEL.components, found, strict=True):
        items = points[codes[MODEL.span(key)]].T.astype(float)
        items[:, MODEL.is_reversed[MODEL.span(key)]] = 100 - items[:, MODEL.is_reversed[MODEL.span(key)]]
        expected = statistics.alpha(items)
        assert one is not None and expected is not None
        assert one.alpha == pytest.approx(expected.alpha)
        assert (one.n, one.items) == (40, len(MODEL.of_component(key)))


def test_an_indicator_in_the_negative_sense_is_turned() -> None:
    codes = np.tile(np.random.default_rng(26).integers(0, 5, 40), (INDICATORS, 1)).astype(np.uint8)
    assert MODEL.is_reversed.any()
    plain = comparison.reliability(MODEL, codes)
    codes[MODEL.is_reversed] = 4 - codes[MODEL.is_reversed]

    turned = comparison.reliability(MODEL, codes)

    assert [one.alpha for one in turned] == [1] * PARTS
    touched = [bool(MODEL.is_reversed[MODEL.span(key)].any()) for key in MODEL.components]
    assert [one is None or one.alpha < 1 for one in plain] == touched


@pytest.mark.parametrize("missing", [DONT_KNOW, NOT_APPLICABLE, UNANSWERED])
def test_what_is_no_term_is_missing(missing: int) -> None:
    codes = some_codes(34, 27)
    codes[0, :4] = missing
    codes[INDICATORS - 1, :5] = missing

    found, counts = comparison.reliability(MODEL, codes), comparison.complete(MODEL, codes)

    assert counts.tolist() == [30, *[34] * (PARTS - 2), 29]
    assert found[0] == comparison.reliability(MODEL, codes[:, 4:])[0]
    assert found[0] is not None and found[0].n == 30
    assert found[-1] is None


def test_codes_of_another_shape_are_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"\(47, firms\), not \(46, 3\)"):
        comparison.complete(MODEL, np.zeros((46, 3), dtype=np.uint8))


def test_no_firms_have_no_reliability() -> None:
    none = np.empty((INDICATORS, 0), dtype=np.uint8)

    assert comparison.complete(MODEL, none).tolist() == [0] * PARTS
    assert comparison.reliability(MODEL, none) == (None,) * PARTS

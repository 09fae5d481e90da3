"""Statistics of a cohort, against SciPy, slow definitions and published examples."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from readiness.core import ranks, statistics
from readiness.core.statistics import Delta

Numbers = NDArray[np.float64]
#: Depression scale of nine patients before and after treatment: Hollander & Wolfe (1999), table 3.1.
BEFORE = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
AFTER = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])


def numbers(low: int, high: int, coarse: bool = True) -> st.SearchStrategy[Numbers]:
    """So many numbers, with many equal ones if they are coarse."""
    one = st.integers(0, 12).map(float) if coarse else st.floats(0, 100, allow_nan=False)
    return st.lists(one, min_size=low, max_size=high).map(lambda values: np.array(values, dtype=float))


def distinct(count: int, seed: int) -> Numbers:
    return np.random.default_rng(seed).normal(0.4, 1, count)


def gaps(values: Numbers) -> Numbers:
    """The same with numbers that are missing between them."""
    return np.insert(values, [0, len(values) // 2, len(values)], np.nan)


@pytest.mark.parametrize(
    ("least", "statistic"),
    [
        (5, statistics.quartiles),
        (6, statistics.median_interval),
        (10, lambda values: statistics.percentile(1.0, values)),
        (6, ranks.signed_rank),
        (6, ranks.hodges_lehmann),
        (5, lambda values: statistics.cliffs_delta(values, np.arange(9.0))),
        (5, lambda values: statistics.cliffs_delta(np.arange(9.0), values)),
        (5, lambda values: ranks.rank_sum(values, np.arange(9.0))),
        (30, lambda values: statistics.alpha(np.stack([values, values**2], axis=1))),
    ],
)
def test_below_its_floor_a_statistic_is_none_and_gaps_do_not_count(least: int, statistic: object) -> None:
    values = np.arange(1.0, least + 1)

    assert callable(statistic)
    assert statistic(values) is not None and statistic(gaps(values)) is not None
    assert statistic(values[1:]) is None and statistic(gaps(values[1:])) is None


@given(numbers(5, 40))
def test_quartiles_are_numpys(values: Numbers) -> None:
    found = statistics.quartiles(values)

    assert found is not None and found.n == len(values)
    assert (found.low, found.median, found.high) == tuple(np.percentile(values, [25, 50, 75]))


@pytest.mark.parametrize("n", range(6, 60))
def test_the_interval_of_the_median_is_the_narrowest_that_is_sure_enough(n: int) -> None:
    found = statistics.median_interval(np.arange(1.0, n + 1))

    assert found is not None and found.low + found.high == n + 1
    outside = 2 * stats.binom.cdf(found.low - 1, n, 0.5)
    assert found.confidence == pytest.approx(1 - outside) and found.confidence >= 0.95
    assert 1 - 2 * stats.binom.cdf(found.low, n, 0.5) < 0.95, "the next narrower one is not"


def test_the_interval_of_the_median_of_ten_is_that_of_the_tables() -> None:
    found = statistics.median_interval(np.arange(1.0, 11))

    assert found is not None and (found.low, found.high) == (2, 9)
    assert found.confidence == pytest.approx(0.97852, abs=1e-5), "Conover (1999), 1 - 2 * 0.01074"


@given(numbers(10, 40), st.integers(0, 12))
def test_a_percentile_counts_half_of_the_equals(values: Numbers, value: int) -> None:
    found = statistics.percentile(float(value), values)

    assert found == pytest.approx(stats.percentileofscore(values, value, kind="mean"))


Z = float(stats.norm.ppf(0.975))


def dominance(a: Numbers, b: Numbers, z: float = Z) -> Delta:
    """Cliff's delta and its interval from the whole matrix, as Feng & Cliff (2004) write it."""
    matrix = np.sign(a[:, None] - b[None, :])
    n, m, d = len(a), len(b), matrix.mean()
    rows, columns = matrix.mean(axis=1), matrix.mean(axis=0)
    variance = (
        m**2 * ((rows - d) ** 2).sum() + n**2 * ((columns - d) ** 2).sum() - ((matrix - d) ** 2).sum()
    ) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - d**2) / (n * m - 1))
    reach = z * np.sqrt(variance) * np.sqrt((1 - d**2) ** 2 + z**2 * variance)
    ends = [(d - d**3 + sign * reach) / (1 - d**2 + z**2 * variance) for sign in (-1, 1)]
    return Delta(d, max(ends[0], -1), min(ends[1], 1))


@given(numbers(5, 30), numbers(5, 30))
def test_cliffs_delta_is_that_of_the_dominance_matrix(a: Numbers, b: Numbers) -> None:
    found, slow = statistics.cliffs_delta(a, b), dominance_or_edge(a, b)

    assert found is not None
    assert (found.delta, found.low, found.high) == pytest.approx((slow.delta, slow.low, slow.high), abs=1e-9)


def dominance_or_edge(a: Numbers, b: Numbers) -> Delta:
    z2, least = stats.norm.ppf(0.975) ** 2, min(len(a), len(b))
    edge = (least - z2) / (least + z2)
    if a.min() > b.max():
        return Delta(1, edge, 1)
    return Delta(-1, -1, -edge) if a.max() < b.min() else dominance(a, b)


def test_cliffs_delta_goes_with_mann_whitneys_u() -> None:
    a, b = distinct(400, 1), distinct(300, 2) - 0.3
    found = statistics.cliffs_delta(a, b)
    assert found is not None

    u = stats.mannwhitneyu(a, b).statistic
    assert found.delta == pytest.approx(2 * u / (400 * 300) - 1)
    assert found.low < found.delta < found.high


def test_cliffs_delta_of_a_published_example() -> None:
    """The example of the R package effsize, which takes the quantile of Student's t for the normal one."""
    treatment = np.array([10, 10, 20, 20, 20, 30, 30, 30, 40, 50.0])
    control = np.array([10, 20, 30, 40, 40, 50.0])
    found = statistics.cliffs_delta(treatment, control)
    assert found is not None

    assert found.delta == pytest.approx(-0.25)
    theirs = dominance(treatment, control, float(stats.t.ppf(0.975, 14)))
    assert (theirs.low, theirs.high) == pytest.approx((-0.7265846, 0.3890062), abs=1e-6)


@given(st.integers(6, 50), st.integers(0, 10_000))
def test_the_signed_rank_test_is_scipys_exact_one(n: int, seed: int) -> None:
    differences = distinct(n, seed)

    assert ranks.signed_rank(differences) == pytest.approx(stats.wilcoxon(differences, method="exact").pvalue)


@given(st.integers(51, 300), st.integers(0, 10_000))
def test_for_many_pairs_the_signed_rank_test_is_scipys_normal_one(n: int, seed: int) -> None:
    differences = np.round(distinct(n, seed), 1)
    moved = differences[differences != 0]
    if len(moved) > ranks.EXACT:
        theirs = stats.wilcoxon(moved, method="approx", correction=True).pvalue
        assert ranks.signed_rank(differences) == pytest.approx(theirs, abs=1e-9)


@given(st.lists(st.integers(-4, 4), min_size=6, max_size=11))
def test_with_equal_differences_and_zeros_the_signed_rank_test_counts_every_sign(values: list[int]) -> None:
    moved = np.array([value for value in values if value], dtype=float)
    found = ranks.signed_rank(np.array(values, dtype=float))
    if not len(moved):
        assert found == 1.0
        return
    ranked = stats.rankdata(np.abs(moved))
    sums = np.array([np.dot(signs, ranked) for signs in product((0, 1), repeat=len(moved))])
    least = min(ranked[moved > 0].sum(), ranked[moved < 0].sum())
    assert found == pytest.approx(min(1, 2 * (sums <= least + 1e-9).mean()))


@given(st.integers(5, 20), st.integers(5, 30), st.integers(0, 10_000))
def test_the_rank_sum_test_is_scipys_exact_one(n: int, m: int, seed: int) -> None:
    a, b = distinct(n, seed), distinct(m, seed + 1) + 0.5

    assert ranks.rank_sum(a, b) == pytest.approx(stats.mannwhitneyu(a, b, method="exact").pvalue)


def test_with_equal_values_the_rank_sum_test_counts_every_choice() -> None:
    a, b = np.array([1, 2, 2, 3, 3.0]), np.array([2, 3, 4, 4, 4, 5.0])

    def difference(x: Numbers, y: Numbers) -> float:
        return abs(stats.rankdata([*x, *y])[: len(x)].sum() - 30)

    every = stats.permutation_test(
        (a, b), difference, permutation_type="independent", n_resamples=np.inf, alternative="greater"
    )
    assert ranks.rank_sum(a, b) == pytest.approx(every.pvalue)


@given(numbers(21, 80), numbers(30, 80))
def test_for_many_the_rank_sum_test_is_scipys_normal_one(a: Numbers, b: Numbers) -> None:
    theirs = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=True).pvalue

    assert ranks.rank_sum(a, b) == pytest.approx(1.0 if np.isnan(theirs) else theirs, abs=1e-9)


def test_the_shift_of_a_published_example() -> None:
    """Hollander & Wolfe (1999), examples 3.1, 3.3 and 3.4: p 0.039, -0.46, -0.786 to -0.010."""
    found, p = ranks.hodges_lehmann(AFTER - BEFORE), ranks.signed_rank(AFTER - BEFORE)
    assert found is not None and p is not None

    assert p == pytest.approx(0.0390625)
    assert found.shift == pytest.approx(-0.46) and found.confidence == pytest.approx(0.9609, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((-0.786, -0.010))


@given(numbers(6, 40))
def test_the_shift_is_the_median_of_all_averages(values: Numbers) -> None:
    found = ranks.hodges_lehmann(values)
    assert found is not None

    every = [(a + b) / 2 for at, a in enumerate(values) for b in values[at:]]
    assert found.shift == pytest.approx(np.median(every))
    assert found.low <= found.shift <= found.high


def test_the_interval_of_the_shift_holds_what_the_test_would_not_reject() -> None:
    differences = distinct(25, 7)
    found = ranks.hodges_lehmann(differences)
    assert found is not None

    for shift, kept in (
        (found.low + 1e-6, True),
        (found.high - 1e-6, True),
        (found.low - 1e-6, False),
        (found.high + 1e-6, False),
    ):
        p = stats.wilcoxon(differences - shift, method="exact").pvalue
        assert (p > 0.05) == kept, shift


def test_the_shift_of_very_many_pairs_needs_no_table_of_them() -> None:
    many = distinct(2_001, 3)
    found = ranks.hodges_lehmann(many)
    assert found is not None

    upper = np.triu_indices(len(many))
    every = np.sort((many[upper[0]] + many[upper[1]]) / 2)
    assert found.shift == pytest.approx(np.median(every), abs=1e-9)
    large = ranks.hodges_lehmann(distinct(20_000, 4))
    assert large is not None and large.low < 0.4 < large.high < large.low + 0.05


def test_holm_of_a_published_example() -> None:
    """Holm (1979) by hand: 0.01, 0.04, 0.03 and 0.005 become 0.03, 0.06, 0.06 and 0.02."""
    found = statistics.holm(np.array([0.01, np.nan, 0.04, 0.03, 0.005]))

    assert found == pytest.approx([0.03, np.nan, 0.06, 0.06, 0.02], nan_ok=True)


def test_alpha_of_items_that_measure_the_same() -> None:
    luck = np.random.default_rng(5)
    trait = luck.normal(size=(200, 1))
    items = trait + luck.normal(size=(200, 4))
    found = statistics.alpha(items)
    assert found is not None

    covariance = np.cov(items.T)
    mean, spread = (covariance.sum() - np.trace(covariance)) / 12, np.trace(covariance) / 4
    assert found.alpha == pytest.approx(4 * mean / (spread + 3 * mean)), (
        "Cronbach (1951), from mean covariance"
    )
    z = stats.norm.ppf(0.975) * np.sqrt(2 * 4 / (3 * 198))
    assert np.log(1 - found.low) - np.log(1 - found.high) == pytest.approx(2 * z), "Bonett (2002)"
    assert found.low < 0.8 < found.high and (found.n, found.items) == (200, 4)


def test_alphas_interval_holds_the_true_value_about_as_often_as_it_says() -> None:
    luck, held = np.random.default_rng(11), 0
    for _ in range(400):
        found = statistics.alpha(luck.normal(size=(40, 1)) + luck.normal(size=(40, 5)))
        assert found is not None
        held += found.low <= 5 / 6 <= found.high
    assert 370 <= held <= 395


def test_alpha_says_nothing_where_nothing_varies_or_one_item_is_left() -> None:
    assert statistics.alpha(np.ones((40, 3))) is None
    assert statistics.alpha(np.arange(40.0)[:, None]) is None

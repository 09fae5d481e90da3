"""Rank tests and sizes of differences: against SciPy, against their definitions, and published examples."""

import itertools
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from readiness.core import distributions, ranktests
from readiness.core.fuzzy import Floats
from tests.core.strategies import examples

NAN = math.nan
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(5, 25)
#: Differences with ties and zeros: halves of -6 to 6.
halves = st.integers(-12, 12).map(lambda value: value / 2)

#: Hamilton depression scale factor IV of nine patients, before and after (Hollander & Wolfe 1973, table 3.1).
BEFORE = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
AFTER = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
#: Hogarty & Kromrey (1999).
TREATED = [10, 10, 20, 20, 20, 30, 30, 30, 40, 50]
CONTROL = [10, 20, 30, 40, 40, 50]


def tied(luck: np.random.Generator, n: int, levels: int = 12) -> Floats:
    return luck.integers(0, levels, n).astype(float)


def untied(luck: np.random.Generator, n: int) -> Floats:
    return luck.permutation(10 * n)[:n] + luck.random()


# Floors and missing values


@pytest.mark.parametrize("statistic", [ranktests.cliffs_delta, ranktests.rank_sum])
def test_groups_are_compared_from_five_each(statistic) -> None:
    five = [1.0, 2, 3, 4, 5]

    assert statistic(five, five) is not None
    assert statistic([*five, NAN], [NAN, *five]) == statistic(five, five)
    assert statistic([*five[:4], NAN], five * 3) is None
    assert statistic(five * 3, [*five[:4], NAN]) is None
    assert statistic([], []) is None


@pytest.mark.parametrize("statistic", [ranktests.signed_rank, ranktests.hodges_lehmann])
def test_pairs_are_compared_from_six(statistic) -> None:
    six = [1.0, -2, 3, 4, 5, 6]

    assert statistic(six) is not None
    assert statistic([NAN, *six]) == statistic(six)
    assert statistic([*six[:5], NAN]) is None
    assert statistic([]) is None


# Cliff's delta


def by_matrix(a: Floats, b: Floats) -> tuple[float, float, float]:
    """Delta and its interval from the whole matrix of dominances, as it is defined."""
    matrix = np.sign(a[:, None] - b[None, :])
    n, m = matrix.shape
    d = matrix.mean()
    rows, columns = ((matrix.mean(axis=1) - d) ** 2).sum(), ((matrix.mean(axis=0) - d) ** 2).sum()
    variance = (m**2 * rows + n**2 * columns - ((matrix - d) ** 2).sum()) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - d**2) / (n * m - 1))
    t = stats.t.ppf(0.975, n + m - 2)
    reach = t * math.sqrt(variance) * math.sqrt((1 - d**2) ** 2 + t**2 * variance)
    below = 1 - d**2 + t**2 * variance
    return d, (d - d**3 - reach) / below, (d - d**3 + reach) / below


def test_cliffs_delta_is_that_of_a_published_example() -> None:
    found = ranktests.cliffs_delta(TREATED, CONTROL)

    # Hogarty & Kromrey (1999) print the delta, the R package effsize the interval too.
    assert found is not None
    assert found.delta == -0.25
    assert (found.low, found.high) == pytest.approx((-0.7265846, 0.3890062), abs=5e-8)
    assert found.size == ranktests.SMALL


@given(seeds, sizes, sizes, st.integers(2, 40))
def test_cliffs_delta_is_that_of_all_pairs(seed: int, n: int, m: int, levels: int) -> None:
    luck = np.random.default_rng(seed)
    a, b = tied(luck, n, levels), tied(luck, m, levels)
    if abs(np.sign(a[:, None] - b).mean()) == 1:
        return
    found, turned = ranktests.cliffs_delta(a, b), ranktests.cliffs_delta(b, a)

    assert found is not None and turned is not None
    assert (found.delta, found.low, found.high) == pytest.approx(by_matrix(a, b), abs=1e-12)
    assert (turned.delta, turned.low, turned.high) == pytest.approx((-found.delta, -found.high, -found.low))
    assert -1 <= found.low <= found.delta <= found.high <= 1


@pytest.mark.parametrize(("n", "m"), [(5, 5), (6, 20), (100, 7)])
def test_groups_apart_have_an_interval_that_ends_at_one(n: int, m: int) -> None:
    low, high = np.arange(n, dtype=float), 1000 + np.arange(m, dtype=float)
    t2 = stats.t.ppf(0.975, n + m - 2) ** 2
    end = (min(n, m) - t2) / (min(n, m) + t2)

    above, below = ranktests.cliffs_delta(high, low), ranktests.cliffs_delta(low, high)

    assert above is not None and below is not None
    assert (above.delta, above.low, above.high) == (1, pytest.approx(end), 1)
    assert (below.delta, below.low, below.high) == (-1, -1, pytest.approx(-end))


def test_equal_groups_have_no_delta_but_some_doubt() -> None:
    found = ranktests.cliffs_delta([3.0] * 5, [3.0] * 8)

    assert found is not None
    assert found.delta == 0 and -0.5 < found.low < 0 < found.high < 0.5


@pytest.mark.parametrize(
    ("size", "deltas"),
    [
        ("negligible", (0, 0.1469, -0.1469)),
        ("small", (-0.147, 0.3299)),
        ("medium", (0.33, -0.4739)),
        ("large", (0.474, -1, 1)),
    ],
)
def test_a_delta_has_a_size_in_a_word(size: str, deltas: tuple[float, ...]) -> None:
    assert {ranktests.Delta(delta, -1, 1).size for delta in deltas} == {size}


def test_the_interval_of_delta_covers_about_as_often_as_it_says() -> None:
    luck = np.random.default_rng(5)
    truth = 2 * stats.norm.cdf(0.8 / math.sqrt(2)) - 1
    found = [ranktests.cliffs_delta(luck.normal(0.8, 1, 20), luck.normal(0, 1, 25)) for _ in range(1500)]

    assert np.mean([one is not None and one.low <= truth <= one.high for one in found]) > 0.93


# Rank-sum test


@given(seeds, sizes, sizes)
def test_few_untied_values_are_tested_exactly(seed: int, n: int, m: int) -> None:
    values = untied(np.random.default_rng(seed), n + m)
    a, b = values[:n], values[n:]

    expected = stats.mannwhitneyu(a, b, method="exact").pvalue

    assert ranktests.rank_sum(a, b) == pytest.approx(expected, rel=1e-9)


@examples(25)
@given(seeds, st.integers(5, 6), st.integers(5, 7), st.integers(1, 9))
def test_few_tied_values_are_tested_over_all_ways_to_deal_them_out(
    seed: int, n: int, m: int, levels: int
) -> None:
    luck = np.random.default_rng(seed)
    values = tied(luck, n + m, levels)
    ranks = stats.rankdata(values)
    expected = n * (n + m + 1) / 2
    chosen = np.array(list(itertools.combinations(range(n + m), n)))
    away = np.abs(ranks[chosen].sum(axis=1) - expected)

    found = ranktests.rank_sum(values[:n], values[n:])

    assert found == pytest.approx((away >= abs(ranks[:n].sum() - expected)).mean(), rel=1e-12)


@examples(60)
@given(seeds, st.integers(26, 90), st.integers(5, 90), st.sampled_from([1, 3, 30, 10**6]))
def test_many_values_are_tested_by_the_normal_distribution(seed: int, n: int, m: int, levels: int) -> None:
    luck = np.random.default_rng(seed)
    a, b = tied(luck, n, levels), tied(luck, m, levels) + luck.integers(0, 2)
    if np.ptp(np.concatenate([a, b])) == 0:
        assert ranktests.rank_sum(a, b) == 1
        return
    expected = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=True).pvalue

    assert ranktests.rank_sum(a, b) == pytest.approx(expected, rel=1e-9)


def test_the_rank_sum_test_is_that_of_a_published_example() -> None:
    # Permeability of the human chorioamnion at term and before (Hollander & Wolfe 1973, p. 69, in R's
    # ?wilcox.test): W = 35, and the chance of 35 or more is 0.1272.
    term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    before = [1.15, 0.88, 0.90, 0.74, 1.21]

    found = ranktests.rank_sum(term, before)

    assert found is not None and round(found / 2, 4) == 0.1272


# Signed-rank test


def test_the_signed_rank_test_is_that_of_a_published_example() -> None:
    # R's ?wilcox.test prints V = 40 and the one-sided p = 0.01953 of these data.
    assert ranktests.signed_rank(AFTER - BEFORE) == pytest.approx(10 / 2**8, abs=1e-12)
    assert round(10 / 2**8 / 2, 5) == 0.01953


@given(seeds, st.integers(6, 50))
def test_few_untied_pairs_are_tested_exactly(seed: int, n: int) -> None:
    luck = np.random.default_rng(seed)
    differences = untied(luck, n) * luck.choice([-1, 1, 1], n)

    expected = stats.wilcoxon(differences, method="exact").pvalue

    assert ranktests.signed_rank(differences) == pytest.approx(expected, rel=1e-9)


@examples(60)
@given(st.lists(halves, min_size=6, max_size=11))
def test_few_tied_pairs_are_tested_over_all_signs(differences: list[float]) -> None:
    left = np.array([value for value in differences if value])
    if not len(left):
        assert ranktests.signed_rank(differences) == 1
        return
    ranks = stats.rankdata(np.abs(left))
    signs = np.array(list(itertools.product([-1, 1], repeat=len(left))))
    away = np.abs(signs @ ranks)

    found = ranktests.signed_rank(differences)

    assert found == pytest.approx((away >= abs(np.sign(left) @ ranks)).mean(), rel=1e-12)


@examples(60)
@given(seeds, st.integers(90, 200), st.sampled_from([3, 30, 10**6]))
def test_many_pairs_are_tested_by_the_normal_distribution(seed: int, n: int, levels: int) -> None:
    luck = np.random.default_rng(seed)
    differences = (tied(luck, n, levels) - levels // 2) * luck.choice([0, 1, 1, 1, 1], n)
    if (differences != 0).sum() <= 50:
        return
    expected = stats.wilcoxon(differences, zero_method="wilcox", correction=True, method="asymptotic").pvalue

    assert ranktests.signed_rank(differences) == pytest.approx(expected, rel=1e-9)


def test_pairs_that_all_stayed_the_same_are_no_evidence() -> None:
    assert ranktests.signed_rank(np.zeros(6)) == 1
    assert ranktests.signed_rank(np.zeros(600)) == 1
    assert ranktests.leaning(np.zeros(6)) == 0


@given(st.lists(halves, min_size=1, max_size=20))
def test_pairs_lean_where_the_larger_rank_sum_is(differences: list[float]) -> None:
    left = np.array([value for value in differences if value])
    ranks = stats.rankdata(np.abs(left))

    up, down = ranks[left > 0].sum(), ranks[left < 0].sum()

    assert ranktests.leaning([*differences, NAN]) == np.sign(up - down)


# Hodges-Lehmann shift


def averages(differences: Floats) -> Floats:
    """All Walsh averages, sorted."""
    rows, columns = np.triu_indices(len(differences))
    return np.sort((differences[rows] + differences[columns]) / 2)


def test_the_shift_is_that_of_a_published_example() -> None:
    # Hollander & Wolfe (1973) estimate -0.46; R prints the 95 % interval -0.786 to -0.010.
    found = ranktests.hodges_lehmann(AFTER - BEFORE)

    assert found is not None and found.n == 9
    assert (found.shift, found.low, found.high) == pytest.approx((-0.46, -0.786, -0.010), abs=1e-12)


@given(seeds, st.integers(6, 120), st.sampled_from([1, 2, 9, 1000, 10**9]))
def test_the_shift_is_the_median_of_all_averages(seed: int, n: int, levels: int) -> None:
    luck = np.random.default_rng(seed)
    differences = (tied(luck, n, levels) - levels // 3) / 7
    every = averages(differences)
    rank = distributions.walsh_rank(n, 0.95, ranktests.EXACT_PAIRS)

    found = ranktests.hodges_lehmann(differences)

    assert found is not None
    noise = 1e-13 * np.abs(differences).max()
    assert found.shift == pytest.approx(np.median(every), abs=noise)
    assert (found.low, found.high) == pytest.approx((every[rank - 1], every[-rank]), abs=noise)


def test_an_interval_of_a_shift_out_of_reach_has_no_end() -> None:
    found = ranktests.hodges_lehmann([1.0, 2, 3, 4, 5, 6], confidence=0.99)

    assert found == ranktests.Shift(3.5, -math.inf, math.inf, 6)


def test_a_shift_excludes_zero_where_the_exact_test_is_significant() -> None:
    luck = np.random.default_rng(4)
    for n in range(6, 51):
        differences = luck.normal(0.35, 1, n)
        shift, p = ranktests.hodges_lehmann(differences), ranktests.signed_rank(differences)
        assert shift is not None and p is not None
        assert (shift.low > 0 or shift.high < 0) == (p <= 0.05)


# Size


def test_ten_thousand_values_need_little_memory() -> None:
    luck = np.random.default_rng(6)
    a, b = tied(luck, 10_000, 400), tied(luck, 10_000, 400) + 3
    tracemalloc.start()

    delta, p = ranktests.cliffs_delta(a, b), ranktests.rank_sum(a, b)
    shift, q = ranktests.hodges_lehmann(b - a), ranktests.signed_rank(b - a)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
    assert delta is not None and shift is not None
    # Two numbers of 0 to 399: the chance that the first is larger, with and without 3 on top.
    assert delta.delta == pytest.approx(np.sign(a[:2000, None] - b[None, :2000]).mean(), abs=0.05)
    assert p == pytest.approx(stats.mannwhitneyu(a, b, method="asymptotic").pvalue, rel=1e-9)
    assert q == pytest.approx(stats.wilcoxon(b - a, correction=True, method="asymptotic").pvalue, rel=1e-9)
    assert shift.low < 3 < shift.high

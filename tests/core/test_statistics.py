"""Statistics of a cohort: the same as SciPy's, as published examples, and nothing below their floors."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from readiness.core import statistics
from readiness.core.fuzzy import Floats

#: Values with many ties: quarters of 0 to 10.
quarters = st.integers(0, 40).map(lambda value: value / 4)
NAN = math.nan


def correlated(n: int, k: int, seed: int, noise: float = 1.0) -> Floats:
    """Items that share a part, (n, k)."""
    luck = np.random.default_rng(seed)
    return luck.normal(size=(n, 1)) + noise * luck.normal(size=(n, k))


# Floors


@pytest.mark.parametrize(
    ("statistic", "floor"),
    [
        (statistics.quartiles, 5),
        (statistics.median_interval, 6),
        (lambda values: statistics.percentile(1, values), 10),
        (lambda values: statistics.alpha(correlated(30, 3, 1)[: len(statistics.known(values))]), 30),
    ],
)
def test_a_statistic_is_given_from_its_floor_on_and_missing_values_do_not_lift_it(statistic, floor) -> None:
    values = np.arange(floor, dtype=float)

    assert statistic(values) is not None
    assert statistic(values[:-1]) is None
    assert statistic(np.append(values[:-1], [NAN, NAN])) is None
    assert statistic([]) is None


def test_the_floors_are_those_of_the_model() -> None:
    floors = [getattr(statistics, name) for name in ("QUARTILES_FROM", "INTERVAL_FROM", "PERCENTILE_FROM")]

    assert floors == [5, 6, 10]
    assert (statistics.GROUPS_FROM, statistics.PAIRED_FROM, statistics.ALPHA_FROM) == (5, 6, 30)


# Quartiles and the median's interval


def test_quartiles_lie_linearly_between_values() -> None:
    assert statistics.quartiles([1, NAN, 2, 4, 8, 16, 32]) == statistics.Quartiles(2.5, 6, 14, 6)


@given(st.lists(quarters, min_size=5, max_size=40))
def test_the_median_of_the_quartiles_is_the_median(values: list[float]) -> None:
    found = statistics.quartiles(values)

    assert found is not None and found.n == len(values)
    assert [found.low, found.median, found.high] == pytest.approx(
        stats.scoreatpercentile(values, [25, 50, 75])
    )


@pytest.mark.parametrize(
    ("n", "rank", "percent"),
    # Ranks and coverages as tables of the sign test's interval print them.
    [
        (6, 1, 96.88),
        (8, 1, 99.22),
        (9, 2, 96.09),
        (10, 2, 97.85),
        (15, 4, 96.48),
        (20, 6, 95.86),
        (25, 8, 95.67),
    ],
)
def test_the_interval_of_a_median_is_that_of_the_tables(n: int, rank: int, percent: float) -> None:
    found = statistics.median_interval(np.random.default_rng(n).permutation(n) + 1.0)

    assert found is not None
    assert (found.low, found.high) == (rank, n + 1 - rank)
    assert found.confidence == pytest.approx(percent / 100, abs=5e-5)


def test_a_coverage_that_is_met_exactly_counts_and_one_out_of_reach_gives_nothing() -> None:
    values = [1.0, 2, 3, 4, 5, 6]

    assert statistics.median_interval(values, 0.96875) == statistics.MedianInterval(1, 6, 0.96875)
    assert statistics.median_interval(values, 0.97) is None


# Percentile rank


@given(quarters, st.lists(quarters, min_size=10, max_size=40))
def test_a_percentile_rank_is_the_mean_kind(value: float, values: list[float]) -> None:
    expected = stats.percentileofscore(values, value, kind="mean")

    assert statistics.percentile(value, [*values, NAN]) == pytest.approx(expected)


def test_a_percentile_rank_forgives_the_noise_of_floating_point() -> None:
    assert statistics.percentile(0.3, [0.1 + 0.2] * 10) == 50
    assert statistics.percentile(0.1 + 0.2, [0.3] * 10) == 50


def test_what_has_no_value_has_no_percentile_rank() -> None:
    assert statistics.percentile(NAN, range(10)) is None


# Holm


def test_holm_adjusts_as_in_a_worked_example() -> None:
    # Four tests at 0.05 (worked in many texts): the third fails, and so does all that follows.
    adjusted = statistics.holm([0.01, 0.04, 0.03, 0.005])

    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_stays_at_one_and_lets_missing_tests_be() -> None:
    assert statistics.holm([0.6, NAN, 0.5, 0.02]) == pytest.approx([1, NAN, 1, 0.06], nan_ok=True)
    assert np.isnan(statistics.holm([NAN, NAN])).all()
    assert statistics.holm([]).shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_holm_rejects_what_stepping_down_rejects(p: list[float]) -> None:
    adjusted = statistics.holm(p)

    rejected = set()
    for step, at in enumerate(sorted(range(len(p)), key=lambda at: p[at])):
        if p[at] * (len(p) - step) > 0.05:
            break
        rejected.add(at)
    assert {at for at in range(len(p)) if adjusted[at] <= 0.05} == rejected


# Cronbach's alpha


def with_covariance(wanted: Floats, n: int) -> Floats:
    """Cases whose sample covariance is exactly this, (n, k)."""
    raw = np.random.default_rng(7).normal(size=(n, len(wanted)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    return white @ np.linalg.cholesky(wanted).T


def test_alpha_is_that_of_a_published_example() -> None:
    # The example of StatsBase.cronbachalpha: 0.8136, and 0.7500 without the first item.
    covariance = np.full((4, 4), 6.0) + np.diag([4.0, 5, 6, 7])
    items = with_covariance(covariance, 40)

    whole, less = statistics.alpha(items), statistics.alpha(items[:, 1:])

    assert whole is not None and less is not None
    assert (round(whole.alpha, 4), whole.n, whole.items) == (0.8136, 40, 4)
    assert (round(less.alpha, 4), less.items) == (0.75, 3)


@pytest.mark.parametrize(("n", "k", "noise"), [(30, 2, 1), (100, 5, 1), (1000, 12, 2), (60, 6, 8)])
def test_the_interval_of_alpha_is_feldts(n: int, k: int, noise: float) -> None:
    found = statistics.alpha(correlated(n, k, n, noise))

    assert found is not None
    upper, lower = stats.f.ppf([0.975, 0.025], n - 1, (n - 1) * (k - 1))
    assert found.low == pytest.approx(1 - (1 - found.alpha) * upper, rel=1e-9)
    assert found.high == pytest.approx(1 - (1 - found.alpha) * lower, rel=1e-9)
    # Bonett's (2002), by another road, differs by little.
    deviation = stats.norm.ppf(0.975) * math.sqrt(2 * k / ((k - 1) * (n - 2)))
    centre = math.log(1 - found.alpha) - math.log(n / (n - 1))
    assert found.low == pytest.approx(1 - math.exp(centre + deviation), abs=0.08 * (1 - found.alpha))
    assert found.high == pytest.approx(1 - math.exp(centre - deviation), abs=0.08 * (1 - found.alpha))


def test_the_interval_of_alpha_is_that_of_a_published_example() -> None:
    # Feldt's interval as worked by C. Evans for the MRC Cognition and Brain Sciences Unit: 873 people,
    # 20 items, alpha 0.913. Items whose covariances are 1 have it with variances of 1 + 20 * 0.087 / 0.913.
    covariance = np.ones((20, 20)) + np.eye(20) * 20 * 0.087 / 0.913

    found = statistics.alpha(with_covariance(covariance, 873))

    assert found is not None
    assert found.alpha == pytest.approx(0.913)
    assert (round(found.low, 7), round(found.high, 7)) == (0.9044024, 0.9211588)


def test_the_interval_of_alpha_covers_as_often_as_it_says() -> None:
    # Five parallel items with noise as large as what they share: alpha is 5/6.
    found = [statistics.alpha(correlated(40, 5, seed)) for seed in range(1500)]

    covered = np.mean([one is not None and one.low <= 5 / 6 <= one.high for one in found])
    assert covered == pytest.approx(0.95, abs=0.017)


def test_alpha_counts_complete_cases_only() -> None:
    items = correlated(40, 4, 3)
    holes = items.copy()
    holes[[3, 5, 5, 30], [0, 1, 2, 3]] = NAN

    found = statistics.alpha(holes)

    assert found == statistics.alpha(np.delete(items, [3, 5, 30], axis=0))
    assert found is not None and found.n == 37
    holes[:8, 0] = NAN
    holes[8:12, 1] = NAN
    assert statistics.alpha(holes) is None  # 27 complete


def test_alpha_needs_two_items_that_vary_and_sums_that_do() -> None:
    one = np.arange(30.0) % 5

    assert statistics.alpha(one[:, None]) is None
    assert statistics.alpha(np.column_stack([one, np.full(30, 3.3)])) is None
    assert statistics.alpha(np.column_stack([one, 4 - one])) is None
    assert statistics.alpha(np.empty((30, 0))) is None
    with_constant = statistics.alpha(np.column_stack([one, one, np.full(30, 3.3)]))
    assert with_constant is not None
    assert (with_constant.alpha, with_constant.items) == (pytest.approx(0.75), 3)


def test_items_that_agree_entirely_have_an_alpha_of_one_without_doubt() -> None:
    one = np.random.default_rng(2).normal(size=50)

    found = statistics.alpha(np.column_stack([one, one, one]))

    assert found == statistics.Alpha(1, 1, 1, 50, 3)

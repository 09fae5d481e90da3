"""Reference distributions: SciPy's, to the last choice where they are exact."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from readiness.core import distributions


@pytest.mark.parametrize("probability", [0.025, 0.5, 0.975])
def test_fishers_quantiles_are_scipys(probability: float) -> None:
    freedoms = [(1, 1), (2, 3), (29, 29), (29, 319), (88, 528), (999, 999), (9_999, 109_989), (50, 1)]

    found = [distributions.fisher_quantile(probability, above, below) for above, below in freedoms]

    assert found == pytest.approx([stats.f.ppf(probability, *pair) for pair in freedoms], rel=1e-10)


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.99])
def test_students_critical_values_are_scipys(confidence: float) -> None:
    freedoms = [*range(1, 60), 99, 100, 1001, 19_998]

    found = [distributions.student_critical(confidence, freedom) for freedom in freedoms]

    assert found == pytest.approx(stats.t.ppf((1 + confidence) / 2, freedoms), rel=1e-11)


@given(st.lists(st.integers(-12, 12).map(lambda value: value / 2), min_size=1, max_size=30))
def test_mid_ranks_are_scipys(values: list[float]) -> None:
    ranks, shared = distributions.mid_ranks(np.array(values))

    assert ranks.tolist() == stats.rankdata(values).tolist()
    assert sorted(shared) == sorted(values.count(value) for value in set(values))


def test_choices_are_counted_to_the_last_one() -> None:
    assert int(distributions.rank_sum_counts(2 * np.arange(1, 51), 25).sum()) == math.comb(50, 25)
    assert int(distributions.signed_rank_counts(2 * np.arange(1, 51)).sum()) == 2**50


# Ranks that an interval ends at


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_the_interval_of_a_median_is_the_narrowest_that_covers(confidence: float) -> None:
    for n in [*range(6, 80), 500, 501, 5000]:
        rank, coverage = distributions.median_rank(n, confidence)
        exact = 1 - 2 * stats.binom.cdf(rank - 1, n, 0.5)
        if rank:
            assert coverage == pytest.approx(exact, abs=1e-9) and exact >= confidence - 1e-12
        wider = min(rank + 1, (n + 1) // 2)
        assert wider == rank or 1 - 2 * stats.binom.cdf(wider - 1, n, 0.5) < confidence


def exact_p(n: int, positive: int) -> float:
    """SciPy's exact p of n differences whose positive ranks have this sum."""
    differences = -np.arange(1.0, n + 1)
    for at in reversed(range(n)):
        if positive > at:
            differences[at] *= -1
            positive -= at + 1
    return float(stats.wilcoxon(differences, method="exact").pvalue)


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95, 0.99])
def test_the_interval_of_a_shift_holds_what_the_exact_test_does_not_reject(confidence: float) -> None:
    for n in range(6, 51):
        rank = distributions.walsh_rank(n, confidence, 50)

        assert rank == 0 or exact_p(n, rank - 1) <= 1 - confidence + 1e-12
        assert exact_p(n, rank) > 1 - confidence


def test_the_normal_interval_of_a_shift_hardly_differs_from_the_exact_one() -> None:
    for n in range(51, 61):
        assert abs(distributions.walsh_rank(n, 0.95, 50) - distributions.walsh_rank(n, 0.95, 60)) <= 1


@pytest.mark.parametrize("n", [1_001, 1_002, 4_999, 20_000])
def test_the_rank_of_very_many_is_that_of_the_binomial_distribution(n: int) -> None:
    rank, coverage = distributions.median_rank(n, 0.95)

    assert coverage == pytest.approx(1 - 2 * stats.binom.cdf(rank - 1, n, 0.5), abs=1e-9)
    assert coverage >= 0.95 > 1 - 2 * stats.binom.cdf(rank, n, 0.5)

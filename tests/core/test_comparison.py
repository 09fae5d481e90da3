"""Two cohorts, or the same firms twice: what the numbers can show, and what not."""

import numpy as np
import pytest
from scipy import stats

from readiness.core import comparison
from readiness.core.answers import DONT_KNOW
from readiness.core.comparison import HIGHER, LOWER, NONE, TOO_FEW
from readiness.core.ranks import Shift
from readiness.core.statistics import Delta
from tests.core.firms import MODEL
from tests.core.test_cohort import some_firms

LUCK = np.random.default_rng(3)


def indices(count: int, *middles: float) -> np.ndarray:
    """Indices of so many firms around the middle of each component."""
    return np.stack([LUCK.normal(middle, 10, count) for middle in middles])


def test_two_cohorts_are_told_apart_where_they_differ_enough() -> None:
    high, alike, low = comparison.groups(indices(40, 60, 50, 40), indices(50, 40, 50, 60))

    assert (high.verdict, alike.verdict, low.verdict) == (HIGHER, NONE, LOWER)
    assert isinstance(high.effect, Delta) and high.effect.low > 0 and high.size == "large"
    assert high.n == (40, 50)
    assert high.after and high.before and high.after.median > high.before.median


def test_p_is_adjusted_over_the_components() -> None:
    first, second = indices(12, 56, 56, 50), indices(12, 45, 47, 50)
    found = comparison.groups(first, second)

    plain = [stats.mannwhitneyu(a, b, method="exact").pvalue for a, b in zip(first, second, strict=True)]
    order = np.argsort(plain)
    assert found[order[0]].adjusted == pytest.approx(3 * plain[order[0]])
    assert found[order[1]].adjusted == pytest.approx(max(3 * plain[order[0]], 2 * plain[order[1]]))
    assert [one.p for one in found] == pytest.approx(plain)


def test_what_would_be_shown_alone_is_not_shown_among_nine() -> None:
    first, second = np.array([[1, 2, 3, 4, 5, 9.0]] * 9), np.array([[6, 7, 8, 10, 11, 12.0]] * 9)

    (alone,), nine = comparison.groups(first[:1], second[:1]), comparison.groups(first, second)

    assert alone.verdict == LOWER and {one.verdict for one in nine} == {NONE}


def test_too_few_firms_show_nothing() -> None:
    (found,) = comparison.groups(indices(4, 80), indices(40, 20))
    (paired,) = comparison.rounds(indices(5, 20), indices(5, 80))

    assert found.verdict == paired.verdict == TOO_FEW
    assert found.effect is None and found.adjusted is None and found.after is None and found.before
    assert paired.n == (5, 5) and paired.effect is None


def test_rounds_count_only_firms_with_both_numbers() -> None:
    before = indices(20, 40)
    after = before + LUCK.normal(8, 3, before.shape)
    before[0, :3], after[0, 3:6] = np.nan, np.nan
    (found,) = comparison.rounds(before, after)

    assert found.n == (14, 14) and found.verdict == HIGHER and found.size == ""
    assert isinstance(found.effect, Shift) and found.effect.low < 8 < found.effect.high
    moved = (after - before)[0, 6:]
    assert found.p == pytest.approx(stats.wilcoxon(moved, method="exact").pvalue)


def test_firms_that_did_not_move_show_no_difference() -> None:
    before = indices(20, 40)
    (found,) = comparison.rounds(before, before)

    assert found.verdict == NONE and found.p == 1.0


def test_reliability_turns_what_is_asked_in_the_negative_and_needs_thirty() -> None:
    level = np.random.default_rng(9).integers(0, 5, 40)
    codes = np.tile(level, (len(MODEL.indicators), 1)).astype(np.uint8)
    codes[MODEL.is_reversed] = 4 - codes[MODEL.is_reversed]
    found = comparison.reliability(MODEL, codes)

    assert len(found) == 9
    for one, component in zip(found, MODEL.components, strict=True):
        assert one.complete == 40
        assert (one.alpha is not None and one.alpha.alpha == pytest.approx(1)) or len(
            MODEL.of_component(component)
        ) == 1
    codes[:, :11] = DONT_KNOW
    assert all(one.alpha is None and one.complete == 29 for one in comparison.reliability(MODEL, codes))


def test_reliability_of_a_component_is_that_of_its_indicators() -> None:
    codes = some_firms(200)
    found = comparison.reliability(MODEL, codes)[0]

    rows = [at for at, row in enumerate(MODEL.indicators) if row.component == MODEL.components[0]]
    items = codes[rows].T.astype(float)
    items = items[(items < 5).all(axis=1)]
    turned = np.where(MODEL.is_reversed[rows], 4 - items, items)
    k = len(rows)
    slow = k / (k - 1) * (1 - turned.var(axis=0, ddof=1).sum() / turned.sum(axis=1).var(ddof=1))
    assert found.complete == len(items) and found.alpha and found.alpha.alpha == pytest.approx(slow)

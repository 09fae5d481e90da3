"""Many firms at once: the same numbers as firm by firm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core import cohort, scoring
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes
from readiness.core.fuzzy import TERM_TFN
from tests.core.firms import MODEL, firm, same
from tests.core.strategies import INDICATORS, examples, firms

PARTS = len(MODEL.components)


def some_firms(count: int, seed: int = 1) -> Codes:
    """Codes of firms with more and less missing, (indicators, count)."""
    luck = np.random.default_rng(seed)
    codes = luck.integers(0, 5, (count, INDICATORS))
    holes = luck.choice([DONT_KNOW, UNANSWERED, NOT_APPLICABLE], codes.shape)
    thickness = luck.choice([0, 0.02, 0.1, 0.2, 0.5, 0.95], (count, 1))
    codes = np.where(luck.random(codes.shape) < thickness, holes, codes)
    return np.ascontiguousarray(codes.T.astype(np.uint8))


def assert_firm_by_firm(codes: Codes, at: list[int] | range) -> None:
    many = cohort.score_many(MODEL, codes)
    for firm_at in at:
        one = scoring.score_codes(MODEL, codes[:, firm_at][None])
        assert many.scored[:, firm_at].tolist() == one.components.scored.tolist()
        assert many.coverage[:, firm_at] == pytest.approx(one.components.coverage, abs=1e-9, nan_ok=True)
        expected = np.where(one.components.scored[:, None], one.components.tfn, np.nan)
        assert pytest.approx(expected, abs=1e-9, nan_ok=True) == many.tfn[:, :, firm_at].T
        whole = one.overall.tfn if one.overall else np.full(3, np.nan)
        assert many.overall[:, firm_at] == pytest.approx(whole, abs=1e-9, nan_ok=True)


def same_scores(one: cohort.CohortScores, other: cohort.CohortScores) -> bool:
    return all(
        np.allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-9, equal_nan=True)
        for name in ("tfn", "coverage", "scored", "overall", "index", "overall_index")
    )


# Firm by firm


def test_firms_with_gaps_are_scored_as_one_by_one() -> None:
    codes = some_firms(250)
    found = cohort.score_many(MODEL, codes)

    assert_firm_by_firm(codes, range(250))
    # the sample has all kinds: scored and not, with and without a whole, with nothing applicable
    assert 0 < found.scored.mean() < 1
    assert 0 < np.isnan(found.overall[0]).mean() < 1
    assert np.isnan(found.coverage).any()


def test_complete_firms_are_scored_as_one_by_one() -> None:
    codes = np.random.default_rng(2).integers(0, 5, (INDICATORS, 100)).astype(np.uint8)

    assert_firm_by_firm(codes, range(100))


@examples(60)
@given(st.lists(firms(raters=1), min_size=1, max_size=3))
def test_any_firms_are_scored_as_one_by_one(found: list[Codes]) -> None:
    codes = np.concatenate(found).T

    assert_firm_by_firm(codes, range(len(found)))


@pytest.mark.parametrize(
    "sheet",
    [
        {25: "M", 28: "M", 26: "NA", 27: "NA"},
        {25: "M", 27: "M", 26: "NA", 28: "NA"},
        {30: "L", 31: "L", 32: "L", 34: "L", 33: "NA"},
        {17: "H", 18: "NA", 19: "NA"},
        same("M") | same("DK", (8, 9, 10, 14, 15, 24, 29, 34, 42)) | {30: "NA"},
        same("M") | same("DK", (8, 9, 10, 14, 15, 24, 28, 34, 42)) | {30: "NA"},
        same("NA"),
        {},
    ],
)
def test_a_firm_at_a_threshold_is_scored_as_by_itself(sheet: dict[int, str]) -> None:
    assert_firm_by_firm(firm(sheet).T, [0])


@pytest.mark.parametrize("code", range(5))
def test_one_term_throughout_gives_that_term_but_for_the_barriers(code: int) -> None:
    codes = np.full((INDICATORS, 3), code, dtype=np.uint8)
    codes[MODEL.column[44]] = 4 - code

    found = cohort.score_many(MODEL, codes)

    assert found.tfn == pytest.approx(
        np.broadcast_to(TERM_TFN[code][:, None, None], (3, PARTS, 3)), abs=1e-12
    )
    assert found.overall == pytest.approx(np.broadcast_to(TERM_TFN[code][:, None], (3, 3)), abs=1e-12)
    assert found.index == pytest.approx(np.full((PARTS, 3), [0, 20, 50, 80, 100][code]), abs=1e-9)
    assert found.overall_index == pytest.approx(np.full(3, [0, 20, 50, 80, 100][code]), abs=1e-9)


def test_importances_are_whole_twelfths_of_a_fifteenth() -> None:
    units = cohort.importance_units(MODEL)

    assert units[:6].tolist() == [109, 131, 150, 121, 135, 129]
    assert units / 180 == pytest.approx(MODEL.importance, abs=1e-12)
    assert units.sum() == 5753


# Blocks and shapes

#: Enough firms for two full blocks and a rest, whatever power of two up to 16,384 a block holds.
MANY = 2 * 16_384 + 1


def test_the_place_of_a_firm_among_many_does_not_matter() -> None:
    few = some_firms(331)
    repeats = -(-MANY // 331)

    many = cohort.score_many(MODEL, np.tile(few, repeats)[:, :MANY])

    one = cohort.score_many(MODEL, few)
    for name in ("tfn", "coverage", "scored", "overall"):
        expected = np.tile(getattr(one, name), repeats)[..., :MANY]
        assert np.allclose(getattr(many, name), expected, rtol=0, atol=1e-9, equal_nan=True), name


@pytest.mark.parametrize("count", [1, 2, 16_383, 16_384, 16_385])
def test_the_last_firm_of_any_number_is_scored(count: int) -> None:
    codes = np.random.default_rng(count).integers(0, 5, (INDICATORS, count)).astype(np.uint8)
    codes[:3, -1] = NOT_APPLICABLE

    assert_firm_by_firm(codes, sorted({0, count // 2, count - 1}))


def test_complete_and_incomplete_blocks_agree_on_complete_firms() -> None:
    complete = np.random.default_rng(3).integers(0, 5, (INDICATORS, 50)).astype(np.uint8)
    joined = np.concatenate([complete, np.full((INDICATORS, 1), UNANSWERED, np.uint8)], axis=1)

    alone, among = cohort.score_many(MODEL, complete), cohort.score_many(MODEL, joined)

    for name in ("tfn", "coverage", "scored", "overall"):
        assert getattr(among, name)[..., :-1] == pytest.approx(getattr(alone, name), abs=1e-9), name
    assert not among.scored[:, -1].any()


def test_how_the_codes_lie_in_memory_does_not_matter() -> None:
    codes = some_firms(64)

    found = cohort.score_many(MODEL, codes)

    assert same_scores(found, cohort.score_many(MODEL, np.asfortranarray(codes)))
    assert same_scores(found, cohort.score_many(MODEL, np.repeat(codes, 2, axis=1)[:, ::2]))


def test_scoring_leaves_the_codes_as_they_were() -> None:
    codes = some_firms(64)
    before = codes.copy()

    cohort.score_many(MODEL, codes)

    assert (codes == before).all()


def test_no_firms_have_no_scores() -> None:
    found = cohort.score_many(MODEL, np.empty((INDICATORS, 0), dtype=np.uint8))

    assert found.tfn.shape == (3, PARTS, 0)
    assert found.coverage.shape == found.scored.shape == found.index.shape == (PARTS, 0)
    assert found.overall.shape == (3, 0)
    assert found.overall_index.shape == (0,)


@pytest.mark.parametrize("shape", [(0,), (47,), (46, 5), (48, 5), (5, 47), (0, 0), (1, 47, 5)])
def test_a_wrong_shape_is_refused_with_both_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"\(47, firms\)") as caught:
        cohort.score_many(MODEL, np.zeros(shape, dtype=np.uint8))

    assert str(shape) in str(caught.value)

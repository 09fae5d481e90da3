"""Where raters disagree, worked by hand, and what agreed answers would change."""

import numpy as np
import pytest
from hypothesis import given

from readiness.core import agreement, scoring
from readiness.core.answers import CODE_OF
from tests.core.firms import ALL, MODEL, firm, same, with_plain_weights
from tests.core.strategies import firms

PLAIN = with_plain_weights()


def test_two_terms_apart_is_flagged_and_one_is_not() -> None:
    found = agreement.disagreement(MODEL, firm({1: "L", 2: "L", 3: "M"}, {1: "M", 2: "H", 3: "M"}))

    # L (0, .25, .5) and M (.25, .5, .75): each is .125 from their mean; L and H: .25.
    assert found.distance[:3].tolist() == pytest.approx([0.125, 0.25, 0])
    assert found.flagged == (2,)
    assert found.ranked[:3] == (2, 1, 3)


def test_two_polarised_raters_are_as_far_apart_as_can_be() -> None:
    found = agreement.disagreement(MODEL, firm({1: "VL"}, {1: "VH"}))

    # (0, 0, .25) and (.75, 1, 1), the mean (.375, .5, .625): sqrt((.375² + .5² + .375²) / 3).
    assert found.distance[0] == pytest.approx(np.sqrt((0.375**2 + 0.5**2 + 0.375**2) / 3))


def test_a_single_term_is_no_agreement() -> None:
    found = agreement.disagreement(MODEL, firm({1: "L", 2: "DK"}, {1: "DK", 2: "NA"}))

    assert np.isnan(found.distance[:2]).all()
    assert found.terms[:2].tolist() == [1, 0]
    assert found.flagged == ()
    assert np.isnan(found.components).all()


def test_a_component_has_the_mean_of_its_indicators_with_a_distance() -> None:
    found = agreement.disagreement(MODEL, firm({1: "L", 2: "L", 3: "H"}, {1: "M", 2: "H"}))

    assert found.components[0] == pytest.approx((0.125 + 0.25) / 2)


@given(firms())
def test_the_distances_are_those_of_the_scores(codes: np.ndarray) -> None:
    found = agreement.disagreement(MODEL, codes)
    rated = scoring.rate(MODEL, codes).disagreement

    several = found.terms > 1
    assert np.array_equal(found.distance[several], rated[several])
    assert sorted(found.ranked) == list(MODEL.numbers)
    flagged = {MODEL.numbers[at] for at in np.flatnonzero(np.nan_to_num(found.distance) > 0.2 + 1e-9)}
    assert set(found.flagged) == flagged


@given(firms())
def test_agreed_answers_count_as_if_everybody_had_given_them(codes: np.ndarray) -> None:
    agreed = {1: CODE_OF["H"], 12: CODE_OF["DK"], 20: CODE_OF["NA"]}
    kept = codes.copy()

    changed = agreement.with_agreed(MODEL, codes, agreed)

    assert np.array_equal(codes, kept), "the raters' answers stay"
    rated = scoring.rate(MODEL, changed)
    assert rated.crisp[0] == pytest.approx(0.75)
    assert not rated.answered[MODEL.column[12]] and rated.applicable[MODEL.column[12]]
    assert not rated.applicable[MODEL.column[20]]
    others = [at for at, number in enumerate(MODEL.numbers) if number not in agreed]
    assert np.array_equal(changed[:, others], codes[:, others])


def test_the_effect_is_that_of_the_agreed_answers_alone() -> None:
    codes = firm(same("M"), same("M") | {17: "VL", 18: "VH"})

    found = agreement.effect(PLAIN, codes, {17: CODE_OF["VH"]})

    at = PLAIN.components.index("resources")
    # 17: from the mean of M and VL (25) to 100; 18: the mean of M and VH (75); 19: 50.
    assert found.before[at] == pytest.approx((25 + 75 + 50) / 3)
    assert found.after[at] == pytest.approx((100 + 75 + 50) / 3)
    rest = [other for other in range(9) if other != at]
    assert found.after[rest].tolist() == pytest.approx(found.before[rest].tolist())
    assert found.overall_before and found.overall_after
    assert found.overall_after - found.overall_before == pytest.approx(25 / 9)


def test_without_agreed_answers_nothing_changes() -> None:
    codes = firm(same("M", ALL[:20]), same("H", ALL[:20]))

    found = agreement.effect(MODEL, codes, {})

    assert np.array_equal(found.before, found.after, equal_nan=True)
    assert found.overall_before is None and found.overall_after is None


def test_an_answer_agreed_to_be_unknown_can_take_a_score_away() -> None:
    codes = firm({17: "M", 18: "M", 19: "M"}, {17: "M", 18: "M", 19: "VL"})
    at = MODEL.components.index("resources")

    found = agreement.effect(MODEL, codes, {19: CODE_OF["DK"]})

    assert not np.isnan(found.before[at])
    assert np.isnan(found.after[at]), "two of three by importance are no two thirds"

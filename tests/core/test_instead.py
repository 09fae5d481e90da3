"""Answers in the place of others: the same arithmetic, other answers."""

from __future__ import annotations

import numpy as np

from readiness.core import instead, scoring
from readiness.core.answers import CODE_OF, NOT_APPLICABLE
from tests.core.firms import MODEL, firm, same

UNSURE = {1: "L", 2: "DK", 3: "NA"}


def test_every_rater_gives_the_other_answer_and_the_first_ones_stay_as_they_are() -> None:
    codes = firm(same("M"), same("H"))
    before = codes.copy()

    changed = instead.with_answers(codes, {0: CODE_OF["VL"], 2: NOT_APPLICABLE})

    assert (codes == before).all()
    assert changed[:, 0].tolist() == [CODE_OF["VL"]] * 2
    assert changed[:, 2].tolist() == [NOT_APPLICABLE] * 2
    assert (np.delete(changed, [0, 2], axis=1) == np.delete(before, [0, 2], axis=1)).all()


def test_nothing_in_the_place_of_anything_changes_nothing() -> None:
    codes = firm(same("M") | UNSURE)

    assert (instead.with_answers(codes, {}) == codes).all()


def test_the_scores_are_those_of_a_firm_that_had_answered_so() -> None:
    codes = firm(same("M"))
    words = {1: "VH", 11: "L", 44: "VH", 2: "DK", 3: "NA"}

    got = scoring.export(instead.score_with(MODEL, codes, words), {})

    assert got == scoring.export(scoring.score_codes(MODEL, firm(same("M") | words)), {})


def test_one_term_from_all_raters_is_the_score_of_the_indicator() -> None:
    codes = firm(same("VL"), same("VH"))

    scores = instead.score_with(MODEL, codes, {1: "H"})

    assert scores.indicators.tfn[0].tolist() == [0.5, 0.75, 1]
    assert scores.indicators.disagreement[0] == 0

"""Hints for a second look: few, certain, and silent about ordinary answers."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.core import hints, model
from readiness.core.fuzzy import TERMS
from tests.core.firms import ALL, MODEL, one, same


def test_ordinary_answers_raise_no_hint() -> None:
    luck = np.random.default_rng(3)
    codes = one({number: TERMS[1 + int(luck.integers(0, 3))] for number in ALL})

    assert not hints.find(MODEL, codes)
    assert not hints.find(MODEL, one({}))


def test_the_same_answer_nearly_everywhere_is_noticed() -> None:
    found = hints.find(MODEL, one(same("M") | {1: "H", 2: "L"}))

    assert found.nearly_all == "M"
    assert found.run is None
    assert hints.find(MODEL, one(same("M", range(1, 20)))).nearly_all is None


def test_a_long_run_of_one_answer_is_noticed_with_its_ends() -> None:
    mixed = {number: ("L", "M", "H")[number % 3] for number in ALL}

    assert hints.find(MODEL, one(mixed | same("H", range(16, 31)))).run == (16, 30)
    assert hints.find(MODEL, one(mixed | {15: "L", 31: "L"} | same("H", range(17, 31)))).run is None
    assert hints.find(MODEL, one(mixed | same("DK", range(10, 40)))).run is None
    assert hints.find(MODEL, one(mixed | same("L", range(33, 48)))).run == (33, 47)


@pytest.mark.parametrize(("high", "low"), MODEL.contradictions)
def test_two_answers_that_hardly_go_together_are_noticed(high: int, low: int) -> None:
    def found(one_term: str, other_term: str) -> bool:
        sheet = dict.fromkeys(ALL, "M") | {high: one_term, low: other_term}
        return hints.Contradiction(high, low) in hints.find(MODEL, one(sheet)).contradictions

    assert found("H", "VL") and found("VH", "VL")
    assert not found("M", "VL") and not found("VH", "L") and not found("DK", "VL") and not found("VH", "NA")


def test_every_pair_has_words_in_every_language() -> None:
    for code in model.LANGUAGES:
        words = model.texts(MODEL.version, code)["contradictions"]
        assert set(words) == {f"{high}-{low}" for high, low in MODEL.contradictions}

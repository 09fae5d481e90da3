"""Many firms at once come to what each comes to alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.model import load
from readiness.core.outcomes import outcomes
from readiness.core.scoring import score_codes

MODEL = load()
CODES = st.integers(0, 7)


def firm(draw_codes: list[list[int]]) -> np.ndarray:
    return np.array(draw_codes, dtype=np.uint8)


SHEET = st.lists(CODES, min_size=47, max_size=47) | st.lists(st.integers(0, 4), min_size=47, max_size=47)
FIRMS = st.lists(st.lists(SHEET, min_size=1, max_size=3).map(firm), min_size=1, max_size=4)


def agree(firms: list[np.ndarray]) -> None:
    for codes, found in zip(firms, outcomes(MODEL, firms), strict=True):
        scores = score_codes(MODEL, codes)
        assert found.route == (scores.route.name if scores.route else None)
        if scores.overall is None:
            assert (found.overall, found.low, found.high) == (None, None, None)
        else:
            due = (scores.overall.index, scores.overall.low, scores.overall.high)
            assert (found.overall, found.low, found.high) == pytest.approx(due, abs=1e-9)


@given(FIRMS)
def test_many_firms_at_once_come_to_what_each_comes_to_alone(firms: list[np.ndarray]) -> None:
    agree(firms)


def test_so_do_more_firms_than_go_through_at_once() -> None:
    random = np.random.default_rng(3)
    few = [random.choice(8, (1 + at % 3, 47), p=[0.18] * 5 + [0.04, 0.03, 0.03]) for at in range(300)]

    found = outcomes(MODEL, few * 30)

    assert found[:300] == found[300:600] == found[8700:]
    assert {item.overall is None for item in found} == {True, False}
    agree(few)


def test_no_firm_comes_to_nothing() -> None:
    assert outcomes(MODEL, []) == []

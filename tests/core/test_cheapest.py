"""The cheapest path to the next level, against trying everything."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from readiness.core import answers, cheapest, model, scoring
from readiness.core.fuzzy import TERMS

MODEL = model.load()
SMALL = ("resources", "environment", "assets")


def firm(*sheets: dict[int, int]) -> Any:
    """Codes of raters who gave these terms and left the rest unanswered."""
    codes = np.array([answers.blank(MODEL) for _ in sheets])
    for row, sheet in zip(codes, sheets, strict=True):
        for number, term in sheet.items():
            row[MODEL.column[number]] = term
    return codes


def level(codes: Any, key: str | None) -> int:
    found = scoring.export(scoring.score_codes(MODEL, codes), {})
    part = found["overall"] if key is None else found["components"][key]
    return TERMS.index(part["level"])


def applied(codes: Any, path: cheapest.Path) -> Any:
    changed = codes.copy()
    for change in path.changes:
        column = MODEL.column[change.indicator]
        assert TERMS[changed[change.rater, column]] == change.before
        changed[change.rater, column] = TERMS.index(change.after)
    return changed


def lifts(codes: Any, key: str, steps: int) -> bool:
    """Whether any so many one-step changes lift the component, by trying all of them."""
    places = [tuple(place) for place in np.argwhere(codes < len(TERMS))]
    moves = [(rater, column, step) for rater, column in places for step in (-1, 1)]
    start = level(codes, key)
    for chosen in combinations_with_replacement(moves, steps):
        tried = codes.astype(int)
        for rater, column, step in chosen:
            tried[rater, column] += step
        if (tried[codes < 5] < 0).any() or (tried[codes < 5] > 4).any():
            continue
        if level(tried.astype(np.uint8), key) > start:
            return True
    return False


@pytest.mark.parametrize("key", SMALL)
@settings(max_examples=25)
@given(data=some.data())
def test_no_shorter_path_exists_in_a_small_component(key: str, data: Any) -> None:
    numbers = [row.number for row in MODEL.of_component(key)]
    codes = firm({number: data.draw(some.integers(0, 4)) for number in numbers})
    start = level(codes, key)

    path = cheapest.to_next_level(scoring.score_codes(MODEL, codes), codes, key)

    if start == 4:
        assert path is None
        return
    assert path is not None
    assert (path.before, path.after) == (TERMS[start], TERMS[start + 1])
    assert level(applied(codes, path), key) >= start + 1
    assert path.steps <= 4
    assert not any(lifts(codes, key, steps) for steps in range(1, path.steps))


def test_two_raters_share_the_steps() -> None:
    codes = firm({17: 0, 18: 0, 19: 0}, {17: 1, 18: 1, 19: 1})
    start = level(codes, "resources")

    path = cheapest.to_next_level(scoring.score_codes(MODEL, codes), codes, "resources")

    assert path is not None
    assert level(applied(codes, path), "resources") == start + 1
    assert not any(lifts(codes, "resources", steps) for steps in range(1, min(path.steps, 3)))


@settings(max_examples=30)
@given(some.lists(some.integers(0, 4), min_size=47, max_size=47))
def test_the_overall_path_leads_to_the_next_level(terms: list[int]) -> None:
    codes = np.array([terms], dtype=np.uint8)
    start = level(codes, None)

    path = cheapest.to_next_level(scoring.score_codes(MODEL, codes), codes)

    if start == 4:
        assert path is None
        return
    assert path is not None
    assert level(applied(codes, path), None) == start + 1
    shorter = applied(codes, path)
    last = path.changes[-1]
    back = TERMS.index(last.after) - (1 if TERMS.index(last.after) > TERMS.index(last.before) else -1)
    shorter[0, MODEL.column[last.indicator]] = back
    assert level(shorter, None) == start, "one step less does not get there"


def test_barriers_are_lowered_and_not_raised() -> None:
    codes = firm({43: 4, 44: 4})

    path = cheapest.to_next_level(scoring.score_codes(MODEL, codes), codes, "environment")

    assert path is not None
    assert [(one.indicator, one.before) for one in path.changes] == [(44, "VH")]


def test_there_is_no_path_without_a_score_or_beyond_the_top() -> None:
    nothing, top = firm({1: 2}), np.full((1, 47), 4, dtype=np.uint8)
    top[0, MODEL.column[44]] = 0

    assert cheapest.to_next_level(scoring.score_codes(MODEL, nothing), nothing, "networking") is None
    assert cheapest.to_next_level(scoring.score_codes(MODEL, nothing), nothing) is None
    assert cheapest.to_next_level(scoring.score_codes(MODEL, top), top) is None

"""The fewest answer changes that change the route: tried against all shorter ones."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from readiness.core import answers, counterfactual, route
from readiness.core.answers import Codes
from readiness.core.fuzzy import TERMS
from tests.core import naive
from tests.core.firms import GOLDEN, MODEL, RELATIONAL, Sheet, firm, same, sheets
from tests.core.search import Search
from tests.core.strategies import examples, firms


def recommended(codes: Codes) -> route.Route:
    found = route.recommend(MODEL, codes)
    assert found
    return found


def applied(codes: Codes, changes: tuple[counterfactual.Change, ...]) -> Codes:
    """The answers after these changes, each of which must start from what was answered."""
    after = codes.copy()
    for change in changes:
        place = change.rater, MODEL.column[change.indicator]
        assert change.indicator in RELATIONAL
        assert TERMS[codes[place]] == change.before != change.after
        after[place] = TERMS.index(change.after)
    return after


def assert_it_does_what_it_says(codes: Codes) -> counterfactual.Counterfactual:
    found = recommended(codes)
    other = found.counterfactual
    assert other
    after = applied(codes, other.changes)
    second = naive.standing(sheets(after))
    assert second
    assert second["name"] == recommended(after).name == other.route != found.name
    assert other.steps == np.abs(after.astype(int) - codes).sum()
    assert len({(change.rater, change.indicator) for change in other.changes}) == len(other.changes)
    return other


# Against trying everything


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_the_changes_of_a_golden_case_lead_where_they_say(case: dict[str, dict[str, object]]) -> None:
    assert_it_does_what_it_says(answers.parse(case["answers"]).codes)


@examples(40)
@given(firms(raters=1))
def test_one_rater_cannot_change_the_route_in_fewer_steps(codes: Codes) -> None:
    assume(route.recommend(MODEL, codes))
    steps = assert_it_does_what_it_says(codes).steps

    assert Search(sheets(codes)).fewest(min(steps - 1, 3)) is None


@examples(40)
@given(firms(raters=2))
def test_two_raters_cannot_change_the_route_in_fewer_steps(codes: Codes) -> None:
    assume(route.recommend(MODEL, codes))
    steps = assert_it_does_what_it_says(codes).steps

    assert Search(sheets(codes)).fewest(min(steps - 1, 2)) is None


#: Firms of which the coopetition side rests on few answers, so that four steps can be tried to the end.
FEW = same("NA", (1, 3, 5, 6, 7, 9, 10, 12, 13, 14))


@pytest.mark.parametrize(
    "words", ["MMMMMM", "HHHHHH", "LLLLLL", "VVVVVV", "XXXXXX", "HMLHML", "XVXVXV", "LLLXXX", "XXXVVV"]
)
@pytest.mark.parametrize("raters", [1, 2])
def test_a_small_firm_is_tried_to_the_end(words: str, raters: int) -> None:
    named = {"V": "VL", "L": "L", "M": "M", "H": "H", "X": "VH"}
    sheet = FEW | {number: named[word] for number, word in zip((2, 4, 8, 11, 15, 16), words, strict=True)}
    others = [sheet, sheet | {2: "M", 15: "L"}][:raters]
    codes = firm(*others)

    steps = assert_it_does_what_it_says(codes).steps

    depth = 5 if raters == 1 else 3
    assert Search(others).fewest(depth) == (steps if steps <= depth else None)


def test_the_search_finds_a_way_where_there_is_one() -> None:
    # coopetition stands at 65 but for one step; 16 is the last of its six
    almost: Sheet = same("H", RELATIONAL) | same("M", (11, 12, 13, 14))
    search = Search([almost])

    assert search.now == "coopetition"
    found = search.fewest(3)
    assert found == recommended(firm(almost)).counterfactual.steps  # type: ignore[union-attr]


# Beyond what can be tried to the end


@examples(150)
@given(firms(), st.sampled_from(["up", "down", "apart", "together", "any"]), st.integers(0, 2**32 - 1))
def test_no_shorter_set_of_changes_is_known_to_change_the_route(codes: Codes, way: str, seed: int) -> None:
    found = route.recommend(MODEL, codes)
    assume(found)
    luck = np.random.default_rng(seed)
    after = codes.astype(int)
    places = luck.permutation([(rater, at) for rater, at in np.argwhere(codes <= 4) if at < 16])
    towards = {"up": (1, 1), "down": (-1, -1), "apart": (1, -1), "together": (-1, 1)}
    left = found.counterfactual.steps - 1  # type: ignore[union-attr]
    for rater, at in places:
        sign = towards[way][int(at >= 10)] if way in towards else luck.choice([-1, 1])
        room = 4 - after[rater, at] if sign > 0 else after[rater, at]
        steps = min(left, room, luck.integers(1, 5))
        after[rater, at] += sign * steps
        left -= steps

    assert recommended(after.astype(np.uint8)).name == found.name  # type: ignore[union-attr]


# By hand


def test_one_answer_can_be_enough() -> None:
    # the two capabilities are at 65 exactly, so any step down ends it
    other = assert_it_does_what_it_says(firm(same("M", RELATIONAL), same("H", RELATIONAL)))

    assert other.steps == 1


@pytest.mark.parametrize("number", RELATIONAL)
def test_one_step_that_ends_exactly_on_65_is_enough(number: int) -> None:
    # both at 65 but for one answer that was lowered by one step; taking that back is one step
    low, high = same("M", RELATIONAL) | {number: "L"}, same("H", RELATIONAL)

    other = assert_it_does_what_it_says(firm(low, high))

    assert (other.steps, other.route) == (1, "sustain")


@pytest.mark.parametrize("number", [2, 8, 11, 15])
@pytest.mark.parametrize("words", [("L", "M"), ("L", "L", "L", "H")])
def test_one_step_that_ends_exactly_on_a_gate_of_35_is_enough(words: tuple[str, ...], number: int) -> None:
    found = [same(word, RELATIONAL) for word in words]
    found[-1][number] = TERMS[TERMS.index(words[-1]) - 1]

    other = assert_it_does_what_it_says(firm(*found))

    assert other.steps == 1


def test_a_firm_at_the_top_needs_several_steps_down() -> None:
    # The smaller side falls fastest, by more than 35 * 767 = 26,845: the weights of coopetition are 145, 145,
    # 124, 124, 123, 106 and the first four steps of each take off 20, 50, 80, 100. Eight steps take off
    # 145 * 80 * 2 + 124 * 50 = 29,400; seven at most 145 * 80 * 2 + 124 * 20 = 25,680.
    other = assert_it_does_what_it_says(firm(same("VH", RELATIONAL)))

    assert (other.steps, other.route) == (8, "coopetition")


def test_changes_are_exported_with_rater_indicator_and_both_terms() -> None:
    # coopetition rests on 11 (124) at 100 and 13 (123) at 0, or 50.2; 13 at 20 makes 60.2, at 50 makes 75.1
    rest = same("NA", (12, 14, 15, 16))
    found = recommended(firm(same("VH", range(1, 12)) | {13: "VL"} | rest)).export()

    assert found["name"] == "coopetition"
    assert found["counterfactual"] == {
        "steps": 2,
        "route": "sustain",
        "changes": [{"rater": 0, "indicator": 13, "from": "VL", "to": "M"}],
    }


@examples(40)
@given(firms())
def test_there_is_always_a_way_and_it_only_moves_terms_that_were_given(codes: Codes) -> None:
    assume(route.recommend(MODEL, codes))

    assert_it_does_what_it_says(codes)


def test_a_firm_without_an_answer_to_the_gate_cannot_open_it() -> None:
    sheet = same("M", [number for number in RELATIONAL if number not in (2, 8, 11, 15)])

    other = assert_it_does_what_it_says(firm(sheet))

    assert recommended(firm(sheet)).name == "networking-first"
    assert other.route in ("networking", "sustain")

"""What changed between two rounds: by hand, and by what must hold for any two."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core import scoring
from readiness.core.answers import CODE_OF, UNANSWERED, Answers, Codes, Response
from readiness.core.change import (
    DOWN,
    NONE,
    SAME,
    UP,
    Change,
    Point,
    carry,
    compare,
    component_points,
    course,
    kept,
    overall_point,
    verdict,
)
from readiness.core.model import Model
from tests.core.firms import ALL, MODEL, Sheet, firm, same, with_plain_weights
from tests.core.strategies import examples, firms

OPPOSITE = {UP: DOWN, DOWN: UP, SAME: SAME, NONE: NONE}
RESOURCES = MODEL.components.index("resources")
OF_RESOURCES = [row.number for row in MODEL.of_component("resources")]


def rounds(codes: Codes, model: Model = MODEL) -> Answers:
    return Answers(model, {"name": "F"}, tuple(Response(f"R{at}", row) for at, row in enumerate(codes)))


def sheet(*sheets: Sheet, model: Model = MODEL) -> Answers:
    return rounds(firm(*sheets), model)


def by_key(change: Change, key: str) -> tuple[str, int, int]:
    found = next(item for item in change.components if item.key == key)
    return found.verdict, found.changed, found.compared


def later(statements: dict[int, str] | None = None, **changes: object) -> Model:
    """Another version of the model, with some indicators asked in other words."""
    worded = tuple(
        replace(row, statement=(statements or {}).get(row.number, row.statement)) for row in MODEL.paper
    )
    return replace(MODEL, version="later", paper=worded, **changes)


# The rule


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        ((50, 40, 60), (70, 61, 80), UP),
        ((50, 40, 60), (70, 60, 80), SAME),  # the ranges touch
        ((50, 40, 60), (70, 60 + 1e-12, 80), SAME),  # noise is no gap
        ((70, 61, 80), (50, 40, 60), DOWN),
        ((50, 50, 50), (50, 50, 50), SAME),
        ((50, 50, 50), (50.1, 50.1, 50.1), UP),  # all answered: a point each
        ((None, None, None), (50, 40, 60), NONE),
        ((50, 40, 60), (None, 20, 90), NONE),  # a range without a score
    ],
)
def test_only_ranges_that_do_not_touch_tell_a_change(
    before: tuple[float | None, ...], after: tuple[float | None, ...], due: str
) -> None:
    assert verdict(Point(*before), Point(*after)) == due


# By hand


def test_one_answer_a_step_higher_lifts_its_component_and_stands_in_the_list() -> None:
    model = with_plain_weights()
    number = OF_RESOURCES[0]
    was, now = (sheet(same("M") | {number: term}, model=model) for term in ("M", "H"))

    found = compare(was, now)

    part = found.components[RESOURCES]
    assert part.before == Point(pytest.approx(50), pytest.approx(50), pytest.approx(50))
    gained = 30 / len(OF_RESOURCES)  # M is 50 and H is 80; all weigh the same
    assert part.by == pytest.approx(gained)
    assert (part.verdict, part.changed, part.compared) == (UP, 1, len(OF_RESOURCES))
    (answer,) = found.answers
    assert (answer.number, answer.before, answer.after) == (number, (CODE_OF["M"],), (CODE_OF["H"],))
    assert answer.by == pytest.approx(30)
    assert {item.verdict for item in found.components if item.key != "resources"} == {SAME}
    assert (found.overall.verdict, found.overall.changed, found.overall.compared) == (UP, 1, 47)
    assert not found.rescored and found.left_out == ()


def test_the_same_step_tells_nothing_where_unanswered_indicators_could_undo_it() -> None:
    model = with_plain_weights()
    first, missing = OF_RESOURCES[0], OF_RESOURCES[-1]
    holes = {number: term for number, term in same("M").items() if number != missing}
    was, now = (sheet(holes | {first: term}, model=model) for term in ("M", "H"))

    found = compare(was, now).components[RESOURCES]

    count = len(OF_RESOURCES)
    assert found.before.low == pytest.approx(50 * (count - 1) / count)
    assert found.before.high == pytest.approx(50 + 50 / count)
    assert found.verdict == SAME and found.changed == 1
    assert found.by is not None and found.by > 0


def test_a_component_that_is_not_scored_in_one_round_is_not_compared() -> None:
    bare = {number: "M" for number in ALL if number not in OF_RESOURCES}

    assert by_key(compare(sheet(bare), sheet(same("M"))), "resources")[0] == NONE
    assert by_key(compare(sheet(same("M")), sheet(bare)), "resources")[0] == NONE


def test_a_barrier_that_grew_counts_as_a_loss() -> None:
    (barrier,) = MODEL.reversed

    (answer,) = compare(sheet(same("M")), sheet(same("M") | {barrier: "VH"})).answers

    assert answer.by == pytest.approx(-50)


def test_the_largest_changes_come_first_and_those_without_two_terms_last() -> None:
    was = sheet({1: "M", 2: "L", 3: "DK", 4: "VL", 5: "H", 6: "NA"})
    now = sheet({1: "H", 2: "VH", 3: "H", 4: "VH", 5: "H", 6: "DK"})

    found = compare(was, now).answers

    assert [item.number for item in found] == [4, 2, 1, 3, 6]
    assert [item.by for item in found[:3]] == [pytest.approx(x) for x in (100, 80, 30)]
    assert [item.by for item in found[3:]] == [None, None]


def test_of_several_raters_it_is_the_firm_s_answer_that_changes() -> None:
    was = sheet(same("M") | {1: "L"}, same("M") | {1: "H"})

    assert compare(was, sheet(same("M"))).answers == ()  # low and high come to medium
    (answer,) = compare(was, sheet(same("M") | {1: "H"})).answers
    assert (answer.before, answer.after) == ((1, 3), (3,))


# Other versions of the model


def test_an_earlier_round_is_rescored_where_the_later_model_asks_the_same() -> None:
    plain = replace(later(), paper=with_plain_weights().paper)
    was, now = sheet(same("L") | {1: "VH"}), sheet(same("M"), model=plain)

    found = compare(was, now)

    assert found.rescored and found.then.model is MODEL and found.before.model is plain
    as_then = component_points(found.then)[0].index
    assert as_then == scoring.score(was).components.index[0]
    assert found.components[0].before.index != as_then
    count = len(plain.of_component("networking"))
    assert found.components[0].before.index == pytest.approx((100 + 20 * (count - 1)) / count)


def test_what_is_asked_in_other_words_is_not_carried_over_and_widens_the_range() -> None:
    model = later({1: "Something else entirely", 2: "And this"})
    was, now = sheet(same("H")), sheet(same("H"), model=model)

    found = compare(was, now)

    assert kept(MODEL, model) == tuple(number for number in MODEL.numbers if number not in (1, 2))
    assert found.left_out == (1, 2) and found.answers == ()
    networking = found.components[0]
    assert networking.compared == len(MODEL.of_component("networking")) - 2
    assert networking.before.low < 80 < networking.before.high  # type: ignore[operator]
    assert networking.after.low == networking.after.high == pytest.approx(80)
    assert networking.verdict == SAME


def test_an_indicator_turned_into_its_opposite_is_not_the_same() -> None:
    model = later(reversed=frozenset())

    assert set(MODEL.numbers) - set(kept(MODEL, model)) == set(MODEL.reversed)


def test_carrying_answers_over_keeps_everything_but_what_is_not_asked() -> None:
    model = later({5: "In other words"})
    given = Answers(MODEL, {"name": "F"}, (Response("CEO", firm(same("VH"))[0], {"1": "note"}),))

    carried = carry(given, model)

    assert carried.model is model and carried.firm == given.firm
    (response,) = carried.responses
    assert (response.rater, response.notes) == ("CEO", {"1": "note"})
    assert response.codes[model.column[5]] == UNANSWERED
    assert (np.delete(response.codes, model.column[5]) == 4).all()
    assert carry(given, MODEL) is given


def test_a_course_shows_each_round_as_it_was_scored_then_and_by_the_last_model() -> None:
    model = later({1: "In other words"})

    found = course([sheet(same("M")), sheet(same("H"), model=model)])

    assert found.rescored
    assert [scores.model.version for scores in found.then] == [MODEL.version, "later"]
    assert {scores.model.version for scores in found.now} == {"later"}
    assert not course([sheet(same("M"))]).rescored


# What must hold for any two


@given(firms(), firms())
@examples(60)
def test_swapping_the_rounds_swaps_every_verdict_and_every_answer(one: Codes, other: Codes) -> None:
    there, back = compare(rounds(one), rounds(other)), compare(rounds(other), rounds(one))

    for a, b in zip((there.overall, *there.components), (back.overall, *back.components), strict=True):
        assert a.verdict == OPPOSITE[b.verdict]
        assert (a.before, a.after, a.changed) == (b.after, b.before, b.changed)
    pairs = {(item.number, item.before, item.after) for item in there.answers}
    assert pairs == {(item.number, item.after, item.before) for item in back.answers}


@given(firms())
@examples(40)
def test_a_round_beside_itself_differs_nowhere(codes: Codes) -> None:
    found = compare(rounds(codes), rounds(codes))

    assert found.answers == ()
    for item in (found.overall, *found.components):
        assert item.verdict == (NONE if item.before.index is None else SAME)


@given(firms(), firms())
@examples(40)
def test_no_filling_in_of_missing_answers_turns_an_arrow_round(one: Codes, other: Codes) -> None:
    found = compare(rounds(one), rounds(other))

    for item in found.components:
        if item.verdict == UP:
            assert item.before.high < item.after.low  # type: ignore[operator]
            assert item.by is not None and item.by > 0
    changed = {item.number for item in found.answers}
    assert sum(item.changed for item in found.components) == len(changed) == found.overall.changed


@given(firms(), st.sets(st.sampled_from(ALL), max_size=10))
@examples(40)
def test_carrying_over_to_a_model_with_other_words_only_unanswers_those(
    codes: Codes, worded: set[int]
) -> None:
    model = later(dict.fromkeys(worded, "In other words"))

    carried = carry(rounds(codes), model).codes

    again = [MODEL.column[number] for number in worded]
    assert (carried[:, again] == UNANSWERED).all()
    assert (np.delete(carried, again, axis=1) == np.delete(codes, again, axis=1)).all()


def test_the_overall_point_is_that_of_the_scores() -> None:
    scores = scoring.score(sheet(same("H")))

    assert scores.overall is not None
    assert overall_point(scores) == Point(scores.overall.index, scores.overall.low, scores.overall.high)
    assert overall_point(scoring.score(sheet({1: "H"}))) == Point(None, None, None)

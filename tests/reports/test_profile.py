"""The view model of the profile, on answers made by hand."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings

from readiness.core import fuzzy
from readiness.core.answers import Answers, Response
from readiness.core.model import texts
from readiness.reports.profile import Profile
from tests.core import strategies
from tests.reports.tools import MODEL, given, profile_of, sample

ALL = range(1, 48)
NETWORKING, COOPETITION, RESOURCES = range(1, 11), range(11, 17), range(17, 20)


def same(word: str, numbers: range = ALL) -> dict[int, str]:
    return dict.fromkeys(numbers, word)


def numbers(items: tuple[object, ...]) -> list[int]:
    return [item.number for item in items]  # type: ignore[attr-defined]


# Levels, indices and ranges


@pytest.mark.parametrize(
    ("word", "index"), [("VL", 0), ("L", 20), ("M", 50), ("H", 80), ("VH", 100)], ids=lambda x: str(x)
)
def test_one_word_for_everything_is_the_index_of_that_word(word: str, index: int) -> None:
    everything = same(word) | {44: {"VL": "VH", "L": "H", "H": "L", "VH": "VL"}.get(word, word)}
    profile = profile_of(given(everything))

    assert profile.overall
    assert round(profile.overall.index, 9) == index
    assert profile.overall.level.term == word
    assert (round(profile.overall.low, 9), round(profile.overall.high, 9)) == (index, index)
    assert {round(part.index or 0, 9) for part in profile.components} == {index}


def test_the_reversed_indicator_counts_the_other_way_round_but_shows_what_was_answered() -> None:
    profile = profile_of(given(same("H")))
    barriers = profile.indicators[44]

    assert barriers.reversed
    assert (barriers.answer, round(barriers.index or 0, 9)) == ("High", 20)


def test_a_missing_answer_widens_the_range_and_leaves_the_index() -> None:
    answers = same("M")
    del answers[10]
    part = profile_of(given(answers)).component("networking")

    weight = MODEL.importance[:10]
    share = weight[9] / weight.sum()
    assert round(part.index or 0, 9) == 50
    assert part.low == pytest.approx(50 * (1 - share))
    assert part.high == pytest.approx(50 * (1 - share) + 100 * share)
    assert part.coverage == pytest.approx(1 - share)
    assert (part.answered, part.applicable) == (9, 10)


def test_dont_know_widens_the_range_like_no_answer_and_not_applicable_does_not() -> None:
    unknown = profile_of(given(same("M") | {10: "DK"})).component("networking")
    not_applicable = profile_of(given(same("M") | {10: "NA"})).component("networking")

    assert unknown.high and unknown.low is not None
    assert unknown.high - unknown.low > 5
    assert (unknown.answered, unknown.applicable) == (9, 10)
    assert not_applicable.low == pytest.approx(not_applicable.high)
    assert (not_applicable.answered, not_applicable.applicable) == (9, 9)


def test_a_level_that_is_nearly_as_near_is_named_too() -> None:
    halfway = {number: "M" if number % 2 else "L" for number in NETWORKING}
    level = profile_of(given(halfway)).component("networking").level

    assert level
    assert {level.name, level.bordering} == {"Low", "Medium"}


# Strengths, gaps and their order


def test_strengths_and_gaps_of_the_sample_are_those_worked_out_by_hand() -> None:
    profile = profile_of(sample("en"))

    assert numbers(profile.strengths) == [37, 40, 3]
    assert numbers(profile.gaps) == [14, 16, 12]


def test_gaps_come_by_importance_times_distance_from_the_best_answer() -> None:
    profile = profile_of(given({1: "VL", 3: "VL", 2: "L"} | same("VH", RESOURCES)))

    assert numbers(profile.ranking) == [3, 2, 1]
    assert [item.gap for item in profile.ranking] == [
        pytest.approx(gap_by_hand(3, (0, 0, 0.25))),
        pytest.approx(gap_by_hand(2, (0, 0.25, 0.5))),
        pytest.approx(gap_by_hand(1, (0, 0, 0.25))),
    ]


def gap_by_hand(number: int, tfn: tuple[float, float, float]) -> float:
    """Importance (l, m, u) times distance (1 - u, 1 - m, 1 - l), averaged."""
    importance = MODEL.importance_tfn[MODEL.column[number]].tolist()
    return sum(weight * (1 - value) for weight, value in zip(importance, reversed(tfn), strict=True)) / 3


def test_gaps_of_one_size_come_in_the_order_of_their_numbers() -> None:
    alike = [44, 6]
    profile = profile_of(given({6: "L", 44: "H", 1: "VL"}))

    assert MODEL.importance[MODEL.column[6]] == pytest.approx(MODEL.importance[MODEL.column[44]])
    assert [item for item in numbers(profile.ranking) if item in alike] == [6, 44]


def test_strengths_come_by_importance_times_score() -> None:
    profile = profile_of(given({1: "H", 3: "H", 5: "VH", 7: "M", 9: "L"}))

    worth = {
        number: float((MODEL.importance_tfn[MODEL.column[number]] * term).mean())
        for number, term in {1: fuzzy.TERM_TFN[3], 3: fuzzy.TERM_TFN[3], 5: fuzzy.TERM_TFN[4]}.items()
    }
    assert numbers(profile.strengths) == sorted(worth, key=lambda number: -worth[number])
    assert sorted(numbers(profile.assets)) == [1, 3, 5]


def test_an_indicator_just_at_the_strong_mark_is_a_strength() -> None:
    half_and_half = profile_of(given({1: "M"}, {1: "H"}))

    assert round(half_and_half.indicators[1].index or 0, 9) == 65
    assert numbers(half_and_half.strengths) == [1]
    assert half_and_half.gaps == ()


def of_codes(codes: np.ndarray, code: str = "en") -> Profile:
    responses = tuple(Response(f"R{at}", row) for at, row in enumerate(codes))
    return profile_of(Answers(MODEL, {"name": "Firm"}, responses), code)


@for_all(codes=strategies.firms())
@settings(max_examples=60, deadline=None)
def test_no_indicator_is_a_strength_and_a_gap_and_every_answered_one_is_either(codes: np.ndarray) -> None:
    profile = of_codes(codes)
    answered = {number for number, item in profile.indicators.items() if item.index is not None}

    assert not set(numbers(profile.assets)) & set(numbers(profile.ranking))
    assert set(numbers(profile.assets)) | set(numbers(profile.ranking)) == answered
    assert profile.strengths == profile.assets[:3]
    assert profile.gaps == profile.ranking[:3]


@for_all(codes=strategies.firms())
@settings(max_examples=60, deadline=None)
def test_every_bar_lies_on_the_drawing_and_holds_its_mark(codes: np.ndarray) -> None:
    for code in ("en", "fa"):
        for part in of_codes(codes, code).components:
            if part.span is None:
                assert part.applicable == 0
                continue
            assert part.span.start >= 0 and part.span.start + part.span.length <= 1000.1
            if part.span.mark is not None:
                assert part.span.start - 0.2 <= part.span.mark <= part.span.start + part.span.length + 0.2


def test_bars_go_from_the_highest_index_to_the_lowest_and_unscored_ones_come_last() -> None:
    answers = same("H", COOPETITION) | same("L", NETWORKING) | {17: "VH"} | same("VH", range(45, 48))
    bars = profile_of(given(answers)).bars

    assert [part.key for part in bars[:3]] == ["assets", "coopetition", "networking"]
    assert [part.scored for part in bars] == [True] * 3 + [False] * 6
    assert [part.key for part in bars[3:]] == [key for key in MODEL.components if key in keys(bars[3:])]


def keys(parts: tuple[object, ...]) -> set[str]:
    return {part.key for part in parts}  # type: ignore[attr-defined]


# Why something is not scored


def test_a_component_without_enough_answers_says_how_many_it_has_and_needs() -> None:
    part = profile_of(given(same("M", NETWORKING) | {11: "H"})).component("coopetition")

    assert not part.scored
    assert part.index is None and part.level is None and part.equal_weight_index is None
    assert part.why_not == (
        "Not scored: 1 of 6 applicable indicators answered; at least two, and two thirds by importance,"
        " are needed."
    )


def test_a_component_of_which_nothing_applies_says_so_and_has_no_range() -> None:
    part = profile_of(given(same("M") | same("NA", RESOURCES))).component("resources")

    assert not part.scored
    assert (part.low, part.high, part.span, part.coverage) == (None, None, None, None)
    assert part.why_not == "Every indicator of this component was marked not applicable."


def test_a_scored_component_needs_no_excuse() -> None:
    assert {part.why_not for part in profile_of(given(same("M"))).components} == {""}


def test_a_component_below_four_fifths_is_provisional() -> None:
    most = profile_of(given(dict.fromkeys(range(1, 8), "M"))).component("networking")

    assert most.scored and most.provisional
    assert most.coverage is not None and 2 / 3 < most.coverage < 0.8


# Little or nothing answered


def test_nothing_answered_at_all_leaves_every_number_out() -> None:
    profile = profile_of(given({}))

    assert profile.overall is None and profile.route is None and profile.overall_sum is None
    assert (profile.strengths, profile.gaps, profile.sums) == ((), (), ())
    assert {(part.low, part.high) for part in profile.components} == {(0, 100)}
    assert profile.radar.dots == ()
    assert {item.answer for item in profile.indicators.values()} == {"Not answered"}


def test_a_single_answer_is_a_strength_and_nothing_else() -> None:
    profile = profile_of(given({1: "H"}))

    assert numbers(profile.strengths) == [1]
    assert profile.gaps == () and profile.overall is None and profile.route is None
    assert "1 of 10" in profile.component("networking").why_not


def test_where_nothing_applies_there_is_no_score_and_no_range() -> None:
    profile = profile_of(given(same("NA"), reasons={1: "We sell at home only"}))

    assert profile.overall is None and profile.route is None
    assert {part.span for part in profile.components} == {None}
    assert {part.applicable for part in profile.components} == {0}
    assert profile.indicators[1].answer == "Not applicable"
    assert profile.indicators[1].reasons == ("We sell at home only",)


# Several raters


def test_three_raters_are_averaged_and_their_disagreement_is_measured() -> None:
    three = profile_of(given({1: "VL", 2: "M"}, {1: "VH", 2: "M"}, {1: "M", 2: "DK"}))

    assert three.raters == ("Rater 1", "Rater 2", "Rater 3")
    assert three.indicators[1].index == pytest.approx(50)
    assert three.indicators[1].answer == "Very low, Medium, Very high"
    assert three.indicators[1].disagreement == pytest.approx((2 * 0.42219 + 0.06804) / 3, abs=1e-5)
    assert three.indicators[2].answer == "Medium"
    assert three.indicators[2].disagreement == 0
    assert three.indicators[3].disagreement is None


def test_one_rater_who_answers_outweighs_another_who_does_not() -> None:
    profile = profile_of(given({1: "H"}, {1: "NA"}, {}))

    assert profile.indicators[1].index == pytest.approx(80)
    assert profile.component("networking").applicable == 10


def test_notes_and_reasons_of_all_raters_are_shown() -> None:
    document = given({1: "H", 2: "NA"}, {1: "L", 2: "NA"}, notes={1: "First note"}, reasons={2: "No rivals"})
    document["responses"][1] |= {"notes": {"1": "Second note"}, "reasons": {"2": "None yet"}}
    profile = profile_of(document)

    assert profile.indicators[1].notes == ("First note", "Second note")
    assert profile.indicators[2].reasons == ("No rivals", "None yet")


def test_a_remark_keeps_its_lines_unless_it_has_very_many() -> None:
    notes = {1: "Two\n\n\nlines", 2: "\n".join("abcdefghijklmnopqrst"), 3: "\n".join("abcdefghijklmnopqrstu")}
    shown = profile_of(given({}, notes=notes)).indicators

    assert shown[1].notes == ("Two\nlines",)
    assert shown[2].notes == (notes[2],)
    assert shown[3].notes == (notes[3].replace("\n", " "),)


# The route in words


def test_the_route_names_what_would_change_it_in_words() -> None:
    route = profile_of(sample("en")).route

    assert route
    assert route.name == "coopetition"
    assert (route.kept, route.scenarios, route.verdict) == (54, 54, "robust")
    assert route.gate_open and route.gate == pytest.approx(65.6, abs=0.05)
    assert route.other_steps == 4
    assert {change.before for change in route.changes} <= set(texts(MODEL.version, "en")["terms"].values())


@pytest.mark.parametrize("code", ["en", "fa"])
@pytest.mark.parametrize("networking", ["VL", "L", "M", "H", "VH"])
@pytest.mark.parametrize("coopetition", ["VL", "L", "M", "H", "VH"])
def test_every_balance_of_the_two_capabilities_has_a_route_in_words(
    code: str, networking: str, coopetition: str
) -> None:
    route = profile_of(given(same(networking, NETWORKING) | same(coopetition, COOPETITION)), code).route

    assert route
    assert all((route.title, route.meaning, route.why, route.caution))
    assert route.verdict in ("robust", "stable", "tentative")
    assert bool(route.changes) == bool(route.other_route)


# Identity


def test_the_fingerprint_changes_with_anything_the_report_is_made_from() -> None:
    document = given({1: "H"})
    first = profile_of(document)

    assert first.fingerprint == profile_of(document).fingerprint
    assert first.fingerprint != profile_of(given({1: "M"})).fingerprint
    assert first.fingerprint != profile_of(document, "fa").fingerprint
    assert first.fingerprint != profile_of(document, draft=True).fingerprint
    assert first.fingerprint != profile_of(given({1: "H"}, notes={1: "x"})).fingerprint


def test_a_firm_without_a_name_has_a_stand_in() -> None:
    assert profile_of(given({1: "H"}, firm={"name": ""})).firm == "Unnamed firm"

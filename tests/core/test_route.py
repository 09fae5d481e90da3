"""The route table at its edges, and how many what-ifs keep a route."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core import relational, route
from readiness.core.answers import UNANSWERED, Codes
from tests.core import naive
from tests.core.firms import GOLDEN, MODEL, RELATIONAL, Sheet, firm, same, sheets, with_plain_weights
from tests.core.strategies import complete, examples, firms

#: All importances are 1/2, so that D is simply the index of networking less that of coopetition.
PLAIN = with_plain_weights()
NETWORKING, COOPETITION, GATE = range(1, 11), range(11, 17), (2, 8, 11, 15)


def recommended(*given_sheets: Sheet, model: Any = MODEL) -> route.Route:
    found = route.recommend(model, firm(*given_sheets))
    assert found
    return found


def decided(networking: float, coopetition: float, gate: float) -> str | None:
    standing = relational.decide(PLAIN, *(np.array([index]) for index in (networking, coopetition, gate)))
    at = int(standing.route[0])
    return None if at < 0 else relational.ROUTES[at]


# The table


@pytest.mark.parametrize(
    ("networking", "coopetition", "gate", "name"),
    [
        (65, 65, 0, "sustain"),
        (100, 65, 100, "sustain"),
        (65, 100, 100, "sustain"),
        (65, 64.99, 35, "both"),
        (64.99, 65, 35, "both"),
        (80, 64.99, 35, "coopetition"),
        (64.99, 80, 35, "networking"),
        (56, 50, 35, "coopetition"),
        (55.99, 50, 35, "both"),
        (44, 50, 35, "networking"),
        (44.01, 50, 35, "both"),
        (56, 50, 34.99, "networking-first"),
        (50, 50, 34.99, "networking-first"),
        (44, 50, 34.99, "networking"),
        (44.01, 50, 34.99, "networking-first"),
        (56, 50, np.nan, "networking-first"),
        (50, 50, np.nan, "networking-first"),
        (44, 50, np.nan, "networking"),
        (65, 65, np.nan, "sustain"),
        (0, 0, 0, "networking-first"),
        (np.nan, 80, 80, None),
        (80, np.nan, 80, None),
        (np.nan, np.nan, np.nan, None),
    ],
)
def test_the_table_decides(networking: float, coopetition: float, gate: float, name: str | None) -> None:
    assert decided(networking, coopetition, gate) == name


@pytest.mark.parametrize("noise", [-1e-10, 0, 1e-10])
def test_the_edges_forgive_the_noise_of_floating_point(noise: float) -> None:
    assert decided(65 + noise, 65 - noise, 0) == "sustain"
    assert decided(56 + noise, 50, 35 + noise) == "coopetition"
    assert decided(44 + noise, 50, 35) == "networking"


def test_the_edges_forgive_no_more_than_that() -> None:
    assert decided(65 - 1e-7, 65, 35) == "both"
    assert decided(56 - 1e-7, 50, 35) == "both"
    assert decided(44 + 1e-7, 50, 35) == "both"
    assert decided(50, 50, 35 - 1e-7) == "networking-first"


@given(st.floats(0, 100), st.floats(0, 100))
def test_the_difference_weighs_what_is_left_to_do_by_importance(
    networking: float, coopetition: float
) -> None:
    weight_n, weight_c = 1283 / 10, 767 / 6

    found = relational.decide(
        MODEL, np.array([networking]), np.array([coopetition]), np.array([50.0])
    ).difference

    expected = (weight_c * (100 - coopetition) - weight_n * (100 - networking)) * 2 / (weight_n + weight_c)
    assert found == pytest.approx(expected, abs=1e-9)


# Answers at the edge


def test_two_capabilities_at_exactly_65_are_sustained() -> None:
    # one rater says medium (50), one high (80)
    found = recommended(same("M", RELATIONAL), same("H", RELATIONAL))

    assert (found.networking, found.coopetition) == pytest.approx((65, 65))
    assert found.name == "sustain"


@pytest.mark.parametrize("number", RELATIONAL)
def test_any_answer_one_step_lower_falls_short_of_65(number: int) -> None:
    found = recommended(same("M", RELATIONAL) | {number: "L"}, same("H", RELATIONAL))

    assert found.name == "both"


def test_a_gate_at_exactly_35_is_open_and_a_step_below_is_closed() -> None:
    low, medium = same("L", RELATIONAL), same("M", RELATIONAL)

    opened, closed = recommended(low, medium), recommended(low | {8: "VL"}, medium)

    assert (opened.name, opened.gate) == ("both", pytest.approx(35))
    # 8 weighs 133 of the gate's 131 + 133 + 124 + 106; half a step of 20 points
    assert (closed.name, closed.gate) == ("networking-first", pytest.approx(35 - 10 * 133 / 494))


def test_a_difference_of_exactly_six_separates_the_two() -> None:
    # eight of ten at 50, two at 80: 56; or two at 20: 44; coopetition at 50
    medium = same("M", RELATIONAL)

    ahead = recommended(medium | {1: "H", 3: "H"}, model=PLAIN)
    behind = recommended(medium | {1: "L", 3: "L"}, model=PLAIN)

    assert (ahead.name, ahead.difference) == ("coopetition", pytest.approx(6))
    assert (behind.name, behind.difference) == ("networking", pytest.approx(-6))


def test_a_difference_of_less_than_six_does_not() -> None:
    # three raters, one of whom says medium of 3 too: 8.33 times 50 and 1.67 times 80 make 55
    medium = same("M", RELATIONAL)
    ahead = medium | {1: "H", 3: "H"}

    found = recommended(ahead, ahead, medium | {1: "M", 3: "H"}, model=PLAIN)

    assert (found.name, found.difference) == ("both", pytest.approx(5))


def test_strong_networking_without_trust_builds_the_ground_first() -> None:
    strong = same("H", NETWORKING) | same("M", COOPETITION)

    found = recommended(strong | same("VL", GATE))

    assert found.difference > 6
    assert (found.name, found.gate) == ("networking-first", pytest.approx(0))
    assert recommended(strong).name == "coopetition"


def test_a_gate_of_which_nothing_is_answered_is_closed() -> None:
    networking, coopetition = same("H", (1, 3, 4, 5, 6, 7, 9, 10)), same("M", (12, 13, 14, 16))

    found = recommended(networking | coopetition)

    assert found.difference > 6
    assert (found.name, found.gate) == ("networking-first", None)
    assert found.export()["gate"] is None


def test_the_gate_is_read_from_what_is_answered_of_it() -> None:
    # 2 (131) high and 15 (106) very low; 8 and 11 are not answered
    sheet = same("M", [number for number in RELATIONAL if number not in (8, 11)]) | {2: "H", 15: "VL"}

    assert recommended(sheet).gate == pytest.approx(80 * 131 / 237)


@pytest.mark.parametrize("numbers", [range(1, 5), range(11, 14)])
def test_no_route_is_given_without_both_scores(numbers: range) -> None:
    sheet = {number: "M" for number in RELATIONAL if number not in numbers}

    assert route.recommend(MODEL, firm(sheet)) is None


def test_a_route_is_given_from_exactly_two_thirds_of_a_component() -> None:
    # 2, 4, 5 and 6 weigh 516 of 774, with 7 and 8 missing; if 1 applied too, of 883
    medium = same("M", (2, 4, 5, 6, *COOPETITION)) | same("NA", (1, 3, 9, 10))

    assert recommended(medium).name == "both"
    assert route.recommend(MODEL, firm(medium | {1: "DK"})) is None


def test_no_route_is_given_where_nothing_is_answered_or_applies() -> None:
    assert route.recommend(MODEL, firm({})) is None
    assert route.recommend(MODEL, firm(same("NA"))) is None


@examples(40)
@given(firms(), st.integers(0, 2**32 - 1))
def test_only_the_relational_answers_count(codes: Codes, seed: int) -> None:
    other = codes.copy()
    other[:, 16:] = np.random.default_rng(seed).integers(0, 8, other[:, 16:].shape)

    assert route.recommend(MODEL, other) == route.recommend(MODEL, codes)


# Robustness


@pytest.mark.parametrize(
    "case", [case for case in GOLDEN if case["expected"]["route"]], ids=lambda case: case["name"]
)
def test_the_what_ifs_are_as_many_as_the_rules_list(case: dict[str, Any]) -> None:
    responses = case["answers"]["responses"]
    words = [
        word for response in responses for number, word in response["answers"].items() if int(number) <= 16
    ]
    terms = [word for word in words if word in naive.TERMS]
    moves = sum(1 if word in ("VL", "VH") else 2 for word in terms)
    raters = len(responses) if len(responses) > 1 else 0

    assert case["expected"]["route"]["scenarios"] == 5 + 3 + 16 + moves + raters


def test_a_route_that_nothing_shakes_is_kept_by_every_what_if() -> None:
    found = recommended(same("VH", RELATIONAL))

    # five band positions, three other importances, sixteen left out, sixteen one step down
    assert (found.scenarios, found.kept, found.robustness) == (40, 40, 1)


def test_a_what_if_that_leaves_no_route_does_not_keep_it() -> None:
    # coopetition rests on two answers, so leaving out either of them leaves it without a score
    rest = same("NA", (12, 14, 15, 16))

    found = recommended(same("VH", NETWORKING) | {11: "VH", 13: "VH"} | rest)

    assert found.name == "sustain"
    assert (found.scenarios, found.kept) == (5 + 3 + 16 + 12, 5 + 3 + 14 + 12)


def test_each_rater_is_left_out_in_turn() -> None:
    # two very high raters carry a very low one: (100 + 100 + 0) / 3 = 66.7; without either of them it is 50
    high, low = same("VH", RELATIONAL), same("VL", RELATIONAL)
    three, two = recommended(high, high, low), recommended(high, high)

    assert (three.name, two.name) == ("sustain", "sustain")
    assert (three.scenarios, two.scenarios) == (24 + 48 + 3, 24 + 32 + 2)
    assert two.kept == two.scenarios
    assert three.kept <= three.scenarios - 2


def test_another_reading_of_the_scale_can_change_the_route() -> None:
    # M and H raters stand at exactly 65; at either end of the band the same answers read 64.3 and 66.7
    assert (
        naive.at_band_position(naive.ZERO)((naive.Fraction(3, 8), naive.Fraction(5, 8), naive.Fraction(7, 8)))
        < 65
    )

    found = recommended(same("M", RELATIONAL), same("H", RELATIONAL))

    assert found.name == "sustain"
    assert found.kept < found.scenarios


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("VH VH VH VH VH VH VH H VH VH H M H H H L", 0),
        ("M H M L M L H H H M H H L L L H", 1),
        ("M H M M H M H L M L H L M L H M", 2),
    ],
    ids=["all one", "table 7 as printed", "the middle of the experts' TFN"],
)
def test_each_of_the_three_other_importances_can_tip_a_route_alone(words: str, at: int) -> None:
    sheet = dict(zip(RELATIONAL, words.split(), strict=True))
    now, outcomes = naive.standing([sheet]), list(naive.scenarios([sheet]))
    names = [outcome and outcome["name"] for outcome in outcomes]
    assert now
    assert [name == now["name"] for name in names[5:8]] == [at != other for other in range(3)]

    found = recommended(sheet)

    assert (found.name, found.kept) == (now["name"], names.count(now["name"]))


@examples(30)
@given(firms())
def test_the_second_implementation_keeps_as_many(codes: Codes) -> None:
    found, expected = route.recommend(MODEL, codes), naive.route(sheets(codes))

    assert (found is None) == (expected is None)
    if found and expected:
        assert (found.name, found.scenarios) == (expected["name"], expected["scenarios"])
        assert found.kept == expected["robustness"] * expected["scenarios"]


@examples(40)
@given(complete())
def test_robustness_is_the_share_that_is_kept(codes: Codes) -> None:
    found = route.recommend(MODEL, codes)

    assert found
    assert 0 <= found.kept <= found.scenarios
    assert found.robustness == found.kept / found.scenarios
    assert (codes != UNANSWERED).all()

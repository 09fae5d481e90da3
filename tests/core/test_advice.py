"""The plan: five to seven actions that the firm can begin, for its largest gaps, as the route has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from readiness.core import actions as library
from readiness.core import advice, answers, scoring
from readiness.core.actions import Action, Need
from readiness.core.advice import Advice
from readiness.core.answers import Codes
from readiness.core.choosing import Situation, choose
from readiness.core.scoring import Scores
from tests.core.firms import ALL, MODEL, firm, same
from tests.core.strategies import examples, firms

SAMPLES = sorted((Path(__file__).parents[2] / "docs" / "samples").glob("*.json"))
INDEX_OF_LEVEL = {"VL": 0, "L": 20, "M": 50, "H": 80, "VH": 100}


def plan_of(codes: Codes) -> tuple[Scores, Advice]:
    scores = scoring.score_codes(MODEL, codes)
    return scores, advice.advise(scores, codes)


def index_of(scores: Scores, number: int) -> float:
    """The indicator's index by the definition: 120 times the mean of its TFN, minus 10."""
    return float(scores.indicators.tfn[MODEL.column[number]].mean()) * 120 - 10


def faults(scores: Scores, found: Advice) -> Iterator[str]:
    """Everything that a plan must not do, checked from the scores alone."""
    weak = [number for number in scores.priorities if index_of(scores, number) < 65 - 1e-9]
    seen: set[int] = set()
    for planned in found.planned:
        for need in planned.action.needs:
            at = MODEL.column[need.indicator]
            stands = scores.indicators.answered[at] and (
                index_of(scores, need.indicator) >= INDEX_OF_LEVEL[need.level] - 1e-9
            )
            if not stands:
                yield f"{planned.action.id} needs {need}"
        if seen & {*planned.moves}:
            yield f"{planned.action.id} moves {seen & {*planned.moves}} again"
        seen |= {*planned.moves}
        if not {*planned.moves} <= {*weak}:
            yield f"{planned.action.id} moves what is no gap: {planned.moves}"
        if not {*planned.moves} <= {*planned.action.indicators}:
            yield f"{planned.action.id} is credited with {planned.moves}"
        if planned.moves[0] != planned.target or weak[planned.rank - 1] != planned.target:
            yield f"{planned.action.id} has rank {planned.rank}, target {planned.target}"
    ids = [planned.action.id for planned in found.planned]
    if len(ids) != len(set(ids)):
        yield f"the same action twice: {ids}"
    enough = 5 <= len(ids) <= 7
    excused = found.shortage and len(ids) < 5
    if not (enough and not found.shortage) and not excused:
        yield f"{len(ids)} actions, shortage {found.shortage!r}"
    left = {*found.gaps} - seen
    if len(ids) < 5 and left:
        yield f"only {len(ids)} actions, and {left} left"


def random_firm(luck: np.random.Generator) -> Codes:
    """A firm of one to three raters: sheer noise, or around a level in each component, with holes."""
    raters = int(luck.choice([1, 1, 1, 2, 3]))
    if luck.random() < 0.4:
        codes = luck.integers(0, 5, (raters, 47))
    else:
        owner = np.array([MODEL.components.index(row.component) for row in MODEL.indicators])
        level = luck.integers(0, 5, 9) if luck.random() < 0.6 else np.full(9, luck.integers(0, 5))
        codes = np.clip(level[owner] + luck.integers(-1, 2, (raters, 47)), 0, 4)
    holes = luck.random(codes.shape) < luck.choice([0, 0, 0.05])
    return np.where(holes, luck.choice([5, 6, 7], codes.shape), codes).astype(np.uint8)


@pytest.mark.slow
def test_ten_thousand_firms_get_five_to_seven_actions_that_they_can_begin() -> None:
    luck = np.random.default_rng(2024)
    few: list[tuple[str | None, str, int]] = []
    routes = set()
    for _ in range(10_000):
        scores, found = plan_of(random_firm(luck))
        assert list(faults(scores, found)) == []
        routes.add(found.route)
        if found.shortage:
            few.append((found.route, found.shortage, len(found.gaps)))
    assert routes == {"sustain", "coopetition", "networking", "both", "networking-first", None}
    # Fewer only where so few gaps are left that each of them has an action already.
    assert all(reason in ("none", "gaps") and gaps < 5 for _, reason, gaps in few)
    assert {route for route, _, _ in few} <= {"sustain", None}


@given(firms())
@examples(150)
def test_no_plan_breaks_a_rule(codes: Codes) -> None:
    scores, found = plan_of(codes)

    assert list(faults(scores, found)) == []


@given(firms())
@examples(40)
def test_the_plan_is_the_same_every_time(codes: Codes) -> None:
    assert plan_of(codes)[1] == plan_of(codes)[1]


@given(firms())
@examples(60)
def test_a_gain_is_what_scoring_says_when_the_terms_rise_by_one(codes: Codes) -> None:
    scores, found = plan_of(codes)
    before = scoring.export(scores, {})
    for planned in found.planned[:3]:
        risen = codes.copy()
        for number in planned.moves:
            at = MODEL.column[number]
            given_terms = codes[:, at] < 5
            up = np.maximum(codes[:, at], 1) - 1 if number == 44 else np.minimum(codes[:, at] + 1, 4)
            risen[given_terms, at] = up[given_terms]
        after = scoring.export(scoring.score_codes(MODEL, risen), {})
        for key, gain in planned.gains.items():
            change = after["components"][key]["index"] - before["components"][key]["index"]
            assert change == pytest.approx(gain, abs=1e-9)
        if planned.overall_gain is None:
            assert before["overall"] is None
        else:
            change = after["overall"]["index"] - before["overall"]["index"]
            assert change == pytest.approx(planned.overall_gain, abs=1e-9)


def capabilities(found: Advice) -> list[str]:
    return [planned.action.capability for planned in found.planned]


def test_a_networking_route_plans_networking_and_a_coopetition_route_coopetition() -> None:
    weak_networks = plan_of(firm(same("M") | same("L", range(1, 11)) | same("H", range(11, 17))))[1]
    weak_with_rivals = plan_of(
        firm(same("M") | same("H", range(1, 11)) | {11: "M", 12: "M", 13: "L", 14: "L", 15: "M", 16: "L"})
    )[1]

    assert weak_networks.route == "networking"
    assert set(capabilities(weak_networks)) == {"networking"}
    assert weak_with_rivals.route == "coopetition"
    assert capabilities(weak_with_rivals).count("coopetition") > len(weak_with_rivals.planned) / 2


def test_the_same_gap_gets_another_action_under_another_route() -> None:
    """Trust (8) is a gap in both; both capabilities have an action made for it that needs nothing unusual."""
    gap = {8: "L", 15: "H", 12: "H", 11: "H", 2: "H"}
    networking = plan_of(firm(same("M") | same("VL", range(1, 11)) | same("VH", range(11, 17)) | gap))[1]
    coopetition = plan_of(firm(same("M") | same("VH", range(1, 11)) | same("M", range(11, 17)) | gap))[1]

    found = {
        one.route: next((p.action.capability for p in one.planned if 8 in p.moves), None)
        for one in (networking, coopetition)
    }
    assert found == {"networking": "networking", "coopetition": "coopetition"}


def test_networking_first_opens_the_gate_before_it_turns_to_rivals() -> None:
    scores, found = plan_of(
        firm(same("M") | same("L", range(1, 17)) | {2: "VL", 8: "VL", 11: "VL", 15: "VL"})
    )
    assert scores.route is not None and scores.route.name == "networking-first"

    first = [planned for planned in found.planned if planned.phase == 1]
    second = [planned for planned in found.planned if planned.phase == 2]

    assert {2, 8, 11, 15} <= {number for planned in first for number in planned.moves}
    assert {planned.action.capability for planned in first} == {"networking"}
    assert {planned.action.capability for planned in second} == {"coopetition"}
    assert [planned.phase for planned in found.planned] == sorted(planned.phase for planned in found.planned)


def test_networking_first_fills_up_with_networking_where_nothing_between_rivals_can_begin() -> None:
    actions = [make(f"for-{number}", number) for number in range(1, 7)]
    chosen = choose(situation(actions, dict.fromkeys(range(1, 7), 0.8), {}, route="networking-first"))

    assert [one.phase for one in chosen.choices] == [1] * 5
    assert chosen.shortage == ""


def test_both_routes_take_turns_and_the_weaker_one_begins() -> None:
    scores, found = plan_of(firm(same("M")))

    assert scores.route is not None and scores.route.name == "both"
    chosen = [decision for decision in found.trace if decision.action]
    expected = ["coopetition" if scores.route.difference > 0 else "networking"]
    for _ in chosen[1:]:
        expected.append("networking" if expected[-1] == "coopetition" else "coopetition")
    assert [decision.capability for decision in chosen] == expected


def test_sustain_serves_the_other_components_only_and_says_when_little_is_left() -> None:
    strong = firm(same("VH") | {3: "L", 14: "L", 44: "VL", 17: "L", 30: "M", 31: "L"})
    scores, found = plan_of(strong)

    assert scores.route is not None and scores.route.name == "sustain"
    assert found.gaps == tuple(number for number in scores.priorities if number in (17, 30, 31))
    assert {number for planned in found.planned for number in planned.moves} == {17, 30, 31}
    assert found.shortage == "gaps"
    assert advice.advise(*reversed_pair(firm(same("VH") | {44: "VL"}))).shortage == "none"


def reversed_pair(codes: Codes) -> tuple[Scores, Codes]:
    return scoring.score_codes(MODEL, codes), codes


def test_without_a_route_the_plan_keeps_to_networking() -> None:
    scores, found = plan_of(firm(same("M", [number for number in ALL if not 11 <= number <= 16])))

    assert scores.route is None and found.route is None
    assert len(found.planned) >= 5
    assert set(capabilities(found)) == {"networking"}


def test_an_unanswered_indicator_is_neither_a_gap_nor_firm_ground() -> None:
    silent = [8, 12, 15]
    scores, found = plan_of(firm(same("M") | dict.fromkeys(silent, "DK")))

    assert list(faults(scores, found)) == []
    assert not any(need.indicator in silent for planned in found.planned for need in planned.action.needs)
    assert not set(silent) & {number for planned in found.planned for number in planned.moves}


def make(
    name: str,
    *indicators: int,
    needs: tuple[Need, ...] = (),
    capability: str = "networking",
    horizon: str = "0-3",
    effort: str = "low",
) -> Action:
    return Action(name, capability, indicators, ("customer",), effort, horizon, needs, (1,))


def situation(
    actions: list[Action],
    sizes: dict[int, float],
    index: dict[int, float],
    route: str = "networking",
    focus: tuple[int, ...] = (),
) -> Situation:
    gaps = tuple(sorted(sizes, key=lambda number: -sizes[number]))
    return Situation(MODEL.advice, tuple(actions), route, 0.0, (), focus, gaps, sizes, index)


def test_an_action_whose_ground_is_missing_gives_its_place_to_the_one_that_builds_it() -> None:
    ready = make("ready", 2)
    blocked = make("blocked", 7, needs=(Need(2, "M"),))
    chosen = choose(situation([blocked, ready], {7: 0.8, 2: 0.4}, {7: 0, 2: 20}))

    assert [(one.action.id, one.rule, one.blocked) for one in chosen.choices] == [
        ("ready", "builds", "blocked")
    ]
    assert [(one.rule, one.indicator, one.blocked) for one in chosen.trace] == [
        ("builds", 7, "blocked"),
        ("waits", 7, "blocked"),
    ]
    assert chosen.shortage == "blocked"


def test_the_prerequisite_stands_exactly_at_its_level() -> None:
    blocked = make("asks", 7, needs=(Need(2, "M"),))

    at, below = (choose(situation([blocked], {7: 0.8}, {7: 0, 2: index})).choices for index in (50.0, 49.9))
    assert [one.action.id for one in at] == ["asks"]
    assert below == ()


def test_what_an_action_moves_leaves_room_for_the_next_gap() -> None:
    wide, narrow, other = make("wide", 1, 2), make("narrow", 2), make("other", 3)
    sizes = {1: 0.8, 2: 0.7, 3: 0.6, 4: 0.5, 5: 0.5, 6: 0.5}
    rest = [make(f"for-{number}", number) for number in (4, 5, 6)]
    chosen = choose(situation([wide, narrow, other, *rest], sizes, {}))

    assert [one.moves for one in chosen.choices] == [(1, 2), (3,), (4,), (5,), (6,)]


def test_where_wide_actions_leave_too_few_each_counts_for_its_target() -> None:
    wide = [
        make(f"wide-{number}", number, *(x for x in range(1, 6) if x != number)) for number in range(1, 6)
    ]
    chosen = choose(situation(wide, {1: 0.8, 2: 0.7, 3: 0.6, 4: 0.5, 5: 0.4}, {}))

    assert len(chosen.choices) == 5
    assert {one.moves for one in chosen.choices} == {(1,), (2,), (3,), (4,), (5,)}


def test_a_short_plan_blames_the_gaps_only_where_it_moves_them_all() -> None:
    wide = make("wide", 1, 2, 3, 4, 5)
    sizes = {1: 0.8, 2: 0.7, 3: 0.6, 4: 0.5, 5: 0.4}

    index = dict.fromkeys(range(1, 7), 20.0)
    assert choose(situation([wide], sizes, index)).shortage == "gaps"
    assert choose(situation([wide], sizes | {6: 0.3}, index)).shortage == "blocked"


def test_a_firm_of_which_nothing_is_known_is_advised_nothing_and_told_why() -> None:
    assert plan_of(firm(same("NA") | {1: "DK"}))[1].shortage == "unknown"


def test_a_time_of_which_the_plan_has_little_is_preferred() -> None:
    sizes = {1: 0.8, 2: 0.7, 3: 0.6, 4: 0.5, 5: 0.4}
    soon = [make(f"soon-{number}", number) for number in sizes]
    late = [make(f"late-{number}", number, horizon="9-18") for number in sizes]
    chosen = choose(situation([*soon, *late], sizes, {}))

    times = [one.action.horizon for one in chosen.choices]
    assert times == ["0-3", "0-3", "0-3", "9-18", "9-18"]


def test_a_third_action_of_high_effort_is_taken_only_where_nothing_else_is() -> None:
    sizes = {1: 0.8, 2: 0.7, 3: 0.6, 4: 0.5, 5: 0.4}
    heavy = [make(f"heavy-{number}", number, effort="high", horizon="3-9") for number in sizes]
    light = [make(f"light-{number}", number, effort="medium") for number in (3, 4)]
    efforts = {
        one.target: one.action.effort for one in choose(situation([*heavy, *light], sizes, {})).choices
    }

    assert efforts == {1: "high", 2: "high", 3: "medium", 4: "medium", 5: "high"}


def test_all_else_alike_the_lighter_action_is_taken() -> None:
    heavier, lighter = make("heavier", 1, effort="medium"), make("lighter", 1)
    (only,) = choose(situation([heavier, lighter], {1: 0.8}, {})).choices

    assert only.action.id == "lighter"


def test_ground_is_built_by_an_action_that_is_made_for_an_open_gap() -> None:
    blocked = make("blocked", 1, needs=(Need(2, "M"),))
    beside_the_point, made_for_three = make("beside-the-point", 9, 2, 4, 5), make("made-for-three", 3, 2)
    sizes = {1: 0.9, 2: 0.5, 3: 0.5, 4: 0.5, 5: 0.5}
    chosen = choose(situation([blocked, beside_the_point, made_for_three], sizes, {2: 20.0}))

    assert [decision.action for decision in chosen.trace if decision.rule == "builds"] == ["made-for-three"]


def test_the_other_capability_stands_in_where_only_it_can_begin() -> None:
    rival = make("rival", 1, capability="coopetition")
    (only,) = choose(situation([rival], {1: 0.8}, {})).choices

    assert (only.action.id, only.rule) == ("rival", "instead")
    assert choose(situation([rival], {1: 0.8}, {}, route=None)).choices == ()  # type: ignore[arg-type]


def test_the_fifth_place_serves_the_path_so_far_where_nothing_else_does() -> None:
    sizes = dict.fromkeys(range(1, 8), 0.8) | {8: 0.3}
    actions = [make(f"for-{number}", number) for number in sizes]

    served = choose(situation(actions, sizes, {}, focus=(9, 8))).choices
    moved = choose(situation(actions, sizes, {}, focus=(8, 2))).choices
    plain = choose(situation(actions, sizes, {})).choices

    assert [(one.target, one.rule) for one in served][4] == (8, "path")
    assert [one.target for one in moved] == [one.target for one in plain] == list(range(1, 8))


def test_what_holds_the_gate_shut_is_said_to_open_it() -> None:
    scores, found = plan_of(firm(same("M") | same("L", range(1, 17))))
    assert scores.route is not None and scores.route.name == "networking-first"

    rules = {planned.target: planned.rule for planned in found.planned}
    assert {number for number, rule in rules.items() if rule == "opens"} <= {2, 8, 11, 15}
    assert "opens" in rules.values()


def test_what_stands_in_says_what_the_other_one_lacks() -> None:
    rival = make("rival", 1, capability="coopetition", needs=(Need(2, "H"),))
    (only,) = choose(situation([make("plain", 1), rival], {1: 0.8}, {2: 50}, route="coopetition")).choices

    assert (only.action.id, only.rule, only.blocked, only.need) == ("plain", "instead", "rival", Need(2, "H"))


def test_beyond_five_only_large_gaps_count() -> None:
    sizes = {number: 0.8 if number < 7 else 0.6 for number in range(1, 9)}
    actions = [make(f"for-{number}", number) for number in sizes]
    chosen = choose(situation(actions, sizes, {}))

    assert [one.target for one in chosen.choices] == [1, 2, 3, 4, 5, 6]
    assert [(one.rule, one.indicator) for one in chosen.trace][-1] == ("stops", 7)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_firm_gets_a_whole_plan_of_its_own(path: Path) -> None:
    given_answers = answers.read(path.read_text(encoding="utf-8"))
    scores = scoring.score(given_answers)
    found = advice.advise(scores, given_answers.codes)

    assert list(faults(scores, found)) == []
    assert 5 <= len(found.planned) <= 7
    assert json.loads(json.dumps(advice.export(found, MODEL.version)))["actions"][0]["id"]


def test_the_sample_firms_are_told_different_things() -> None:
    plans = {}
    for path in SAMPLES:
        given_answers = answers.read(path.read_text(encoding="utf-8"))
        found = advice.advise(scoring.score(given_answers), given_answers.codes)
        plans[path.stem] = {planned.action.id for planned in found.planned}

    assert len(plans) == 6
    for one in plans:
        for other in plans:
            if one < other:
                assert len(plans[one] & plans[other]) <= 4, (one, other)


def test_every_action_of_the_library_is_chosen_by_somebody() -> None:
    """An action that no firm is ever told of is a dead letter; a handful may be rare among so few firms."""
    luck, used = np.random.default_rng(7), set()
    for _ in range(1500):
        used |= {planned.action.id for planned in plan_of(random_firm(luck))[1].planned}
    never = {action.id for action in library.load(MODEL.version)} - used

    assert len(never) <= 8, never

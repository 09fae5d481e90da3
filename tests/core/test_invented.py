"""The invented programme: plausible, complete in its kinds, the same for the same seed and day."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from readiness.core import invented, panel, scoring
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes
from readiness.core.fuzzy import Floats
from readiness.core.invented import InventedRound, Programme
from readiness.core.model import load
from readiness.core.pattern import PATTERNS, recognise
from readiness.core.relational import ROUTES
from readiness.reports.facts import REGIONS, SECTORS

MODEL, TODAY = load(), date(2026, 6, 1)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return invented.programme(MODEL, TODAY)


def finished(programme: Programme, number: int) -> list[InventedRound]:
    rounds = [firm.rounds[number] for firm in programme.firms if len(firm.rounds) > number]
    return [item for item in rounds if item.finished]


def first_raters(rounds: list[InventedRound]) -> Codes:
    return np.ascontiguousarray(np.array([item.responses[0].codes for item in rounds]).T)


def alpha(values: Floats) -> float:
    """Cronbach's alpha of items over the firms that answered all of them."""
    whole = values[:, ~np.isnan(values).any(axis=0)]
    parts, total = whole.var(axis=1, ddof=1).sum(), whole.sum(axis=0).var(ddof=1)
    return float(len(whole) / (len(whole) - 1) * (1 - parts / total))


def told(programme: Programme) -> str:
    """Everything in a programme; arrays do not compare as one."""
    firms = [
        replace(
            firm,
            rounds=tuple(
                replace(item, responses=tuple(f"{g.rater} {g.codes.tolist()}" for g in item.responses))  # type: ignore[misc]
                for item in firm.rounds
            ),
        )
        for firm in programme.firms
    ]
    return repr((programme.cohorts, firms))


def test_the_same_seed_and_day_make_the_same_programme_and_another_seed_another() -> None:
    once, again, other = (told(invented.programme(MODEL, TODAY, seed)) for seed in (7, 7, 8))

    assert once == again
    assert once != other


def test_240_firms_are_in_three_cohorts_and_some_in_two(programme: Programme) -> None:
    members = Counter(firm.cohorts[0] for firm in programme.firms)

    assert members == {0: 90, 1: 90, 2: 60}
    assert 5 <= sum(len(firm.cohorts) == 2 for firm in programme.firms) <= 25
    assert all(cohort.never_came for cohort in programme.cohorts)


def test_every_firm_is_named_as_a_sample_once_in_either_language(programme: Programme) -> None:
    names = [firm.facts["name"] for firm in programme.firms]

    assert len(set(names)) == len(names)
    assert all(("(Sample)" in name) != ("(نمونه)" in name) for name in names)
    assert {firm.language for firm in programme.firms} == {"en", "fa"}


def test_firms_joined_broke_off_finished_once_or_twice(programme: Programme) -> None:
    firms = programme.firms
    untouched = [firm for firm in firms if not firm.rounds[0].responses[0].started]
    broken = [firm for firm in firms if not firm.rounds[0].finished and firm.rounds[0].responses[0].started]
    second = [firm for firm in firms if len(firm.rounds) == 2]
    several = sum(len(item.responses) > 1 for item in finished(programme, 0))

    assert 8 <= len(untouched) <= 30 and 8 <= len(broken) <= 35
    assert len(finished(programme, 0)) + len(untouched) + len(broken) == 240
    assert len(finished(programme, 1)) > len(finished(programme, 0)) / 2
    assert any(not firm.rounds[1].finished for firm in second)
    assert 0.15 < several / len(finished(programme, 0)) < 0.45
    assert 0.25 < sum(firm.partner for firm in firms) / 240 < 0.45


def test_rounds_are_a_year_apart_and_over_by_today(programme: Programme) -> None:
    for firm in programme.firms:
        ends = [item.finished for item in firm.rounds if item.finished]
        assert all(firm.joined <= item.begun <= (item.finished or TODAY) <= TODAY for item in firm.rounds)
        if len(ends) == 2:
            assert 355 <= (ends[1] - ends[0]).days <= 375


def test_facts_are_those_that_the_form_knows_and_lead_to_every_path(programme: Programme) -> None:
    paths = Counter(
        recognise(firm.facts, firm.rounds[0].begun.year, MODEL.patterns).name for firm in programme.firms
    )

    assert {firm.facts["sector"] for firm in programme.firms} <= {*SECTORS, None}
    assert {region for firm in programme.firms for region in firm.facts["regions"]} <= set(REGIONS)
    assert min(paths[name] for name in (*PATTERNS, None)) >= 4
    assert all(firm.facts["founded"] is None or firm.facts["founded"] > 1960 for firm in programme.firms)


@pytest.mark.parametrize("number", [0, 1])
def test_every_route_occurs_in_either_round(programme: Programme, number: int) -> None:
    routes = Counter[str]()
    for item in finished(programme, number):
        found = scoring.score_codes(MODEL, np.array([given.codes for given in item.responses])).route
        routes[found.name if found else "none"] += 1

    assert min(routes[name] for name in ROUTES) >= 3
    assert routes["none"] < sum(routes.values()) / 8


def test_answers_hang_together_within_components_and_some_are_no_term(programme: Programme) -> None:
    codes = first_raters(finished(programme, 0))
    shares = [float((codes == code).mean()) for code in (DONT_KNOW, UNANSWERED, NOT_APPLICABLE)]
    values = np.where(codes < DONT_KNOW, codes, np.nan)
    values = np.where(MODEL.is_reversed[:, None], 4 - values, values)

    assert all(0.004 < share < 0.08 for share in shares)
    assert {int(code) for code in codes.ravel()} == set(range(8))
    assert all(0.45 < alpha(values[MODEL.span(key)]) < 0.95 for key in MODEL.components)


def test_raters_of_a_firm_differ_and_sometimes_far(programme: Programme) -> None:
    apart = [
        float(
            (
                scoring.rate(MODEL, np.array([given.codes for given in item.responses])).disagreement > 0.2
            ).mean()
        )
        for item in finished(programme, 0)
        if len(item.responses) > 1
    ]

    assert 0.02 < np.mean(apart) < 0.3
    assert max(apart) > 0.25


def test_a_year_of_the_programme_helps_where_it_would(programme: Programme) -> None:
    both = [firm.rounds for firm in programme.firms if len(firm.rounds) == 2 and firm.rounds[1].finished]
    before, after = (
        panel.panel(MODEL, first_raters([rounds[number] for rounds in both]), {}) for number in (0, 1)
    )
    gain = dict(zip(MODEL.components, np.nanmedian(after.index - before.index, axis=1), strict=True))

    assert min(gain[key] for key in ("networking", "coopetition", "market_intelligence")) > 4
    assert max(abs(gain[key]) for key in ("price_advantage", "environment", "technology")) < 5

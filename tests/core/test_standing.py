"""What a cohort's dashboard says, against the slow definitions firm by firm."""

from itertools import product

import numpy as np
import pytest

from readiness.core import actions, agreement, fuzzy, panel, pattern, scoring, standing
from readiness.core.standing import Facts
from tests.core.firms import MODEL
from tests.core.test_cohort import some_firms
from tests.core.test_panel import raters, with_colleagues

NUMBERS = MODEL.numbers
FIRMS = 40


@pytest.fixture(scope="module")
def found() -> panel.Panel:
    codes = some_firms(FIRMS)
    return panel.panel(MODEL, codes, with_colleagues(codes))


def low_of(found: panel.Panel, place: int) -> set[int]:
    """Numbers of the indicators in which a firm stands at low or very low."""
    rated = scoring.rate(MODEL, raters(found.codes, dict(found.several), place))
    nearest, _ = fuzzy.nearest_terms(np.nan_to_num(rated.tfn), MODEL.judgement.bordering_within)
    return {number for at, number in enumerate(NUMBERS) if rated.answered[at] and nearest[at] < 2}


def answered_of(found: panel.Panel, place: int) -> set[int]:
    rated = scoring.rate(MODEL, raters(found.codes, dict(found.several), place))
    return {number for at, number in enumerate(NUMBERS) if rated.answered[at]}


def test_quartiles_begin_with_five_firms_and_leave_out_who_has_no_index() -> None:
    assert standing.quartiles(np.array([1.0, 2, 3, 4])) is None
    assert standing.quartiles(np.array([1.0, 2, 3, 4, np.nan])) is None
    assert standing.quartiles(np.array([5.0, 1, 4, np.nan, 2, 3])) == (2, 3, 4)
    assert standing.quartiles(np.array([])) is None


def test_routes_and_paths_are_counted_in_their_order_and_none_is_one_of_them() -> None:
    routes = standing.route_counts(["both", None, "sustain", "both"])
    paths = standing.path_counts(["regional", None, None])

    assert dict(routes) == {
        "sustain": 1,
        "coopetition": 0,
        "networking": 0,
        "both": 2,
        "networking-first": 0,
        None: 1,
    }
    assert routes[0] == ("sustain", 1) and routes[-1] == (None, 1)
    assert [name for name, _ in paths] == [*pattern.PATTERNS, None] and paths[-1] == (None, 2)


def test_the_path_of_every_firm_is_that_of_its_profile() -> None:
    luck = np.random.default_rng(5)
    shares, countries = [None, 0, 0.5, 1, 24, 25, 26, 100], [None, 0, 1, 2, 3, 5, 9]
    every = list(product(shares, countries, range(4), [None, *range(15)], [None, *range(-1, 14)]))
    chosen = [every[at] for at in luck.choice(len(every), 6_000, replace=False)]
    years, firms = [], []
    for share, many, regions, home, abroad in chosen:
        year = int(luck.integers(2020, 2030))
        first = None if abroad is None else year - abroad
        founded = None if home is None else (first or year) - home + 1
        years.append(year)
        firms.append((founded, first, share, many, regions))
    columns = [
        np.array([np.nan if x is None else x for x in column], dtype=float)
        for column in zip(*firms, strict=True)
    ]

    found = standing.paths(Facts(np.array(years, dtype=float), *columns), MODEL.patterns)

    fields = (*pattern.FIELDS[:4],)
    for year, firm, name in zip(years, firms, found, strict=True):
        known = dict(zip(fields, firm[:4], strict=True)) | {"regions": list(range(firm[4]))}
        assert name == pattern.recognise(known, year, MODEL.patterns).name, (known, year)
    assert set(found) == {*pattern.PATTERNS, None}


def test_the_path_of_nobody_is_empty() -> None:
    nothing = np.zeros(0)

    assert standing.paths(Facts(*[nothing] * 6), MODEL.patterns) == ()


def test_the_most_common_gaps_come_first_and_only_where_enough_firms_answered(found: panel.Panel) -> None:
    lacking = panel.gaps(found)

    rows = standing.common_gaps(MODEL, lacking)

    assert [row.gap for row in rows] == sorted((row.gap for row in rows), reverse=True)
    for row in rows:
        at = MODEL.column[row.number]
        assert row.answered == lacking.answered[at] >= standing.LEAST_FIRMS
        assert row.low == sum(row.number in low_of(found, place) for place in range(FIRMS))
    few = panel.gaps(panel.panel(MODEL, found.codes[:, :4], {}))
    assert standing.common_gaps(MODEL, few) == ()


def test_an_action_is_as_useful_as_the_gaps_it_moves(found: panel.Panel) -> None:
    lacking = panel.gaps(found)

    rows = standing.useful_actions(found, lacking)

    assert {row.action.id for row in rows} == {action.id for action in actions.load(MODEL.version)}
    assert [row.use for row in rows] == sorted((row.use for row in rows), reverse=True)
    low = [low_of(found, place) for place in range(FIRMS)]
    answered = [answered_of(found, place) for place in range(FIRMS)]
    for row in rows:
        moved = set(row.action.indicators)
        assert row.use == pytest.approx(sum(lacking.gap[MODEL.column[number]] for number in moved))
        assert row.concerns == sum(bool(moved & numbers) for numbers in low)
        assert row.answered == sum(bool(moved & numbers) for numbers in answered)
    few = panel.panel(MODEL, found.codes[:, :4], {})
    assert standing.useful_actions(few, panel.gaps(few)) == ()


def test_where_raters_differ_is_counted_over_the_firms_with_several() -> None:
    codes = some_firms(12, seed=9)
    several = {
        place: np.ascontiguousarray(some_firms(2 + place % 3, seed=place + 20).T) for place in range(9)
    }

    rows = standing.hot_spots(panel.panel(MODEL, codes, several))

    expected = [agreement.disagreement(MODEL, given) for given in several.values()]
    assert rows and [row.distance for row in rows] == sorted((row.distance for row in rows), reverse=True)
    for row in rows:
        at = MODEL.column[row.number]
        far = [one.distance[at] for one in expected if one.terms[at] > 1]
        assert row.rated == len(far) >= standing.LEAST_RATED
        assert row.distance == pytest.approx(np.mean(far))
        assert row.apart == sum(row.number in one.flagged for one in expected)


def test_too_few_firms_with_several_raters_have_no_hot_spot() -> None:
    codes = some_firms(12, seed=9)
    several = {place: np.zeros((2, len(NUMBERS)), dtype=np.uint8) for place in range(4)}

    assert standing.hot_spots(panel.panel(MODEL, codes, several)) == ()

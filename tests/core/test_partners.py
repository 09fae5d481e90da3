"""Who might suit whom: by a slow definition, and with nobody who cannot be known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core import panel, partners, relational
from readiness.core.fuzzy import Floats
from readiness.core.panel import Panel
from readiness.core.partners import COOPETITION, NETWORKING, Pair, pairs
from tests.core.firms import MODEL
from tests.core.test_cohort import some_firms
from tests.core.test_panel import with_colleagues

K = len(MODEL.components)
OPEN = np.full(9, 80.0)


def firms(*indices: list[float]) -> Panel:
    """Firms with these component indices."""
    index = np.array(indices, dtype=float).T
    return Panel(MODEL, index, np.full(len(indices), 50.0), np.zeros((47, len(indices)), dtype=np.uint8), {})


def flat(value: float, **components: float) -> list[float]:
    return [components.get(name, value) for name in MODEL.components]


def found(panel: Panel, sectors: list[str | None], gates: Floats = OPEN) -> tuple[Pair, ...]:
    return pairs(panel, sectors, gates[: panel.index.shape[1]])


def test_a_firm_strong_where_another_is_weak_is_proposed_with_the_reason() -> None:
    (pair,) = found(firms(flat(50, resources=80), flat(50, resources=20)), ["software", "energy"])

    at = MODEL.components.index("resources")
    assert (pair.kind, pair.first, pair.second) == (NETWORKING, 0, 1)
    assert pair.first_gives == (at,) and pair.second_gives == ()
    assert pair.score > 0


def test_both_ways_is_better_than_one() -> None:
    one_way = firms(flat(50, resources=80, assets=80), flat(50, resources=20, assets=20))
    both_ways = firms(flat(50, resources=80, assets=20), flat(50, resources=20, assets=80))

    (one,), (both,) = found(one_way, ["a", "b"]), found(both_ways, ["a", "b"])

    assert both.score > one.score and both.first_gives and both.second_gives


def test_rivals_need_gaps_that_complement_one_another_and_an_open_gate() -> None:
    both_ways = firms(flat(50, resources=80, assets=20), flat(50, resources=20, assets=80))
    one_way = firms(flat(50, resources=80), flat(50, resources=20))

    (pair,) = found(both_ways, ["software", "software"])
    assert pair.kind == COOPETITION
    assert found(one_way, ["software", "software"]) == ()
    for gates in (np.array([80.0, 30.0]), np.array([np.nan, 80.0])):
        assert found(both_ways, ["software", "software"], gates) == ()
    for sectors in ([None, None], ["other", "other"], ["", ""]):
        (pair,) = found(both_ways, sectors)
        assert pair.kind == NETWORKING, "no field is no common field"


def test_what_is_not_scored_counts_for_nothing() -> None:
    assert found(firms(flat(50, resources=80), flat(50, resources=np.nan)), ["a", "b"]) == ()
    assert found(firms(flat(np.nan), flat(20)), ["a", "b"]) == ()


def test_nobody_and_one_firm_make_no_pair() -> None:
    assert found(firms(flat(80)), ["a"]) == ()
    nobody = panel.panel(MODEL, np.zeros((47, 0), dtype=np.uint8), {})
    assert pairs(nobody, [], np.array([])) == ()


@given(st.integers(2, 40), st.integers(0, 1000))
def test_the_best_pairs_are_those_of_the_slow_definition(count: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    index = np.where(luck.random((K, count)) < 0.1, np.nan, luck.uniform(0, 100, (K, count)))
    sectors = [luck.choice(["software", "energy", "other", ""]) for _ in range(count)]
    gates = luck.uniform(0, 100, count)
    some = Panel(MODEL, index, index[0], np.zeros((47, count), dtype=np.uint8), {})

    every = pairs(some, sectors, gates)

    for kind in (NETWORKING, COOPETITION):
        ours = [pair for pair in every if pair.kind == kind]
        slow = sorted(
            (
                (-round(score, 9), one, other)
                for one in range(count)
                for other in range(one + 1, count)
                if (score := slow_score(kind, some, sectors, gates, one, other)) > 0
            ),
        )
        assert len(ours) <= partners.ALL and len(ours) == len(set(ours))
        for firm in range(count):
            assert sum(firm in (pair.first, pair.second) for pair in ours) <= partners.EACH
        if slow:
            assert (ours[0].first, ours[0].second) == slow[0][1:]
            assert [-round(pair.score, 9) for pair in ours] == sorted(-round(pair.score, 9) for pair in ours)
        scores = {(one, other): -score for score, one, other in slow}
        assert all(scores[pair.first, pair.second] == pytest.approx(pair.score) for pair in ours)


def slow_score(kind: str, some: Panel, sectors: list[str], gates: Floats, one: int, other: int) -> float:
    ways = [0.0, 0.0]
    for at, component in enumerate(MODEL.components):
        weight = importance(component)
        for way, (strong, weak) in enumerate(((one, other), (other, one))):
            if some.index[at, strong] >= 65 and some.index[at, weak] < 45:
                ways[way] += weight * (some.index[at, strong] - some.index[at, weak])
    rivals = sectors[one] == sectors[other] and sectors[one] not in ("", "other")
    if kind == NETWORKING:
        return 0 if rivals else sum(ways) + min(ways)
    return sum(ways) if rivals and min(ways) > 0 and min(gates[one], gates[other]) >= 35 else 0


def importance(component: str) -> float:
    rows = [at for at, row in enumerate(MODEL.indicators) if row.component == component]
    return float(MODEL.importance[rows].mean())


def test_the_gate_is_that_of_the_route() -> None:
    codes = some_firms(60)
    several = with_colleagues(codes)

    gates = partners.gates_of(MODEL, panel.panel(MODEL, codes, several))

    for place in range(60):
        raters = several.get(place, codes[:, place][None])
        theirs = relational.standing(relational.firm_of(MODEL, raters)).gate[0]
        assert gates[place] == pytest.approx(theirs, nan_ok=True)


def test_sorting_step_by_step_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    luck = np.random.default_rng(4)
    index = np.round(luck.uniform(0, 100, (K, 60)), -1)
    some = Panel(MODEL, index, index[0], np.zeros((47, 60), dtype=np.uint8), {})
    sectors = [luck.choice(["software", "energy"]) for _ in range(60)]

    whole = pairs(some, sectors, np.full(60, 80.0))
    monkeypatch.setattr(partners, "_SOME", 2)

    assert pairs(some, sectors, np.full(60, 80.0)) == whole
    assert len(whole) > partners.ALL

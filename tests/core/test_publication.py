"""What may be published of a cohort: every firm once in every table, and offers from what is shown alone."""

import numpy as np

from readiness.core import actions, panel, publication, scoring
from readiness.core.bands import UNKNOWN, band, index_band
from readiness.core.publication import Facts
from tests.core.firms import MODEL
from tests.core.test_cohort import some_firms
from tests.core.test_panel import with_colleagues

SECTORS = ("software", "energy")


def test_every_firm_stands_in_every_table_once() -> None:
    codes = some_firms(50)
    several = with_colleagues(codes)
    found = panel.panel(MODEL, codes, several)
    facts = [
        Facts(("software", "energy", "")[at % 3], at if at % 4 else None, at - 1, None, "both")
        for at in range(50)
    ]

    variables = publication.variables(MODEL, SECTORS)
    places = publication.places(found, facts, SECTORS)

    assert places.shape == (len(variables), 50)
    assert len({one.key for one in variables}) == len(variables) == 62
    for one, row in zip(variables, places, strict=True):
        assert row.min() >= 0 and row.max() < len(one.categories), one.key
    row = {one.key: [one.categories[at] for at in places[nth]] for nth, one in enumerate(variables)}
    assert row["sector"][:3] == ["software", "energy", UNKNOWN] and set(row["path"]) == {UNKNOWN}
    assert row["size"][:2] == [UNKNOWN, "1-9"] and row["age"][0] == UNKNOWN, "no firm is younger than new"
    for at in range(50):
        one = scoring.score_codes(MODEL, several.get(at, codes[:, at][None]))
        overall = UNKNOWN if one.overall is None else str(25 * min(int(one.overall.index // 25), 3))
        assert row["overall"][at] == overall


def test_bands_hold_their_ends() -> None:
    sizes = {"small": (0, 9), "large": (10, None)}

    assert [band(sizes, number) for number in (0, 9, 10, 10**6, -1, None)] == [
        *("small", "small", "large", "large", UNKNOWN, UNKNOWN)
    ]
    assert index_band(np.array([0, 24.9, 25, 74.9, 75, 100, np.nan])).tolist() == [0, 0, 1, 2, 3, 3, 4]


def test_offers_move_what_most_firms_lack_and_come_from_shown_numbers_alone() -> None:
    (first, *_) = publication.offers(MODEL, {12: 40})

    assert 12 in first.indicators
    assert publication.offers(MODEL, {}) == ()
    every = dict.fromkeys(MODEL.numbers, 5)
    used = publication.offers(MODEL, every)
    weights = [
        round(sum(MODEL.importance[MODEL.column[number]] for number in one.indicators), 6) for one in used
    ]
    assert weights == sorted(weights, reverse=True)
    assert len(used) == len(actions.load(MODEL.version))

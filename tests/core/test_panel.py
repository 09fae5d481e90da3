"""The firms of a cohort at once: the numbers of each as everywhere else."""

import numpy as np
import pytest

from readiness.core import fuzzy, panel, scoring
from readiness.core.answers import Codes
from tests.core.firms import MODEL
from tests.core.test_cohort import some_firms

SEVERAL = {3: 2, 7: 4, 8: 3}


def with_colleagues(codes: Codes) -> dict[int, Codes]:
    """All raters of some of the firms, (raters, indicators), by place."""
    return {
        place: np.ascontiguousarray(
            np.concatenate([codes[:, [place]], some_firms(count - 1, seed=place)], axis=1).T
        )
        for place, count in SEVERAL.items()
    }


def raters(codes: Codes, several: dict[int, Codes], place: int) -> Codes:
    return several.get(place, codes[:, place][None])


def test_every_firm_is_scored_as_alone() -> None:
    codes = some_firms(40)
    several = with_colleagues(codes)

    found = panel.panel(MODEL, codes, several)

    for place in range(40):
        one = scoring.score_codes(MODEL, raters(codes, several, place))
        index = np.where(one.components.scored, one.components.index, np.nan)
        assert found.index[:, place] == pytest.approx(index, nan_ok=True)
        overall = np.nan if one.overall is None else one.overall.index
        assert found.overall[place] == pytest.approx(overall, nan_ok=True)


def test_gaps_are_the_mean_of_the_firms_own() -> None:
    codes = some_firms(40)
    several = with_colleagues(codes)

    found = panel.gaps(panel.panel(MODEL, codes, several))

    gaps, low = np.full((40, len(MODEL.indicators)), np.nan), np.zeros(len(MODEL.indicators))
    for place in range(40):
        rated = scoring.rate(MODEL, raters(codes, several, place))
        gaps[place, rated.answered] = fuzzy.crisp(rated.gap[rated.answered])
        nearest, _ = fuzzy.nearest_terms(rated.tfn[rated.answered], MODEL.judgement.bordering_within)
        low[rated.answered] += nearest < 2
    assert found.answered.tolist() == (~np.isnan(gaps)).sum(axis=0).tolist()
    assert found.gap == pytest.approx(np.nanmean(gaps, axis=0))
    assert found.low.tolist() == low.tolist()


def test_nobody_has_no_gap() -> None:
    nobody = np.zeros((len(MODEL.indicators), 0), dtype=np.uint8)

    found = panel.gaps(panel.panel(MODEL, nobody, {}))

    assert np.isnan(found.gap).all() and not found.answered.any()

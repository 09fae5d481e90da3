"""The fuzzy Delphi screening against the paper's own Table 7 and at its threshold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyfdm.group import aggregate

from readiness.core import delphi
from readiness.core.fuzzy import TERM_TFN
from readiness.core.model import Indicator
from tests.core.firms import MODEL

#: Rows on which the scanned tables do not disagree (the first section of the scoring rules).
SOUND = [row for row in MODEL.paper if row.number not in {1, 4, 6, 10, 18, 21, *range(25, 35)}]


def accepted(*counts: int, threshold: float = 0.5) -> bool:
    return bool(delphi.screen(np.array([counts]), threshold).accepted[0])


@pytest.mark.parametrize("row", SOUND, ids=lambda row: str(row.number))
def test_table_7_follows_from_table_6(row: Indicator) -> None:
    result = delphi.screen(np.array([row.counts]))

    exact = dict(zip(("l", "m", "u"), result.tfn[0], strict=True)) | {"crisp": result.crisp[0]}
    assert {name: exact[name] for name in row.table7} == pytest.approx(dict(row.table7), abs=0.0005 + 1e-9)


def test_the_experts_accept_all_but_motivation() -> None:
    result = delphi.screen(np.array([row.counts for row in MODEL.paper]))

    rejected = [row.number for row, kept in zip(MODEL.paper, result.accepted, strict=True) if not kept]
    assert rejected == [48]


def test_no_reading_of_the_damage_changes_what_is_accepted() -> None:
    printed = [row.number for row in MODEL.paper if row.table7["crisp"] < 0.5]
    order_of_print = delphi.screen(np.array([row.table6 for row in MODEL.paper]))

    assert printed == [48]
    assert np.flatnonzero(~order_of_print.accepted).tolist() == [47]


@pytest.mark.parametrize(
    "counts",
    [
        (0, 0, 15, 0, 0),  # all medium
        (0, 5, 5, 5, 0),  # (5 * .25 + 5 * .5 + 5 * .75) / 15
        (3, 2, 5, 2, 3),  # symmetric about medium
        (7, 0, 1, 0, 7),
        (0, 1, 0, 1, 0),
    ],
)
def test_a_crisp_mean_of_exactly_one_half_is_accepted(counts: tuple[int, ...]) -> None:
    assert accepted(*counts)


@pytest.mark.parametrize("counts", [(0, 1, 14, 0, 0), (3, 2, 6, 1, 3), (1, 0, 999_999, 0, 0)])
def test_a_crisp_mean_a_little_under_one_half_is_rejected(counts: tuple[int, ...]) -> None:
    assert not accepted(*counts)


def test_another_threshold_screens_at_that_threshold() -> None:
    # 3 L and 1 H: (3 * .25 + .75) / 4 = .375
    assert accepted(0, 3, 0, 1, 0, threshold=0.375)
    assert not accepted(0, 3, 0, 1, 0, threshold=0.376)


@given(st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any), min_size=1, max_size=6))
def test_each_row_is_screened_by_itself_as_pyfdm_would(rows: list[list[int]]) -> None:
    result = delphi.screen(np.array(rows))

    for at, counts in enumerate(rows):
        judgements = [TERM_TFN[term][None, None] for term in np.repeat(np.arange(5), counts)]
        theirs = aggregate(judgements, method="arithmetic")[0, 0]
        assert result.tfn[at] == pytest.approx(theirs, abs=1e-12)
        assert result.crisp[at] == pytest.approx(theirs.sum() / 3, abs=1e-12)

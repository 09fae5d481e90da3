"""Comparisons in words: who is counted, what is said, and how small a p is printed."""

import numpy as np
import pytest

from readiness.core import model as models
from readiness.core.fuzzy import Floats
from readiness.core.model import Model
from readiness.core.panel import Panel
from readiness.reports.comparison import RowView, Side, compare_groups, compare_rounds
from readiness.reports.language import language

ENGLISH = language("en")


@pytest.fixture(scope="module")
def model() -> Model:
    return models.load()


def side(model: Model, values: Floats, name: str = "A", ids: str = "a", rounds: str = "1") -> Side:
    """Firms with the same index in every component and overall."""
    count = len(values)
    index = np.tile(values, (len(model.components), 1))
    panel = Panel(model, index, values, np.zeros((len(model.numbers), count), dtype=np.uint8), {})
    firms = tuple(f"{ids}{at}" for at in range(count))
    return Side(name, firms, tuple(f"{firm}.{rounds}" for firm in firms), panel)


def rows(model: Model, before: Floats, after: Floats) -> tuple[RowView, ...]:
    found = compare_rounds(side(model, before), side(model, after, "B", rounds="2"), ENGLISH)
    return found.rows


@pytest.mark.parametrize(
    ("by", "says"), [(12, "More firms rose than fell"), (-12, "More firms fell than rose")]
)
def test_where_most_stayed_the_typical_firm_is_said_to_have_stayed(model: Model, by: int, says: str) -> None:
    before = np.linspace(20, 60, 60)
    after = before.copy()
    after[:14] += by + np.arange(14) / 10 * np.sign(by)

    for row in rows(model, before, after):
        assert row.says == f"{says}, but the typical firm stayed where it was." and row.difference == 0


def test_everybody_who_rises_alike_has_an_interval_of_one_point(model: Model) -> None:
    row = rows(model, np.linspace(20, 60, 12), np.linspace(20, 60, 12) + 7)[0]

    assert (row.difference, row.low, row.high) == (7, 7, 7) and row.drawing is not None
    assert row.drawing.start == row.drawing.end == row.drawing.mark > row.drawing.zero


def test_firms_of_both_cohorts_stand_in_neither_group(model: Model) -> None:
    one, other = side(model, np.arange(8) + 70.0), side(model, np.arange(9) + 20.0, "B", "b")
    both = Side("B", (*other.firm_ids[:6], *one.firm_ids[:3]), other.assessment_ids, other.panel)

    found = compare_groups(one, both, ENGLISH)

    assert found.shared == 3 and {(row.n_a, row.n_b) for row in found.rows} == {(5, 6)}
    assert found.rows[0].key == "overall" and len(found.rows) == 1 + len(model.components)


def test_a_very_small_p_is_said_to_be_small_and_no_more(model: Model) -> None:
    found = compare_groups(side(model, np.arange(20) + 70.0), side(model, np.arange(20.0), "B", "b"), ENGLISH)

    assert {row.p for row in found.rows} == {"below 0.001"} and {row.size for row in found.rows} == {"large"}


def test_in_persian_the_numbers_and_the_names_are_those_of_the_language(model: Model) -> None:
    one, other = side(model, np.arange(9) + 70.0, "الف"), side(model, np.arange(9.0), "ب", "b")

    row = compare_groups(one, other, language("fa")).rows[1]

    assert row.says.startswith("شرکت‌های \u2068الف\u2069") and "۷۴٫۰" in row.says and row.size == "بزرگ"
    assert row.drawing is not None and row.drawing.mark < row.drawing.zero, "the scale runs from the right"

"""The path so far: decided where the facts decide, and left open where they do not."""

from __future__ import annotations

from typing import Any

import pytest

from readiness.core import model
from readiness.core.pattern import PATTERNS, recognise

RULES = model.load().patterns
YEAR = 2026
ONE, TWO = ["europe"], ["europe", "africa"]

CASES: list[tuple[str, dict[str, Any]]] = [
    ("not_yet", {"foreign_share": 0}),
    ("not_yet", {"founded": 2020, "countries": 0}),
    ("born_global", {"founded": 2019, "first_foreign_sale": 2022, "foreign_share": 25, "regions": TWO}),
    (
        "stage_wise",
        {"founded": 2000, "first_foreign_sale": 2004, "foreign_share": 24, "countries": 2, "regions": ONE},
    ),
    ("stage_wise", {"founded": 1990, "first_foreign_sale": 2005, "foreign_share": 60, "regions": TWO}),
    ("regional", {"founded": 1990, "first_foreign_sale": 2005, "foreign_share": 25, "regions": ONE}),
    (
        "regional",
        {"founded": 2019, "first_foreign_sale": 2020, "foreign_share": 9, "countries": 3, "regions": ONE},
    ),
    ("born_again_global", {"founded": 2000, "first_foreign_sale": 2021, "foreign_share": 25, "regions": TWO}),
    (
        "born_again_global",
        {"founded": 2011, "first_foreign_sale": 2021, "foreign_share": 80, "countries": 9, "regions": TWO},
    ),
]


@pytest.mark.parametrize(("name", "firm"), CASES)
def test_the_facts_decide(name: str, firm: dict[str, Any]) -> None:
    found = recognise(firm, YEAR, RULES)

    assert (found.name, found.reason) == (name, "decided")


@pytest.mark.parametrize(
    ("reason", "firm"),
    [
        ("silent", {}),
        ("silent", {"founded": 2010, "employees": 5}),
        ("stopped", {"founded": 2010, "first_foreign_sale": 2015, "foreign_share": 0}),
        ("contradictory", {"founded": 2015, "first_foreign_sale": 2010, "foreign_share": 10}),
        ("contradictory", {"founded": 2015, "first_foreign_sale": 2027, "foreign_share": 10}),
        # An early start that has stayed small, and a quick rise after a few years at home.
        ("between", {"founded": 2019, "first_foreign_sale": 2021, "foreign_share": 24, "regions": TWO}),
        ("between", {"founded": 2016, "first_foreign_sale": 2023, "foreign_share": 50, "regions": TWO}),
    ],
)
def test_where_the_facts_do_not_decide_nothing_is_claimed(reason: str, firm: dict[str, Any]) -> None:
    found = recognise(firm, YEAR, RULES)

    assert (found.name, found.reason) == (None, reason)


def test_missing_facts_are_named_with_what_they_leave_open() -> None:
    young = recognise({"founded": 2020, "first_foreign_sale": 2021, "foreign_share": 40}, YEAR, RULES)
    old = recognise({"founded": 1990, "first_foreign_sale": 2022, "regions": TWO}, YEAR, RULES)
    undated = recognise({"foreign_share": 40}, YEAR, RULES)

    assert (young.name, young.possible, young.missing) == (
        None,
        ("born_global", "regional"),
        ("regions",),
    )
    assert (old.name, old.possible) == (None, ("stage_wise", "born_again_global"))
    assert old.missing == ("foreign_share",)
    assert undated.missing == ("founded", "first_foreign_sale")
    assert undated.possible == PATTERNS[1:]


def test_a_missing_fact_that_makes_no_difference_is_not_missed() -> None:
    slow = {"founded": 1990, "first_foreign_sale": 2000, "regions": TWO}

    assert recognise(slow, YEAR, RULES).name == "stage_wise"


def test_one_country_lies_in_one_region() -> None:
    near = {"founded": 2020, "first_foreign_sale": 2021, "foreign_share": 40, "countries": 1}

    assert recognise(near, YEAR, RULES).name == "regional"


def test_less_than_a_percent_of_sales_abroad_is_not_none() -> None:
    little = {"founded": 2000, "first_foreign_sale": 2010, "foreign_share": 0.4, "regions": TWO}

    assert recognise(little, YEAR, RULES).name == "stage_wise"


def test_a_year_that_is_no_number_is_missed() -> None:
    found = recognise({"founded": "long ago", "first_foreign_sale": 2010, "foreign_share": 5}, YEAR, RULES)

    assert (found.reason, found.missing) == ("missing", ("founded",))


def test_strange_values_of_an_answers_file_are_taken_as_unknown() -> None:
    odd = {"founded": "long ago", "foreign_share": "much", "countries": None, "regions": "europe"}

    assert recognise(odd, YEAR, RULES).reason == "silent"


def test_every_pattern_has_words_in_every_language_and_points_to_indicators() -> None:
    loaded = model.load()
    listed = model.references(loaded.version)["references"]
    assert set(loaded.paths) == set(PATTERNS)
    for notes in loaded.paths.values():
        assert set(notes.focus) <= set(loaded.numbers)
        assert all(str(number) in listed for number in notes.sources)
    for code in model.LANGUAGES:
        words = model.texts(loaded.version, code)["patterns"]
        assert all(set(words[name]) == {"name", "meaning", "next"} for name in PATTERNS)

"""A cohort beside another, and before and after: numbers from their floors on, and plain words."""

from collections.abc import Callable

import pytest
from flask import Flask

from readiness.core import model as models
from readiness.core.answers import UNANSWERED
from tests.web.cohorts import add_cohort, cohort_id
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Page, Person
from tests.web.programmes import MODEL, add_round, add_rounds, blend, invent


@pytest.fixture
def manager(make_app: Callable[..., Flask], visitor: Visitor) -> Person:
    """Who runs programmes in a house of its own."""
    return member(visitor(of=make_app()), "manager")


def compare(person: Person, path: str, other: str) -> Page:
    return person.open(f"{path}/comparison?with={other if other == 'rounds' else cohort_id(other)}")


def pair(manager: Person, here: int, there: int, count: int = 8) -> tuple[str, str]:
    """Two cohorts whose firms stand around these terms."""
    one, two = add_cohort(manager), add_cohort(manager, "Autumn")
    add_rounds(manager, one, [blend(here, seed=at) for at in range(count)])
    add_rounds(manager, two, [blend(there, seed=100 + at) for at in range(count)])
    return one, two


def again(manager: Person, path: str, before: list[int], after: list[int]) -> None:
    """Firms with two finished rounds."""
    firms = add_rounds(manager, path, [blend(level, seed=at) for at, level in enumerate(before)])
    for at, (firm, level) in enumerate(zip(firms, after, strict=True)):
        add_round(manager, path, "", [blend(level, seed=50 + at)], firm_id=firm, number=2)


@pytest.mark.parametrize(("here", "there", "higher"), [(4, 1, "Spring"), (1, 4, "Autumn")])
def test_the_cohort_that_stands_higher_is_named(manager: Person, here: int, there: int, higher: str) -> None:
    one, two = pair(manager, here, there)

    page = compare(manager, one, two)

    assert page.text.count(f"The firms of {higher} stand higher in this: a large difference") == 9
    assert page.text.count("No difference that these numbers can show.") == 1, "barriers are turned"
    sign = "" if higher == "Spring" else "−"
    assert f"{sign}1.00" in page.text and "0.000" not in page.text
    assert page.text.count("below 0.001") == 1, "of the overall index, which is adjusted for nothing"


def test_alike_cohorts_show_no_difference_and_nobody_says_there_is_none(manager: Person) -> None:
    page = compare(manager, *pair(manager, 2, 2))

    assert page.text.count("No difference that these numbers can show.") >= 8
    assert "There is no difference" not in page.text and "Not shown does not mean not there" in page.text


def test_below_the_floor_it_says_why_there_is_no_number(manager: Person) -> None:
    page = compare(manager, *pair(manager, 4, 1, count=4))

    assert page.text.count("each cohort needs 5 firms with this score; there are 4 and 4.") == 10
    assert page.text.count("fewer than 5 firms") == 20 and "<svg" not in page.html


def test_firms_of_both_cohorts_are_left_out_and_counted(manager: Person) -> None:
    one, two = pair(manager, 3, 3, count=5)
    add_rounds(manager, one, [blend(4), blend(4, seed=1)], others=(two,))

    page = compare(manager, one, two)

    assert "2 firms are in both cohorts and left out here" in page.text
    assert page.html.count("<td>5</td><td>5</td>") == 10


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ([1] * 9, [3] * 9, "The firms rose: the typical change is +"),
        ([4] * 9, [2] * 9, "The firms fell: the typical change is −"),
    ],
)
def test_a_change_of_the_same_firms_is_said_with_its_interval(
    manager: Person, before: list[int], after: list[int], says: str
) -> None:
    path = add_cohort(manager)
    again(manager, path, before, after)

    page = compare(manager, path, "rounds")

    assert page.text.count(says) == 9 and "9 firms have at least two finished rounds" in page.text
    assert "A change is not yet an effect of the programme" in page.text


def test_who_finished_once_is_counted_and_left_out(manager: Person) -> None:
    path = add_cohort(manager)
    again(manager, path, [2] * 6, [2] * 6)
    add_rounds(manager, path, [blend(4), blend(4, seed=1)])
    add_round(manager, path, "Open", [blend(1)], finished=False)
    add_round(manager, path, "Else", [blend(1)], version="another")

    page = compare(manager, path, "rounds")

    assert "2 firms finished a first round only and are left out." in page.text
    assert "Spring: 1 firm has no finished round yet." in page.text
    assert "Spring: 1 firm answered another version of the model and is left out." in page.text
    assert page.html.count("<td>6</td>") == 10 and "No change that these numbers can show." in page.text


def test_pairs_count_where_both_rounds_are_scored(manager: Person) -> None:
    path = add_cohort(manager)
    again(manager, path, [1] * 6, [3] * 6)
    unknown = blend(1)
    unknown[MODEL.span("assets")] = UNANSWERED
    firm = add_round(manager, path, "Gap", [unknown])
    add_round(manager, path, "", [blend(3)], firm_id=firm, number=2)

    page = compare(manager, path, "rounds")

    assets = page.html.split('<th scope="row">Assets</th>')[1]
    assert assets.startswith("<td>6</td>") and page.html.count("<td>7</td>") == 9


def test_too_few_pairs_have_no_verdict(manager: Person) -> None:
    path = add_cohort(manager)
    again(manager, path, [1] * 5, [3] * 5)

    page = compare(manager, path, "rounds")

    assert page.text.count("it needs 6 firms with this score in both rounds; there are 5.") == 10
    assert "<svg" not in page.html and "fewer than 5 firms" not in page.text, "five have a median"


def test_an_empty_cohort_is_compared_without_a_fault(manager: Person) -> None:
    one, two = add_cohort(manager), add_cohort(manager, "Autumn")

    assert compare(manager, one, two).text.count("there are 0 and 0.") == 10
    assert compare(manager, one, "rounds").text.count("there are 0.") == 10


def test_nothing_of_another_organisation_is_compared_or_offered(visitor: Visitor) -> None:
    here, elsewhere = member(visitor(), "manager", "Comparers"), member(visitor(), "manager", "Others")
    mine, theirs = add_cohort(here, "Mine"), add_cohort(elsewhere, "Theirs")

    offered = here.open(f"{mine}/comparison")

    assert offered.form("choose").choices("with") == ["rounds"] and "Theirs" not in offered.text
    for wanted in (cohort_id(theirs), "0" * 24, cohort_id(mine), "%00", "rounds "):
        here.open(f"{mine}/comparison?with={wanted}", status=404)


def test_an_invented_cohort_beside_a_real_one_is_told(manager: Person) -> None:
    one, two = pair(manager, 3, 2, count=5)
    invent(manager, two)

    page = compare(manager, one, two)

    assert "this comparison says nothing" in page.text and "Autumn (invented)" in page.text


def test_both_are_there_in_persian_and_names_stay_in_their_place(manager: Person) -> None:
    one, two = add_cohort(manager, "<b>Spring</b> ‮"), add_cohort(manager, "پاییز")
    again(manager, one, [1] * 7, [3] * 7)
    add_rounds(manager, two, [blend(4, seed=at) for at in range(7)])
    manager.client.get("/?lang=fa")

    for other in (two, "rounds"):
        page = compare(manager, one, other)
        assert page.language == "fa" and "<b>" not in page.html.replace("<bdi>", "")
    names = models.texts(MODEL.version, "fa")["components"]
    assert all(item["name"] in page.text for item in names.values())

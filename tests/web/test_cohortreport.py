"""The report of a cohort, as its manager gets it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from readiness.core import invented
from readiness.core import model as models
from readiness.storage import cohorts, demonstration
from readiness.storage.demonstration import Words
from tests.reports.tools import CODES, NEEDS_A_PRESS, bare, one_line, opened, text_of
from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Person

pytestmark = NEEDS_A_PRESS

HOUSE = "Demonstration house"


@pytest.fixture
def manager(make_app: Callable[..., Flask], visitor: Visitor) -> Person:
    """A manager of the demonstration."""
    app, model = make_app(), models.load()
    words = Words(HOUSE, "Demo", "en", ["One", "Two", "Three"], "Nobody agreed.")
    made = invented.programme(model, datetime.now(UTC).date())
    demonstration.add(app.extensions["store"], model, made, words)
    return member(visitor(of=app), "manager", HOUSE)


def board(person: Person) -> str:
    """The path of the first cohort's dashboard."""
    store = person.app.extensions["store"]
    organisation = demonstration.find(store)
    assert organisation is not None
    (found,) = (one for one in cohorts.listing(store, organisation) if one.name == "One")
    return f"/programmes/{found.id}"


@CODES
def test_the_dashboard_leads_to_a_report_of_what_it_shows(manager: Person, code: str) -> None:
    page = manager.open(board(manager))
    path = next(link for link in page.links() if link.endswith(f"/report/{code}.pdf"))

    got = manager.client.get(path)

    assert got.status_code == 200 and got.mimetype == "application/pdf"
    text = bare(text_of(got.data))
    assert HOUSE in text and "10.22034" in text
    assert "(Sample)" not in text and "(نمونه)" not in text
    assert opened(got.data).trailer["/Root"]["/Lang"] == code  # type: ignore[index]
    assert 6 <= len(opened(got.data).pages) <= 8


def test_the_report_tells_what_became_of_firms_assessed_twice(manager: Person) -> None:
    text = one_line(text_of(manager.client.get(f"{board(manager)}/report/en.pdf").data))

    assert "firms were assessed at least twice" in text
    assert "invented firms" in text
    assert "Networking 0." in text  # alpha


def test_a_new_cohort_has_a_report_that_says_there_is_nothing_yet(visitor: Visitor) -> None:
    person = member(visitor(), "manager", "Beginning house")
    path = add_cohort(person, "Autumn")

    text = one_line(text_of(person.client.get(f"{path}/report/en.pdf").data))

    assert "Autumn" in text and "No firm has finished an assessment yet" in text


def test_a_language_that_is_none_is_not_there(visitor: Visitor) -> None:
    person = member(visitor(), "manager", "Tongues house")

    person.open(f"{add_cohort(person)}/report/xx.pdf", status=404)


def test_a_consultant_and_another_organisations_manager_get_none(visitor: Visitor) -> None:
    owner = member(visitor(), "manager", "Owning house")
    path = f"{add_cohort(owner)}/report/en.pdf"

    member(visitor(), "consultant", "Owning house", "c@owning.org").open(path, status=403)
    member(visitor(), "manager", "Other house", "m@other.org").open(path, status=404)


def test_the_day_of_the_report_is_today(visitor: Visitor) -> None:
    person = member(visitor(), "manager", "Today house")

    text = one_line(text_of(person.client.get(f"{add_cohort(person)}/report/en.pdf").data))

    today: date = datetime.now(UTC).date()
    assert f"{today.day} {today:%B} {today.year}" in text

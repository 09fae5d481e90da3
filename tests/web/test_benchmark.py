"""A firm's profile shows it beside the other firms of its cohort, as far as the programme released it."""

import pytest
from flask import Flask

from readiness.reports.benchmark import place_of
from readiness.storage import assessments, cohorts
from tests.web import founder as founders
from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Person
from tests.web.programme import cohort_of, fill


@pytest.mark.parametrize(
    ("index", "place"),
    [(80, "top"), (70, "top"), (69, "upper"), (50, "upper"), (49, "lower"), (29, "bottom")],
)
def test_a_border_belongs_to_the_upper_quarter(index: float, place: str) -> None:
    assert place_of(index, (30, 50, 70)) == place


def joined(visitor: Visitor, app: Flask, organisation: str) -> tuple[Person, str]:
    """A founder who has finished and joined the cohort; the beginning of the pages."""
    person = visitor()
    page = founders.start(person, "Comparer")
    founders.finish(person, page if isinstance(page, str) else page.path)
    key = founders.key(page)
    store = app.extensions["store"]
    found = assessments.find(store, key)
    assert found is not None
    with store.write() as transaction:
        cohorts.join(transaction, cohort_of(app, organisation), found.firm.id, "CEO")
    return person, f"/a/{key}"


def test_a_profile_says_why_there_is_no_comparison_yet(visitor: Visitor, app: Flask) -> None:
    add_cohort(member(visitor(), "manager", "Lonely"))
    person, path = joined(visitor, app, "Lonely")

    page = person.open(f"{path}/profile")

    assert "No comparison yet" in page.text and "Lonely" in page.text


def test_a_profile_shows_the_firm_beside_the_others(visitor: Visitor, app: Flask) -> None:
    manager = member(visitor(), "manager", "Benchmarkers")
    publication = f"{add_cohort(manager)}/publication"
    fill(app, cohort_of(app, "Benchmarkers"), 40)
    manager.send(manager.open(publication), button="members", form="publish")
    person, path = joined(visitor, app, "Benchmarkers")

    page = person.open(f"{path}/profile")

    assert "About 40 firms, as of" in page.text and "quarter" in page.text
    assert "Who took part:" in page.text and not any(f"Firm {at}" in page.text for at in range(40))
    assert person.open(f"{path}/profile.en.pdf").body.startswith(b"%PDF-")


def test_a_profile_of_no_cohort_speaks_of_none(visitor: Visitor) -> None:
    person = visitor()
    key = founders.key(founders.start(person, "Alone"))
    founders.finish(person, f"/a/{key}")

    assert "Beside the other firms" not in person.open(f"/a/{key}/profile").text

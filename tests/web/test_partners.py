"""The partner finder: nothing about who has not opted in, and introductions that go to both or to nobody."""

import numpy as np
import pytest
from flask import Flask

from readiness.storage import assessments, cohorts, introductions, responses
from readiness.storage.cohorts import Cohort
from tests.core.firms import MODEL
from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Page, Person
from tests.web.programme import cohort_of, fill


def programme(visitor: Visitor, app: Flask, organisation: str) -> tuple[Person, Cohort, list[str]]:
    """A manager, a cohort, and three firms that complement one another; nobody is open to it yet."""
    person = member(visitor(), "manager", organisation)
    add_cohort(person)
    cohort = cohort_of(app, organisation)
    ids = fill(app, cohort, 3, name=organisation)
    with app.extensions["store"].write() as transaction:
        for at, firm_id in enumerate(ids):
            codes = np.full(len(MODEL.indicators), 2)
            for row, item in enumerate(MODEL.indicators):
                if item.component in ("resources", "assets"):
                    strong = (item.component == "resources") == (at == 0)
                    codes[row] = (
                        (4 if strong else 0) if item.number not in MODEL.reversed else (0 if strong else 4)
                    )
            transaction.run(
                "UPDATE responses SET codes = :codes WHERE assessment_id IN"
                " (SELECT id FROM assessments WHERE firm_id = :firm)",
                codes=responses.encode(codes.tolist()),
                firm=firm_id,
            )
            transaction.run(
                "UPDATE firms SET sector = :sector, email = :email WHERE id = :firm",
                sector="software" if at == 0 else "energy",
                email=f"firm{at}@firm.org",
                firm=firm_id,
            )
    return person, cohort, ids


def opt_in(app: Flask, cohort: Cohort, *firm_ids: str, yes: bool = True) -> None:
    with app.extensions["store"].write() as transaction:
        for firm_id in firm_ids:
            cohorts.set_partner(transaction, cohort.id, firm_id, yes)


def partners(person: Person, cohort: Cohort) -> Page:
    return person.open(f"/programmes/{cohort.id}/partners")


def first_introduction(page: Page) -> str:
    return next(link for link in page.links() if "/introduce?" in link)


def test_nothing_is_shown_of_a_firm_that_is_not_open_to_it(visitor: Visitor, app: Flask) -> None:
    person, cohort, ids = programme(visitor, app, "Shy")

    assert "Shy 0" not in partners(person, cohort).text
    opt_in(app, cohort, ids[0])
    page = partners(person, cohort)
    assert "1 firm is open" in page.text and "No two of them" in page.text
    opt_in(app, cohort, ids[1])
    page = partners(person, cohort)
    assert "Shy 0" in page.text and "Shy 1" in page.text and "Shy 2" not in page.text
    assert "is strong where" in page.text and "Resources" in page.text


def test_two_firms_are_introduced_once_after_both_mails_were_read(visitor: Visitor, app: Flask) -> None:
    person, cohort, ids = programme(visitor, app, "Matchmakers")
    opt_in(app, cohort, *ids[:2])

    asked = person.open(first_introduction(partners(person, cohort)))
    assert "firm1@firm.org" in asked.text and "should talk" in asked.text
    assert "65" not in asked.text and "80" not in asked.text, "no score goes to anybody"
    page = person.send(asked, form="introduce")

    assert "They are introduced." in page.text and "Introduced before" in page.text
    person.send(asked, form="introduce")
    store = app.extensions["store"]
    assert len(introductions.listing(store, cohort.id)) == 1
    assert [one.name for one in introductions.of_firm(store, ids[0])] == ["Matchmakers 1"]
    assert [one.name for one in introductions.of_firm(store, ids[1])] == ["Matchmakers 0"]
    (found,) = store.rows("SELECT id FROM assessments WHERE firm_id = :firm", firm=ids[1])
    with store.write() as transaction:
        link = assessments.add_link(transaction, found["id"])
    assert "Matchmakers 0" in visitor().open(f"/a/{link}/programmes").text
    assert not any("/introduce?" in link for link in partners(person, cohort).links())


def test_who_changed_their_mind_meanwhile_is_not_introduced(visitor: Visitor, app: Flask) -> None:
    person, cohort, ids = programme(visitor, app, "Fickle")
    opt_in(app, cohort, *ids[:2])
    asked = person.open(first_introduction(partners(person, cohort)))
    opt_in(app, cohort, ids[1], yes=False)

    page = person.send(asked, form="introduce")

    assert "nothing was sent" in page.text
    assert introductions.listing(app.extensions["store"], cohort.id) == []


def test_leaving_ends_the_introductions(visitor: Visitor, app: Flask) -> None:
    person, cohort, ids = programme(visitor, app, "Leaving")
    opt_in(app, cohort, *ids[:2])
    person.send(person.open(first_introduction(partners(person, cohort))), form="introduce")
    with app.extensions["store"].write() as transaction:
        cohorts.leave(transaction, cohort.id, ids[0])

    assert "Leaving 0" not in partners(person, cohort).text


@pytest.mark.parametrize("which", ["closed", "foreign"])
def test_a_firm_that_is_not_open_cannot_be_named(visitor: Visitor, app: Flask, which: str) -> None:
    person, cohort, ids = programme(visitor, app, f"Named {which}")
    opt_in(app, cohort, ids[0])
    _, elsewhere, theirs = programme(visitor, app, f"Theirs {which}")
    opt_in(app, elsewhere, *theirs)
    other = ids[2] if which == "closed" else theirs[1]

    path = f"/programmes/{cohort.id}/partners/introduce"
    person.open(f"{path}?kind=networking&first={ids[0]}&second={other}", status=404)
    sent = [("csrf_token", person.token()), ("kind", "networking"), ("first", ids[0]), ("second", other)]
    page = person.post(path, sent)
    assert "nothing was sent" in page.text and other not in page.html
    assert introductions.listing(app.extensions["store"], cohort.id) == []


def test_in_persian_all_of_it_is_persian(visitor: Visitor, app: Flask) -> None:
    _, cohort, ids = programme(visitor, app, "Hub")
    opt_in(app, cohort, *ids[:2])
    persian = member(visitor("fa"), "manager", "Hub", "farsi@hub.org")
    persian.typed |= {"Hub 0", "Hub 1", "Spring", "firm0@firm.org", "firm1@firm.org"}
    with app.extensions["store"].write() as transaction:
        transaction.run("UPDATE users SET language = 'fa' WHERE email = 'farsi@hub.org'")

    persian.open(first_introduction(partners(persian, cohort)) + "&lang=fa")

"""The firms of a cohort: out of the portfolio, searched, and taken out again."""

from flask import Flask

from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import add_firm, member
from tests.web.pages import Person
from tests.web.programme import cohort_of, fill


def manager(visitor: Visitor, organisation: str) -> tuple[Person, str]:
    """A manager, and the beginning of a cohort's paths."""
    person = member(visitor(), "manager", organisation)
    return person, add_cohort(person)


def test_firms_of_the_portfolio_join_once_the_manager_says_that_they_agree(visitor: Visitor) -> None:
    person, path = manager(visitor, "Adders")
    consultant = member(visitor(), "consultant", "Adders")
    for name in ("Ours one", "Ours two"):
        add_firm(consultant, name)
    page = person.open(f"{path}/firms/add")
    ids = page.form("add").choices("firm") or []

    page = person.send(page, {"firm": ids[:1]}, form="add", status=400)
    assert "only if it agrees" in page.text and page.holds("firm") == ids[:1]
    page = person.send(page, {"firm": ids, "agreed": ["yes"]}, form="add")

    assert "2 firms joined." in page.text and "Ours one" in page.text and "Manager, for the firm" in page.text
    again = person.send(
        person.open(f"{path}/firms/add?q=two"), {"firm": ids[1:], "agreed": ["yes"]}, form="add"
    )
    assert "0 firms joined." in again.text


def test_a_firm_of_another_portfolio_is_not_there(visitor: Visitor) -> None:
    person, path = manager(visitor, "Honest")
    theirs = add_firm(member(visitor(), "consultant", "Others"), "Theirs").split("/")[2]

    add_firm(member(visitor(), "consultant", "Honest"), "Own")
    read = str(person.open(f"{path}/firms/add").holds("read"))
    sent = [("csrf_token", person.token()), ("firm", theirs), ("agreed", "yes"), ("read", read)]
    person.post(f"{path}/firms/add", sent, status=404)

    assert "Theirs" not in person.open(f"{path}/firms").text


def test_a_firm_is_taken_out_after_asking(visitor: Visitor, app: Flask) -> None:
    person, path = manager(visitor, "Takers")
    fill(app, cohort_of(app, "Takers"), 3)
    page = person.open(f"{path}/firms")

    asked = person.open(next(link for link in page.links() if link.endswith("/remove")))
    page = person.send(asked)

    assert "Firm 0 is no longer in the cohort" in page.text.replace("\u2068", "").replace("\u2069", "")
    assert "2 firms" in page.text
    person.send(asked, status=404)


def test_the_list_of_firms_is_searched_and_paged(visitor: Visitor, app: Flask) -> None:
    person, path = manager(visitor, "Many")
    fill(app, cohort_of(app, "Many"), 60)

    assert "Page 1 of 2" in person.open(f"{path}/firms").text
    assert "Firm 42" in person.open(f"{path}/firms?q=firm+42").text
    assert "No firm is like that." in person.open(f"{path}/firms?q=%25").text
    person.open(f"{path}/firms?page=99999&q=%00")

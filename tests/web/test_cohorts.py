"""Cohorts: who runs programmes begins, changes, opens and deletes them."""

from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Person


def manager(visitor: Visitor, organisation: str) -> Person:
    return member(visitor(), "manager", organisation)


def test_a_manager_begins_a_cohort_with_days_in_either_calendar(visitor: Visitor) -> None:
    person = manager(visitor, "Beginners")

    page = person.send(
        person.open("/programmes/new"), {"name": "Spring", "starts": "1405-01-15", "ends": "2026-09-30"}
    )

    page = person.open(page.path + "/settings")
    assert page.holds("starts") == "2026-04-04"
    listed = person.open("/programmes")
    assert "Spring" in listed.text and "30 September 2026" in listed.text


def test_a_cohort_begins_with_a_consent_that_names_the_organisation(visitor: Visitor) -> None:
    person = manager(visitor, "Consenting")

    assert "Consenting sees the answers" in (person.open("/programmes/new").holds("consent"))


def test_bad_fields_are_named_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    person = manager(visitor, "Careless")

    page = person.send(
        person.open("/programmes/new"),
        {"name": "  ", "starts": "2026-05-01", "ends": "2026-04-01", "consent": " "},
        status=400,
    )

    for words in (
        "Please enter a name.",
        "The last day is before the first.",
        "Please say what a firm agrees",
    ):
        assert words in page.text
    assert page.holds("ends") == "2026-04-01"
    page = person.send(page, {"name": "Spring", "starts": "soon", "consent": "Yes."}, status=400)
    assert "Please enter a day" in page.text and page.holds("consent") == "Yes."


def test_two_managers_at_once_see_each_others_change(visitor: Visitor) -> None:
    one, two = manager(visitor, "Pair"), member(visitor(), "administrator", "Pair")
    path = f"{add_cohort(one)}/settings"
    first, second = one.open(path), two.open(path)

    one.send(first, {"name": "Spring 2026"}, form="settings")
    clash = two.send(second, {"name": "Spring term"}, form="settings", status=409)

    assert "Spring 2026" in clash.text and clash.holds("name") == "Spring term"
    kept = two.send(clash, form="settings")
    assert kept.holds("name") == "Spring term"


def test_the_link_is_closed_opened_and_renewed(visitor: Visitor) -> None:
    person = manager(visitor, "Doors")
    page = person.open(f"{add_cohort(person)}/settings")

    closed = person.send(page, form="joining")
    assert "Nobody can join by the link now." in closed.text
    renewed = person.send(closed, form="renew")
    assert "Nobody can join by the link now." in renewed.text, "a new link does not open what is closed"
    assert "Whoever has the link can join" in person.send(renewed, form="joining").text


def test_a_cohort_is_deleted_after_asking(visitor: Visitor) -> None:
    person = manager(visitor, "Enders")
    path = add_cohort(person, "Autumn")

    asked = person.open(f"{path}/delete")
    assert "Autumn" in person.open("/programmes").text
    page = person.send(asked)

    assert "Autumn was deleted" in page.text.replace("\u2068", "").replace("\u2069", "")
    person.open(f"{path}/settings", status=404)


def test_a_consultant_runs_no_programme(visitor: Visitor) -> None:
    path = add_cohort(manager(visitor, "Roles"))
    consultant = member(visitor(), "consultant", "Roles")

    assert "Programmes" not in consultant.open("/portfolio").text
    consultant.open("/programmes", status=403)
    consultant.open(f"{path}/settings", status=403)

"""Publication: what leaves an organisation names no firm, and is what was seen."""

import csv
import io
import json

import pytest
from flask import Flask

from readiness.storage import cohorts
from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Page, Person
from tests.web.programme import cohort_of, fill


def programme(visitor: Visitor, app: Flask, organisation: str, count: int) -> tuple[Person, str]:
    """A manager with a cohort of so many firms that have finished; the path of its publication."""
    person = member(visitor(), "manager", organisation)
    path = add_cohort(person)
    fill(app, cohort_of(app, organisation), count)
    return person, f"{path}/publication"


def publish(person: Person, path: str, audience: str = "public") -> Page:
    return person.send(person.open(path), button=audience, form="publish")


def address(page: Page) -> str:
    return next(link for link in page.links() if link.startswith("/published/"))


def test_a_publication_is_public_counts_firms_and_names_none(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Publishers", 60)
    public = address(publish(person, path))

    page = visitor().open(public)

    assert "About 60 firms" in page.text and "Spring" in page.heading
    for at in range(60):
        assert f"Firm {at}" not in page.text
    data = json.loads(visitor().open(f"{public}/data.json").body)
    assert data["total"] == 60 and len(data["tables"]) == 62
    numbers = [
        number for table in data["tables"].values() for number in table["counts"] if number is not None
    ]
    assert numbers and min(numbers) >= 5 and not any(number % 5 for number in numbers)
    lines = list(csv.reader(io.StringIO(visitor().open(f"{public}/en.csv").body.decode("utf-8-sig"))))
    assert lines[0] == ["Table", "Category", "Firms (rounded to 5)", "Remark"]
    assert len(lines) == 1 + sum(len(table["counts"]) for table in data["tables"].values())


@pytest.mark.parametrize("code", ["en", "fa"])
def test_a_publication_is_a_pdf_in_every_language(visitor: Visitor, app: Flask, code: str) -> None:
    person, path = programme(visitor, app, f"Printers {code}", 30)
    public = address(publish(person, path))

    printed = visitor().open(f"{public}/{code}.pdf")

    assert printed.body.startswith(b"%PDF-") and len(printed.body) > 20_000
    visitor().open(f"{public}/de.pdf", status=404)


def test_few_firms_are_not_published(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Small", 9)

    page = person.open(path)

    assert "At least ten firms must have finished" in page.text
    assert not any(form.id == "publish" for form in page.read.forms)


def test_a_second_publication_waits_for_enough_change(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Patient", 40)
    publish(person, path)
    fill(app, cohort_of(app, "Patient"), 4, seed=2, name="Late")

    assert "Fewer than five firms differ" in person.open(path).text
    fill(app, cohort_of(app, "Patient"), 6, seed=3, name="Later")
    assert "About 50 firms" in person.open(path).text
    publish(person, path)
    assert "Fewer than five firms differ" in person.open(path).text


def test_only_what_was_seen_goes_out(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Seers", 40)
    seen = person.open(path)
    fill(app, cohort_of(app, "Seers"), 10, seed=2, name="Late")

    page = person.send(seen, button="public", form="publish", status=409)

    assert "The cohort has changed meanwhile" in page.text
    assert not any(link.startswith("/published/") for link in page.links())


def test_a_withdrawn_publication_is_shown_no_more_and_still_counts(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Regretters", 40)
    page = publish(person, path)
    public = address(page)
    form = next(form.id for form in page.read.forms if form.id.startswith("withdraw-"))

    after = person.send(page, form=form)

    assert "withdrawn on" in after.text and "Fewer than five firms differ" in after.text
    assert "was withdrawn" in visitor().open(public, status=410).text
    for ending in ("en.pdf", "en.csv", "data.json"):
        visitor().open(f"{public}/{ending}", status=404)


def test_what_is_for_members_is_no_public_page(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Discreet", 40)
    page = publish(person, path, "members")
    form = next(form.id for form in page.read.forms if form.id.startswith("withdraw-"))

    assert not any(link.startswith("/published/") for link in page.links())
    visitor().open(f"/published/{form.removeprefix('withdraw-')}", status=404)


def test_a_firm_that_left_is_in_nothing_new(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Leavers", 40)
    publish(person, path)
    cohort, store = cohort_of(app, "Leavers"), app.extensions["store"]
    gone = fill(app, cohort, 10, seed=4, name="Gone")[:5]
    publish(person, path)
    with store.write() as transaction:
        for firm_id in gone:
            cohorts.leave(transaction, cohort.id, firm_id)

    assert "About 45 firms" in person.open(path).text


def test_another_organisation_withdraws_nothing(visitor: Visitor, app: Flask) -> None:
    person, path = programme(visitor, app, "Owners", 40)
    page = publish(person, path)
    form = next(form.id for form in page.read.forms if form.id.startswith("withdraw-"))
    stranger, theirs = programme(visitor, app, "Strangers", 0)

    stranger.post(
        f"{theirs}/withdraw",
        [("csrf_token", stranger.token()), ("release", form.removeprefix("withdraw-"))],
        status=404,
    )

    visitor().open(address(person.open(path)))

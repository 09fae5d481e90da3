"""About the firm: what is accepted, how it is understood, and that nothing typed is lost."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.founder import FIRM
from tests.web.pages import Page, Person

THIS_YEAR = datetime.now(UTC).year


@pytest.fixture
def link(founder: Person) -> str:
    return founders.home(founder.send(founder.open("/start"), FIRM))


def firm(person: Person, link: str) -> dict[str, object]:
    return dict(json.loads(person.open(f"{link}/answers.json").body)["firm"])


def rater(person: Person, link: str) -> str:
    return str(json.loads(person.open(f"{link}/answers.json").body)["responses"][0]["rater"])


def same(page: Page, values: dict[str, str | list[str]]) -> bool:
    return all(page.holds(name) == value for name, value in values.items())


def test_all_that_is_told_is_kept_and_shown_again(founder: Person, link: str) -> None:
    assert firm(founder, link) == {
        "name": "Nanotech Pars",
        "sector": "materials",
        "country": "Iran",
        "founded": 2012,
        "employees": 34,
        "first_foreign_sale": 2016,
        "foreign_share": 15,
        "countries": 4,
        "regions": ["western_asia", "central_asia"],
    }
    assert rater(founder, link) == "Managing director"
    assert same(founder.open(f"{link}/firm"), FIRM)


def test_a_name_is_enough(founder: Person) -> None:
    link = founders.start(founder, "Only a name")

    assert firm(founder, link) == {"name": "Only a name"}
    assert rater(founder, link) == "Founder"


def test_the_role_that_is_assumed_is_in_the_page_s_language(visitor: Visitor) -> None:
    persian = visitor("fa")

    assert rater(persian, founders.start(persian)) not in ("Founder", "")


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Please enter the name of the firm."),
        ("name", " \t ", "Please enter the name of the firm."),
        ("name", "x" * 201, "At most 200 characters; this has 201."),
        ("name", "a\x00b", "contains a character that cannot be stored"),
        ("name", "\x0b" + "x" * 300, "At most 200 characters"),
        ("country", "x" * 81, "At most 80 characters; this has 81."),
        ("country", "a\x1bb", "contains a character that cannot be stored"),
        ("rater", "x" * 81, "At most 80 characters; this has 81."),
        ("rater", "a\x07b", "contains a character that cannot be stored"),
        ("founded", "next year", "Please enter a year"),
        ("founded", "20_15", "Please enter a year"),
        ("founded", "-2015", "Please enter a year"),
        ("founded", "+2015", "Please enter a year"),
        ("founded", "2015.0", "Please enter a year"),
        ("founded", "2e3", "Please enter a year"),
        ("founded", "0x7df", "Please enter a year"),
        ("founded", "²⁰¹⁵", "Please enter a year"),
        ("founded", "MMXV", "Please enter a year"),
        ("founded", "1 2015", "Please enter a year"),
        ("founded", "9" * 11, "Please enter a number from 1800 to 2200."),
        ("founded", "9" * 12, "Please enter a year"),
        ("founded", "9" * 5000, "Please enter a year"),
        ("founded", "15", "Please enter a number from 1800 to 2200."),
        ("founded", "1799", "Please enter a number from 1800 to 2200."),
        ("founded", str(THIS_YEAR + 1), "This year is in the future."),
        ("founded", str(THIS_YEAR + 1 - 621), "This year is in the future."),
        ("first_foreign_sale", str(THIS_YEAR + 1), "This year is in the future."),
        ("first_foreign_sale", "2011", "The first sale abroad cannot be before the foundation."),
        ("first_foreign_sale", "۱۳۹۰", "The first sale abroad cannot be before the foundation."),
        ("employees", "1_0", "Please enter a whole number"),
        ("employees", "-1", "Please enter a whole number"),
        ("employees", "1.5", "Please enter a whole number"),
        ("employees", "1,5", "Please enter a whole number"),
        ("employees", "12,34", "Please enter a whole number"),
        ("employees", "10000001", "Please enter a number from 0 to 10000000."),
        ("foreign_share", "101", "Please enter a number from 0 to 100."),
        ("foreign_share", "12,5", "Please enter a whole number"),
        ("foreign_share", "۱۲٫۵", "Please enter a whole number"),
        ("foreign_share", "%", ""),
        ("countries", "301", "Please enter a number from 0 to 300."),
        ("countries", "NaN", "Please enter a whole number"),
        ("countries", "∞", "Please enter a whole number"),
    ],
)
def test_what_is_not_right_is_named_and_nothing_typed_is_lost(
    founder: Person, field: str, typed: str, says: str
) -> None:
    given = FIRM | {field: typed}

    page = founder.send(founder.open("/start"), given, status=400 if says else 200)

    if says:
        assert says in page.text and f"#{field}" in page.links()
        assert same(page, given)


def test_every_message_is_there_in_persian_with_persian_digits(visitor: Visitor) -> None:
    wrong = {
        "name": "",
        "country": "x" * 81,
        "rater": "\x07",
        "founded": str(THIS_YEAR + 1),
        "employees": "1_0",
        "first_foreign_sale": "1700",
        "foreign_share": "101",
        "countries": "301",
    }

    persian = visitor("fa")

    page = persian.send(persian.open("/start"), wrong, status=400)

    errors = [link for link in page.links() if link[1:] in wrong]
    assert sorted(errors) == sorted(f"#{name}" for name in wrong)
    assert "۱۸۰۰" in page.text and "۸۱" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "means"),
    [
        ("founded", "2015", 2015),
        ("founded", " 2015 ", 2015),
        ("founded", "۲۰۱۵", 2015),
        ("founded", "٢٠١٥", 2015),
        ("founded", "1394", 2015),
        ("founded", "۱۳۹۴", 2015),
        ("founded", "١٣٩٤", 2015),
        ("founded", "1300", 1921),
        ("founded", "1800", 1800),
        ("founded", str(THIS_YEAR), THIS_YEAR),
        ("first_foreign_sale", "۱۴۰۲", 2023),
        ("first_foreign_sale", "2012", 2012),
        ("employees", "0", 0),
        ("employees", "007", 7),
        ("employees", "1,250", 1250),
        ("employees", "۱٬۲۵۰", 1250),
        ("employees", "1,234,567", 1234567),
        ("employees", "1394", 1394),
        ("employees", "10000000", 10_000_000),
        ("foreign_share", "15%", 15),
        ("foreign_share", "۱۵٪", 15),
        ("foreign_share", "100", 100),
        ("countries", "۰", 0),
    ],
)
def test_numbers_are_understood_as_people_write_them(
    founder: Person, field: str, typed: str, means: int
) -> None:
    given: dict[str, str | list[str]] = {"name": "Nanotech Pars", field: typed}

    link = founders.home(founder.send(founder.open("/start"), given))

    assert firm(founder, link)[field] == means
    assert founder.open(f"{link}/firm").holds(field) == str(means)


def test_a_field_can_be_emptied_again(founder: Person, link: str) -> None:
    page = founder.send(
        founder.open(f"{link}/firm"),
        dict.fromkeys(("country", "founded", "employees", "first_foreign_sale"), "")
        | dict.fromkeys(("foreign_share", "countries", "sector", "rater"), "")
        | {"regions": []},
    )

    assert page.path.startswith(f"{link}/questions/")
    assert firm(founder, link) == {"name": "Nanotech Pars"}
    assert rater(founder, link) == "Founder"


def test_a_form_that_comes_back_without_some_fields_leaves_them_alone(founder: Person, link: str) -> None:
    page = founder.open(f"{link}/firm")
    before = firm(founder, link)
    sent = [(name, value) for name, value in founder.fill(page, {}) if name in ("csrf_token", "name")]

    founder.post(page.path, sent, status=409)

    assert {name: value for name, value in firm(founder, link).items() if name != "regions"} == {
        name: value for name, value in before.items() if name != "regions"
    }


@pytest.mark.parametrize("value", ["nonsense", "Materials", "", "../x"])
def test_a_sector_that_is_not_offered_is_refused(founder: Person, link: str, value: str) -> None:
    page = founder.open(f"{link}/firm")
    sent = [(name, text) for name, text in founder.fill(page, {}) if name != "sector"]

    founder.post(page.path, [*sent, ("sector", value)], status=200 if not value else 400)

    assert firm(founder, link).get("sector") == (None if not value else "materials")


def test_a_region_that_is_not_offered_is_refused(founder: Person, link: str) -> None:
    page = founder.open(f"{link}/firm")

    founder.post(page.path, [*founder.fill(page, {}), ("regions", "atlantis")], status=400)

    assert firm(founder, link)["regions"] == ["western_asia", "central_asia"]


def test_a_region_named_many_times_is_one_region(founder: Person) -> None:
    sent = founder.fill(founder.open("/start"), {"name": "Echo"})

    page = founder.post("/start", [*sent, *[("regions", "europe")] * 5000])

    assert firm(founder, founders.home(page))["regions"] == ["europe"]


# Two tabs


def test_a_stale_form_shows_both_values_and_overwrites_nothing(founder: Person, link: str) -> None:
    stale = founder.open(f"{link}/firm")
    founder.send(founder.open(f"{link}/firm"), {"employees": "50", "regions": ["europe"], "sector": "energy"})

    mine: dict[str, str | list[str]] = {
        "employees": "60",
        "regions": ["africa"],
        "sector": "other",
        "country": "Oman",
    }
    page = founder.send(stale, mine, status=409)

    assert "Changed meanwhile elsewhere to: 50." in page.text
    assert "elsewhere to: Europe." in page.text and "elsewhere to: Renewable energy" in page.text
    assert same(page, mine)
    assert firm(founder, link)["employees"] == 50 and firm(founder, link)["country"] == "Iran"

    founder.send(page)
    assert firm(founder, link)["country"] == "Oman"
    assert firm(founder, link)["employees"] == 60, "saving again keeps mine"
    assert firm(founder, link)["regions"] == ["africa"]


def test_what_a_stale_form_did_not_touch_never_overwrites(founder: Person, link: str) -> None:
    stale = founder.open(f"{link}/firm")
    founder.send(founder.open(f"{link}/firm"), {"employees": "50", "rater": "Export manager"})

    founder.send(stale, {"countries": "5"})

    assert (firm(founder, link)["employees"], firm(founder, link)["countries"]) == (50, 5)
    assert rater(founder, link) == "Export manager"


@pytest.mark.parametrize(
    ("change", "button", "status"),
    [
        ({"foreign_share": "90"}, "", 409),
        ({"foreign_share": "nonsense"}, "", 400),
        ({}, "fa", 200),
    ],
    ids=["after a conflict", "after an error", "after a change of language"],
)
def test_nor_does_it_when_it_comes_back(
    founder: Person, link: str, change: dict[str, str], button: str, status: int
) -> None:
    stale = founder.open(f"{link}/firm")
    meanwhile = {"employees": "50", "foreign_share": "80", "rater": "Export manager"}
    founder.send(founder.open(f"{link}/firm"), meanwhile)
    page = founder.send(stale, change, button=button, form="firm", status=status)

    page = founder.post(page.path, founder.fill(page, {"foreign_share": "15"}))

    assert firm(founder, link)["employees"] == 50
    assert rater(founder, link) == "Export manager"


def test_a_stale_role_is_a_conflict_too(founder: Person, link: str) -> None:
    stale = founder.open(f"{link}/firm")
    founder.send(founder.open(f"{link}/firm"), {"rater": "Export manager"})

    page = founder.send(stale, {"rater": "Chief executive", "employees": "35"}, status=409)

    assert "Changed meanwhile elsewhere to: Export manager." in page.text
    assert rater(founder, link) == "Export manager"
    founder.send(page)
    assert rater(founder, link) == "Chief executive" and firm(founder, link)["employees"] == 35


def test_a_value_that_was_removed_elsewhere_is_shown_as_a_dash(founder: Person, link: str) -> None:
    stale = founder.open(f"{link}/firm")
    emptied: dict[str, str | list[str]] = {"founded": "", "first_foreign_sale": "", "regions": []}
    founder.send(founder.open(f"{link}/firm"), emptied)

    page = founder.send(stale, {"founded": "2011", "regions": ["africa"]}, status=409)

    assert page.text.count("Changed meanwhile elsewhere to: –.") == 2


def test_sending_the_form_twice_changes_nothing_more(founder: Person, link: str) -> None:
    page = founder.open(f"{link}/firm")

    for _ in range(2):
        assert founder.send(page, {"employees": "50"}).path.startswith(f"{link}/questions/")


def test_the_firm_of_a_finished_assessment_can_be_corrected_and_the_profile_follows(
    founder: Person, link: str
) -> None:
    founders.finish(founder, link)

    page = founder.send(founder.open(f"{link}/firm"), {"name": "Nanotech Pars Ltd"})

    assert page.path == f"{link}/profile" and page.heading == "Nanotech Pars Ltd"


# Language


@pytest.mark.parametrize("again", [False, True])
def test_switching_the_language_in_the_form_keeps_what_was_typed(
    founder: Person, link: str, again: bool
) -> None:
    typed = FIRM | {"name": "Half typed", "founded": "not a year", "regions": ["europe", "africa"]}

    page = founder.send(founder.open(f"{link}/firm" if again else "/start"), typed, button="fa", form="firm")

    assert page.language == "fa" and same(page, typed)
    assert not [item for item in page.links() if item == "#founded"], "no error before it is sent"
    assert firm(founder, link)["name"] == "Nanotech Pars", "nothing is saved yet"


# What nobody may set

FORBIDDEN = {
    "id": "0" * 24,
    "firm_id": "0" * 24,
    "status": "finished",
    "key": "known",
    "key_hash": "0" * 64,
    "organisation": "other",
    "organisation_id": "1",
    "role": "admin",
    "score": "100",
    "index": "100",
    "model": "other-model",
    "language_of": "fa",
    "finished_at": "2020-01-01T00:00:00Z",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "version": "99",
    "codes": "4" * 47,
    "remarks": "{}",
    "answers": "{}",
    "assessment_id": "0" * 24,
    "_method": "DELETE",
}


def rows(app: Flask, link: str, person: Person) -> list[tuple[object, ...]]:
    """Everything that is kept of one assessment but its times and its count of versions."""
    name = firm(person, link)["name"]
    with sqlite3.connect(app.config["DATABASE"].removeprefix("sqlite:///")) as connection:
        return connection.execute(
            "SELECT f.*, a.id, a.model, a.language, a.key_hash, a.status, a.created_at, a.finished_at,"
            " r.id, r.rater, r.codes, r.remarks, r.created_at FROM firms f"
            " JOIN assessments a ON a.firm_id = f.id JOIN responses r ON r.assessment_id = a.id"
            " WHERE f.name = ?",
            (name,),
        ).fetchall()


def without_time(found: list[tuple[object, ...]]) -> list[list[object]]:
    return [[value for value in row if not str(value).endswith("Z")] for row in found]


def test_no_form_sets_what_it_does_not_show(app: Flask, founder: Person) -> None:
    link = founders.home(
        founder.post(
            "/start",
            [*founder.fill(founder.open("/start"), {"name": "Mass 1"}), *FORBIDDEN.items()],
        )
    )
    founder.send(founder.open(f"{link}/firm"), {"name": "Mass 2", "founded": "2012"})
    before = without_time(rows(app, link, founder))
    component = founders.components()[0]
    for path in (f"{link}/firm", f"{link}/questions/{component}"):
        page = founder.open(path)
        form = "firm" if path.endswith("firm") else "answers"
        founder.post(path, [*founder.fill(page, {}, form=form), *FORBIDDEN.items()])

    assert len(before) == 1 and without_time(rows(app, link, founder)) == before
    query = "&".join(f"{name}={value}" for name, value in FORBIDDEN.items())
    founder.open(f"{link}/firm?{query}")
    assert without_time(rows(app, link, founder)) == before
    assert founder.open(link).path.startswith(f"{link}/questions/"), "not finished, and the key still fits"


def test_the_form_cannot_be_filled_by_its_address(founder: Person, link: str) -> None:
    page = founder.open(f"{link}/firm?name=Injected&employees=1&rater=x")

    assert page.holds("name") == "Nanotech Pars" and page.holds("employees") == "34"
    assert founder.open("/start?name=Injected").holds("name") == ""

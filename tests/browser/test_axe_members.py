"""axe-core finds nothing to complain of on any page that signed-in people or colleagues see."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import office as offices
from tests.browser import tour
from tests.browser.conftest import Arrive
from tests.browser.founder import BEYOND, Founder
from tests.browser.member import printed_link
from tests.browser.office import Office
from tests.browser.test_axe import AXE, audit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is missing: run bin/setup --dev"),
]
SETTINGS = [("en", 1280), ("fa", 375), ("fa", 1280), ("en", 375)]


@pytest.fixture(scope="module")
def office(browser: Browser, server: str, instance: str) -> Office:
    made = offices.make(browser, server, instance, "axe@pardis.ir", "Pages for members", "en")
    return offices.with_batch(browser, server, made)


@pytest.fixture(params=SETTINGS, ids=lambda it: f"{it[0]}-{it[1]}")
def setting(request: pytest.FixtureRequest) -> tuple[str, int]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def visitor(setting: tuple[str, int], arrive: Arrive) -> Founder:
    code, width = setting
    return arrive(code, width, bypass_csp=True)


@pytest.fixture
def member(setting: tuple[str, int], arrive: Arrive, office: Office) -> Founder:
    code, width = setting
    person = arrive(code, width, bypass_csp=True, storage_state=office.state)
    person.context.request.get(f"/portfolio?lang={code}")
    return person


def look_at(person: Founder, stops: tour.Stops) -> None:
    """Every page of a tour."""
    for stop in stops:
        try:
            audit(person)
        except AssertionError as error:
            raise AssertionError(f"{stop}: {error}") from error


def test_the_way_in_is_accessible(visitor: Founder, setting: tuple[str, int], instance: str) -> None:
    code, width = setting
    link = printed_link(
        instance, f"new-{code}-{width}@pardis.ir", f"Empty {code} {width}", "administrator", code
    )
    look_at(visitor, tour.doors(visitor.page, link))
    visitor.forgive("4..: POST .*/sign-in$")
    visitor.forgive("4..: POST .*/sign-in/open")


def test_the_portfolio_and_the_import_are_accessible(member: Founder, office: Office) -> None:
    look_at(member, tour.portfolio(member.page, office))
    look_at(member, tour.intake(member.page))
    member.forgive("400: POST")


def test_a_firm_of_the_portfolio_is_accessible(member: Founder, office: Office) -> None:
    look_at(member, tour.firm(member.page, office))
    member.forgive("400: POST")


def test_the_pages_of_the_organisation_are_accessible(member: Founder) -> None:
    look_at(member, tour.organisation(member.page))
    member.forgive("400: POST")


def test_a_finished_round_with_all_that_is_added_is_accessible(member: Founder, office: Office) -> None:
    look_at(member, tour.finished(member.page, office))
    member.forgive("400: POST")


def test_a_round_of_several_raters_is_accessible(
    member: Founder, visitor: Founder, setting: tuple[str, int], office: Office
) -> None:
    look_at(member, tour.begun(member.page, office))
    link = tour.invite(member.page, office, "Buyer {} {}".format(*setting))
    audit(member)
    visitor.page.goto(f"/?lang={setting[0]}")
    look_at(visitor, tour.blind(visitor.page, link))
    member.forgive("400: POST")


def test_what_a_manager_sees_is_accessible(
    browser: Browser, server: str, instance: str, setting: tuple[str, int], arrive: Arrive, office: Office
) -> None:
    code, width = setting
    state = offices.manager(browser, server, instance, f"{code}-{width}@pardis.ir", "Pages for members")
    person = arrive(code, width, bypass_csp=True, storage_state=state)
    person.context.request.get(f"/portfolio?lang={code}")
    look_at(person, tour.looking(person.page, office))


def test_a_programme_is_accessible(
    browser: Browser,
    server: str,
    instance: str,
    setting: tuple[str, int],
    arrive: Arrive,
    visitor: Founder,
) -> None:
    code, width = setting
    offices.demonstrate(instance)
    email = f"mina-{code}-{width}@pardis.ir"
    state = offices.manager(browser, server, instance, email, offices.DEMONSTRATION)
    person = arrive(code, width, bypass_csp=True, storage_state=state)
    person.context.request.get(f"/portfolio?lang={code}")
    cohort = offices.cohort_named(browser, server, state, "Second cohort")
    look_at(person, tour.programme(person.page, cohort))
    person.page.goto(f"{cohort}/settings")
    if not person.page.locator("#join-link").count():
        tour.send(person.page, "#joining button")
    link = person.page.locator("#join-link").input_value()
    visitor.page.goto(f"/?lang={code}")
    look_at(visitor, tour.joining(visitor.page, link, f"Joiner {code} {width}"))
    person.forgive("400: POST")
    visitor.forgive("400: POST")


def test_what_is_published_is_accessible(
    browser: Browser, server: str, instance: str, setting: tuple[str, int], arrive: Arrive, visitor: Founder
) -> None:
    code, width = setting
    offices.demonstrate(instance)
    state = offices.manager(browser, server, instance, f"pub-{code}-{width}@pardis.ir", offices.DEMONSTRATION)
    cohort = offices.cohort_named(browser, server, state, "Second cohort")
    page = arrive("en", 1280, storage_state=state).page
    page.goto(f"{cohort}/publication")
    if not page.locator("a[href^='/published/']").count():
        tour.send(page, "#publish button[value=public]")
    public = str(page.locator("a[href^='/published/']").first.get_attribute("href"))
    visitor.page.goto(f"/?lang={code}")
    visitor.page.goto(public)
    audit(visitor)


def test_names_without_blanks_widen_no_page_of_members(
    browser: Browser, server: str, instance: str, arrive: Arrive
) -> None:
    email, wide = f"{'w' * 60}@pardis.ir", "W" * 150
    office = offices.make(browser, server, instance, email, "Wide" + wide, "en", wide)
    office = offices.with_batch(browser, server, office)
    person = arrive("en", 375, storage_state=office.state)
    page = person.page
    found: dict[str, list[str]] = {}
    for stops in (
        tour.portfolio(page, office),
        tour.intake(page),
        tour.firm(page, office),
        tour.organisation(page),
        tour.finished(page, office),
        tour.begun(page, office),
    ):
        found |= {stop: page.evaluate(BEYOND) for stop in stops}
    tour.invite(page, office, "R" * 80)
    found["invited"] = page.evaluate(BEYOND)
    person.forgive("400: POST")

    assert [f"{stop}: {what}" for stop, what in found.items() if what] == []

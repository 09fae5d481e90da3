"""A programme manager's day in a real browser, in both languages: from the cohorts to what is published."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import Arrive
from tests.browser.founder import Founder
from tests.browser.member import sign_in
from tests.browser.office import DEMONSTRATION, demonstrate

pytestmark = pytest.mark.browser
COHORT = {"en": "Export spring", "fa": "بهار صادرات"}
FIRM = {"en": "Alborz Sensors", "fa": "حسگر البرز"}


@pytest.fixture(scope="module")
def programme(instance: str) -> None:
    """The programme of invented firms."""
    demonstrate(instance)


@pytest.mark.parametrize(("code", "which"), [("en", "Third cohort"), ("fa", "First cohort")])
def test_a_managers_day(arrive: Arrive, instance: str, programme: None, code: str, which: str) -> None:
    manager = arrive(code)
    sign_in(manager, instance, f"mina-{code}@pardis.ir", DEMONSTRATION, "manager")
    manager.follow("Programmes")
    expect(manager.page.locator("tbody tr")).not_to_have_count(0)
    manager.page.locator("tbody th a", has_text=which).click()
    manager.look()
    cohort = manager.page.url.partition("#")[0]

    name = dashboard(manager)
    compare(manager)
    introduce(manager)
    text = report(manager, cohort)
    assert name not in text, "the report of a cohort names no firm"
    data(manager)
    manager.open(cohort)
    public = publish(manager)
    reader = arrive(code, 375)
    read(reader, public, name)

    link = begin(manager)
    founder = arrive(code, 375)
    join(founder, link)
    manager.page.reload()
    manager.follow("Firms")
    expect(manager.page.locator("tbody tr")).to_contain_text(FIRM[code])
    leave(founder)
    manager.page.reload()
    expect(manager.page.locator("tbody tr")).to_have_count(0)


def dashboard(manager: Founder) -> str:
    """Sorted by a component and narrowed down to a sector; the name of a firm."""
    page = manager.page
    rows = page.locator("#firms tbody tr")
    expect(rows).not_to_have_count(0)
    manager.page.locator("#firms thead a").nth(2).click()
    manager.look()
    expect(page.locator("#firms thead th[aria-sort=descending]")).to_have_count(1)
    everybody = rows.count()
    page.locator("select[name=sector]").select_option("software")
    page.locator("form.filter button").click()
    manager.look()
    assert 0 < rows.count() < everybody
    name = rows.first.locator("th").inner_text().strip()
    manager.follow("Show all")
    return name


def compare(manager: Founder) -> None:
    """Before and after, then with another cohort."""
    manager.follow("Comparison")
    manager.press("Compare")
    expect(manager.page.locator("svg.course").first).to_be_visible()
    other = manager.page.locator("#with option", has_text="Second cohort").get_attribute("value")
    manager.page.locator("#with").select_option(other)
    manager.press("Compare")
    expect(manager.page.locator("svg.course").first).to_be_visible()
    manager.follow("Reliability")
    expect(manager.page.locator("tbody tr")).to_have_count(9)


def introduce(manager: Founder) -> None:
    manager.follow("Partners")
    manager.page.locator("a[href*='/introduce?']").first.click()
    manager.look()
    manager.press("Introduce them")
    manager.sees("They are introduced.")


def report(manager: Founder, cohort: str) -> str:
    """The text of the report for inside the organisation."""
    response = manager.context.request.get(f"{cohort}/report/{manager.code}.pdf", timeout=120_000)
    assert response.ok and response.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.body())).pages
    assert 6 <= len(pages) <= 9
    return " ".join(page.extract_text() for page in pages)


def data(manager: Founder) -> None:
    """The file for an analysis, in each of its forms, and what its columns mean."""
    manager.follow("Data")
    for form in manager.page.locator("input[name=form], input[name=kind], input[name=format]").all():
        form.check()
        with manager.page.expect_download() as download:
            manager.page.get_by_role("button", name=manager.words("Download"), exact=True).click()
        assert download.value.path().stat().st_size > 1_000
    manager.press("Show what the columns mean")
    expect(manager.page.locator("table")).not_to_have_count(0)


def publish(manager: Founder) -> str:
    """Publish for everybody; the address of the public page."""
    manager.follow("Publication")
    manager.press("Publish it for everybody")
    manager.sees("It is out.")
    return str(manager.page.locator("a[href^='/published/']").first.get_attribute("href"))


def read(reader: Founder, public: str, name: str) -> None:
    """Somebody from outside reads it, on a telephone and on paper."""
    reader.open(public)
    expect(reader.page.locator("table.bands")).to_be_visible()
    assert name not in reader.page.locator("body").inner_text()
    response = reader.context.request.get(f"{public}/{reader.code}.pdf", timeout=120_000)
    assert response.ok and response.body().startswith(b"%PDF-")


def begin(manager: Founder) -> str:
    """A cohort of one's own; the link to join it."""
    manager.open("/programmes")
    manager.follow("Begin a cohort")
    manager.page.locator("#name").fill(COHORT[manager.code])
    manager.press("Begin")
    manager.follow("Settings")
    return manager.page.locator("#join-link").input_value()


def join(founder: Founder, link: str) -> None:
    founder.open(link)
    founder.page.locator("#agree").check()
    founder.page.locator("#name").fill(FIRM[founder.code])
    founder.press("Join")
    expect(founder.page).to_have_url(re.compile("/a/[^/]+"))


def leave(founder: Founder) -> None:
    """The firm sees what it agreed to, opens itself to others, and leaves."""
    founder.open("/".join(founder.page.url.split("/")[:5]) + "/programmes")
    founder.press("Be open to meet others")
    founder.follow("Leave this cohort")
    founder.press("Yes, leave")
    founder.sees("Your firm is in no cohort. A programme that wants you in one gives you a link to join by.")

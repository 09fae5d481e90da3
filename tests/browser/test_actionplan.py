"""A founder at the action plan in a browser, on a telephone too; axe-core has no complaint."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.founder import MODEL, Founder
from tests.browser.test_axe import AXE, audit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is missing: run bin/setup --dev"),
]


@pytest.fixture(
    params=[("en", 1280), ("fa", 375), ("fa", 1280), ("en", 375)], ids=lambda it: f"{it[0]}-{it[1]}"
)
def visitor(request: pytest.FixtureRequest, arrive: Arrive) -> Founder:
    code, width = request.param
    return arrive(code, width, bypass_csp=True)


def test_the_action_plan_is_accessible_empty_full_and_in_trouble(visitor: Founder) -> None:
    visitor.start()
    link, page = visitor.link, visitor.page
    for component in MODEL.components:
        visitor.open(f"{link}/questions/{component}")
        for number in (row.number for row in MODEL.of_component(component)):
            visitor.choose(number, "L")
        visitor.saved()
    visitor.open(f"{link}/check")
    visitor.press("Finish and see the profile")
    visitor.follow("Open the action plan")
    audit(visitor)

    visitor.press("Put all into the plan")
    page.locator(".tasks select").first.select_option("started")
    page.locator(".tasks form button").first.click()
    expect(page.locator(".tasks select").first).to_have_value("started")
    visitor.follow("Add an action of your own")
    for name, text in (
        ("title", "Fair"),
        ("due", "1404-01-01"),
        ("evidence", "https://a.example/" + "x" * 90),
    ):
        page.locator(f"#{name}").fill(text)
    audit(visitor)
    visitor.press("Save")
    expect(page.locator("tr.late")).to_have_count(1)
    audit(visitor)

    page.locator("tr.late .links a").nth(1).click()
    audit(visitor)
    visitor.open(f"{link}/plan/new")
    visitor.press("Save")
    expect(page.locator(".error-summary")).to_be_visible()
    audit(visitor)
    visitor.forgive("400: POST")
    visitor.open(f"{link}/profile")
    expect(page.locator("table.kept tbody tr")).to_have_count(8)
    audit(visitor)

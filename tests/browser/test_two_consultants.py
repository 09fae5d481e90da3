"""Two people at two browsers change the same thing of the same firm at once: nothing is lost silently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import Arrive
from tests.browser.founder import Founder, is_saving
from tests.browser.office import Office, make

pytestmark = pytest.mark.browser

#: How a value that is chosen, not typed, stands on the page that shows both.
Said = Callable[[Founder], str]
Pair = Callable[[str], tuple[Founder, Founder]]


def term(word: str) -> Said:
    """The word of the scale."""
    return lambda person: str(person.texts["terms"][word])


@dataclass(frozen=True)
class Thing:
    """Something that two may change at once."""

    name: str
    path: str
    """Where it is changed; {open} and {latest} are rounds, {firm} is a firm, {item} an item of its plan."""
    field: str
    """CSS selector of the field that both change."""
    first: str
    second: str
    button: str
    """CSS selector of what saves it; empty where choosing alone saves."""
    said: Said | None = None
    """What the first one's value looks like to the second, if not as it was typed."""
    other: tuple[str, str] | None = None
    """Another field, which the second may change while the first changes the one."""
    then: tuple[str, str] | None = None
    """Field and button on the page that shows both, where it is another page."""
    by_script: bool = False
    """Whether the page saves by itself; the button is for saving again."""
    code: str = ""
    """The language, if it must be one."""

    def at(self, office: Office) -> Thing:
        """The same with the addresses of an office."""
        places = {
            "open": office.open_round,
            "latest": office.latest,
            "firm": office.firm,
            "item": office.items[0],
        }

        def fill(text: str) -> str:
            for key, value in places.items():
                text = text.replace("{" + key + "}", value)
            return text

        return replace(self, path=fill(self.path), field=fill(self.field), button=fill(self.button))


QUESTIONS = "{open}/questions/networking"
NEXT = "#answers .actions button[value=next]"
THINGS = [
    Thing("firm", "{open}/firm", "#country", "Armenia", "Oman", "#firm .button", other=("#employees", "38")),
    Thing("role", "{open}/firm", "#rater", "Owner", "Director", "#firm .button", other=("#founded", "2011")),
    Thing(
        "sector",
        "{open}/firm",
        "#sector",
        "energy",
        "software",
        "#firm .button",
        lambda person: person.words("Renewable energy and environment"),
        ("#countries", "7"),
    ),
    Thing(
        "answer", QUESTIONS, "[name=a-1]", "VL", "VH", NEXT, term("VL"), ("[name=a-2]", "DK"), by_script=True
    ),
    Thing(
        "note",
        QUESTIONS,
        "#n-4",
        "Seen in May",
        "Seen in June",
        NEXT,
        other=("#n-5", "A fair"),
        by_script=True,
    ),
    Thing(
        "together", "{open}/together/23", ".big-scale button, .big-others button", "VL", "VH", "", term("VL")
    ),
    Thing("type", "{open}/type", "#t-30", "2", "4", "#typein .button", other=("#t-31", "5")),
    Thing(
        "agreed", "{open}/reconcile/2", "[name=code]", "H", "L", "[value=list]", term("H"), ("#note", "May")
    ),
    Thing(
        "minority", "{open}/reconcile/7", "#minority", "Sales", "Owner", "[value=list]", other=("#note", "1")
    ),
    Thing(
        "comment",
        "{latest}/comments",
        "#comment-networking",
        "Two partners are enough",
        "Three partners are better",
        "#comments .button",
        other=("#comment-coopetition", "Well done"),
    ),
    Thing(
        "verified",
        "{latest}/verify",
        "#answer-1",
        "VL",
        "VH",
        "#verify .button",
        term("VL"),
        ("#answer-2", "M"),
    ),
    Thing("seen", "{latest}/verify", "[name=note-5]", "Books", "Ledger", "#verify .button"),
    Thing(
        "address",
        "{firm}/care",
        "#email",
        "one@alborz.ir",
        "two@alborz.ir",
        "main form .button",
        other=("#next_review", "2027-01-05"),
    ),
    Thing(
        "review",
        "{firm}/care",
        "#next_review",
        "۱۴۰۶-۰۱-۰۵",
        "۱۴۰۶-۰۲-۰۶",
        "main form .button",
        lambda person: "۵ فروردین ۱۴۰۶",
        code="fa",
    ),
    Thing(
        "action",
        "{latest}/plan/items/{item}",
        "#owner",
        "Sara",
        "Omid",
        "#item .button",
        other=("#note", "By the fair"),
    ),
    Thing(
        "status",
        "{latest}/plan",
        "#status-{item} select",
        "started",
        "dropped",
        "#status-{item} button",
        lambda person: person.words("Started"),
        then=("#status", "#item .button"),
    ),
    Thing(
        "organisation", "/organisation/settings", "#contact", "1 Hafez St", "2 Saadi St", "#settings .button"
    ),
    Thing(
        "colour",
        "/organisation/settings",
        "#colour",
        "#5b2a86",
        "#0d4a4b",
        "#settings .button",
        other=("#contact", "3 Nezami St"),
    ),
]
CODES = ("en", "fa")
#: Each thing in one language, the next in the other.
EACH = [(thing, thing.code or CODES[place % 2]) for place, thing in enumerate(THINGS)]
BOTH = [(thing, code) for thing, code in EACH if thing.other]


@pytest.fixture(scope="module")
def offices(browser: Browser, server: str, instance: str) -> dict[str, Office]:
    return {
        code: make(browser, server, instance, f"two-{code}@pardis.ir", f"Two at once, {code}", code)
        for code in CODES
    }


@pytest.fixture
def pair(arrive: Arrive, offices: dict[str, Office]) -> Pair:
    """Two who are signed in to one organisation."""

    def come(code: str) -> tuple[Founder, Founder]:
        state = offices[code].state
        return arrive(code, storage_state=state), arrive(code, storage_state=state)

    return come


def enter(page: Page, field: str, value: str) -> None:
    """Put a value into a field, of whatever kind it is."""
    place = page.locator(field)
    kind = place.first.evaluate("(one) => one.type")
    if kind == "radio":
        page.locator(f"{field}[value={value}]").check()
    elif kind == "submit":
        page.locator(field).and_(page.locator(f"[value={value}]")).click()
    elif kind == "select-one":
        place.select_option(value)
    else:
        place.evaluate("(one) => { const hider = one.closest('details'); if (hider) hider.open = true; }")
        place.fill(value)


def stands(page: Page, field: str) -> str:
    """The value of a field, of whatever kind it is."""
    place = page.locator(field)
    kind = place.first.evaluate("(one) => one.type")
    if kind == "radio":
        return page.locator(f"{field}:checked").get_attribute("value") or ""
    if kind == "submit":
        return place.and_(page.locator("[aria-pressed=true]")).get_attribute("value") or ""
    return place.input_value()


def is_page(response: Response) -> bool:
    """Whether this is what a person sees next."""
    return response.request.is_navigation_request() and response.status not in (302, 303)


def change(person: Founder, thing: Thing, value: str, field: str = "") -> int:
    """Change a field and save it; the status of what comes of it."""
    page, field = person.page, field or thing.field
    if thing.by_script:
        with page.expect_response(is_saving) as saved:
            enter(page, field, value)
        if saved.value.status < 400:
            person.saved()
        else:
            expect(page.locator(".error-summary")).to_be_visible()
        return int(saved.value.status)
    with page.expect_event("response", is_page) as got:
        enter(page, field, value)
        if thing.button:
            page.locator(thing.button).first.click()
    page.wait_for_load_state()
    return int(got.value.status)


def save_again(person: Founder, thing: Thing) -> int:
    """Save knowingly what stands on the page that shows both."""
    page = person.page
    with page.expect_event("response", is_page) as got:
        if thing.button:
            page.locator(thing.then[1] if thing.then else thing.button).first.click()
        else:
            enter(page, thing.field, thing.second)
    page.wait_for_load_state()
    return int(got.value.status)


def stored(person: Founder, thing: Thing, field: str = "") -> str:
    """What a fresh page shows."""
    person.open(thing.path)
    return stands(person.page, field or thing.field)


@pytest.mark.parametrize(("thing", "code"), EACH, ids=lambda it: getattr(it, "name", it))
def test_who_comes_second_sees_both_values_and_overwrites_only_knowingly(
    pair: Pair, offices: dict[str, Office], thing: Thing, code: str
) -> None:
    thing = thing.at(offices[code])
    first, second = pair(code)
    first.open(thing.path)
    second.open(thing.path)

    assert change(first, thing, thing.first) == 200
    assert change(second, thing, thing.second) == 409
    second.look()
    said = thing.said(second) if thing.said else thing.first
    both = second.page.locator(".conflict, .error-summary, tr.wrong .error").filter(has_text=said)
    expect(both.first).to_be_visible()
    assert stands(second.page, thing.then[0] if thing.then else thing.field) == thing.second
    assert stored(first, thing) == thing.first

    assert save_again(second, thing) == 200
    assert stored(first, thing) == thing.second
    second.forgive("409: POST")


@pytest.mark.parametrize(("thing", "code"), BOTH, ids=lambda it: getattr(it, "name", it))
def test_who_change_different_fields_do_not_disturb_each_other(
    pair: Pair, offices: dict[str, Office], thing: Thing, code: str
) -> None:
    thing = thing.at(offices[code])
    assert thing.other is not None
    field, value = thing.other
    first, second = pair(code)
    first.open(thing.path)
    second.open(thing.path)

    assert change(first, thing, thing.first) == 200
    assert change(second, thing, value, field) == 200

    assert stored(second, thing) == thing.first
    assert stored(first, thing, field) == value


@pytest.mark.parametrize("code", CODES)
def test_an_action_deleted_while_another_changes_it_comes_back_only_knowingly(
    pair: Pair, offices: dict[str, Office], code: str
) -> None:
    item = f"{offices[code].latest}/plan/items/{offices[code].items[-1]}"
    first, second = pair(code)
    second.open(item)
    first.open(f"{item}/delete")
    first.press("Yes, delete it")

    enter(second.page, "#owner", "Shirin")
    second.press("Save")
    second.sees("Somebody deleted this action meanwhile. Saving puts it into the plan anew.")
    assert stands(second.page, "#owner") == "Shirin"
    second.press("Save")
    expect(second.page.locator("table.tasks")).to_contain_text("Shirin")
    second.forgive("409: POST")


@pytest.mark.parametrize("code", CODES)
def test_an_action_changed_while_another_deletes_it_is_asked_about_again(
    pair: Pair, offices: dict[str, Office], code: str
) -> None:
    item = f"{offices[code].latest}/plan/items/{offices[code].items[1]}"
    first, second = pair(code)
    second.open(f"{item}/delete")
    first.open(item)
    enter(first.page, "#owner", "Bahram")
    first.press("Save")

    second.press("Yes, delete it")
    second.sees("Nothing was deleted")
    expect(second.page.locator("dl.facts")).to_contain_text("Bahram")
    second.press("Yes, delete it")
    assert first.context.request.get(item).status == 404
    second.forgive("409: POST")


@pytest.mark.parametrize("code", CODES)
def test_a_logo_replaced_meanwhile_is_shown_and_not_replaced_unseen(
    pair: Pair, tmp_path: Path, code: str
) -> None:
    first, second = pair(code)
    for person, colour in ((first, "#5b2a86"), (second, "#0d4a4b")):
        Image.new("RGB", (240, 80), colour).save(tmp_path / f"{colour}.png")
        person.open("/organisation/settings")
        person.page.locator("#logo").set_input_files(tmp_path / f"{colour}.png")

    first.press("Put in place")
    present = first.page.locator("img.logo").get_attribute("src")
    second.press("Put in place")
    second.sees("The logo was changed meanwhile elsewhere; this is the present one. Nothing was replaced.")
    assert second.page.locator("img.logo").get_attribute("src") == present

    second.page.locator("#logo").set_input_files(tmp_path / "#0d4a4b.png")
    second.press("Put in place")
    first.open("/organisation/settings")
    expect(first.page.locator("img.logo")).not_to_have_attribute("src", str(present))
    second.forgive("409: POST")


@pytest.mark.parametrize("code", CODES)
def test_a_role_changed_meanwhile_is_shown_and_not_overwritten_unseen(pair: Pair, code: str) -> None:
    first, second = pair(code)
    first.open("/organisation/people")
    first.page.locator("#name").fill("Bahram")
    first.page.locator("#email").fill(f"bahram-{code}@pardis.ir")
    first.press("Add")
    second.open("/organisation/people")
    for person, role, status in (
        (first, "manager", 200),
        (second, "administrator", 409),
        (second, "administrator", 200),
    ):
        row = person.page.locator("tbody tr").filter(has_text=f"bahram-{code}@pardis.ir")
        expect(row.locator("select")).to_have_value(
            "manager" if status == 200 and person is second else "consultant"
        )
        row.locator("select").select_option(role)
        with person.page.expect_event("response", is_page) as got:
            row.locator("form[id^=role] button").click()
        assert got.value.status == status
        person.look()
    expect(row.locator("select")).to_have_value("administrator")
    second.forgive("409: POST")

"""Answering together on one screen: by keys alone, without scrolling, in both directions of reading."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.founder import MODEL, Founder, word_for
from tests.browser.test_keyboard import press

pytestmark = pytest.mark.browser

KEY_OF = {"VL": "1", "L": "2", "M": "3", "H": "4", "VH": "5", "DK": "d", "NA": "n"}
#: What the same keys give on a Persian keyboard.
PERSIAN = {**dict(zip("12345", "۱۲۳۴۵", strict=True)), "d": "ی", "n": "د"}
#: How much of the page is below or beside the screen, in pixels.
HIDDEN = """() => {
  const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
  return [scrollHeight - clientHeight, scrollWidth - clientWidth];
}"""
#: Where the buttons of the scale stand, from left to right.
ORDER = """() => [...document.querySelectorAll(".big-scale button")]
  .sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
  .map((button) => button.value)"""
FORWARD = {"en": "ArrowRight", "fa": "ArrowLeft"}
BACK = {"en": "ArrowLeft", "fa": "ArrowRight"}


def begin(person: Founder) -> str:
    """Start an assessment and go to the first question; the private link."""
    person.start()
    link = person.link
    person.follow("Answer together")
    return link


def key(page: Page, name: str, number: int) -> None:
    """Press a key, and wait for the question that it leads to."""
    page.keyboard.press(name)
    page.wait_for_url(f"**/together/{number}")


def type_key(page: Page, character: str, code: str) -> None:
    """A key of a keyboard that writes another script: what it says and where it lies."""
    page.evaluate(
        "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " { key, code, bubbles: true, cancelable: true }))",
        [character, code],
    )


@pytest.mark.parametrize("code", ["en", "fa"])
def test_47_answers_are_given_by_keys_alone_and_lead_to_the_check_page(arrive: Arrive, code: str) -> None:
    person = arrive(code)
    link, page = begin(person), person.page
    wanted = {number: word_for(number) for number in MODEL.numbers} | {7: "NA"}

    for number in MODEL.numbers:
        page.wait_for_url(f"**/together/{number}")
        page.keyboard.press(KEY_OF[wanted[number]])

    page.wait_for_url("**/check")
    person.look()
    person.heading("Check your answers")
    assert person.answers(link)["responses"][0]["answers"] == {str(n): word for n, word in wanted.items()}


@pytest.mark.parametrize("code", ["en", "fa"])
def test_arrows_follow_the_reading_direction_and_digits_keep_their_meaning(arrive: Arrive, code: str) -> None:
    person = arrive(code)
    link, page = begin(person), person.page

    scale = ["VL", "L", "M", "H", "VH"]
    assert page.evaluate(ORDER) == (scale if code == "en" else scale[::-1])
    key(page, FORWARD[code], 2)
    key(page, FORWARD[code], 3)
    key(page, BACK[code], 2)
    key(page, "1", 3)
    key(page, "5", 4)

    assert person.answers(link)["responses"][0]["answers"] == {"2": "VL", "3": "VH"}
    key(page, BACK[code], 3)
    chosen = page.locator(".big-scale [aria-pressed=true]")
    expect(chosen).to_have_attribute("value", "VH")


def test_a_persian_keyboard_answers_too(arrive: Arrive) -> None:
    person = arrive("fa")
    link, page = begin(person), person.page

    for number, (code, latin) in enumerate(
        {"Digit1": "1", "Digit5": "5", "KeyD": "d", "KeyN": "n"}.items(), start=1
    ):
        page.wait_for_url(f"**/together/{number}")
        type_key(page, PERSIAN[latin], code)
    page.wait_for_url("**/together/5")

    got = person.answers(link)["responses"][0]["answers"]
    assert got == {"1": "VL", "2": "VH", "3": "DK", "4": "NA"}


def test_a_note_is_typed_without_answering_by_its_letters(founder: Founder) -> None:
    link, page = begin(founder), founder.page

    page.keyboard.press("t")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("Had 3 dinners")
    page.keyboard.press("Escape")
    assert press(page)["tag"] == "body"
    key(page, "4", 2)

    got = founder.answers(link)["responses"][0]
    assert got["answers"] == {"1": "H"} and got["notes"] == {"1": "Had 3 dinners"}


def test_who_closes_the_list_of_keys_switches_them_off(founder: Founder) -> None:
    link, page = begin(founder), founder.page
    expect(page.locator("#keys li")).to_have_count(7)

    page.locator("#keys summary").click()
    page.keyboard.press("4")
    page.locator("[data-key='1']").click()
    page.wait_for_url("**/together/2")
    expect(page.locator("#keys")).not_to_have_attribute("open", "")
    page.keyboard.press("4")
    page.locator("#keys summary").click()
    key(page, "2", 3)

    assert founder.answers(link)["responses"][0]["answers"] == {"1": "VL", "2": "L"}


@pytest.mark.parametrize("code", ["en", "fa"])
def test_every_question_fits_on_a_projector_without_scrolling(arrive: Arrive, code: str) -> None:
    person = arrive(code, viewport={"width": 1280, "height": 720})
    begin(person)

    hidden = {}
    for number in MODEL.numbers:
        if number > 1:
            key(person.page, FORWARD[code], number)
        person.page.wait_for_function("document.fonts.status === 'loaded'")
        hidden[number] = person.page.evaluate(HIDDEN)

    assert {number: beyond for number, beyond in hidden.items() if beyond != [0, 0]} == {}


@pytest.mark.parametrize("code", ["en", "fa"])
def test_on_a_phone_one_taps(arrive: Arrive, code: str) -> None:
    person = arrive(code, 375)
    link, page = begin(person), person.page

    for word in ("H", "NA"):
        page.locator(f"button[value={word}]").click()
        person.look()

    assert person.answers(link)["responses"][0]["answers"] == {"1": "H", "2": "NA"}


@pytest.mark.parametrize("code", ["en", "fa"])
def test_without_scripts_every_button_answers(arrive: Arrive, code: str) -> None:
    person = arrive(code, java_script_enabled=False)
    person.page.goto("/start")
    person.page.locator("#name").fill("Alborz Sensors")
    person.page.get_by_role("button", name=person.words("Save and continue"), exact=True).click()
    link = person.link
    person.page.get_by_role("link", name=person.words("Answer together")).click()

    assert not person.page.locator("#keys").is_visible()
    person.page.locator("button[value=VH]").click()
    person.page.wait_for_url("**/together/2")
    person.page.locator("button[value=back]").click()
    person.page.wait_for_url("**/together/1")

    assert person.answers(link)["responses"][0]["answers"] == {"1": "VH"}

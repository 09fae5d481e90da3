"""Everything can be done with the keyboard alone, and one always sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.founder import Founder

pytestmark = pytest.mark.browser

#: Where the focus is, whether it is marked, and whether it is on the screen. The outline of a radio button,
#: which is invisible itself, is drawn by its label.
FOCUS = """() => {
  const at = document.activeElement;
  const drawn = getComputedStyle(at).opacity === "0" ? at.closest("label") : at;
  const style = getComputedStyle(drawn);
  const box = drawn.getBoundingClientRect();
  return {
    tag: at.tagName.toLowerCase(),
    name: at.name || "",
    value: at.value || "",
    text: at.innerText || "",
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0,
  };
}"""


def press(page: Page, *keys: str) -> dict[str, str]:
    """Press keys; the focus afterwards, which must be visible."""
    for key in keys:
        page.keyboard.press(key)
    focus: dict[str, str] = page.evaluate(FOCUS)
    if focus["tag"] not in ("body", "main"):
        assert focus["marked"], f"one cannot see the focus on {focus}"
        assert focus["seen"], f"the focus is off the screen on {focus}"
    return focus


def tab_to(page: Page, **wanted: str) -> None:
    for _ in range(200):
        focus = press(page, "Tab")
        if all(focus[key] == value for key, value in wanted.items()):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


@pytest.mark.parametrize(("code", "width"), [("en", 1280), ("fa", 375)])
def test_a_page_of_questions_is_answered_and_sent_with_the_keyboard_alone(
    arrive: Arrive, code: str, width: int
) -> None:
    founder = arrive(code, width)
    founder.start()
    page, link = founder.page, founder.link
    page.reload()
    higher = "ArrowRight" if code == "en" else "ArrowLeft"

    tab_to(page, name="a-1", value="VL")
    press(page, "Space")
    for number, keys, word in [
        (2, ["Space"], "VL"),
        (3, ["Space", "ArrowDown"], "L"),
        (4, ["Space", "ArrowDown", "ArrowDown"], "M"),
        (5, ["Space", higher, higher, higher], "H"),
        (6, ["Space", "ArrowUp", "ArrowUp"], "DK"),
        (7, ["Space", "ArrowUp"], "NA"),
    ]:
        tab_to(page, name=f"a-{number}", value="VL")
        press(page, *keys)
        assert founder.chosen(number) == word
    assert press(page, "Tab")["name"] == "r-7"
    page.keyboard.type("Why not")
    tab_to(page, tag="summary")
    press(page, "Enter")
    assert press(page, "Tab")["name"] == "n-7"
    page.keyboard.type("By hand")
    tab_to(page, name="go", value="next")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text(founder.texts["components"]["coopetition"]["name"])
    stored = founder.answers(link)["responses"][0]
    assert stored["answers"] == {"1": "VL", "2": "VL", "3": "L", "4": "M", "5": "H", "6": "DK", "7": "NA"}
    assert stored["reasons"] == {"7": "Why not"}
    assert stored["notes"] == {"7": "By hand"}


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_first_stop_of_every_page_skips_to_the_content(arrive: Arrive, code: str) -> None:
    founder = arrive(code)
    for path in ("/", "/start", "/sample", "/method", "/deleted"):
        founder.open(path)
        skip = press(founder.page, "Tab")
        assert skip["text"] == founder.words("Skip to the content")
        founder.page.keyboard.press("Enter")
        assert founder.page.evaluate("document.activeElement.id") == "main"
        press(founder.page, "Tab")
        assert founder.page.evaluate("document.querySelector('#main').contains(document.activeElement)") or (
            founder.page.locator("#main a, #main button, #main input").count() == 0
        )


@pytest.mark.parametrize("width", [1280, 375])
def test_the_focus_is_visible_at_every_stop_of_the_form_about_the_firm(arrive: Arrive, width: int) -> None:
    founder = arrive("en", width)
    founder.open("/start")
    stops = []
    while (focus := press(founder.page, "Tab"))["tag"] != "body" and len(stops) < 60:
        stops.append(focus["name"])

    fields = ["name", "rater", "sector", "country", "founded", "employees", "first_foreign_sale"]
    assert [stop for stop in stops if stop in fields] == fields
    assert stops.count("regions") == 9


def test_the_focus_is_visible_at_every_stop_of_the_profile(founder: Founder) -> None:
    founder.open("/sample")
    stops = 0
    while press(founder.page, "Tab")["tag"] != "body" and stops < 150:
        stops += 1

    assert stops > 30


def test_enter_in_a_text_field_saves_and_goes_on(founder: Founder) -> None:
    founder.open("/start")
    founder.page.locator("#name").fill("Firm")
    founder.page.keyboard.press("Enter")
    expect(founder.page.locator("h1")).to_have_text("Networking")
    founder.look()

    link = founder.link
    founder.choose(1, "NA")
    founder.page.locator("#r-1").fill("Because")
    founder.page.keyboard.press("Enter")
    expect(founder.page.locator("h1")).to_have_text("Coopetition")
    founder.look()
    assert founder.answers(link)["responses"][0]["reasons"] == {"1": "Because"}


def test_a_link_in_the_profile_opens_the_arithmetic_of_its_number(founder: Founder) -> None:
    founder.open("/sample")
    founder.page.locator("a[href='#sum-networking']").focus()
    founder.page.keyboard.press("Enter")

    expect(founder.page.locator("#sum-networking table")).to_be_visible()
    expect(founder.page.locator("#sum-networking")).to_be_in_viewport()


def test_errors_take_the_focus_and_lead_to_their_fields(founder: Founder) -> None:
    founder.open("/start")
    founder.page.locator("#founded").fill("soon")
    founder.page.keyboard.press("Enter")
    expect(founder.page.locator(".error-summary")).to_be_focused()
    tab_to(founder.page, text="Year of foundation")
    founder.page.keyboard.press("Enter")

    assert founder.page.evaluate("document.activeElement.id") == "founded"
    founder.forgive("400: POST .*/start")

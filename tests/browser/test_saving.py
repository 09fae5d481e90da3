"""Answers are saved while they are given; nothing is lost offline, in a second tab or on the way back."""

import re

import pytest
from playwright.sync_api import Page, expect

from readiness.core.answers import NOTE_LENGTH
from tests.browser.conftest import Arrive
from tests.browser.founder import Founder

pytestmark = pytest.mark.browser


def given(founder: Founder, link: str) -> dict[str, str]:
    answers: dict[str, str] = founder.answers(link)["responses"][0]["answers"]
    return answers


def test_an_answer_is_saved_without_pressing_a_button(arrive: Arrive) -> None:
    founder = arrive()
    founder.start()
    link = founder.link
    founder.choose(1, "H")
    founder.choose(2, "NA")
    founder.page.locator("#r-2").fill("Not for us")
    founder.add_note(3, "A note\nof two lines")
    founder.saved()
    founder.page.close()

    elsewhere = arrive()
    elsewhere.open(link)
    assert (elsewhere.chosen(1), elsewhere.chosen(2), elsewhere.chosen(3)) == ("H", "NA", None)
    assert elsewhere.page.locator("#r-2").input_value() == "Not for us"
    assert elsewhere.page.locator("#n-3").input_value() == "A note\nof two lines"


def test_an_answer_given_just_before_the_tab_is_closed_is_saved(arrive: Arrive) -> None:
    founder = arrive()
    founder.start()
    link, keep = founder.link, founder.tab()
    founder.choose(5, "VH")
    founder.page.close(run_before_unload=True)

    assert soon(keep, founder, link) == {"5": "VH"}


def soon(tab: Page, founder: Founder, link: str) -> dict[str, str]:
    """What is stored when the requests of a closed tab have come in."""
    found: list[dict[str, str]] = [{}]
    while len(found) < 10 and not (len(found) > 2 and found[-1] and found[-1] == found[-2]):
        tab.wait_for_timeout(600)
        found.append(given(founder, link))
    return found[-1]


def test_an_answer_given_before_the_script_has_come_is_saved_when_it_comes(founder: Founder) -> None:
    founder.start()
    link, held = founder.link, []
    founder.page.route("**/answers.js*", lambda route: held.append(route))
    founder.page.goto(founder.page.url, wait_until="commit")
    founder.choose(1, "H")
    founder.add_note(2, "Early")
    assert given(founder, link) == {}

    held[0].continue_()
    founder.saved()
    assert given(founder, link) == {"1": "H"}
    assert founder.answers(link)["responses"][0]["notes"] == {"2": "Early"}


def test_progress_counts_on_while_answering(founder: Founder) -> None:
    founder.start()
    founder.choose(1, "H")
    founder.save(2, "DK")

    expect(founder.page.locator("progress")).to_have_attribute("value", "2")
    expect(founder.page.locator(".progress")).to_contain_text("2 of 47 answered")


def test_persian_progress_has_persian_digits(arrive: Arrive) -> None:
    founder = arrive("fa", 375)
    founder.start()
    founder.save(1, "H")

    expect(founder.page.locator(".progress")).to_contain_text("۱")
    assert not re.search(r"\d", founder.page.locator(".progress p").inner_text().translate(PERSIAN_AWAY))


PERSIAN_AWAY = {ord(digit): None for digit in "۰۱۲۳۴۵۶۷۸۹"}


def test_what_is_answered_offline_is_saved_when_the_connection_is_back(founder: Founder) -> None:
    founder.start()
    link = founder.link
    founder.save(1, "H")

    founder.context.set_offline(True)
    founder.choose(1, "L")
    founder.choose(2, "M")
    founder.add_note(3, "Written on the train")
    unsaved = founder.words(
        "Not saved yet: no connection. Your answers stay on this page; it will try again."
    )
    expect(founder.page.locator("#saved")).to_have_text(unsaved)
    assert given_online(founder, link) == {"1": "H"}

    founder.context.set_offline(False)
    founder.saved()
    document = founder.answers(link)["responses"][0]
    assert document["answers"] == {"1": "L", "2": "M"}
    assert document["notes"] == {"3": "Written on the train"}


def given_online(founder: Founder, link: str) -> dict[str, str]:
    """What is stored, asked from another machine."""
    other = founder.context.browser.new_context()  # type: ignore[union-attr]
    answers: dict[str, str] = other.request.get(f"{link}/answers.json").json()["responses"][0]["answers"]
    other.close()
    return answers


# Two tabs


def two_tabs(founder: Founder) -> tuple[Page, Page]:
    """The same questions twice, the second of them stale by one answer."""
    founder.start()
    fresh, stale = founder.page, founder.tab()
    stale.goto(fresh.url)
    founder.save(1, "VL", fresh)
    return fresh, stale


def test_a_stale_tab_shows_both_values_and_overwrites_nothing(founder: Founder) -> None:
    _fresh, stale = two_tabs(founder)
    link = founder.link
    founder.choose(1, "VH", stale)

    expect(stale.locator("#q-1 .conflict")).to_contain_text("Very low")
    assert founder.chosen(1, stale) == "VH"
    assert given(founder, link) == {"1": "VL"}
    expect(stale.locator(".error-summary")).to_contain_text("changed meanwhile in another window")
    founder.forgive("409")


def test_saving_again_after_a_conflict_keeps_what_was_chosen(founder: Founder) -> None:
    _fresh, stale = two_tabs(founder)
    link = founder.link
    founder.choose(1, "VH", stale)
    expect(stale.locator("#q-1 .conflict")).to_be_visible()
    stale.get_by_role("button", name="Save and continue").click()

    expect(stale.locator("h1")).to_have_text("Coopetition")
    assert given(founder, link) == {"1": "VH"}
    founder.forgive("409")


def test_two_tabs_that_answer_different_questions_do_not_disturb_each_other(founder: Founder) -> None:
    fresh, stale = two_tabs(founder)
    founder.save(2, "H", stale)
    founder.save(3, "L", fresh)

    assert given(founder, founder.link) == {"1": "VL", "2": "H", "3": "L"}


def test_two_tabs_that_say_the_same_agree(founder: Founder) -> None:
    _fresh, stale = two_tabs(founder)
    founder.save(1, "VL", stale)

    assert given(founder, founder.link) == {"1": "VL"}


def test_a_tab_left_open_while_another_finishes_keeps_what_is_typed_and_says_so(founder: Founder) -> None:
    fresh, stale = two_tabs(founder)
    link = founder.link
    fresh.goto(f"{link}/check")
    founder.press("Finish and see the profile")
    founder.choose(2, "H", stale)

    expect(stale.locator(".error-summary")).to_contain_text("The assessment was finished meanwhile")
    expect(stale.locator(".error-summary")).to_be_focused()
    assert founder.chosen(2, stale) == "H"
    assert given(founder, link) == {"1": "VL"}
    founder.forgive("409")


# Slow lines and the way back


def slowly(page: Page, seconds: float) -> None:
    """Every request takes this long from now on."""
    line = {"offline": False, "latency": seconds * 1000, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)


def test_pressing_the_button_while_a_slow_save_is_under_way_is_no_conflict(founder: Founder) -> None:
    founder.start()
    link = founder.link
    slowly(founder.page, 1)
    founder.choose(1, "L")
    expect(founder.page.locator("#saved")).to_have_text("Saving…")
    founder.choose(1, "H")
    founder.press("Save and continue")

    expect(founder.page.locator("h1")).to_have_text("Coopetition")
    assert given(founder, link) == {"1": "H"}


def test_closing_the_tab_while_a_slow_save_is_under_way_loses_nothing(founder: Founder) -> None:
    founder.start()
    link, keep = founder.link, founder.tab()
    slowly(founder.page, 1)
    founder.choose(1, "L")
    expect(founder.page.locator("#saved")).to_have_text("Saving…")
    founder.choose(2, "H")
    founder.page.close(run_before_unload=True)

    assert soon(keep, founder, link) == {"1": "L", "2": "H"}


def test_changing_an_answer_while_a_slow_save_is_under_way_saves_the_last_one(founder: Founder) -> None:
    founder.start()
    link = founder.link
    slowly(founder.page, 0.5)
    for word in ("L", "M", "VH"):
        founder.choose(1, word)
        founder.page.wait_for_timeout(200)
    expect(founder.page.locator("#saved")).to_have_text("Saving…")
    founder.saved()

    assert given(founder, link) == {"1": "VH"}


def test_an_answer_changed_after_the_browsers_back_button_is_no_conflict(founder: Founder) -> None:
    founder.start()
    link = founder.link
    founder.save(1, "L")
    founder.press("Save and continue")
    founder.page.go_back()
    assert founder.chosen(1) == "L"
    founder.save(1, "VH")
    founder.press("Save and continue")

    expect(founder.page.locator("h1")).to_have_text("Coopetition")
    assert given(founder, link) == {"1": "VH"}


def test_a_reloaded_page_goes_on_where_it_was(founder: Founder) -> None:
    founder.start()
    founder.save(1, "L")
    founder.page.reload()
    assert founder.chosen(1) == "L"
    founder.save(1, "M")

    assert given(founder, founder.link) == {"1": "M"}


def test_a_note_that_is_too_long_is_refused_by_name_and_the_rest_is_kept(founder: Founder) -> None:
    founder.start()
    link = founder.link
    founder.choose(2, "H")
    founder.add_note(1, "x" * (NOTE_LENGTH + 1))

    expect(founder.page.locator(".error-summary")).to_contain_text("Question 1")
    assert founder.page.locator("#n-1").input_value() == "x" * (NOTE_LENGTH + 1)
    assert given(founder, link) == {"2": "H"}
    founder.forgive("400")


def test_the_language_can_be_changed_in_the_middle_of_a_page_without_losing_anything(arrive: Arrive) -> None:
    founder = arrive("en", java_script_enabled=False)
    founder.start()
    link = founder.link
    founder.choose(1, "H")
    founder.add_note(2, "In English")
    founder.page.get_by_role("button", name="فارسی").click()

    expect(founder.page.locator("html")).to_have_attribute("dir", "rtl")
    assert founder.chosen(1) == "H"
    assert founder.answers(link)["responses"][0]["notes"] == {"2": "In English"}


def test_the_private_link_can_be_copied(arrive: Arrive) -> None:
    founder = arrive(permissions=["clipboard-read", "clipboard-write"])
    founder.start()
    founder.page.get_by_role("button", name="Copy the link").click()

    expect(founder.page.get_by_role("button", name="Copied")).to_be_visible()
    assert founder.page.evaluate("navigator.clipboard.readText()") == founder.link

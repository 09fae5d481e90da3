"""The founder's whole journey, with and without scripts, at a desk and on a telephone, in both languages."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Download, expect
from pypdf import PdfReader

from readiness.core import answers as answering
from readiness.reports.pdf import attached_answers
from tests.browser.conftest import Arrive
from tests.browser.founder import MODEL, NAMES, Founder, word_for

pytestmark = pytest.mark.browser

NOTES = {"en": "Seen at the Hannover fair: https://example.com/a?b=c", "fa": "در نمایشگاه هانوفر دیدیم"}
REASONS = {"en": "We have no rivals yet", "fa": "هنوز رقیبی نداریم"}


#: Every language with every width, every width with and without scripts, and so on.
PAIRS = [("en", 1280, True), ("en", 375, False), ("fa", 375, True), ("fa", 1280, False)]


@pytest.mark.parametrize(("code", "width", "scripts"), PAIRS)
def test_a_founder_goes_from_the_landing_page_to_the_deletion(
    arrive: Arrive, code: str, width: int, scripts: bool, tmp_path: Path
) -> None:
    founder = arrive(code, width, java_script_enabled=scripts)

    tell_about_the_firm(founder)
    given = answer_all_pages(founder)
    check_and_finish(founder)
    link = founder.link
    take_away(founder, given, tmp_path)

    again = arrive(code, width, java_script_enabled=scripts)
    come_back_and_change(again, link)
    delete(again, link)


def tell_about_the_firm(founder: Founder) -> None:
    founder.open("/")
    founder.heading("How ready is your firm to go international?")
    founder.follow("Start")
    for name, value in {
        "name": NAMES[founder.code],
        "rater": "CEO",
        "country": "Iran",
        "founded": {"en": "2011", "fa": "۱۳۹۰"}[founder.code],
        "employees": {"en": "38", "fa": "۳۸"}[founder.code],
        "first_foreign_sale": "2017",
        "foreign_share": "14",
        "countries": "4",
    }.items():
        founder.page.locator(f"#{name}").fill(value)
    founder.page.locator("#sector").select_option("electronics")
    founder.page.locator("input[value=western_asia]").check()
    founder.press("Save and continue")


def answer_all_pages(founder: Founder) -> dict[str, str]:
    """Answer everything; the answers by indicator number."""
    given = {}
    for place, component in enumerate(MODEL.components, start=1):
        expect(founder.page.locator("h1")).to_have_text(founder.texts["components"][component]["name"])
        assert founder.page.locator("a[aria-current=step]").count() == 1
        for row in MODEL.of_component(component):
            given[str(row.number)] = word_for(row.number)
            founder.choose(row.number, word_for(row.number))
        if component == "networking":
            founder.add_note(1, NOTES[founder.code])
        if component == "coopetition":
            founder.choose(12, "NA")
            given["12"] = "NA"
            founder.page.locator("#r-12").fill(REASONS[founder.code])
        founder.press("Save and continue")
        if place < len(MODEL.components):
            bar = founder.page.locator("progress")
            expect(bar).to_have_attribute("value", str(len(given)))
    return given


def check_and_finish(founder: Founder) -> None:
    founder.heading("Check your answers")
    founder.sees("All questions are answered. Look them over, change what you like, then finish.")
    expect(founder.page.locator("table.review tbody tr")).to_have_count(47)
    founder.press("Finish and see the profile")
    expect(founder.page.locator("h1")).to_have_text(NAMES[founder.code])
    expect(founder.page.locator("#scores table.bars tbody tr")).to_have_count(9)
    founder.page.locator("#sum-overall summary").click()
    expect(founder.page.locator("#sum-overall table")).to_be_visible()


def take_away(founder: Founder, given: dict[str, str], folder: Path) -> None:
    pdf = folder / "profile.pdf"
    download(founder, "Download as PDF").save_as(pdf)
    assert 8 <= len(PdfReader(pdf).pages) <= 12

    exported = folder / "answers.json"
    download(founder, "Answers as JSON").save_as(exported)
    answers = answering.read(exported.read_text(encoding="utf-8"))
    document = answering.export(answers)
    assert document["responses"][0]["answers"] == given
    assert document["responses"][0]["notes"] == {"1": NOTES[founder.code]}
    assert document["responses"][0]["reasons"] == {"12": REASONS[founder.code]}
    assert document["firm"]["name"] == NAMES[founder.code]
    assert (document["firm"]["founded"], document["firm"]["employees"]) == (2011, 38)
    assert json.loads(attached_answers(pdf.read_bytes())) == document

    scores = folder / "scores.json"
    download(founder, "Scores as JSON").save_as(scores)
    assert json.loads(scores.read_text(encoding="utf-8"))["overall"]


def download(founder: Founder, link: str) -> Download:
    with founder.page.expect_download() as started:
        founder.page.get_by_role("link", name=founder.words(link), exact=True).click()
    assert NAMES[founder.code] in started.value.suggested_filename
    return started.value


def come_back_and_change(founder: Founder, link: str) -> None:
    founder.open(link)
    expect(founder.page.locator("h1")).to_have_text(NAMES[founder.code])
    founder.press("Change answers")
    founder.page.locator("a[href$='#q-47']").click()
    assert founder.chosen(47) == word_for(47)
    founder.choose(47, "VL")
    founder.press("Save and continue")
    founder.press("Finish and see the profile")
    assert founder.answers(link)["responses"][0]["answers"]["47"] == "VL"


def delete(founder: Founder, link: str) -> None:
    founder.follow("Delete everything")
    founder.press("Yes, delete everything")
    founder.heading("Everything is deleted")
    founder.open(link)
    founder.heading("There is nothing here")
    founder.forgive(rf"404: GET {re.escape(link)}")

"""What comes out of the browser's own printer: the content without what one only clicks on."""

import io
import unicodedata

import pytest
from playwright.sync_api import expect
from pypdf import PageObject, PdfReader

from tests.browser.conftest import Arrive
from tests.browser.founder import Founder

pytestmark = pytest.mark.browser

NAVIGATION = [".bar-top", ".bar-end", ".skip", ".actions", ".keep", ".no-print"]


def finished(founder: Founder) -> None:
    founder.start()
    for number in range(1, 8):
        founder.choose(number, "H")
    founder.page.get_by_role("button", name=founder.words("Save and check all answers"), exact=True).click()
    founder.press("Finish and see the profile")


@pytest.mark.parametrize("code", ["en", "fa"])
def test_printing_the_profile_leaves_out_the_navigation(arrive: Arrive, code: str) -> None:
    founder = arrive(code)
    finished(founder)
    founder.page.emulate_media(media="print")

    for part in NAVIGATION:
        assert founder.page.locator(part).count() > 0, f"{part} is not on the page, so this tests nothing"
        for one in founder.page.locator(part).all():
            expect(one).to_be_hidden()
    expect(founder.page.locator("#answer h2")).to_be_visible()
    expect(founder.page.locator("#scores svg.range").first).to_be_visible()
    expect(founder.page.locator("#components table").first).to_be_visible()


def read(page: PageObject) -> str:
    """The text of a page, its ligatures taken apart."""
    return unicodedata.normalize("NFKC", " ".join(page.extract_text().split()))


def test_the_printed_profile_reads_like_the_report(founder: Founder) -> None:
    founder.open("/sample")
    printed = PdfReader(io.BytesIO(founder.page.pdf(format="A4")))
    text = " ".join(read(page) for page in printed.pages)

    assert 6 <= len(printed.pages) <= 14
    for phrase in (
        "Sample profile: Alborz Sensors",
        "Three strengths",
        "Work on coopetition first",
        "Limits",
    ):
        assert phrase in text
    for click in ("Skip to the content", "Start your own", "Download as PDF", "فارسی"):
        assert click not in text


@pytest.mark.parametrize("path", ["/", "/method", "/start"])
def test_every_page_can_be_printed(founder: Founder, path: str) -> None:
    founder.open(path)
    heading = founder.page.locator("h1").inner_text()
    printed = PdfReader(io.BytesIO(founder.page.pdf(format="A4")))

    assert heading in read(printed.pages[0])
    assert "Skip to the content" not in printed.pages[0].extract_text()

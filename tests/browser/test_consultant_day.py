"""A consultant's day in a real browser, in both languages: from signing in to the trend of a second round."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import Arrive
from tests.browser.founder import Founder
from tests.browser.member import answer_all, sign_in

pytestmark = pytest.mark.browser
ORGANISATION = {"en": "Pardis Incubator", "fa": "مرکز رشد پردیس"}
FIRM = {"en": "Alborz Sensors", "fa": "حسگر البرز"}
ROLES = {"en": ("Head of sales", "Chief engineer"), "fa": ("مدیر فروش", "سرمهندس")}
COMMENT = {"en": "Two partners abroad are enough for this year.", "fa": "دو شریک خارجی برای امسال کافی است."}
#: The founder says low throughout, the colleagues high and very high on the second indicator.
APART = 2


@pytest.mark.parametrize("code", ["en", "fa"])
def test_a_consultants_day(arrive: Arrive, instance: str, tmp_path: Path, code: str) -> None:
    consultant = arrive(code)
    sign_in(consultant, instance, f"ada-{code}@pardis.ir", ORGANISATION[code], "administrator")
    brand(consultant, tmp_path)
    add_firm(consultant)
    firm = consultant.page.url
    open_latest(consultant)
    own = "/".join(consultant.page.url.split("/")[:5])

    links = [invite(consultant, own, role) for role in ROLES[code]]
    answer_all(consultant, own, "L")
    for link, word in zip(links, ("M", "H"), strict=True):
        colleague = arrive(code, 375)
        answer_all(colleague, link, word, {APART: "VH"})
        colleague.open(f"{link}/check")
        colleague.press("I am done")
        colleague.heading("Thank you")

    reconcile(consultant, own)
    comment(consultant, own)
    consultant.open(f"{own}/check")
    consultant.press("Finish and see the profile")
    expect(consultant.page.locator("#raters")).to_be_visible()
    plan(consultant)
    text = report(consultant, own)
    assert COMMENT[code].split()[0] in text and "sales@pardis.ir" in text
    second_round(consultant, own)
    trend(consultant, firm)


def brand(consultant: Founder, folder: Path) -> None:
    """Contact, colour and logo of the organisation."""
    consultant.open("/organisation/settings")
    page = consultant.page
    page.locator("#contact").fill("sales@pardis.ir")
    page.locator("#colour").fill("#5b2a86")
    page.locator("#settings").get_by_role("button", name=consultant.words("Save"), exact=True).click()
    consultant.look()
    logo = folder / "logo.png"
    Image.new("RGB", (240, 80), "#5b2a86").save(logo)
    page.locator("#logo").set_input_files(logo)
    consultant.press("Put in place")
    expect(page.locator("img.logo")).to_be_visible()


def add_firm(consultant: Founder) -> None:
    consultant.open("/portfolio")
    consultant.follow("Add a firm")
    consultant.page.locator("#name").fill(FIRM[consultant.code])
    consultant.press("Add the firm")
    expect(consultant.page.locator("h1")).to_have_text(FIRM[consultant.code])


def open_latest(consultant: Founder) -> None:
    """From the page of a firm to its latest round."""
    consultant.page.locator("ol.plain a").first.click()
    consultant.look()


def invite(consultant: Founder, own: str, role: str) -> str:
    """The private link of a colleague in this role."""
    consultant.open(f"{own}/raters")
    consultant.page.locator("#role").fill(role)
    consultant.press("Make a private link")
    return consultant.link


def reconcile(consultant: Founder, own: str) -> None:
    """The meeting agrees on the indicator that is furthest apart, and keeps who sees it otherwise."""
    consultant.open(f"{own}/reconcile")
    expect(consultant.page.locator(f"#row-{APART}")).to_contain_text("◆")
    consultant.page.locator(f"#row-{APART} a").first.click()
    consultant.look()
    consultant.page.locator("#agree input[name=code][value=H]").check()
    consultant.page.locator("#minority").fill(ROLES[consultant.code][1])
    consultant.press("Save and go back to the list")
    expect(consultant.page.locator("#effect")).to_be_visible()


def comment(consultant: Founder, own: str) -> None:
    consultant.open(f"{own}/comments")
    consultant.page.locator("#comment-networking").fill(COMMENT[consultant.code])
    consultant.press("Save")


def plan(consultant: Founder) -> None:
    """The recommended actions go into the plan, and the first one is begun."""
    consultant.follow("Open the action plan")
    consultant.press("Put all into the plan")
    page = consultant.page
    page.locator(".tasks select").first.select_option("started")
    page.locator(".tasks form button").first.click()
    expect(page.locator(".tasks select").first).to_have_value("started")


def report(consultant: Founder, own: str) -> str:
    """The text of the final report, which carries the logo."""
    response = consultant.context.request.get(f"{own}/profile.{consultant.code}.pdf", timeout=120_000)
    assert response.ok and response.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.body()))
    assert 8 <= len(reader.pages) <= 12
    assert reader.pages[0].images, "the logo"
    return " ".join(page.extract_text() for page in reader.pages)


def second_round(consultant: Founder, own: str) -> None:
    """Half a year later everything is a little better."""
    consultant.open(f"{own}/profile")
    consultant.follow("Assess again")
    consultant.page.locator("#answers-blank").check()
    consultant.page.locator("#again button").click()
    open_latest(consultant)
    again = "/".join(consultant.page.url.split("/")[:5])
    assert again != own
    answer_all(consultant, again, "VH", {44: "VL"})
    consultant.open(f"{again}/check")
    consultant.press("Finish and see the profile")
    expect(consultant.page.locator("#change")).to_be_visible()


def trend(consultant: Founder, firm: str) -> None:
    consultant.open(firm)
    consultant.follow("Trend over all rounds")
    expect(consultant.page.locator("#overall")).to_contain_text(consultant.words("higher"))
    consultant.open("/portfolio")
    expect(consultant.page.locator("tbody tr").first).to_contain_text("▲")

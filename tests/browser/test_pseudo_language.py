"""Every page and the PDF in a generated language: no text is written into the code, and nothing is cut."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests import pseudo
from tests.browser import office as offices
from tests.browser import tour
from tests.browser.conftest import await_answer, free_port
from tests.browser.founder import BEYOND
from tests.browser.member import printed_link
from tests.reports.test_pdf_layout import collisions, outside

pytestmark = pytest.mark.browser

#: Everything that is read or heard, but what stands in English on purpose and what a person typed.
SAID = """() => {
  const page = document.body.cloneNode(true);
  page.querySelectorAll("[lang=en], [lang=fa], script, input[type=hidden]").forEach((one) => one.remove());
  const heard = [...page.querySelectorAll("[title], [aria-label], [placeholder]")].flatMap((one) =>
    ["title", "aria-label", "placeholder"].map((name) => one.getAttribute(name) || ""));
  const saved = [...page.querySelectorAll("[data-saved]")].flatMap((one) => Object.values(one.dataset));
  const typed = "bdi, textarea, input, .remark, .note-full, .remarked, .lines, .typed, .note-given";
  page.querySelectorAll(typed).forEach((one) => one.remove());
  return [document.title, page.textContent, ...heard, ...saved].join(" \\n ");
}"""
#: Texts that are wider than the box that hides what sticks out.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  const style = getComputedStyle(one);
  return one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1
    && ["hidden", "clip"].includes(style.overflowX) && !one.closest(".hidden, svg, progress, input");
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.make_checkout(tmp_path_factory.mktemp("pseudo"))


@pytest.fixture(scope="module")
def address(checkout: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "readiness.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--instance", str(checkout / "data")],
        cwd=checkout,
        env=os.environ | {"READINESS_STARTS_PER_HOUR": "1000"},
        stdout=subprocess.DEVNULL,
    )
    try:
        await_answer(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def look(page: Page) -> None:
    """All words are translated, and all of them are to be seen."""
    assert page.locator("html").get_attribute("lang") == pseudo.CODE
    assert pseudo.leftover(page.evaluate(SAID)) == [], page.url
    assert page.evaluate(BEYOND) == [], page.url
    assert page.evaluate(CUT) == [], page.url


def wrong(page: Page) -> list[str]:
    """Words that no catalogue knows, and what cannot be seen."""
    assert page.locator("html").get_attribute("lang") == pseudo.CODE
    return [*pseudo.leftover(page.evaluate(SAID)), *page.evaluate(BEYOND), *page.evaluate(CUT)]


def press(button: Locator) -> None:
    """Send a form and wait for the page that comes back."""
    with button.page.expect_navigation():
        button.click()


@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_is_translated_and_nothing_is_cut(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/?lang={pseudo.CODE}")
    look(page)
    for path in ("/method", "/sample", "/nowhere", "/start"):
        page.goto(f"{address}{path}")
        look(page)
    press(page.locator("#firm .button"))  # without a name
    look(page)
    page.fill("#name", "Alborz Sensors")
    page.fill("#founded", "long ago")
    press(page.locator("#firm .button"))
    look(page)
    page.fill("#founded", "2011")
    press(page.locator("#firm .button"))
    while "/questions/" in page.url:
        look(page)
        for question in page.locator("fieldset.question").all():
            number = int((question.get_attribute("id") or "q-0")[2:])
            word = {2: "VL", 12: "VL", 21: "VL", 30: "NA", 36: "DK"}.get(number, "H")
            question.locator(f"input[value={word}]").check()
        press(page.locator("button[value=next]"))
    look(page)  # with hints
    home = page.url.partition("/check")[0]
    press(page.locator("form .button").last)
    assert page.url == f"{home}/profile"
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    look(page)
    page.goto(f"{home}/delete")
    look(page)
    page.locator("button.danger").click()
    look(page)
    context.close()


def test_every_page_of_members_and_colleagues_is_translated_and_nothing_is_cut(
    browser: Browser, address: str, checkout: Path
) -> None:
    instance = str(checkout / "data")
    office = offices.make(browser, address, instance, "all@pardis.ir", "Pardis", pseudo.CODE)
    office = offices.with_batch(browser, address, office)
    settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
    guest = browser.new_context(base_url=address, **settings).new_page()
    page = browser.new_context(base_url=address, storage_state=office.state, **settings).new_page()
    guest.goto(f"/?lang={pseudo.CODE}")
    link = printed_link(instance, "new@pardis.ir", "Empty", "administrator", "en")

    found: dict[str, list[str]] = {}
    for at, stops in (
        (guest, tour.doors(guest, link)),
        (page, tour.portfolio(page, office)),
        (page, tour.intake(page)),
        (page, tour.firm(page, office)),
        (page, tour.organisation(page)),
        (page, tour.finished(page, office)),
        (page, tour.begun(page, office)),
    ):
        found |= {stop: wrong(at) for stop in stops}
    private = tour.invite(page, office, "Buyer")
    guest.context.clear_cookies()
    guest.goto(f"/?lang={pseudo.CODE}")
    found |= {stop: wrong(guest) for stop in tour.blind(guest, private)}
    for one in (guest, page):
        one.context.close()

    assert {stop: what for stop, what in found.items() if what} == {}


def test_the_pdf_is_translated_and_nothing_is_cut(checkout: Path) -> None:
    """Made by the command, which finds the language by itself too."""
    sample = checkout / "readiness" / "core" / "data" / "sample.en.json"
    command = [sys.executable, "-m", "readiness.cli", "report", str(sample), "--lang", pseudo.CODE]
    subprocess.run([*command, "-o", "profile.pdf"], cwd=checkout, check=True, capture_output=True)
    pdf = (checkout / "profile.pdf").read_bytes()
    html = subprocess.run(
        [sys.executable, "-c", RENDER, str(sample), pseudo.CODE],
        cwd=checkout,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert list(outside(pdf)) == []
    assert list(collisions(pdf)) == []
    assert pseudo.leftover(html) == []


#: The words of a report without those that are English on purpose or the firm's own.
RENDER = r"""
import re, sys
from datetime import date
from pathlib import Path
from readiness.core import answers
from readiness.reports.language import language
from readiness.reports.pdf import report_html
from readiness.reports.profile import make_profile
found = answers.read(Path(sys.argv[1]).read_text(encoding="utf-8"))
html = report_html(make_profile(found, language(sys.argv[2]), date(2026, 3, 2)))
html = re.sub(r'<bdi[^>]*>.*?</bdi>|<tr class="remark">.*?</tr>|<head>.*?</head>', " ", html, flags=re.S)
heard = re.findall(r'(?:title|aria-label)="([^"]*)"', html)
print(re.sub(r"<[^>]+>", " ", html), *heard)
"""

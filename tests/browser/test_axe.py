"""axe-core finds nothing to complain of on any page, and people's own settings are respected."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.founder import MODEL, Founder

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is missing: run bin/setup --dev"),
]

#: Everything axe knows but what is still an experiment.
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map((node) => node.html)]);
}"""


def audit(founder: Founder) -> None:
    """Every rule of axe-core on the page as it stands."""
    founder.look()
    if not founder.page.evaluate("'axe' in window"):
        founder.page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = founder.page.evaluate(RUN)
    assert violations == [], f"{founder.page.url}: {violations}"


# The policy of the pages forbids what axe needs, so here alone it is put aside.


@pytest.fixture(
    params=[("en", 1280), ("fa", 375), ("fa", 1280), ("en", 375)], ids=lambda it: f"{it[0]}-{it[1]}"
)
def visitor(request: pytest.FixtureRequest, arrive: Arrive) -> Founder:
    code, width = request.param
    return arrive(code, width, bypass_csp=True)


def open_all_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def test_the_pages_for_everybody_are_accessible(visitor: Founder) -> None:
    for path in ("/", "/method", "/deleted", "/start"):
        visitor.open(path)
        audit(visitor)
    visitor.page.locator("#founded").fill("soon")
    visitor.press("Save and continue")
    expect(visitor.page.locator(".error-summary")).to_be_visible()
    audit(visitor)
    visitor.open("/nowhere")
    audit(visitor)
    visitor.forgive("400: POST .*/start")
    visitor.forgive("404: GET .*/nowhere")


def test_the_sample_profile_is_accessible_with_all_its_arithmetic_open(visitor: Founder) -> None:
    visitor.open("/sample")
    open_all_details(visitor.page)
    audit(visitor)


def test_the_questionnaire_and_the_profile_are_accessible(visitor: Founder) -> None:
    visitor.start()
    link = visitor.link
    for component in pages_to_audit(visitor):
        visitor.open(f"{link}/questions/{component}")
        audit(visitor)
    visitor.open(f"{link}/questions/networking")
    visitor.choose(1, "NA")
    open_all_details(visitor.page)
    audit(visitor)
    make_a_conflict(visitor, link)
    audit(visitor)
    visitor.open(f"{link}/together/44")
    open_all_details(visitor.page)
    audit(visitor)
    visitor.open(f"{link}/check")
    audit(visitor)
    visitor.open(f"{link}/firm")
    audit(visitor)
    visitor.open(f"{link}/check")
    visitor.press("Finish and see the profile")
    open_all_details(visitor.page)
    audit(visitor)
    visitor.follow("Delete everything")
    audit(visitor)


def pages_to_audit(founder: Founder) -> Iterator[str]:
    """All question pages at a desk; on a telephone one of them, since they are alike."""
    wide = founder.page.viewport_size == {"width": 1280, "height": 800}
    yield from MODEL.components if wide else MODEL.components[-1:]


def make_a_conflict(founder: Founder, link: str) -> None:
    """Another tab answers the question that this one answers too, and a note is too long."""
    founder.open(f"{link}/questions/coopetition")
    other = founder.tab()
    other.goto(founder.page.url)
    founder.save(11, "VL", other)
    other.close()
    founder.add_note(12, "x" * 2001)
    founder.choose(11, "VH")
    expect(founder.page.locator("#q-11 .conflict")).to_be_visible()
    founder.forgive("409")


# People's own settings


def test_forced_colours_still_show_what_is_chosen_and_where_the_bars_end(arrive: Arrive) -> None:
    founder = arrive(forced_colors="active")
    founder.start()
    founder.choose(1, "H")
    colours: dict[str, Any] = founder.page.evaluate(
        """() => Object.fromEntries(["H", "M"].map((word) => [word, getComputedStyle(
            document.querySelector(`#q-1 label:has(input[value=${word}])`)).backgroundColor]))"""
    )
    assert colours["H"] != colours["M"]
    founder.open("/sample")
    track, mark = founder.page.evaluate(
        """() => [...document.querySelectorAll("#scores svg.range rect")].slice(0, 4)
            .map((shape) => getComputedStyle(shape).fill).filter((_, place) => place % 3 === 0)"""
    )
    assert track != mark


def test_who_wants_no_motion_gets_none(arrive: Arrive) -> None:
    still, usual = arrive(reduced_motion="reduce"), arrive(reduced_motion="no-preference")
    for founder, expected in ((still, "auto"), (usual, "smooth")):
        founder.open("/sample")
        moves = "getComputedStyle(document.documentElement).scrollBehavior"
        assert founder.page.evaluate(moves) == "auto", "a page opens at its place at once"
        founder.page.keyboard.press("Tab")
        assert founder.page.evaluate(moves) == expected


def test_letters_of_twice_the_size_push_nothing_off_the_page(arrive: Arrive) -> None:
    founder = arrive("en", 960)
    founder.start()
    link = founder.link
    founder.choose(1, "H")
    founder.saved()
    for path in ("/", "/start", "/sample", "/method", f"{link}/questions/networking", f"{link}/check"):
        founder.page.goto(path)
        founder.page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        founder.look()


def test_a_name_without_blanks_does_not_widen_any_page(arrive: Arrive) -> None:
    founder = arrive("en", 375)
    founder.start(name="W" * 200, rater="R" * 80, country="C" * 80)
    link = founder.link
    founder.save(1, "H")
    for path in (f"{link}/check", f"{link}/firm", f"{link}/delete"):
        founder.open(path)
    founder.open(f"{link}/questions/networking")
    founder.add_note(1, "N" * 2000)
    founder.choose(2, "NA")
    founder.page.locator("#r-2").fill("Q" * 500)
    founder.saved()
    founder.open(f"{link}/check")
    founder.press("Finish and see the profile")

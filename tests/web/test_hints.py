"""The page to check one's answers hints at what is odd; the profile never does."""

from __future__ import annotations

import pytest

from readiness.core import model as models
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.pages import Person


def answer(person: Person, link: str, sheet: dict[int, str]) -> None:
    """Give these answers, page by page."""
    for component in founders.components():
        own = {f"a-{n}": sheet[n] for n in founders.numbers(component) if n in sheet}
        if own:
            person.send(person.open(f"{link}/questions/{component}"), own, button="next")


@pytest.mark.parametrize("code", ["en", "fa"])
def test_answers_that_hardly_go_together_are_shown_with_a_way_to_both(visitor: Visitor, code: str) -> None:
    founder = visitor(code)
    link = founders.start(founder)
    answer(founder, link, {12: "VL", 14: "VH", 16: "M", 20: "VL", 30: "L"})
    words = models.texts(founders.model().version, code)["contradictions"]

    page = founder.open(f"{link}/check")

    assert words["14-12"] in page.text
    assert not any(said in page.text for pair, said in words.items() if pair != "14-12")
    assert {"#row-14", "#row-12"} <= set(page.links())
    profile = founder.send(page)
    assert words["14-12"] not in profile.text


def test_one_answer_for_everything_is_asked_about_once(founder: Person) -> None:
    link = founders.start(founder)
    page = founders.answer_everything(founder, link, "H")

    assert "Nearly all your answers are “High”." in page.text
    assert "every answer is the same" not in page.text
    assert "Worth a second look" not in founder.send(page).text


def test_a_long_run_is_named_by_its_ends(founder: Person) -> None:
    link = founders.start(founder)
    mixed = {number: founders.TERMS[number % 5] for number in founders.model().numbers}
    answer(founder, link, mixed | dict.fromkeys(range(20, 40), "M"))

    page = founder.open(f"{link}/check")

    assert "From question 20 to question 39 every answer is the same." in page.text


def test_ordinary_answers_are_left_in_peace(founder: Person) -> None:
    link = founders.start(founder)
    answer(founder, link, {number: founders.TERMS[1 + number % 3] for number in founders.model().numbers})

    assert "Worth a second look" not in founder.open(f"{link}/check").text
    assert "Worth a second look" not in founder.open(f"{link}/check").html

"""Verified answers: beside the firm's own, never in their place."""

import pytest

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.members import add_firm, link_to, member, round_of
from tests.web.pages import Page, Person


@pytest.fixture
def consultant(visitor: Visitor) -> Person:
    return member(visitor())


@pytest.fixture
def link(consultant: Person) -> str:
    return round_of(consultant, add_firm(consultant, "Verified Ltd"))


def verified(person: Person, link: str, status: int = 200, **values: str) -> Page:
    """Fill in answer_2 and note_2 and the like."""
    names = {name.replace("_", "-"): value for name, value in values.items()}
    return person.send(person.open(f"{link}/verify"), names, form="verify", status=status)


def held(person: Person, link: str, number: int) -> tuple[str, str]:
    page = person.open(f"{link}/verify")
    return str(page.holds(f"answer-{number}")), str(page.holds(f"note-{number}"))


def test_all_47_stand_beside_what_the_firm_answered(consultant: Person, link: str) -> None:
    founders.answer(consultant, consultant.open(f"{link}/questions/networking"), "VL")

    page = consultant.open(f"{link}/verify")

    numbers = founders.model().numbers
    assert page.form("verify").names() >= {f"answer-{number}" for number in numbers}
    assert page.text.count("Not answered") == 37
    cells = page.html.count('<span class="given">Very low</span>')
    assert cells == len(founders.numbers("networking"))


def test_a_verified_answer_changes_no_score_and_stands_in_the_profile(consultant: Person, link: str) -> None:
    founders.answer_everything(consultant, link, "M")
    consultant.send(consultant.open(f"{link}/check"))
    before = consultant.client.get(f"{link}/scores.json").json

    page = verified(consultant, link, answer_2="VH", note_2="Three contracts", answer_44="DK")

    assert "The verified answers are saved." in page.text
    assert held(consultant, link, 2) == ("VH", "Three contracts")
    assert consultant.client.get(f"{link}/scores.json").json == before
    assert consultant.client.get(f"{link}/answers.json").json["responses"][0]["answers"]["2"] == "M"
    profile = consultant.open(f"{link}/profile").text
    assert "Medium verified: Very high" in profile
    assert "Seen when verified: Three contracts" in profile
    assert "Hub verified 2 answers; they stand beside the firm’s own" in profile
    assert "Networking 1 50.0 55" in profile and "The route would stay the same" in profile


def test_a_verified_answer_is_taken_back(consultant: Person, link: str) -> None:
    verified(consultant, link, answer_2="VH", note_2="Three contracts")

    verified(consultant, link, answer_2="", note_2="")

    assert held(consultant, link, 2) == ("", "")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"answer_2": "H", "note_2": "x" * 501}, "At most 500 characters; this has 501."),
        ({"answer_2": "H", "note_2": "\x07"}, "cannot be stored"),
        ({"answer_2": "", "note_2": "Seen"}, "A note needs an answer beside it"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_typed_is_lost(
    consultant: Person, link: str, typed: dict[str, str], problem: str
) -> None:
    page = verified(consultant, link, 400, answer_47="L", **typed)

    assert problem in page.text
    assert page.holds("answer-2") == typed["answer_2"] and page.holds("answer-47") == "L"
    assert page.holds("note-2") == typed["note_2"]
    assert held(consultant, link, 47) == ("", "")


def test_of_two_at_once_the_later_sees_both_and_decides(
    consultant: Person, link: str, visitor: Visitor
) -> None:
    colleague = member(visitor(), email="second@hub.org")
    stale = colleague.open(f"{link}/verify")
    verified(consultant, link, answer_2="VH", note_2="Three contracts")

    page = colleague.send(
        stale, {"answer-2": "L", "note-2": "One", "answer-3": "M"}, form="verify", status=409
    )

    assert "Changed meanwhile elsewhere to: Very high" in page.text and "Three contracts" in page.text
    assert (page.holds("answer-2"), page.holds("note-2")) == ("L", "One")
    assert held(consultant, link, 2) == ("VH", "Three contracts")
    assert held(consultant, link, 3) == ("M", "")
    colleague.send(page, form="verify")
    assert held(consultant, link, 2) == ("L", "One")


def test_a_manager_reads_and_cannot_write(consultant: Person, link: str, visitor: Visitor) -> None:
    verified(consultant, link, answer_2="VH", note_2="Three contracts")
    manager = member(visitor(), "manager")

    page = manager.open(f"{link}/verify")

    assert "Very high Three contracts" in page.text and "<select" not in page.html
    data = {"csrf_token": manager.token(), "answer-2": "L", "seen-2": ""}
    assert manager.client.post(f"{link}/verify", data=data).status_code == 403
    assert held(consultant, link, 2) == ("VH", "Three contracts")


def test_no_private_link_and_no_other_organisation_leads_there(
    consultant: Person, link: str, visitor: Visitor
) -> None:
    private = link_to(consultant, add_firm(consultant))

    for person, path in (
        (visitor(), private),
        (consultant, private),
        (visitor(), link),
        (member(visitor(), organisation="Elsewhere"), link),
    ):
        person.open(f"{path}/verify", 404)
        data = {"csrf_token": person.token(), "answer-2": "L", "seen-2": ""}
        assert person.client.post(f"{path}/verify", data=data).status_code == 404
    assert held(consultant, link, 2) == ("", "")


def test_what_no_page_sends_is_refused(consultant: Person, link: str) -> None:
    data = {"csrf_token": consultant.token(), "answer-2": "VVH", "seen-2": ""}

    assert consultant.client.post(f"{link}/verify", data=data).status_code == 400
    assert held(consultant, link, 2) == ("", "")


def test_the_page_is_there_in_persian(visitor: Visitor) -> None:
    person = member(visitor("fa"), email="persian@hub.org")
    person.typed |= {"Persian"}
    link = round_of(person, add_firm(person))
    page = person.open(f"{link}/verify?lang=fa")

    assert page.language == "fa" and "پاسخ‌های بررسی‌شده" in page.heading
    assert person.open(f"{link}/comments").language == "fa"

"""A paper questionnaire typed in: quick, in any digits, and nothing lost."""

import pytest

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.members import add_firm, member
from tests.web.pages import Page, Person


def typing(person: Person) -> Page:
    return person.open(f"/a/{founders.key(founders.start(person))}/type")


def answers(person: Person, page: Page) -> dict[str, str]:
    key = page.path.split("/")[2]
    found = person.client.get(f"/a/{key}/answers.json").get_json()["responses"][0]["answers"]
    return dict(found)


def test_a_whole_questionnaire_is_typed_in_and_saved(founder: Person) -> None:
    page = typing(founder)
    typed = {f"t-{number}": str(number % 5 + 1) for number in range(1, 48)} | {
        "t-3": "d",
        "t-4": "N",
        "t-5": "",
    }

    after = founder.send(page, typed, form="typein")

    assert after.path.endswith("/check") and "46 of 47 answered" not in after.text
    stored = answers(founder, page)
    assert len(stored) == 46
    assert [stored.get(str(number)) for number in (1, 2, 3, 4, 5, 6, 44)] == [
        "L",
        "M",
        "DK",
        "NA",
        None,
        "L",
        "VH",
    ]
    shown = founder.open(page.path)
    assert [shown.holds(f"t-{number}") for number in (1, 3, 4, 5)] == ["2", "d", "n", ""]


@pytest.mark.parametrize(
    ("typed", "word"),
    [("۱", "VL"), ("٥", "VH"), ("ی", "DK"), ("؟", "DK"), ("د", "NA"), (" 4 ", "H"), ("D", "DK"), ("-", "NA")],
)
def test_persian_and_arabic_digits_and_the_keys_of_a_persian_keyboard_are_understood(
    founder: Person, typed: str, word: str
) -> None:
    page = typing(founder)

    founder.send(page, {"t-1": typed}, form="typein")

    assert answers(founder, page) == {"1": word}


def test_a_persian_page_shows_persian_digits_and_one_is_very_low_there_too(visitor: Visitor) -> None:
    person = visitor("fa")
    page = typing(person)
    person.send(page, {"t-1": "1", "t-2": "۵"}, form="typein")

    assert answers(person, page) == {"1": "VL", "2": "VH"}
    assert person.open(page.path).holds("t-1") == "۱"


def test_bad_entries_are_named_by_row_and_nothing_typed_is_lost(founder: Person) -> None:
    page = typing(founder)

    again = founder.send(page, {"t-1": "6", "t-2": "4", "t-9": "<b>x"}, form="typein", status=400)

    assert "Question 1 : “6” is none of the keys" in again.text
    assert "Question 9 : “<b>x” is none of the keys" in again.text
    assert [again.holds(f"t-{number}") for number in (1, 2, 9)] == ["6", "4", "<b>x"]
    assert answers(founder, page) == {"2": "H"}
    assert founder.send(again, {"t-1": "5", "t-9": ""}, form="typein").path.endswith("/check")
    assert answers(founder, page) == {"1": "VH", "2": "H"}


def test_two_who_type_at_once_see_both_values_and_keep_what_they_did_not_touch(founder: Person) -> None:
    page = typing(founder)
    founder.send(page, {"t-1": "1", "t-2": "2", "t-3": "3"}, form="typein")

    again = founder.send(page, {"t-1": "5", "t-3": "3", "t-4": "4"}, form="typein", status=409)

    assert (
        "Question 1 : changed meanwhile in another window" in again.text and "There it says: 1" in again.text
    )
    assert again.holds("t-1") == "5"
    assert answers(founder, page) == {"1": "VL", "2": "L", "3": "M", "4": "H"}
    founder.send(again, form="typein")
    assert answers(founder, page)["1"] == "VH"


def test_a_note_stays_when_its_answer_is_typed_over(founder: Person) -> None:
    page = typing(founder)
    key = page.path.split("/")[2]
    questions = founder.open(f"/a/{key}/questions/networking")
    founder.send(questions, {"a-1": "L", "n-1": "seen at the fair"}, button="next", form="answers")

    founder.send(founder.open(page.path), {"t-1": "4"}, form="typein")

    document = founder.client.get(f"/a/{key}/answers.json").get_json()["responses"][0]
    assert (document["answers"], document["notes"]) == ({"1": "H"}, {"1": "seen at the fair"})


def test_an_assessment_finished_meanwhile_is_not_changed_and_what_was_typed_stands(founder: Person) -> None:
    page = typing(founder)
    founder.send(page, {"t-1": "1"}, form="typein")
    key = page.path.split("/")[2]
    stale = founder.open(page.path)
    founder.post(f"/a/{key}/finish", [("csrf_token", founder.token())])

    again = founder.send(stale, {"t-1": "5"}, form="typein", status=409)

    assert "finished meanwhile" in again.text and again.holds("t-1") == "5"
    assert answers(founder, page) == {"1": "VL"}


def test_a_manager_may_look_and_not_type(visitor: Visitor) -> None:
    consultant = member(visitor(), organisation="Typing", email="c@typing.org")
    firm = consultant.open(add_firm(consultant))
    path = next(link for link in firm.links() if link.endswith("/type"))
    assert consultant.send(consultant.open(path), {"t-1": "3"}, form="typein").path.endswith("/check")

    manager = member(visitor(), "manager", "Typing", "m@typing.org")
    manager.send(manager.open(path), {"t-1": "5"}, form="typein", status=403)
    member(visitor(), organisation="Elsewhere", email="c@else.org").open(path, status=404)

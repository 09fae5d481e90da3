"""Answering together: one question a page, one click an answer."""

import pytest

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.members import add_firm, member
from tests.web.pages import Page, Person

LAST = founders.model().numbers[-1]


def question(person: Person, link: str, number: int = 1) -> Page:
    return person.open(f"{link}/together/{number}")


def stored(person: Person, link: str) -> dict[str, dict[str, str]]:
    response: dict[str, dict[str, str]] = person.client.get(f"{link}/answers.json").json["responses"][0]
    return response


def press(person: Person, page: Page, word: str, status: int = 200, **typed: str) -> Page:
    """Press an answer with what was typed beside it."""
    number = page.path.rpartition("/")[2]
    values = {f"{kind[0]}-{number}": text for kind, text in typed.items()}
    return person.send(page, values, button=word, form="together", status=status)


def pressed(page: Page) -> list[str]:
    """The answers that the page shows as chosen."""
    parts = page.html.split('<button name="answer" value="')[1:]
    return [part.partition('"')[0] for part in parts if 'aria-pressed="true"' in part.partition(">")[0]]


def test_one_click_answers_and_goes_on(founder: Person) -> None:
    link = founders.start(founder)
    page = founder.open(f"{link}/together")
    assert page.path == f"{link}/together/1"
    assert pressed(page) == [] and "0 of 47 answered" in page.text

    page = press(founder, page, "H")
    assert page.path == f"{link}/together/2" and "1 of 47 answered" in page.text
    page = press(founder, page, "DK")
    press(founder, page, "NA", note="See the contract", reason="No partners")

    got = stored(founder, link)
    assert got["answers"] == {"1": "H", "2": "DK", "3": "NA"}
    assert got["notes"] == {"3": "See the contract"} and got["reasons"] == {"3": "No partners"}
    assert pressed(question(founder, link)) == ["H"]


def test_it_goes_on_at_the_first_open_question_and_ends_at_the_check_page(founder: Person) -> None:
    link = founders.start(founder)
    for component in founders.components():
        founders.answer(founder, founder.open(f"{link}/questions/{component}"), "M")
    assert founder.open(f"{link}/together").path == f"{link}/together/1"

    page = press(founder, question(founder, link, LAST), "VH")

    assert page.path == f"{link}/check"
    assert f"{link}/together" in page.links()
    assert stored(founder, link)["answers"][str(LAST)] == "VH"


def test_one_can_go_back_and_forth_and_a_note_is_kept_without_an_answer(founder: Person) -> None:
    link = founders.start(founder)
    page = question(founder, link, 2)

    page = founder.send(page, {"n-2": "Ask the board"}, button="back", form="together")
    assert page.path == f"{link}/together/1"
    assert "back" not in [item.value for item in page.form("together").controls]
    page = founder.send(page, button="next", form="together")

    assert page.path == f"{link}/together/2"
    assert page.holds("n-2") == "Ask the board"
    assert stored(founder, link)["answers"] == {}
    assert founder.send(page, button="check", form="together").path == f"{link}/check"


def test_a_chosen_answer_stands_when_one_goes_on_by_the_button(founder: Person) -> None:
    link = founders.start(founder)
    press(founder, question(founder, link), "L")

    founder.send(question(founder, link), button="next", form="together")

    assert stored(founder, link)["answers"] == {"1": "L"}


def test_an_answer_changed_elsewhere_meanwhile_is_shown_beside_the_new_one(founder: Person) -> None:
    link = founders.start(founder)
    stale = question(founder, link)
    press(founder, question(founder, link), "VL", note="From the other room")

    page = press(founder, stale, "H", 409, note="From this room")

    assert "Stored there Very low · From the other room" in page.text
    assert "Entered here High · From this room" in page.text
    assert pressed(page) == ["H"]
    assert stored(founder, link)["answers"] == {"1": "VL"}
    assert press(founder, page, "H").path == f"{link}/together/2"
    assert stored(founder, link)["answers"] == {"1": "H"}
    assert stored(founder, link)["notes"] == {"1": "From this room"}


def test_the_same_answer_from_two_is_no_conflict(founder: Person) -> None:
    link = founders.start(founder)
    stale = question(founder, link)
    press(founder, question(founder, link), "H")

    assert press(founder, stale, "H").path == f"{link}/together/2"


def test_where_it_was_finished_meanwhile_nothing_is_stored_and_nothing_lost(founder: Person) -> None:
    link = founders.start(founder)
    page = question(founder, link, 20)
    founders.finish(founder, link)

    page = press(founder, page, "H", 409, note="Typed in vain?")

    assert "finished meanwhile" in page.text
    assert pressed(page) == ["H"] and page.holds("n-20") == "Typed in vain?"
    assert "20" not in stored(founder, link)["answers"]
    assert founder.open(f"{link}/together/20").path == f"{link}/profile"
    founder.send(founder.open(f"{link}/profile"))
    press(founder, page, "H")
    assert stored(founder, link)["answers"]["20"] == "H"


@pytest.mark.parametrize(("kind", "most"), [("note", 2000), ("reason", 500)])
def test_a_text_that_is_too_long_comes_back_with_the_answer(founder: Person, kind: str, most: int) -> None:
    link = founders.start(founder)

    page = press(founder, question(founder, link), "NA", 400, **{kind: "x" * (most + 1)})

    assert f"At most {most} characters; this has {most + 1}." in page.text
    assert pressed(page) == ["NA"] and page.holds(f"{kind[0]}-1") == "x" * (most + 1)
    assert stored(founder, link)["answers"] == {}


def test_only_indicators_that_are_asked_have_a_page(founder: Person) -> None:
    link = founders.start(founder)
    for number in ("0", "48", "1000000", "-1", "one"):
        founder.open(f"{link}/together/{number}", 404)
        sent = founder.client.post(f"{link}/together/{number}", data={"csrf_token": founder.token()})
        assert sent.status_code in (404, 405)


def test_what_no_page_sends_is_refused(founder: Person) -> None:
    link, token = founders.start(founder), founder.token()
    seen = str(question(founder, link).holds("s-1"))

    for data in ({}, {"answer": "H"}, {"answer": "XX", "s-1": seen}, {"a-1": "VVH", "s-1": seen}):
        sent = founder.client.post(f"{link}/together/1", data={"csrf_token": token} | data)
        assert sent.status_code == 400, data
    assert stored(founder, link)["answers"] == {}


def test_the_language_changes_without_losing_a_note(founder: Person) -> None:
    link = founders.start(founder)

    page = founder.send(question(founder, link, 3), {"n-3": "Typed"}, button="fa", form="together")

    assert page.path == f"{link}/together/3" and page.language == "fa"
    assert page.holds("n-3") == "Typed"


def test_in_persian_too_the_first_key_is_the_lowest_answer(visitor: Visitor) -> None:
    person = visitor("fa")
    page = question(person, founders.start(person))

    keys = [part.partition('"')[0] for part in page.html.split('data-key="')[1:]]
    values = [item.value for item in page.form("together").controls if item.name == "answer"]
    assert list(zip(keys, values, strict=True)) == [
        *zip("12345", ("VL", "L", "M", "H", "VH"), strict=True),
        ("d", "DK"),
        ("n", "NA"),
    ]
    assert "۱ بسیار کم" in page.text


def test_a_consultant_answers_with_the_firm_and_a_manager_only_looks(visitor: Visitor) -> None:
    consultant, manager = member(visitor()), member(visitor(), "manager")
    firm = add_firm(consultant, "Together Ltd")
    page = consultant.open(next(link for link in consultant.open(firm).links() if "/together" in link))
    link = founders.home(page)
    press(consultant, page, "H")
    assert stored(consultant, link)["answers"] == {"1": "H"}

    assert not any("/together" in to for to in manager.open(firm).links())
    seen = question(manager, link)
    assert pressed(seen) == ["H"] and "disabled" in seen.html and "<textarea" not in seen.html
    assert f"{link}/together/2" in seen.links()
    sent = manager.client.post(
        f"{link}/together/1", data={"csrf_token": manager.token(), "answer": "L", "s-1": seen.holds("s-1")}
    )
    assert sent.status_code == 403
    assert stored(consultant, link)["answers"] == {"1": "H"}


def test_a_colleague_who_answers_alone_is_not_led_there(founder: Person, visitor: Visitor) -> None:
    link = founders.start(founder)
    assert any("/together/" in to for to in founder.open(f"{link}/questions/networking").links())
    values = {"role": "Head of sales"}
    shown = founder.send(founder.open(f"{link}/raters"), values, form="invite")
    own, colleague = founders.home_of(shown.private_link), visitor()

    for page in (colleague.open(own), colleague.open(f"{own}/check")):
        assert not any("/together" in to for to in page.links())
    colleague.open(f"{own}/together", 404)
    colleague.open(f"{own}/together/1", 404)

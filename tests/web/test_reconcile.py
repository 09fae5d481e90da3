"""The meeting over answers that differ: what it shows, and what it keeps beside the raters' answers."""

import re

import pytest

from tests.web import founder as founders
from tests.web import members
from tests.web.conftest import Visitor
from tests.web.pages import Page, Person
from tests.web.test_raters import begun, done, invite


@pytest.fixture
def meeting(founder: Person, visitor: Visitor) -> str:
    """Where the holder's link leads: networking high for the holder, very low for the head of sales."""
    link = begun(founder)
    done(visitor(), invite(founder, link, "Head of sales", "Mina Secret"), "VL")
    return link


def agree(person: Person, link: str, number: int, status: int = 200, **values: str) -> Page:
    """Write down what is agreed of an indicator and go back to the list."""
    page = person.open(f"{link}/reconcile/{number}")
    return person.send(page, values, button="list", form="agree", status=status)


def test_with_a_single_rater_there_is_nothing_to_compare(founder: Person) -> None:
    link = begun(founder)
    invite(founder, link, "Head of sales")

    assert "as soon as two people have answered" in founder.open(f"{link}/reconcile").text
    assert founder.open(f"{link}/reconcile/1").path == f"{link}/reconcile"
    assert f"{link}/reconcile" not in founder.open(f"{link}/check").links()


def test_the_list_holds_those_far_apart_first_and_reaches_all(founder: Person, meeting: str) -> None:
    page = founder.open(f"{meeting}/reconcile")

    numbers = [int(href.rpartition("/")[2]) for href in page.links() if re.search(r"/reconcile/\d+$", href)]
    assert set(numbers) == set(founders.model().numbers)
    assert set(numbers[:10]) == set(range(1, 11))
    assert "every rater’s answers beside their roles" in page.text
    assert "Mina Secret" not in page.html
    assert f"{meeting}/reconcile" in founder.open(f"{meeting}/check").links()


def test_an_indicator_shows_who_said_what(founder: Person, meeting: str) -> None:
    page = founder.open(f"{meeting}/reconcile/3")

    spread = re.search(r'<ol class="spread">(.*?)</ol>', page.html, re.DOTALL)
    assert spread
    text = " ".join(re.sub("<[^>]+>", " ", spread[1]).split())
    assert text == "Very low Head of sales Low Medium High Managing director Very high"
    # H is (.5, .75, 1), VL is (0, 0, .25): the mean (.25, .375, .625) is 40, each .3385 away.
    assert "Index of the mean 40.0" in page.text
    assert "Disagreement 0.34 ◆ far apart" in page.text
    founder.open(f"{meeting}/reconcile/48", status=404)
    founder.open(f"{meeting}/reconcile/0", status=404)


def test_what_is_agreed_stands_beside_the_answers_and_moves_no_score(founder: Person, meeting: str) -> None:
    before = founder.open(f"{meeting}/scores.json").body
    page = agree(
        founder, meeting, 3, code="VH", note="Two contracts shown", minority="Sales: <b>only one</b>"
    )

    assert page.path == f"{meeting}/reconcile" and "agreed: Very high" in page.text
    assert "Networking 40.0 " in page.text, "and what it would be stands beside it"
    assert founder.open(f"{meeting}/scores.json").body == before
    page = founder.open(f"{meeting}/reconcile/3")
    assert (page.holds("code"), page.holds("note")) == ("VH", "Two contracts shown")
    profile = founder.send(founder.open(f"{meeting}/check"))
    assert "Very high · Two contracts shown" in profile.text
    assert "Sees it otherwise Sales: <b>only one</b>" in profile.text.replace("&lt;", "<")
    assert re.search(r"Networking \d+\.\d instead of 40\.0", profile.text)


def test_a_meeting_can_go_on_after_finishing(founder: Person, meeting: str) -> None:
    founder.send(founder.open(f"{meeting}/check"))

    agree(founder, meeting, 2, code="DK")
    assert "Agreed in the meeting" in founder.open(f"{meeting}/profile").text


def test_save_and_next_walks_from_the_largest_disagreement_down(founder: Person, meeting: str) -> None:
    page = founder.open(f"{meeting}/reconcile/1")
    page = founder.send(page, {"code": "M"}, button="next", form="agree")

    assert page.path == f"{meeting}/reconcile/2"


def test_without_an_agreed_answer_a_note_stays_out_of_the_report(founder: Person, meeting: str) -> None:
    agree(founder, meeting, 3, note="Ask the customers")

    assert founder.open(f"{meeting}/reconcile/3").holds("note") == "Ask the customers"
    assert "Ask the customers" not in founder.send(founder.open(f"{meeting}/check")).html


@pytest.mark.parametrize("field", ["note", "minority"])
def test_what_cannot_be_kept_comes_back_with_its_reason(founder: Person, meeting: str, field: str) -> None:
    page = agree(founder, meeting, 3, 400, code="L", **{field: "x" * 2001})

    assert "At most 2000 characters; this has 2001." in page.text
    assert page.holds(field) == "x" * 2001 and page.holds("code") == "L"
    assert founder.open(f"{meeting}/reconcile/3").holds("code") == ""


def test_no_other_word_is_an_answer(founder: Person, meeting: str) -> None:
    page = founder.open(f"{meeting}/reconcile/3")
    sent = [(name, value) for name, value in page.form("agree").filled() if name != "code"]

    founder.post(page.path, [*sent, ("code", "EXCELLENT")], status=400)


def test_two_who_write_at_once_see_both_and_lose_nothing(founder: Person, meeting: str) -> None:
    other = founder.elsewhere()
    mine, theirs = founder.open(f"{meeting}/reconcile/3"), other.open(f"{meeting}/reconcile/3")
    other.send(theirs, {"code": "L", "note": "theirs"}, button="list", form="agree")

    page = founder.send(mine, {"code": "VH", "note": "mine"}, button="list", form="agree", status=409)
    assert "Changed meanwhile elsewhere to: Low." in page.text
    assert "Changed meanwhile elsewhere to: theirs." in page.text
    assert (page.holds("code"), page.holds("note")) == ("VH", "mine")
    assert founder.open(f"{meeting}/reconcile/3").holds("note") == "theirs"
    founder.send(page, button="list", form="agree")
    assert founder.open(f"{meeting}/reconcile/3").holds("note") == "mine"


def test_a_manager_looks_and_changes_nothing_and_the_deed_is_noted(visitor: Visitor) -> None:
    consultant = members.member(visitor(), organisation="Meeting Hub")
    manager = members.member(visitor(), "manager", organisation="Meeting Hub")
    stranger = members.member(visitor(), organisation="Other Hub")
    firm = consultant.open(members.add_firm(consultant, "Observed"))
    link = next(href for href in firm.links() if href.startswith("/a/"))
    founders.answer(consultant, consultant.open(f"{link}/questions/networking"))
    done(visitor(), invite(consultant, link, "Head of sales"), "VL")
    agree(consultant, link, 3, code="M", note="Settled")

    page = manager.open(f"{link}/reconcile/3")
    assert "What was agreed Medium Settled" in page.text and not page.read.forms
    manager.post(page.path, [("csrf_token", manager.token()), ("code", "L")], status=403)
    stranger.open(f"{link}/reconcile", status=404)
    deeds = consultant.app.extensions["store"].rows("SELECT deed FROM audit WHERE about = 'Observed'")
    assert "meeting.agree" in [row["deed"] for row in deeds]


@pytest.mark.parametrize("prefers", ["en", "fa"])
def test_the_meeting_speaks_the_language(founder: Person, meeting: str, prefers: str) -> None:
    founder.typed |= {"Head of sales", "Managing director", "Target firm", "Two contracts"}
    agree(founder, meeting, 3, code="VH", note="Two contracts", minority="Two contracts")

    assert founder.open(f"{meeting}/reconcile?lang={prefers}").language == prefers
    page = founder.open(f"{meeting}/reconcile/44")
    assert page.language == prefers and page.form("agree")
    assert founder.send(founder.open(f"{meeting}/check")).language == prefers

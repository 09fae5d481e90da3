"""A consultant's comments: written by one page, read by the firm on its profile."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.hostile import TEXTS
from tests.web.members import add_firm, link_to, member, round_of
from tests.web.pages import Page, Person

ONE, TWO = "comment-networking", "comment-assets"


@pytest.fixture
def consultant(visitor: Visitor) -> Person:
    return member(visitor())


def commented(person: Person, link: str, **texts: str) -> Page:
    values = {f"comment-{key}": text for key, text in texts.items()}
    return person.send(person.open(f"{link}/comments"), values, form="comments")


def held(person: Person, link: str) -> str:
    return str(person.open(f"{link}/comments").holds(ONE))


def test_a_comment_is_kept_and_stands_on_the_profile_under_the_name_of_the_organisation(
    consultant: Person, visitor: Visitor
) -> None:
    firm = add_firm(consultant, "Commented Ltd")
    link, founder = round_of(consultant, firm), visitor()
    private = link_to(consultant, firm)
    founders.finish(consultant, link)

    page = commented(consultant, link, networking="Go to the fair.\nTwice.\n\nThen call us.")

    assert "The comments are saved." in page.text
    assert page.holds(ONE) == "Go to the fair.\nTwice.\n\nThen call us."
    founder.typed |= {"Hub"}
    profile = founder.open(f"{private}/profile")
    assert "Adviser’s comment – Hub Go to the fair. Twice. Then call us." in profile.text
    assert profile.text.count("Adviser’s comment") == 1
    assert f"{link}/comments" in consultant.open(f"{link}/profile").links()
    assert not any("/comments" in to for to in profile.links())


def test_a_cleared_comment_is_gone(consultant: Person) -> None:
    link = round_of(consultant, add_firm(consultant))
    founders.finish(consultant, link)
    commented(consultant, link, networking="Too early to say")

    commented(consultant, link, networking="  ")

    assert held(consultant, link) == ""
    assert "Adviser’s comment" not in consultant.open(f"{link}/profile").text


def test_the_audit_list_says_who_commented_on_what(consultant: Person, visitor: Visitor) -> None:
    firm = add_firm(consultant, "Audited Ltd")
    commented(consultant, round_of(consultant, firm), networking="Yes")

    listed = member(visitor(), "administrator").open("/organisation/audit")

    assert "Consultant Comments changed Audited Ltd" in listed.text


def test_a_comment_too_long_or_unprintable_is_refused_and_nothing_typed_is_lost(consultant: Person) -> None:
    link = round_of(consultant, add_firm(consultant))
    typed = {ONE: "x" * 2001, TWO: "Good"}

    page = consultant.send(consultant.open(f"{link}/comments"), typed, form="comments", status=400)

    assert "At most 2000 characters; this has 2001." in page.text
    assert {name: page.holds(name) for name in typed} == typed
    assert held(consultant, link) == ""
    consultant.send(page, {ONE: "\x07 bell"}, form="comments", status=400)
    consultant.send(page, {ONE: "x" * 2000}, form="comments")
    assert consultant.open(f"{link}/comments").holds(TWO) == "Good"


def test_of_two_at_once_the_later_sees_both_and_decides(consultant: Person, visitor: Visitor) -> None:
    link = round_of(consultant, add_firm(consultant))
    colleague = member(visitor(), email="second@hub.org")
    stale = colleague.open(f"{link}/comments")
    commented(consultant, link, networking="First")

    page = colleague.send(stale, {ONE: "Second", TWO: "Other part"}, form="comments", status=409)

    assert "There it says: First" in page.text and page.holds(ONE) == "Second"
    assert consultant.open(f"{link}/comments").holds(ONE) == "First"
    assert consultant.open(f"{link}/comments").holds(TWO) == "Other part"
    colleague.send(page, form="comments")
    assert held(consultant, link) == "Second"


def test_a_comment_removed_meanwhile_is_said_to_be_removed(consultant: Person, visitor: Visitor) -> None:
    link = round_of(consultant, add_firm(consultant))
    commented(consultant, link, networking="First")
    colleague = member(visitor(), email="second@hub.org")
    stale = colleague.open(f"{link}/comments")
    commented(consultant, link, networking="")

    page = colleague.send(stale, {ONE: "Second"}, form="comments", status=409)

    assert "There it was removed." in page.text


def test_what_was_not_touched_overwrites_nothing(consultant: Person, visitor: Visitor) -> None:
    link = round_of(consultant, add_firm(consultant))
    colleague = member(visitor(), email="second@hub.org")
    stale = colleague.open(f"{link}/comments")
    commented(consultant, link, networking="First")

    colleague.send(stale, {TWO: "Mine"}, form="comments")

    assert held(consultant, link) == "First"


def test_a_manager_reads_and_cannot_write(consultant: Person, visitor: Visitor) -> None:
    link = round_of(consultant, add_firm(consultant))
    commented(consultant, link, networking="For your eyes")
    manager = member(visitor(), "manager")

    page = manager.open(f"{link}/comments")

    assert "For your eyes" in page.text and "<textarea" not in page.html
    sent = manager.client.post(
        f"{link}/comments", data={"csrf_token": manager.token(), ONE: "Mine", "seen-networking": ""}
    )
    assert sent.status_code == 403
    assert held(consultant, link) == "For your eyes"


def test_no_private_link_leads_there_not_even_of_who_is_signed_in(
    consultant: Person, visitor: Visitor
) -> None:
    private = link_to(consultant, add_firm(consultant))

    for person in (visitor(), consultant):
        person.open(f"{private}/comments", 404)
        sent = person.client.post(f"{private}/comments", data={"csrf_token": person.token()})
        assert sent.status_code == 404


def test_for_another_organisation_and_who_is_not_signed_in_it_is_not_there(
    consultant: Person, visitor: Visitor
) -> None:
    link = round_of(consultant, add_firm(consultant))

    for person in (visitor(), member(visitor(), organisation="Elsewhere")):
        person.open(f"{link}/comments", 404)
        data = {"csrf_token": person.token(), ONE: "Mine", "seen-networking": ""}
        assert person.client.post(f"{link}/comments", data=data).status_code == 404
    assert held(consultant, link) == ""


@pytest.mark.parametrize("code", ["en", "fa"])
def test_hostile_texts_are_texts_in_comments_and_on_the_profile(visitor: Visitor, code: str) -> None:
    person = member(visitor(code), organisation=f"Hostile-{code}")
    person.typed |= {f"Hostile-{code}", "Consultant"}
    link = round_of(person, add_firm(person))
    founders.finish(person, link)
    person.open(f"/portfolio?lang={code}")
    for text in TEXTS:
        page = commented(person, link, networking=text)
        assert page.language == code and page.holds(ONE) == text.strip()
        assert text.split()[0] in person.open(f"{link}/profile").text


def test_a_comment_written_after_finishing_is_in_the_next_pdf(consultant: Person) -> None:
    link = round_of(consultant, add_firm(consultant))
    founders.finish(consultant, link)

    for text in ("Begin with Oman", "Begin with Qatar"):
        commented(consultant, link, networking=text)
        pdf = consultant.client.get(f"{link}/profile.en.pdf")
        assert pdf.mimetype == "application/pdf"
        pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages]
        assert text in " ".join(pages)

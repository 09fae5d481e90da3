"""The portfolio page by page, in both languages, by one and by two at once."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.hostile import TEXTS
from tests.web.members import add_firm, member, round_of
from tests.web.pages import Person


@pytest.fixture
def ada(visitor: Visitor) -> Person:
    """A consultant of an organisation without firms."""
    person = visitor()
    place = f"Hub{person.address.replace('.', '')}"
    return member(person, organisation=place)


def colleague(visitor: Visitor, ada: Person, role: str = "consultant", prefers: str = "en") -> Person:
    """Somebody else of the same organisation."""
    place = f"Hub{ada.address.replace('.', '')}"
    person = member(visitor(prefers), role, place, f"other-{role}@{place.lower()}.org")
    person.typed |= ada.typed
    return person


def private_link(ada: Person, firm: str) -> str:
    page = ada.send(ada.open(firm), button="show", form="link")
    return page.private_link.removeprefix("http://localhost")


def test_an_empty_portfolio_says_how_to_begin(ada: Person) -> None:
    assert "Add one, or take over" in ada.open("/portfolio").text


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_firm_is_added_answers_by_its_link_and_its_result_is_listed(
    ada: Person, visitor: Visitor, language: str
) -> None:
    ada.open(f"/portfolio?lang={language}")
    firm = add_firm(ada, "Nanotech Pars", email="ceo@pars.ir", sector="materials")
    link = private_link(ada, firm)
    ceo = visitor(language)
    ceo.typed |= ada.typed
    founders.finish(ceo, link)

    page = ada.open("/portfolio")

    words = {"en": ("Finished", "Advanced materials"), "fa": ("پایان‌یافته", "مواد پیشرفته")}[language]
    assert all(word in page.text for word in words)
    assert "no overall index" in page.text or "بدون نمرهٔ کل" in page.text, "one page of nine"
    founders.answer_everything(ceo, founders.home(ceo.send(ceo.open(f"{link}/profile"))))
    ceo.send(ceo.open(f"{link}/check"))
    result = {"en": "76 · keep both strong", "fa": "۷۶ · قوی نگه داشتن هر دو"}[language]
    assert result in ada.open("/portfolio").text


def test_the_consultant_answers_and_finishes_with_or_for_the_firm(ada: Person) -> None:
    firm = add_firm(ada)
    answers = round_of(ada, firm)

    page = founders.finish(ada, answers)

    assert page.path == f"{answers}/profile" and "Back to the firm in the portfolio" in page.text
    assert "Keep your private link" not in page.text and ada.open(answers).path.endswith("/profile")


def test_a_manager_sees_everything_and_changes_nothing(ada: Person, visitor: Visitor) -> None:
    firm = add_firm(ada)
    answers = round_of(ada, firm)
    manager = colleague(visitor, ada, "manager")

    page = manager.open(firm)
    assert "Nanotech Pars" in page.text and page.read.forms == []
    assert "Add a firm" not in manager.open("/portfolio").text
    questions = manager.open(answers)
    names = {name: "H" for name in questions.form().names() if name.startswith("a-")}
    manager.send(questions, names, button="next", status=403)
    assert ada.open(answers).holds("a-1") == ""


def test_the_list_is_searched_filtered_and_turned_over_and_keeps_it_in_the_address(ada: Person) -> None:
    for at in range(52):
        add_firm(ada, f"Firm {at:02}", sector="energy" if at % 2 else "software")
    page = ada.open("/portfolio?sector=energy&q=firm")
    assert "26 firms" in page.text and page.holds("sector") == "energy" and page.holds("q") == "firm"

    first = ada.open("/portfolio")
    assert "Page 1 of 3" in first.text and "Firm 19" in first.text and "Firm 20" not in first.text
    (following,) = (link for link in first.links() if "page=2" in link)
    assert "Firm 39" in ada.open(following).text
    for odd in ("page=0", "page=x", "page=٢", "page=99999", "page=-1", "sort=drop", "status=%00", "sector=x"):
        assert ada.open(f"/portfolio?{odd}").status == 200


@pytest.mark.parametrize("text", TEXTS[:40])
def test_any_search_is_a_search(ada: Person, text: str) -> None:
    ada.typed.add(text)
    answer = ada.client.get("/portfolio", query_string={"q": text})

    assert answer.status_code == 200


def test_the_day_of_the_next_review_is_typed_in_either_calendar(ada: Person) -> None:
    firm = add_firm(ada)
    page = ada.send(ada.open(f"{firm}/care"), {"next_review": "۱۴۰۵/۰۹/۰۵"})
    assert "26 November 2026" in page.text

    page = ada.send(ada.open(f"{firm}/care"), {"next_review": "2026-13-01"}, status=400)
    assert page.holds("next_review") == "2026-13-01" and "Please enter a day" in page.text


def test_a_review_that_is_overdue_is_marked(ada: Person) -> None:
    firm = add_firm(ada)
    yesterday = (datetime.now(UTC).date() - timedelta(1)).isoformat()
    ada.send(ada.open(f"{firm}/care"), {"next_review": yesterday})

    assert "overdue" in ada.open("/portfolio?sort=review").text


def test_two_consultants_who_change_the_same_firm_at_once_lose_nothing(ada: Person, visitor: Visitor) -> None:
    firm = add_firm(ada)
    bob = colleague(visitor, ada)
    bob.typed |= ada.typed
    one, two = ada.open(f"{firm}/care"), bob.open(f"{firm}/care")

    ada.send(one, {"email": "first@pars.ir"})
    page = bob.send(two, {"email": "second@pars.ir", "next_review": "2027-01-01"}, status=409)
    assert "first@pars.ir" in page.text and page.holds("email") == "second@pars.ir"
    assert "first@pars.ir" in ada.open(firm).text

    bob.send(page, {"email": "second@pars.ir"})
    assert "second@pars.ir" in ada.open(firm).text


def test_a_founder_shares_an_assessment_sees_who_looks_after_it_and_ends_that(
    ada: Person, visitor: Visitor
) -> None:
    founder = visitor()
    link = founders.start(founder, "Founder's own")
    founders.finish(founder, link)
    ada.typed |= founder.typed

    page = ada.send(ada.open("/portfolio/take-over"), {"link": f"http://localhost{link}/profile"})
    assert page.heading == "Founder's own"

    founder.typed |= ada.typed
    shown = founder.open(f"{link}/profile")
    assert "looks after your firm" in shown.text
    founder.send(shown, form="let-go")
    assert "looks after" not in founder.open(f"{link}/profile").text
    assert "Founder's own" not in ada.open("/portfolio").text
    ada.open(page.path, status=404)


@pytest.mark.parametrize("typed", ["nonsense", "/a/", "https://else.example/a/abc", "/a/%00", "a/" * 200])
def test_what_is_no_link_of_ours_takes_nothing_over(ada: Person, typed: str) -> None:
    page = ada.send(ada.open("/portfolio/take-over"), {"link": typed}, status=400)

    assert "No assessment has this link" in page.text and page.holds("link") == typed


def test_a_firm_that_is_looked_after_already_is_not_taken_over(ada: Person, visitor: Visitor) -> None:
    link = private_link(ada, add_firm(ada))
    stranger = member(visitor(), organisation="Elsewhere")

    page = stranger.send(stranger.open("/portfolio/take-over"), {"link": link}, status=400)

    assert "looks after this firm already" in page.text


def test_archived_firms_have_a_list_of_their_own(ada: Person) -> None:
    firm = add_firm(ada)
    ada.send(ada.open(firm), form="archive")

    assert "Nanotech" not in ada.open("/portfolio").text
    assert "Nanotech" in ada.open("/portfolio?archived=yes").text
    ada.send(ada.open(firm), form="archive")
    assert "Nanotech" in ada.open("/portfolio").text


def test_deleting_offers_a_copy_asks_and_is_for_good(ada: Person, visitor: Visitor) -> None:
    firm = add_firm(ada)
    link = private_link(ada, firm)
    page = ada.open(f"{firm}/delete")
    (copy,) = (address for address in page.links() if address.endswith("answers.json"))
    assert b"Nanotech Pars" in ada.open(copy).body

    page = ada.send(page)

    assert "was deleted for good" in page.text and "was deleted" not in ada.open("/portfolio").text
    ada.open(firm, status=404)
    visitor().open(link, status=404)


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_names_are_names(ada: Person, text: str) -> None:
    page = ada.open("/portfolio/new")
    sent = ada.fill(page, {"name": text[:150], "country": text[:70]})
    ada.typed |= {text[:150].strip(), text[:70].strip()}
    answer = ada.client.post("/portfolio/new", data=dict(sent))
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        ada.open(answer.headers["Location"])
        ada.open(f"{answer.headers['Location']}/delete")
    ada.open("/portfolio")


def test_nothing_that_no_field_is_for_can_be_set(ada: Person, app: Flask) -> None:
    page = ada.open("/portfolio/new")
    sent = dict(ada.fill(page, {"name": "Massive"}))
    store = app.extensions["store"]
    (other,) = store.rows("SELECT id FROM organisations ORDER BY created_at, id LIMIT 1")
    for name in ("organisation_id", "organisation", "role", "id", "overall", "archived_at", "created_at"):
        sent[name] = other["id"]
    ada.client.post("/portfolio/new", data=sent)

    (firm,) = store.rows("SELECT * FROM firms WHERE name = 'Massive'")
    mine = ada.open("/portfolio").text
    assert "Massive" in mine and firm["archived_at"] is None and len(firm["id"]) == 24

"""Several raters: who invites whom, who sees what, and that a colleague sees nothing but an own response."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from readiness.web import access
from tests.web import founder as founders
from tests.web import members
from tests.web.conftest import Visitor
from tests.web.pages import Page, Person
from tests.web.tools import address

#: What a colleague's link leads to.
FOR_RATERS = {
    "questionnaire.resume",
    "questionnaire.component",
    "questionnaire.save",
    "questionnaire.check",
    "raters.declare",
    "raters.thanks",
}
#: Words of holder-only pages.
PRIVATE = ("Head of finance", "Mina Secret", "Managing director")


def invite(person: Person, link: str, role: str, name: str = "", email: str | None = None) -> str:
    """Invite somebody; the path of the private link that is shown once."""
    values = {"role": role, "name": name} | ({} if email is None else {"email": email})
    page = person.send(person.open(f"{link}/raters"), values, form="invite")
    return founders.home_of(page.private_link)


def begun(person: Person) -> str:
    """An assessment whose first page is answered; where its private link leads."""
    link = founders.home(person.send(person.open("/start"), {"name": "Target firm", "rater": PRIVATE[2]}))
    founders.answer(person, person.open(link))
    return link


def done(person: Person, link: str, term: str = "L") -> Page:
    """Answer the first page as a colleague and declare to be done."""
    founders.answer(person, person.open(f"{link}/questions/networking"), term)
    return person.send(person.open(f"{link}/check"), form="done")


@pytest.fixture
def colleague(visitor: Visitor) -> Person:
    return visitor()


def test_a_founder_finds_the_raters_from_the_answers_and_from_the_profile(founder: Person) -> None:
    link = begun(founder)

    assert f"{link}/raters" in founder.open(f"{link}/check").links()
    page = founders.finish(founder, link)
    assert f"{link}/raters" in page.links()
    assert "Change answers" in founder.open(f"{link}/raters").text


def test_a_link_is_shown_once_and_the_rater_stays_listed(founder: Person) -> None:
    link = begun(founder)
    page = founder.send(
        founder.open(f"{link}/raters"), {"role": "Head of finance", "name": "Mina Secret"}, form="invite"
    )

    assert "Private link for Head of finance" in page.text
    again = founder.open(f"{link}/raters")
    assert "Head of finance Mina Secret" in again.text and "Not begun" in again.text
    assert founders.home_of(page.private_link) not in again.html


@pytest.mark.parametrize("role", ["", "   ", "x" * 81, "a\x07b"])
def test_a_role_that_cannot_be_comes_back_with_its_reason(founder: Person, role: str) -> None:
    link = begun(founder)
    page = founder.send(
        founder.open(f"{link}/raters"), {"role": role, "name": "Mina"}, form="invite", status=400
    )

    assert "Please look at this again" in page.text
    assert page.holds("name") == "Mina"


def test_a_role_is_invited_once(founder: Person) -> None:
    link = begun(founder)
    invite(founder, link, "Head of finance")
    page = founder.send(
        founder.open(f"{link}/raters"), {"role": "head of  finance"}, form="invite", status=409
    )

    assert "Somebody answers in this role already" in page.text
    assert page.holds("role") == "head of finance" or page.holds("role") == "head of  finance"


def test_the_first_rater_is_told_that_a_role_is_taken(founder: Person) -> None:
    link = begun(founder)
    invite(founder, link, "Head of finance")
    page = founder.send(founder.open(f"{link}/firm"), {"rater": "Head of finance"}, form="firm", status=409)

    assert "Somebody answers in this role already" in page.text


def test_a_colleague_answers_alone_is_thanked_and_can_come_back(founder: Person, colleague: Person) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales", "Omid")

    page = colleague.open(theirs)
    assert page.path == f"{theirs}/questions/networking"
    assert "You answer for Target firm in the role Head of sales, alone" in page.text
    assert page.private_link.endswith(theirs)
    assert page.holds("a-1") == "", "not what the founder answered"

    page = done(colleague, theirs)
    assert page.path == f"{theirs}/thanks" and page.heading == "Thank you"
    assert colleague.open(theirs).path == f"{theirs}/thanks"
    assert colleague.open(f"{theirs}/questions/networking").path == f"{theirs}/thanks"
    assert "Done, 10 of 47 answered" in founder.open(f"{link}/raters").text

    page = colleague.send(page, button="no", form="back")
    assert page.path == f"{theirs}/check"
    assert "Begun, 10 of 47 answered" in founder.open(f"{link}/raters").text


def test_who_has_answered_nothing_is_not_done(founder: Person, colleague: Person) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales")
    page = colleague.open(f"{theirs}/check")

    assert "Answer at least one question" in page.text
    page = colleague.post(f"{theirs}/done", [("csrf_token", colleague.token())])
    assert page.path.startswith(f"{theirs}/questions/")


def test_a_colleague_sees_no_answer_name_or_number_of_the_others_and_no_way_to_them(
    founder: Person, colleague: Person
) -> None:
    link = begun(founder)
    noted = founder.open(f"{link}/questions/networking")
    founder.send(noted, {"n-1": "Secret note of the founder"}, button="next")
    theirs = invite(founder, link, "Head of sales")
    silent = invite(founder, link, PRIVATE[0], PRIVATE[1])
    pages = [colleague.open(f"{theirs}/questions/{name}") for name in founders.components()]
    pages += [colleague.open(f"{theirs}/check"), done(colleague, theirs)]
    founders.finish(founder, link)
    pages.append(colleague.open(theirs))

    allowed = re.compile(
        rf"{theirs}(/thanks|/check|/done|/questions/\w+.*)?(\?lang=\w+)?|/(method|sample|sign-in)?"
        r"|\?lang=\w+|#[\w-]+|\w+|/static/.*"
    )
    for page in pages:
        for secret in (*PRIVATE, "Secret note", link, silent):
            assert secret not in page.html, (page.path, secret)
        for form in page.read.forms:
            assert form.action in ("", f"{theirs}/done"), form.action
        for href in page.links():
            assert allowed.fullmatch(href), (page.path, href)


def test_everything_else_is_not_there_for_a_colleague(app: Flask, founder: Person, colleague: Person) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales")
    tried = 0
    for rule in app.url_map.iter_rules():
        declared = access.rule_of(app, rule.endpoint)
        if "key" not in rule.arguments:
            continue
        assert (declared == access.RATER) == (rule.endpoint in FOR_RATERS), rule.endpoint
        if declared == access.RATER:
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            path = address(app, rule, founders.key(theirs))
            data = {"csrf_token": colleague.token()} if method == "POST" else None
            answer = colleague.client.open(path, method=method, data=data)
            assert answer.status_code == 404, (method, path)
            tried += 1
    assert tried > 15
    assert founder.open(f"{link}/check").status == 200, "and all of it is still there"


def test_a_colleague_cannot_reach_a_meeting_or_a_rater_of_the_firm(
    founder: Person, colleague: Person
) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales")
    founders.answer(colleague, colleague.open(f"{theirs}/questions/networking"), "L")
    listed = founder.open(f"{link}/raters")
    id = re.search(r"/raters/(\w+)/remove", listed.html)[1]

    for path in (
        "raters",
        f"raters/{id}/remove",
        "reconcile",
        "reconcile/1",
        "firm",
        "profile",
        "answers.json",
    ):
        colleague.open(f"{theirs}/{path}", status=404)
    colleague.post(f"{theirs}/raters/{id}/remove", [("csrf_token", colleague.token())], status=404)
    colleague.post(f"{theirs}/finish", [("csrf_token", colleague.token())], status=404)


def test_the_holder_hears_before_finishing_who_is_not_done(founder: Person, colleague: Person) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales")
    invite(founder, link, "Head of finance")

    assert (
        "2 invited people are not done yet: Head of sales , Head of finance"
        in founder.open(f"{link}/check").text
    )
    done(colleague, theirs)
    page = founder.open(f"{link}/check")
    assert "1 invited person is not done yet: Head of finance" in page.text
    finish = next(form for form in page.read.forms if form.action.endswith("/finish"))
    page = founder.post(finish.action, finish.filled())
    assert page.path == f"{link}/profile"


def test_a_profile_of_several_shows_roles_and_never_names(founder: Person, colleague: Person) -> None:
    link = begun(founder)
    done(colleague, invite(founder, link, "Head of sales", "Mina Secret"))
    page = founders.finish(founder, link)

    assert "Raters, and where they differ" in page.text and "Head of sales" in page.text
    assert "Mina Secret" not in page.html
    assert b"Mina Secret" not in founder.open(f"{link}/answers.json").body
    assert b"Head of sales" in founder.open(f"{link}/answers.json").body


def test_colleagues_who_answered_are_enough_to_finish(founder: Person, colleague: Person) -> None:
    link = founders.start(founder)
    done(colleague, invite(founder, link, "Head of sales"))

    page = founder.open(f"{link}/check")
    assert any(form.action.endswith("/finish") for form in page.read.forms)


def test_after_finishing_a_colleague_reads_thanks_and_nothing_typed_is_lost(
    founder: Person, colleague: Person
) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales")
    page = colleague.open(theirs)
    founders.finish(founder, link)

    page = colleague.send(page, {"a-1": "VH", "n-1": "typed late"}, button="next", status=409)
    assert "Your answers were closed meanwhile" in page.text
    assert (page.holds("a-1"), page.holds("n-1")) == ("VH", "typed late")
    assert f"{theirs}/profile" not in page.html
    page = colleague.open(theirs)
    assert "The assessment of Target firm is finished" in page.text


def test_a_rater_is_removed_after_asking(founder: Person, colleague: Person) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales")
    founders.answer(colleague, colleague.open(f"{theirs}/questions/networking"), "L")
    ask = next(href for href in founder.open(f"{link}/raters").links() if href.endswith("/remove"))

    page = founder.open(ask)
    assert "This deletes 10 answers for good" in page.text
    page = founder.send(page)
    assert page.path == f"{link}/raters" and "Head of sales" not in page.text
    colleague.open(theirs, status=404)
    founder.open(ask, status=404)


def test_a_further_link_is_shown_once_more(founder: Person, colleague: Person) -> None:
    link = begun(founder)
    first = invite(founder, link, "Head of sales")
    page = founder.open(f"{link}/raters")
    form = next(form for form in page.read.forms if form.action.endswith("/link"))
    page = founder.post(form.action, form.filled())

    further = founders.home_of(page.private_link)
    assert further != first
    assert colleague.open(further).path == f"{further}/questions/networking"
    assert colleague.open(first).path == f"{first}/questions/networking"


def test_without_mail_nobody_is_asked_for_an_address(founder: Person) -> None:
    page = founder.open(f"{begun(founder)}/raters")

    assert "email" not in page.form("invite").names()


def test_a_link_is_mailed_where_an_address_is_given(make_app: Callable[..., Flask], visitor: Visitor) -> None:
    app = make_app(
        MAIL_SERVER="127.0.0.1", MAIL_PORT=1, MAIL_FROM="hub@example.org", BASE_URL="http://localhost"
    )
    person = visitor(of=app)
    link = begun(person)
    theirs = invite(person, link, "Head of sales", "Omid", "omid@example.org")

    (mail,) = app.extensions["store"].rows("SELECT recipient, subject, body FROM outbox")
    assert mail["recipient"] == "omid@example.org"
    assert theirs in mail["body"] and "Head of sales" in mail["body"] and "Target firm" in mail["body"]
    page = person.send(
        person.open(f"{link}/raters"), {"role": "CTO", "email": "no address"}, form="invite", status=400
    )
    assert "Please enter an e-mail address" in page.text


def test_nobody_sends_mail_without_end(
    make_app: Callable[..., Flask], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("readiness.web.raters.MAILS_PER_HOUR", 1)
    app = make_app(
        MAIL_SERVER="127.0.0.1", MAIL_PORT=1, MAIL_FROM="hub@example.org", BASE_URL="http://localhost"
    )
    person = visitor(of=app)
    link = begun(person)
    invite(person, link, "Head of sales", email="one@example.org")
    page = person.send(
        person.open(f"{link}/raters"), {"role": "CTO", "email": "two@example.org"}, form="invite", status=429
    )

    assert "Too many mails" in page.text and page.holds("email") == "two@example.org"
    invite(person, link, "CTO")


def test_a_consultant_invites_from_the_portfolio_and_a_manager_only_looks(visitor: Visitor) -> None:
    consultant = members.member(visitor(), organisation="Raters Hub")
    manager = members.member(visitor(), "manager", organisation="Raters Hub")
    firm = consultant.open(members.add_firm(consultant, "Observed"))
    link = next(href.removesuffix("/questions/networking") for href in firm.links() if href.startswith("/a/"))
    theirs = invite(consultant, link, "Head of sales", "Omid")

    colleague = visitor()
    assert colleague.open(theirs).path == f"{theirs}/questions/networking"
    page = manager.open(f"{link}/raters")
    assert "Omid" in page.text and not page.read.forms
    manager.post(f"{link}/raters", [("csrf_token", manager.token()), ("role", "CTO")], status=403)
    entries = consultant.app.extensions["store"].rows(
        "SELECT who, deed, about FROM audit WHERE deed = 'rater.invite'"
    )
    assert entries[-1]["about"] == "Observed"


@pytest.mark.parametrize("prefers", ["en", "fa"])
def test_every_page_of_a_colleague_speaks_the_language(
    founder: Person, visitor: Visitor, prefers: str
) -> None:
    link = begun(founder)
    theirs = invite(founder, link, "Head of sales")
    colleague = visitor(prefers)
    colleague.typed |= {"Target firm", "Head of sales"}

    page = colleague.open(f"{theirs}/check?lang={prefers}")
    assert page.language == prefers
    assert done(colleague, theirs).language == prefers
    holder = founder.elsewhere()
    holder.typed |= {"Target firm", "Head of sales", PRIVATE[2]}
    assert holder.open(f"{link}/raters?lang={prefers}").language == prefers

"""Signing in by a link that is mailed, used once, in the browser that asked for it."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from readiness.storage import outbox, sessions, users
from tests.web.conftest import Visitor
from tests.web.members import join, member, sign_in
from tests.web.pages import Page, Person
from tests.web.smtp import MailServer, mail_server
from tests.web.tools import everything

MakeApp = Callable[..., Flask]
BASE = "http://localhost"


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mailing(make_app: MakeApp, post: MailServer) -> Iterator[Flask]:
    """An application that sends mail."""
    host, port = post.server_address[:2]
    app = make_app(
        MAIL_SERVER=host,
        MAIL_PORT=port,
        MAIL_FROM="Readiness <readiness@hub.org>",
        MAIL_SECURITY="none",
        BASE_URL=BASE,
    )
    yield app
    app.extensions["postman"].close()


def ask(person: Person, email: str) -> Page:
    return person.send(person.open("/sign-in"), {"email": email})


def mailed_link(post: MailServer, count: int = 1) -> str:
    body = post.wait_for(count)[-1].get_content()
    found = re.search(rf"{BASE}(/sign-in/open/\S+)", body)
    assert found, body
    return found[1]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_link_is_mailed_in_the_persons_language_and_signs_in(
    mailing: Flask, post: MailServer, visitor: Visitor, language: str
) -> None:
    person = visitor(language, of=mailing)
    join(mailing, "ada@hub.org", "consultant", "Hub")
    with mailing.extensions["store"].write() as transaction:
        transaction.run("UPDATE users SET language = :language", language=language)

    ask(person, " ADA@hub.org")
    page = person.open(mailed_link(post))
    home = person.send(page)

    assert home.path == "/portfolio"
    (mail,) = post.mails
    assert mail["To"] == "ada@hub.org" and "readiness@hub.org" in mail["From"]
    assert ("Hello Ada" if language == "en" else "سلام Ada") in mail.get_content()


def test_opening_a_link_uses_nothing_up_but_pressing_the_button_does(
    mailing: Flask, post: MailServer, visitor: Visitor
) -> None:
    person = visitor(of=mailing)
    join(mailing, "ada@hub.org", "consultant", "Hub")
    ask(person, "ada@hub.org")
    link = mailed_link(post)
    for _ in range(3):
        visitor(of=mailing).open(link)  # a mail program looks
        person.open(link)

    page = person.open(link)
    assert person.send(page).path == "/portfolio"
    again = person.send(person.open(link), status=400)
    assert "was used already" in again.text


def test_a_link_that_was_passed_on_opens_nothing_elsewhere(
    mailing: Flask, post: MailServer, visitor: Visitor
) -> None:
    person, thief = visitor(of=mailing), visitor(of=mailing)
    join(mailing, "ada@hub.org", "consultant", "Hub")
    ask(person, "ada@hub.org")
    link = mailed_link(post)

    thief.send(thief.open(link), status=400)

    assert thief.open("/portfolio").path == "/sign-in"
    assert person.send(person.open(link)).path == "/portfolio"


def test_a_known_and_an_unknown_address_are_answered_alike(
    mailing: Flask, post: MailServer, visitor: Visitor
) -> None:
    join(mailing, "ada@hub.org", "consultant", "Hub")
    known, unknown = visitor(of=mailing), visitor(of=mailing)

    pages = [ask(known, "ada@hub.org"), ask(unknown, "eve@hub.org")]

    post.wait_for(1)
    assert pages[0].html == pages[1].html and pages[0].path == pages[1].path == "/sign-in/asked"
    assert [mail["To"] for mail in post.mails] == ["ada@hub.org"]


def test_somebody_who_asks_for_somebody_elses_mail_again_and_again_locks_nobody_out(
    mailing: Flask, post: MailServer, visitor: Visitor
) -> None:
    join(mailing, "ada@hub.org", "consultant", "Hub")
    eve = visitor(of=mailing)
    for _ in range(8):
        ask(eve, "ada@hub.org")
    post.wait_for(5)
    time.sleep(0.3)
    assert len(post.mails) == 5

    ask(visitor(of=mailing), "Ada@hub.org")
    post.wait_for(6)


def test_many_who_ask_for_the_mail_of_one_fill_no_mailbox(
    mailing: Flask, post: MailServer, visitor: Visitor
) -> None:
    join(mailing, "ada@hub.org", "consultant", "Hub")
    for _ in range(23):
        ask(visitor(of=mailing), "ada@hub.org")

    post.wait_for(20)
    time.sleep(0.3)
    assert len(post.mails) == 20


def test_one_address_cannot_ask_without_end(visitor: Visitor, make_app: MakeApp) -> None:
    person = visitor(of=make_app())
    for at in range(30):
        ask(person, f"nobody{at}@hub.org")

    page = person.send(person.open("/sign-in"), {"email": "ada@hub.org"}, status=429)

    assert "wait an hour" in page.text and page.holds("email") == "ada@hub.org"


@pytest.mark.parametrize("typed", ["", "ada", "ada@hub", "a b@hub.org", "ada@hub.org, eve@x.org", "x" * 201])
def test_what_is_no_address_is_refused_and_stays_in_the_field(visitor: Visitor, typed: str) -> None:
    person = visitor()
    page = person.send(person.open("/sign-in"), {"email": typed}, status=400)

    assert page.holds("email") == typed and "Please look at this again" in page.text


def test_a_mail_that_fails_is_kept_tried_again_and_shown(
    mailing: Flask, post: MailServer, visitor: Visitor
) -> None:
    owner = member(visitor(of=mailing), "administrator")
    firm = owner.send(owner.open("/portfolio/new"), {"name": "Pars", "email": "ceo@pars.ir"})
    post.refuses = True
    owner.send(firm, button="mail", form="link")
    store, postman = mailing.extensions["store"], mailing.extensions["postman"]
    for _ in range(100):
        if "550" in owner.open("/organisation/mail").text:
            break
        time.sleep(0.05)

    page = owner.open("/organisation/mail")
    assert "ceo@pars.ir" in page.text and "will be tried again" in page.text and "550" in page.text

    post.refuses = False
    with store.write() as transaction:
        transaction.run("UPDATE outbox SET due_at = created_at")
    postman.nudge()
    (mail,) = post.wait_for(1)
    assert mail["To"] == "ceo@pars.ir" and "Hub asks you" in mail.get_content()
    link = re.search(rf"{BASE}(/a/\S+)", mail.get_content())
    assert link and visitor(of=mailing).open(link[1]).path.endswith("/questions/networking")
    for _ in range(100):
        if outbox.listing(store, store.rows("SELECT id FROM organisations")[0]["id"], 9)[0].status == "sent":
            break
        time.sleep(0.05)
    assert link[1].split("/")[-1] not in "".join(everything(mailing))


def test_a_subject_with_a_line_break_in_the_firms_name_adds_no_header(
    mailing: Flask, post: MailServer, visitor: Visitor
) -> None:
    owner = member(visitor(of=mailing), "administrator")
    firm = owner.send(owner.open("/portfolio/new"), {"name": "Pars\nBcc: eve@x.org", "email": "ceo@pars.ir"})
    owner.send(firm, button="mail", form="link")

    (mail,) = post.wait_for(1)
    assert mail["Bcc"] is None and "Pars Bcc: eve@x.org" in mail["Subject"]


@pytest.mark.parametrize("missing", ["MAIL_FROM", "BASE_URL"])
def test_mail_without_a_sender_or_an_address_of_its_own_is_refused_at_the_start(
    make_app: MakeApp, missing: str
) -> None:
    settings = {"MAIL_SERVER": "localhost", "MAIL_FROM": "a@b.org", "BASE_URL": BASE} | {missing: ""}

    with pytest.raises(Exception, match=missing):
        make_app(**settings)


def test_signing_in_begins_a_new_session_and_keeps_the_language(app: Flask, visitor: Visitor) -> None:
    person = visitor("en")
    person.open("/?lang=fa")
    with person.client.session_transaction() as before:
        before["left_by_somebody"] = "x"
    token = person.token()

    member(person, email="fixation@hub.org")

    with person.client.session_transaction() as after:
        assert "left_by_somebody" not in after and after["language"] == "fa"
    assert person.client.post("/sign-out", data={"csrf_token": token}).status_code == 400, "a token of before"
    assert person.open("/portfolio").language == "fa"


def test_signing_out_ends_the_session_on_the_server_too(app: Flask, visitor: Visitor) -> None:
    person = member(visitor(), email="out@hub.org")
    with person.client.session_transaction() as cookie:
        kept = dict(cookie)

    person.send(person.open("/account"), form="sign-out")
    with person.client.session_transaction() as cookie:
        cookie.update(kept)  # somebody kept the cookie

    assert person.open("/portfolio").path == "/sign-in"


def test_other_sessions_can_be_seen_and_ended(app: Flask, visitor: Visitor) -> None:
    here, there = visitor(), visitor()
    link = join(app, "two@hub.org", "consultant", "Hub")
    sign_in(here, link)
    sign_in(there, join(app, "two@hub.org", "consultant", "Hub"))

    here.send(here.open("/account"), form="end-others")

    assert there.open("/portfolio").path == "/sign-in" and here.open("/portfolio").path == "/portfolio"


def test_who_is_sent_to_sign_in_comes_to_the_page_that_was_wanted(app: Flask, visitor: Visitor) -> None:
    person = visitor()
    link = join(app, "next@hub.org", "administrator", "Hub")
    page = person.open("/organisation/audit")
    assert page.path == "/sign-in"
    person.send(page, {"email": "next@hub.org"})

    assert person.send(person.open(link)).path == "/organisation/audit"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "portfolio.firm",
        "static",
        "nothing.here",
        "signin.sign_out",
    ],
)
def test_no_address_can_be_smuggled_in_as_the_next_page(app: Flask, visitor: Visitor, wanted: str) -> None:
    person = visitor()
    link = join(app, "smuggle@hub.org", "consultant", "Hub")
    page = person.open("/sign-in")
    person.client.post(
        "/sign-in",
        query_string={"next": wanted},
        data={"csrf_token": page.holds("csrf_token"), "email": "smuggle@hub.org"},
    )

    assert person.send(person.open(link)).path == "/portfolio"


def test_who_works_for_two_organisations_goes_from_one_to_the_other(app: Flask, visitor: Visitor) -> None:
    person = visitor()
    join(app, "both@a.org", "consultant", "Alpha")
    sign_in(person, join(app, "both@a.org", "manager", "Beta"))
    page = person.open("/account")
    assert "Alpha" in page.text and "Beta" in page.text

    form = next(form for form in page.read.forms if "organisation" in form.names())
    person.post(form.action, form.filled())

    assert "Role Programme manager" in person.open("/account").text


def test_a_role_that_is_taken_away_ends_the_session_at_once(app: Flask, visitor: Visitor) -> None:
    person = member(visitor(), email="gone@hub.org")
    store = app.extensions["store"]
    user = users.by_email(store, "gone@hub.org")
    assert user
    place = users.memberships(store, user.id)[0].organisation
    join(app, "stays@hub.org", "administrator", "Hub")

    with store.write() as transaction:
        users.leave(transaction, place.id, user.id)

    assert person.open("/portfolio").path == "/sign-in"


def test_a_public_page_that_names_who_is_signed_in_is_kept_by_no_cache(app: Flask, visitor: Visitor) -> None:
    person = member(visitor(), email="cache@hub.org")

    page = person.open("/method")

    assert "Cache@Hub" not in page.text and "Cache" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_printed_link_lasts_longer_than_a_mailed_one() -> None:
    assert sessions.PRINTED_LINK > sessions.MAILED_LINK

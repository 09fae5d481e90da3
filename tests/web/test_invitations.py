"""Invitations to a cohort: all or nothing, by mail or by hand, and what comes of them."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.files import file_of
from tests.web.files import post as post_file
from tests.web.hostile import TEXTS
from tests.web.members import member
from tests.web.pages import Page, Person
from tests.web.smtp import MailServer, mail_server


def manager(visitor: Visitor, organisation: str) -> tuple[Person, str]:
    """A manager, and the beginning of a cohort's paths."""
    person = member(visitor(), "manager", organisation)
    return person, add_cohort(person)


def send_file(person: Person, page: Page, content: bytes, status: int = 200) -> Page:
    """Choose a file on the page of invitations and send it."""
    sent: dict[str, object] = {"csrf_token": page.holds("csrf_token"), "file": file_of(content, "firms.csv")}
    person.typed.add("firms.csv")
    return person.arrive(post_file(person, page.form("invite").action, sent), status)


def invite(person: Person, path: str, people: str, status: int = 200) -> Page:
    return person.send(person.open(f"{path}/invitations"), {"people": people}, form="invite", status=status)


def test_invitations_are_all_or_nothing_and_say_what_is_wrong_where(visitor: Visitor) -> None:
    person, path = manager(visitor, "Inviters")

    page = invite(
        person, path, "good@firm.org, Good\nbad at firm.org, Bad\nother@firm.org,,Klingon", status=400
    )

    text = page.text.replace("\u2068", "").replace("\u2069", "")
    assert "Row 2, column A" in text and "“bad at firm.org” is no e-mail address." in text
    assert "Row 3, column C" in text and "Klingon" in text
    assert "bad at firm.org" in str(page.holds("people"))
    assert "Invited before" not in page.text
    page = invite(person, path, "Good@firm.org, Good, fa\ngood@firm.org, Twice\n\nother@firm.org")
    assert "2 were invited." in page.text and "/join/" in page.html
    assert "0 were invited." in invite(person, path, "GOOD@firm.org").text


def test_an_invitation_leads_to_the_cohort_and_says_who_came_of_it(visitor: Visitor) -> None:
    person, path = manager(visitor, "Hosts")
    page = invite(person, path, "guest@firm.org, Guest firm")
    link = next(item.value for item in page.read.controls() if "/join/" in item.value)
    guest = visitor()

    joining = guest.open("/join/" + link.partition("/join/")[2])
    assert joining.holds("name") == "Guest firm"
    guest.send(joining, {"agree": ["yes"]})

    page = person.open(f"{path}/invitations")
    assert "Guest firm" in page.text and "Joined" in page.text and "/join/" not in page.html
    late = visitor().open("/join/" + link.partition("/join/")[2])
    assert "has joined by this invitation already" in late.text


def test_an_invitation_is_taken_back(visitor: Visitor) -> None:
    person, path = manager(visitor, "Regret")
    page = invite(person, path, "guest@firm.org")
    link = next(item.value for item in page.read.controls() if "/join/" in item.value)

    page = person.send(page, form="back-1")

    assert "guest@firm.org" not in page.text
    shown = visitor().open("/join/" + link.partition("/join/")[2])
    assert shown.path == "/" + "/".join(link.split("/")[3:5]), "the cohort's own link is as good"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("email,firm,language\r\na@b.org,Ä GmbH,en\r\n", ""),
        ("\ufeffنشانی ایمیل;شرکت;زبان\r\na@b.org;شرکت الف;فارسی\r\n", ""),
        ("firm,email\r\n=1+1,a@b.org\r\n", ""),
        ("firm\r\nOnly a name\r\n", "There is no column of e-mail addresses."),
        ("email,shoe size\r\na@b.org,44\r\n", "is none of the columns email, firm and language"),
        ("", "Nobody is named."),
        ("\n\n", "Nobody is named."),
        ("email\r\n" + "".join(f"u{at}@b.org\r\n" for at in range(2_001)), "can be invited at once"),
        ("a@b.org," + "x" * 500, "has more than"),
    ],
)
def test_a_file_of_invitations_is_read_or_refused_with_its_reason(
    visitor: Visitor, content: str, says: str
) -> None:
    person, path = manager(visitor, f"Files {abs(hash(content))}")

    page = send_file(
        person, person.open(f"{path}/invitations"), content.encode(), status=400 if says else 200
    )

    assert says in page.text
    assert ("a@b.org" in page.text) == (not says)


@pytest.mark.parametrize("content", [b"\xff\xfea", b"PK\x03\x04zip", b"\x80\x81", b"a@b.org\x00", b'"'])
def test_what_is_no_table_is_refused(visitor: Visitor, content: bytes) -> None:
    person, path = manager(visitor, f"Hostile {content.hex()}")

    send_file(person, person.open(f"{path}/invitations"), content, status=400)


def test_hostile_names_are_shown_as_they_are_typed(visitor: Visitor) -> None:
    person, path = manager(visitor, "Hostile names")
    lines = [f"u{at}@b.org\t{' '.join(text.split())[:100]}" for at, text in enumerate(TEXTS)]

    for line in lines:
        sent = [("csrf_token", person.token()), ("people", line)]
        answer = person.client.post(f"{path}/invitations", data=dict(sent))
        assert answer.status_code in (302, 400)
    person.typed |= set(TEXTS)
    person.open(f"{path}/invitations")


def test_the_template_is_read_back(visitor: Visitor) -> None:
    person, path = manager(visitor, "Templates")

    for code in ("en", "fa"):
        header = person.open(f"{path}/invitations/{code}.csv").body
        page = send_file(
            person,
            person.open(f"{path}/invitations"),
            header + f"{code}@b.org,Name,{code}\r\n".encode(),
        )
        assert f"{code}@b.org" in page.text


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def test_invitations_and_reminders_go_by_mail(
    make_app: Callable[..., Flask], visitor: Visitor, post: MailServer
) -> None:
    host, port = post.server_address[:2]
    app = make_app(
        MAIL_SERVER=host,
        MAIL_PORT=port,
        MAIL_FROM="Readiness <readiness@hub.org>",
        MAIL_SECURITY="none",
        BASE_URL="https://readiness.hub.org",
    )
    person = member(visitor(of=app), "manager", "Posters")
    path = add_cohort(person)

    invite(person, path, "one@firm.org,One,en\ntwo@firm.org,Two,fa")
    mails = {str(mail["To"]): mail for mail in post.wait_for(2)}

    assert str(mails["one@firm.org"]["Subject"]) == "Invitation to Spring"
    assert "https://readiness.hub.org/join/" in mails["one@firm.org"].get_content()
    assert "دعوت" in str(mails["two@firm.org"]["Subject"])
    page = person.open(f"{path}/invitations")
    assert not any(form.id == "remind" for form in page.read.forms), "nobody is mailed twice a day"
    with app.extensions["store"].write() as transaction:
        transaction.run("UPDATE invitations SET mailed_at = '2026-01-01T00:00:00Z'")
    for at in range(4):
        invite(person, add_cohort(person, f"More {at}"), "one@firm.org")
    with app.extensions["store"].write() as transaction:
        transaction.run("UPDATE invitations SET mailed_at = '2026-01-01T00:00:00Z'")
    page = person.send(person.open(f"{path}/invitations"), form="remind")
    assert "1 was reminded." in page.text, "no mailbox is filled, from however many cohorts"
    mails = post.wait_for(2 + 4 + 1)
    assert [str(mail["To"]) for mail in mails].count("one@firm.org") == 5
    assert any("یادآوری" in str(mail["Subject"]) for mail in mails)
    app.extensions["postman"].close()


def test_an_organisation_invites_no_more_than_so_many_in_a_day(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, path = manager(visitor, "Floods")
    monkeypatch.setattr("readiness.web.invitations.MOST_A_DAY", 3)
    invite(person, path, "a@b.org\nc@d.org")

    page = invite(person, path, "e@f.org\ng@h.org", status=429)

    assert "at most 3 in a day" in page.text and "e@f.org" in str(page.holds("people"))
    invite(person, path, "e@f.org")

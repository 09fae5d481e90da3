"""Attacks: what somebody tries who knows how this is built."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask, url_for

from readiness.core.typed import EMAIL
from readiness.storage import outbox
from readiness.web.forms import visitor_hash
from tests.web.conftest import Visitor
from tests.web.members import add_firm, member
from tests.web.pages import Person
from tests.web.smtp import MailServer, mail_server

MakeApp = Callable[..., Flask]
NUL = "a\x00b"


@pytest.fixture
def stage(make_app: MakeApp, database_url: str) -> Iterator[Flask]:
    """The application on either engine."""
    made = make_app(DATABASE=database_url)
    yield made
    made.extensions["store"].close()


def post(person: Person, path: str, **fields: str) -> int:
    """Send a form with a valid token; the status."""
    return person.client.post(path, data={"csrf_token": person.token(), **fields}).status_code


# What no database can keep


def test_a_nul_in_any_address_or_field_fails_nowhere(stage: Flask, visitor: Visitor) -> None:
    ada = member(visitor(of=stage), "administrator")
    token, failed = ada.token(), []
    for rule in stage.url_map.iter_rules():
        if rule.endpoint == "signin.sign_out":
            continue
        with stage.test_request_context():
            path = url_for(rule.endpoint, **{name: 1 if name == "number" else NUL for name in rule.arguments})
        for method in (rule.methods or set()) & {"GET", "POST"}:
            data = {"csrf_token": token} if method == "POST" else None
            failed += [path] * (ada.client.open(path, method=method, data=data).status_code >= 500)
    for path in ("/portfolio", "/portfolio/export.csv", "/portfolio/reports", "/sign-in", "/api/v1/firms"):
        failed += [path] * (ada.client.get(f"{path}?q=a%00b&next=a%00b&search=a%00b").status_code >= 500)
    for path, data in {
        "/sign-in": {"email": f"{NUL}@x.org"},
        "/account/organisation": {"organisation": NUL},
        "/organisation/tokens/remove": {"token": NUL},
        "/organisation/people/role": {"user": NUL, "role": NUL},
        "/portfolio/take-over": {"link": f"/a/{NUL}"},
        "/organisation/settings": {"name": NUL},
    }.items():
        failed += [path] * (post(ada, path, **data) >= 500)
    assert not failed


# Mail


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?victim=40elsewhere.org=2C?=@a.b",
        "=?utf-8?q?a=0D=0ABcc=3A_x=40y.z?=@a.b",
        "a@=?utf-8?q?elsewhere.org?=.b",
        "a@b.c\x85Bcc:x@y.z",
        "a@b.c\u2028",
    ],
)
def test_no_address_hides_another_one(address: str) -> None:
    assert not EMAIL.fullmatch(address)


def test_a_mail_goes_to_its_recipient_and_one_that_cannot_be_written_keeps_no_other_waiting(
    make_app: MakeApp,
) -> None:
    with mail_server() as server:
        app = mailing(make_app, server)
        with app.extensions["store"].write() as transaction:
            for recipient in (
                "=?utf-8?q?a=0D=0ABcc=3Ax?=@a.b",
                "=?utf-8?q?v=40x.org=2C?=@a.b",
                "ada@hub.org",
            ):
                outbox.put(transaction, recipient, "Subject\r\nBcc: x@y.z", "Body", timedelta(hours=1))

        assert app.extensions["postman"].deliver() == 2

        assert [mail["Subject"] for mail in server.mails] == ["Subject Bcc: x@y.z"] * 2
        assert not any(mail["Bcc"] for mail in server.mails)


def mailing(make_app: MakeApp, server: MailServer) -> Flask:
    """An application that sends mail to this server."""
    host, port = server.server_address[:2]
    return make_app(
        MAIL_SERVER=host,
        MAIL_PORT=port,
        MAIL_FROM="from@hub.org",
        MAIL_SECURITY="none",
        BASE_URL="http://localhost",
    )


def test_nobody_has_a_mailbox_buried_under_links_to_a_firm(make_app: MakeApp, visitor: Visitor) -> None:
    with mail_server() as server:
        ada = member(visitor(of=mailing(make_app, server)))
        firm = add_firm(ada, "Firm", email="victim@elsewhere.org")

        answers = [post(ada, f"{firm}/link", how="mail") for _ in range(22)]
        ada.app.extensions["postman"].close()

    assert answers == [302] * 20 + [429] * 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("", "no address", False),
    ],
)
def test_who_has_a_network_of_addresses_is_one_visitor(app: Flask, one: str, other: str, same: bool) -> None:
    hashes = set()
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            hashes.add(visitor_hash())

    assert (len(hashes) == 1) == same

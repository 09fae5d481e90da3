"""Attacks: what somebody tries who knows how this is built."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask, url_for

from readiness.core.typed import EMAIL
from readiness.storage import assessments, documents, housekeeping, organisations, outbox, users
from readiness.web import access, downloads, raters
from readiness.web.forms import visitor_hash
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.files import upload
from tests.web.hostile import TEXTS
from tests.web.members import add_firm, join, link_to, member, round_of, sign_in
from tests.web.pages import Person
from tests.web.programs import Program, sample
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
    with mail_server() as mails:
        app = mailing(make_app, mails)
        with app.extensions["store"].write() as transaction:
            for recipient in (
                "=?utf-8?q?a=0D=0ABcc=3Ax?=@a.b",
                "=?utf-8?q?v=40x.org=2C?=@a.b",
                "ada@hub.org",
            ):
                outbox.put(transaction, recipient, "Subject\r\nBcc: x@y.z", "Body", timedelta(hours=1))

        assert app.extensions["postman"].deliver() == 2

        assert [mail["Subject"] for mail in mails.mails] == ["Subject Bcc: x@y.z"] * 2
        assert not any(mail["Bcc"] for mail in mails.mails)


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


def test_no_name_writes_lines_of_its_own_into_a_mail(make_app: MakeApp, visitor: Visitor) -> None:
    with mail_server() as mails:
        ada = member(visitor(of=mailing(make_app, mails)))
        name = "Firm\n\nYour account is locked. Sign in here:\nhttp://elsewhere.org"
        assert post(ada, "/portfolio/new", name=name, email="ceo@firm.org", language="en") == 302
        (firm,) = set(re.findall(r"/portfolio/[0-9a-f]{24}", ada.client.get("/portfolio").text))
        assert post(ada, f"{firm}/link", how="mail") == 302
        (sent,) = mails.wait_for(1)
        ada.app.extensions["postman"].close()

    assert not [line for line in sent.get_content().splitlines() if line.startswith("http://elsewhere")]


def test_nobody_has_a_mailbox_buried_under_links_to_a_firm(make_app: MakeApp, visitor: Visitor) -> None:
    with mail_server() as mails:
        ada = member(visitor(of=mailing(make_app, mails)))
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


# From one organisation into another


def test_who_made_a_link_for_somebody_does_not_follow_into_another_organisation(
    app: Flask, visitor: Visitor
) -> None:
    eve = member(visitor(), "administrator", "Eves", "eve@eves.org")
    join(app, "bob@victim.org", "consultant", "Eves")
    user = users.by_email(app.extensions["store"], "bob@victim.org")
    assert user is not None
    eve.typed |= {"bob@victim.org", "Bob", "Eves"}
    links = []
    for _ in range(2):
        fields = [("csrf_token", eve.token()), ("user", user.id)]
        shown = eve.post("/organisation/people/link", fields)
        links.append(next(item.value for item in shown.read.controls() if item.id == "sign-in-link"))
    store = app.extensions["store"]
    eve_as_bob = sign_in(visitor(), links[0].removeprefix("http://localhost"))
    assert post(eve_as_bob, "/account/organisation", organisation="nowhere") == 404

    victim = member(visitor(), "administrator", "Victims", "ada@victim.org")
    victim.send(
        victim.open("/organisation/people"),
        {"name": "Bob", "email": "bob@victim.org", "role": "administrator"},
    )

    with store.write() as transaction:  # the session began some time ago
        at = "2026-01-01T00:00:00Z"
        transaction.run("UPDATE sessions SET created_at = :at WHERE user_id = :id", at=at, id=user.id)
    (place,) = organisations.named(store, "Victims")
    data = {"csrf_token": eve_as_bob.token(), "organisation": place.id}
    answer = eve_as_bob.client.post("/account/organisation", data=data)
    assert answer.headers["Location"] == "/sign-in"
    assert "Victims" not in eve_as_bob.client.get("/portfolio").text
    assert post(visitor(), links[1].removeprefix("http://localhost")) == 400


def test_nobody_adds_oneself_in_another_role_and_leaves_no_administrator(visitor: Visitor) -> None:
    ada = member(visitor(), "administrator", "Lonely", "ada@lonely.org")

    page = ada.send(
        ada.open("/organisation/people"),
        {"name": "Ada", "email": "ada@lonely.org", "role": "manager"},
        status=409,
    )

    assert "nobody could administer" in page.text
    ada.open("/organisation/people")


def test_a_consultant_whose_firm_lets_go_is_left_with_nothing(app: Flask, visitor: Visitor) -> None:
    ada = member(visitor(), "consultant", "Left", "ada@left.org")
    firm = add_firm(ada, "Leaver", email="ceo@leaver.org")
    founders_link, kept = link_to(ada, firm), link_to(ada, firm)
    own = round_of(ada, firm)
    page = ada.open(f"{own}/comments")
    component = founders.components()[0]
    ada.send(page, {f"comment-{component}": "Only for us"})
    founder = visitor()
    founder.typed |= ada.typed
    founders.answer(founder, founder.open(founders_link))
    colleague = founder.send(founder.open(f"{founders_link}/raters"), {"role": "CFO"}).private_link
    form = ada.fill(ada.open(f"{own}/comments"), {f"comment-{component}": "Too late"}, "", "")

    founder.send(founder.open(f"{founders_link}/check"), form="let-go")

    assert ada.post(f"{own}/comments", form, status=404)
    for path in (own, firm, kept, f"{kept}/answers.json", f"{own}/profile.en.pdf?draft=yes", f"{own}/plan"):
        ada.open(path, status=404)
    for path in (f"{own}/questions/{component}", f"{own}/finish", f"{kept}/delete", f"{firm}/link"):
        assert post(ada, path) == 404
    assert founder.open(founders_link).status == 200
    visitor().open(colleague.removeprefix("http://localhost"))

    bob = member(visitor(), "consultant", "Next", "bob@next.org")
    bob.typed |= founder.typed
    bob.send(bob.open("/portfolio/take-over"), {"link": founders_link})
    taken = bob.open(firm)
    assert "ceo@leaver.org" not in taken.html
    page = bob.open(f"{round_of(bob, firm)}/comments")
    assert "Only for us" not in page.html and "Too late" not in page.html


def test_a_link_of_a_colleague_opens_nothing_else_in_any_form(visitor: Visitor, app: Flask) -> None:
    founder = visitor()
    link = founders.start(founder, "Blind")
    founders.answer(founder, founder.open(link))
    asked = founder.send(founder.open(f"{link}/raters"), {"role": "CFO", "name": "Carl Confidential"})
    key = asked.private_link.rpartition("/")[2]
    founders.finish(founder, link)
    carl, bob = visitor(), member(visitor(), "administrator", "Curious", "bob@curious.org")
    for person in (carl, bob):
        person.typed |= founder.typed
        for rule in app.url_map.iter_rules():
            if "key" not in rule.arguments or access.rule_of(app, rule.endpoint) == access.RATER:
                continue
            with app.test_request_context():
                extra = {name: "1" if name == "number" else "en" for name in rule.arguments - {"key"}}
                path = url_for(rule.endpoint, key=key, **extra)
            for query in ("?lang=fa", "?draft=yes", "?lang=en"):
                answer = person.client.get(f"{path}{query}", follow_redirects=True)
                assert answer.status_code in (404, 405), path
        shown = person.open(f"/a/{key}")
        assert "Carl Confidential" not in shown.html and "Founder" not in shown.html
    assert (
        "No assessment has this link"
        in bob.send(bob.open("/portfolio/take-over"), {"link": f"/a/{key}"}, status=400).text
    )


def test_a_consultant_who_deletes_an_assessment_is_named(visitor: Visitor) -> None:
    ada = member(visitor(), "administrator", "Named", "ada@named.org")
    firm = add_firm(ada, "Deleted")
    own = round_of(ada, firm)

    ada.send(ada.open(f"{own}/delete"))

    assert "Assessment deleted" in ada.open("/organisation/audit").text


# What is typed stays text


@pytest.mark.parametrize("text", TEXTS)
def test_what_an_organisation_types_is_nowhere_more_than_text(
    visitor: Visitor, app: Flask, text: str, request: pytest.FixtureRequest
) -> None:
    place = f"{text} {request.node.name[-4:]}"[:190]
    ada = visitor()
    ada.typed |= {text, place, *text.split("\n")}
    ada = member(ada, "administrator", place, f"ada{abs(hash(text))}@x.org")
    ada.client.environ_base["HTTP_USER_AGENT"] = text.encode("utf-8", "replace").decode("latin-1")
    firm = ada.send(ada.open("/portfolio/new"), {"name": text, "country": text[:80]}).path
    own, link = round_of(ada, firm), link_to(ada, firm)
    component = founders.components()[0]
    ada.send(ada.open(f"{own}/comments"), {f"comment-{component}": text})
    ada.send(ada.open("/organisation/people"), {"name": text, "email": f"b{abs(hash(text))}@x.org"})
    ada.send(ada.open("/organisation/tokens"), {"name": text[:80], "scopes": "firms:read"}, form="token")
    ada.send(ada.open("/organisation/settings"), {"contact": text}, form="settings")
    founder = visitor()
    founder.typed |= ada.typed
    founders.answer(founder, founder.open(link))
    founder.send(founder.open(f"{link}/raters"), {"role": text[:80], "name": text})
    founders.finish(founder, link)
    plan = {"title": text, "owner": text[:100], "note": text, "evidence": text}
    founder.send(founder.open(f"{link}/plan/new"), plan | {"due": "2027-01-01"})
    pages = ["/portfolio", firm, f"{own}/profile", f"{own}/comments", f"{own}/verify", f"{own}/plan"]
    pages += [f"{own}/raters", f"{own}/reconcile", f"{own}/delete", f"{firm}/delete", f"{firm}/care"]
    pages += ["/organisation/people", "/organisation/audit", "/organisation/mail", "/organisation/tokens"]
    pages += ["/organisation/settings", "/account", "/portfolio/export", "/portfolio/reports"]
    for path in pages:
        ada.open(path)
    for path in (f"{link}/profile", f"{link}/plan", f"{link}/raters", f"{link}/check"):
        founder.open(path)

    for path in (f"{link}/plan.csv", "/portfolio/export.csv"):
        rows = list(csv.reader(io.StringIO(ada.client.get(path).data.decode("utf-8-sig"))))
        assert not [cell for row in rows for cell in row if re.match("[=+\\-@\t\r]", cell)]
    calendar = ada.client.get(f"{link}/plan.ics").data.decode()
    assert calendar.count("BEGIN:VEVENT") == 1 == calendar.count("\nSUMMARY")
    for path in (f"{own}/plan.xlsx", "/portfolio/export.xlsx", f"{own}/profile.en.docx"):
        answer = ada.client.get(path)
        assert "\n" not in answer.headers["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        for name, content in parts.items():
            assert b"<f>" not in content and b'TargetMode="External"' not in content, name
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(content)


def test_a_line_break_of_a_plan_makes_no_line_of_a_calendar(visitor: Visitor) -> None:
    founder = visitor()
    link = founders.start(founder, "Firm")
    founders.finish(founder, link)
    evil = "x\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:file:///etc/passwd"
    plan = {"title": "Title", "note": evil, "owner": "a\\nURL:x", "due": "2027-01-01"}
    founder.send(founder.open(f"{link}/plan/new"), plan)
    path = founder.open(f"{link}/plan")
    assert path.status == 200

    lines = founder.client.get(f"{link}/plan.ics").data.decode().split("\r\n")

    assert lines.count("BEGIN:VEVENT") == 1
    assert not [line for line in lines if line.startswith(("ATTACH", "URL"))]


def test_who_ends_the_care_of_several_rounds_is_shown_the_new_links(visitor: Visitor, app: Flask) -> None:
    for language in ("en", "fa"):
        ada = member(visitor(), "consultant", "Rounds", "ada@rounds.org")
        firm = add_firm(ada, "Second")
        founder = visitor(language)
        founder.typed |= ada.typed
        first = link_to(ada, firm)
        founders.answer(founder, founder.open(f"{first}?lang={language}"))
        founders.finish(founder, first)
        ada.send(ada.open(f"{round_of(ada, firm)}/again"))
        second = link_to(ada, firm)

        shown = founder.send(founder.open(f"{second}/check"), form="let-go")

        links = [item.value for item in shown.read.controls() if item.id.startswith("link-")]
        assert len(links) == 1 and shown.language == language
        founder.open(first, status=404)
        founder.open(f"{second}/check")
        assert founder.open(links[0].removeprefix("http://localhost")).path.endswith("/profile")


# What things cost


def test_one_visitor_has_no_documents_made_without_end(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "DOCUMENTS_PER_HOUR", 1)
    founder = visitor()
    link = founders.start(founder, "Firm")
    founders.finish(founder, link)

    assert founder.client.get(f"{link}/profile.en.docx").status_code == 200
    assert founder.client.get(f"{link}/profile.en.docx").status_code == 429


def test_one_link_makes_no_links_without_end(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(raters, "LINKS_PER_HOUR", 1)
    founder = visitor()
    link = founders.start(founder, "Firm")
    founder.send(founder.open(f"{link}/raters"), {"role": "CFO"})
    found = assessments.find(app.extensions["store"], founders.key(link))
    assert found is not None
    path = f"{link}/raters/{found.colleagues[0].id}/link"

    assert [post(founder, path) for _ in range(2)] == [200, 429]


def test_a_file_that_nobody_confirms_is_thrown_away_by_the_server_itself(
    app: Flask, visitor: Visitor
) -> None:
    ada, store = member(visitor(), organisation="Tidy", email="ada@tidy.org"), app.extensions["store"]
    upload(ada, "firm\nSecret firm\n")
    with store.write() as transaction:
        transaction.run("UPDATE uploads SET created_at = '2020-01-01T00:00:00Z'")

    housekeeping.sweep(store)

    assert store.rows("SELECT id FROM uploads") == []


def test_no_program_piles_rounds_upon_a_firm(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_ROUNDS", 2)
    program = Program(app, "Piling")
    firm = program.add_firm()
    for _ in range(2):
        program.hand_in(firm)

    answer = program.post(f"{firm}/assessments", sample())

    assert answer.status_code == 409 and "at most 2 rounds" in answer.json["detail"]
    assert len(program.get(f"{firm}/assessments").json["assessments"]) == 2

"""Attacks on the way in: forged requests, false names, redirects, caches, logs, and too many tries."""

import logging
import re
import secrets
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask

from readiness.web import access
from tests.web import founder as founders
from tests.web.cohorts import add_cohort, cohort_id
from tests.web.conftest import Visitor
from tests.web.hostile import ELSEWHERE
from tests.web.members import add_firm, member, round_of
from tests.web.pages import Page, Person
from tests.web.programme import cohort_of
from tests.web.tools import address, everything, is_page, local, raw

MakeApp = Callable[..., Flask]
COMPONENT = founders.components()[0]
ONE, TWO = founders.numbers(COMPONENT)[:2]


@pytest.fixture
def link(founder: Person) -> str:
    return founders.start(founder)


# Forged requests


def posts(app: Flask, key: str, round_id: str, **places: str) -> list[str]:
    """Everything that takes a form: by the private link where one leads there, else by the round's id."""
    paths = []
    for rule in app.url_map.iter_rules():
        declared = access.rule_of(app, rule.endpoint)
        if "POST" in (rule.methods or ()) and declared != access.TOKEN:  # programs send no forms
            own = round_id if declared == access.ADVISER else key
            paths.append(address(app, rule, own, **places))
    return paths


def test_every_form_needs_the_token_of_its_own_session(make_app: MakeApp, visitor: Visitor) -> None:
    app = make_app()
    founder, other, fresh = (visitor(of=app) for _ in range(3))
    member(founder, "administrator")  # so that no form is out of reach
    firm = add_firm(founder)
    cohort = add_cohort(founder)
    round_id = founders.key(round_of(founder, firm))
    link = founders.start(founder)
    founders.answer(founder, founder.open(link))
    token, foreign = founder.token(), other.token()
    before = everything(app)
    wrong = {
        "none": {},
        "empty": {"csrf_token": ""},
        "made up": {"csrf_token": secrets.token_hex(20)},
        "another's": {"csrf_token": foreign},
        "cut": {"csrf_token": token[:-1]},
        "not ASCII": {"csrf_token": "é\u202e.x.y"},
        "under another name": {"csrf_token_": token, "csrf": token},
    }
    places = {"firm_id": founders.key(firm), "cohort_id": cohort_id(cohort)}
    places["code"] = cohort_of(app, "Hub").code
    paths = posts(app, founders.key(link), round_id, **places)
    assert len(paths) >= 6
    for path in paths:
        for what, data in wrong.items():
            page = is_page(founder.client.post(path, data={"name": "Forged", **data}))
            assert page.status == 400, (path, what)
            assert "could not be checked" in page.text
        assert founder.client.post(f"{path}?csrf_token={quote(token)}").status_code == 400, "not by address"
        cookieless = fresh.client.post(path, data={"name": "Forged", "csrf_token": token})
        refused = (404,) if round_id in path else (302, 400)
        assert cookieless.status_code in refused, "a token without its cookie"
        got = founder.client.get(path, query_string={"csrf_token": token, "name": "Forged"})
        assert got.status_code < 500, "and no GET does what a POST does"

    assert everything(app) == before


def test_a_get_with_another_method_s_name_stays_a_get(founder: Person, link: str) -> None:
    token = founder.token()
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        founder.client.get(f"{link}/delete", headers={header: "POST", "X-CSRFToken": token})
        founder.client.get(f"{link}/delete?_method=POST&csrf_token={token}")

    founder.open(link)


# Names of the server

STRANGE_HOSTS = [
    "evil.example",
    "evil.example:80",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "localhost:80@evil.example",
    "evil.example#localhost",
    "evil.example/localhost",
    "localhost, evil.example",
    "localhost evil.example",
    "localhost\\evil.example",
    "127.0.0.2",
    "0.0.0.0",
    "[::2]",
    "localhos\u0165".encode("idna").decode(),
    '"><script>alert(1)</script>',
]


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_a_request_for_another_server_is_refused_on_every_route(
    app: Flask, founder: Person, link: str, host: str
) -> None:
    paths = {address(app, rule, founders.key(link)) for rule in app.url_map.iter_rules()}
    for path in [*paths, "/nothing"]:
        for method in ("GET", "POST"):
            answer = founder.client.open(path, method=method, headers={"Host": host}, buffered=True)

            assert answer.status_code == 400, path
            assert host.encode() not in answer.data and b"Nanotech" not in answer.data
            kind = "application/problem+json" if path.startswith("/api/") else "text/plain"
            assert answer.mimetype == kind and b"READINESS_BASE_URL" in answer.data
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Host": "evil.example"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "666"},
        {"X-Original-URL": "/evil"},
        {"X-Forwarded-Prefix": "//evil.example"},
        {"X-Script-Name": "//evil.example"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_no_header_moves_the_private_link(founder: Person, link: str, header: dict[str, str]) -> None:
    page = Page(founder.client.get(f"{link}/check", headers=header))

    assert page.private_link == f"http://localhost{link}"


def test_the_private_link_is_of_the_configured_address_whatever_the_request_says(
    make_app: MakeApp, visitor: Visitor
) -> None:
    app = make_app(BASE_URL="https://readiness.example")
    founder = visitor(of=app)
    link = founders.start(founder)
    for host in ("readiness.example", "localhost", "127.0.0.1:8000"):
        page = Page(founder.client.get(f"{link}/check", headers={"Host": host}))
        assert page.private_link == f"https://readiness.example{link}"

    assert founder.client.get("/", headers={"Host": "evil.example"}).status_code == 400


# Redirects


def test_the_browser_s_reading_of_addresses_is_understood() -> None:
    assert local("/start") and local("start")
    assert not any(
        map(local, ["//evil.example", "/\\evil.example", "/\t/evil.example", "http://evil.example"])
    )


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_path_and_no_parameter_redirects_elsewhere(founder: Person, link: str, elsewhere: str) -> None:
    path = elsewhere.encode()
    answers = [
        raw(founder, place, b"lang=fa")
        for place in (path, path + b"/", link.encode() + path, b"/a" + path, b"/static" + path)
    ]
    for name in ("next", "url", "return_to", "redirect", "continue", "go", "language", "lang"):
        answers += [
            founder.client.get(where, query_string={name: elsewhere, "lang": "fa"})
            for where in ("/", "/start", link, f"{link}/profile")
        ]
    page = founder.open(f"{link}/questions/{COMPONENT}")
    for name in ("next", "go", "language", "key", "component"):
        form = [(field, value) for field, value in founder.fill(page, {}) if field != name]
        data = dict([*form, (name, elsewhere)])
        answers.append(founder.client.post(f"{page.path}?next={quote(elsewhere)}", data=data))

    for answer in answers:
        assert answer.status_code < 500, answer.request.path
        assert local(answer.headers.get("Location", "/")), answer.headers["Location"]


# How often

TYPED = founders.FIRM | {"name": "One too many"}


def test_starting_too_often_is_refused_and_keeps_what_was_typed(make_app: MakeApp, visitor: Visitor) -> None:
    app = make_app(STARTS_PER_HOUR=2)
    founder, neighbour = visitor(of=app), visitor(of=app)
    founder.send(founder.open("/start"), {"name": ""}, status=400)
    links = [founders.start(founder) for _ in range(2)]

    page = founder.send(founder.open("/start"), TYPED, status=429)

    assert "wait an hour" in page.text and all(page.holds(name) == value for name, value in TYPED.items())
    assert founders.start(neighbour), "others are not affected"
    founders.answer(founder, founder.open(links[0]))
    founder.send(page, status=429)


def test_a_visitor_is_known_by_the_connection_and_not_by_what_the_request_claims(
    make_app: MakeApp, visitor: Visitor
) -> None:
    app = make_app(STARTS_PER_HOUR=1)
    founder = visitor(of=app)
    founders.start(founder)
    data = dict(founder.fill(founder.open("/start"), {"name": "Again"}))
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "X-Client-IP"):
        answer = founder.client.post("/start", data=data, headers={header: "for=192.0.2.7"})
        assert answer.status_code == 429
    fresh = founder.elsewhere()
    fresh.send(fresh.open("/start"), {"name": "Again"}, status=429)


def test_behind_a_proxy_the_visitor_is_the_one_the_proxy_names(make_app: MakeApp, visitor: Visitor) -> None:
    app = make_app(STARTS_PER_HOUR=1, PROXIES=1)
    founder = visitor(of=app)
    data = dict(founder.fill(founder.open("/start"), {"name": "Behind"}))
    claimed = {"192.0.2.1": 302, "192.0.2.2": 302, "192.0.2.9, 192.0.2.1": 429}
    for forwarded, status in claimed.items():
        answer = founder.client.post("/start", data=data, headers={"X-Forwarded-For": forwarded})
        assert answer.status_code == status, forwarded


def test_behind_a_proxy_its_headers_do_not_move_the_private_link(make_app: MakeApp, visitor: Visitor) -> None:
    founder = visitor(of=make_app(PROXIES=1))
    link = founders.start(founder)
    for header in ("X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix"):
        for value in ("127.0.0.1:666", "666", "/evil"):
            page = Page(founder.client.get(f"{link}/check", headers={header: value}))
            assert page.private_link == f"http://localhost{link}", (header, value)


def test_the_visitor_s_address_is_not_kept(make_app: MakeApp, visitor: Visitor) -> None:
    app = make_app()
    founder = visitor(of=app)
    founders.start(founder)

    with_allowances = app.extensions["store"].rows("SELECT * FROM allowances")

    assert len(with_allowances) == 1 and founder.address not in str(with_allowances)


# Cookies, caches, logs


@pytest.mark.parametrize("base", ["", "http://readiness.example", "https://readiness.example"])
def test_the_session_cookie_is_kept_from_scripts_and_other_sites(make_app: MakeApp, base: str) -> None:
    answer = make_app(BASE_URL=base).test_client().get("/start")

    (cookie,) = answer.headers.getlist("Set-Cookie")
    flags = {part.strip().partition("=")[0]: part.strip().partition("=")[2] for part in cookie.split(";")[1:]}
    assert (
        "HttpOnly" in flags and flags["SameSite"] == "Lax" and flags["Path"] == "/" and "Domain" not in flags
    )
    assert ("Secure" in flags) == base.startswith("https")


def test_the_session_holds_no_key_and_nothing_about_the_firm(founder: Person, link: str) -> None:
    founders.answer(founder, founder.open(link))
    cookie = founder.client.get_cookie("readiness")
    with founder.client.session_transaction() as session:
        assert set(session) <= {"csrf_token", "language", "_permanent"}
    assert cookie is not None and founders.key(link) not in cookie.value


def test_pages_that_need_no_session_set_no_cookie(visitor: Visitor) -> None:
    for path in ("/", "/method", "/sample", "/healthz", "/deleted"):
        assert "Set-Cookie" not in visitor().client.get(path).headers


def test_private_pages_are_always_sent_whole_and_never_kept(founder: Person, link: str) -> None:
    conditions = {
        "If-None-Match": "*",
        "If-Modified-Since": "Tue, 01 Jan 2030 00:00:00 GMT",
        "Range": "bytes=0-10",
    }
    founders.finish(founder, link)
    for path in ("/profile", "/firm", "/delete", "/answers.json", "/scores.json"):
        answer = founder.client.get(f"{link}{path}", headers=conditions)

        assert answer.status_code == 200 and "Content-Range" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers


def test_static_files_are_kept_long_and_change_their_address_with_their_content(founder: Person) -> None:
    page = founder.open("/")
    addresses = [address for tag, address in page.read.addresses if tag in ("link", "script")]
    assert addresses and all(re.search(r"\?v=[0-9a-f]{10}$", address) for address in addresses)
    for address_ in addresses:
        with founder.client.get(address_, buffered=True) as answer:
            assert answer.status_code == 200 and "max-age=31536000" in answer.headers["Cache-Control"]
            assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "../setup.cfg",
        "..%2fsetup.cfg",
        "%2e%2e/setup.cfg",
        "..\\setup.cfg",
        "/etc/passwd",
        "fonts/../../setup.cfg",
        "",
    ],
)
def test_only_static_files_are_served_as_such(founder: Person, path: str) -> None:
    assert raw(founder, b"/static/" + path.encode()).status_code in (404, 308)
    assert founder.client.get(f"/static/{path}").status_code in (404, 308)


def test_no_log_line_holds_a_private_link(
    make_app: MakeApp, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app = make_app()
    founder = visitor(of=app)
    link = founders.start(founder)
    founders.finish(founder, link)
    page = founder.open(f"{link}/profile")
    founder.client.post(f"{link}/reopen")
    founder.client.get(f"{link}/nothing")
    founder.client.post(link)
    founder.client.get(link, headers={"Host": "evil.example"})
    founder.client.post(f"{link}/firm", data=b"x" * 600_000)
    with app.extensions["store"].write() as transaction:
        transaction.run("PRAGMA ignore_check_constraints = ON")
        transaction.run("UPDATE responses SET codes = 'damaged'")
    for path in ("", "/profile", "/check", "/answers.json"):
        founder.open(f"{link}{path}", status=500)
    founder.send(page, status=500)

    assert "failed: GET profile.show" in caplog.text
    assert founders.key(link) not in caplog.text

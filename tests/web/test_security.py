"""Attacks, and that they come to nothing."""

import logging
import re
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote, quote_from_bytes, urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.http import parse_options_header
from werkzeug.test import EnvironBuilder, TestResponse

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.hostile import BYTES, ELSEWHERE, TEXTS
from tests.web.pages import Page, Person
from tests.web.test_access import HOLDER, address, everything

MakeApp = Callable[..., Flask]
COMPONENT = founders.components()[0]
ONE, TWO = founders.numbers(COMPONENT)[:2]


@pytest.fixture
def link(founder: Person) -> str:
    return founders.start(founder)


def raw(person: Person, path: bytes, query: bytes = b"", **environ: object) -> TestResponse:
    """A request as it comes off the wire, with bytes no client library would send."""
    overrides = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
    return person.client.open("/", environ_overrides=overrides | environ, buffered=True)


def is_page(answer: TestResponse) -> Page:
    """The answer is no failure, and if it is a page, a whole one."""
    assert answer.status_code < 500, answer.data
    assert local(answer.headers.get("Location", "/"))
    return Page(answer, TEXTS)


# Forged requests


def posts(app: Flask, key: str) -> list[str]:
    return [address(app, rule, key) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def test_every_form_needs_the_token_of_its_own_session(make_app: MakeApp, visitor: Visitor) -> None:
    app = make_app()
    founder, other, fresh = (visitor(of=app) for _ in range(3))
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
    paths = posts(app, founders.key(link))
    assert len(paths) >= 6
    for path in paths:
        for what, data in wrong.items():
            page = is_page(founder.client.post(path, data={"name": "Forged", **data}))
            assert page.status == 400, (path, what)
            assert "could not be checked" in page.text
        assert founder.client.post(f"{path}?csrf_token={quote(token)}").status_code == 400, "not by address"
        cookieless = fresh.client.post(path, data={"name": "Forged", "csrf_token": token})
        assert cookieless.status_code == 400, "a token without its cookie"
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
            assert answer.mimetype == "text/plain" and b"READINESS_BASE_URL" in answer.data
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


def local(location: str) -> bool:
    """Whether a browser stays: it drops tabs and line ends, and reads a backslash as a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return urlsplit(urljoin("http://localhost/a/b", seen)).netloc == "localhost"


def test_the_browser_s_reading_of_addresses_is_understood() -> None:
    assert local("/start") and local("start")
    assert not any(map(local, ["//evil.example", "/\\evil.example", "/\t/evil.example", "http://evil.example"]))


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


# Texts that want to be more


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_text_is_a_text_in_every_field_of_the_firm(founder: Person, text: str) -> None:
    given: dict[str, str | list[str]] = {"name": text, "country": text[:80], "rater": text[:80]}
    shown = {name: value.strip() for name, value in given.items() if isinstance(value, str)}
    refused = founder.send(founder.open("/start"), given | {"founded": text[:80]}, status=400)
    assert {name: refused.holds(name) for name in given} == given, "in the form with its error"

    link = founders.home(founder.send(founder.open("/start"), given))

    again = founder.open(f"{link}/firm")
    assert {name: again.holds(name) for name in given} == shown
    assert " ".join(shown["name"].split()) in founder.open(f"{link}/delete").text
    answers = founder.open(f"{link}/answers.json")
    assert answers.response.json["firm"]["name"] == shown["name"]
    assert answers.response.mimetype == "application/json" and b"\r" not in answers.body
    founder.send(again, {"name": "Other name", "country": "", "rater": "Other"})
    stale = founder.open(f"{link}/firm")
    founder.send(founder.open(f"{link}/firm"), {"name": text, "country": text[:80]})
    conflict = founder.send(stale, {"name": "Mine", "country": "My own"}, status=409)
    assert " ".join(shown["name"].split()) in conflict.text, "as the stored value of a conflict"


def test_hostile_texts_are_texts_in_notes_reasons_and_on_the_profile(visitor: Visitor) -> None:
    for language, name in (("en", TEXTS[0]), ("fa", TEXTS[3])):
        founder = visitor(language)
        link = founders.start(founder, name)
        kept = dict(zip(founders.model().numbers, TEXTS * 2, strict=False))
        for component in founders.components():
            page = founder.open(f"{link}/questions/{component}")
            values = {}
            for number in founders.numbers(component):
                values |= {f"a-{number}": "NA" if number % 5 == 0 else "L"}
                values |= {f"n-{number}": kept[number], f"r-{number}": kept[number]}
            founder.send(page, values, button="next")
            page = founder.open(f"{link}/questions/{component}")
            for number in founders.numbers(component):
                due = kept[number].strip()
                assert page.holds(f"n-{number}") == page.holds(f"r-{number}") == due

        profile = founder.send(founder.open(f"{link}/check"))

        assert profile.heading == name
        for number in founders.model().numbers:
            assert " ".join(kept[number].split()) in profile.text
        response = founder.open(f"{link}/answers.json").response.json["responses"][0]
        assert response["notes"]["14"] == kept[14] == "{{7*7}}"


def test_a_hostile_note_is_a_text_in_a_conflict_and_in_an_error(founder: Person, link: str) -> None:
    for text in TEXTS:
        stale = founder.open(f"{link}/questions/{COMPONENT}")
        fresh = founder.open(f"{link}/questions/{COMPONENT}")
        founder.send(fresh, {f"a-{ONE}": "NA", f"n-{ONE}": text, f"r-{ONE}": text}, button="next")
        long = text + "x" * 2000

        page = founder.send(stale, {f"n-{ONE}": f"mine {text}", f"n-{TWO}": long}, button="next", status=409)

        assert page.text.count(" ".join(text.split())) >= 2
        assert page.holds(f"n-{TWO}") == long


NAMES = [
    'quote" and \\ back',
    "semi; filename=evil.exe",
    "a/b\\c:d*e?f<g>h|i",
    "../../etc/passwd",
    ".hidden",
    "invoice\u202efdp.exe",
    "\u2066isolate\u2069 \u200fmark",
    "شرکت نانو‌فناوری پارس",
    "👩‍🔬 lab",
    "n" * 200,
    "ن" * 200,
    "tab\there",
    "line\nfeed\nX-Injected: yes",
    "percent %41 %0d%0a %",
    "UTF-8''x",
    "CON",
    "   ",
    "…",
    "a\u2028b\x85c",
]


@pytest.mark.parametrize("name", [name for name in NAMES if name.strip()])
def test_a_download_has_a_harmless_name(founder: Person, name: str) -> None:
    sent = [pair for pair in founder.fill(founder.open("/start"), {}) if pair[0] != "name"]
    link = founders.home(founder.post("/start", [*sent, ("name", name)]))
    for what in ("answers", "scores"):
        answer = founder.open(f"{link}/{what}.json").response

        header = answer.headers["Content-Disposition"]
        assert header.isascii() and header.isprintable() and len(answer.headers.getlist("Content-Disposition")) == 1
        assert "X-Injected" not in answer.headers
        kind, options = parse_options_header(header)
        assert kind == "attachment" and set(options) == {"filename"}
        chosen = options["filename"]
        assert chosen.endswith(".json") and 6 <= len(chosen) <= 90
        assert not re.search(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u2028-\u202e\u2066-\u2069]', chosen)
        assert not chosen.startswith("-") and chosen.strip() == chosen


# Too much

LONG = 100_000
SLOW = 1.0


def median_time(call: Callable[[], TestResponse], times: int = 3) -> tuple[float, TestResponse]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        answer = call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken), answer


def test_a_hundred_thousand_characters_in_any_field_are_answered_at_once(
    founder: Person, link: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [founder.open("/start"), founder.open(f"{link}/firm"), founder.open(f"{link}/questions/{COMPONENT}")]
    slowest = (0.0, "")
    for page in pages:
        form = page.form("answers" if "questions" in page.path else "firm")
        for text in ("x" * LONG, "ی" * (LONG // 6), "9" * LONG, "<" * LONG, "&amp;," * (LONG // 6)):
            for name in sorted(form.names() - {"csrf_token"}):
                if name.startswith(("a-", "s-")) and not name.endswith(f"-{ONE}"):
                    continue
                sent = [(field, value) for field, value in founder.fill(page, {}, form=form.id) if field != name]
                data = dict([*sent, (name, text)])

                taken, answer = median_time(lambda path=page.path, data=data: founder.client.post(path, data=data), 1)

                assert answer.status_code in (200, 302, 400, 409, 413), name
                slowest = max(slowest, (taken, f"{name} on {page.path.partition(link)[2] or page.path}"))
    median, _ = median_time(
        lambda: founder.client.post("/start", data={"csrf_token": founder.token(), "name": "x" * LONG}), 5
    )
    with capsys.disabled():
        print(f"\n{LONG:,} characters: slowest {slowest[0] * 1000:.0f} ms ({slowest[1]})")
        print(f"in the name, median: {median * 1000:.0f} ms")
    assert slowest[0] < SLOW and median < SLOW


def test_long_texts_in_all_fields_at_once_stay_on_the_page(founder: Person, link: str) -> None:
    page = founder.open(f"{link}/questions/{COMPONENT}")
    texts = {f"n-{number}": "x" * 30_000 for number in founders.numbers(COMPONENT)}

    page = founder.send(page, texts, button="next", status=400)

    assert all(page.holds(name) == text for name, text in texts.items())


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
@pytest.mark.parametrize("script", [False, True])
def test_a_body_over_the_cap_is_refused_with_a_page(founder: Person, link: str, kind: str, script: bool) -> None:
    body = f"csrf_token={founder.token()}&s-{ONE}=&n-{ONE}=".encode() + b"x" * 600_000
    if kind.startswith("multipart"):
        body = f'--b\r\nContent-Disposition: form-data; name="n-{ONE}"\r\n\r\n'.encode() + body + b"\r\n--b--"
    headers = {"Accept": "application/json"} if script else {}

    answer = founder.client.post(f"{link}/questions/{COMPONENT}", data=body, content_type=kind, headers=headers)

    assert answer.status_code == 413
    if script:
        assert answer.json == {"error": "That is too much at once"}
    else:
        assert is_page(answer).heading == "That is too much at once"


def test_a_body_that_claims_to_be_huge_is_refused_unread(founder: Person, link: str) -> None:
    answer = founder.client.post(
        f"{link}/questions/{COMPONENT}",
        data=b"csrf_token=x",
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"CONTENT_LENGTH": str(10**12)},
    )

    assert answer.status_code == 413


def test_too_many_parts_are_refused_and_too_many_fields_are_borne(founder: Person, link: str) -> None:
    path, token = f"{link}/questions/{COMPONENT}", founder.token()
    builder = EnvironBuilder(method="POST", content_type="multipart/form-data")
    builder.form.update({"csrf_token": token} | {f"x-{number}": "" for number in range(300)})
    parts = builder.get_environ()
    answer = founder.client.post(path, data=parts["wsgi.input"].read(), content_type=parts["CONTENT_TYPE"])
    assert answer.status_code == 413

    body = f"csrf_token={token}&" + "x=&" * 100_000
    kind = "application/x-www-form-urlencoded"
    taken, answer = median_time(lambda: founder.client.post(path, data=body, content_type=kind), 1)
    assert answer.status_code in (302, 413) and taken < 2 * SLOW


def test_a_huge_cookie_header_and_query_are_borne(founder: Person, link: str) -> None:
    for environ in (
        {"HTTP_COOKIE": "readiness=" + "x" * 200_000},
        {"HTTP_COOKIE": "a=b; " * 20_000},
        {"HTTP_COOKIE": "=;" * 50_000},
        {"HTTP_ACCEPT": "text/html," * 20_000},
        {"HTTP_ACCEPT": "application/json;q=" + "9" * 100_000},
        {"HTTP_REFERER": "x" * 100_000},
        {"HTTP_IF_NONE_MATCH": '"x",' * 20_000},
        {"HTTP_RANGE": "bytes=" + "0-1," * 20_000},
        {"QUERY_STRING": "x=&" * 30_000},
        {"CONTENT_TYPE": "x" * 100_000},
    ):
        overrides = {"PATH_INFO": f"{link}/check"} | environ
        began = time.perf_counter()
        answer = founder.client.open("/", environ_overrides=overrides)
        assert answer.status_code in (200, 400) and time.perf_counter() - began < SLOW, str(environ)[:40]


# Bytes that are no text


@pytest.mark.parametrize("bytes_", BYTES)
def test_bytes_that_are_no_text_break_nothing(founder: Person, link: str, bytes_: bytes) -> None:
    home, hexed = link.encode(), quote_from_bytes(bytes_).encode()
    answers = [raw(founder, path + bytes_) for path in (b"/", b"/a/", b"/static/", home, home + b"/questions/")]
    answers += [raw(founder, b"/" + home[1:] + b"/profile." + bytes_ + b".pdf")]
    answers += [
        raw(founder, path, query)
        for path in (b"/", home + b"/firm")
        for query in (bytes_, b"lang=" + bytes_, b"lang=" + hexed, hexed + b"=fa", b"lang=fa&x=" + hexed)
    ]
    for cookie in (bytes_, b"readiness=" + bytes_, bytes_ + b"=x", b'readiness="' + bytes_ + b'"'):
        answers.append(raw(founder, b"/start", HTTP_COOKIE=cookie.decode("latin-1")))
    for header in ("HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT", "HTTP_USER_AGENT", "HTTP_REFERER", "CONTENT_TYPE"):
        answers.append(raw(founder, home + b"/check", **{header: bytes_.decode("latin-1")}))
    for answer in answers:
        assert "X-Injected" not in answer.headers
        is_page(answer)


@pytest.mark.parametrize("bytes_", BYTES)
@pytest.mark.parametrize("encoded", [False, True])
def test_bytes_that_are_no_text_are_stored_as_text_or_refused(
    app: Flask, founder: Person, link: str, bytes_: bytes, encoded: bool
) -> None:
    token, kind = founder.token().encode(), "application/x-www-form-urlencoded"
    content = quote_from_bytes(bytes_).encode() if encoded else bytes_
    page = founder.open(f"{link}/questions/{COMPONENT}")
    seen = str(page.holds(f"s-{ONE}")).encode()
    bodies = {
        "/start": [b"csrf_token=%b&name=x%b", b"csrf_token=%b&name=x&%b=1", b"csrf_token=%b&name=x&founded=%b"],
        page.path: [
            b"csrf_token=%%b&s-%d=%b&n-%d=%%b" % (ONE, seen, ONE),
            b"csrf_token=%%b&s-%d=%b&a-%d=%%b" % (ONE, seen, ONE),
            b"csrf_token=%%b&s-%d=%%b&n-%d=x" % (ONE, ONE),
        ],
    }
    for path, patterns in bodies.items():
        for pattern in patterns:
            answer = founder.client.post(path, data=pattern % (token, content), content_type=kind)
            assert answer.status_code in (302, 400, 409), (path, pattern)

    for line in everything(app):
        line.encode()
    founder.open(f"{link}/answers.json").body.decode()


MULTIPART = {
    "no boundary": (b"--x\r\n", "multipart/form-data"),
    "empty boundary": (b"----\r\n", "multipart/form-data; boundary="),
    "boundary that is not there": (b"nothing", "multipart/form-data; boundary=x"),
    "never closed": (b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nA', "multipart/form-data; boundary=x"),
    "no name": (b"--x\r\nContent-Disposition: form-data\r\n\r\nA\r\n--x--", "multipart/form-data; boundary=x"),
    "no disposition": (b"--x\r\n\r\nA\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "odd charset": (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+ADw-\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    "a file": (
        b'--x\r\nContent-Disposition: form-data; name="name"; filename="../../x"\r\n\r\nA\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "NUL in a name": (
        b'--x\r\nContent-Disposition: form-data; name="na\x00me"\r\n\r\nA\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "endless header": (b"--x\r\n" + b"A" * 100_000, "multipart/form-data; boundary=x"),
    "long boundary": (b"--" + b"x" * 5000 + b"\r\n", "multipart/form-data; boundary=" + "x" * 5000),
    "JSON": (b'{"name": "A", "csrf_token": "x"}', "application/json"),
    "broken JSON": (b'{"name": ', "application/json"),
    "XML": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml"),
    "nothing": (b"", ""),
}


@pytest.mark.parametrize("what", MULTIPART)
def test_a_malformed_body_is_a_bad_request(founder: Person, link: str, what: str) -> None:
    body, kind = MULTIPART[what]
    headers = {"X-CSRFToken": founder.token()}
    for path in ("/start", f"{link}/firm", f"{link}/questions/{COMPONENT}", f"{link}/finish"):
        is_page(founder.client.post(path, data=body, content_type=kind, headers=headers))

    assert founder.open(f"{link}/firm").holds("name") == "Nanotech Pars"


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
    assert "HttpOnly" in flags and flags["SameSite"] == "Lax" and flags["Path"] == "/" and "Domain" not in flags
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
    ["../setup.cfg", "..%2fsetup.cfg", "%2e%2e/setup.cfg", "..\\setup.cfg", "/etc/passwd", "fonts/../../setup.cfg", ""],
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
        transaction.run("ALTER TABLE responses RENAME TO elsewhere")
    for path in ("", "/profile", "/check", "/answers.json"):
        founder.open(f"{link}{path}", status=500)
    founder.send(page, status=500)

    assert "failed: GET profile.show" in caplog.text
    assert founders.key(link) not in caplog.text


# The PDF engine


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody should call: its address, and who did."""
    calls: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_canary_sings(canary: tuple[str, list[str]]) -> None:
    import urllib.request

    with urllib.request.urlopen(f"{canary[0]}/called"):
        pass

    assert canary[1] == ["/called"]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_pdf_of_a_hostile_firm_calls_nobody_and_opens_no_file(
    visitor: Visitor, canary: tuple[str, list[str]], language: str
) -> None:
    url, calls = canary
    attempts = [
        f"<img src={url}/img>",
        "<img src=file:///etc/passwd>",
        f"<link rel=stylesheet href={url}/css>",
        f"<style>@import url({url}/import);</style>",
        f"<p style=\"background: url('{url}/background')\">",
        f"<link rel=attachment href={url}/attachment>",
        "<link rel=attachment href=file:///etc/passwd>",
        f"<object data={url}/object></object><embed src={url}/embed><iframe src={url}/frame></iframe>",
        f"<svg><image href='{url}/svg'/><use href='{url}/use#x'/></svg>",
        f"<base href={url}/><a rel=attachment href='/base'>x</a>",
        f"url({url}/bare) @import '{url}/bare';",
        f"{url}/plain file:///etc/passwd",
        f"<?xml-stylesheet href='{url}/xml'?><!DOCTYPE a SYSTEM '{url}/dtd'>",
        *TEXTS,
        "𓂀 \ue000 \U000e0001 \U0010ffff \ufffe \uffff \u2028 \u202e",
        "w" * 2000,
        "a" + "\u0301" * 60,
    ]
    founder = visitor(language)
    given = {"name": attempts[0][:200], "country": attempts[1], "rater": attempts[11][:80]}
    link = founders.home(founder.send(founder.open("/start"), given))
    texts = dict(zip(founders.model().numbers, attempts, strict=False))
    for component in founders.components():
        page = founder.open(f"{link}/questions/{component}")
        values = {}
        for number in founders.numbers(component):
            values |= {f"a-{number}": "NA" if number % 4 == 0 else "L"}
            values |= {f"n-{number}": texts.get(number, ""), f"r-{number}": texts.get(number, "")[:500]}
        founder.send(page, values, button="next")
    founder.send(founder.open(f"{link}/check"))

    pdf = founder.open(f"{link}/profile.{language}.pdf")

    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf.body))
    assert pdf.status == 200 and calls == []
    assert list(reader.attachments) == ["answers.json"]
    assert b"root:" not in pdf.body and b"/URI (http" not in pdf.body
    assert "img src=http://127.0.0.1" in reader.pages[0].extract_text()

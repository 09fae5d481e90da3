"""The pages for everybody, and the audit that every page of these tests goes through."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client
from werkzeug.wrappers import Response

from readiness.web.headers import POLICY
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.pages import HARDENED, Page, Person

GOOD = """<!doctype html>
<html lang="fa" dir="rtl"><head><title>دربارهٔ شرکت – آمادگی</title></head><body>
<h1 id="top">دربارهٔ شرکت</h1><p>None of the four</p><p>متن</p>
<form method="post"><input type="hidden" name="csrf_token" value="x">
<label for="n">نام</label><input type="text" id="n" name="name" value="Acme"></form>
</body></html>""".replace("<p>None of the four</p>", "")


def answer_of(html: str, **headers: str) -> Page:
    hardened = HARDENED | {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"} | headers
    return Page(Client(Response(html, mimetype="text/html", headers=hardened)).get("/a/key"), {"Acme"})


def test_the_audit_passes_a_sound_page() -> None:
    page = answer_of(GOOD)

    assert page.heading == "دربارهٔ شرکت" and page.holds("name") == "Acme"


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        ("<!doctype html>", ""),
        ('dir="rtl"', 'dir="ltr"'),
        ("دربارهٔ شرکت – آمادگی", " – "),
        ("<h1 ", "<h1>دو</h1><h1 "),
        ('<h1 id="top">', '<h1 id="n">'),
        ('<label for="n">', "<label>"),
        ('<label for="n">', '<label for="m">'),
        ("<p>", '<p style="color: red">'),
        ("<p>", '<p onclick="go()">'),
        ("<p>", "<p><script>go()</script>"),
        ("<p>", "<p><style>p {}</style>"),
        ("<p>", '<p><a href="https://example.org/">برو</a>'),
        ("<p>", '<p><a href="//example.org/">برو</a>'),
        ("<p>", '<p><a href="javascript:go()">برو</a>'),
        ("<p>", '<p><a href="#nowhere">برو</a>'),
        ("<p>", '<p aria-describedby="nowhere">'),
        ("<p>", "<p><b>"),
        ("<p>", "<p>None"),
        ("<p>", "<p>{{ name }}"),
        ("<p>", "<p>%(name)s"),
        ("<p>", "<p>&lt;LazyString&gt;"),
        ("<p>", "<p>Download as PDF"),
        ("<p>", "<p>این unfinished است"),
        ('value="Acme"', 'value="None"'),
        ('name="csrf_token"', 'name="other"'),
        ('method="post"', 'method="get"'),
    ],
)
def test_the_audit_finds(sound: str, broken: str) -> None:
    assert sound in GOOD

    with pytest.raises(AssertionError):
        answer_of(GOOD.replace(sound, broken, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cache-Control", "no-cache"),
        ("ETag", '"1"'),
        ("Referrer-Policy", "unsafe-url"),
        ("X-Content-Type-Options", ""),
        ("Content-Security-Policy", POLICY.replace("script-src 'self'", "script-src 'unsafe-inline'")),
        ("Content-Security-Policy", POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")),
        ("Server", "something/1.0"),
    ],
)
def test_the_audit_finds_the_header(name: str, value: str) -> None:
    with pytest.raises(AssertionError):
        answer_of(GOOD, **{name: value})


@pytest.mark.parametrize("language", ["en", "fa"])
def test_everybody_may_read_what_this_is_and_how_it_counts(visitor: Visitor, language: str) -> None:
    anybody = visitor(language)

    landing = anybody.open("/")
    for link in landing.links():
        if link.startswith("/") and "lang=" not in link and not link.endswith(".pdf"):
            assert anybody.open(link).language == language

    assert "/start" in landing.links() and "/sample" in landing.links()
    assert 'content="index"' in landing.html
    assert anybody.open("/method").html.count("<tr><td>") == 47


def test_only_pages_for_everybody_may_be_indexed(founder: Person) -> None:
    link = founders.start(founder)

    for path in (link, f"{link}/firm", f"{link}/check", "/start", "/sample", "/deleted"):
        assert 'name="robots" content="noindex"' in founder.open(path).html


def test_the_server_says_that_it_is_well(founder: Person) -> None:
    page = founder.open("/healthz")

    assert page.body == b"ok\n" and page.response.mimetype == "text/plain"


def test_a_page_that_is_not_there_says_so_in_words_and_to_a_script_in_json(founder: Person) -> None:
    page = founder.open("/nothing/here", status=404)
    assert page.heading == "There is nothing here" and "/" in page.links()

    answer = founder.client.get("/nothing/here", headers={"Accept": "application/json"})
    assert answer.status_code == 404 and json.loads(answer.data) == {"error": "There is nothing here"}


@pytest.mark.parametrize(
    ("damage", "status", "says", "cause"),
    [
        ("ALTER TABLE responses RENAME TO secret", 503, "This cannot be made right now", "no such table"),
        ("UPDATE responses SET codes = 'secret'", 500, "Something went wrong", "substring"),
    ],
    ids=["a database that does not answer", "anything unforeseen"],
)
def test_what_fails_is_a_page_too_and_lets_nothing_out(
    make_app: Callable[..., Flask],
    visitor: Visitor,
    caplog: pytest.LogCaptureFixture,
    damage: str,
    status: int,
    says: str,
    cause: str,
) -> None:
    app = make_app()
    anybody = visitor(of=app)
    link = founders.start(anybody)
    with app.extensions["store"].write() as transaction:
        transaction.run("PRAGMA ignore_check_constraints = ON")
        transaction.run(damage)

    page = anybody.open(link, status=status)

    assert page.heading == says and "secret" not in page.html
    told = anybody.client.get(link, headers={"Accept": "application/json"})
    assert told.status_code == status and b"secret" not in told.data
    assert cause in caplog.text, "the operator finds the cause in the log"
    assert founders.key(link) not in caplog.text, "and no private link"

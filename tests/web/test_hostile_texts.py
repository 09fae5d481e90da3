"""Texts that want to be more than text, on pages, in downloads and in the PDF."""

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import pytest
from flask import Flask
from pypdf import PdfReader
from werkzeug.http import parse_options_header

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.hostile import TEXTS
from tests.web.pages import Person

MakeApp = Callable[..., Flask]
COMPONENT = founders.components()[0]
ONE, TWO = founders.numbers(COMPONENT)[:2]


@pytest.fixture
def link(founder: Person) -> str:
    return founders.start(founder)


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
        assert (
            header.isascii()
            and header.isprintable()
            and len(answer.headers.getlist("Content-Disposition")) == 1
        )
        assert "X-Injected" not in answer.headers
        kind, options = parse_options_header(header)
        assert kind == "attachment" and set(options) == {"filename"}
        chosen = options["filename"]
        assert chosen.endswith(".json") and 6 <= len(chosen) <= 90
        assert not re.search(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u2028-\u202e\u2066-\u2069]', chosen)
        assert not chosen.startswith("-") and chosen.strip() == chosen


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

    reader = PdfReader(BytesIO(pdf.body))
    assert pdf.status == 200 and calls == []
    assert list(reader.attachments) == ["answers.json"]
    assert b"root:" not in pdf.body and b"/URI (http" not in pdf.body
    assert "img src=http://127.0.0.1" in reader.pages[0].extract_text()

"""Pages, saves and downloads of the real server over loopback, each over a bare hello page."""

from __future__ import annotations

import http.client
import json
import re
import sqlite3
import tempfile
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import waitress
from flask import Flask
from pairs import line, ratio

from readiness.core import answers, cheapest, model, scoring
from readiness.web import access, create_app

HOST = "127.0.0.1"


class Visitor:
    """A browser without a screen: one kept connection, cookies, forms."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port)
        self._cookie = ""

    def fetch(self, path: str, form: dict[str, str] | None = None, accept: str = "text/html") -> bytes:
        headers = {"Cookie": self._cookie, "Accept": accept}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request("GET" if form is None else "POST", path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        if cookie := response.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        if response.status == 302:
            return self.fetch(urllib.parse.urlsplit(response.getheader("Location", "")).path)
        if response.status >= 400:
            raise RuntimeError(f"{path}: {response.status}")
        self.path = path
        return content

    def fields(self, page: bytes) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.decode())
        return dict(found)


def hello_app(folder: Path) -> Flask:
    app = create_app(folder)

    @app.get("/hello")
    @access.public
    def hello() -> str:
        return "hello"

    return app


def _durable(folder: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(folder / "raw.sqlite", isolation_level=None)
    for pragma in ("journal_mode = TRUNCATE", "synchronous = FULL"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
    return raw


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        app = hello_app(folder)
        server = waitress.create_server(app, host=HOST, port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        try:
            yield from _measure(Visitor(server.effective_port), folder)
        finally:
            server.close()
            app.extensions["printer"].close()


def _cheapest_paths(page: Callable[[], bytes]) -> Iterator[str]:
    """The paths that a profile shows, for a firm of as many raters as are accepted, all still to do."""
    worst = np.zeros((answers.RATERS, 47), dtype=np.uint8)
    worst[:, model.load().column[44]] = 4
    scores = scoring.score_codes(model.load(), worst)

    def paths() -> None:
        for key in (None, "networking", "coopetition"):
            cheapest.to_next_level(scores, worst, key)

    found = ratio(paths, lambda: [page() for _ in range(10)], runs=15)
    yield line("the cheapest paths of the worst firm, 200 raters / ten questionnaire pages", found, "<= 1")


def _measure(visitor: Visitor, folder: Path) -> Iterator[str]:
    def hello() -> bytes:
        return visitor.fetch("/hello")

    form = visitor.fields(visitor.fetch("/start"))
    visitor.fetch("/start", {**form, "name": "Bench"})
    page_path, key = visitor.path, visitor.path.split("/")[2]
    found = ratio(lambda: visitor.fetch(page_path), hello, runs=300)
    yield line("a questionnaire page of 10 indicators / a bare hello page", found, "<= 3")
    yield from _cheapest_paths(lambda: visitor.fetch(page_path))

    fields = visitor.fields(visitor.fetch(page_path))
    raw = _durable(folder)
    turn = 0

    def save() -> None:
        nonlocal turn
        turn += 1
        sent = {"csrf_token": fields["csrf_token"], "s-1": fields["s-1"], "a-1": ("L", "H")[turn % 2]}
        answer = json.loads(visitor.fetch(page_path, sent, "application/json"))
        fields["s-1"] = answer["seen"]["1"]

    def hello_and_insert() -> None:
        hello()
        raw.execute("INSERT INTO t (body) VALUES ('an answer')")

    found = ratio(save, hello_and_insert, runs=300)
    yield line("an acknowledged save / hello page + one durable raw insert", found, "<= 2")

    for component in model.load().components:
        page = visitor.fetch(f"/a/{key}/questions/{component}")
        numbers = [name for name in visitor.fields(page) if name.startswith("s-")]
        visitor.fetch(
            f"/a/{key}/questions/{component}",
            visitor.fields(page) | {"a" + name[1:]: "M" for name in numbers},
        )
    visitor.fetch(f"/a/{key}/finish", visitor.fields(visitor.fetch(f"/a/{key}/check")))
    visitor.fetch(f"/a/{key}/profile.en.pdf")
    found = ratio(lambda: visitor.fetch(f"/a/{key}/profile.en.pdf"), hello, runs=300)
    yield line("download PDF after finishing, to its last byte / hello page", found, "<= 5")

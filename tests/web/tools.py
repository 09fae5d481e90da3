"""What several of these tests need beside people and pages."""

import re
import sqlite3
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.web.hostile import TEXTS
from tests.web.pages import Page, Person

NO_ID = "0" * 24
PLACES = {
    "component": "networking",
    "code": "en",
    "filename": "style.css",
    "link": "none",
    "firm_id": NO_ID,
    "number": "1",
    "item_id": NO_ID,
    "upload_id": NO_ID,
    "kind": "csv",
    "response_id": NO_ID,
    "assessment_id": NO_ID,
    "batch_id": NO_ID,
    "cohort_id": NO_ID,
    "release_id": NO_ID,
}


def address(app: Flask, rule: Rule, key: str, **places: str) -> str:
    """The route's address with something in every place of it."""
    values = {name: key if name == "key" else (PLACES | places)[name] for name in rule.arguments}
    with app.test_request_context("/"):
        path = str(app.url_for(rule.endpoint, **(values | {"key": "KEY"} if "key" in values else values)))
    return path.replace("/KEY", f"/{key}" if key else "")


def database(app: Flask) -> str:
    """The path of its file."""
    return str(app.config["DATABASE"].removeprefix("sqlite:///"))


def everything(app: Flask) -> list[str]:
    """The whole content of the database, without the PDFs that are made in the background."""
    with sqlite3.connect(database(app)) as connection:
        return [line for line in connection.iterdump() if not re.match(r'INSERT INTO "?reports', line)]


def raw(person: Person, path: bytes, query: bytes = b"", **environ: object) -> TestResponse:
    """A request as it comes off the wire, with bytes no client library would send."""
    overrides = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
    return person.client.open("/", environ_overrides=overrides | environ, buffered=True)


def is_page(answer: TestResponse) -> Page:
    """The answer is no failure, and if it is a page, a whole one."""
    assert answer.status_code < 500, answer.data
    assert local(answer.headers.get("Location", "/"))
    return Page(answer, TEXTS)


def local(location: str) -> bool:
    """Whether a browser stays: it drops tabs and line ends, and reads a backslash as a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return urlsplit(urljoin("http://localhost/a/b", seen)).netloc == "localhost"

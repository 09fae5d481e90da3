"""Programs of an organisation that use the API."""

import json
from collections.abc import Collection
from datetime import timedelta
from functools import cache
from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.test import TestResponse

from readiness.core import answers as answering
from readiness.paths import PACKAGE
from readiness.storage import organisations, tokens
from readiness.web.pages import sample_answers

YEAR = timedelta(days=365)
REFUSED = "application/problem+json"
API = "/api/v1"


@cache
def document() -> dict[str, Any]:
    """The API's description of itself."""
    return json.loads((PACKAGE / "web" / "api" / "openapi.json").read_text(encoding="utf-8"))


def resolve(part: dict[str, Any]) -> dict[str, Any]:
    """What a reference refers to, or the part itself."""
    if "$ref" not in part:
        return part
    found: Any = document()
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


@cache
def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Validates against a schema of the description, given as JSON."""
    whole = json.loads(schema) | {"components": document()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def check(value: Any, schema: dict[str, Any]) -> None:
    """The value is what the schema says."""
    validator(json.dumps(schema)).validate(value)


def conforms(answer: TestResponse) -> TestResponse:
    """The answer is one that the description names for its address and method."""
    method, path = answer.request.method.lower(), answer.request.path
    known = [item for name, item in document()["paths"].items() if method in item and fits(path, name)]
    if not known:
        assert answer.status_code in (404, 405) or method in ("options", "head"), (method, path)
        return answer
    responses = known[0][method]["responses"]
    assert str(answer.status_code) in responses, f"{method} {path}: {answer.status_code} is not described"
    described = resolve(responses[str(answer.status_code)])
    for name, header in described.get("headers", {}).items():
        assert name in answer.headers or not header["required"], f"{method} {path}: no {name}"
    content = described.get("content", {})
    assert {answer.content_type} - {None} == set(content), f"{method} {path}: {answer.content_type}"
    if content:
        check(json.loads(answer.data), content[str(answer.content_type)]["schema"])
    return answer


def fits(path: str, pattern: str) -> bool:
    """Whether an address is of the form that the description names."""
    parts, wanted = path.split("/"), pattern.split("/")
    pairs = zip(parts, wanted, strict=False)
    return len(parts) == len(wanted) and all(want[:1] == "{" or want == part for part, want in pairs)


class Program:
    """A program with a token; every answer that it gets is compared with the description."""

    def __init__(
        self,
        app: Flask,
        organisation: str = "Hub",
        scopes: Collection[str] = tokens.SCOPES,
        lifetime: timedelta = YEAR,
        name: str = "Registry",
    ) -> None:
        self.app, self.client = app, app.test_client()
        store = app.extensions["store"]
        found = organisations.named(store, organisation)
        with store.write() as transaction:
            place = found[0] if found else organisations.add(transaction, organisation)
            self.token, self.key = tokens.add(transaction, place.id, name, scopes, lifetime, "Ada")

    def call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> TestResponse:
        """A request with the token."""
        sent = {"Authorization": f"Bearer {self.key}"} | (headers or {})
        kwargs.setdefault("buffered", True)
        return conforms(self.client.open(path, method=method, headers=sent, **kwargs))

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, value: Any, **kwargs: Any) -> TestResponse:
        return self.call("POST", path, json=value, **kwargs)

    def change(self, path: str, value: Any, tag: str = "*") -> TestResponse:
        return self.call("PATCH", path, json=value, headers={"If-Match": tag})

    def add_firm(self, name: str = "Alborz Sensors", **facts: Any) -> str:
        """Add a firm; its path."""
        answer = self.post(f"{API}/firms", {"name": name, **facts})
        assert answer.status_code == 201, answer.data
        return answer.headers["Location"]

    def hand_in(self, firm: str) -> str:
        """Hand in the sample answers as an assessment of a firm; its path."""
        answer = self.post(f"{firm}/assessments", sample())
        assert answer.status_code == 201, answer.data
        return answer.headers["Location"]


def sample() -> dict[str, Any]:
    """Answers in the exchange format."""
    return answering.export(sample_answers("en"))

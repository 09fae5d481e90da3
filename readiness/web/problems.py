"""Refusals that programs read: application/problem+json, RFC 9457. In English, as the whole API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Response
from werkzeug.exceptions import HTTPException

Place = Mapping[str, str]
#: What was sent is repeated no longer than this.
_MOST = 500

DETAILS = {
    400: "The request cannot be read.",
    404: "There is nothing at this address, or it is not yours.",
    405: "This address does not know the method; the Allow header names those that it knows.",
    413: "The body is larger than this server accepts.",
    500: "Something went wrong here. Nothing that was saved is lost.",
    503: "The database does not answer at present. Please try again in a minute.",
}


class Problem(HTTPException):
    """A refusal that says what is wrong, and where."""

    def __init__(
        self, code: int, detail: str, errors: Sequence[Place] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail[:_MOST])
        self.code, self.detail = code, detail[:_MOST]
        self.errors, self.headers = list(errors), dict(headers or {})


def wrong(place: str, problem: str) -> Place:
    """What is wrong in one place of the request."""
    return {"place": place[:_MOST], "problem": problem[:_MOST]}


def answer(error: HTTPException) -> Response:
    """The answer to a request that was refused, or that failed."""
    code = error.code or 500
    detail = error.detail if isinstance(error, Problem) else DETAILS.get(code, HTTPStatus(code).description)
    made = document(code, detail, error.errors if isinstance(error, Problem) else ())
    kept = error.headers if isinstance(error, Problem) else {}
    # Such as Allow; not the type and length of a page that is not sent.
    made.headers.extend(
        (name, value) for name, value in error.get_headers() if not name.startswith("Content-")
    )
    made.headers.extend(kept)
    return made


def document(code: int, detail: str, errors: Sequence[Place] = ()) -> Response:
    """A problem document."""
    body: dict[str, object] = {"title": HTTPStatus(code).phrase, "status": code, "detail": detail}
    if errors:
        body["errors"] = list(errors)
    text = json.dumps(body, ensure_ascii=False)
    return Response(f"{text}\n", status=code, content_type="application/problem+json")

"""The API's own description."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from flask import Response

from readiness.web import access
from readiness.web.api.answering import blueprint


@cache
def _text() -> bytes:
    return files("readiness.web.api").joinpath("openapi.json").read_bytes()


@blueprint.get("/openapi.json")
@access.public
def description() -> Response:
    """OpenAPI 3.1, for programs that write programs."""
    return Response(_text(), content_type="application/json")

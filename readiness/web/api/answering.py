"""What every view of the API needs: the blueprint, and its answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    made = Response(f"{json.dumps(value, ensure_ascii=False)}\n", status, content_type="application/json")
    made.headers.extend(dict(headers or {}))
    return made

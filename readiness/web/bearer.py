"""The token that a program sends with each request, in the Authorization header and nowhere else."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request

from readiness.storage import allowances, tokens
from readiness.storage.engine import Store
from readiness.storage.tokens import Token
from readiness.web.problems import Problem

_REALM = 'Bearer realm="readiness"'
MINUTE = timedelta(minutes=1)


def find(store: Store, scope: str) -> Token:
    """The token of this request, which must have the scope; raises Problem."""
    key = _key()
    found = tokens.find(store, key) if key else None
    if found is None:
        raise Problem(
            401,
            "A valid token is needed: Authorization: Bearer rdy_… An administrator makes one.",
            headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"' if key else _REALM},
        )
    limit = int(current_app.config["API_PER_MINUTE"])
    if not allowances.spend(store, "api", found.id, limit, MINUTE):
        raise Problem(
            429,
            f"At most {limit} requests a minute are answered for one token. Please wait.",
            headers={"Retry-After": str(int(MINUTE.total_seconds()))},
        )
    if scope not in found.scopes:
        raise Problem(
            403,
            f"This token may not do that: it needs the scope {scope}.",
            headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{scope}"'},
        )
    return found


def _key() -> str:
    sent = request.authorization
    return (sent.token or "") if sent is not None and sent.type == "bearer" else ""

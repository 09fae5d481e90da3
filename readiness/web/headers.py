"""Response headers: nothing inline, nothing from elsewhere, nothing private kept by a cache."""

from __future__ import annotations

import hashlib
from functools import cache

from flask import Flask, Response, current_app, request, url_for

from readiness import paths
from readiness.web import access, locale

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@cache
def _version(name: str) -> str:
    return hashlib.sha256((paths.static() / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Address of a static file that changes when its content does."""
    return f"{_static_root(request.script_root)}{name}?v={_version(name)}"


@cache
def _static_root(script_root: str) -> str:
    del script_root  # the key: where the application is mounted
    return url_for("static", filename="")


def _for_everybody(response: Response) -> bool:
    """Whether it shows nothing of anybody: an answer to a form shows what was typed."""
    if not locale.for_programs() and access.visitor() is not None:  # the page names who is signed in
        return False
    if request.endpoint is None or request.method not in ("GET", "HEAD") or response.status_code >= 400:
        return False
    return access.rule_of(current_app, request.endpoint) == access.PUBLIC


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "interest-cohort=(), camera=(), geolocation=(), microphone=()"
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-cache" if _for_everybody(response) else "no-store"
        response.vary.add("Authorization" if locale.for_programs() else "Cookie")
    return response


def init(app: Flask) -> None:
    """Set the headers on every response."""
    app.after_request(_harden)
    app.jinja_env.globals["asset"] = asset

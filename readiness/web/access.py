"""Who may do what: every route declares a rule, and a route without one answers nobody.

Loading is authorising: a private link's key loads its assessment, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, abort, current_app, g, request
from flask_wtf.csrf import CSRFProtect

from readiness.storage import assessments
from readiness.storage.assessments import Assessment
from readiness.storage.engine import Store
from readiness.web import locale

View = TypeVar("View", bound=Callable[..., object])

PUBLIC, HOLDER = "public", "holder"


def public(view: View) -> View:
    """Anybody may call this view."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def holder(view: View) -> View:
    """Only who holds the private link's key in the address may call this view."""
    view.access = HOLDER  # type: ignore[attr-defined]
    return view


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The rule that a route declares, or None."""
    return cast("str | None", getattr(app.view_functions[endpoint], "access", None))


def store() -> Store:
    """The application's database."""
    return cast(Store, current_app.extensions["store"])


def assessment() -> Assessment:
    """The assessment of the private link that this request came by."""
    return cast(Assessment, g.assessment)


def reload_assessment() -> Assessment:
    """The same assessment as it is stored now; 404 if it was deleted meanwhile."""
    found = assessments.find(store(), cast(dict[str, str], request.view_args)["key"])
    if found is None:
        abort(404)
    g.assessment = found
    return found


def _enforce() -> None:
    if request.endpoint is None:
        return
    rule = rule_of(current_app, request.endpoint)
    if rule == PUBLIC:
        return
    if rule != HOLDER:
        abort(403)
    locale.suggest(reload_assessment().language)


def _refuse_what_no_form_sends() -> None:
    """A field without a name, or a file: what reads our forms fails over both."""
    if request.method == "POST" and (request.files or not all(request.form)):
        abort(400)


def init(app: Flask) -> None:
    """Enforce the rules, and a CSRF token on every POST."""
    public(app.view_functions["static"])
    app.before_request(_enforce)
    app.before_request(_refuse_what_no_form_sends)
    CSRFProtect(app)

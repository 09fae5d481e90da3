"""Who may do what: every route declares a rule, and a route without one answers nobody.

Loading is authorising. An assessment is loaded by the key of a private link, or by its id for who is
signed in to the organisation that looks after the firm; a firm is loaded by its id within that
organisation. What cannot be loaded is not there: 404. Who may look but not change gets 403.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from readiness.storage import assessments, portfolio, sessions, users
from readiness.storage.assessments import Assessment
from readiness.storage.engine import Store
from readiness.storage.firms import Firm
from readiness.storage.sessions import Session
from readiness.web import locale

View = TypeVar("View", bound=Callable[..., object])

PUBLIC, HOLDER, RATER = "public", "holder", "rater"
MEMBER, CONSULTANT, ADMINISTRATOR = "member", "consultant", "administrator"
_SIGNED_IN = (MEMBER, CONSULTANT, ADMINISTRATOR)


def _rule(name: str) -> Callable[[View], View]:
    def declare(view: View) -> View:
        view.access = name  # type: ignore[attr-defined]
        return view

    return declare


#: Anybody may call this view.
public = _rule(PUBLIC)
#: Who holds the assessment's private link, and who looks after the firm. A manager may look only.
holder = _rule(HOLDER)
#: Like holder, and a colleague too, whose link leads to an own response and nothing else.
rater = _rule(RATER)
#: Who is signed in, in whatever role; what is changed here is the person's own.
member = _rule(MEMBER)
#: Who is signed in and may change what is kept of firms; a manager may look only.
consultant = _rule(CONSULTANT)
#: Administrators of an organisation.
administrator = _rule(ADMINISTRATOR)


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The rule that a route declares, or None."""
    return cast("str | None", getattr(app.view_functions[endpoint], "access", None))


def store() -> Store:
    """The application's database."""
    return cast(Store, current_app.extensions["store"])


def visitor() -> Session | None:
    """The session of whoever sent this request, or None."""
    if "visitor" not in g:
        key = session.get("key")
        g.visitor = sessions.find(store(), key) if isinstance(key, str) else None
    return cast("Session | None", g.visitor)


def person() -> Session:
    """The session of this request; only behind a rule for who is signed in."""
    found = visitor()
    if found is None:
        abort(404)
    return found


def sign_in(key: str) -> None:
    """Give this browser a session, and nothing of what its cookie held before but the language."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    session["key"] = key
    if language:
        session["language"] = language
    g.pop("visitor", None)


def sign_out() -> None:
    """End this browser's session."""
    found = visitor()
    if found is not None:
        sessions.end(store(), found.user.id, found.key_hash)
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    g.pop("visitor", None)


def browser() -> str:
    """A secret that this browser keeps in its cookie, to know it again by."""
    if not isinstance(session.get("browser"), str):
        session["browser"] = secrets.token_urlsafe(16)
    return str(session["browser"])


def assessment() -> Assessment:
    """The assessment that this request is about."""
    return cast(Assessment, g.assessment)


def firm() -> Firm:
    """The firm of the portfolio that this request is about."""
    return cast(Firm, g.firm)


def by_link() -> bool:
    """Whether this request came by a private link, and not by way of the portfolio."""
    return bool(g.by_link)


def _argument(name: str) -> str:
    return cast(dict[str, str], request.view_args)[name]


def reload_assessment() -> Assessment:
    """The same assessment as it is stored now; 404 if it was deleted meanwhile."""
    key = _argument("key")
    found = assessments.find(store(), key)
    g.by_link = found is not None
    if found is None:
        someone = visitor()
        found = assessments.find_in(store(), someone.organisation.id, key) if someone else None
    if found is None:
        abort(404)
    g.assessment = found
    return found


def reload_firm() -> Firm:
    """The same firm as it is stored now; 404 if it was deleted or given up meanwhile."""
    found = portfolio.find(store(), person().organisation.id, _argument("firm_id"))
    if found is None:
        abort(404)
    g.firm = found
    return found


def _looks_only() -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS")


def _enforce_link(rule: str) -> None:
    found = reload_assessment()
    if found.response_id is not None and rule != RATER:
        abort(404)
    if not by_link() and not _looks_only() and not person().may_change_firms:
        abort(403)
    locale.suggest(found.language)


def _enforce_role(rule: str) -> Response | None:
    found = visitor()
    if found is None:
        wanted = request.endpoint if _looks_only() and not request.view_args else None
        return redirect(url_for("signin.ask", next=wanted))
    locale.suggest(found.user.language)
    if rule == ADMINISTRATOR and found.role != users.ADMINISTRATOR:
        abort(403)
    if "firm_id" in (request.view_args or {}):
        reload_firm()
    if rule == CONSULTANT and not _looks_only() and not found.may_change_firms:
        abort(403)
    return None


def _enforce() -> Response | None:
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule in (HOLDER, RATER):
        _enforce_link(rule)
        return None
    if rule in _SIGNED_IN:
        return _enforce_role(rule)
    if rule != PUBLIC:
        abort(403)
    return None


def _refuse_what_no_form_sends() -> None:
    """A field without a name, or a file where none is asked for: what reads our forms fails over both."""
    if request.method != "POST":
        return
    view = current_app.view_functions[request.endpoint] if request.endpoint else None
    takes_files, room = getattr(view, "files", False), getattr(view, "room", None)
    if room is not None:
        request.max_content_length = room
    if (request.files and not takes_files) or not all(request.form):
        abort(400)


def takes_files(view: View) -> View:
    """This view's form has a file in it."""
    view.files = True  # type: ignore[attr-defined]
    return view


def room_for(size: int) -> Callable[[View], View]:
    """This view's form may have so many bytes, files and all, in place of what other forms may have."""

    def declare(view: View) -> View:
        view.room = size  # type: ignore[attr-defined]
        return view

    return declare


def init(app: Flask) -> None:
    """Enforce the rules, and a CSRF token on every POST."""
    public(app.view_functions["static"])
    app.before_request(_enforce)
    app.before_request(_refuse_what_no_form_sends)
    app.context_processor(lambda: {"visitor": visitor})
    CSRFProtect(app)

"""Who may do what: every route declares a rule, and a route without one answers nobody.

Loading is authorising. An assessment is loaded by the key of a private link, or by its id for who is
signed in to the organisation that looks after the firm; a firm and a cohort are loaded by their ids within
that organisation. What cannot be loaded is not there: 404. Who may look but not change gets 403. A program
loads both by their ids within its token's organisation.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from readiness.storage import assessments, cohorts, portfolio, sessions, users
from readiness.storage.assessments import Assessment
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Store
from readiness.storage.firms import Firm
from readiness.storage.sessions import Session
from readiness.storage.tokens import Token
from readiness.web import bearer, locale

View = TypeVar("View", bound=Callable[..., object])

PUBLIC, HOLDER, RATER, ADVISER = "public", "holder", "rater", "adviser"
MEMBER, CONSULTANT, ADMINISTRATOR = "member", "consultant", "administrator"
MANAGER = "manager"
TOKEN = "token"  # noqa: S105
_SIGNED_IN = (MEMBER, CONSULTANT, MANAGER, ADMINISTRATOR)


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
#: Who looks after the firm and came by its portfolio; no private link leads here. A manager may look only.
adviser = _rule(ADVISER)
#: Who is signed in, in whatever role; what is changed here is the person's own.
member = _rule(MEMBER)
#: Who is signed in and may change what is kept of firms; a manager may look only.
consultant = _rule(CONSULTANT)
#: Who runs the organisation's programmes, managers and administrators: cohorts, and the firms in them.
manager = _rule(MANAGER)
#: Administrators of an organisation.
administrator = _rule(ADMINISTRATOR)


def token(scope: str) -> Callable[[View], View]:
    """Programs with a token that has this scope; what a browser holds counts for nothing."""

    def declare(view: View) -> View:
        view.scope = scope  # type: ignore[attr-defined]
        return _rule(TOKEN)(view)

    return declare


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The rule that a route declares, or None."""
    return cast("str | None", getattr(app.view_functions[endpoint], "access", None))


def scope_of(app: Flask, endpoint: str) -> str:
    """The scope that a token needs for a route."""
    return cast(str, getattr(app.view_functions[endpoint], "scope", ""))


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


def caller() -> Token:
    """The token of this request; only behind a rule for tokens."""
    return cast(Token, g.caller)


def assessment() -> Assessment:
    """The assessment that this request is about."""
    return cast(Assessment, g.assessment)


def firm() -> Firm:
    """The firm of the portfolio that this request is about."""
    return cast(Firm, g.firm)


def cohort() -> Cohort:
    """The cohort of the organisation that this request is about."""
    return cast(Cohort, g.cohort)


def by_link() -> bool:
    """Whether this request came by a private link, and not by way of the portfolio."""
    return bool(g.by_link)


def may_change() -> bool:
    """Whether who sent this request may change this assessment; a manager may look only."""
    return by_link() or person().may_change_firms


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


def reload_cohort() -> Cohort:
    """The same cohort as it is stored now; 404 if it was deleted meanwhile."""
    found = cohorts.find(store(), person().organisation.id, _argument("cohort_id"))
    if found is None:
        abort(404)
    g.cohort = found
    return found


def _looks_only() -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS")


def _enforce_link(rule: str) -> None:
    found = reload_assessment()
    if found.response_id is not None and rule != RATER:
        abort(404)
    if by_link() and rule == ADVISER:
        abort(404)
    if not _looks_only() and not may_change():
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
    if rule == MANAGER and not found.runs_programmes:
        abort(403)
    if "firm_id" in (request.view_args or {}):
        reload_firm()
    if "cohort_id" in (request.view_args or {}):
        reload_cohort()
    if rule == CONSULTANT and not _looks_only() and not found.may_change_firms:
        abort(403)
    return None


def _enforce_token() -> None:
    g.caller = bearer.find(store(), scope_of(current_app, str(request.endpoint)))
    if "firm_id" in (request.view_args or {}):
        g.firm = portfolio.find(store(), caller().organisation_id, _argument("firm_id")) or abort(404)
    if "assessment_id" in (request.view_args or {}):
        found = assessments.find_in(store(), caller().organisation_id, _argument("assessment_id"))
        g.assessment = found or abort(404)


def _enforce() -> Response | None:
    if request.endpoint is None:
        return None
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        abort(404)  # not every database can even look for that
    rule = rule_of(current_app, request.endpoint)
    if rule in (HOLDER, RATER, ADVISER):
        _enforce_link(rule)
        return None
    if rule in _SIGNED_IN:
        return _enforce_role(rule)
    if rule == TOKEN:
        _enforce_token()
        return None
    if rule != PUBLIC:
        abort(403)
    return None


def _refuse_what_no_form_sends() -> None:
    """A field without a name, or a file where none is asked for: what reads our forms fails over both."""
    if request.method != "POST" or locale.for_programs():
        return
    _allow_large()
    if (request.files and not awaits_file()) or not all(request.form):
        abort(400)


def _refuse_forged() -> None:
    """A CSRF token on every form. A program's request has none, and needs none: no browser adds its key."""
    if request.endpoint is not None and rule_of(current_app, request.endpoint) != TOKEN:
        current_app.extensions["csrf"].protect()


def takes_files(view: View) -> View:
    """This view's form has a file in it."""
    view.files = True  # type: ignore[attr-defined]
    return view


def awaits_file() -> bool:
    """Whether the form of this request has a file in it."""
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), "files", False))


def body_up_to(most: int) -> Callable[[View], View]:
    """This view takes a body of so many bytes, for a large file."""

    def declare(view: View) -> View:
        view.most = most  # type: ignore[attr-defined]
        return view

    return declare


def _allow_large() -> None:
    """Before the body is read, and after it is known who sends it."""
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "most", request.max_content_length)


def init(app: Flask) -> None:
    """Enforce the rules, and a CSRF token on every POST."""
    public(app.view_functions["static"])
    app.before_request(_enforce)
    app.before_request(_refuse_what_no_form_sends)
    app.context_processor(lambda: {"visitor": visitor})
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    CSRFProtect(app)
    app.before_request(_refuse_forged)

"""The language of a page: the address, then the person's choice, then the browser's preference."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_babel import Babel
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response

from readiness import paths
from readiness.reports.language import LANGUAGES, Language, language


def _preferred() -> str:
    """The first of the browser's languages that is ours; a region such as that of fa-IR is no matter."""
    for wanted, quality in request.accept_languages:
        code = wanted.replace("_", "-").partition("-")[0].lower()
        if quality > 0 and code in LANGUAGES:
            return code
    return "en"


def for_programs() -> bool:
    """Whether the request is for the API, which speaks English and knows no visitor."""
    return request.path.startswith("/api/")


def current() -> Language:
    """The language of this request."""
    found = g.get("language")
    if found is None:
        code = "en" if for_programs() else session.get("language")
        if code not in LANGUAGES:
            code = _preferred()
        found = g.language = language(code)
    return cast(Language, found)


def suggest(code: str) -> None:
    """Speak this language, in which an assessment was begun, unless the person has chosen one."""
    if session.get("language") not in LANGUAGES and code in LANGUAGES:
        g.language = language(code)


def choose(code: str | None) -> bool:
    """Remember a choice of language; whether it is one of ours."""
    if code not in LANGUAGES:
        return False
    session.permanent = True
    session["language"] = code
    g.language = language(code)
    return True


def _asked_for() -> str | None:
    try:
        return request.args.get("lang")
    except UnicodeDecodeError:  # the query is no text
        return None


def _chosen_by_address() -> Response | None:
    if request.method != "GET" or request.endpoint == "static" or for_programs() or not choose(_asked_for()):
        return None
    if request.endpoint is None:  # an error page follows, in the chosen language
        return None
    # By name and never by the path as it came: browsers read some paths as another host.
    address = url_for(request.endpoint, **(request.view_args or {}))
    return redirect(f"{address}?{urlencode(_besides())}" if _besides() else address, 302)


def _besides() -> list[tuple[str, str]]:
    """What the address asks for beside a language, such as a part of the portfolio."""
    try:
        return [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    except UnicodeDecodeError:  # the query is no text
        return []


def address_in(code: str) -> str:
    """The address of this page in another language; where it only takes forms, of the page above it."""
    path, rule = request.path, request.url_rule
    if rule is None or "GET" in (rule.methods or ()):
        return f"?{urlencode([*_besides(), ('lang', code)])}"
    routes = current_app.create_url_adapter(request)
    while routes and path and not routes.test(path, "GET"):
        path = path.rpartition("/")[0]
    return f"{request.script_root}{quote(path or '/')}?lang={code}"


def init(app: Flask) -> None:
    """Let Flask-Babel, the templates and the address agree on the language."""
    folder = paths.PACKAGE / "translations"
    Babel(app, locale_selector=lambda: current().code, default_translation_directories=str(folder))
    # Templates ask the same catalogue, but without Flask-Babel's way to it for every word.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: current().catalogue.gettext(message),
        lambda one, many, count: current().catalogue.ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.before_request(_chosen_by_address)
    app.context_processor(lambda: {"lang": current(), "languages": LANGUAGES, "address_in": address_in})

"""Firms of the token's organisation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, request, url_for

from readiness.core import model as models
from readiness.reports.facts import SECTORS
from readiness.reports.language import LANGUAGES
from readiness.storage import portfolio, tokens
from readiness.storage.firms import FIELDS, Firm
from readiness.storage.portfolio import Query
from readiness.web import access
from readiness.web.api import bodies, facts
from readiness.web.api.answering import answer, blueprint
from readiness.web.problems import Problem, wrong

#: What a list can be asked for, with what it may say.
_ASKED: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "search": (re.compile(r"[^\x00-\x1f]{0,100}").fullmatch, "a text of at most 100 characters"),
    "sector": (SECTORS.__contains__, f"one of {', '.join(SECTORS)}"),
    "archived": (("true", "false").__contains__, "true or false"),
    "page": (re.compile("[1-9][0-9]{0,4}").fullmatch, "a number from 1 to 99999"),
}


def _asked() -> list[tuple[str, list[str]]]:
    try:
        return list(request.args.lists())
    except UnicodeDecodeError as error:
        raise Problem(400, "The query of the address is not UTF-8 text.") from error


def _query() -> Query:
    """What the address asks for; raises Problem."""
    for name, given in _asked():
        if name not in _ASKED:
            problem = f"unknown parameter; known here: {', '.join(_ASKED)}"
        elif len(given) == 1 and _ASKED[name][0](given[0]):
            continue
        else:
            problem = f"{_ASKED[name][1]} is expected here, once"
        raise Problem(400, f"{name}: {problem}", [wrong(name, problem)])
    asked = request.args
    return Query(
        search=asked.get("search", ""),
        sector=asked.get("sector", ""),
        archived=asked.get("archived") == "true",
        page=int(asked.get("page", "1")),
    )


@blueprint.get("/firms")
@access.token(tokens.FIRMS_READ)
def list_firms() -> Response:
    """A page of the firms."""
    query, organisation = _query(), access.caller().organisation_id
    total = portfolio.count(access.store(), organisation, query)
    lines = portfolio.listing(access.store(), organisation, query)
    pages = -(-total // portfolio.PAGE)
    found = [facts.export(line.firm) for line in lines]
    return answer({"firms": found, "page": query.page, "pages": pages, "total": total})


@blueprint.post("/firms")
@access.token(tokens.FIRMS_WRITE)
def add_firm() -> Response:
    """A new firm, with a first round that is open."""
    sent = dict(bodies.read_object())
    bodies.only(sent, (*FIELDS, "language", "rater"))
    code = sent.pop("language", "en")
    if not isinstance(code, str) or code not in LANGUAGES:
        raise bodies.invalid("language", f"one of {', '.join(LANGUAGES)} is expected here")
    rater = str(sent.get("rater") or "").strip() or "Founder"
    values = facts.read({"name": "", **sent})
    firm, key = portfolio.add(access.store(), access.caller().author, models.load(), code, values, rater)
    del key  # a private link shows results, which this scope does not
    return _one(firm, 201, {"Location": url_for(".show_firm", firm_id=firm.id)})


def _tag(firm: Firm) -> str:
    return f'"{portfolio.version(firm)}"'


def _one(firm: Firm, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return answer(facts.export(firm), status, {"ETag": _tag(firm), **(headers or {})})


@blueprint.get("/firms/<firm_id>")
@access.token(tokens.FIRMS_READ)
def show_firm(firm_id: str) -> Response:
    """One firm; its ETag is needed to change it."""
    del firm_id
    return _one(access.firm())


@blueprint.patch("/firms/<firm_id>")
@access.token(tokens.FIRMS_WRITE)
def change_firm(firm_id: str) -> Response:
    """Change facts of a firm, unless somebody else did meanwhile."""
    firm, sent = access.firm(), bodies.read_object()
    bodies.only(sent, FIELDS)
    if "If-Match" not in request.headers:
        raise Problem(428, "If-Match is needed: the ETag with which the firm was read.")
    if not request.if_match.contains(portfolio.version(firm)):
        raise _changed()
    values = facts.read(facts.of(firm) | dict(sent))
    try:
        made = portfolio.set_facts(
            access.store(), access.caller().author, firm_id, values, portfolio.version(firm)
        )
    except portfolio.Changed as error:
        raise _changed() from error
    return _one(made) if made is not None else abort(404)


def _changed() -> Problem:
    return Problem(412, "The firm was changed since it was read. Read it again, then decide.")


@blueprint.delete("/firms/<firm_id>")
@access.token(tokens.FIRMS_WRITE)
def delete_firm(firm_id: str) -> Response:
    """Delete a firm for good, with every assessment, report and plan."""
    portfolio.delete(access.store(), access.caller().author, firm_id)
    gone = Response(status=204)
    del gone.headers["Content-Type"]
    return gone

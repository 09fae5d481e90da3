"""Answers out: the portfolio, or the part of it that is filtered, as CSV, JSON or a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from readiness.reports import answerlist, answersheet, workbook
from readiness.reports.intake import OPEN, Entry, Round
from readiness.storage import exports, portfolio
from readiness.storage.exports import Held, HeldRound
from readiness.web import access, locale
from readiness.web.downloads import attachment
from readiness.web.portfolio import wanted

blueprint = Blueprint("exports", __name__)
KINDS = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/portfolio/export")
@access.member
def page() -> str:
    """What is exported, and in which forms."""
    query = wanted()
    kept = {"q": query.search, "sector": query.sector, "status": query.status}
    kept |= {"archived": "yes" if query.archived else ""}
    chosen: dict[str, Any] = {name: value for name, value in kept.items() if value}
    return render_template(
        "exports/page.html",
        total=portfolio.count(access.store(), access.person().organisation.id, query),
        query=query,
        addresses={kind: url_for(".file", kind=kind, **chosen) for kind in KINDS},
        all_rounds=url_for(".file", kind="json", rounds="all", **chosen),
        back=url_for("portfolio.index", **chosen),
    )


@blueprint.get("/portfolio/export.<kind>")
@access.member
def file(kind: str) -> Response:
    """The firms of the filter with their latest rounds; JSON with every round if it is asked for."""
    if kind not in KINDS:
        abort(404)
    every_round = kind == "json" and request.args.get("rounds") == "all"
    held = exports.gather(access.store(), access.person().organisation.id, wanted(), every_round)
    entries, spoken = _entries(held), locale.current()
    if kind == "csv":
        content = answersheet.write(entries, spoken)
    elif kind == "json":
        content = answerlist.write(entries, every_round)
    else:
        content = workbook.make(entries, spoken)
    return attachment(
        content, KINDS[kind], _("%(firm)s answers", firm=access.person().organisation.name), kind
    )


def _entries(held: Iterator[Held]) -> Iterator[Entry]:
    for item in held:
        if item.rounds:
            facts = item.firm.known()
            facts["regions"] = item.firm.regions
            yield Entry(facts, item.firm.email, item.rounds[-1].model, [_round(one) for one in item.rounds])


def _round(held: HeldRound) -> Round:
    day = (held.round.finished_at or OPEN)[:10] if held.round.finished else OPEN
    return Round(day, [response.for_scoring(held.model) for response in held.responses])

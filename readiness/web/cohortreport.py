"""The report of a cohort as PDF, for inside the organisation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, Response, abort, current_app

from readiness.core import composition
from readiness.reports.cohortreport import CohortView, Members, words_of
from readiness.reports.facts import SECTORS
from readiness.reports.language import LANGUAGES, language
from readiness.storage import standings
from readiness.web import access, background, supplement
from readiness.web.board import AGES, SIZES, Board, Boards, Wanted
from readiness.web.downloads import attachment

blueprint = Blueprint("cohortreport", __name__)


@blueprint.get("/programmes/<cohort_id>/report/<code>.pdf")
@access.manager
def pdf(cohort_id: str, code: str) -> Response:
    """The report in a language."""
    del cohort_id
    if code not in LANGUAGES:
        abort(404)
    view = gather(code)
    content = background.wait(background.printer().cohort(view))
    name = language(code).words("%(cohort)s report", cohort=view.cohort)
    return attachment(content, "application/pdf", name, "pdf")


def gather(code: str) -> CohortView:
    """Everything that the report of this request's cohort says."""
    found = access.cohort()
    boards = cast(Boards, current_app.extensions["boards"])
    board = boards.of(access.store(), found, Wanted())
    brand = supplement.brand_of(found.organisation_id)
    assert brand is not None
    return CohortView(
        code=code,
        cohort=found.name,
        starts=found.starts,
        ends=found.ends,
        made_on=datetime.now(UTC).date(),
        invented=found.invented,
        inside=True,
        brand=brand,
        members=_members(board),
        firms=board.summary.firms,
        left_out=board.left_out,
        standing=words_of(board.summary, code),
    )


def _members(board: Board) -> Members:
    known = standings.facts(access.store(), board.firm_ids).values()
    year, completion = datetime.now(UTC).year, board.completion
    ages = [None if firm.founded is None else year - firm.founded for firm in known]
    return Members(
        invited=completion.invited,
        joined=completion.joined,
        started=completion.started,
        finished=completion.finished,
        sectors=composition.by_kind([firm.sector for firm in known], SECTORS),
        sizes=composition.by_band([firm.employees for firm in known], SIZES),
        ages=composition.by_band(ages, AGES),
    )

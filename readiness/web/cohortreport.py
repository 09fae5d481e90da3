"""The report of a cohort as PDF, for inside the organisation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, Response, abort, current_app

from readiness.core import comparison, composition, panel
from readiness.core import model as models
from readiness.core.bands import AGES, SIZES
from readiness.core.comparison import Finding
from readiness.core.ranktests import Shift
from readiness.reports.cohortreport import Agreement, Change, CohortView, Members, words_of
from readiness.reports.facts import SECTORS
from readiness.reports.language import LANGUAGES, language
from readiness.storage import standings, twice
from readiness.web import access, background, supplement
from readiness.web.board import Board, Boards, Wanted
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
    changes, assessed_twice = _changes(found.id)
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
        changes=changes,
        twice=assessed_twice,
        agreements=_agreements(found.id),
    )


def _changes(cohort_id: str) -> tuple[tuple[Change, ...], int]:
    """What became of the firms that were assessed twice, and how many they are."""
    model = models.load()
    found = twice.read(access.store(), cohort_id, model)
    firms = len(found[0].firm_ids)
    if not firms:
        return (), 0
    before, after = (panel.panel(model, rounds.codes, rounds.several) for rounds in found)
    whole = comparison.rounds(before.overall[None], after.overall[None])
    parts = comparison.rounds(before.index, after.index)
    named = zip((*model.components, None), (*parts, *whole), strict=True)
    return tuple(_change(name, finding) for name, finding in named), firms


def _change(component: str | None, found: Finding) -> Change:
    moved = found.effect if isinstance(found.effect, Shift) else None
    return Change(
        component=component,
        firms=found.n_a,
        before=found.median_a,
        after=found.median_b,
        shift=moved.shift if moved else None,
        low=moved.low if moved else 0.0,
        high=moved.high if moved else 0.0,
        verdict=found.verdict,
    )


def _agreements(cohort_id: str) -> tuple[Agreement, ...]:
    model = models.load()
    codes = standings.read(access.store(), cohort_id, model).codes
    found = zip(
        model.components,
        comparison.reliability(model, codes),
        comparison.complete(model, codes).tolist(),
        strict=True,
    )
    return tuple(
        Agreement(name, complete, one.alpha, one.low, one.high)
        if one
        else Agreement(name, complete, None, 0.0, 0.0)
        for name, one, complete in found
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

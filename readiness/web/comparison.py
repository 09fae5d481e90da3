"""Comparison: a cohort beside another one of the organisation, or its firms' first and latest rounds."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from readiness.core import model as models
from readiness.core.panel import panel
from readiness.reports.comparison import ComparisonView, Side, compare_groups, compare_rounds
from readiness.storage import cohortdata, cohorts, standings
from readiness.storage.cohorts import Cohort
from readiness.web import access, locale

blueprint = Blueprint("comparison", __name__)
#: What is chosen in place of another cohort.
ROUNDS = "rounds"


@blueprint.get("/programmes/<cohort_id>/comparison")
@access.manager
def page(cohort_id: str) -> str:
    """What can be compared with the cohort, and what was chosen."""
    found, model = access.cohort(), models.load()
    others = [
        other
        for other in cohorts.listing(access.store(), access.person().organisation.id)
        if other.id != cohort_id
    ]
    chosen = request.args.get("with", "")
    other = next((item for item in others if item.id == chosen), None)
    if chosen not in ("", ROUNDS) and other is None:
        abort(404)
    return render_template(
        "comparison/page.html",
        cohort=found,
        others=others,
        other=other,
        chosen=chosen,
        view=_rounds(found) if chosen == ROUNDS else _groups(found, other) if other else None,
        left_out=cohortdata.left_out(access.store(), cohort_id, model),
        left_out_there=cohortdata.left_out(access.store(), other.id, model) if other else None,
    )


def _side(found: Cohort, name: str, which: str) -> Side:
    model = models.load()
    held = standings.read(access.store(), found.id, model, which=which)
    return Side(name, held.firm_ids, held.assessment_ids, panel(model, held.codes, held.several))


def _groups(found: Cohort, other: Cohort) -> ComparisonView:
    one, two = (_side(item, item.name, standings.LATEST) for item in (found, other))
    return compare_groups(one, two, locale.current())


def _rounds(found: Cohort) -> ComparisonView:
    first = _side(found, _("first round"), standings.FIRST)
    latest = _side(found, _("latest round"), standings.LATEST)
    return compare_rounds(first, latest, locale.current())

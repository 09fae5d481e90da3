"""Reliability: how far the answers to each component's indicators go together in a cohort."""

from __future__ import annotations

from flask import Blueprint, render_template

from readiness.core import model as models
from readiness.core import statistics
from readiness.reports.reliability import view_reliability
from readiness.storage import standings
from readiness.web import access, locale

blueprint = Blueprint("reliability", __name__)


@blueprint.get("/programmes/<cohort_id>/reliability")
@access.manager
def page(cohort_id: str) -> str:
    """Cronbach's alpha of each component, or why there is none."""
    model = models.load()
    held = standings.read(access.store(), cohort_id, model)
    return render_template(
        "reliability/page.html",
        cohort=access.cohort(),
        rows=view_reliability(model, held.codes, locale.current()),
        firms=len(held.firm_ids),
        least=statistics.ALPHA_FROM,
    )

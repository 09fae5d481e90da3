"""Gathers what a report holds beside the answers."""

from __future__ import annotations

from readiness.reports.supplement import PlanItem, Supplement
from readiness.storage import actionplan
from readiness.storage.assessments import Assessment
from readiness.storage.engine import now
from readiness.web import access


def gather(found: Assessment) -> Supplement:
    """Everything beside the answers of an assessment."""
    plan = plan_of(found.firm.id)
    return Supplement(plan=plan, plan_on=now()[:10] if plan else "")


def plan_of(firm_id: str) -> tuple[PlanItem, ...]:
    """The plan that a firm keeps, as it stands today."""
    today = now()[:10]
    return tuple(
        PlanItem(**item.values(), action=item.action, overdue=item.overdue(today))
        for item in actionplan.listing(access.store(), firm_id)
    )

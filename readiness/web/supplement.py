"""Gathers what a report holds beside the answers."""

from __future__ import annotations

import json

from readiness.core import answers as answering
from readiness.core.answers import WORDS
from readiness.reports.supplement import Brand, Cohort, Earlier, PlanItem, Remark, Supplement
from readiness.storage import actionplan, agreed, comments, organisations, releases, rounds, verified
from readiness.storage.assessments import Assessment
from readiness.storage.engine import now
from readiness.web import access


def gather(found: Assessment) -> Supplement:
    """Everything beside the answers of an assessment."""
    plan, brand = plan_of(found.firm.id), _brand(found.firm.organisation_id)
    return Supplement(
        brand=brand,
        adviser=brand.name if brand else "",
        comments=comments.of(access.store(), found.id),
        verified=_verified(found),
        agreed=agreed_of(found),
        earlier=_earlier(found),
        cohorts=tuple(Cohort(*one) for one in releases.for_firm(access.store(), found.firm.id)),
        plan=plan,
        plan_on=now()[:10] if plan else "",
    )


def _earlier(found: Assessment) -> Earlier | None:
    """The finished round before this one."""
    before = rounds.previous(access.store(), found)
    if before is None:
        return None
    document = json.dumps(answering.export(before.answers), ensure_ascii=False)
    return Earlier(document, before.finished_on, len(found.responses[0].taken_over))


def _brand(organisation_id: str | None) -> Brand | None:
    """What stands on the reports of the organisation that looks after the firm, if one does."""
    found = organisations.find(access.store(), organisation_id) if organisation_id else None
    if found is None:
        return None
    return Brand(found.name, found.contact, found.colour, organisations.logo(access.store(), found.id))


def _verified(found: Assessment) -> dict[int, Remark]:
    seen = verified.of(access.store(), found.id)
    return {number: Remark(item.word, item.note) for number, item in seen.items()}


def agreed_of(found: Assessment) -> dict[int, Remark]:
    """What a meeting agreed on, where it did; nothing for a single rater."""
    if not found.several:
        return {}
    return {
        number: Remark(word, item.note, item.minority)
        for number, item in agreed.of(access.store(), found.id).items()
        if (word := WORDS[item.code])
    }


def plan_of(firm_id: str) -> tuple[PlanItem, ...]:
    """The plan that a firm keeps, as it stands today."""
    today = now()[:10]
    return tuple(
        PlanItem(**item.values(), action=item.action, overdue=item.overdue(today))
        for item in actionplan.listing(access.store(), firm_id)
    )

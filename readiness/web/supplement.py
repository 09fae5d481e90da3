"""Gathers what a report holds beside the answers."""

from __future__ import annotations

from readiness.reports.supplement import Remark, Supplement
from readiness.storage import comments, organisations, verified
from readiness.storage.assessments import Assessment
from readiness.web import access


def gather(found: Assessment) -> Supplement:
    """Everything beside the answers of an assessment."""
    return Supplement(
        adviser=_adviser(found),
        comments=comments.of(access.store(), found.id),
        verified=_verified(found),
    )


def _adviser(found: Assessment) -> str:
    organisation_id = found.firm.organisation_id
    organisation = organisations.find(access.store(), organisation_id) if organisation_id else None
    return organisation.name if organisation else ""


def _verified(found: Assessment) -> dict[int, Remark]:
    seen = verified.of(access.store(), found.id)
    return {number: Remark(item.word, item.note) for number, item in seen.items()}

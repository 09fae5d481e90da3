"""Gathers what a report holds beside the answers."""

from __future__ import annotations

from readiness.reports.supplement import Brand, Supplement
from readiness.storage import organisations
from readiness.storage.assessments import Assessment
from readiness.web import access


def gather(found: Assessment) -> Supplement:
    """Everything beside the answers of an assessment."""
    return Supplement(brand=_brand(found.firm.organisation_id))


def _brand(organisation_id: str | None) -> Brand | None:
    """What stands on the reports of the organisation that looks after the firm, if one does."""
    found = organisations.find(access.store(), organisation_id) if organisation_id else None
    if found is None:
        return None
    return Brand(found.name, found.contact, found.colour, organisations.logo(access.store(), found.id))

"""Gathers what a report holds beside the answers."""

from __future__ import annotations

from readiness.reports.supplement import Supplement
from readiness.storage.assessments import Assessment


def gather(found: Assessment) -> Supplement:
    """Everything beside the answers of an assessment."""
    del found
    return Supplement()

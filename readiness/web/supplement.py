"""Gathers what a report holds beside the answers."""

from __future__ import annotations

import json

from readiness.core import answers as answering
from readiness.reports.supplement import Earlier, Supplement
from readiness.storage import rounds
from readiness.storage.assessments import Assessment
from readiness.web import access


def gather(found: Assessment) -> Supplement:
    """Everything beside the answers of an assessment."""
    return Supplement(earlier=_earlier(found))


def _earlier(found: Assessment) -> Earlier | None:
    """The finished round before this one."""
    before = rounds.previous(access.store(), found)
    if before is None:
        return None
    document = json.dumps(answering.export(before.answers), ensure_ascii=False)
    return Earlier(document, before.finished_on, len(found.own.taken_over))

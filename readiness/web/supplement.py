"""Gathers what a report holds beside the answers."""

from __future__ import annotations

from readiness.core.answers import WORDS
from readiness.reports.supplement import Remark, Supplement
from readiness.storage import agreed
from readiness.storage.assessments import Assessment
from readiness.web import access


def gather(found: Assessment) -> Supplement:
    """Everything beside the answers of an assessment."""
    return Supplement(agreed=agreed_of(found))


def agreed_of(found: Assessment) -> dict[int, Remark]:
    """What a meeting agreed on, where it did; nothing for a single rater."""
    if not found.several:
        return {}
    return {
        number: Remark(word, item.note, item.minority)
        for number, item in agreed.of(access.store(), found.id).items()
        if (word := WORDS[item.code])
    }

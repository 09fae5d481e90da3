"""Assessments: one round of answering for one firm, reached by a private link."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core import model as models
from readiness.core.answers import Answers, blank
from readiness.core.model import Model
from readiness.storage import firms, responses
from readiness.storage.engine import Store, new_id, now
from readiness.storage.firms import Firm
from readiness.storage.responses import StoredResponse


@dataclass(frozen=True)
class Assessment:
    """An assessment with its firm and its raters' responses."""

    id: str
    model: Model
    language: str
    status: str
    created_at: str
    finished_at: str | None
    firm: Firm
    responses: tuple[StoredResponse, ...]

    @property
    def finished(self) -> bool:
        """Whether the founder declared it complete."""
        return self.status == "finished"

    @property
    def own(self) -> StoredResponse:
        """The response of the person who started the assessment."""
        return self.responses[0]

    def answers(self) -> Answers:
        """Everything the arithmetic and the exchange format need."""
        given = tuple(response.for_scoring(self.model) for response in self.responses)
        return Answers(self.model, self.firm.known(), given)


def hash_key(key: str) -> str:
    """The form in which a private link's key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def start(store: Store, model: Model, language: str, firm: Mapping[str, Any], rater: str) -> str:
    """Begin an assessment of a new firm, given by the fields of readiness.storage.firms.

    Returns the key of its private link, which is kept nowhere.
    """
    key, assessment, at = secrets.token_urlsafe(24), new_id(), now()
    with store.write() as transaction:
        firm_id = firms.add(transaction, firm)
        transaction.run(
            "INSERT INTO assessments"
            " (id, firm_id, model, language, key_hash, status, created_at, updated_at)"
            " VALUES (:id, :firm, :model, :language, :key_hash, 'open', :at, :at)",
            id=assessment,
            firm=firm_id,
            model=model.version,
            language=language,
            key_hash=hash_key(key),
            at=at,
        )
        transaction.run(
            "INSERT INTO responses (id, assessment_id, rater, codes, created_at, updated_at)"
            " VALUES (:id, :assessment, :rater, :codes, :at, :at)",
            id=new_id(),
            assessment=assessment,
            rater=rater,
            codes=responses.encode(blank(model)),
            at=at,
        )
    return key


def find(store: Store, key: str) -> Assessment | None:
    """The assessment behind a private link's key, or None."""
    row = store.row(
        "SELECT a.id AS assessment_id, a.model, a.language, a.status, a.created_at AS started_at,"
        " a.finished_at, f.* FROM assessments a JOIN firms f ON f.id = a.firm_id"
        " WHERE a.key_hash = :hash",
        hash=hash_key(key),
    )
    if row is None:
        return None
    model = models.load(row["model"])
    given = store.rows(
        "SELECT id, rater, codes, remarks, updated_at FROM responses"
        " WHERE assessment_id = :id ORDER BY created_at, id",
        id=row["assessment_id"],
    )
    if not given:  # deleted since the first query
        return None
    return Assessment(
        id=row["assessment_id"],
        model=model,
        language=row["language"],
        status=row["status"],
        created_at=row["started_at"],
        finished_at=row["finished_at"],
        firm=firms.from_row(row),
        responses=tuple(responses.from_row(item, model) for item in given),
    )


def finish(store: Store, assessment_id: str) -> None:
    """Declare an assessment complete; finishing twice keeps the first date."""
    with store.write() as transaction:
        transaction.run(
            "UPDATE assessments SET status = 'finished', finished_at = :at, updated_at = :at"
            " WHERE id = :id AND status = 'open'",
            id=assessment_id,
            at=now(),
        )


def reopen(store: Store, assessment_id: str) -> None:
    """Let the founder change answers again."""
    with store.write() as transaction:
        transaction.run(
            "UPDATE assessments SET status = 'open', finished_at = NULL, updated_at = :at WHERE id = :id",
            id=assessment_id,
            at=now(),
        )


def delete(store: Store, assessment_id: str) -> None:
    """Delete an assessment with everything that hangs on it, and its firm if it was the last."""
    with store.write() as transaction:
        row = transaction.row("DELETE FROM assessments WHERE id = :id RETURNING firm_id", id=assessment_id)
        if row is not None:
            transaction.run(  # of two deletions at once the later waits here, and sees the other
                "UPDATE firms SET updated_at = updated_at WHERE id = :firm", firm=row["firm_id"]
            )
            transaction.run(
                "DELETE FROM firms WHERE id = :firm"
                " AND NOT EXISTS (SELECT 1 FROM assessments WHERE firm_id = :firm)",
                firm=row["firm_id"],
            )

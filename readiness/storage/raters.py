"""Further raters of an assessment: invited by role, each with a response and a private link of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

from readiness.core.answers import RATERS, blank
from readiness.core.model import Model
from readiness.storage import assessments, responses
from readiness.storage.engine import Store, Transaction, new_id, now
from readiness.storage.responses import Closed, RoleTaken

__all__ = ["Closed", "Full", "RoleTaken", "declare", "invite", "new_link", "remove"]

_OPEN = "EXISTS (SELECT 1 FROM assessments a WHERE a.id = responses.assessment_id AND a.status = 'open')"
#: The first response is the holder's own, and nobody's who was invited.
_INVITED = (
    "EXISTS (SELECT 1 FROM responses b WHERE b.assessment_id = responses.assessment_id"
    " AND b.created_at < responses.created_at)"
)


class Full(RuntimeError):
    """An assessment has as many raters as it can have."""


def invite(transaction: Transaction, assessment_id: str, model: Model, rater: str, name: str) -> str:
    """Add a blank response for a role; the key of the private link to it.

    `name` is for who invites only. Raises Closed, Full or RoleTaken.
    """
    responses.hold_role(transaction, assessment_id, rater)
    if not transaction.rows("SELECT 1 FROM assessments WHERE id = :id AND status = 'open'", id=assessment_id):
        raise Closed
    row = transaction.row(
        "SELECT count(*) AS raters, max(created_at) AS latest FROM responses WHERE assessment_id = :id",
        id=assessment_id,
    )
    assert row is not None
    if row["raters"] >= RATERS:
        raise Full
    response = new_id()
    transaction.run(
        "INSERT INTO responses (id, assessment_id, rater, name, codes, created_at, updated_at)"
        " VALUES (:id, :assessment, :rater, :name, :codes, :at, :at)",
        id=response,
        assessment=assessment_id,
        rater=rater,
        name=name,
        codes=responses.encode(blank(model)),
        at=max(now(), _second_after(row["latest"])),
    )
    return assessments.add_link(transaction, assessment_id, response)


def _second_after(moment: str) -> str:
    """So that responses keep the order in which they were begun, however quickly that was."""
    return (datetime.fromisoformat(moment) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_link(transaction: Transaction, assessment_id: str, response_id: str) -> str | None:
    """The key of a further link to an invited rater's response; None where that is gone or closed."""
    held = transaction.run(
        f"UPDATE responses SET updated_at = updated_at WHERE id = :id AND assessment_id = :assessment"  # noqa: S608
        f" AND {_OPEN} AND {_INVITED}",
        id=response_id,
        assessment=assessment_id,
    )
    return assessments.add_link(transaction, assessment_id, response_id) if held else None


def remove(transaction: Transaction, assessment_id: str, response_id: str) -> bool:
    """Remove an invited rater with the answers and links; whether there was one and all is open."""
    return bool(
        transaction.run(
            f"DELETE FROM responses WHERE id = :id AND assessment_id = :assessment"  # noqa: S608
            f" AND {_OPEN} AND {_INVITED}",
            id=response_id,
            assessment=assessment_id,
        )
    )


def declare(store: Store, response_id: str, done: bool) -> bool:
    """An invited rater is done, or takes that back; whether all is still open. Twice keeps the first date."""
    with store.write() as transaction:
        return bool(
            transaction.run(
                f"UPDATE responses SET finished_at = {'coalesce(finished_at, :at)' if done else 'NULL'}"  # noqa: S608
                f" WHERE id = :id AND {_OPEN} AND {_INVITED}",
                id=response_id,
                **({"at": now()} if done else {}),
            )
        )

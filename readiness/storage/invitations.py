"""Invitations to a cohort: who was asked to join, how often, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from readiness.storage import audit
from readiness.storage.audit import Author
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Reader, Row, Store, Transaction, now
from readiness.storage.keys import new_key

#: At most so many people an organisation invites in a day.
MOST_A_DAY = 5_000
#: At most so many mails go to one address for one cohort, a day or more apart.
MOST_MAILS, APART = 5, timedelta(hours=20)


@dataclass(frozen=True)
class Invitation:
    """Somebody who was asked to join."""

    id: str
    """What the mailed link is made of."""
    email: str
    firm: str
    """Name that whoever invited gave."""
    language: str
    joined: str
    """Name of the firm that joined by it; empty where none has."""
    started: bool
    finished: bool
    mails: int
    mailed_at: str | None
    created_at: str


_SELECT = (
    "SELECT i.id, i.email, i.firm, i.language, coalesce(f.name, '') AS joined, i.mails, i.mailed_at,"
    " i.created_at, CASE WHEN EXISTS (SELECT 1 FROM assessments a JOIN responses r ON r.assessment_id = a.id"
    " WHERE a.firm_id = i.firm_id AND (a.status = 'finished' OR r.version > 0)) THEN 1 ELSE 0 END AS started,"
    " CASE WHEN EXISTS (SELECT 1 FROM assessments a WHERE a.firm_id = i.firm_id AND a.status = 'finished')"
    " THEN 1 ELSE 0 END AS finished"
    " FROM invitations i LEFT JOIN firms f ON f.id = i.firm_id"
)


def _from_row(row: Row) -> Invitation:
    return Invitation(**(row | {"started": bool(row["started"]), "finished": bool(row["finished"])}))


def add(transaction: Transaction, cohort_id: str, email: str, firm: str, language: str) -> str | None:
    """Invite somebody; the invitation's id, or None where the address is invited already."""
    invitation_id = new_key()
    added = transaction.run(
        "INSERT INTO invitations (id, cohort_id, email, firm, language, created_at)"
        " VALUES (:id, :cohort, :email, :firm, :language, :at) ON CONFLICT (cohort_id, email) DO NOTHING",
        id=invitation_id,
        cohort=cohort_id,
        email=email,
        firm=firm,
        language=language,
        at=now(),
    )
    return invitation_id if added else None


def today(store: Reader, organisation_id: str) -> int:
    """How many people an organisation has invited in the last day."""
    row = store.row(
        "SELECT count(*) AS n FROM invitations i JOIN cohorts c ON c.id = i.cohort_id"
        " WHERE c.organisation_id = :organisation AND i.created_at > :since",
        organisation=organisation_id,
        since=(datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    assert row is not None
    return int(row["n"])


def listing(store: Reader, cohort_id: str, first: int, count: int) -> list[Invitation]:
    """Some of a cohort's invitations, in the order of their addresses."""
    rows = store.rows(
        f"{_SELECT} WHERE i.cohort_id = :cohort ORDER BY i.email LIMIT :count OFFSET :first",
        cohort=cohort_id,
        count=count,
        first=first,
    )
    return [_from_row(row) for row in rows]


def find(store: Reader, cohort_id: str, invitation_id: str) -> Invitation | None:
    """The cohort's invitation with this id, or None."""
    row = store.row(
        f"{_SELECT} WHERE i.id = :id AND i.cohort_id = :cohort", id=invitation_id, cohort=cohort_id
    )
    return None if row is None else _from_row(row)


def due(store: Reader, cohort_id: str) -> list[Invitation]:
    """Whom a reminder may go to now: who has not finished, and got no mail lately nor too many."""
    lately = (datetime.now(UTC) - APART).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = store.rows(
        f"{_SELECT} WHERE i.cohort_id = :cohort AND i.mails < :most"
        " AND (i.mailed_at IS NULL OR i.mailed_at < :lately) ORDER BY i.email",
        cohort=cohort_id,
        most=MOST_MAILS,
        lately=lately,
    )
    return [one for one in map(_from_row, rows) if not one.finished]


def mailed(transaction: Transaction, ids: Iterable[str]) -> None:
    """Note that a mail went to each of some invitations."""
    transaction.run_many(
        "UPDATE invitations SET mails = mails + 1, mailed_at = :at WHERE id = :id",
        [{"id": one, "at": now()} for one in ids],
    )


def remove(store: Store, author: Author, cohort: Cohort, invitation_id: str) -> Invitation | None:
    """Take an invitation back; what it was, or None. A firm that joined by it stays."""
    with store.write() as transaction:
        found = find(transaction, cohort.id, invitation_id)
        if found is not None:
            transaction.run("DELETE FROM invitations WHERE id = :id", id=invitation_id)
            about = f"{found.email} · {cohort.name}"
            audit.record(transaction, author.organisation_id, author.name, "invitation.remove", about)
    return found

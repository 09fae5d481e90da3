"""Batches: the reports of many firms, made one after the other and kept until the batch is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from readiness.storage import audit
from readiness.storage.engine import Store, new_id, now
from readiness.storage.portfolio import Author

WAITING, MADE, FAILED = "waiting", "made", "failed"
#: A waiting report that somebody took to make it is anybody's again after this.
LEASE = timedelta(minutes=1)


@dataclass(frozen=True)
class Batch:
    """A batch and how far it is."""

    id: str
    organisation_id: str
    language: str
    draft: bool
    made_by: str
    created_at: str
    total: int
    made: int
    failed: int

    @property
    def waiting(self) -> int:
        """How many reports are still to be made."""
        return self.total - self.made - self.failed

    @property
    def done(self) -> int:
        """How many need no more work."""
        return self.made + self.failed


@dataclass(frozen=True)
class Item:
    """One report of a batch, without its PDF."""

    assessment_id: str
    firm: str
    """The firm's name when the batch was begun."""
    status: str
    problem: str
    """Word for why it failed; readiness.web.batches has the sentences."""


def add(
    store: Store, author: Author, language: str, draft: bool, assessments: Sequence[tuple[str, str]]
) -> str:
    """Begin a batch from assessments, each with its firm's name; its id. What is gone by now is left out."""
    batch_id = new_id()
    with store.write() as transaction:
        transaction.run(
            "INSERT INTO batches (id, organisation_id, language, draft, made_by, created_at)"
            " VALUES (:id, :organisation, :language, :draft, :who, :at)",
            id=batch_id,
            organisation=author.organisation_id,
            language=language,
            draft=int(draft),
            who=author.name,
            at=now(),
        )
        for assessment_id, firm in assessments:
            transaction.run(
                "INSERT INTO batch_items (batch_id, assessment_id, firm, status)"
                " SELECT :batch, a.id, CAST(:firm AS TEXT), 'waiting' FROM assessments a"
                " JOIN firms f ON f.id = a.firm_id WHERE a.id = :id AND f.organisation_id = :organisation",
                batch=batch_id,
                firm=firm,
                id=assessment_id,
                organisation=author.organisation_id,
            )
        audit.record(transaction, author.organisation_id, author.name, "batch.add", str(len(assessments)))
    return batch_id


_SUMS = (
    "SELECT b.id, b.organisation_id, b.language, b.draft, b.made_by, b.created_at,"
    " count(i.batch_id) AS total,"
    " count(CASE WHEN i.status = 'made' THEN 1 END) AS made,"
    " count(CASE WHEN i.status = 'failed' THEN 1 END) AS failed"
    " FROM batches b LEFT JOIN batch_items i ON i.batch_id = b.id"
)
_BY = " GROUP BY b.id, b.organisation_id, b.language, b.draft, b.made_by, b.created_at"


def listing(store: Store, organisation_id: str) -> list[Batch]:
    """The batches of an organisation, the latest first."""
    rows = store.rows(
        f"{_SUMS} WHERE b.organisation_id = :organisation{_BY} ORDER BY b.created_at DESC, b.id",
        organisation=organisation_id,
    )
    return [Batch(**row | {"draft": bool(row["draft"])}) for row in rows]


def find(store: Store, organisation_id: str, batch_id: str) -> Batch | None:
    """The batch with this id if it is the organisation's, or None."""
    row = store.row(
        f"{_SUMS} WHERE b.id = :id AND b.organisation_id = :organisation{_BY}",
        id=batch_id,
        organisation=organisation_id,
    )
    return None if row is None else Batch(**row | {"draft": bool(row["draft"])})


def unfinished(store: Store) -> list[tuple[str, str]]:
    """Organisation and id of every batch with reports still to make, the oldest first."""
    rows = store.rows(
        "SELECT b.organisation_id, b.id FROM batches b WHERE EXISTS (SELECT 1 FROM batch_items i"
        " WHERE i.batch_id = b.id AND i.status = 'waiting') ORDER BY b.created_at, b.id"
    )
    return [(row["organisation_id"], row["id"]) for row in rows]


def items(store: Store, batch_id: str) -> list[Item]:
    """The reports of a batch whose firms its organisation still looks after, by the firms' names."""
    rows = store.rows(
        "SELECT i.assessment_id, i.firm, i.status, i.problem FROM batch_items i"
        " JOIN batches b ON b.id = i.batch_id JOIN assessments a ON a.id = i.assessment_id"
        " JOIN firms f ON f.id = a.firm_id AND f.organisation_id = b.organisation_id"
        " WHERE i.batch_id = :batch ORDER BY f.search, i.assessment_id",
        batch=batch_id,
    )
    # What stands there while a report waits says who makes it, not what is wrong.
    return [Item(**row | {"problem": row["problem"] if row["status"] == FAILED else ""}) for row in rows]


def take(store: Store, batch_id: str) -> Item | None:
    """Take a waiting report to make it, or None if nobody need take one now."""
    moment = datetime.now(UTC)
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE batch_items SET problem = :until WHERE batch_id = :batch AND status = 'waiting'"
            " AND assessment_id = (SELECT min(assessment_id) FROM batch_items WHERE batch_id = :batch"
            " AND status = 'waiting' AND problem < :at)"
            " AND problem < :at RETURNING assessment_id, firm, status",
            batch=batch_id,
            at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            until=(moment + LEASE).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    return None if row is None else Item(**row, problem="")


def release(store: Store, batch_id: str, assessment_id: str | None = None) -> None:
    """Give back what was taken: one report of a batch, or all of them."""
    with store.write() as transaction:
        one = "" if assessment_id is None else " AND assessment_id = :id"
        transaction.run(
            f"UPDATE batch_items SET problem = '' WHERE batch_id = :batch AND status = 'waiting'{one}",  # noqa: S608
            batch=batch_id,
            **({} if assessment_id is None else {"id": assessment_id}),
        )


def keep(store: Store, batch_id: str, assessment_id: str, fingerprint: str, pdf: bytes) -> None:
    """Keep a report that was made; a batch or an assessment that is gone meanwhile stays gone."""
    with store.write() as transaction:
        transaction.run(
            "UPDATE batch_items SET status = 'made', problem = '', fingerprint = :fingerprint, pdf = :pdf"
            " WHERE batch_id = :batch AND assessment_id = :id",
            batch=batch_id,
            id=assessment_id,
            fingerprint=fingerprint,
            pdf=pdf,
        )


def fail(store: Store, batch_id: str, assessment_id: str, problem: str) -> None:
    """Note why a report could not be made."""
    with store.write() as transaction:
        transaction.run(
            "UPDATE batch_items SET status = 'failed', problem = :problem"
            " WHERE batch_id = :batch AND assessment_id = :id AND status = 'waiting'",
            batch=batch_id,
            id=assessment_id,
            problem=problem,
        )


def retry(store: Store, batch_id: str) -> None:
    """Let what failed wait again, and give back what was taken."""
    with store.write() as transaction:
        transaction.run(
            "UPDATE batch_items SET status = 'waiting', problem = '' WHERE batch_id = :batch"
            " AND status <> 'made'",
            batch=batch_id,
        )


def pdf(store: Store, batch_id: str, assessment_id: str) -> bytes | None:
    """The report that was made, if there is one."""
    row = store.row(
        "SELECT pdf FROM batch_items WHERE batch_id = :batch AND assessment_id = :id AND status = 'made'",
        batch=batch_id,
        id=assessment_id,
    )
    return None if row is None else bytes(row["pdf"])


def remove(store: Store, author: Author, batch_id: str) -> None:
    """Remove a batch with its reports."""
    with store.write() as transaction:
        if transaction.run(
            "DELETE FROM batches WHERE id = :id AND organisation_id = :organisation",
            id=batch_id,
            organisation=author.organisation_id,
        ):
            audit.record(transaction, author.organisation_id, author.name, "batch.remove")

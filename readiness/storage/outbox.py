"""The outbox: mail waits here until it is sent, and what cannot be sent is tried again and stays visible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from readiness.storage.engine import Reader, Store, Transaction, new_id, now

#: Waiting time after each failed attempt; after the last the mail has failed.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
#: What became of a mail can be looked up for so long.
KEPT = timedelta(days=90)
#: Who takes a mail has so long to send it before somebody else tries.
_CLAIM = timedelta(minutes=2)


@dataclass(frozen=True)
class Mail:
    """A mail to be sent."""

    id: str
    recipient: str
    subject: str
    body: str
    attempts: int


@dataclass(frozen=True)
class Posted:
    """What became of a mail."""

    id: str
    recipient: str
    subject: str
    status: str
    attempts: int
    problem: str
    created_at: str


def _in(span: timedelta) -> str:
    return (datetime.now(UTC) + span).strftime("%Y-%m-%dT%H:%M:%SZ")


def put(
    transaction: Transaction,
    recipient: str,
    subject: str,
    body: str,
    lifetime: timedelta,
    organisation_id: str | None = None,
) -> None:
    """Post a mail within the transaction that is the reason for it; forgets whom old ones went to."""
    transaction.run(
        "DELETE FROM outbox WHERE status <> 'waiting' AND created_at < :old",
        old=_in(-KEPT),
    )
    transaction.run(
        "INSERT INTO outbox (id, organisation_id, recipient, subject, body, status, due_at, expires_at,"
        " created_at) VALUES (:id, :organisation, :recipient, :subject, :body, 'waiting', :at, :until, :at)",
        id=new_id(),
        organisation=organisation_id,
        recipient=recipient,
        subject=subject,
        body=body,
        at=now(),
        until=_in(lifetime),
    )


def today(store: Reader, recipient: str) -> int:
    """How many mails were posted to an address in the last day."""
    row = store.row(
        "SELECT count(*) AS n FROM outbox WHERE recipient = :recipient AND created_at > :since",
        recipient=recipient,
        since=_in(-timedelta(days=1)),
    )
    assert row is not None
    return int(row["n"])


def take(store: Store) -> Mail | None:
    """A mail that is due; nobody else gets it for a while. Mail that came too late is given up."""
    with store.write() as transaction:
        transaction.run(
            "UPDATE outbox SET status = 'failed', body = '', problem = 'expired'"
            " WHERE status = 'waiting' AND expires_at < :at",
            at=now(),
        )
        row = transaction.row(
            "UPDATE outbox SET due_at = :until, attempts = attempts + 1 WHERE id ="
            " (SELECT id FROM outbox WHERE status = 'waiting' AND due_at <= :at ORDER BY due_at, id LIMIT 1)"
            " AND status = 'waiting' AND due_at <= :at"
            " RETURNING id, recipient, subject, body, attempts",
            at=now(),
            until=_in(_CLAIM),
        )
    return None if row is None else Mail(**row)


def sent(store: Store, mail: Mail) -> None:
    """A mail is on its way; its text is not kept."""
    with store.write() as transaction:
        transaction.run(
            "UPDATE outbox SET status = 'sent', body = '', problem = '' WHERE id = :id", id=mail.id
        )


def failed(store: Store, mail: Mail, problem: str) -> None:
    """A mail could not be sent: it is tried again later, or given up after the last attempt."""
    last = mail.attempts > len(WAITS)
    with store.write() as transaction:
        transaction.run(
            "UPDATE outbox SET problem = :problem, due_at = :due, status = :status,"
            " body = CASE WHEN :last = 1 THEN '' ELSE body END WHERE id = :id",
            problem=problem[:300],
            due=_in(timedelta() if last else WAITS[mail.attempts - 1]),
            status="failed" if last else "waiting",
            last=int(last),
            id=mail.id,
        )


def listing(store: Store, organisation_id: str, count: int) -> list[Posted]:
    """The latest mail of an organisation."""
    rows = store.rows(
        "SELECT id, recipient, subject, status, attempts, problem, created_at FROM outbox"
        " WHERE organisation_id = :organisation ORDER BY created_at DESC, id LIMIT :count",
        organisation=organisation_id,
        count=count,
    )
    return [Posted(**row) for row in rows]

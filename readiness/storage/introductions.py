"""Members of a cohort that are open to meet others, and whom a programme has brought together."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.storage import audit
from readiness.storage.audit import Author
from readiness.storage.engine import Reader, Transaction, new_id, now


@dataclass(frozen=True)
class Open:
    """A firm that is open to meet others of its cohort."""

    firm_id: str
    name: str
    sector: str | None
    email: str
    """Where a mail reaches it; empty where nobody knows."""
    language: str


@dataclass(frozen=True)
class Introduction:
    """Two firms that were brought together."""

    id: str
    kind: str
    first: str
    """Name of a firm."""
    second: str
    made_by: str
    created_at: str


_OPEN = (
    "SELECT m.firm_id, f.name, f.sector, coalesce(f.email, (SELECT min(i.email) FROM invitations i"
    " WHERE i.firm_id = f.id AND i.cohort_id = m.cohort_id), '') AS email,"
    " coalesce((SELECT a.language FROM assessments a WHERE a.firm_id = f.id ORDER BY a.round DESC LIMIT 1),"
    " 'en') AS language FROM cohort_members m JOIN firms f ON f.id = m.firm_id"
    " WHERE m.cohort_id = :cohort AND m.partner = 1"
)


def open_firms(store: Reader, cohort_id: str) -> list[Open]:
    """The members of a cohort that are open to meet others, in the order of their ids."""
    return [Open(**row) for row in store.rows(f"{_OPEN} ORDER BY m.firm_id", cohort=cohort_id)]


def open_firm(store: Reader, cohort_id: str, firm_id: str) -> Open | None:
    """One of them, or None where it is not open to it or no member."""
    row = store.row(f"{_OPEN} AND m.firm_id = :firm", cohort=cohort_id, firm=firm_id)
    return None if row is None else Open(**row)


def make(
    transaction: Transaction, author: Author, cohort_id: str, kind: str, first: Open, second: Open
) -> bool:
    """Note that two firms are brought together; whether they were not before."""
    one, other = sorted((first.firm_id, second.firm_id))
    made = transaction.run(
        "INSERT INTO introductions (id, cohort_id, firm_a, firm_b, kind, made_by, created_at)"
        " VALUES (:id, :cohort, :one, :other, :kind, :who, :at) ON CONFLICT (cohort_id, firm_a, firm_b)"
        " DO NOTHING",
        id=new_id(),
        cohort=cohort_id,
        one=one,
        other=other,
        kind=kind,
        who=author.name,
        at=now(),
    )
    if made:
        about = f"{first.name} · {second.name}"
        audit.record(transaction, author.organisation_id, author.name, "introduction.make", about)
    return bool(made)


def hold(transaction: Transaction, cohort_id: str) -> None:
    """Let nobody join, leave or change their mind in a cohort until the transaction ends."""
    transaction.run(
        "UPDATE cohort_members SET partner = partner WHERE cohort_id = :cohort AND partner = 1",
        cohort=cohort_id,
    )


def listing(store: Reader, cohort_id: str) -> list[Introduction]:
    """Whom a programme has brought together in a cohort, the latest first."""
    rows = store.rows(
        "SELECT i.id, i.kind, a.name AS first, b.name AS second, i.made_by, i.created_at FROM introductions i"
        " JOIN firms a ON a.id = i.firm_a JOIN firms b ON b.id = i.firm_b"
        " WHERE i.cohort_id = :cohort ORDER BY i.created_at DESC, i.id",
        cohort=cohort_id,
    )
    return [Introduction(**row) for row in rows]


@dataclass(frozen=True)
class Met:
    """Whom a firm was introduced to."""

    cohort: str
    name: str
    created_at: str


def of_firm(store: Reader, firm_id: str) -> list[Met]:
    """Whom a firm was introduced to, the latest first."""
    rows = store.rows(
        "SELECT c.name AS cohort, CASE WHEN i.firm_a = :firm THEN b.name ELSE a.name END AS name,"
        " i.created_at FROM introductions i JOIN cohorts c ON c.id = i.cohort_id"
        " JOIN firms a ON a.id = i.firm_a JOIN firms b ON b.id = i.firm_b"
        " WHERE i.firm_a = :firm OR i.firm_b = :firm ORDER BY i.created_at DESC, i.id",
        firm=firm_id,
    )
    return [Met(**row) for row in rows]


def pairs(store: Reader, cohort_id: str) -> set[tuple[str, str]]:
    """The ids of the firms that were brought together, in their order."""
    rows = store.rows("SELECT firm_a, firm_b FROM introductions WHERE cohort_id = :cohort", cohort=cohort_id)
    return {(row["firm_a"], row["firm_b"]) for row in rows}

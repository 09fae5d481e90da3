"""The firms of a cohort, one by one and as a list."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.storage import audit, firms
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Reader, Transaction
from readiness.storage.firms import Firm


def note(transaction: Transaction, cohort: Cohort, firm: Firm, who: str, deed: str) -> None:
    """Note a firm's joining or leaving for the programme, and for another that looks after the firm."""
    for organisation_id in {cohort.organisation_id, firm.organisation_id or cohort.organisation_id}:
        ours = firm.id if organisation_id == firm.organisation_id else None
        audit.record(transaction, organisation_id, who, deed, f"{firm.name} · {cohort.name}", ours)


@dataclass(frozen=True)
class Member:
    """A firm of a cohort, as its list shows it."""

    firm_id: str
    name: str
    sector: str | None
    ours: bool
    """Whether the programme's organisation looks after it."""
    agreed_by: str
    joined_at: str
    started: bool
    finished_at: str | None
    """Of the latest finished round."""


_MEMBERS = (
    "FROM cohort_members m JOIN firms f ON f.id = m.firm_id JOIN cohorts c ON c.id = m.cohort_id"
    " WHERE m.cohort_id = :cohort AND f.search LIKE :search ESCAPE '!'"
)


def count(store: Reader, cohort_id: str, search: str = "") -> int:
    """How many firms of a cohort have a name like that."""
    row = store.row(f"SELECT count(*) AS n {_MEMBERS}", cohort=cohort_id, search=firms.like(search))
    assert row is not None
    return int(row["n"])


def listing(store: Reader, cohort_id: str, search: str, first: int, count: int) -> list[Member]:
    """Some of the firms of a cohort, by name."""
    rows = store.rows(
        "SELECT m.firm_id, f.name, f.sector, m.agreed_by, m.joined_at,"  # noqa: S608
        " CASE WHEN f.organisation_id = c.organisation_id THEN 1 ELSE 0 END AS ours,"
        " CASE WHEN EXISTS (SELECT 1 FROM assessments a JOIN responses r ON r.assessment_id = a.id"
        " WHERE a.firm_id = f.id AND (a.status = 'finished' OR r.version > 0)) THEN 1 ELSE 0 END AS started,"
        " (SELECT max(finished_at) FROM assessments a WHERE a.firm_id = f.id) AS finished_at"
        f" {_MEMBERS} ORDER BY f.search, f.id LIMIT :count OFFSET :first",
        cohort=cohort_id,
        search=firms.like(search),
        first=first,
        count=count,
    )
    return [Member(**(row | {"ours": bool(row["ours"]), "started": bool(row["started"])})) for row in rows]


def find(store: Reader, cohort_id: str, firm_id: str) -> Firm | None:
    """The firm of a cohort with this id, or None."""
    row = store.row(
        "SELECT f.* FROM cohort_members m JOIN firms f ON f.id = m.firm_id"
        " WHERE m.cohort_id = :cohort AND m.firm_id = :firm",
        cohort=cohort_id,
        firm=firm_id,
    )
    return None if row is None else firms.from_row(row)

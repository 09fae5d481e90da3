"""Cohorts: the firms of a programme. What a manager does names the organisation; a firm joins by a code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core.merge import Merged, merge
from readiness.storage import audit
from readiness.storage.audit import Author
from readiness.storage.engine import Reader, Row, Store, Transaction, new_id, now

FIELDS = ("name", "starts", "ends", "consent")
#: Letters and digits of a join code: none that is taken for another when read aloud or copied by hand.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 12


@dataclass(frozen=True)
class Cohort:
    """A cohort of a programme."""

    id: str
    organisation_id: str
    name: str
    starts: str | None
    """First day, ISO 8601."""
    ends: str | None
    consent: str
    """What a firm agrees to when it joins."""
    code: str
    """What the join link is made of."""
    joinable: bool
    """Whether firms can still join by the code."""
    invented: bool
    """Whether its firms are made up, for a demonstration."""
    version: int
    """Grows with everything that changes what its dashboard shows."""
    created_at: str


@dataclass(frozen=True)
class Completion:
    """How far a cohort has come; numbers of firms, but of e-mail addresses for `invited`."""

    invited: int
    joined: int
    started: int
    """Answered something, or have finished a round."""
    finished: int
    """Have finished at least one round."""


@dataclass(frozen=True)
class Membership:
    """A firm's place in a cohort."""

    cohort: Cohort
    organisation: str
    """Name of the programme's organisation."""
    consent: str
    agreed_by: str
    partner: bool
    """Whether the firm is open to meet other members."""
    joined_at: str


def from_row(row: Row) -> Cohort:
    """A cohort from its database row."""
    return Cohort(
        id=row["id"],
        organisation_id=row["organisation_id"],
        name=row["name"],
        starts=row["starts"],
        ends=row["ends"],
        consent=row["consent"],
        code=row["code"],
        joinable=bool(row["joinable"]),
        invented=bool(row["invented"]),
        version=row["version"],
        created_at=row["created_at"],
    )


def new_code() -> str:
    """A join code that nobody guesses, 59 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def add(transaction: Transaction, author: Author, values: Mapping[str, Any], invented: bool = False) -> str:
    """A new cohort from its fields; its id."""
    cohort_id = new_id()
    transaction.run(
        "INSERT INTO cohorts (id, organisation_id, name, starts, ends, consent, code, invented, created_at,"
        " updated_at)"
        " VALUES (:id, :organisation, :name, :starts, :ends, :consent, :code, :invented, :at, :at)",
        id=cohort_id,
        organisation=author.organisation_id,
        code=new_code(),
        invented=int(invented),
        at=now(),
        **{name: values.get(name) for name in FIELDS},
    )
    _note(transaction, author, "cohort.add", values["name"])
    return cohort_id


def _note(transaction: Transaction, author: Author, deed: str, about: str) -> None:
    audit.record(transaction, author.organisation_id, author.name, deed, about)


def listing(store: Reader, organisation_id: str) -> list[Cohort]:
    """The cohorts of an organisation, the newest first."""
    rows = store.rows(
        "SELECT * FROM cohorts WHERE organisation_id = :organisation ORDER BY created_at DESC, name, id",
        organisation=organisation_id,
    )
    return [from_row(row) for row in rows]


def find(store: Reader, organisation_id: str, cohort_id: str) -> Cohort | None:
    """The organisation's cohort with this id, or None."""
    row = store.row(
        "SELECT * FROM cohorts WHERE id = :id AND organisation_id = :organisation",
        id=cohort_id,
        organisation=organisation_id,
    )
    return None if row is None else from_row(row)


def by_code(store: Reader, code: str) -> tuple[Cohort, str] | None:
    """The cohort that firms join by this code, and its organisation's name; None if there is none."""
    row = store.row(
        "SELECT c.*, o.name AS organisation FROM cohorts c JOIN organisations o ON o.id = c.organisation_id"
        " WHERE c.code = :code AND c.joinable = 1",
        code=code,
    )
    return None if row is None else (from_row(row), row["organisation"])


def _hold(transaction: Transaction, author: Author, cohort_id: str) -> Cohort | None:
    """The author's cohort, held against everybody else until the transaction ends."""
    row = transaction.row(
        "UPDATE cohorts SET updated_at = :at WHERE id = :id AND organisation_id = :organisation RETURNING *",
        at=now(),
        id=cohort_id,
        organisation=author.organisation_id,
    )
    return None if row is None else from_row(row)


def save(
    store: Store, author: Author, cohort_id: str, sent: Mapping[str, Any], seen: Mapping[str, str]
) -> Merged | None:
    """Merge a form's fields into a cohort; nothing is stored on a conflict. None if it is gone."""
    with store.write() as transaction:
        found = _hold(transaction, author, cohort_id)
        if found is None:
            return None
        stored = {name: getattr(found, name) for name in FIELDS}
        result = merge(stored, sent, seen)
        if result.changed and not result.conflicts:
            values = stored | dict(result.changed)
            transaction.run(
                "UPDATE cohorts SET name = :name, starts = :starts, ends = :ends, consent = :consent,"
                " version = version + 1 WHERE id = :id",
                id=cohort_id,
                **values,
            )
            _note(transaction, author, "cohort.change", values["name"])
    return result


def set_joining(store: Store, author: Author, cohort_id: str, joinable: bool, renew: bool = False) -> bool:
    """Open or close a cohort to firms that come by its code, or give it a new code; whether it is there."""
    with store.write() as transaction:
        found = _hold(transaction, author, cohort_id)
        if found is None:
            return False
        transaction.run(
            "UPDATE cohorts SET joinable = :joinable, code = :code WHERE id = :id",
            id=cohort_id,
            joinable=int(joinable),
            code=new_code() if renew else found.code,
        )
        deed = "cohort.code" if renew else "cohort.open" if joinable else "cohort.close"
        _note(transaction, author, deed, found.name)
    return True


def delete(store: Store, author: Author, cohort_id: str) -> None:
    """Delete a cohort with its memberships and invitations; firms and what was published stay."""
    with store.write() as transaction:
        found = _hold(transaction, author, cohort_id)
        if found is not None:
            transaction.run("DELETE FROM cohorts WHERE id = :id", id=cohort_id)
            _note(transaction, author, "cohort.delete", found.name)


def join(
    transaction: Transaction, cohort: Cohort, firm_id: str, agreed_by: str, invitation_id: str = ""
) -> bool:
    """Take a firm into a cohort, with the consent as it reads now; whether it was not in it before.

    An invitation that is named counts as taken up by this firm.
    """
    joined = transaction.run(
        "INSERT INTO cohort_members (cohort_id, firm_id, consent, agreed_by, joined_at)"
        " VALUES (:cohort, :firm, :consent, :agreed_by, :at) ON CONFLICT (cohort_id, firm_id) DO NOTHING",
        cohort=cohort.id,
        firm=firm_id,
        consent=cohort.consent,
        agreed_by=agreed_by,
        at=now(),
    )
    if invitation_id:
        transaction.run(
            "UPDATE invitations SET firm_id = :firm"
            " WHERE id = :id AND cohort_id = :cohort AND firm_id IS NULL",
            firm=firm_id,
            id=invitation_id,
            cohort=cohort.id,
        )
    transaction.run("UPDATE cohorts SET version = version + 1 WHERE id = :id", id=cohort.id)
    return bool(joined)


def leave(transaction: Transaction, cohort_id: str, firm_id: str) -> bool:
    """Take a firm out of a cohort, with every introduction in it; whether it was in it."""
    transaction.run(
        "DELETE FROM introductions WHERE cohort_id = :cohort AND (firm_a = :firm OR firm_b = :firm)",
        cohort=cohort_id,
        firm=firm_id,
    )
    left = transaction.run(
        "DELETE FROM cohort_members WHERE cohort_id = :cohort AND firm_id = :firm",
        cohort=cohort_id,
        firm=firm_id,
    )
    transaction.run("UPDATE cohorts SET version = version + 1 WHERE id = :id", id=cohort_id)
    return bool(left)


def leave_all(transaction: Transaction, organisation_id: str, firm_id: str) -> None:
    """Take a firm out of every cohort of an organisation."""
    for row in transaction.rows(
        "SELECT m.cohort_id FROM cohort_members m JOIN cohorts c ON c.id = m.cohort_id"
        " WHERE m.firm_id = :firm AND c.organisation_id = :organisation",
        firm=firm_id,
        organisation=organisation_id,
    ):
        leave(transaction, row["cohort_id"], firm_id)


def set_partner(transaction: Transaction, cohort_id: str, firm_id: str, partner: bool) -> None:
    """Say whether a member is open to meet others."""
    transaction.run(
        "UPDATE cohort_members SET partner = :partner WHERE cohort_id = :cohort AND firm_id = :firm",
        partner=int(partner),
        cohort=cohort_id,
        firm=firm_id,
    )


def of_firm(store: Reader, firm_id: str) -> list[Membership]:
    """The cohorts that a firm is in, the latest first."""
    rows = store.rows(
        "SELECT c.*, o.name AS organisation, m.consent AS agreed, m.agreed_by, m.partner, m.joined_at"
        " FROM cohort_members m JOIN cohorts c ON c.id = m.cohort_id"
        " JOIN organisations o ON o.id = c.organisation_id"
        " WHERE m.firm_id = :firm ORDER BY m.joined_at DESC, c.name, c.id",
        firm=firm_id,
    )
    return [
        Membership(
            cohort=from_row(row),
            organisation=row["organisation"],
            consent=row["agreed"],
            agreed_by=row["agreed_by"],
            partner=bool(row["partner"]),
            joined_at=row["joined_at"],
        )
        for row in rows
    ]


def completion(store: Reader, cohort_id: str) -> Completion:
    """How many of a cohort were invited, have joined, started and finished."""
    invited = store.row(
        "SELECT count(*) AS found FROM invitations WHERE cohort_id = :cohort", cohort=cohort_id
    )
    rows = store.rows(
        "SELECT far, count(*) AS found FROM (SELECT CASE"
        " WHEN EXISTS (SELECT 1 FROM assessments a WHERE a.firm_id = m.firm_id AND a.status = 'finished')"
        " THEN 2 WHEN EXISTS (SELECT 1 FROM assessments a JOIN responses r ON r.assessment_id = a.id"
        " WHERE a.firm_id = m.firm_id AND r.version > 0) THEN 1 ELSE 0 END AS far"
        " FROM cohort_members m WHERE m.cohort_id = :cohort) AS members GROUP BY far",
        cohort=cohort_id,
    )
    found = {row["far"]: int(row["found"]) for row in rows}
    assert invited is not None
    return Completion(
        invited=int(invited["found"]),
        joined=sum(found.values()),
        started=found.get(1, 0) + found.get(2, 0),
        finished=found.get(2, 0),
    )

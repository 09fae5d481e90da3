"""Releases: what an organisation let out of a cohort, for its members or for everybody, as it was then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.storage import audit
from readiness.storage.audit import Author
from readiness.storage.engine import Reader, Row, Store, Transaction, new_id, now

MEMBERS, PUBLIC = "members", "public"


@dataclass(frozen=True)
class Release:
    """A frozen snapshot; nothing in it changes any more."""

    id: str
    organisation_id: str
    number: int
    """Counts the releases of the organisation from 1."""
    cohort_id: str | None
    """None once the cohort is deleted."""
    audience: str
    """members or public."""
    content: Mapping[str, Any]
    """What is shown: readiness.web.publishing writes and reads it."""
    made_by: str
    created_at: str
    withdrawn_at: str | None


_COLUMNS = "id, organisation_id, number, cohort_id, audience, content, made_by, created_at, withdrawn_at"


def _from_row(row: Row) -> Release:
    return Release(**(row | {"content": json.loads(row["content"])}))


def listing(store: Reader, organisation_id: str, cohort_id: str) -> list[Release]:
    """The releases of one cohort, the latest first."""
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM releases WHERE organisation_id = :organisation AND cohort_id = :cohort"  # noqa: S608
        " ORDER BY number DESC",
        organisation=organisation_id,
        cohort=cohort_id,
    )
    return [_from_row(row) for row in rows]


def find_public(store: Reader, release_id: str) -> Release | None:
    """A release for everybody, also one that was withdrawn; None if there is none."""
    row = store.row(
        f"SELECT {_COLUMNS} FROM releases WHERE id = :id AND audience = 'public'",  # noqa: S608
        id=release_id,
    )
    return None if row is None else _from_row(row)


def for_firm(store: Reader, firm_id: str) -> list[tuple[str, str, str]]:
    """The cohorts that a firm is in, by name: name, organisation, content of the latest release in force.

    The content is JSON, and empty where nothing was released.
    """
    rows = store.rows(
        "SELECT c.name, o.name AS organisation, coalesce(r.content, '') AS content"
        " FROM cohort_members m JOIN cohorts c ON c.id = m.cohort_id"
        " JOIN organisations o ON o.id = c.organisation_id"
        " LEFT JOIN releases r ON r.cohort_id = c.id AND r.number = (SELECT max(number) FROM releases l"
        " WHERE l.cohort_id = c.id AND l.withdrawn_at IS NULL)"
        " WHERE m.firm_id = :firm ORDER BY c.name, c.id",
        firm=firm_id,
    )
    return [(row["name"], row["organisation"], row["content"]) for row in rows]


def basis(store: Reader, organisation_id: str) -> tuple[int, dict[str, Any] | None]:
    """How many releases an organisation has made, and of which firms, as the last one left it."""
    row = store.row(
        "SELECT number, basis FROM releases WHERE organisation_id = :organisation"
        " ORDER BY number DESC LIMIT 1",
        organisation=organisation_id,
    )
    return (0, None) if row is None else (row["number"], json.loads(row["basis"]))


def hold(transaction: Transaction, organisation_id: str) -> None:
    """Let nobody else of the organisation release anything until the transaction ends."""
    transaction.run(
        "UPDATE organisations SET updated_at = updated_at WHERE id = :organisation",
        organisation=organisation_id,
    )


def add(
    transaction: Transaction,
    author: Author,
    cohort_id: str,
    audience: str,
    content: Mapping[str, Any],
    basis: Mapping[str, Any],
    number: int,
) -> str:
    """Let something out; its id. Whoever calls holds the organisation."""
    release_id = new_id()
    transaction.run(
        "INSERT INTO releases (id, organisation_id, number, cohort_id, audience, content, basis, made_by,"
        " created_at)"
        " VALUES (:id, :organisation, :number, :cohort, :audience, :content, :basis, :who, :at)",
        id=release_id,
        organisation=author.organisation_id,
        number=number,
        cohort=cohort_id,
        audience=audience,
        content=json.dumps(content, ensure_ascii=False),
        basis=json.dumps(basis),
        who=author.name,
        at=now(),
    )
    audit.record(
        transaction, author.organisation_id, author.name, f"release.{audience}", str(content["cohort"])
    )
    return release_id


def withdraw(store: Store, author: Author, cohort_id: str, release_id: str) -> bool:
    """Show a release no more; it stays counted among what is out. Whether it was shown until now."""
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE releases SET withdrawn_at = :at"
            " WHERE id = :id AND organisation_id = :organisation AND cohort_id = :cohort"
            " AND withdrawn_at IS NULL RETURNING content",
            at=now(),
            id=release_id,
            organisation=author.organisation_id,
            cohort=cohort_id,
        )
        if row is None:
            return False
        about = str(json.loads(row["content"])["cohort"])
        audit.record(transaction, author.organisation_id, author.name, "release.withdraw", about)
    return True

"""Organisations: whom firms are looked after by, and what stands on their reports."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from readiness.core.merge import Merged, merge
from readiness.storage import audit
from readiness.storage.engine import Row, Store, Transaction, new_id, now


@dataclass(frozen=True)
class Organisation:
    """An organisation as lists and pages show it."""

    id: str
    name: str
    contact: str
    colour: str
    """Colour of its reports as #rrggbb, or empty."""


def from_row(row: Row) -> Organisation:
    """An organisation from its database row."""
    return Organisation(row["id"], row["name"], row["contact"], row["colour"])


def add(transaction: Transaction, name: str) -> Organisation:
    """A new organisation."""
    made = Organisation(new_id(), name, "", "")
    transaction.run(
        "INSERT INTO organisations (id, name, created_at, updated_at) VALUES (:id, :name, :at, :at)",
        id=made.id,
        name=name,
        at=now(),
    )
    return made


def find(store: Store, organisation_id: str) -> Organisation | None:
    """The organisation with this id, or None."""
    row = store.row("SELECT * FROM organisations WHERE id = :id", id=organisation_id)
    return None if row is None else from_row(row)


def named(store: Store, name: str) -> list[Organisation]:
    """Every organisation of this name."""
    return [from_row(row) for row in store.rows("SELECT * FROM organisations WHERE name = :name", name=name)]


SETTINGS = ("name", "contact", "colour")


def save(
    store: Store, organisation_id: str, who: str, sent: Mapping[str, str], seen: Mapping[str, str]
) -> Merged:
    """Merge name, contact and colour; nothing is stored where there is a conflict."""
    with store.write() as transaction:
        found = _held(transaction, organisation_id)
        if found is None:
            return Merged({}, {})
        stored = {name: getattr(found, name) for name in SETTINGS}
        result = merge(stored, sent, seen)
        if result.changed and not result.conflicts:
            values = stored | dict(result.changed)
            transaction.run(
                "UPDATE organisations SET name = :name, contact = :contact, colour = :colour,"
                " version = version + 1 WHERE id = :id",
                id=organisation_id,
                **values,
            )
            audit.record(transaction, organisation_id, who, "organisation.settings", values["name"])
    return result


def _held(transaction: Transaction, organisation_id: str) -> Organisation | None:
    """The organisation, held against everybody else until the transaction ends."""
    row = transaction.row(
        "UPDATE organisations SET updated_at = :at WHERE id = :id RETURNING *", id=organisation_id, at=now()
    )
    return None if row is None else from_row(row)


def logo(store: Store, organisation_id: str) -> bytes | None:
    """The logo as PNG, or None."""
    row = store.row("SELECT logo FROM organisations WHERE id = :id", id=organisation_id)
    return None if row is None or row["logo"] is None else bytes(row["logo"])


def logo_mark(content: bytes | None) -> str:
    """Tells one logo from another; empty without one."""
    return hashlib.blake2b(content, digest_size=6).hexdigest() if content else ""


def set_logo(store: Store, organisation_id: str, who: str, content: bytes | None, seen: str) -> bool:
    """Replace the logo, or take it away; whether it was still the one with the mark that was seen."""
    with store.write() as transaction:
        found = _held(transaction, organisation_id)
        if found is None:
            return True
        row = transaction.row("SELECT logo FROM organisations WHERE id = :id", id=organisation_id)
        stored = logo_mark(bytes(row["logo"]) if row and row["logo"] is not None else None)
        if stored not in (seen, logo_mark(content)):
            return False
        if stored != logo_mark(content):
            transaction.run(
                "UPDATE organisations SET logo = :logo, version = version + 1 WHERE id = :id",
                id=organisation_id,
                logo=content,
            )
            audit.record(transaction, organisation_id, who, "organisation.logo", found.name)
    return True

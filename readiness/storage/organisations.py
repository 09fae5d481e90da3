"""Organisations: whom firms are looked after by, and what stands on their reports."""

from __future__ import annotations

from dataclasses import dataclass

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

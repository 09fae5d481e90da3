"""Firms: what the founder tells about the firm itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core.merge import Merged, merge
from readiness.core.typed import fold as fold
from readiness.storage.engine import Reader, Row, Store, Transaction, new_id, now

FIELDS = (
    "name",
    "sector",
    "country",
    "founded",
    "employees",
    "first_foreign_sale",
    "foreign_share",
    "countries",
    "regions",
)


def like(typed: str) -> str:
    """What the `search` of a firm is LIKE that has this in its name, with ! before what would be special."""
    literal = fold(typed)
    for special in "!%_":
        literal = literal.replace(special, f"!{special}")
    return f"%{literal}%"


@dataclass(frozen=True)
class Firm:
    """A firm; everything but the name may be unknown (None)."""

    id: str
    name: str
    sector: str | None
    country: str | None
    founded: int | None
    """Year of foundation (Gregorian)."""
    employees: int | None
    first_foreign_sale: int | None
    """Year of the first sale abroad (Gregorian)."""
    foreign_share: int | None
    """Share of foreign sales, percent."""
    countries: int | None
    """Number of countries sold to."""
    regions: tuple[str, ...]
    """Keys of the world regions sold to."""
    organisation_id: str | None = None
    """The organisation that looks after the firm, if one does."""
    email: str | None = None
    """Where the firm's links are sent."""
    next_review: str | None = None
    """Day of the next review, ISO 8601."""
    archived_at: str | None = None

    def known(self) -> dict[str, Any]:
        """What is known of the firm, for an exchange file."""
        values = {name: getattr(self, name) for name in FIELDS}
        values["regions"] = list(self.regions)
        return {name: value for name, value in values.items() if value not in (None, [], "")} | {
            "name": self.name
        }


def from_row(row: Row) -> Firm:
    """A firm from its database row."""
    regions = row["regions"]
    return Firm(
        id=row["id"],
        name=row["name"],
        sector=row["sector"],
        country=row["country"],
        founded=row["founded"],
        employees=row["employees"],
        first_foreign_sale=row["first_foreign_sale"],
        foreign_share=row["foreign_share"],
        countries=row["countries"],
        regions=tuple(json.loads(regions)) if regions != "[]" else (),
        organisation_id=row["organisation_id"],
        email=row["email"],
        next_review=row["next_review"],
        archived_at=row["archived_at"],
    )


def add(transaction: Transaction, values: Mapping[str, Any], organisation_id: str | None = None) -> str:
    """Insert a firm from its fields, for an organisation or for nobody; its id."""
    firm_id = new_id()
    columns = ", ".join(FIELDS)
    places = ", ".join(f":{name}" for name in FIELDS)
    transaction.run(
        f"INSERT INTO firms (id, {columns}, search, email, organisation_id, created_at, updated_at)"  # noqa: S608
        f" VALUES (:id, {places}, :search, :email, :organisation, :at, :at)",
        id=firm_id,
        search=fold(str(values["name"])),
        email=values.get("email"),
        organisation=organisation_id,
        at=now(),
        **_columns(values),
    )
    return firm_id


def get(store: Reader, firm_id: str) -> Firm:
    """The firm with this id; only where it is sure to be there."""
    row = store.row("SELECT * FROM firms WHERE id = :id", id=firm_id)
    assert row is not None
    return from_row(row)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: values.get(name) for name in FIELDS}
    columns["regions"] = json.dumps(list(values.get("regions") or ()))
    return columns


def save(store: Store, firm_id: str, sent: Mapping[str, Any], seen: Mapping[str, str]) -> Merged:
    """Merge a form's fields into the firm; nothing is stored where there is a conflict."""
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE firms SET updated_at = :at WHERE id = :id RETURNING *", id=firm_id, at=now()
        )
        if row is None:
            return Merged({}, {})
        firm = from_row(row)
        stored = {name: getattr(firm, name) for name in FIELDS}
        result = merge(stored, sent, seen)
        if result.changed and not result.conflicts:
            set_facts(transaction, firm_id, stored | dict(result.changed))
    return result


def set_facts(transaction: Transaction, firm_id: str, values: Mapping[str, Any]) -> None:
    """Set every field of FIELDS; whoever calls has made sure that nobody else is at it."""
    settings = ", ".join(f"{name} = :{name}" for name in FIELDS)
    transaction.run(
        f"UPDATE firms SET {settings}, search = :search WHERE id = :id",  # noqa: S608
        id=firm_id,
        search=fold(str(values["name"])),
        **_columns(values),
    )
    changed(transaction, firm_id)


def changed(transaction: Transaction, firm_id: str) -> None:
    """Say to every cohort that the firm is in that it shows something new."""
    transaction.run(
        "UPDATE cohorts SET version = version + 1"
        " WHERE id IN (SELECT cohort_id FROM cohort_members WHERE firm_id = :firm)",
        firm=firm_id,
    )

"""The audit list: who did what in an organisation, in the words of the day."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.storage.engine import Store, Transaction, new_id, now
from readiness.storage.firms import Firm


@dataclass(frozen=True)
class Entry:
    """One deed."""

    at: str
    who: str
    deed: str
    """Key of what was done, such as firm.add; readiness.web.people has the words."""
    firm_id: str | None
    about: str
    """Name of the firm or person it was done to."""


def record(
    transaction: Transaction,
    organisation_id: str,
    who: str,
    deed: str,
    about: str = "",
    firm_id: str | None = None,
) -> None:
    """Note a deed within the transaction that does it."""
    transaction.run(
        "INSERT INTO audit (id, organisation_id, at, who, deed, firm_id, about)"
        " VALUES (:id, :organisation, :at, :who, :deed, :firm, :about)",
        id=new_id(),
        organisation=organisation_id,
        at=now(),
        who=who,
        deed=deed,
        firm=firm_id,
        about=about,
    )


@dataclass(frozen=True)
class Author:
    """Who does something, and for which organisation, as the audit list names them."""

    organisation_id: str
    name: str

    def record(self, transaction: Transaction, deed: str, firm: Firm) -> None:
        """Note a deed done to a firm."""
        record(transaction, self.organisation_id, self.name, deed, firm.name, firm.id)


def listing(store: Store, organisation_id: str, first: int, count: int) -> list[Entry]:
    """Deeds in an organisation, the latest first, `count` from the one numbered `first` (0 is the latest)."""
    rows = store.rows(
        "SELECT at, who, deed, firm_id, about FROM audit WHERE organisation_id = :organisation"
        " ORDER BY at DESC, id LIMIT :count OFFSET :first",
        organisation=organisation_id,
        count=count,
        first=first,
    )
    return [Entry(**row) for row in rows]

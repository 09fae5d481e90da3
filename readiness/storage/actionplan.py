"""The action plan that a firm keeps: what it means to do, who does it, by when, and what became of it.

It belongs to the firm, so all its rounds share it. What the model recommends is another matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from readiness.core.merge import Merged, digest, merge
from readiness.storage import firms
from readiness.storage.engine import Reader, Row, Store, Transaction, new_id, now
from readiness.storage.firms import Firm
from readiness.storage.portfolio import Author

STATUSES = ("open", "started", "done", "dropped")
#: What is over, well or not, and so is never overdue.
CLOSED = ("done", "dropped")
#: A plan that is worked with is short; nobody fills the database with one.
MOST = 200
FIELDS = ("title", "owner", "due", "status", "note", "evidence")
_COLUMNS = ", ".join(("id", "firm_id", "action", *FIELDS, "created_at", "updated_at"))


@dataclass(frozen=True)
class Item:
    """A line of a firm's plan."""

    id: str
    firm_id: str
    action: str | None
    """Id of an action of the library; None for one of the firm's own."""
    title: str
    owner: str
    due: str | None
    """Day, ISO 8601."""
    status: str
    note: str
    evidence: str
    created_at: str
    updated_at: str

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.status in CLOSED

    def overdue(self, today: str) -> bool:
        """Whether it should have been done before this day."""
        return not self.closed and self.due is not None and self.due < today

    def values(self) -> dict[str, Any]:
        """The fields of a form."""
        return {name: getattr(self, name) for name in FIELDS}

    def seen(self) -> dict[str, str]:
        """Digests of the fields, for the form that shows them."""
        return {name: digest(value) for name, value in self.values().items()}

    def digest(self) -> str:
        """Changes when any field does."""
        return digest(self.values())


@dataclass(frozen=True)
class New:
    """What becomes a line of the plan."""

    title: str
    action: str | None = None
    due: str | None = None
    others: Mapping[str, str] = field(default_factory=dict)
    """owner, status, note, evidence."""


def _order(item: Item) -> tuple[Any, ...]:
    return item.closed, item.due is None, item.due or "", item.created_at, item.title, item.id


def listing(store: Store, firm_id: str) -> list[Item]:
    """The plan by due date, so overdue items first; what is over stands at the end."""
    rows = store.rows(f"SELECT {_COLUMNS} FROM plan_items WHERE firm_id = :firm", firm=firm_id)  # noqa: S608
    return sorted((Item(**row) for row in rows), key=_order)


def find(store: Reader, firm_id: str, item_id: str) -> Item | None:
    """An item of this firm's plan, or None."""
    row = store.row(
        f"SELECT {_COLUMNS} FROM plan_items WHERE id = :id AND firm_id = :firm",  # noqa: S608
        id=item_id,
        firm=firm_id,
    )
    return None if row is None else Item(**row)


def _hold(transaction: Transaction, firm_id: str) -> Firm | None:
    """The firm, held against everybody else's plans until the transaction ends."""
    row: Row | None = transaction.row(
        "UPDATE firms SET updated_at = updated_at WHERE id = :id RETURNING *", id=firm_id
    )
    return None if row is None else firms.from_row(row)


def add(store: Store, firm_id: str, items: Sequence[New], author: Author | None) -> list[str]:
    """Put items into a firm's plan, as far as there is room; the ids of those that are new.

    An action of the library that the plan has already is not put in again.
    """
    with store.write() as transaction:
        firm = _hold(transaction, firm_id)
        if firm is None:
            return []
        rows = transaction.rows("SELECT action FROM plan_items WHERE firm_id = :firm", firm=firm_id)
        there = {row["action"] for row in rows} - {None}
        new = [item for item in items if item.action not in there]
        ids = [_insert(transaction, firm_id, item) for item in new[: MOST - len(rows)]]
        if ids and author is not None:
            author.record(transaction, "plan.add", firm)
    return ids


def _insert(transaction: Transaction, firm_id: str, item: New) -> str:
    values = {"owner": "", "status": "open", "note": "", "evidence": ""} | dict(item.others)
    item_id = new_id()
    transaction.run(
        f"INSERT INTO plan_items ({_COLUMNS})"  # noqa: S608
        " VALUES (:id, :firm, :action, :title, :owner, :due, :status,"
        " :note, :evidence, :at, :at)",
        id=item_id,
        firm=firm_id,
        action=item.action,
        title=item.title,
        due=item.due,
        at=now(),
        **values,
    )
    return item_id


def change(
    store: Store,
    firm_id: str,
    item_id: str,
    sent: Mapping[str, Any],
    seen: Mapping[str, str],
    author: Author | None,
) -> Merged | None:
    """Merge some fields of a form into an item; nothing is stored on a conflict. None if it is gone."""
    with store.write() as transaction:
        firm = _hold(transaction, firm_id)
        item = find(transaction, firm_id, item_id)
        if firm is None or item is None:
            return None
        result = merge(item.values(), sent, seen)
        if result.changed and not result.conflicts:
            settings = ", ".join(f"{name} = :{name}" for name in FIELDS)
            transaction.run(
                f"UPDATE plan_items SET {settings}, updated_at = :at WHERE id = :id",  # noqa: S608
                id=item_id,
                at=now(),
                **(item.values() | dict(result.changed)),
            )
            if author is not None:
                author.record(transaction, "plan.change", firm)
    return result


def remove(store: Store, firm_id: str, item_id: str, seen: str, author: Author | None) -> bool:
    """Take an item out of the plan, unless it is another than the one that was seen (its digest)."""
    with store.write() as transaction:
        firm = _hold(transaction, firm_id)
        item = find(transaction, firm_id, item_id)
        if firm is None or item is None:
            return True
        if item.digest() != seen:
            return False
        transaction.run("DELETE FROM plan_items WHERE id = :id", id=item_id)
        if author is not None:
            author.record(transaction, "plan.remove", firm)
    return True


def counts(store: Store, firm_ids: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Of each firm's plan how many items are open, overdue and done, for lists.

    Open are all that are neither done nor dropped, so the overdue ones are among them.
    """
    names = {f"f{at}": firm_id for at, firm_id in enumerate(firm_ids)}
    if not names:
        return {}
    rows = store.rows(
        "SELECT firm_id, sum(CASE WHEN status IN ('open', 'started') THEN 1 ELSE 0 END) AS open,"  # noqa: S608
        " sum(CASE WHEN status IN ('open', 'started') AND due < :today THEN 1 ELSE 0 END) AS overdue,"
        " sum(CASE WHEN status = 'done' THEN 1 ELSE 0 END) AS done FROM plan_items"
        f" WHERE firm_id IN ({', '.join(f':{name}' for name in names)}) GROUP BY firm_id",
        today=now()[:10],
        **names,
    )
    found = {row["firm_id"]: (int(row["open"]), int(row["overdue"]), int(row["done"])) for row in rows}
    return {firm_id: found.get(firm_id, (0, 0, 0)) for firm_id in firm_ids}

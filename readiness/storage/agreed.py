"""What a meeting agreed on, by indicator, beside the raters' answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from readiness.core.answers import UNANSWERED
from readiness.core.merge import Merged, merge
from readiness.storage import responses
from readiness.storage.engine import Row, Store, Transaction, now

FIELDS = ("code", "note", "minority")


@dataclass(frozen=True)
class Agreed:
    """What was agreed of one indicator; all of it may be empty."""

    code: int = UNANSWERED
    """A code of readiness.core.answers; UNANSWERED while nothing is agreed."""
    note: str = ""
    minority: str = ""
    """Who sees it otherwise, and why."""

    def fields(self) -> dict[str, int | str]:
        """The fields by name, for their digests."""
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def settled(self) -> bool:
        """Whether an answer is agreed."""
        return self.code != UNANSWERED


def _from_row(row: Row) -> Agreed:
    return Agreed(responses.decode(row["code"]), row["note"], row["minority"])


def of(store: Store, assessment_id: str) -> dict[int, Agreed]:
    """What is kept of an assessment, by indicator number."""
    rows = store.rows(
        "SELECT indicator, code, note, minority FROM agreed WHERE assessment_id = :id ORDER BY indicator",
        id=assessment_id,
    )
    return {row["indicator"]: _from_row(row) for row in rows}


def save(
    transaction: Transaction, assessment_id: str, number: int, sent: Agreed, seen: Mapping[str, str]
) -> Merged:
    """Merge a form's fields into what is kept of an indicator; nothing is stored on a conflict."""
    if not transaction.run("UPDATE assessments SET updated_at = updated_at WHERE id = :id", id=assessment_id):
        return Merged({}, {})
    row = transaction.row(
        "SELECT code, note, minority FROM agreed WHERE assessment_id = :id AND indicator = :number",
        id=assessment_id,
        number=number,
    )
    stored = _from_row(row) if row else Agreed()
    result = merge(stored.fields(), sent.fields(), seen)
    if result.changed and not result.conflicts:
        _keep(transaction, assessment_id, number, Agreed(**(stored.fields() | dict(result.changed))))
    return result


def _keep(transaction: Transaction, assessment_id: str, number: int, whole: Agreed) -> None:
    place = {"id": assessment_id, "number": number}
    if whole == Agreed():
        transaction.run("DELETE FROM agreed WHERE assessment_id = :id AND indicator = :number", **place)
        return
    transaction.run(
        "INSERT INTO agreed (assessment_id, indicator, code, note, minority, updated_at)"
        " VALUES (:id, :number, :code, :note, :minority, :at)"
        " ON CONFLICT (assessment_id, indicator) DO UPDATE"
        " SET code = :code, note = :note, minority = :minority, updated_at = :at",
        code=responses.encode([whole.code]),
        note=whole.note,
        minority=whole.minority,
        at=now(),
        **place,
    )

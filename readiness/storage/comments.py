"""Comments of a consultant: one text a component of an assessment."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.core.merge import Merged, merge
from readiness.storage import rounds
from readiness.storage.engine import Reader, Store, now
from readiness.storage.portfolio import Author


def of(reader: Reader, assessment_id: str) -> dict[str, str]:
    """The comments to an assessment by component key; what has none is absent."""
    rows = reader.rows("SELECT component, text FROM comments WHERE assessment_id = :id", id=assessment_id)
    return {row["component"]: row["text"] for row in rows}


def save(
    store: Store, author: Author, assessment_id: str, sent: Mapping[str, str], seen: Mapping[str, str]
) -> Merged | None:
    """Merge comments by component key; an empty one is removed. None if there is no such assessment.

    What does not conflict is stored even where another comment does.
    """
    with store.write() as transaction:
        firm = rounds.hold(transaction, author, assessment_id)
        if firm is None:
            return None
        stored = of(transaction, assessment_id)
        result = merge({key: stored.get(key, "") for key in sent}, sent, seen)
        for component, text in result.changed.items():
            place = {"assessment": assessment_id, "component": component}
            transaction.run(
                "DELETE FROM comments WHERE assessment_id = :assessment AND component = :component", **place
            )
            if text:
                transaction.run(
                    "INSERT INTO comments (assessment_id, component, text, updated_at)"
                    " VALUES (:assessment, :component, :text, :at)",
                    text=text,
                    at=now(),
                    **place,
                )
        if result.changed:
            author.record(transaction, "comment.change", firm)
    return result

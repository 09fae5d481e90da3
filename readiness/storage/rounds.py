"""One round of a firm, held by who looks after the firm while something beside its answers changes."""

from __future__ import annotations

from readiness.storage import firms
from readiness.storage.engine import Transaction
from readiness.storage.firms import Firm
from readiness.storage.portfolio import Author


def hold(transaction: Transaction, author: Author, assessment_id: str) -> Firm | None:
    """Hold the round against everybody else until the transaction ends; its firm.

    None if the round is gone or the author's organisation does not look after the firm.
    """
    row = transaction.row(
        "UPDATE assessments SET updated_at = updated_at WHERE id = :id AND firm_id IN"
        " (SELECT id FROM firms WHERE organisation_id = :organisation) RETURNING firm_id",
        id=assessment_id,
        organisation=author.organisation_id,
    )
    if row is None:
        return None
    found = transaction.row("SELECT * FROM firms WHERE id = :id", id=row["firm_id"])
    return None if found is None else firms.from_row(found)

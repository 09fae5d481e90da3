"""Verified answers: what a consultant saw, beside the firm's own answers and never in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from readiness.core.merge import Merged, merge
from readiness.storage import rounds
from readiness.storage.engine import Reader, Store, now
from readiness.storage.portfolio import Author


@dataclass(frozen=True)
class Verified:
    """The verified answer to one indicator."""

    word: str = ""
    """A word of the exchange format: a term, DK or NA; empty if nothing is verified."""
    note: str = ""
    """What was seen."""

    def value(self) -> list[str]:
        """What a form shows of it, for its digest."""
        return [self.word, self.note]


NOTHING = Verified()


def of(reader: Reader, assessment_id: str) -> dict[int, Verified]:
    """The verified answers of an assessment by indicator number; what has none is absent."""
    rows = reader.rows(
        "SELECT indicator, code, note FROM verified WHERE assessment_id = :id ORDER BY indicator",
        id=assessment_id,
    )
    return {row["indicator"]: Verified(row["code"], row["note"]) for row in rows}


def save(
    store: Store, author: Author, assessment_id: str, sent: Mapping[int, Verified], seen: Mapping[int, str]
) -> Merged | None:
    """Merge verified answers; one without a word is removed. None if there is no such assessment.

    What does not conflict is stored even where another answer does. Keys of the result are indicator
    numbers as text, its values Verified.
    """
    with store.write() as transaction:
        firm = rounds.hold(transaction, author, assessment_id)
        if firm is None:
            return None
        stored = dict.fromkeys(sent, NOTHING) | of(transaction, assessment_id)
        result = merge(
            {str(number): stored[number].value() for number in sent},
            {str(number): item.value() for number, item in sent.items()},
            {str(number): digest for number, digest in seen.items()},
        )
        for number in map(int, result.changed):
            place = {"assessment": assessment_id, "indicator": number}
            transaction.run(
                "DELETE FROM verified WHERE assessment_id = :assessment AND indicator = :indicator", **place
            )
            if sent[number].word:
                transaction.run(
                    "INSERT INTO verified (assessment_id, indicator, code, note, updated_at)"
                    " VALUES (:assessment, :indicator, :code, :note, :at)",
                    code=sent[number].word,
                    note=sent[number].note,
                    at=now(),
                    **place,
                )
        if result.changed:
            author.record(transaction, "verify.change", firm)
    return Merged(
        {number: sent[int(number)] for number in result.changed},
        {number: stored[int(number)] for number in result.conflicts},
    )

"""The rounds of a firm: one held, the one that follows, the one before, all that are finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from readiness.core import change
from readiness.core.answers import Answers
from readiness.core.model import Model
from readiness.storage import assessments, firms, responses
from readiness.storage.assessments import Assessment
from readiness.storage.engine import Store, Transaction
from readiness.storage.firms import Firm
from readiness.storage.keys import hash_key
from readiness.storage.portfolio import FINISHED, Author
from readiness.storage.responses import Answer, Brought


def hold(transaction: Transaction, author: Author, assessment_id: str) -> Firm | None:
    """Hold a round and its firm against everybody else until the transaction ends; the firm.

    None if the round is gone or the author's organisation does not look after the firm. The firm is held
    too, so that nothing is stored for an organisation whose care ends at the same moment.
    """
    row = transaction.row(
        "UPDATE firms SET updated_at = updated_at WHERE organisation_id = :organisation"
        " AND id = (SELECT firm_id FROM assessments WHERE id = :id) RETURNING *",
        id=assessment_id,
        organisation=author.organisation_id,
    )
    if row is None or not transaction.run(
        "UPDATE assessments SET updated_at = updated_at WHERE id = :id", id=assessment_id
    ):
        return None
    return firms.from_row(row)


@dataclass(frozen=True)
class Newer:
    """The latest round of a firm, where it is not the one at hand."""

    id: str
    round: int


@dataclass(frozen=True)
class Begun:
    """The round that follows, and whether it was begun under the key that was brought."""

    id: str
    mine: bool


def newer(store: Store, found: Assessment) -> Newer | None:
    """The latest round of the firm if it comes after this one, or None."""
    row = store.row(
        "SELECT id, round FROM assessments WHERE firm_id = :firm AND round > :round"
        " ORDER BY round DESC LIMIT 1",
        firm=found.firm.id,
        round=found.round,
    )
    return None if row is None else Newer(row["id"], row["round"])


def follow(
    store: Store, found: Assessment, model: Model, language: str, key: str, prefill: bool, who: str
) -> Begun | None:
    """Begin the round after a finished one, under the key of a new private link.

    Where a later round is there already, that one; None if this one is open again or gone. `who` is
    named in the audit list of an organisation that looks after the firm.
    """
    with store.write() as transaction:
        row = transaction.row(  # of two at once the later waits here, and sees the other's round
            "UPDATE firms SET updated_at = updated_at WHERE id = :id RETURNING *", id=found.firm.id
        )
        if row is None:
            return None
        there = _later(transaction, found, key)
        if there is not None:
            return there
        last = transaction.row(
            "SELECT id, model FROM assessments WHERE id = :id AND status = :finished",
            id=found.id,
            finished=FINISHED,
        )
        if last is None:
            return None
        made, _ = assessments.begin(
            transaction, found.firm.id, model, language, found.responses[0].rater, found.round + 1, key
        )
        firm = firms.from_row(row)
        _bring_along(transaction, found, made, model, prefill, firm.known())
        if firm.organisation_id is not None:
            Author(firm.organisation_id, who).record(transaction, "firm.again", firm)
    return Begun(made, True)


def _later(transaction: Transaction, found: Assessment, key: str) -> Begun | None:
    rows = transaction.rows(
        "SELECT id, key_hash FROM assessments WHERE firm_id = :firm AND round > :round ORDER BY round DESC",
        firm=found.firm.id,
        round=found.round,
    )
    mine = [row["id"] for row in rows if row["key_hash"] == hash_key(key)]
    if mine:
        return Begun(mine[0], True)
    return Begun(rows[0]["id"], False) if rows else None


def _bring_along(
    transaction: Transaction,
    found: Assessment,
    made: str,
    model: Model,
    prefill: bool,
    firm: Mapping[str, Any],
) -> None:
    """Keep what was known of the firm, and fill in the holder's own answers if they are wanted."""
    own = found.responses[0].answers
    asked = change.kept(found.model, model) if prefill else ()
    given = {number: own.get(number, Answer()) if number in asked else Answer() for number in model.numbers}
    taken_over = frozenset(number for number, answer in given.items() if answer.settled)
    transaction.run(
        "UPDATE responses SET codes = :codes, remarks = :remarks WHERE assessment_id = :made",
        codes=responses.encode([answer.code for answer in given.values()]),
        remarks=responses.encode_remarks(given, Brought(taken_over, firm)),
        made=made,
    )


@dataclass(frozen=True)
class Before:
    """The finished round before another one."""

    answers: Answers
    """With what was known of the firm before the other round began."""
    finished_on: str
    """Day, ISO 8601."""


def previous(store: Store, found: Assessment) -> Before | None:
    """The last finished round of the firm before this one, or None."""
    if found.round == 1:
        return None
    row = store.row(
        "SELECT id FROM assessments WHERE firm_id = :firm AND round < :round AND status = :finished"
        " ORDER BY round DESC LIMIT 1",
        firm=found.firm.id,
        round=found.round,
        finished=FINISHED,
    )
    last = None if row is None else assessments.load(store, row["id"])
    if last is None or last.finished_at is None:
        return None
    known = found.responses[0].brought.firm
    return Before(replace(last.answers(), firm=known or last.firm.known()), last.finished_at[:10])


def finished(store: Store, firm_id: str) -> tuple[Assessment, ...]:
    """Every finished round of a firm, the earliest first."""
    rows = store.rows(
        "SELECT id FROM assessments WHERE firm_id = :firm AND status = :finished ORDER BY round",
        firm=firm_id,
        finished=FINISHED,
    )
    loaded = (assessments.load(store, row["id"]) for row in rows)
    return tuple(item for item in loaded if item is not None)


def others(store: Store, found: Assessment) -> int:
    """How many other rounds the firm has."""
    row = store.row(
        "SELECT count(*) AS n FROM assessments WHERE firm_id = :firm AND id <> :id",
        firm=found.firm.id,
        id=found.id,
    )
    return int(row["n"]) if row else 0


def delete_all(store: Store, found: Assessment) -> None:
    """Delete the firm with every round, at the wish of who holds the private link of one."""
    with store.write() as transaction:
        firms.changed(transaction, found.firm.id)
        row = transaction.row("DELETE FROM firms WHERE id = :id RETURNING *", id=found.firm.id)
        if row is not None and row["organisation_id"] is not None:
            author = Author(row["organisation_id"], found.own.rater)
            author.record(transaction, "firm.delete", firms.from_row(row))

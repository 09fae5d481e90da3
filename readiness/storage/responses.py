"""Responses: what one rater answered, one compact row each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes, Response
from readiness.core.merge import Merged, merge
from readiness.core.model import Model
from readiness.storage.engine import Row, Store, Transaction, now
from readiness.storage.firms import fold

_LETTERS = "01234D-N"
_AS_LETTERS = bytes.maketrans(bytes(range(len(_LETTERS))), _LETTERS.encode("ascii"))
_AS_CODES = bytes.maketrans(_LETTERS.encode("ascii"), bytes(range(len(_LETTERS))))
#: Where the remarks keep what the round brought along from the one before.
BROUGHT = "last"


@dataclass(frozen=True)
class Answer:
    """The answer to one indicator: a code of readiness.core.answers and its remarks."""

    code: int = UNANSWERED
    note: str = ""
    reason: str = ""

    def value(self) -> list[Any]:
        """What a form shows of this answer, for its digest."""
        return [self.code, self.note, self.reason]

    @property
    def settled(self) -> bool:
        """Answered in some way: a term, don't know, or not applicable."""
        return self.code != UNANSWERED


@dataclass(frozen=True)
class Brought:
    """What a round brought along from the one before."""

    taken_over: frozenset[int] = frozenset()
    """Indicators whose answer stands as it was then, and was not looked at again."""
    firm: Mapping[str, Any] = field(default_factory=dict)
    """What was known of the firm when this round began."""


@dataclass(frozen=True)
class StoredResponse:
    """A rater's response as it is kept."""

    id: str
    rater: str
    answers: Mapping[int, Answer]
    """By indicator number, every validated indicator."""
    updated_at: str
    name: str = ""
    """Of a colleague, for who invited them; never in a report."""
    finished_at: str | None = None
    """When a colleague said to be done."""
    brought: Brought = Brought()

    def for_scoring(self, model: Model) -> Response:
        """The response as the arithmetic takes it."""
        noted = {str(number): answer for number, answer in self.answers.items()}
        return Response(
            rater=self.rater,
            codes=np.array([self.answers[number].code for number in model.numbers], dtype=np.uint8),
            notes={number: answer.note for number, answer in noted.items() if answer.note},
            reasons={
                number: answer.reason
                for number, answer in noted.items()
                if answer.reason and answer.code == NOT_APPLICABLE
            },
        )

    @property
    def taken_over(self) -> frozenset[int]:
        """Indicators whose answer stands as it was in the last round, and was not looked at again."""
        return self.brought.taken_over

    @property
    def settled(self) -> int:
        """How many indicators are answered in some way."""
        return sum(answer.settled for answer in self.answers.values())

    @property
    def terms(self) -> int:
        """How many indicators have one of the five terms."""
        return sum(answer.code < DONT_KNOW for answer in self.answers.values())


def encode(codes: Codes | list[int]) -> str:
    """Codes as text, one character each."""
    return bytes(codes).translate(_AS_LETTERS).decode("ascii")


def decode(letter: str) -> int:
    """The code of one character."""
    return _LETTERS.index(letter)


def decode_many(texts: Sequence[str], model: Model) -> Codes:
    """The codes of n texts, (indicators, n), an indicator's answers side by side."""
    return np.ascontiguousarray(decode_rows(texts, model).T)


def decode_rows(texts: Sequence[str], model: Model) -> Codes:
    """The codes of n texts, (n, indicators)."""
    whole = "".join(texts).encode("ascii").translate(_AS_CODES)
    return np.frombuffer(whole, dtype=np.uint8).reshape(-1, len(model.indicators))


def encode_remarks(answers: Mapping[int, Answer], brought: Brought) -> str:
    """Notes and reasons as text, and what was brought along from the last round."""
    remarks: dict[str, Any] = {
        str(number): [answer.note, answer.reason]
        for number, answer in answers.items()
        if answer.note or answer.reason
    }
    if brought != Brought():
        remarks[BROUGHT] = {"taken_over": sorted(brought.taken_over), "firm": dict(brought.firm)}
    return json.dumps(remarks, ensure_ascii=False)


def _brought(kept: Mapping[str, Any] | None) -> Brought:
    return Brought(frozenset(kept["taken_over"]), kept["firm"]) if kept else Brought()


def from_row(row: Row, model: Model) -> StoredResponse:
    """A response from its database row."""
    remarks = json.loads(row["remarks"])
    return StoredResponse(
        id=row["id"],
        rater=row["rater"],
        updated_at=row["updated_at"],
        name=row["name"],
        finished_at=row["finished_at"],
        brought=_brought(remarks.get(BROUGHT)),
        answers={
            number: Answer(decode(letter), *remarks.get(str(number), ("", "")))
            for number, letter in zip(model.numbers, row["codes"], strict=True)
        },
    )


class Closed(RuntimeError):
    """The assessment is finished or gone, or its rater is done, so nothing of it changes."""


class RoleTaken(RuntimeError):
    """Somebody answers in this role already."""


def save(
    store: Store,
    response_id: str,
    model: Model,
    sent: Mapping[int, Answer],
    seen: Mapping[int, str],
    looked_at: bool = True,
) -> Merged:
    """Merge a page's answers into the response in one durable transaction.

    What does not conflict is stored even where something else on the page does; keys of the result
    are indicator numbers as text, its conflicts the stored Answers. `looked_at` says that answers taken
    over from the last round stand by somebody's will now, changed or not. Raises Closed.
    """
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE responses SET version = version + 1, updated_at = :at WHERE id = :id"
            " AND finished_at IS NULL AND EXISTS (SELECT 1 FROM assessments a"
            " WHERE a.id = responses.assessment_id AND a.status = 'open') RETURNING *",
            id=response_id,
            at=now(),
        )
        if row is None:
            raise Closed
        before = from_row(row, model)
        stored = before.answers
        result = merge(
            {str(number): stored[number].value() for number in sent},
            {str(number): answer.value() for number, answer in sent.items()},
            {str(number): digest for number, digest in seen.items()},
        )
        settled = {int(number) for number in result.changed} | (
            {number for number in sent if str(number) not in result.conflicts} if looked_at else set()
        )
        still = before.taken_over - settled
        if result.changed or still != before.taken_over:
            answers = dict(stored) | {int(number): sent[int(number)] for number in result.changed}
            transaction.run(
                "UPDATE responses SET codes = :codes, remarks = :remarks WHERE id = :id",
                id=response_id,
                codes=encode([answers[number].code for number in model.numbers]),
                remarks=encode_remarks(answers, replace(before.brought, taken_over=still)),
            )
    return Merged(
        {number: sent[int(number)] for number in result.changed},
        {number: stored[int(number)] for number in result.conflicts},
    )


def hold_role(transaction: Transaction, assessment_id: str, rater: str, but: str = "") -> None:
    """Hold an assessment until the transaction ends; raises RoleTaken.

    `but` is the id of a response that may have the role already.
    """
    transaction.run("UPDATE assessments SET updated_at = updated_at WHERE id = :id", id=assessment_id)
    taken = transaction.rows(
        "SELECT rater FROM responses WHERE assessment_id = :id AND id <> :but", id=assessment_id, but=but
    )
    if fold(rater) in {fold(row["rater"]) for row in taken}:
        raise RoleTaken


def rename_rater(store: Store, response_id: str, rater: str) -> None:
    """Set the role or name under which the rater answered; raises RoleTaken."""
    with store.write() as transaction:
        row = transaction.row("SELECT assessment_id FROM responses WHERE id = :id", id=response_id)
        if row is not None:
            hold_role(transaction, row["assessment_id"], rater, but=response_id)
            transaction.run("UPDATE responses SET rater = :rater WHERE id = :id", id=response_id, rater=rater)

"""Rounds that a program asks for: an open one, or one that comes answered as a whole document."""

from __future__ import annotations

import json

from readiness.core.answers import Answers, Response, blank
from readiness.core.model import Model
from readiness.storage import assessments, firms, responses
from readiness.storage.assessments import Result
from readiness.storage.engine import Row, Store, Transaction, new_id, now
from readiness.storage.portfolio import Author

#: Rounds that a firm can have; pages show all of them.
MOST_ROUNDS = 100


class Full(RuntimeError):
    """The firm has as many rounds as it can have."""


class RoundOpen(RuntimeError):
    """The firm is answering its latest round; another would leave that one lying about."""


def begin(store: Store, author: Author, firm_id: str, model: Model, rater: str) -> str | None:
    """Begin the firm's next round in the language of its last; its id, None if the firm is gone.

    Raises RoundOpen or Full.
    """
    with store.write() as transaction:
        latest = _latest(transaction, author, firm_id, "assessment.add")
        if latest is None:
            return None
        if latest["status"] == "open":
            raise RoundOpen
        return _next(transaction, firm_id, latest, model, rater)


def keep(store: Store, author: Author, firm_id: str, answers: Answers, result: Result) -> str | None:
    """Keep answers as a finished round; its id, None if the firm is gone.

    They become the firm's open round where nobody has answered anything in it yet. Where somebody
    has: RoundOpen. Raises Full too.
    """
    with store.write() as transaction:
        latest = _latest(transaction, author, firm_id, "assessment.import")
        if latest is None:
            return None
        rater = answers.responses[0].rater
        if latest["status"] != "open":
            assessment_id = _next(transaction, firm_id, latest, answers.model, rater)
        elif latest["model"] == answers.model.version and _untouched(
            transaction, latest["id"], answers.model
        ):
            assessment_id = str(latest["id"])
        else:
            raise RoundOpen
        _fill(transaction, assessment_id, answers)
        _finish(transaction, assessment_id, result)
    return assessment_id


def _latest(transaction: Transaction, author: Author, firm_id: str, deed: str) -> Row | None:
    """The firm's latest round, held together with the firm; notes what becomes of it. None: no such firm."""
    held = transaction.row(
        "UPDATE firms SET updated_at = :at WHERE id = :id AND organisation_id = :organisation RETURNING *",
        at=now(),
        id=firm_id,
        organisation=author.organisation_id,
    )
    if held is None:
        return None
    author.record(transaction, deed, firms.from_row(held))
    found = transaction.row(
        "SELECT id, model, language, status, round FROM assessments WHERE firm_id = :firm"
        " ORDER BY round DESC",
        firm=firm_id,
    )
    return found or {"status": "none", "language": "en", "round": 0}


def _next(transaction: Transaction, firm_id: str, latest: Row, model: Model, rater: str) -> str:
    if int(latest["round"]) >= MOST_ROUNDS:
        raise Full
    made, _ = assessments.begin(
        transaction, firm_id, model, latest["language"], rater, int(latest["round"]) + 1
    )
    return made


def _untouched(transaction: Transaction, assessment_id: str, model: Model) -> bool:
    """Whether one rater was asked and has answered nothing; held, so that nobody begins meanwhile."""
    found = transaction.rows(
        "UPDATE responses SET updated_at = updated_at WHERE assessment_id = :id RETURNING codes, remarks",
        id=assessment_id,
    )
    return [(row["codes"], json.loads(row["remarks"]).keys() - {responses.BROUGHT}) for row in found] == [
        (responses.encode(blank(model)), set())
    ]


def _fill(transaction: Transaction, assessment_id: str, answers: Answers) -> None:
    """Put the document's responses in the place of the blank one, in their order."""
    transaction.run("DELETE FROM responses WHERE assessment_id = :id", id=assessment_id)
    # Responses are read back by the moment they were begun and then by id.
    for row_id, response in zip(sorted(new_id() for _ in answers.responses), answers.responses, strict=True):
        transaction.run(
            "INSERT INTO responses (id, assessment_id, rater, codes, remarks, created_at, updated_at,"
            " finished_at) VALUES (:id, :assessment, :rater, :codes, :remarks, :at, :at, :at)",
            id=row_id,
            assessment=assessment_id,
            rater=response.rater,
            codes=responses.encode(response.codes),
            remarks=json.dumps(_remarks(response), ensure_ascii=False),
            at=now(),
        )


def _remarks(response: Response) -> dict[str, list[str]]:
    numbers = [*response.notes, *(number for number in response.reasons if number not in response.notes)]
    return {number: [response.notes.get(number, ""), response.reasons.get(number, "")] for number in numbers}


def _finish(transaction: Transaction, assessment_id: str, result: Result) -> None:
    transaction.run(
        "UPDATE assessments SET status = 'finished', finished_at = :at, updated_at = :at,"
        " overall = :overall, overall_low = :low, overall_high = :high, route = :route WHERE id = :id",
        id=assessment_id,
        at=now(),
        overall=result.overall,
        low=result.low,
        high=result.high,
        route=result.route,
    )

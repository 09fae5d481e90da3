"""Assessments: one round of answering for one firm, reached by a private link or by its organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core import model as models
from readiness.core.answers import Answers, blank
from readiness.core.model import Model
from readiness.core.scoring import Scores
from readiness.storage import firms, responses
from readiness.storage.engine import Row, Store, Transaction, new_id, now
from readiness.storage.firms import Firm
from readiness.storage.keys import hash_key, new_key
from readiness.storage.responses import StoredResponse


@dataclass(frozen=True)
class Assessment:
    """An assessment with its firm and its raters' responses."""

    id: str
    model: Model
    language: str
    status: str
    created_at: str
    finished_at: str | None
    firm: Firm
    responses: tuple[StoredResponse, ...]
    """In the order in which they were begun."""
    round: int = 1
    """1 is the firm's first assessment."""
    response_id: str | None = None
    """The response that a colleague's link leads to; None for who may do everything."""

    @property
    def finished(self) -> bool:
        """Whether the founder declared it complete."""
        return self.status == "finished"

    @property
    def own(self) -> StoredResponse:
        """The response that this visitor answers: the colleague's, else the first one."""
        mine = (item for item in self.responses if item.id == self.response_id)
        return next(mine, self.responses[0])

    @property
    def by_colleague(self) -> bool:
        """Whether this visitor is a colleague, who sees nothing but an own response."""
        return self.response_id is not None

    @property
    def colleagues(self) -> tuple[StoredResponse, ...]:
        """The responses of those who were invited."""
        return self.responses[1:]

    @property
    def counted(self) -> tuple[StoredResponse, ...]:
        """The responses that count: the first, and each in which something is answered."""
        return (self.responses[0], *(item for item in self.colleagues if item.settled))

    @property
    def closed(self) -> bool:
        """Whether this visitor's answers stay as they are: all is finished, or the colleague is done."""
        return self.finished or self.own.finished_at is not None

    @property
    def unfinished(self) -> tuple[StoredResponse, ...]:
        """The responses of those who were invited and are not done."""
        return tuple(item for item in self.colleagues if item.finished_at is None)

    @property
    def several(self) -> bool:
        """Whether at least two raters answered something."""
        return sum(bool(item.settled) for item in self.responses) > 1

    @property
    def has_terms(self) -> bool:
        """Whether anybody gave one of the five terms."""
        return any(item.terms for item in self.responses)

    def answers(self) -> Answers:
        """Everything the arithmetic and the exchange format need."""
        given = tuple(response.for_scoring(self.model) for response in self.counted)
        return Answers(self.model, self.firm.known(), given)


def start(store: Store, model: Model, language: str, firm: Mapping[str, Any], rater: str) -> str:
    """Begin an assessment of a new firm, given by the fields of readiness.storage.firms.

    Returns the key of its private link, which is kept nowhere.
    """
    with store.write() as transaction:
        return begin(transaction, firms.add(transaction, firm), model, language, rater)[1]


def begin(
    transaction: Transaction,
    firm_id: str,
    model: Model,
    language: str,
    rater: str,
    round: int = 1,
    key: str = "",
) -> tuple[str, str]:
    """Begin a round of a firm with one blank response; its id and the key of its private link.

    The key is a new one, or that of a caller who made one nobody can guess.
    """
    key, assessment, at = key or new_key(), new_id(), now()
    transaction.run(
        "INSERT INTO assessments"
        " (id, firm_id, model, language, key_hash, status, round, created_at, updated_at)"
        " VALUES (:id, :firm, :model, :language, :key_hash, 'open', :round, :at, :at)",
        id=assessment,
        firm=firm_id,
        model=model.version,
        language=language,
        key_hash=hash_key(key),
        round=round,
        at=at,
    )
    transaction.run(
        "INSERT INTO responses (id, assessment_id, rater, codes, created_at, updated_at)"
        " VALUES (:id, :assessment, :rater, :codes, :at, :at)",
        id=new_id(),
        assessment=assessment,
        rater=rater,
        codes=responses.encode(blank(model)),
        at=at,
    )
    return assessment, key


_FIND = (
    "SELECT a.id AS assessment_id, a.model, a.language, a.status, a.round, a.created_at AS started_at,"
    " a.finished_at, f.* FROM assessments a JOIN firms f ON f.id = a.firm_id"
)


def find(store: Store, key: str) -> Assessment | None:
    """The assessment behind a private link's key, or None."""
    link = store.row(
        "SELECT id AS assessment_id, NULL AS response_id FROM assessments WHERE key_hash = :hash"
        " UNION ALL SELECT assessment_id, response_id FROM links WHERE key_hash = :hash",
        hash=hash_key(key),
    )
    if link is None:
        return None
    row = store.row(f"{_FIND} WHERE a.id = :id", id=link["assessment_id"])
    return None if row is None else _load(store, row, link["response_id"])


def find_in(store: Store, organisation_id: str, assessment_id: str) -> Assessment | None:
    """The assessment with this id if an organisation looks after its firm, or None."""
    row = store.row(
        f"{_FIND} WHERE a.id = :id AND f.organisation_id = :organisation",
        id=assessment_id,
        organisation=organisation_id,
    )
    return None if row is None else _load(store, row, None)


def load(store: Store, assessment_id: str) -> Assessment | None:
    """The assessment with this id, for who may see its firm's rounds, or None."""
    row = store.row(f"{_FIND} WHERE a.id = :id", id=assessment_id)
    return None if row is None else _load(store, row, None)


def _load(store: Store, row: Row, response_id: str | None) -> Assessment | None:
    model = models.load(row["model"])
    given = store.rows(
        "SELECT id, rater, name, codes, remarks, updated_at, finished_at FROM responses"
        " WHERE assessment_id = :id ORDER BY created_at, id",
        id=row["assessment_id"],
    )
    if not given:  # deleted since the first query
        return None
    return Assessment(
        id=row["assessment_id"],
        model=model,
        language=row["language"],
        status=row["status"],
        created_at=row["started_at"],
        finished_at=row["finished_at"],
        firm=firms.from_row(row),
        responses=tuple(responses.from_row(item, model) for item in given),
        round=row["round"],
        response_id=response_id,
    )


def add_link(transaction: Transaction, assessment_id: str, response_id: str | None = None) -> str:
    """The key of one more private link: to everything, or to one response alone."""
    key = new_key()
    transaction.run(
        "INSERT INTO links (key_hash, assessment_id, response_id, created_at)"
        " VALUES (:hash, :assessment, :response, :at)",
        hash=hash_key(key),
        assessment=assessment_id,
        response=response_id,
        at=now(),
    )
    return key


@dataclass(frozen=True)
class Result:
    """What a finished assessment came to, as lists show it."""

    overall: float | None
    low: float | None
    high: float | None
    route: str | None

    @staticmethod
    def of(scores: Scores) -> Result:
        """What scores come to."""
        overall, route = scores.overall, scores.route
        return Result(
            overall=overall.index if overall else None,
            low=overall.low if overall else None,
            high=overall.high if overall else None,
            route=route.name if route else None,
        )


def finish(store: Store, assessment_id: str) -> None:
    """Declare an assessment complete; finishing twice keeps the first date."""
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE assessments SET status = 'finished', finished_at = :at, updated_at = :at"
            " WHERE id = :id AND status = 'open' RETURNING firm_id",
            id=assessment_id,
            at=now(),
        )
        if row is not None:
            firms.changed(transaction, row["firm_id"])


def keep_result(store: Store, assessment_id: str, result: Result) -> None:
    """Keep what a finished assessment came to; one that was reopened meanwhile keeps none."""
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE assessments SET overall = :overall, overall_low = :low, overall_high = :high,"
            " route = :route WHERE id = :id AND status = 'finished' RETURNING firm_id",
            id=assessment_id,
            overall=result.overall,
            low=result.low,
            high=result.high,
            route=result.route,
        )
        if row is not None:
            firms.changed(transaction, row["firm_id"])


def reopen(store: Store, assessment_id: str) -> None:
    """Let the founder change answers again."""
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE assessments SET status = 'open', finished_at = NULL, overall = NULL, overall_low = NULL,"
            " overall_high = NULL, route = NULL, updated_at = :at WHERE id = :id RETURNING firm_id",
            id=assessment_id,
            at=now(),
        )
        if row is not None:
            firms.changed(transaction, row["firm_id"])


def delete(store: Store, assessment_id: str) -> None:
    """Delete an assessment with everything that hangs on it, and its firm if it was the last."""
    with store.write() as transaction:
        remove(transaction, assessment_id)


def remove(transaction: Transaction, assessment_id: str) -> bool:
    """The same within a transaction; whether it was there."""
    row = transaction.row("DELETE FROM assessments WHERE id = :id RETURNING firm_id", id=assessment_id)
    if row is None:
        return False
    firms.changed(transaction, row["firm_id"])
    transaction.run(  # of two deletions at once the later waits here, and sees the other
        "UPDATE firms SET updated_at = updated_at WHERE id = :firm", firm=row["firm_id"]
    )
    transaction.run(
        "DELETE FROM firms WHERE id = :firm AND NOT EXISTS (SELECT 1 FROM assessments WHERE firm_id = :firm)",
        firm=row["firm_id"],
    )
    return True

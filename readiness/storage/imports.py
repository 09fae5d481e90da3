"""Uploaded files until they are imported, and many firms taken in at once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from readiness.core.answers import Response
from readiness.storage import audit, firms, responses
from readiness.storage.assessments import Result
from readiness.storage.engine import Row, Store, Transaction, new_id, now
from readiness.storage.portfolio import FINISHED, OPEN, Author

#: An uploaded file is kept so long for its confirmation.
LIFETIME = timedelta(hours=1)
SKIP, ADD_ROUND, ADD_FIRM = "skip", "round", "firm"
_JSON = json.JSONEncoder(ensure_ascii=False)
#: What becomes of a firm whose name is in the portfolio already.
WAYS = (SKIP, ADD_ROUND, ADD_FIRM)


@dataclass(frozen=True)
class Upload:
    """An uploaded file."""

    id: str
    name: str
    content: bytes


@dataclass(frozen=True)
class NewRound:
    """A round to be added."""

    model: str
    finished_at: str | None
    """The moment of finishing, ISO 8601; None for a round that is still open."""
    result: Result
    responses: Sequence[Response]


@dataclass(frozen=True)
class NewFirm:
    """A firm to be added, with its rounds in their order."""

    values: Mapping[str, Any]
    """The fields of readiness.storage.firms, and email."""
    rounds: Sequence[NewRound]


@dataclass(frozen=True)
class Done:
    """What an import did."""

    firms: int
    """Added to the portfolio."""
    rounds: int
    """Added to firms of the portfolio."""
    skipped: int
    """Firms left out."""


class Gone(RuntimeError):
    """The file was imported or thrown away meanwhile."""


class Ambiguous(RuntimeError):
    """Several firms of the portfolio have the name of one to which a round was to be added."""


def _stale() -> str:
    return (datetime.now(UTC) - LIFETIME).strftime("%Y-%m-%dT%H:%M:%SZ")


def forget(store: Store) -> None:
    """Throw away every file whose hour is over."""
    with store.write() as transaction:
        _forget(transaction)


def _forget(transaction: Transaction) -> None:
    transaction.run("DELETE FROM uploads WHERE created_at < :stale", stale=_stale())


def keep(store: Store, author: Author, name: str, content: bytes) -> str:
    """Keep a file until it is confirmed; its id. It takes the place of the person's file before."""
    upload = new_id()
    with store.write() as transaction:
        _forget(transaction)
        transaction.run(
            "DELETE FROM uploads WHERE organisation_id = :organisation AND made_by = :who",
            organisation=author.organisation_id,
            who=author.name,
        )
        transaction.run(
            "INSERT INTO uploads (id, organisation_id, made_by, name, content, created_at)"
            " VALUES (:id, :organisation, :who, :name, :content, :at)",
            id=upload,
            organisation=author.organisation_id,
            who=author.name,
            name=name,
            content=content,
            at=now(),
        )
    return upload


def find(store: Store, organisation_id: str, upload: str) -> Upload | None:
    """The organisation's file with this id while it is kept, or None."""
    row = store.row(
        "SELECT id, name, content FROM uploads"
        " WHERE id = :id AND organisation_id = :organisation AND created_at >= :stale",
        id=upload,
        organisation=organisation_id,
        stale=_stale(),
    )
    return None if row is None else Upload(row["id"], row["name"], bytes(row["content"]))


def throw_away(store: Store, organisation_id: str, upload: str) -> None:
    """Keep a file no longer."""
    with store.write() as transaction:
        _take(transaction, organisation_id, upload)


def _take(transaction: Transaction, organisation_id: str, upload: str) -> Row | None:
    return transaction.row(
        "DELETE FROM uploads WHERE id = :id AND organisation_id = :organisation RETURNING name",
        id=upload,
        organisation=organisation_id,
    )


_BY_NAME = "SELECT id, search FROM firms WHERE organisation_id = :organisation ORDER BY created_at, id"


def _named(rows: list[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["search"], []).append(row["id"])
    return found


def known(store: Store, organisation_id: str, names: Sequence[str]) -> dict[str, int]:
    """How many firms of the portfolio, the archive included, have each of these folded names, if any."""
    found = _named(store.rows(_BY_NAME, organisation=organisation_id))
    return {name: len(found[name]) for name in names if name in found}


def take_in(
    store: Store, author: Author, upload: str, batch: Sequence[NewFirm], language: str, way: str
) -> Done:
    """Add every firm of a file, or nothing; the file is kept no longer.

    Raises Gone for a file that was imported meanwhile, Ambiguous where ADD_ROUND is not clear.
    """
    with store.write() as transaction:
        row = _take(transaction, author.organisation_id, upload)
        if row is None:
            raise Gone
        there = _named(transaction.rows(_BY_NAME, organisation=author.organisation_id))
        rows = _Rows(author.organisation_id, language)
        older: dict[str, NewFirm] = {}
        skipped = 0
        for firm in batch:
            matches = [] if way == ADD_FIRM else there.get(firms.fold(str(firm.values["name"])), [])
            if not matches:
                rows.firm(firm)
            elif way == SKIP:
                skipped += 1
            elif len(matches) > 1 or matches[0] in older:
                raise Ambiguous
            else:
                older[matches[0]] = firm
        last = _last_rounds(transaction, author.organisation_id, list(older))
        for firm_id, firm in older.items():
            rows.rounds(firm_id, firm.rounds, last.get(firm_id, 0))
        rows.store(transaction)
        done = Done(len(rows.firms), sum(len(firm.rounds) for firm in older.values()), skipped)
        about = f"{done.firms} + {done.rounds} ({row['name']})"
        audit.record(transaction, author.organisation_id, author.name, "import.done", about)
    return done


def _last_rounds(transaction: Transaction, organisation_id: str, firm_ids: list[str]) -> dict[str, int]:
    """Number of each firm's latest round; the firms are held until the transaction ends."""
    if not firm_ids:
        return {}
    at = now()
    transaction.run_many(
        "UPDATE firms SET updated_at = :at WHERE id = :id",
        [{"at": at, "id": firm_id} for firm_id in sorted(firm_ids)],
    )
    rows = transaction.rows(
        "SELECT a.firm_id, max(a.round) AS last FROM assessments a JOIN firms f ON f.id = a.firm_id"
        " WHERE f.organisation_id = :organisation GROUP BY a.firm_id",
        organisation=organisation_id,
    )
    return {row["firm_id"]: int(row["last"]) for row in rows}


class _Rows:
    """The rows of an import, gathered to be stored in three statements."""

    def __init__(self, organisation_id: str, language: str) -> None:
        self.organisation_id, self.language, self.at = organisation_id, language, now()
        self.firms: list[dict[str, Any]] = []
        self.assessments: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []

    def firm(self, firm: NewFirm) -> None:
        values = {name: firm.values.get(name) for name in firms.FIELDS}
        values["regions"] = json.dumps(list(firm.values.get("regions") or ()))
        new = new_id()
        self.firms.append(
            {
                **values,
                "id": new,
                "search": firms.fold(str(values["name"])),
                "email": firm.values.get("email"),
                "organisation": self.organisation_id,
                "at": self.at,
            }
        )
        self.rounds(new, firm.rounds, 0)

    def rounds(self, firm_id: str, rounds: Sequence[NewRound], last: int) -> None:
        for number, item in enumerate(rounds, start=last + 1):
            new = new_id()
            self.assessments.append(
                {
                    "id": new,
                    "firm": firm_id,
                    "model": item.model,
                    "language": self.language,
                    "key_hash": secrets.token_hex(32),  # of no key: links are made when they are asked for
                    "status": FINISHED if item.finished_at else OPEN,
                    "finished_at": item.finished_at,
                    "round": number,
                    "overall": item.result.overall,
                    "low": item.result.low,
                    "high": item.result.high,
                    "route": item.result.route,
                    "at": self.at,
                }
            )
            self.responses += [self._response(new, at, one) for at, one in enumerate(item.responses)]

    def _response(self, assessment: str, place: int, response: Response) -> dict[str, Any]:
        notes, reasons = response.notes, response.reasons
        remarks = {
            number: [notes.get(number, ""), reasons.get(number, "")] for number in {**notes, **reasons}
        }
        return {
            # Responses of one moment are in the order of their ids.
            "id": f"{place:04x}{secrets.token_hex(10)}",
            "assessment": assessment,
            "rater": response.rater,
            "codes": responses.encode(response.codes.tolist()),
            "remarks": _JSON.encode(remarks) if remarks else "{}",
            "at": self.at,
        }

    def store(self, transaction: Transaction) -> None:
        columns = ", ".join(firms.FIELDS)
        places = ", ".join(f":{name}" for name in firms.FIELDS)
        transaction.run_many(
            f"INSERT INTO firms (id, {columns}, search, email, organisation_id, created_at, updated_at)"  # noqa: S608
            f" VALUES (:id, {places}, :search, :email, :organisation, :at, :at)",
            self.firms,
        )
        transaction.run_many(
            "INSERT INTO assessments (id, firm_id, model, language, key_hash, status, finished_at, round,"
            " overall, overall_low, overall_high, route, created_at, updated_at)"
            " VALUES (:id, :firm, :model, :language, :key_hash, :status, :finished_at, :round,"
            " :overall, :low, :high, :route, :at, :at)",
            self.assessments,
        )
        transaction.run_many(
            "INSERT INTO responses (id, assessment_id, rater, codes, remarks, created_at, updated_at)"
            " VALUES (:id, :assessment, :rater, :codes, :remarks, :at, :at)",
            self.responses,
        )

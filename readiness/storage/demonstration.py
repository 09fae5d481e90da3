"""The demonstration: an organisation with a programme of invented firms, put in and taken away whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from readiness.core import scoring
from readiness.core.invented import InventedCohort, InventedFirm, InventedRound, Programme
from readiness.core.model import Model
from readiness.storage import audit, cohorts, firms, organisations, responses, users
from readiness.storage.assessments import Result
from readiness.storage.audit import Author
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Reader, Store, Transaction, new_id
from readiness.storage.keys import hash_key, new_key
from readiness.storage.users import User

#: Who signs in to look at it; no mail goes to a place of this name.
EMAIL = "demonstration@localhost"
#: By this deed the organisation is known again; nothing else writes it.
_DEED = "demonstration.add"
_BEGUN, _FINISHED = "T08:00:{:02}Z", "T15:30:00Z"


class AlreadyThere(RuntimeError):
    """There is a demonstration already, or somebody has its address."""


@dataclass(frozen=True)
class Words:
    """What is named in the language of whoever makes it."""

    organisation: str
    person: str
    language: str
    cohorts: Sequence[str]
    consent: str


def find(store: Reader) -> str | None:
    """The id of the organisation of the demonstration, or None."""
    row = store.row(
        "SELECT organisation_id FROM audit WHERE deed = :deed ORDER BY at, id LIMIT 1", deed=_DEED
    )
    return None if row is None else str(row["organisation_id"])


def add(store: Store, model: Model, programme: Programme, words: Words) -> User:
    """Put a programme in; who administers it. Raises AlreadyThere."""
    if users.by_email(store, EMAIL) is not None:
        raise AlreadyThere
    results = [_results(model, firm.rounds) for firm in programme.firms]
    with store.write() as transaction:
        if find(transaction) is not None:
            raise AlreadyThere
        organisation = organisations.add(transaction, words.organisation)
        user = users.join(
            transaction, EMAIL, words.person, words.language, organisation.id, users.ADMINISTRATOR
        )
        author = Author(organisation.id, words.person)
        audit.record(transaction, organisation.id, author.name, _DEED, organisation.name)
        places = [
            _add_cohort(transaction, author, name, words.consent, cohort)
            for name, cohort in zip(words.cohorts, programme.cohorts, strict=True)
        ]
        for number, (firm, came_to) in enumerate(zip(programme.firms, results, strict=True), start=1):
            _add_firm(transaction, model, number, firm, came_to, organisation.id, places)
    return user


def remove(store: Store) -> int | None:
    """Take the demonstration away with everything in it; how many firms went, or None if there is none."""
    with store.write() as transaction:
        organisation = find(transaction)
        if organisation is None:
            return None
        transaction.run(
            "UPDATE cohorts SET version = version + 1 WHERE id IN (SELECT m.cohort_id FROM cohort_members m"
            " JOIN firms f ON f.id = m.firm_id WHERE f.organisation_id = :id)",
            id=organisation,
        )
        gone = transaction.run("DELETE FROM firms WHERE organisation_id = :id", id=organisation)
        transaction.run(
            "DELETE FROM users WHERE id IN (SELECT user_id FROM memberships WHERE organisation_id = :id)"
            " AND id NOT IN (SELECT user_id FROM memberships WHERE organisation_id <> :id)",
            id=organisation,
        )
        transaction.run("DELETE FROM organisations WHERE id = :id", id=organisation)
    return gone


def _results(model: Model, rounds: Sequence[InventedRound]) -> list[Result | None]:
    """What each round came to; None for one that is not finished."""
    return [
        Result.of(scoring.score_codes(model, np.array([given.codes for given in item.responses])))
        if item.finished
        else None
        for item in rounds
    ]


def _add_cohort(
    transaction: Transaction, author: Author, name: str, consent: str, cohort: InventedCohort
) -> Cohort:
    values = {
        "name": name,
        "starts": cohort.starts.isoformat(),
        "ends": cohort.ends.isoformat(),
        "consent": consent,
    }
    cohort_id = cohorts.add(transaction, author, values, invented=True)
    transaction.run(  # a real firm has nothing to do among invented ones
        "UPDATE cohorts SET joinable = 0, created_at = :at WHERE id = :id",
        at=_moment(cohort.starts),
        id=cohort_id,
    )
    found = cohorts.find(transaction, author.organisation_id, cohort_id)
    assert found is not None
    for number, (firm, language) in enumerate(cohort.never_came, start=1):
        _invite(transaction, found, f"never-came-{number}", firm, language, None, _moment(cohort.starts))
    return found


def _invite(
    transaction: Transaction,
    cohort: Cohort,
    who: str,
    firm: str,
    language: str,
    firm_id: str | None,
    on: str,
) -> None:
    transaction.run(
        "INSERT INTO invitations (id, cohort_id, email, firm, language, firm_id, mails, mailed_at,"
        " created_at) VALUES (:id, :cohort, :email, :firm, :language, :firm_id, 1, :at, :at)",
        id=new_id(),
        cohort=cohort.id,
        email=f"{who}@sample.invalid",
        firm=firm,
        language=language,
        firm_id=firm_id,
        at=on,
    )


def _moment(day: date, second: int = 0) -> str:
    return day.isoformat() + _BEGUN.format(second)


def _add_firm(
    transaction: Transaction,
    model: Model,
    number: int,
    firm: InventedFirm,
    results: Sequence[Result | None],
    organisation_id: str,
    places: Sequence[Cohort],
) -> None:
    firm_id = firms.add(transaction, firm.facts, organisation_id)
    for place in firm.cohorts:
        cohort = places[place]
        transaction.run(
            "INSERT INTO cohort_members (cohort_id, firm_id, consent, agreed_by, partner, joined_at)"
            " VALUES (:cohort, :firm, :consent, :agreed_by, :partner, :at)",
            cohort=cohort.id,
            firm=firm_id,
            consent=cohort.consent,
            agreed_by=firm.rounds[0].responses[0].rater,
            partner=int(firm.partner),
            at=max(_moment(firm.joined), cohort.created_at),
        )
        who = f"firm-{number}", firm.facts["name"], firm.language
        _invite(transaction, cohort, *who, firm_id, cohort.created_at)
    for nth, (item, result) in enumerate(zip(firm.rounds, results, strict=True), start=1):
        _add_round(transaction, model, firm_id, firm.language, nth, item, result)


def _add_round(
    transaction: Transaction,
    model: Model,
    firm_id: str,
    language: str,
    number: int,
    item: InventedRound,
    result: Result | None,
) -> None:
    ended = item.finished.isoformat() + _FINISHED if item.finished else None
    values: Mapping[str, Any] = {
        "id": new_id(),
        "firm_id": firm_id,
        "model": model.version,
        "language": language,
        "key_hash": hash_key(new_key()),
        "status": "finished" if ended else "open",
        "round": number,
        "created_at": _moment(item.begun),
        "updated_at": ended or _moment(item.begun),
        "finished_at": ended,
        "overall": result.overall if result else None,
        "overall_low": result.low if result else None,
        "overall_high": result.high if result else None,
        "route": result.route if result else None,
    }
    places = ", ".join(f":{name}" for name in values)
    transaction.run(f"INSERT INTO assessments ({', '.join(values)}) VALUES ({places})", **values)  # noqa: S608
    transaction.run_many(
        "INSERT INTO responses (id, assessment_id, rater, codes, version, created_at, updated_at,"
        " finished_at) VALUES (:id, :assessment, :rater, :codes, :version, :begun, :ended, :done)",
        [
            {
                "id": new_id(),
                "assessment": values["id"],
                "rater": given.rater,
                "codes": responses.encode(given.codes),
                "version": int(given.started),
                "begun": _moment(item.begun, second),
                "ended": ended or _moment(item.begun, second),
                "done": ended if second else None,
            }
            for second, given in enumerate(item.responses)
        ],
    )

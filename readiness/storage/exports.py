"""Firms of a portfolio with every answer of theirs, for a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from readiness.core import model as models
from readiness.core.model import Model
from readiness.storage import portfolio, responses
from readiness.storage.engine import Store, any_of
from readiness.storage.firms import Firm
from readiness.storage.portfolio import Query, Round
from readiness.storage.responses import StoredResponse

_AT_ONCE = 500


@dataclass(frozen=True)
class HeldRound:
    """A round with its responses, in the order in which they were begun."""

    round: Round
    model: Model
    responses: tuple[StoredResponse, ...]


@dataclass(frozen=True)
class Held:
    """A firm with its rounds, the first one first."""

    firm: Firm
    rounds: tuple[HeldRound, ...]


def gather(store: Store, organisation_id: str, query: Query, every_round: bool) -> Iterator[Held]:
    """Every firm that a query finds, on whatever page of it, with its latest round or every round."""
    at = 1
    while lines := portfolio.listing(store, organisation_id, replace(query, page=at), _AT_ONCE):
        wanted = [round for line in lines for round in (line.rounds if every_round else line.rounds[:1])]
        held = _held(store, wanted)
        for line in lines:
            rounds = (held[round.id] for round in reversed(line.rounds) if round.id in held)
            yield Held(line.firm, tuple(rounds))
        at += 1


def _held(store: Store, rounds: list[Round]) -> dict[str, HeldRound]:
    found: dict[str, HeldRound] = {}
    for first in range(0, len(rounds), _AT_ONCE):
        places, part = any_of([round.id for round in rounds[first : first + _AT_ONCE]])
        rows = store.rows(
            "SELECT r.id, r.assessment_id, r.rater, r.codes, r.remarks, r.updated_at, r.name,"  # noqa: S608
            " r.finished_at, a.model FROM responses r JOIN assessments a ON a.id = r.assessment_id"
            f" WHERE a.id IN ({places}) ORDER BY r.created_at, r.id",
            **part,
        )
        by_id = {round.id: round for round in rounds[first : first + _AT_ONCE]}
        for row in rows:
            model, key = models.load(row["model"]), row["assessment_id"]
            before = found[key].responses if key in found else ()
            response = responses.from_row(row, model)
            found[key] = HeldRound(by_id[key], model, (*before, response))
    return found

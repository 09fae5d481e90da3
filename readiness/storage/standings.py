"""Where the firms of a cohort stand: the answers of one finished round each, for the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from readiness.core.answers import Codes, blank
from readiness.core.model import Model
from readiness.storage import firms, responses
from readiness.storage.engine import Reader, any_of
from readiness.storage.firms import Firm

LATEST, FIRST = "latest", "first"


@dataclass(frozen=True)
class Filter:
    """Which members are wanted, by what is known of them; None and empty for all."""

    sector: str = ""
    employees_from: int | None = None
    employees_to: int | None = None
    """The last number that still counts."""
    founded_from: int | None = None
    founded_to: int | None = None


@dataclass(frozen=True)
class Standings:
    """n firms with one finished round each, in the order of their ids."""

    firm_ids: tuple[str, ...]
    assessment_ids: tuple[str, ...]
    routes: tuple[str | None, ...]
    finished_at: tuple[str, ...]
    codes: Codes
    """Of the first rater of each firm, (indicators, n)."""
    several: dict[int, Codes]
    """All raters of the firms that have several, (raters, indicators), by the firm's place."""

    @property
    def raters(self) -> NDArray[np.int_]:
        """How many raters each firm has, (n,)."""
        count = np.ones(len(self.firm_ids), dtype=int)
        for place, codes in self.several.items():
            count[place] = len(codes)
        return count


def _where(wanted: Filter) -> tuple[str, dict[str, Any]]:
    values = {
        "sector": wanted.sector or None,
        "employees_from": wanted.employees_from,
        "employees_to": wanted.employees_to,
        "founded_from": wanted.founded_from,
        "founded_to": wanted.founded_to,
    }
    tests = {
        "sector": "f.sector = :sector",
        "employees_from": "f.employees >= :employees_from",
        "employees_to": "f.employees <= :employees_to",
        "founded_from": "f.founded >= :founded_from",
        "founded_to": "f.founded <= :founded_to",
    }
    given = {name: value for name, value in values.items() if value is not None}
    return "".join(f" AND {tests[name]}" for name in given), given


def read(
    store: Reader, cohort_id: str, model: Model, which: str = LATEST, wanted: Filter | None = None
) -> Standings:
    """The first or the latest finished round of each member that has one by this model.

    Colleagues who answered nothing do not count, as in a firm's own scores.
    """
    where, values = _where(wanted or Filter())
    facts = " JOIN firms f ON f.id = m.firm_id" if where else ""
    rows = store.rows(
        "SELECT m.firm_id, a.id, a.route, a.finished_at, r.codes"  # noqa: S608
        f" FROM cohort_members m{facts} JOIN assessments a ON a.firm_id = m.firm_id"
        f" AND a.round = (SELECT {'min' if which == FIRST else 'max'}(b.round) FROM assessments b"
        " WHERE b.firm_id = m.firm_id AND b.status = 'finished' AND b.model = :model)"
        f" JOIN responses r ON r.assessment_id = a.id WHERE m.cohort_id = :cohort{where}"
        " ORDER BY m.firm_id, r.created_at, r.id",
        cohort=cohort_id,
        model=model.version,
        **values,
    )
    return _gather(model, rows)


def _gather(model: Model, rows: list[dict[str, Any]]) -> Standings:
    nothing = responses.encode(blank(model))
    firsts: list[dict[str, Any]] = []
    more: dict[int, list[str]] = {}
    last = None
    for row in rows:
        if row["firm_id"] != last:
            last = row["firm_id"]
            firsts.append(row)
        elif row["codes"] != nothing:
            place = len(firsts) - 1
            more.setdefault(place, [firsts[place]["codes"]]).append(row["codes"])
    return Standings(
        firm_ids=tuple([row["firm_id"] for row in firsts]),
        assessment_ids=tuple([row["id"] for row in firsts]),
        routes=tuple([row["route"] for row in firsts]),
        finished_at=tuple([row["finished_at"] for row in firsts]),
        codes=responses.decode_many([row["codes"] for row in firsts], model),
        several={
            place: np.ascontiguousarray(responses.decode_many(texts, model).T)
            for place, texts in more.items()
        },
    )


def facts(store: Reader, firm_ids: tuple[str, ...]) -> dict[str, Firm]:
    """What is known of some firms, by id."""
    found: dict[str, Firm] = {}
    for start in range(0, len(firm_ids), 500):
        places, ids = any_of(firm_ids[start : start + 500])
        rows = store.rows(f"SELECT * FROM firms WHERE id IN ({places})", **ids)  # noqa: S608
        found |= {row["id"]: firms.from_row(row) for row in rows}
    return found


def all_facts(store: Reader, cohort_id: str) -> dict[str, Firm]:
    """What is known of every member of a cohort, by id."""
    rows = store.rows(
        "SELECT f.* FROM cohort_members m JOIN firms f ON f.id = m.firm_id WHERE m.cohort_id = :cohort",
        cohort=cohort_id,
    )
    return {row["id"]: firms.from_row(row) for row in rows}

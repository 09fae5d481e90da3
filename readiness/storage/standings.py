"""Where the firms of a cohort stand: the answers of one finished round each, for the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import eq, itemgetter
from typing import Any, NamedTuple

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
    blocks = store.blocks(
        "SELECT m.firm_id, a.id, a.route, a.finished_at, r.codes, r.created_at, r.id"  # noqa: S608
        f" FROM cohort_members m{facts} JOIN assessments a ON a.firm_id = m.firm_id"
        " AND a.status = 'finished' AND a.model = :model"
        " AND NOT EXISTS (SELECT 1 FROM assessments b WHERE b.firm_id = a.firm_id"
        f" AND b.round {'<' if which == FIRST else '>'} a.round"
        " AND b.status = 'finished' AND b.model = :model)"
        f" JOIN responses r ON r.assessment_id = a.id WHERE m.cohort_id = :cohort{where}"
        " ORDER BY m.firm_id",
        cohort=cohort_id,
        model=model.version,
        **values,
    )
    gathering = _Gathering(model)
    for block in blocks:
        gathering.take(block)
    return gathering.standings()


class _Gathering:
    """Blocks of responses, those of a firm one after another, as they become standings.

    Nearly all firms have one rater: their rows are never touched one by one.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._columns: tuple[list[Any], ...] = ([], [], [], [])
        self._codes: list[Codes] = []
        self._several: dict[int, Codes] = {}
        self._open: list[tuple[Any, ...]] = []
        """Rows of the last firm, which may go on in the next block."""

    def take(self, block: list[tuple[Any, ...]]) -> None:
        rows = self._open + block
        ids = [row[0] for row in rows]
        last = next(at for at in range(len(ids) - 1, -1, -1) if not at or ids[at - 1] != ids[-1])
        self._open = rows[last:]
        self._add(rows[:last], ids[:last])

    def _add(self, rows: list[tuple[Any, ...]], ids: list[str]) -> None:
        if not rows:
            return
        if any(map(eq, ids, ids[1:])):
            rows = self._first_raters(rows)
        columns = list(zip(*rows, strict=True))
        for kept, column in zip(self._columns, columns[:4], strict=True):
            kept.extend(column)
        self._codes.append(responses.decode_rows(columns[4], self._model))

    def _first_raters(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The row of each firm's first rater; all who answered are kept where there are several."""
        nothing, start = responses.encode(blank(self._model)), len(self._columns[0])
        firsts: list[tuple[Any, ...]] = []
        for _, group in groupby(rows, key=itemgetter(0)):
            first, *others = sorted(group, key=itemgetter(5, 6))
            texts = [first[4], *(row[4] for row in others if row[4] != nothing)]
            if len(texts) > 1:
                place = start + len(firsts)
                self._several[place] = responses.decode_rows(texts, self._model)
            firsts.append(first)
        return firsts

    def standings(self) -> Standings:
        self._add(self._open, [row[0] for row in self._open])
        firm_ids, assessment_ids, routes, finished_at = self._columns
        count, done = len(self._model.indicators), 0
        codes = np.empty((count, len(firm_ids)), dtype=np.uint8)
        while self._codes:
            part = self._codes.pop(0)
            codes[:, done : done + len(part)] = part.T
            done += len(part)
        return Standings(
            firm_ids=tuple(firm_ids),
            assessment_ids=tuple(assessment_ids),
            routes=tuple(routes),
            finished_at=tuple(finished_at),
            codes=codes,
            several=self._several,
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


class Sketch(NamedTuple):
    """What a list of firms tells of one of them; None where it is not known."""

    name: str
    search: str
    """The name as it is sorted by."""
    organisation_id: str | None
    """The organisation that looks after the firm."""
    founded: int | None
    first_foreign_sale: int | None
    foreign_share: int | None
    countries: int | None
    regions: str
    """As they are kept, a list in JSON."""


def sketches(store: Reader, cohort_id: str) -> dict[str, Sketch]:
    """A sketch of every member of a cohort, by id."""
    blocks = store.blocks(
        f"SELECT f.id, {', '.join(f'f.{name}' for name in Sketch._fields)}"  # noqa: S608
        " FROM cohort_members m JOIN firms f ON f.id = m.firm_id WHERE m.cohort_id = :cohort",
        cohort=cohort_id,
    )
    return {row[0]: Sketch._make(row[1:]) for block in blocks for row in block}


def of_other_models(store: Reader, cohort_id: str, model: Model, wanted: Filter | None = None) -> int:
    """How many members have finished rounds, but none by this model."""
    where, values = _where(wanted or Filter())
    row = store.row(
        "SELECT count(*) AS found FROM cohort_members m JOIN firms f ON f.id = m.firm_id"  # noqa: S608
        " WHERE m.cohort_id = :cohort AND EXISTS (SELECT 1 FROM assessments a"
        " WHERE a.firm_id = m.firm_id AND a.status = 'finished')"
        " AND NOT EXISTS (SELECT 1 FROM assessments a"
        f" WHERE a.firm_id = m.firm_id AND a.status = 'finished' AND a.model = :model){where}",
        cohort=cohort_id,
        model=model.version,
        **values,
    )
    assert row is not None
    return int(row["found"])

"""Where the firms of a cohort stand: the answers of one finished round each, for the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import eq, itemgetter
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
    known: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Facts of the firms that were asked for, by the name of the fact, None where one is not known."""

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
    store: Reader,
    cohort_id: str,
    model: Model,
    which: str = LATEST,
    wanted: Filter | None = None,
    facts: tuple[str, ...] = (),
) -> Standings:
    """The first or the latest finished round of each member that has one by this model.

    Colleagues who answered nothing do not count, as in a firm's own scores. `facts` are columns of the firm
    that are wanted beside; regions come as they are kept, a list in JSON.
    """
    where, values = _where(wanted or Filter())
    beside = "".join(f", f.{name}" for name in facts)
    joined = " JOIN firms f ON f.id = m.firm_id" if where or facts else ""
    blocks = store.blocks(
        f"SELECT m.firm_id, a.id, a.route, a.finished_at, r.codes{beside}"  # noqa: S608
        f" FROM cohort_members m{joined} JOIN assessments a ON a.firm_id = m.firm_id"
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
    gathering = _Gathering(model, facts)
    for block in blocks:
        gathering.take(block)
    found = gathering.standings()
    _order_raters(store, model, found)
    return found


class _Gathering:
    """Blocks of responses, those of a firm one after another, as they become standings.

    Nearly all firms have one rater: their rows are never touched one by one.
    """

    def __init__(self, model: Model, facts: tuple[str, ...]) -> None:
        self._model, self._facts = model, facts
        self._columns: list[list[Any]] = [[] for _ in range(4 + len(facts))]
        self._codes: list[Codes] = []
        self._several: dict[int, Codes] = {}
        self._open: list[tuple[Any, ...]] = []
        """Rows of the last firm, which may go on in the next block."""

    def take(self, block: list[tuple[Any, ...]]) -> None:
        rows = self._open + block
        last = len(rows) - 1
        while last and rows[last - 1][0] == rows[-1][0]:
            last -= 1
        self._open = rows[last:]
        self._add(rows[:last])

    def _add(self, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        if any(map(eq, columns[0], columns[0][1:])):
            columns = list(zip(*self._one_a_firm(rows), strict=True))
        self._codes.append(responses.decode_rows(columns.pop(4), self._model))
        for kept, column in zip(self._columns, columns, strict=True):
            kept.extend(column)

    def _one_a_firm(self, rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """A row of each firm; where it has several raters, all of their codes are kept."""
        start = len(self._columns[0])
        for nth, (_, group) in enumerate(groupby(rows, key=itemgetter(0))):
            first, *others = group
            if others:
                texts = [first[4], *(row[4] for row in others)]
                self._several[start + nth] = responses.decode_rows(texts, self._model)
            yield first

    def standings(self) -> Standings:
        self._add(self._open)
        firm_ids, assessment_ids, routes, finished_at, *facts = self._columns
        codes, done = np.empty((len(self._model.indicators), len(firm_ids)), dtype=np.uint8), 0
        for part in self._codes:
            codes[:, done : done + len(part)] = part.T
            done += len(part)
        return Standings(
            firm_ids=tuple(firm_ids),
            assessment_ids=tuple(assessment_ids),
            routes=tuple(routes),
            finished_at=tuple(finished_at),
            codes=codes,
            several=self._several,
            known={name: tuple(column) for name, column in zip(self._facts, facts, strict=True)},
        )


def _order_raters(store: Reader, model: Model, found: Standings) -> None:
    """Put the raters of the firms with several into the order in which they began, without who said nothing.

    Asked apart, because it would make every firm dearer; what is finished does not change meanwhile.
    """
    nothing = responses.encode(blank(model))
    places = {found.assessment_ids[place]: place for place in found.several}
    ids = list(places)
    for start in range(0, len(ids), 500):
        named, values = any_of(ids[start : start + 500])
        rows = store.rows(
            f"SELECT assessment_id, codes FROM responses WHERE assessment_id IN ({named})"  # noqa: S608
            " ORDER BY assessment_id, created_at, id",
            **values,
        )
        for assessment_id, group in groupby(rows, key=itemgetter("assessment_id")):
            first, *others = (row["codes"] for row in group)
            raters = responses.decode_rows([first, *(text for text in others if text != nothing)], model)
            place = places[assessment_id]
            found.codes[:, place] = raters[0]
            found.several[place] = raters
    for place in [place for place, raters in found.several.items() if len(raters) < 2]:
        del found.several[place]


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


def by_name(store: Reader, cohort_id: str) -> tuple[str, ...]:
    """The ids of a cohort's members in the order of their names."""
    blocks = store.blocks(
        "SELECT m.firm_id FROM cohort_members m JOIN firms f ON f.id = m.firm_id"
        " WHERE m.cohort_id = :cohort ORDER BY f.search, m.firm_id",
        cohort=cohort_id,
    )
    return tuple([row[0] for block in blocks for row in block])


def names(store: Reader, cohort_id: str, firm_ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """The name of some members of a cohort and the organisation that looks after each, by id."""
    places, ids = any_of(firm_ids)
    rows = store.rows(
        "SELECT f.id, f.name, f.organisation_id FROM cohort_members m JOIN firms f ON f.id = m.firm_id"  # noqa: S608
        f" WHERE m.cohort_id = :cohort AND m.firm_id IN ({places})",
        cohort=cohort_id,
        **ids,
    )
    return {row["id"]: (row["name"], row["organisation_id"]) for row in rows}


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

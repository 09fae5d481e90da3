"""The finished rounds of a cohort's firms with their answers, for an analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.core.answers import Codes, blank
from readiness.core.model import Model
from readiness.storage import responses
from readiness.storage.engine import Reader, Row


@dataclass(frozen=True)
class Held:
    """A finished round."""

    firm_id: str
    round: int
    finished_at: str
    codes: Codes
    """Of the raters who count, the first one first, (raters, indicators)."""


@dataclass(frozen=True)
class LeftOut:
    """What no analysis by one version of the model holds."""

    unfinished: int
    """Firms without a finished round, by whatever version."""
    other_version: int
    """Firms whose finished rounds are all by another version."""


def read(store: Reader, cohort_id: str, model: Model, every_round: bool) -> list[Held]:
    """The latest or every finished round by this version of the model, in the order of the firms' ids.

    Colleagues who answered nothing do not count, as in a firm's own scores.
    """
    which = (
        ""
        if every_round
        else " AND a.round = (SELECT max(b.round) FROM assessments b WHERE b.firm_id = m.firm_id"
        " AND b.status = 'finished' AND b.model = :model)"
    )
    rows = store.rows(
        "SELECT m.firm_id, a.id, a.round, a.finished_at, r.codes FROM cohort_members m"  # noqa: S608
        " JOIN assessments a ON a.firm_id = m.firm_id JOIN responses r ON r.assessment_id = a.id"
        f" WHERE m.cohort_id = :cohort AND a.status = 'finished' AND a.model = :model{which}"
        " ORDER BY m.firm_id, a.round, r.created_at, r.id",
        cohort=cohort_id,
        model=model.version,
    )
    return _gather(rows, model)


def _gather(rows: list[Row], model: Model) -> list[Held]:
    nothing = responses.encode(blank(model))
    found: list[tuple[Row, list[str]]] = []
    for row in rows:
        if not found or found[-1][0]["id"] != row["id"]:
            found.append((row, [row["codes"]]))
        elif row["codes"] != nothing:
            found[-1][1].append(row["codes"])
    return [
        Held(
            firm_id=row["firm_id"],
            round=row["round"],
            finished_at=row["finished_at"],
            codes=np.ascontiguousarray(responses.decode_many(texts, model).T),
        )
        for row, texts in found
    ]


def left_out(store: Reader, cohort_id: str, model: Model) -> LeftOut:
    """How many members have nothing that this version of the model could be asked of."""
    row = store.row(
        "SELECT coalesce(sum(CASE WHEN a.finished = 0 THEN 1 ELSE 0 END), 0) AS unfinished,"
        " coalesce(sum(CASE WHEN a.finished > 0 AND a.fitting = 0 THEN 1 ELSE 0 END), 0) AS other_version"
        " FROM (SELECT m.firm_id, count(b.id) AS finished,"
        " coalesce(sum(CASE WHEN b.model = :model THEN 1 ELSE 0 END), 0) AS fitting"
        " FROM cohort_members m LEFT JOIN assessments b ON b.firm_id = m.firm_id AND b.status = 'finished'"
        " WHERE m.cohort_id = :cohort GROUP BY m.firm_id) a",
        cohort=cohort_id,
        model=model.version,
    )
    assert row is not None
    return LeftOut(int(row["unfinished"]), int(row["other_version"]))

"""What would go out of a cohort now, or why nothing may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import numpy as np

from readiness.core import disclosure, publication
from readiness.core import model as models
from readiness.core.disclosure import Ledger, Refusal
from readiness.core.panel import Panel, panel
from readiness.core.pattern import recognise
from readiness.core.publication import Facts
from readiness.reports.facts import SECTORS
from readiness.storage import releases, standings
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Reader
from readiness.storage.firms import Firm
from readiness.storage.standings import Standings

FLOOR = 5


@dataclass(frozen=True)
class Prepared:
    """A publication that may go out."""

    content: Mapping[str, Any]
    basis: Mapping[str, Any]
    number: int
    held_back: int


def prepare(store: Reader, cohort: Cohort, organisation: str) -> Prepared | Refusal:
    """What would go out of a cohort, weighed against all that is out already."""
    model = models.load()
    stands = standings.read(store, cohort.id, model)
    found = panel(model, stands.codes, stands.several)
    number, before = releases.basis(store, cohort.organisation_id)
    made = disclosure.release(
        publication.variables(model, tuple(SECTORS)),
        marks(cohort.organisation_id, stands),
        publication.places(found, facts(store, cohort, stands), tuple(SECTORS)),
        Ledger() if before is None else Ledger.from_json(before),
        cohort.id,
        FLOOR,
    )
    if isinstance(made, Refusal):
        return made
    content = _content(cohort, organisation, made, found)
    return Prepared(content, made.ledger.to_json(), number + 1, made.held_back)


def marks(organisation_id: str, stands: Standings) -> list[str]:
    """What tells the firms apart from one publication to the next, and leads to none of them."""
    units = zip(stands.firm_ids, stands.assessment_ids, stands.finished_at, strict=True)
    return [sha256("|".join((organisation_id, *unit)).encode()).hexdigest()[:24] for unit in units]


def facts(store: Reader, cohort: Cohort, stands: Standings) -> list[Facts]:
    """What is known of the firms beside their answers."""
    known, year = standings.all_facts(store, cohort.id), datetime.now(UTC).year
    units = zip(stands.firm_ids, stands.routes, stands.finished_at, strict=True)
    return [_facts(known[firm_id], route, int(at[:4]) if at else year) for firm_id, route, at in units]


def _facts(firm: Firm, route: str | None, year: int) -> Facts:
    age = None if firm.founded is None else year - firm.founded
    path = recognise(firm.known(), year, models.load().patterns).name
    return Facts(firm.sector or "", firm.employees, age, path, route)


def _content(cohort: Cohort, organisation: str, made: disclosure.Release, found: Panel) -> dict[str, Any]:
    kept = np.asarray(made.kept, dtype=int)
    named = {publication.OVERALL: found.overall} | dict(zip(found.model.components, found.index, strict=True))
    categories = {one.key: one.categories for one in publication.variables(found.model, tuple(SECTORS))}
    return {
        "format": 1,
        "cohort": cohort.name,
        "organisation": organisation,
        "invented": cohort.invented,
        "model": found.model.version,
        "made_on": datetime.now(UTC).date().isoformat(),
        "floor": FLOOR,
        "total": made.total,
        # Why a table is withheld would say something itself, such as that nearly all firms are alike in it.
        "tables": {
            key: {
                "categories": list(categories[key]),
                "counts": list(table.counts),
                "withheld": bool(table.withheld),
            }
            for key, table in made.tables.items()
        },
        "quartiles": {
            key: None if made.tables[key].withheld else disclosure.quartiles_rounded(index[kept], FLOOR)
            for key, index in named.items()
        },
    }

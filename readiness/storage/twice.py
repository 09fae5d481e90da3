"""The firms of a cohort that were assessed more than once: where they stood first, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from readiness.core.model import Model
from readiness.storage import standings
from readiness.storage.engine import Reader
from readiness.storage.standings import FIRST, LATEST, Standings


def read(store: Reader, cohort_id: str, model: Model) -> tuple[Standings, Standings]:
    """The first and the latest finished round of each member that has two or more by this model.

    The same firms in both, in the same order.
    """
    first, latest = (standings.read(store, cohort_id, model, which) for which in (FIRST, LATEST))
    rounds = dict(zip(first.firm_ids, first.assessment_ids, strict=True))
    later = dict(zip(latest.firm_ids, latest.assessment_ids, strict=True))
    both = {firm for firm, round in rounds.items() if later.get(firm, round) != round}
    return _only(first, both), _only(latest, both)


def _only(found: Standings, firms: set[str]) -> Standings:
    places = [at for at, firm in enumerate(found.firm_ids) if firm in firms]

    def of(values: Sequence[str]) -> tuple[str, ...]:
        return tuple(values[at] for at in places)

    return Standings(
        firm_ids=of(found.firm_ids),
        assessment_ids=of(found.assessment_ids),
        routes=tuple(found.routes[at] for at in places),
        finished_at=of(found.finished_at),
        codes=np.ascontiguousarray(found.codes[:, places]),
        several={new: found.several[old] for new, old in enumerate(places) if old in found.several},
    )

"""A firm beside the other firms of its cohort: from what the programme released, and nothing finer.

Only a frozen release is looked at. A number that moved with the firm's own answers, against the others'
exact ones, would tell a firm that tries out answers what the others are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from readiness.reports import charts
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.releaseview import ReleaseView, TableView, make_view
from readiness.reports.supplement import Cohort

PLACES = {
    "top": N_("in the upper quarter"),
    "upper": N_("between the middle and the upper quarter"),
    "lower": N_("between the lower quarter and the middle"),
    "bottom": N_("in the lower quarter"),
}


@dataclass(frozen=True)
class PlaceView:
    """Where the firm stands in a component, or on the whole."""

    name: str
    index: float | None
    table: TableView
    place: str
    """In words; why not, where it cannot be said."""
    mark: float | None
    """Where the firm stands, in drawing units."""


@dataclass(frozen=True)
class Benchmark:
    """A firm in one cohort."""

    cohort: str
    organisation: str
    shared: ReleaseView | None
    """None where the programme has released nothing yet."""
    places: tuple[PlaceView, ...] = ()


def view_benchmark(cohort: Cohort, indices: Mapping[str, float | None], spoken: Language) -> Benchmark:
    """The firm's place by component key, and overall, within what was released of a cohort."""
    if not cohort.shared:
        return Benchmark(cohort.name, cohort.organisation, None)
    shared = make_view(json.loads(cohort.shared), spoken)
    tables = (shared.overall, *shared.components)
    places = tuple(_place(table, indices.get(table.key), spoken) for table in tables)
    return Benchmark(cohort.name, cohort.organisation, shared, places)


def _place(table: TableView, index: float | None, spoken: Language) -> PlaceView:
    if table.quartiles is None:
        return PlaceView(table.title, index, table, table.withheld or spoken.words("too few firms"), None)
    mark = None if index is None else charts.span(index, index, index, spoken.mirrored).mark
    words = (
        spoken.words("not scored")
        if index is None
        else spoken.words(PLACES[place_of(index, table.quartiles)])
    )
    return PlaceView(table.title, index, table, words, mark)


def place_of(index: float, quartiles: tuple[float, float, float]) -> str:
    """The quarter of the firms that an index falls into, a key of PLACES; a border belongs to the upper."""
    low, median, high = quartiles
    if index >= high:
        return "top"
    if index >= median:
        return "upper"
    return "lower" if index >= low else "bottom"

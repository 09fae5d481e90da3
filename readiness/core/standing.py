"""Where a cohort stands as a whole: what spreads, what is lacking, what to do next, where raters differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core import actions as library
from readiness.core import fuzzy, panel, scoring, statistics
from readiness.core.actions import Action
from readiness.core.fuzzy import TERMS, Floats
from readiness.core.model import Model, PatternRules
from readiness.core.panel import Gaps, Panel
from readiness.core.pattern import PATTERNS, recognise
from readiness.core.relational import ROUTES

#: Firms from which a cohort's median, quartiles and means say more than one of its firms.
LEAST_FIRMS = statistics.QUARTILES_FROM
#: Firms with several raters from which their disagreement is the cohort's.
LEAST_RATED = 5

Quartiles = tuple[float, float, float]
Ints = NDArray[np.int64]


def quartiles(values: Floats) -> Quartiles | None:
    """Lower quartile, median and upper quartile of what is not NaN; None below LEAST_FIRMS."""
    found = statistics.quartiles(values)
    return None if found is None else (found.low, found.median, found.high)


def route_counts(routes: Sequence[str | None]) -> tuple[tuple[str | None, int], ...]:
    """How many firms each route was found for, in the order of ROUTES, and for how many none was: None."""
    found = Counter(routes)
    return tuple((name, found[name]) for name in (*ROUTES, None))


def path_counts(paths: Sequence[str | None]) -> tuple[tuple[str | None, int], ...]:
    """The same for the paths so far, in the order of PATTERNS."""
    found = Counter(paths)
    return tuple((name, found[name]) for name in (*PATTERNS, None))


@dataclass(frozen=True)
class Facts:
    """What the paths so far are told by, over n firms; NaN where it is not known."""

    year: Floats
    """In which the firm was assessed."""
    founded: Floats
    first_foreign_sale: Floats
    foreign_share: Floats
    countries: Floats
    regions: Floats
    """Number of world regions, 0 where none is named."""


def _kinds(facts: Facts, rules: PatternRules) -> Ints:
    """A number for each firm, the same for all that no rule can tell apart, (n,)."""

    def steps(values: Floats, *edges: float) -> Ints:
        """0 where it is not known, else 1 more than the edges it reaches."""
        known = 1 + sum((values >= edge).astype(np.int64) for edge in edges)
        return np.where(np.isnan(values), 0, known)

    lag = facts.first_foreign_sale - facts.founded
    parts = [
        steps(facts.founded),
        steps(facts.first_foreign_sale),
        steps(lag, 0, rules.early_years + 1, rules.home_years),
        steps(facts.year - facts.first_foreign_sale, 0, rules.rapid_years + 1),
        steps(facts.foreign_share, np.nextafter(0, 1), rules.global_share),
        steps(facts.countries, 1, 2, rules.regional_countries),
        steps(facts.regions, 1, 2),
    ]
    kind = np.zeros(len(facts.year), dtype=np.int64)
    for part in parts:
        kind = kind * 8 + part
    return kind


def paths(facts: Facts, rules: PatternRules) -> tuple[str | None, ...]:
    """The path so far of each of n firms, as readiness.core.pattern finds it; None where it is not decided.

    Firms that no rule can tell apart are looked at once.
    """
    kinds, first, which = np.unique(_kinds(facts, rules), return_index=True, return_inverse=True)
    names = []
    for kind, at in zip(kinds.tolist(), first.tolist(), strict=True):
        if (rules, kind) not in _PATHS:
            _PATHS[rules, kind] = _path(facts, at, rules)
        names.append(_PATHS[rules, kind])
    return tuple([names[kind] for kind in which.tolist()])


#: Paths of kinds of firms that were looked at before; there are only so many kinds.
_PATHS: dict[tuple[PatternRules, int], str | None] = {}


def _path(facts: Facts, at: int, rules: PatternRules) -> str | None:
    fields = ("founded", "first_foreign_sale", "foreign_share", "countries")
    known = {name: float(getattr(facts, name)[at]) for name in fields}
    firm: dict[str, object] = {name: value for name, value in known.items() if not np.isnan(value)}
    firm["regions"] = list(range(int(facts.regions[at])))
    return recognise(firm, int(facts.year[at]), rules).name


@dataclass(frozen=True)
class CommonGap:
    """An indicator in which a cohort lacks much."""

    number: int
    gap: float
    """Mean over the firms with an answer."""
    answered: int
    low: int
    """Firms at low or very low."""


def common_gaps(model: Model, found: Gaps) -> tuple[CommonGap, ...]:
    """The indicators that enough firms answered, the largest mean gap first, ties by number."""
    rows = [
        CommonGap(number, float(found.gap[at]), int(found.answered[at]), int(found.low[at]))
        for at, number in enumerate(model.numbers)
        if found.answered[at] >= LEAST_FIRMS
    ]
    return tuple(sorted(rows, key=lambda row: (-round(row.gap, 12), row.number)))


@dataclass(frozen=True)
class UsefulAction:
    """What an action of the library could do for a cohort."""

    action: Action
    use: float
    """Sum of the cohort's mean gaps over the indicators that the action moves."""
    concerns: int
    """Firms that stand at low or very low in one of them."""
    answered: int
    """Firms with an answer to at least one of them."""


def useful_actions(found: Panel, lacking: Gaps) -> tuple[UsefulAction, ...]:
    """The actions of the library by their use for the cohort as a whole, ties in the library's order.

    An indicator that too few firms answered moves nothing here.
    """
    model = found.model
    gap = np.where(lacking.answered >= LEAST_FIRMS, np.nan_to_num(lacking.gap), 0)
    low, answered = panel.low_firms(found), found.codes < len(TERMS)
    for places, raters in panel.batches(found.several):
        answered[:, places] = (raters < len(TERMS)).any(axis=0).T

    def of(action: Action) -> UsefulAction:
        columns = [model.column[number] for number in action.indicators]
        return UsefulAction(
            action=action,
            use=float(gap[columns].sum()),
            concerns=int(np.count_nonzero(np.logical_or.reduce(low[columns]))),
            answered=int(np.count_nonzero(np.logical_or.reduce(answered[columns]))),
        )

    made = [of(action) for action in library.load(model.version)]
    return tuple(sorted((row for row in made if row.use > 0), key=lambda row: -round(row.use, 12)))


@dataclass(frozen=True)
class HotSpot:
    """An indicator over which the raters of many firms differ."""

    number: int
    distance: float
    """Mean over the firms of the mean distance of their raters from the firm's own TFN, 0-1."""
    rated: int
    """Firms in which several raters gave a term."""
    apart: int
    """Firms in which they are further apart than the mark of the model."""


def hot_spots(found: Panel) -> tuple[HotSpot, ...]:
    """The indicators that several raters answered in enough firms, the largest mean distance first."""
    model = found.model
    mark = model.judgement.disagreement_above + fuzzy.EPSILON
    rated, apart = np.zeros((2, len(model.numbers)), dtype=int)
    total = np.zeros(len(model.numbers))
    for _, raters in panel.batches(found.several):
        several = (raters < len(TERMS)).sum(axis=0) > 1
        distance = np.where(several, scoring.rate(model, raters).disagreement, 0)
        rated += several.sum(axis=0)
        apart += (distance > mark).sum(axis=0)
        total += distance.sum(axis=0)
    rows = [
        HotSpot(number, float(total[at] / rated[at]), int(rated[at]), int(apart[at]))
        for at, number in enumerate(model.numbers)
        if rated[at] >= LEAST_RATED
    ]
    return tuple(sorted(rows, key=lambda row: (-round(row.distance, 12), row.number)))


@dataclass(frozen=True)
class Summary:
    """A cohort in numbers, for a page or a report."""

    model: Model
    firms: int
    index: Floats
    """Of the components and last overall, NaN where there is none, (k + 1, n)."""
    quartiles: tuple[Quartiles | None, ...]
    """Of the same rows."""
    routes: tuple[tuple[str | None, int], ...]
    paths: tuple[tuple[str | None, int], ...]
    gaps: tuple[CommonGap, ...]
    actions: tuple[UsefulAction, ...]
    rated: int
    """Firms with several raters."""
    spots: tuple[HotSpot, ...]


def summarise(found: Panel, routes: Sequence[str | None], so_far: Sequence[str | None]) -> Summary:
    """Everything that a panel, the routes and the paths so far of its firms say of a cohort."""
    index, lacking = np.vstack([found.index, found.overall[None]]), panel.gaps(found)
    enough = len(routes) >= LEAST_FIRMS
    return Summary(
        model=found.model,
        firms=len(routes),
        index=index,
        quartiles=tuple(map(quartiles, index)),
        routes=route_counts(routes),
        paths=path_counts(so_far),
        gaps=common_gaps(found.model, lacking) if enough else (),
        actions=useful_actions(found, lacking) if enough else (),
        rated=len(found.several),
        spots=hot_spots(found),
    )

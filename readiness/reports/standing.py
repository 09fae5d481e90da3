"""Where a cohort stands, in words and charts: what page and report of a cohort say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core import actions as library
from readiness.core import model as models
from readiness.core.standing import LEAST_FIRMS, LEAST_RATED, CommonGap, HotSpot, Summary, UsefulAction
from readiness.reports import charts, cohortcharts
from readiness.reports.charts import Span
from readiness.reports.cohortcharts import Distribution, ShareRow
from readiness.reports.language import Language
from readiness.reports.plan import EFFORTS, TIMES

#: So many gaps, actions and hot spots are read first.
FIRST = 8


@dataclass(frozen=True)
class GapRow:
    """An indicator in which the firms lack much."""

    number: int
    name: str
    component: str
    gap: float
    answered: int
    low: int
    share: str
    """Of those with an answer."""
    title: str
    span: Span
    """The share of the answering firms that stand at low or very low."""


@dataclass(frozen=True)
class ActionRow:
    """An action of the library, for the cohort as a whole."""

    id: str
    title: str
    what: str
    capability: str
    effort: str
    time: str
    moves: str
    use: float
    concerns: int
    answered: int


@dataclass(frozen=True)
class SpotRow:
    """An indicator over which raters differ."""

    number: int
    name: str
    component: str
    distance: float
    rated: int
    apart: int


@dataclass(frozen=True)
class StandingView:
    """A cohort as it is read."""

    firms: int
    spread: Distribution
    routes: tuple[ShareRow, ...]
    paths: tuple[ShareRow, ...]
    gaps: tuple[GapRow, ...]
    actions: tuple[ActionRow, ...]
    spots: tuple[SpotRow, ...]
    too_few: str
    """Why there are no gaps and actions; empty where there are."""
    no_spots: str
    """Why there are no hot spots; empty where there are."""
    first: int = FIRST


def view(found: Summary, language: Language) -> StandingView:
    """A summary in a language."""
    texts = models.texts(found.model.version, language.code)
    return StandingView(
        firms=found.firms,
        spread=_spread(found, texts, language),
        routes=_shares(found.routes, texts["routes"], "title", language),
        paths=_shares(found.paths, texts["patterns"], "name", language),
        gaps=tuple(_gap(row, found, texts, language) for row in found.gaps),
        actions=tuple(_action(row, found, texts, language) for row in found.actions),
        spots=tuple(_spot(row, found, texts) for row in found.spots),
        too_few=_too_few(found, language),
        no_spots=_no_spots(found, language),
    )


def _spread(found: Summary, texts: Mapping[str, Any], language: Language) -> Distribution:
    names = [texts["components"][key]["name"] for key in found.model.components]
    names.append(language.words("Overall index"))
    rows = zip(names, found.index, found.quartiles, strict=True)
    return cohortcharts.distribution(rows, LEAST_FIRMS, language)


def _shares(
    counts: tuple[tuple[str | None, int], ...], texts: Mapping[str, Any], word: str, language: Language
) -> tuple[ShareRow, ...]:
    undecided = language.words("Not decided")
    named = [(texts[name][word] if name else undecided, count) for name, count in counts]
    return cohortcharts.shares(named, language)


def _component(number: int, found: Summary, texts: Mapping[str, Any]) -> str:
    key = found.model.indicators[found.model.column[number]].component
    return str(texts["components"][key]["name"])


def _gap(row: CommonGap, found: Summary, texts: Mapping[str, Any], language: Language) -> GapRow:
    title = language.words(
        "%(low)s of %(answered)s firms at low or very low",
        low=language.number(row.low),
        answered=language.number(row.answered),
    )
    return GapRow(
        number=row.number,
        name=texts["indicators"][str(row.number)]["label"],
        component=_component(row.number, found, texts),
        gap=row.gap,
        answered=row.answered,
        low=row.low,
        share=language.percent(row.low / row.answered),
        title=title,
        span=charts.span(0, 100 * row.low / row.answered, None, language.mirrored),
    )


def _action(row: UsefulAction, found: Summary, texts: Mapping[str, Any], language: Language) -> ActionRow:
    words = library.texts(found.model.version, language.code)[row.action.id]
    moves = [
        language.indicator(number, texts["indicators"][str(number)]["label"])
        for number in row.action.indicators
    ]
    return ActionRow(
        id=row.action.id,
        title=words["title"],
        what=words["what"],
        capability=texts["components"][row.action.capability]["name"],
        effort=language.words(EFFORTS[row.action.effort]),
        time=language.words(TIMES[row.action.horizon]),
        moves=f"{language.semicolon} ".join(moves),
        use=row.use,
        concerns=row.concerns,
        answered=row.answered,
    )


def _spot(row: HotSpot, found: Summary, texts: Mapping[str, Any]) -> SpotRow:
    return SpotRow(
        number=row.number,
        name=texts["indicators"][str(row.number)]["label"],
        component=_component(row.number, found, texts),
        distance=row.distance,
        rated=row.rated,
        apart=row.apart,
    )


def _too_few(found: Summary, language: Language) -> str:
    if found.gaps:
        return ""
    least = language.number(LEAST_FIRMS)
    if found.firms < LEAST_FIRMS:
        return language.plural(
            "There is %(count)s firm here; from %(least)s on their gaps say more than one of them does.",
            "There are %(count)s firms here; from %(least)s on their gaps say more than one of them does.",
            found.firms,
            least=least,
        )
    return language.words("No indicator has an answer of at least %(least)s firms.", least=least)


def _no_spots(found: Summary, language: Language) -> str:
    if found.spots:
        return ""
    least = language.number(LEAST_RATED)
    if found.rated < LEAST_RATED:
        return language.plural(
            "Several people answered in %(count)s firm; from %(least)s on it shows where they differ.",
            "Several people answered in %(count)s firms; from %(least)s on it shows where they differ.",
            found.rated,
            least=least,
        )
    return language.words(
        "No indicator was rated by several people in at least %(least)s firms.", least=least
    )

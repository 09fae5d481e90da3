"""What was published of a cohort, in words: for the public page, its files and its PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from readiness import __version__
from readiness.core import actions
from readiness.core import model as models
from readiness.core.bands import AGES, INDEX, SIZES, UNKNOWN
from readiness.core.model import Model
from readiness.core.pattern import PATTERNS
from readiness.core.publication import OVERALL, offers
from readiness.reports import charts
from readiness.reports.facts import N_, ROUTES, SECTORS
from readiness.reports.language import Language, language

#: So many indicators are named, those that most firms are low at first.
GAPS = 10
#: So many actions are named.
OFFERS = 5

WITHHELD = N_("Not shown, so that no firm can be recognised.")
TABLES = {
    "sector": N_("Sector"),
    "size": N_("Employees"),
    "age": N_("Years since foundation"),
    "path": N_("Path abroad so far"),
    "route": N_("Recommended route"),
}


@dataclass(frozen=True)
class CellView:
    """One category of a table."""

    key: str
    label: str
    count: int | None
    """Number of firms, rounded; None where it is too small to show."""
    span: charts.Span
    """Its share of the firms as a bar."""


@dataclass(frozen=True)
class TableView:
    """One table, or why there is none."""

    key: str
    title: str
    cells: tuple[CellView, ...]
    withheld: str
    """Why the table is not shown; empty where it is."""
    quartiles: tuple[float, float, float] | None
    """Of an index, rounded; None where they are not shown."""
    band: charts.Span | None
    """From the lower to the upper quartile, with a mark at the median."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """The categories with too few firms to show."""
        return tuple(cell.label for cell in self.cells if cell.count is None)


@dataclass(frozen=True)
class GapView:
    """An indicator at which firms are low."""

    number: int
    label: str
    component: str
    count: int
    """Number of firms at low or very low, rounded."""
    span: charts.Span


@dataclass(frozen=True)
class OfferView:
    """Something that a programme could offer."""

    title: str
    what: str


@dataclass(frozen=True)
class ReleaseView:
    """The whole publication."""

    cohort: str
    organisation: str
    made_on: date
    invented: bool
    model: str
    floor: int
    total: int
    """Number of firms, rounded."""
    members: tuple[TableView, ...]
    """Who took part."""
    paths: tuple[TableView, ...]
    """Path and route."""
    overall: TableView
    components: tuple[TableView, ...]
    bands: tuple[str, ...]
    """The bands of an index in words."""
    gaps: tuple[GapView, ...]
    offers: tuple[OfferView, ...]
    software: str = __version__


def make_view(content: Mapping[str, Any], spoken: Language) -> ReleaseView:
    """The view of a release's content in a language."""
    model = models.load(content["model"])
    texts = models.texts(model.version, spoken.code)
    tables, total = content["tables"], content["total"]

    def table(key: str, title: str, labels: Mapping[str, str]) -> TableView:
        return _table(key, title, labels, tables[key], total, spoken, content["quartiles"].get(key))

    named = {key: table(key, spoken.words(title), labels_of(key, spoken)) for key, title in TABLES.items()}
    bands = labels_of(OVERALL, spoken)
    return ReleaseView(
        cohort=content["cohort"],
        organisation=content["organisation"],
        made_on=date.fromisoformat(content["made_on"]),
        invented=content["invented"],
        model=model.version,
        floor=content["floor"],
        total=total,
        members=tuple(named[key] for key in ("sector", "size", "age")),
        paths=tuple(named[key] for key in ("path", "route")),
        overall=table(OVERALL, spoken.words(N_("Overall index")), bands),
        components=tuple(table(key, texts["components"][key]["name"], bands) for key in model.components),
        bands=tuple(bands.values()),
        gaps=_gaps(model, texts, tables, total, spoken),
        offers=_offers(model, tables, spoken),
    )


def labels_of(key: str, spoken: Language) -> dict[str, str]:
    """The categories of a table in words."""
    words = spoken.words
    if key in ("size", "age"):
        labels = {
            name: _band(low, high, spoken) for name, (low, high) in (SIZES if key == "size" else AGES).items()
        }
        return labels | {UNKNOWN: words("not told")}
    if key == "path":
        patterns = models.texts(models.CURRENT, spoken.code)["patterns"]
        return {name: str(patterns[name]["name"]) for name in PATTERNS} | {UNKNOWN: words("cannot be told")}
    tables = {"sector": SECTORS, "route": ROUTES}
    if key in tables:
        labels = {name: words(label) for name, label in tables[key].items()}
        return labels | {UNKNOWN: words("not told") if key == "sector" else words("cannot be told")}
    if key.startswith("indicator-"):
        return {"low": words("low or very low"), "other": words("higher, or not answered")}
    ends = (*INDEX[1:], 101)
    labels = {str(low): _band(low, end - 1, spoken) for low, end in zip(INDEX, ends, strict=True)}
    return labels | {UNKNOWN: words("not scored")}


def _band(low: int, high: int | None, spoken: Language) -> str:
    if high is None:
        return spoken.words("%(number)s and more", number=spoken.digits(str(low)))
    return spoken.span(low, high)


def _table(
    key: str,
    title: str,
    labels: Mapping[str, str],
    table: Mapping[str, Any],
    total: int,
    spoken: Language,
    quartiles: Sequence[float] | None,
) -> TableView:
    cells = tuple(
        CellView(category, labels.get(category, category), count, _bar(count, total, spoken))
        for category, count in zip(table["categories"], table["counts"], strict=True)
    )
    withheld = table["withheld"]
    return TableView(
        key=key,
        title=title,
        cells=() if withheld else cells,
        withheld=spoken.words(WITHHELD) if withheld else "",
        quartiles=None if quartiles is None else (quartiles[0], quartiles[1], quartiles[2]),
        band=charts.span(quartiles[0], quartiles[2], quartiles[1], spoken.mirrored) if quartiles else None,
    )


def _bar(count: int | None, total: int, spoken: Language) -> charts.Span:
    return charts.span(0, 100 * min(count or 0, total) / max(total, 1), None, spoken.mirrored)


def _offers(model: Model, tables: Mapping[str, Any], spoken: Language) -> tuple[OfferView, ...]:
    counts = {number: _low(tables, number) for number in model.numbers}
    low = {number: count for number, count in counts.items() if count}
    words = actions.texts(model.version, spoken.code)
    return tuple(
        OfferView(words[action.id]["title"], words[action.id]["what"])
        for action in offers(model, low)[:OFFERS]
    )


def _low(tables: Mapping[str, Any], number: int) -> int | None:
    """How many firms are low at an indicator, where it is shown."""
    table = tables[f"indicator-{number}"]
    return None if table["withheld"] else table["counts"][0]


def _gaps(
    model: Model, texts: Any, tables: Mapping[str, Any], total: int, spoken: Language
) -> tuple[GapView, ...]:
    found = []
    for row in model.indicators:
        count = _low(tables, row.number)
        if count:
            label, part = (
                texts["indicators"][str(row.number)]["label"],
                texts["components"][row.component]["name"],
            )
            found.append(GapView(row.number, label, part, count, _bar(count, total, spoken)))
    return tuple(sorted(found, key=lambda gap: (-gap.count, gap.number))[:GAPS])


def rows(content: Mapping[str, Any], spoken: Language) -> list[list[str]]:
    """The whole publication as the lines of a table's file, with a header."""
    words = spoken.words
    texts = models.texts(content["model"], spoken.code)
    lines = [[words("Table"), words("Category"), words("Firms (rounded to 5)"), words("Remark")]]
    for key, table in content["tables"].items():
        labels = labels_of(key, spoken)
        title = _title(key, texts, spoken)
        for category, count in zip(table["categories"], table["counts"], strict=True):
            shown = count is not None and not table["withheld"]
            remark = WITHHELD if table["withheld"] else N_("too few firms to show")
            lines.append(
                [
                    title,
                    labels.get(category, category),
                    str(count) if shown else "",
                    "" if shown else words(remark),
                ]
            )
    return lines


def _title(key: str, texts: Any, spoken: Language) -> str:
    if key in TABLES:
        return spoken.words(TABLES[key])
    if key == OVERALL:
        return spoken.words("Overall index")
    if key.startswith("indicator-"):
        return str(texts["indicators"][key.removeprefix("indicator-")]["label"])
    return str(texts["components"][key]["name"])


def html(content: Mapping[str, Any], code: str) -> str:
    """The publication in a language as one HTML document to print, without its stylesheet."""
    from readiness.reports.pdf import environment

    spoken = language(code)
    template = environment(spoken.code).get_template("reports/release.html")
    return str(template.render(view=make_view(content, spoken)))

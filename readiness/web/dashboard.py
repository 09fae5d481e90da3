"""The dashboard of a cohort: how far its firms have come, where they stand, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple, cast

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from readiness.core import model as models
from readiness.core.bands import AGES, SIZES
from readiness.core.pattern import PATTERNS
from readiness.reports import standing
from readiness.reports.facts import SECTORS
from readiness.reports.language import Language
from readiness.reports.priority_map import COLUMNS
from readiness.web import access, locale
from readiness.web.board import UNDECIDED, Board, Boards, Wanted

blueprint = Blueprint("dashboard", __name__)
blueprint.record_once(lambda state: state.app.extensions.setdefault("boards", Boards()))

#: Firms on a page of the heat map.
PAGE = 50
NAME, OVERALL = "name", "overall"


@dataclass(frozen=True)
class Order:
    """How the heat map is sorted, and which page of it is wanted."""

    sort: str = OVERALL
    up: bool = False
    page: int = 1


class Cell(NamedTuple):
    """An index in the heat map."""

    shade: int
    """0 where there is no index, else 1-5 from very low to very high."""
    text: str


class HeatRow(NamedTuple):
    """A firm in the heat map."""

    address: str
    """Of its page; empty where it is not of the portfolio."""
    name: str
    cells: tuple[Cell, ...]


class Column(NamedTuple):
    """A column of the heat map."""

    name: str
    address: str
    """Of the same list sorted by it; where it is sorted by it already, the other way round."""
    sorted: str
    """ascending, descending or none."""


def _one_of(name: str, known: Mapping[str, object]) -> str:
    given = request.args.get(name, "")
    return given if given in known else ""


def wanted() -> Wanted:
    """Which firms are wanted, from the address; what is none of ours is left out."""
    paths = dict.fromkeys((*PATTERNS, UNDECIDED))
    return Wanted(
        _one_of("sector", SECTORS), _one_of("size", SIZES), _one_of("age", AGES), _one_of("path", paths)
    )


def _order() -> Order:
    page = request.args.get("page", "1")
    keys = dict.fromkeys((NAME, OVERALL, *models.load().components))
    sort = _one_of("sort", keys) or OVERALL
    return Order(
        sort=sort,
        up=request.args.get("order", "up" if sort == NAME else "down") == "up",
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


@blueprint.get("/programmes/<cohort_id>")
@access.manager
def show(cohort_id: str) -> str:
    """The dashboard."""
    chosen, order, spoken = wanted(), _order(), locale.current()
    found = _boards().of(access.store(), access.cohort(), chosen)
    pages = max(1, -(-found.summary.firms // PAGE))
    page = min(order.page, pages)
    return render_template(
        "dashboard/show.html",
        cohort=access.cohort(),
        board=found,
        wanted=chosen,
        choices=_choices(spoken),
        summary=_words(found, spoken),
        columns=_columns(cohort_id, chosen, order, spoken),
        rows=_rows(found, order, page, spoken),
        page=page,
        pages=pages,
        address=lambda page: _address(cohort_id, chosen, order.sort, order.up, page),
    )


def _boards() -> Boards:
    return cast(Boards, current_app.extensions["boards"])


def _address(cohort_id: str, chosen: Wanted, sort: str, up: bool, page: int = 1) -> str:
    """The address of the same firms, sorted so."""
    kept: dict[str, object] = {name: value for name, value in asdict(chosen).items() if value}
    if sort != OVERALL:
        kept["sort"] = sort
    if up != (sort == NAME):
        kept["order"] = "up" if up else "down"
    if page > 1:
        kept["page"] = page
    return url_for(".show", cohort_id=cohort_id, **kept, _anchor="firms")  # type: ignore[arg-type]


def _columns(cohort_id: str, chosen: Wanted, order: Order, spoken: Language) -> list[Column]:
    texts = models.texts(models.CURRENT, spoken.code)["components"]
    names = {NAME: _("Firm"), OVERALL: _("Overall")}
    names |= {key: texts[key]["short"] for key in models.load().components}

    def column(key: str, name: str) -> Column:
        here = key == order.sort
        up = not order.up if here else key == NAME
        how = ("ascending" if order.up else "descending") if here else "none"
        return Column(name, _address(cohort_id, chosen, key, up), how)

    return [column(key, name) for key, name in names.items()]


def _rows(found: Board, order: Order, page: int, spoken: Language) -> list[HeatRow]:
    """The firms of a page, in order."""
    components = models.load().components
    columns = [len(components), *range(len(components))]
    row = {NAME: None, OVERALL: columns[0]} | {key: at for at, key in enumerate(components)}
    numbers, mine = [spoken.number(value) for value in range(101)], access.person().organisation.id
    path = url_for("portfolio.firm", firm_id="-").removesuffix("-")

    def cell(value: float) -> Cell:
        if value != value:  # NaN
            return Cell(0, "–")
        return Cell(1 + sum(value >= edge for edge in COLUMNS), numbers[round(value)])

    made = []
    for at in found.ordered(row[order.sort], order.up)[(page - 1) * PAGE : page * PAGE].tolist():
        sketch = found.sketches[at]
        address = path + found.firm_ids[at] if sketch.organisation_id == mine else ""
        cells = tuple(cell(value) for value in found.summary.index[columns, at].tolist())
        made.append(HeatRow(address, sketch.name, cells))
    return made


def _choices(spoken: Language) -> dict[str, dict[str, str]]:
    """What can be chosen of the firms: key and words, by field."""
    texts = models.texts(models.CURRENT, spoken.code)["patterns"]

    def bands(of: Mapping[str, tuple[int, int | None]]) -> dict[str, str]:
        return {
            key: _("%(low)s or more", low=spoken.number(low)) if high is None else spoken.span(low or 1, high)
            for key, (low, high) in of.items()
        }

    return {
        "sector": {key: spoken.words(name) for key, name in SECTORS.items()},
        "size": bands(SIZES),
        "age": bands(AGES) | {"0-2": _("up to %(high)s", high=spoken.number(2))},
        "path": {name: texts[name]["name"] for name in PATTERNS} | {UNDECIDED: spoken.words("Not decided")},
    }


def _words(found: Board, spoken: Language) -> Markup:
    """Charts and lists, made once for each language."""
    made = found.texts.get(spoken.code)
    if made is None:
        view = standing.view(found.summary, spoken)
        made = found.texts[spoken.code] = render_template("dashboard/summary.html", view=view)
    return Markup(made)  # noqa: S704 - escaped there

"""The dashboard of a cohort: how far its firms have come, where they stand, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple, cast

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from readiness.core import model as models
from readiness.core.bands import AGES, SIZES
from readiness.core.pattern import PATTERNS
from readiness.core.statistics import percentile
from readiness.reports import standing as words
from readiness.reports.facts import SECTORS
from readiness.reports.language import Language
from readiness.reports.priority_map import COLUMNS
from readiness.storage import standings
from readiness.web import access, locale
from readiness.web.board import UNDECIDED, Board, Boards, Wanted
from readiness.web.forms import page_number

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

    shade: Markup
    """0 where there is no index, else 1-5 from very low to very high."""
    text: Markup


#: Shade of each whole number, so that what looks alike reads alike.
_SHADES = [Markup(1 + sum(number >= edge for edge in COLUMNS)) for number in range(101)]  # noqa: S704 - digits
_NO_CELL = Cell(Markup("0"), Markup("–"))


class HeatRow(NamedTuple):
    """A firm in the heat map."""

    address: str
    """Of its page; empty where it is not of the portfolio."""
    name: str
    cells: tuple[Cell, ...]
    percentile: str
    """Of the overall index among the firms of the list; a dash where it cannot be said."""


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
    keys = dict.fromkeys((NAME, OVERALL, *models.load().components))
    sort = _one_of("sort", keys) or OVERALL
    return Order(
        sort=sort,
        up=request.args.get("order", "up" if sort == NAME else "down") == "up",
        page=page_number(),
    )


@blueprint.get("/programmes/<cohort_id>")
@access.manager
def show(cohort_id: str) -> str:
    """The dashboard."""
    del cohort_id
    chosen, order, spoken = wanted(), _order(), locale.current()
    found = _boards().of(access.store(), access.cohort(), chosen)
    return render_template(
        "dashboard/show.html",
        cohort=access.cohort(),
        board=found,
        wanted=chosen,
        choices=_choices(spoken),
        summary=_words(found, spoken),
        heat=_heat(found, chosen, order, spoken),
    )


def _boards() -> Boards:
    return cast(Boards, current_app.extensions["boards"])


def _heat(found: Board, chosen: Wanted, order: Order, spoken: Language) -> Markup:
    """A page of the firms one by one, made once while the board is kept."""
    cohort_id, pages = access.cohort().id, max(1, -(-found.summary.firms // PAGE))
    order = replace(order, page=min(order.page, pages))

    def make() -> str:
        return render_template(
            "dashboard/heat.html",
            columns=_columns(cohort_id, chosen, order, spoken),
            rows=_rows(found, cohort_id, _page(found, cohort_id, order), spoken),
            page=order.page,
            pages=pages,
            address=lambda page: _address(cohort_id, chosen, order.sort, order.up, page),
        )

    return Markup(found.text((spoken.code, order), make))  # noqa: S704 - escaped there


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


def _page(found: Board, cohort_id: str, order: Order) -> list[int]:
    """Places of the firms of a page, in order."""
    rows = {OVERALL: -1} | {key: at for at, key in enumerate(models.load().components)}
    here = slice((order.page - 1) * PAGE, order.page * PAGE)
    if order.sort != NAME:
        return [int(at) for at in found.ordered(rows[order.sort], order.up)[here]]
    listed = standings.by_name(access.store(), cohort_id)
    places = [found.places[firm] for firm in listed if firm in found.places]
    return (places if order.up else places[::-1])[here]


def _rows(found: Board, cohort_id: str, places: list[int], spoken: Language) -> list[HeatRow]:
    """Firms in the heat map."""
    count = len(models.load().components)
    index = found.summary.index[[count, *range(count)]][:, places].T.tolist()
    numbers, mine = [spoken.number(value) for value in range(101)], access.person().organisation.id
    path = url_for("portfolio.firm", firm_id="-").removesuffix("-")
    ids = [found.firm_ids[at] for at in places]
    known = standings.names(access.store(), cohort_id, ids)

    cells = [Cell(_SHADES[number], Markup(text)) for number, text in enumerate(numbers)]  # noqa: S704 - digits

    made, overall = [], found.summary.index[count]
    for firm_id, values in zip(ids, index, strict=True):
        name, organisation = known.get(firm_id, ("–", None))
        address = path + firm_id if organisation == mine else ""
        made.append(
            HeatRow(
                address,
                name,
                tuple([cells[round(value)] if value == value else _NO_CELL for value in values]),
                "–" if (rank := percentile(values[0], overall)) is None else numbers[round(rank)],
            )
        )
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

    def make() -> str:
        return render_template("dashboard/summary.html", view=words.view(found.summary, spoken))

    return Markup(found.text((spoken.code, None), make))  # noqa: S704 - escaped there

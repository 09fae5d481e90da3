"""The rows of the portfolio as the list shows them: words, so that a page of fifty costs little."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from readiness.core import change
from readiness.reports.facts import N_, ROUTES, SECTORS
from readiness.reports.language import Language
from readiness.storage.portfolio import Line, Round
from readiness.web import locale

STATUSES = {"open": N_("Answering"), "finished": N_("Finished")}
TRENDS = {
    "up": N_("higher"),
    "down": N_("lower"),
    "same": N_("no difference that the ranges can show"),
}
ARROWS = {"up": "▲", "down": "▼"}


class Row(NamedTuple):
    """One firm of the list; what is not known is empty."""

    address: str
    name: str
    sector: str
    status: str
    figure: str
    span: str
    """Its range, where that is more than the index."""
    route: str
    arrow: str
    trend: str
    review: str
    overdue: bool


def trend(rounds: Sequence[Round]) -> str:
    """up, down or same between the last two finished rounds, by the rule of readiness.core.change.

    By the rule of readiness.core.change; nothing between different versions of the model.
    """
    done = [item for item in rounds if item.finished and item.overall is not None][:2]
    if len(done) < 2 or done[0].model != done[1].model:
        return ""
    now, before = (change.Point(item.overall, item.low, item.high) for item in done)
    return change.verdict(before, now)


def make_rows(lines: Sequence[Line], today: str) -> list[Row]:
    """The rows of a page, in the language of this request."""
    spoken = locale.current()
    statuses, routes, trends, sectors = (
        {key: spoken.words(words) for key, words in table.items()}
        for table in (STATUSES, ROUTES, TRENDS, SECTORS)
    )
    place, nothing = url_for("portfolio.firm", firm_id="-").removesuffix("-"), _("no overall index")
    day = cache(spoken.day_of)

    def row(line: Line) -> Row:
        firm, last, latest = line.firm, line.finished, line.latest
        figure, span = _result(last, nothing, spoken)
        mark = trend(line.rounds)
        status = statuses[latest.status] if latest else ""
        return Row(
            address=place + firm.id,
            name=firm.name,
            sector=sectors.get(firm.sector or "", ""),
            status=f"{status} · {day(latest.finished_at)}" if latest and latest.finished_at else status,
            figure=figure,
            span=span,
            route=routes.get(last.route or "", "") if last else "",
            arrow=ARROWS.get(mark, ""),
            trend=trends.get(mark, ""),
            review=day(firm.next_review) if firm.next_review else "",
            overdue=bool(firm.next_review and firm.next_review < today),
        )

    return [row(line) for line in lines]


def _result(last: Round | None, nothing: str, spoken: Language) -> tuple[str, str]:
    """The index of a finished round and its range."""
    if last is None:
        return "", ""
    if last.overall is None or last.low is None or last.high is None:
        return nothing, ""
    index, span = spoken.number(last.overall), spoken.span(last.low, last.high)
    return index, span if span != index else ""

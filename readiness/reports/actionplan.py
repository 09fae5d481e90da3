"""The action plan that a firm keeps, in words: for the report, and as a table and calendar to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from readiness.core import actions
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.spreadsheets import Row
from readiness.reports.supplement import PlanItem, Supplement

STATUSES = {"open": N_("Open"), "started": N_("Started"), "done": N_("Done"), "dropped": N_("Dropped")}
#: Lines that a report has room for; what is over gives way first.
LISTED = 10


@dataclass(frozen=True)
class KeptItem:
    """A line of the plan as it is read."""

    number: int | None
    """Its number among the recommended actions, if it is one of them."""
    title: str
    owner: str
    due: str
    status: str
    overdue: bool
    closed: bool


@dataclass(frozen=True)
class KeptPlan:
    """The plan as it is read."""

    items: tuple[KeptItem, ...]
    summary: str
    """How many items are done, and so on."""
    on: str
    """Day as of which it is so."""
    left_out: str
    """How many more there are than are shown, or nothing."""


def title_in(version: str, action: str | None, title: str, language: Language) -> str:
    """A title as it is kept; that of a library action which nobody changed, in another language."""
    said = actions.titles(version, action) if action else {}
    return said.get(language.code, title) if title in said.values() else title


def summary(items: Sequence[PlanItem], language: Language) -> str:
    """How many items are to do, overdue, done and dropped; what there is none of is left out."""
    counted = (
        (N_("to do: %(count)s"), sum(item.status in ("open", "started") for item in items)),
        (N_("of these overdue: %(count)s"), sum(item.overdue for item in items)),
        (N_("done: %(count)s"), sum(item.status == "done" for item in items)),
        (N_("dropped: %(count)s"), sum(item.status == "dropped" for item in items)),
    )
    return language.listing(
        [language.words(text, count=language.number(count)) for text, count in counted if count]
    )


def view_kept(
    supplement: Supplement, numbers: Mapping[str, int], version: str, language: Language
) -> KeptPlan | None:
    """The plan in words, or None; `numbers` are those of the recommended actions, by id."""
    items = supplement.plan
    if not items:
        return None
    more = len(items) - LISTED
    return KeptPlan(
        items=tuple(_view(item, numbers, version, language) for item in items[:LISTED]),
        summary=summary(items, language),
        on=language.day_of(supplement.plan_on),
        left_out=language.plural(
            "%(count)s more action is in the plan.", "%(count)s more actions are in the plan.", more
        )
        if more > 0
        else "",
    )


def _view(item: PlanItem, numbers: Mapping[str, int], version: str, language: Language) -> KeptItem:
    return KeptItem(
        number=numbers.get(item.action or ""),
        title=title_in(version, item.action, item.title, language),
        owner=item.owner,
        due=language.day_of(item.due) if item.due else "",
        status=language.words(STATUSES[item.status]),
        overdue=item.overdue,
        closed=item.status in ("done", "dropped"),
    )


def table(items: Sequence[PlanItem], version: str, language: Language) -> tuple[list[str], list[Row]]:
    """Header and rows of the plan for a spreadsheet; days are texts, year-month-day.

    The Gregorian day sorts and calculates anywhere; where another calendar is in use, it has a column.
    """
    words, solar = language.words, language.calendar == "solar_hijri"
    header = [words("No."), words("Action"), words("Owner"), words("Due (Gregorian)")]
    header += [words("Due (Solar Hijri)")] if solar else []
    header += [
        words("Status"),
        words("Overdue"),
        words("Note"),
        words("Evidence"),
        words("Action of the library"),
    ]
    rows: list[Row] = []
    for number, item in enumerate(items, start=1):
        days = [item.due or ""]
        days += [language.day_typed(item.due) if item.due else ""] if solar else []
        late = words("yes") if item.overdue else words("no")
        title = title_in(version, item.action, item.title, language)
        said = [words(STATUSES[item.status]), late, item.note, item.evidence, item.action or ""]
        rows.append([number, title, item.owner, *days, *said])
    return header, rows

"""The action plan that a firm keeps, to take away: as a spreadsheet and for a calendar."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from readiness.reports.actionplan import STATUSES, table, title_in
from readiness.reports.calendars import Entry, calendar_bytes
from readiness.reports.spreadsheets import Row, Sheet, csv_bytes, xlsx_bytes
from readiness.storage import actionplan
from readiness.storage.actionplan import Item
from readiness.web import access, locale, supplement
from readiness.web.downloads import attachment

blueprint = Blueprint("planfiles", __name__)
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _table() -> tuple[list[str], list[Row]]:
    found = access.assessment()
    return table(supplement.plan_of(found.firm.id), found.model.version, locale.current())


def _file_name() -> str:
    return str(_("%(firm)s action plan", firm=access.assessment().firm.name))


@blueprint.get("/a/<key>/plan.csv")
@access.holder
def csv(key: str) -> Response:
    """The plan as comma-separated values."""
    del key
    return attachment(csv_bytes(*_table()), "text/csv", _file_name(), "csv")


@blueprint.get("/a/<key>/plan.xlsx")
@access.holder
def xlsx(key: str) -> Response:
    """The plan as a workbook."""
    del key
    sheet = Sheet(_("Action plan"), *_table())
    return attachment(xlsx_bytes([sheet], locale.current().mirrored), _WORKBOOK, _file_name(), "xlsx")


@blueprint.get("/a/<key>/plan.ics")
@access.holder
def ics(key: str) -> Response:
    """The plan's days for a calendar."""
    del key
    found, code = access.assessment(), locale.current().code
    items = actionplan.listing(access.store(), found.firm.id)
    entries = [_entry(item, date.fromisoformat(item.due)) for item in items if item.due]
    name = _("Action plan of %(firm)s", firm=found.firm.name)
    return attachment(calendar_bytes(name, entries, code), "text/calendar", _file_name(), "ics")


def _entry(item: Item, day: date) -> Entry:
    version, status = access.assessment().model.version, str(_(STATUSES[item.status]))
    title = title_in(version, item.action, item.title, locale.current())
    lines = [f"{_('Owner')}: {item.owner}" if item.owner else "", f"{_('Status')}: {status}"]
    made, changed = (datetime.fromisoformat(at) for at in (item.created_at, item.updated_at))
    return Entry(
        id=f"{item.id}@plan.readiness",
        day=day,
        title=f"✓ {title}" if item.status == "done" else title,
        description="\n".join(filter(None, [*lines, item.note, item.evidence])),
        changed_at=changed,
        version=int((changed - made).total_seconds()),
        cancelled=item.status == "dropped",
    )

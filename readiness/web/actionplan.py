"""The action plan that a firm keeps. What the model recommends can be put into it with one click."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from readiness.core import actions
from readiness.core.merge import digest
from readiness.reports.actionplan import STATUSES, summary, title_in
from readiness.reports.plan import PlanItem as Recommended
from readiness.storage import actionplan
from readiness.storage.actionplan import Item, New
from readiness.storage.assessments import Assessment
from readiness.storage.portfolio import Author
from readiness.web import access, locale, profile, supplement
from readiness.web.forms import AtMost, DayField, clean, tidy

blueprint = Blueprint("actionplan", __name__)
Page = str | Response | tuple[str, int]

#: Days that a plan may hold; those the calendars are right for.
YEARS = range(2000, 2100)


class ItemForm(FlaskForm):
    """A line of the plan."""

    title = StringField(
        _l("Action"), [InputRequired(_l("Please say what is to be done.")), AtMost(300), clean]
    )
    owner = StringField(_l("Owner"), [AtMost(100), clean])
    due = DayField(_l("Due"))
    status = SelectField(_l("Status"))
    note = TextAreaField(_l("Note"), [AtMost(2000), clean])
    evidence = StringField(_l("Evidence"), [AtMost(1000), clean])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status.choices = [(key, _l(label)) for key, label in STATUSES.items()]

    def validate_title(self, field: Field) -> None:
        """A title of blanks is none."""
        if not tidy(field.data):
            raise ValidationError(_l("Please say what is to be done."))

    def validate_due(self, field: DayField) -> None:
        """No day that only a slip can mean."""
        if field.day and int(field.day[:4]) not in YEARS:
            raise ValidationError(_l("Please enter a day of this century, such as 2026-11-26 or 1405-09-05."))

    def values(self) -> dict[str, Any]:
        """The fields as readiness.storage.actionplan keeps them."""
        texts = {name: tidy(self[name].data) for name in ("title", "owner", "note", "evidence")}
        return texts | {"due": self.due.day, "status": self.status.data}


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _may_change() -> bool:
    """Whether this visitor may do more than look."""
    return access.by_link() or access.person().may_change_firms


def _only_who_may_change() -> None:
    if not _may_change():
        abort(403)


def _author() -> Author | None:
    """Whom the audit list names; nobody where no organisation looks after the firm."""
    organisation, someone = access.assessment().firm.organisation_id, access.visitor()
    if organisation is None:
        return None
    if someone is not None and someone.organisation.id == organisation:
        return someone.author
    return Author(organisation, _("Holder of the private link"))


def link_of(evidence: str) -> str:
    """The address that an evidence is and that may be followed; nothing for any other text."""
    if not evidence.isprintable() or any(letter in evidence for letter in ' \\"<>`'):
        return ""
    try:
        parts = urlsplit(evidence)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return evidence if named else ""


def _title(item: Item) -> str:
    return title_in(access.assessment().model.version, item.action, item.title, locale.current())


def _shown(item: Item) -> dict[str, Any]:
    """What a form shows of an item."""
    due = locale.current().day_typed(item.due) if item.due else ""
    return item.values() | {"title": _title(item), "due": due}


def _recommended(found: Assessment) -> tuple[Recommended, ...]:
    return profile.make(found).plan.items if found.finished else ()


@blueprint.get("/a/<key>/plan")
@access.holder
def index(key: str) -> Page:
    """The plan, and what could be put into it."""
    found = access.assessment()
    items = actionplan.listing(access.store(), found.firm.id)
    if not (found.finished or items):
        return redirect(url_for("questionnaire.check", key=key))
    kept = {item.action for item in items}
    return render_template(
        "actionplan/index.html",
        key=key,
        found=found,
        items=items,
        offers=[item for item in _recommended(found) if item.id not in kept],
        summary=summary(supplement.plan_of(found.firm.id), locale.current()),
        statuses=STATUSES,
        today=_today(),
        title=_title,
        link_of=link_of,
        may_change=_may_change(),
    )


@blueprint.post("/a/<key>/plan/take")
@access.holder
def take(key: str) -> Response:
    """Put recommended actions into the plan: one, or all."""
    found, wanted = access.assessment(), request.form.get("action", "")
    offered = _recommended(found)
    days = actions.suggest_due([(item.horizon, item.phase) for item in offered], date.fromisoformat(_today()))
    chosen = [
        New(item.title, item.id, day.isoformat())
        for item, day in zip(offered, days, strict=True)
        if wanted in (item.id, "all")
    ]
    ids = actionplan.add(access.store(), found.firm.id, chosen, _author()) if chosen else []
    return _back(key, ids[0] if ids else "")


def _back(key: str, item_id: str = "") -> Response:
    """To the plan, at an item if one is named."""
    return redirect(url_for(".index", key=key, _anchor=f"item-{item_id}" if item_id else None))


@blueprint.route("/a/<key>/plan/new", methods=["GET", "POST"])
@access.holder
def new(key: str) -> Page:
    """Put an action of the firm's own into the plan."""
    _only_who_may_change()
    found, form = access.assessment(), ItemForm()
    if not (found.finished or actionplan.listing(access.store(), found.firm.id)):
        return redirect(url_for("questionnaire.check", key=key))
    if not form.validate_on_submit():
        return _form_page(form, {}, {}), 400 if form.is_submitted() else 200
    values = form.values()
    title, due = values.pop("title"), values.pop("due")
    ids = actionplan.add(access.store(), found.firm.id, [New(title, None, due, values)], _author())
    if ids:
        return _back(key, ids[0])
    most = locale.current().number(actionplan.MOST)
    form.form_errors.append(_("A plan holds at most %(most)s actions. Please delete some first.", most=most))
    return _form_page(form, {}, {}), 409


def _form_page(
    form: ItemForm, seen: dict[str, str], conflicts: dict[str, str], item: Item | None = None
) -> str:
    return render_template(
        "actionplan/form.html",
        form=form,
        seen=seen,
        conflicts=conflicts,
        item=item,
        key=(request.view_args or {})["key"],
    )


def _item(item_id: str) -> Item:
    """An item of the plan of this firm; 404 for any other."""
    found = actionplan.find(access.store(), access.assessment().firm.id, item_id)
    if found is None:
        abort(404)
    return found


@blueprint.route("/a/<key>/plan/items/<item_id>", methods=["GET", "POST"])
@access.holder
def edit(key: str, item_id: str) -> Page:
    """Change an item; another window's change is shown, never overwritten."""
    _only_who_may_change()
    form = ItemForm()
    if form.is_submitted() and "title" in request.form:
        item = actionplan.find(access.store(), access.assessment().firm.id, item_id)
        return _gone(form) if item is None else _edited(key, form, item)
    item = _item(item_id)
    return _form_page(ItemForm(data=_shown(item)), item.seen(), {}, item)


def _gone(form: ItemForm) -> tuple[str, int]:
    """What was typed for an item that is no more, to be put in anew."""
    form.validate()
    form.form_errors.append(_("Somebody deleted this action meanwhile. Saving puts it into the plan anew."))
    return _form_page(form, {}, {}), 409


def _edited(key: str, form: ItemForm, item: Item) -> Page:
    seen = {name: request.form.get(f"seen-{name}", "") for name in actionplan.FIELDS}
    if not form.validate():
        return _form_page(form, seen, {}, item), 400
    sent = form.values()
    sent["title"] = _as_seen(item, sent["title"], seen["title"])
    return _save(key, form, item, sent, seen)


def _as_seen(item: Item, title: str, seen: str) -> str:
    """A title as it was seen, if this is the same library title in another language."""
    known = actions.titles(access.assessment().model.version, item.action) if item.action else {}
    same = (other for other in known.values() if digest(other) == seen)
    return next(same, title) if title in known.values() else title


def _save(key: str, form: ItemForm, item: Item, sent: dict[str, Any], seen: dict[str, str]) -> Page:
    """Store what was sent, or show it beside what was stored meanwhile."""
    merged = actionplan.change(access.store(), item.firm_id, item.id, sent, seen, _author())
    if merged is None:
        return _gone(form)
    if not merged.conflicts:
        return _back(key, item.id)
    seen = seen | {name: digest(value) for name, value in merged.conflicts.items()}
    conflicts = {name: _said(name, value) for name, value in merged.conflicts.items()}
    return _form_page(form, seen, conflicts, item), 409


def _said(name: str, value: Any) -> str:
    """A stored value as it is read."""
    if name == "due" and value:
        return locale.current().day_of(value)
    return str(_(STATUSES[value])) if name == "status" else str(value or "–")


@blueprint.post("/a/<key>/plan/items/<item_id>/status")
@access.holder
def set_status(key: str, item_id: str) -> Page:
    """Set how far an item is, from the list."""
    item, status = _item(item_id), request.form.get("status", "")
    if status not in STATUSES:
        abort(400)
    form = ItemForm(formdata=None, data=_shown(item) | {"status": status})
    seen = item.seen() | {"status": request.form.get("seen-status", "")}
    return _save(key, form, item, {"status": status}, seen)


@blueprint.route("/a/<key>/plan/items/<item_id>/delete", methods=["GET", "POST"])
@access.holder
def delete(key: str, item_id: str) -> Page:
    """Ask, then take an item out of the plan; one that changed meanwhile is asked about again."""
    _only_who_may_change()
    item, changed = _item(item_id), False
    if request.method == "POST":
        seen = request.form.get("seen", "")
        if actionplan.remove(access.store(), item.firm_id, item.id, seen, _author()):
            return _back(key)
        item, changed = _item(item_id), True
    page = render_template(
        "actionplan/delete.html",
        key=key,
        item=item,
        title=_title(item),
        changed=changed,
        statuses=STATUSES,
        today=_today(),
    )
    return page, 409 if changed else 200

"""Cohorts: the list of an organisation's, a new one, its name, days and consent, its link, its end."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired

from readiness.core.answers import NAME_LENGTH
from readiness.core.merge import digest
from readiness.storage import cohorts
from readiness.storage.cohorts import Cohort
from readiness.web import access, locale, mail
from readiness.web.forms import AtMost, DayField, clean, tidy

blueprint = Blueprint("cohorts", __name__)
Page = str | Response | tuple[str, int]

CONSENT_LENGTH = 2_000
#: The pages of a cohort, by endpoint.
PAGES = {
    "dashboard.show": _l("Dashboard"),
    "members.index": _l("Firms"),
    "invitations.index": _l("Invitations"),
    "comparison.page": _l("Comparison"),
    "partners.index": _l("Partners"),
    "reliability.page": _l("Reliability"),
    "cohortdata.page": _l("Data"),
    "releases.index": _l("Publication"),
    "cohorts.edit": _l("Settings"),
}


class CohortForm(FlaskForm):
    """What a cohort is called, when it runs, and what a firm agrees to that joins it."""

    name = StringField(
        _l("Name of the cohort"), [InputRequired(_l("Please enter a name.")), AtMost(NAME_LENGTH), clean]
    )
    starts = DayField(_l("First day"), [AtMost(20), clean])
    ends = DayField(_l("Last day"), [AtMost(20), clean])
    consent = StringField(
        _l("What a firm agrees to when it joins"),
        [InputRequired(_l("Please say what a firm agrees to.")), AtMost(CONSENT_LENGTH), clean],
        filters=[tidy],
    )

    def validate_name(self, field: Field) -> None:
        """A name of blanks is no name."""
        if not tidy(field.data):
            raise ValidationError(_l("Please enter a name."))

    def validate_consent(self, field: Field) -> None:
        """Nor is a consent of blanks one."""
        if not field.data:
            raise ValidationError(_l("Please say what a firm agrees to."))

    def validate_ends(self, field: DayField) -> None:
        """No cohort ends before it begins."""
        if not self.starts.errors and self.starts.day and field.day and field.day < self.starts.day:
            raise ValidationError(_l("The last day is before the first."))

    def values(self) -> dict[str, Any]:
        """The fields as readiness.storage.cohorts keeps them."""
        return {
            "name": tidy(self.name.data),
            "starts": self.starts.day,
            "ends": self.ends.day,
            "consent": self.consent.data,
        }


@blueprint.get("/programmes")
@access.manager
def index() -> str:
    """The cohorts, and how far each has come."""
    found = cohorts.listing(access.store(), access.person().organisation.id)
    lines = [(cohort, cohorts.completion(access.store(), cohort.id)) for cohort in found]
    return render_template("cohorts/index.html", lines=lines)


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@access.manager
def new() -> Page:
    """Begin a cohort."""
    form = CohortForm()
    if not form.is_submitted():
        form.consent.data = _proposal()
    if not form.validate_on_submit():
        return render_template("cohorts/new.html", form=form), 400 if form.is_submitted() else 200
    with access.store().write() as transaction:
        cohort_id = cohorts.add(transaction, access.person().author, form.values())
    return redirect(url_for("dashboard.show", cohort_id=cohort_id))


def _proposal() -> str:
    """A consent to begin with; who runs the programme makes it their own."""
    words: str = _(
        "%(organisation)s sees the answers and results of our firm beside those of the other firms of this"
        " cohort, and uses them to plan its offers and to report on the cohort as a whole. Nothing that"
        " leaves %(organisation)s names our firm or lets anybody work its results out. We can leave at any"
        " time; then our firm is taken out of everything that is not published yet.",
        organisation=access.person().organisation.name,
    )
    return words


def _stored(found: Cohort) -> dict[str, Any]:
    return {name: getattr(found, name) for name in cohorts.FIELDS}


def _typed(found: Cohort) -> dict[str, Any]:
    """The stored fields as a form shows them."""
    days = {name: getattr(found, name) for name in ("starts", "ends")}
    spoken = locale.current()
    return _stored(found) | {name: day and spoken.day_typed(day) for name, day in days.items()}


@blueprint.route("/programmes/<cohort_id>/settings", methods=["GET", "POST"])
@access.manager
def edit(cohort_id: str) -> Page:
    """Name, days and consent; another window's change is shown, never overwritten."""
    found = access.cohort()
    form = CohortForm(data=_typed(found))
    seen = {name: digest(value) for name, value in _stored(found).items()}
    if form.is_submitted():
        seen = {name: request.form.get(f"seen-{name}", "") for name in seen}
    if not form.validate_on_submit():
        return _page(found, form, seen, {}), 400 if form.is_submitted() else 200
    merged = cohorts.save(access.store(), access.person().author, cohort_id, form.values(), seen)
    if merged is None or not merged.conflicts:
        session["notice"] = _("Saved.")
        return redirect(url_for(".edit", cohort_id=cohort_id))
    seen |= {name: digest(value) for name, value in merged.conflicts.items()}
    conflicts = {name: value or "–" for name, value in merged.conflicts.items()}
    for name in {"starts", "ends"} & {name for name, value in merged.conflicts.items() if value}:
        conflicts[name] = locale.current().day_of(conflicts[name])
    return _page(found, form, seen, conflicts), 409


def _page(found: Cohort, form: CohortForm, seen: dict[str, str], conflicts: dict[str, str]) -> str:
    return render_template(
        "cohorts/edit.html",
        cohort=found,
        form=form,
        seen=seen,
        conflicts=conflicts,
        link=mail.address("joining.page", code=found.code),
    )


@blueprint.post("/programmes/<cohort_id>/joining")
@access.manager
def set_joining(cohort_id: str) -> Response:
    """Open or close the cohort to firms that come by its link, or put a new link in the old one's place."""
    wanted = request.form.get("do", "")
    joinable = access.cohort().joinable if wanted == "renew" else wanted == "open"
    author = access.person().author
    cohorts.set_joining(access.store(), author, cohort_id, joinable, renew=wanted == "renew")
    return redirect(url_for(".edit", cohort_id=cohort_id))


@blueprint.route("/programmes/<cohort_id>/delete", methods=["GET", "POST"])
@access.manager
def delete(cohort_id: str) -> Page:
    """Delete a cohort, after asking; its firms stay, and so does what was published."""
    found = access.cohort()
    if request.method != "POST":
        completion = cohorts.completion(access.store(), cohort_id)
        return render_template("cohorts/delete.html", cohort=found, completion=completion)
    cohorts.delete(access.store(), access.person().author, cohort_id)
    session["notice"] = _("The cohort %(name)s was deleted.", name=locale.current().isolate(found.name))
    return redirect(url_for(".index"))


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"cohort_pages": PAGES}

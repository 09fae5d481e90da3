"""About the firm: the first page of an assessment, and the same page again later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from readiness.core import model as models
from readiness.core.merge import Merged, digest, merge
from readiness.reports.facts import firm_value
from readiness.storage import allowances, assessments, firms, organisations, portfolio, responses
from readiness.storage.assessments import Assessment
from readiness.storage.organisations import Organisation
from readiness.web import access, locale, mail
from readiness.web.forms import FirmForm, tidy, visitor_hash

blueprint = Blueprint("firm", __name__)
Page = str | Response | tuple[str, int]


def may_start() -> bool:
    """Whether this visitor may begin one more assessment now; counts it."""
    limit = int(current_app.config["STARTS_PER_HOUR"])
    return allowances.spend(access.store(), "start", visitor_hash(), limit, timedelta(hours=1))


def _role(form: FirmForm) -> str:
    return tidy(form.rater.data) or _("Founder")


@blueprint.route("/start", methods=["GET", "POST"])
@access.public
def start() -> Page:
    """Tell about the firm; this creates the assessment and its private link."""
    form = FirmForm()
    if locale.choose(request.form.get("language")):
        return render_template("firm/form.html", form=FirmForm(), seen={}, conflicts={})
    if not form.validate_on_submit():
        status = 400 if form.is_submitted() else 200
        return render_template("firm/form.html", form=form, seen={}, conflicts={}), status
    if not may_start():
        form.form_errors.append(
            _("Too many assessments were started from your address. Please wait an hour.")
        )
        return render_template("firm/form.html", form=form, seen={}, conflicts={}), 429
    key = assessments.start(access.store(), models.load(), locale.current().code, form.values(), _role(form))
    session.permanent = True
    return redirect(url_for("questionnaire.resume", key=key))


@blueprint.route("/a/<key>/firm", methods=["GET", "POST"])
@access.holder
def edit(key: str) -> Page:
    """Change what is known of the firm; another tab's change is shown, never overwritten."""
    found = access.assessment()
    form, seen = FirmForm(data=_stored(found)), _seen(found)
    if locale.choose(request.form.get("language")):
        form = FirmForm()
    elif form.validate_on_submit():
        try:
            merged = _save(form, found, seen)
        except responses.RoleTaken:
            form.rater.errors = [_("Somebody answers in this role already. Tell the two apart, please.")]
            return render_template("firm/form.html", form=form, seen=seen, conflicts={}, key=key), 409
        if not merged.conflicts:
            return redirect(url_for("questionnaire.resume", key=key))
        return _conflicting(form, merged, seen, key)
    status = 400 if form.errors else 200
    return render_template("firm/form.html", form=form, seen=seen, conflicts={}, key=key), status


@blueprint.post("/a/<key>/let-go")
@access.holder
def let_go(key: str) -> Page:
    """The founder ends the care of an organisation; only who holds the private link can.

    Links that the organisation made open nothing any more; those of other rounds get new ones, shown once.
    """
    found = access.assessment()
    if not access.by_link():
        abort(404)
    made = portfolio.let_go(access.store(), found.firm, found.own.rater, key)
    if not made:
        return redirect(url_for("questionnaire.resume", key=key))
    links = [(number, mail.address("questionnaire.resume", key=new)) for number, new in made]
    return render_template("firm/let_go.html", key=key, links=links)


def _stored(found: Assessment) -> dict[str, Any]:
    """What the form shows of an assessment: its firm and the rater's role."""
    return {name: getattr(found.firm, name) for name in firms.FIELDS} | {"rater": found.own.rater}


def _seen(found: Assessment) -> dict[str, str]:
    """Digests of what the form was filled with: when it comes back, those that it carried."""
    shown = _stored(found)
    if request.method == "POST":
        return {name: request.form.get(f"seen-{name}", "") for name in shown}
    return {name: digest(value) for name, value in shown.items()}


def _save(form: FirmForm, found: Assessment, seen: dict[str, str]) -> Merged:
    """Save the firm and the role; neither where either conflicts."""
    role = merge({"rater": found.own.rater}, {"rater": _role(form)}, seen)
    if role.conflicts:
        return role
    merged = firms.save(access.store(), found.firm.id, form.values(), seen)
    if role.changed and not merged.conflicts:
        responses.rename_rater(access.store(), found.own.id, _role(form))
    return merged


def _conflicting(form: FirmForm, merged: Merged, seen: dict[str, str], key: str) -> tuple[str, int]:
    """The form as it was sent beside what is stored; saving again overwrites what is shown, no more."""
    seen = seen | {name: digest(value) for name, value in merged.conflicts.items()}
    stored = {name: firm_value(name, value, locale.current()) for name, value in merged.conflicts.items()}
    return render_template("firm/form.html", form=form, seen=seen, conflicts=stored, key=key), 409


@blueprint.app_context_processor
def _care() -> dict[str, Any]:
    return {"looks_after": _looks_after}


def _looks_after() -> Organisation | None:
    """The organisation that looks after the firm of this page, for who came by its private link."""
    organisation_id = access.assessment().firm.organisation_id if access.by_link() else None
    return None if organisation_id is None else organisations.find(access.store(), organisation_id)

"""Assess again: the round that follows a finished one, and the trend over all of them."""

from __future__ import annotations

import base64
import hmac
import secrets

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import AnyOf

from readiness.core import model as models
from readiness.reports.trend import Made, view_trend
from readiness.storage import rounds
from readiness.storage.assessments import Assessment
from readiness.storage.rounds import Begun
from readiness.web import access, firm, locale, pacing

blueprint = Blueprint("change", __name__)
Page = str | Response | tuple[str, int]

LAST, BLANK = "last", "blank"


class AgainForm(FlaskForm):
    """How the new round begins."""

    answers = RadioField(
        _l("Begin with"),
        [AnyOf((LAST, BLANK), _l("Please choose one of the two."))],
        validate_choice=False,
        default=LAST,
    )


@blueprint.route("/a/<key>/again", methods=["GET", "POST"])
@access.holder
def again(key: str) -> Page:
    """Begin the round that follows this finished one."""
    found = access.assessment()
    if not access.by_link() and not access.person().may_change_firms:
        abort(403)
    if not found.finished:
        return redirect(url_for("questionnaire.resume", key=key))
    form = AgainForm()
    if not form.validate_on_submit():
        return _ask(form, found, 400 if form.is_submitted() else 200)
    if access.by_link() and not firm.may_start():
        abort(429)
    new_key = _new_key(found)
    begun = _follow(found, form, new_key)
    if begun is None:
        return redirect(url_for("questionnaire.resume", key=key))
    return _lead_to(begun, new_key, form, found)


def _ask(form: AgainForm, found: Assessment, status: int) -> tuple[str, int]:
    """The form; where a newer round is there already, the fact."""
    return render_template(
        "change/again.html",
        form=form,
        found=found,
        key=(request.view_args or {})["key"],
        once=request.form.get("once") or secrets.token_urlsafe(16),
        newer=rounds.newer(access.store(), found),
        by_link=access.by_link(),
        minutes=pacing.minutes(len(found.model.indicators)),
    ), status


def _new_key(found: Assessment) -> str:
    """The key of the new round's private link, which two clicks on one form both come to.

    Nobody else can: it takes our secret to make it, and the page's own number to ask for it.
    """
    told = f"round after {found.id}: {request.form.get('once', '')}".encode()
    secret = current_app.config["SECRET_KEY"]
    secret = secret.encode() if isinstance(secret, str) else secret
    return base64.urlsafe_b64encode(hmac.digest(secret, told, "sha256")[:24]).decode()


def _follow(found: Assessment, form: AgainForm, new_key: str) -> Begun | None:
    by_link = access.by_link()
    return rounds.follow(
        access.store(),
        found,
        models.load(),
        locale.current().code if by_link else found.language,
        new_key,
        prefill=form.answers.data == LAST,
        who=found.own.rater if by_link else access.person().user.name,
    )


def _lead_to(begun: Begun, new_key: str, form: AgainForm, found: Assessment) -> Page:
    """To the new round, by its own link or by way of the portfolio."""
    if not access.by_link():
        session["notice"] = (
            _("A new round has begun.") if begun.mine else _("Somebody had begun the new round already.")
        )
        return redirect(url_for("portfolio.firm", firm_id=found.firm.id))
    if begun.mine:
        return redirect(url_for("questionnaire.resume", key=new_key))
    return _ask(form, found, 409)


@blueprint.get("/portfolio/<firm_id>/trend")
@access.member
def trend(firm_id: str) -> str:
    """Every component over all finished rounds of a firm."""
    done = [
        Made(item.round, item.id, item.finished_at[:10], item.answers())
        for item in rounds.finished(access.store(), firm_id)
        if item.finished_at
    ]
    return render_template(
        "change/trend.html",
        firm=access.firm(),
        trend=view_trend(done, locale.current()) if len(done) > 1 else None,
    )

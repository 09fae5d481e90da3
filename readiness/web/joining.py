"""Joining a cohort: the page behind its link, and for the firm what it is in and how to leave."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from readiness.core import model as models
from readiness.core.answers import NAME_LENGTH
from readiness.core.merge import digest
from readiness.storage import assessments, cohorts, firms, introductions, invitations, members
from readiness.storage.assessments import Assessment
from readiness.storage.cohorts import Cohort, Membership
from readiness.storage.engine import Transaction
from readiness.storage.firms import Firm
from readiness.storage.invitations import Invitation
from readiness.web import access, locale
from readiness.web.firm import may_start
from readiness.web.forms import AtMost, clean, named, tidy

blueprint = Blueprint("joining", __name__)
Page = str | Response | tuple[str, int]


class JoinForm(FlaskForm):
    """A firm that joins: a new assessment by its name, or one that there is by its private link."""

    name = StringField(_l("Name of the firm"), [AtMost(NAME_LENGTH), clean])
    link = StringField(_l("Private link of your assessment"), [AtMost(500), clean])
    rater = StringField(_l("Your role in the firm"), [AtMost(80), clean])
    agree = BooleanField(
        _l("Our firm agrees to this."),
        [InputRequired(_l("Without the firm's agreement it cannot join."))],
        false_values=("", "no"),
    )


@blueprint.route("/join/<code>", methods=["GET", "POST"])
@access.public
def page(code: str) -> Page:
    """What the cohort is, what a firm agrees to, and the form to join."""
    return _join(code, None)


@blueprint.route("/join/<code>/<invitation_id>", methods=["GET", "POST"])
@access.public
def invited(code: str, invitation_id: str) -> Page:
    """The same for who was invited by mail."""
    found = cohorts.by_code(access.store(), code)
    if found is None:
        abort(404)
    invitation = invitations.find(access.store(), found[0].id, invitation_id)
    if invitation is None:
        return redirect(url_for(".page", code=code))
    locale.suggest(invitation.language)
    return _join(code, invitation)


def _join(code: str, invitation: Invitation | None) -> Page:
    found = cohorts.by_code(access.store(), code)
    if found is None:
        abort(404)
    form, (cohort, organisation) = JoinForm(), found
    if invitation is not None and not form.is_submitted():
        form.name.data = invitation.firm
    changed = form.is_submitted() and request.form.get("read") != digest(cohort.consent)
    if changed:  # nobody agrees to words that were not on the page
        form.agree.data = False
        form.form_errors.append(_("What a firm agrees to was changed meanwhile. Please read it again."))
    elif form.validate_on_submit():
        done = _existing(form, code, invitation) if tidy(form.link.data) else _new(form, code, invitation)
        if done is not None:
            return done
    status = 409 if changed else 400 if form.is_submitted() else 200
    page = render_template(
        "joining/page.html",
        form=form,
        cohort=cohort,
        organisation=organisation,
        invitation=invitation,
        read=digest(cohort.consent),
    )
    return page, status


def _held(transaction: Transaction, code: str) -> Cohort:
    """The cohort, still open and with the consent that was read; 404 or 409 where it is not so any more."""
    found = cohorts.open_by_code(transaction, code) or abort(404)
    if request.form.get("read") != digest(found.consent):
        abort(409)
    return found


def _take_in(
    transaction: Transaction, cohort: Cohort, firm: Firm, who: str, invitation: Invitation | None
) -> None:
    if cohorts.join(transaction, cohort, firm.id, who, invitation.id if invitation else ""):
        members.note(transaction, cohort, firm, who, "member.join")


def _new(form: JoinForm, code: str, invitation: Invitation | None) -> Page | None:
    """Begin the assessment of a firm that joins; None with what is wrong in the form."""
    name, role = tidy(form.name.data), tidy(form.rater.data) or _("Founder")
    if not name:
        form.name.errors = [_("Please enter the name of the firm, or the private link of its assessment.")]
        return None
    if not may_start():
        form.form_errors.append(
            _("Too many assessments were started from your address. Please wait an hour.")
        )
        return None
    with access.store().write() as transaction:
        cohort = _held(transaction, code)
        firm_id = firms.add(transaction, {"name": name})
        _made, key = assessments.begin(transaction, firm_id, models.load(), locale.current().code, role)
        _take_in(transaction, cohort, firms.get(transaction, firm_id), role, invitation)
    session.permanent = True
    return redirect(url_for("questionnaire.resume", key=key))


def _existing(form: JoinForm, code: str, invitation: Invitation | None) -> Page | None:
    """Let the firm of an assessment join; None with what is wrong in the form."""
    key = key_in(tidy(form.link.data))
    found = assessments.find(access.store(), key)
    if found is None or found.response_id is not None:
        form.link.errors = [_("No assessment has this link. Copy the whole of it, please.")]
        return None
    with access.store().write() as transaction:
        cohort = _held(transaction, code)
        _take_in(transaction, cohort, found.firm, tidy(form.rater.data) or found.own.rater, invitation)
    return redirect(url_for(".memberships", key=key))


def key_in(link: str) -> str:
    """The key in a private link as somebody pastes it."""
    return urlsplit(link).path.rstrip("/").partition("/a/")[2].partition("/")[0]


@blueprint.get("/a/<key>/programmes")
@access.holder
def memberships(key: str) -> str:
    """The cohorts that the firm is in."""
    found = access.assessment()
    return render_template(
        "joining/memberships.html",
        key=key,
        found=found,
        memberships=cohorts.of_firm(access.store(), found.firm.id),
        met=introductions.of_firm(access.store(), found.firm.id),
        may=access.may_change(),
    )


def _membership(found: Assessment, cohort_id: str) -> Membership:
    """The firm's membership in a cohort; 404 if there is none."""
    every = cohorts.of_firm(access.store(), found.firm.id)
    return next((one for one in every if one.cohort.id == cohort_id), None) or abort(404)


@blueprint.post("/a/<key>/programmes/partner")
@access.holder
def set_partner(key: str) -> Response:
    """Say whether the firm is open to meet others of a cohort."""
    found = access.assessment()
    membership = _membership(found, named("cohort"))
    with access.store().write() as transaction:
        cohorts.set_partner(transaction, membership.cohort.id, found.firm.id, named("partner") == "yes")
    return redirect(url_for(".memberships", key=key))


@blueprint.route("/a/<key>/programmes/<joined>/leave", methods=["GET", "POST"])
@access.holder
def leave(key: str, joined: str) -> Page:
    """Leave a cohort, after asking."""
    found = access.assessment()
    if not access.may_change():
        abort(403)
    membership = _membership(found, joined)
    if request.method != "POST":
        return render_template("joining/leave.html", key=key, found=found, membership=membership)
    who = found.own.rater if access.by_link() else access.person().user.name
    with access.store().write() as transaction:
        if cohorts.leave(transaction, joined, found.firm.id):
            members.note(transaction, membership.cohort, found.firm, who, "member.leave")
    return redirect(url_for(".memberships", key=key))

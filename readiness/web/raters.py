"""Further raters: the holder invites them by role, and each answers alone and blind."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from readiness.core.answers import NAME_LENGTH, RATERS
from readiness.reports.language import language
from readiness.storage import allowances, outbox, raters
from readiness.storage.assessments import Assessment
from readiness.storage.engine import Transaction
from readiness.storage.portfolio import Author
from readiness.storage.responses import StoredResponse
from readiness.web import access, locale, mail, profile
from readiness.web.forms import AtMost, clean, email_address, tidy, visitor_hash

blueprint = Blueprint("raters", __name__)
Page = str | Response | tuple[str, int]
#: A private link lets nobody send mail without end, nor make links.
MAILS_PER_HOUR, LINKS_PER_HOUR = 30, 60


class RaterForm(FlaskForm):
    """Somebody who is asked to answer too."""

    role = StringField(
        _l("Role in the firm"), [InputRequired(_l("Please enter the role.")), AtMost(80), clean]
    )
    name = StringField(_l("Name"), [AtMost(NAME_LENGTH), clean])
    email = StringField(_l("E-mail address"), [AtMost(200), clean, email_address])


def may_change() -> bool:
    """Whether this visitor may change what is kept of the firm."""
    return access.by_link() or access.person().may_change_firms


def note(transaction: Transaction, deed: str, found: Assessment) -> None:
    """Note a deed for the organisation that looks after the firm, if one does."""
    if found.firm.organisation_id is None:
        return
    by = Author(found.firm.organisation_id, found.own.rater) if access.by_link() else access.person().author
    by.record(transaction, deed, found.firm)


@blueprint.route("/a/<key>/raters", methods=["GET", "POST"])
@access.holder
def index(key: str) -> Page:
    """Who answers, how far everybody is, and the form to invite one more."""
    form, found = RaterForm(), access.assessment()
    if not form.validate_on_submit():
        return _page(key, form), 400 if form.is_submitted() else 200
    role, address = tidy(form.role.data), tidy(form.email.data) if mail.configured() else ""
    if not role:
        form.role.errors = [_("Please enter the role.")]
        return _page(key, form), 400
    if address and not (
        allowances.spend(access.store(), "invite", visitor_hash(), MAILS_PER_HOUR, timedelta(hours=1))
        and mail.may_go(address)
    ):
        form.email.errors = [
            _("Too many mails within an hour. Leave this empty and pass the link on yourself.")
        ]
        return _page(key, form), 429
    try:
        link = _invite(found, role, tidy(form.name.data), address)
    except raters.RoleTaken:
        form.role.errors = [_("Somebody answers in this role already. Tell the two apart, please.")]
    except raters.Full:
        form.form_errors.append(
            _("At most %(most)s people can answer.", most=locale.current().number(RATERS))
        )
    except raters.Closed:
        form.form_errors.append(_("The assessment is finished; to invite somebody, change answers first."))
    else:
        access.reload_assessment()
        return _page(key, RaterForm(formdata=None), link, role, address)
    access.reload_assessment()
    return _page(key, form), 409


def _invite(found: Assessment, role: str, name: str, address: str) -> str:
    with access.store().write() as transaction:
        made = raters.invite(transaction, found.id, found.model, role, name)
        link = mail.address("questionnaire.resume", key=made)
        if address:
            _post(transaction, found, role, address, link)
        note(transaction, "rater.invite", found)
    if address:
        mail.nudge()
    return link


def _post(transaction: Transaction, found: Assessment, role: str, address: str, link: str) -> None:
    words, organisation = language(found.language).words, found.firm.organisation_id
    body = words(
        "You are asked to assess how ready %(firm)s is for markets abroad, in your role: %(role)s. You answer"
        " alone, without seeing what others answer. It takes about half an hour, and you can stop and go on"
        " at any time.\n\n%(link)s\n\nWhoever has this link can see and change your answers. Please keep"
        " it.\n",
        firm=mail.line(found.firm.name),
        role=mail.line(role),
        link=link,
    )
    subject = words("Internationalization readiness of %(firm)s", firm=found.firm.name)
    outbox.put(transaction, address, subject, body, mail.LINK_LIFETIME, organisation)


def _page(key: str, form: RaterForm, link: str = "", role: str = "", sent_to: str = "") -> str:
    found = access.assessment()
    return render_template(
        "raters/index.html",
        found=found,
        key=key,
        form=form,
        link=link,
        role=role,
        sent_to=sent_to,
        by_mail=mail.configured(),
        may_change=may_change(),
    )


def _invited(found: Assessment, response_id: str) -> StoredResponse:
    """An invited rater of this assessment; anybody else is not there."""
    rater = next((item for item in found.colleagues if item.id == response_id), None)
    if rater is None:
        abort(404)
    return rater


@blueprint.post("/a/<key>/raters/<response_id>/link")
@access.holder
def further_link(key: str, response_id: str) -> Page:
    """A further private link for a rater, shown once."""
    found = access.assessment()
    rater = _invited(found, response_id)
    if not allowances.spend(access.store(), "link", visitor_hash(), LINKS_PER_HOUR, timedelta(hours=1)):
        abort(429)
    with access.store().write() as transaction:
        made = raters.new_link(transaction, found.id, rater.id)
        if made:
            note(transaction, "rater.link", found)
    if made is None:
        return redirect(url_for(".index", key=key))
    link = mail.address("questionnaire.resume", key=made)
    return _page(key, RaterForm(formdata=None), link, rater.rater)


@blueprint.route("/a/<key>/raters/<response_id>/remove", methods=["GET", "POST"])
@access.holder
def remove(key: str, response_id: str) -> Page:
    """Remove a rater with the answers, after asking."""
    found = access.assessment()
    rater = _invited(found, response_id)
    if found.finished or not may_change():
        return redirect(url_for(".index", key=key))
    if request.method != "POST":
        return render_template("raters/remove.html", found=found, key=key, rater=rater)
    with access.store().write() as transaction:
        if raters.remove(transaction, found.id, rater.id):
            note(transaction, "rater.remove", found)
    return redirect(url_for(".index", key=key))


@blueprint.post("/a/<key>/done")
@access.rater
def declare(key: str) -> Response:
    """A colleague is done, or takes that back."""
    found = access.assessment()
    if not found.by_colleague:
        return redirect(url_for("questionnaire.resume", key=key))
    back = request.form.get("done") == "no"
    if back or found.own.settled:
        raters.declare(access.store(), found.own.id, not back)
    return redirect(url_for("questionnaire.check" if back else ".thanks", key=key))


@blueprint.get("/a/<key>/thanks")
@access.rater
def thanks(key: str) -> str | Response:
    """What a colleague sees when done, or when the assessment is finished."""
    found = access.assessment()
    if not found.by_colleague or not (found.finished or found.own.finished_at):
        return redirect(url_for("questionnaire.resume", key=key))
    return render_template("raters/thanks.html", found=found, key=key, link=profile.private_link())


def progress_of(rater: StoredResponse, total: int) -> str:
    """How far a rater is, in words; nothing of the answers."""
    number = locale.current().number
    if rater.finished_at:
        return str(_("Done, %(done)s of %(all)s answered", done=number(rater.settled), all=number(total)))
    if rater.settled:
        return str(_("Begun, %(done)s of %(all)s answered", done=number(rater.settled), all=number(total)))
    return str(_("Not begun"))


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"rater_progress": progress_of}

"""The people of an organisation, what they did, and the mail that was sent for it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from readiness.core.answers import NAME_LENGTH
from readiness.storage import audit, outbox, sessions, users
from readiness.web import access, locale, mail
from readiness.web.forms import AtMost, clean, email_address, page_number, tidy

blueprint = Blueprint("people", __name__)
Page = str | Response | tuple[str, int]

ROLES = {
    users.CONSULTANT: _l("Consultant"),
    users.MANAGER: _l("Programme manager"),
    users.ADMINISTRATOR: _l("Administrator"),
}
#: The pages of an organisation, by endpoint.
PAGES = {
    "people.index": _l("People"),
    "settings.index": _l("On your reports"),
    "people.audited": _l("Who did what"),
    "people.posted": _l("Mail"),
    "tokens.index": _l("Access for programs"),
}
DEEDS = {
    "firm.add": _l("Firm added"),
    "firm.care": _l("Address or review day changed"),
    "firm.archive": _l("Firm archived"),
    "firm.restore": _l("Firm taken back from the archive"),
    "firm.link": _l("Private link made"),
    "firm.again": _l("New round begun"),
    "firm.take_over": _l("Firm taken over"),
    "firm.let_go": _l("Care ended by the firm"),
    "firm.delete": _l("Firm deleted for good"),
    "firm.facts": _l("Facts of the firm changed"),
    "assessment.add": _l("Assessment begun"),
    "assessment.import": _l("Finished assessment handed in"),
    "assessment.delete": _l("Assessment deleted"),
    "token.add": _l("Token for a program made"),
    "token.remove": _l("Token for a program revoked"),
    "comment.change": _l("Comments changed"),
    "verify.change": _l("Verified answers changed"),
    "plan.add": _l("Action put into the plan"),
    "plan.change": _l("Action of the plan changed"),
    "plan.remove": _l("Action deleted from the plan"),
    "rater.invite": _l("Rater invited"),
    "rater.link": _l("Further link made for a rater"),
    "rater.remove": _l("Rater removed"),
    "meeting.agree": _l("Agreed answer changed"),
    "cohort.add": _l("Cohort added"),
    "cohort.change": _l("Name, days or consent of a cohort changed"),
    "cohort.open": _l("Cohort opened to firms with its link"),
    "cohort.close": _l("Cohort closed to firms with its link"),
    "cohort.code": _l("New link to a cohort made"),
    "cohort.delete": _l("Cohort deleted"),
    "member.join": _l("Firm joined a cohort"),
    "member.leave": _l("Firm left a cohort"),
    "introduction.make": _l("Two firms of a cohort introduced"),
    "invitation.add": _l("Invited to a cohort"),
    "invitation.remind": _l("Reminded of a cohort"),
    "invitation.remove": _l("Invitation to a cohort taken back"),
    "demonstration.add": _l("Demonstration with invented firms made"),
    "release.members": _l("Shown to the firms of a cohort"),
    "release.public": _l("Published for everybody"),
    "release.withdraw": _l("Publication withdrawn"),
    "import.done": _l("Firms imported"),
    "batch.add": _l("Reports of several firms ordered"),
    "batch.remove": _l("Reports of several firms removed"),
    "organisation.settings": _l("Name, contact or colour changed"),
    "organisation.logo": _l("Logo changed"),
    "person.add": _l("Role given"),
    "person.role": _l("Role changed"),
    "person.remove": _l("Role taken away"),
    "person.link": _l("Link to sign in made"),
}
LAST = _l("Without this person nobody could administer the organisation any more.")
LISTED = 100


class PersonForm(FlaskForm):
    """Somebody who gets a role."""

    name = StringField(_l("Name"), [InputRequired(_l("Please enter a name.")), AtMost(NAME_LENGTH), clean])
    email = StringField(
        _l("E-mail address"),
        [InputRequired(_l("Please enter an e-mail address.")), AtMost(200), clean, email_address],
    )
    role = SelectField(_l("Role"), default=users.CONSULTANT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = list(ROLES.items())


@blueprint.route("/organisation/people", methods=["GET", "POST"])
@access.administrator
def index() -> Page:
    """Everybody with a role here; adding somebody."""
    form, me = PersonForm(), access.person()
    if form.validate_on_submit():
        name, email = tidy(form.name.data), users.tidy_email(str(form.email.data))
        try:
            with access.store().write() as transaction:
                person = users.join(
                    transaction, email, name, locale.current().code, me.organisation.id, str(form.role.data)
                )
                audit.record(transaction, me.organisation.id, me.user.name, "person.add", person.email)
        except users.LastAdministrator:
            return _page(form, problem=str(LAST)), 409
        session["notice"] = _("%(email)s can sign in now.", email=locale.current().isolate(person.email))
        return redirect(url_for(".index"))
    return _page(form), 400 if form.is_submitted() else 200


def _page(form: PersonForm, link: str = "", whose: str = "", problem: str = "") -> str:
    me = access.person()
    return render_template(
        "people/index.html",
        form=form,
        me=me,
        people=users.members(access.store(), me.organisation),
        only_here=users.only_here(access.store(), me.organisation),
        link=link,
        whose=whose,
        problem=problem,
        by_mail=mail.configured(),
        hours=int(sessions.PRINTED_LINK.total_seconds() // 3600),
    )


def _one_of_ours() -> users.Membership:
    """The member that a form is about; 404 for anybody else's."""
    wanted = request.form.get("user", "")
    people = users.members(access.store(), access.person().organisation)
    found = next((item for item in people if item.user.id == wanted), None)
    if found is None:
        abort(404)
    return found


@blueprint.post("/organisation/people/role")
@access.administrator
def change_role() -> Page:
    """Change somebody's role as it was seen, or take it away; either ends the sessions under the old one."""
    me, one, role = access.person(), _one_of_ours(), request.form.get("role", "")
    seen = request.form.get("seen", "")
    if role not in (*ROLES, "none"):
        abort(400)
    try:
        with access.store().write() as transaction:
            if role == "none":
                changed = users.leave(transaction, me.organisation.id, one.user.id, seen)
            else:
                changed = users.set_role(transaction, me.organisation.id, one.user.id, role, seen)
            deed = "person.remove" if role == "none" else "person.role"
            if changed:
                audit.record(transaction, me.organisation.id, me.user.name, deed, one.user.email)
    except users.LastAdministrator:
        return _page(PersonForm(formdata=None), problem=str(LAST)), 409
    if not changed:
        name = locale.current().isolate(one.user.name)
        problem = _("The role of %(name)s was changed meanwhile; the list shows the present one.", name=name)
        return _page(PersonForm(formdata=None), problem=problem), 409
    return redirect(url_for(".index"))


@blueprint.post("/organisation/people/link")
@access.administrator
def make_link() -> Page:
    """A link to sign in for somebody of this organisation alone, shown once: where no mail goes."""
    me, one = access.person(), _one_of_ours()
    if len(users.memberships(access.store(), one.user.id)) > 1:
        abort(403)
    with access.store().write() as transaction:
        key = sessions.make_link(transaction, one.user.id, sessions.PRINTED_LINK)
        audit.record(transaction, me.organisation.id, me.user.name, "person.link", one.user.email)
    return _page(PersonForm(formdata=None), mail.address("signin.opened", link=key), one.user.name)


@blueprint.get("/organisation/audit")
@access.administrator
def audited() -> str:
    """Who did what, the latest first."""
    number = page_number()
    entries = audit.listing(
        access.store(), access.person().organisation.id, LISTED * (number - 1), LISTED + 1
    )
    return render_template(
        "people/audit.html", entries=entries[:LISTED], deeds=DEEDS, page=number, more=len(entries) > LISTED
    )


@blueprint.get("/organisation/mail")
@access.administrator
def posted() -> str:
    """The latest mail and what became of it."""
    mails = outbox.listing(access.store(), access.person().organisation.id, LISTED)
    return render_template("people/mail.html", mails=mails, by_mail=mail.configured())


def _notice() -> str:
    """What the last form did, said once."""
    return str(session.pop("notice", ""))


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"role_names": ROLES, "organisation_pages": PAGES, "take_notice": _notice}

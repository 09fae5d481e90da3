"""Invitations to a cohort: whom a programme asked to join, and reminders."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from readiness.reports import invitelist
from readiness.reports.facts import N_
from readiness.reports.intake import Problem
from readiness.reports.invitelist import COLUMNS, HEADERS, MOST_BYTES, MOST_INVITED, Invited, InviteList
from readiness.reports.language import LANGUAGES, language
from readiness.storage import audit, cohorts, invitations, outbox
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Transaction
from readiness.storage.invitations import MOST_A_DAY
from readiness.web import access, locale, mail
from readiness.web.downloads import attachment
from readiness.web.forms import named, page_number

blueprint = Blueprint("invitations", __name__)
Page = str | AnyResponse | tuple[str, int]

PAGE = 50
#: More mails than these go to no address in a day, of whatever kind and from whomever.
MOST_MAILS_A_DAY = 5


@blueprint.get("/programmes/<cohort_id>/invitations")
@access.manager
def index(cohort_id: str) -> str:
    """Who was invited, and the form to invite more."""
    del cohort_id
    return _page()


def _page(problems: InviteList | None = None, typed: str = "") -> str:
    cohort = access.cohort()
    completion, spoken = cohorts.completion(access.store(), cohort.id), locale.current()
    pages = max(1, -(-completion.invited // PAGE))
    page = min(page_number(), pages)
    return render_template(
        "invitations/index.html",
        cohort=cohort,
        invitations=invitations.listing(access.store(), cohort.id, PAGE * (page - 1), PAGE),
        due=len(invitations.due(access.store(), cohort.id)),
        link=lambda one: mail.address("joining.invited", code=cohort.code, invitation_id=one.id),
        by_mail=mail.configured(),
        problems=[problem.said(spoken) for problem in problems.problems] if problems else [],
        typed=typed,
        most=MOST_INVITED,
        completion=completion,
        page=page,
        pages=pages,
    )


@blueprint.post("/programmes/<cohort_id>/invitations")
@access.manager
@access.takes_files
@access.body_up_to(2 * MOST_BYTES)
def invite(cohort_id: str) -> Page:
    """Invite everybody of a list, or nobody where anything in it is wrong."""
    file, typed = request.files.get("file"), request.form.get("people", "")
    code = locale.current().code
    content = file.read(MOST_BYTES + 1) if file else b""
    if len(content) > MOST_BYTES:
        abort(413)
    found = invitelist.read_file(content, code) if content else invitelist.read(typed.splitlines(), code)
    if found.problems:
        return _page(found, typed), 400
    if invitations.today(access.store(), access.person().organisation.id) + len(found.invited) > MOST_A_DAY:
        problem = Problem(N_("An organisation can invite at most %(most)s in a day."), {"most": MOST_A_DAY})
        return _page(InviteList((), (problem,)), typed), 429
    with access.store().write() as transaction:
        added = _invite(transaction, cohort_id, found.invited)
    mail.nudge()
    number = locale.current().number(added)
    session["notice"] = ngettext("%(count)s was invited.", "%(count)s were invited.", added, count=number)
    return redirect(url_for(".index", cohort_id=cohort_id))


def _invite(transaction: Transaction, cohort_id: str, people: Iterable[Invited]) -> int:
    me = access.person()
    cohort = cohorts.find(transaction, me.organisation.id, cohort_id) or abort(404)
    new = [
        (made, one)
        for one in people
        if (made := invitations.add(transaction, cohort_id, one.email, one.firm, one.language))
    ]
    posted = [
        made for made, one in new if _post(transaction, cohort, made, one.email, one.language, again=False)
    ]
    invitations.mailed(transaction, posted)
    _note(transaction, len(new), "invitation.add", cohort)
    return len(new)


def _note(transaction: Transaction, count: int, deed: str, cohort: Cohort) -> None:
    """Note how many were invited or reminded."""
    if count:
        author = access.person().author
        audit.record(transaction, author.organisation_id, author.name, deed, f"{cohort.name} ({count})")


def _post(
    transaction: Transaction,
    cohort: Cohort,
    invitation_id: str,
    email: str,
    code: str,
    again: bool,
) -> bool:
    """Post one invitation, if this server sends mail and the mailbox had not many; whether it went."""
    if not mail.configured() or outbox.today(transaction, email) >= MOST_MAILS_A_DAY:
        return False
    words, organisation = language(code).words, access.person().organisation
    values = {
        "organisation": mail.line(organisation.name),
        "cohort": mail.line(cohort.name),
        "link": mail.address("joining.invited", code=cohort.code, invitation_id=invitation_id),
    }
    invites = words(
        "%(organisation)s invites your firm to “%(cohort)s”. With about half an hour of questions you learn"
        " how ready your firm is for markets abroad, and what to do next; you can stop and go on at any time."
        "\n\n%(link)s\n\nOn that page you first read what your firm agrees to. If you do not want this, do"
        " nothing.\n",
        **values,
    )
    reminds = words(
        "%(organisation)s invited your firm to “%(cohort)s”, and it has not finished yet. If it has begun, go"
        " on by its private link; else begin here:\n\n%(link)s\n\nIf you do not want this, do nothing.\n",
        **values,
    )
    heads = words("Invitation to %(cohort)s", **values), words("Reminder: %(cohort)s", **values)
    outbox.put(
        transaction, email, heads[again], reminds if again else invites, mail.LINK_LIFETIME, organisation.id
    )
    return True


@blueprint.post("/programmes/<cohort_id>/invitations/remind")
@access.manager
def remind(cohort_id: str) -> AnyResponse:
    """Remind everybody who has not finished and got no mail lately."""
    if not mail.configured():
        abort(409)
    with access.store().write() as transaction:
        cohort = cohorts.find(transaction, access.person().organisation.id, cohort_id) or abort(404)
        posted = [
            one.id
            for one in invitations.due(transaction, cohort_id)
            if _post(transaction, cohort, one.id, one.email, one.language, again=True)
        ]
        invitations.mailed(transaction, posted)
        _note(transaction, len(posted), "invitation.remind", cohort)
    mail.nudge()
    count, number = len(posted), locale.current().number(len(posted))
    session["notice"] = ngettext("%(count)s was reminded.", "%(count)s were reminded.", count, count=number)
    return redirect(url_for(".index", cohort_id=cohort_id))


@blueprint.post("/programmes/<cohort_id>/invitations/remove")
@access.manager
def remove(cohort_id: str) -> AnyResponse:
    """Take an invitation back."""
    gone = invitations.remove(access.store(), access.person().author, access.cohort(), named("invitation"))
    if gone is None:
        abort(404)
    return redirect(url_for(".index", cohort_id=cohort_id))


@blueprint.get("/programmes/<cohort_id>/invitations/<code>.csv")
@access.manager
def template(cohort_id: str, code: str) -> Response:
    """A table's file to fill in."""
    del cohort_id
    if code not in LANGUAGES:
        abort(404)
    header = ",".join(HEADERS[one][0 if code == "en" else -1] for one in COLUMNS)
    return attachment(f"\ufeff{header}\r\n", "text/csv", language(code).words("Invitations"), "csv")

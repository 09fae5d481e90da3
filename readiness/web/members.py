"""The firms of a cohort: who is in it, who was invited, and how a programme brings them in."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from readiness.core.merge import digest
from readiness.core.typed import storable, tidy
from readiness.reports import invitelist
from readiness.reports.facts import SECTORS
from readiness.reports.invitelist import COLUMNS, HEADERS, MOST_BYTES, MOST_INVITED, Invited, InviteList
from readiness.reports.language import LANGUAGES, language
from readiness.storage import audit, cohorts, invitations, members, outbox, portfolio
from readiness.storage.engine import Transaction
from readiness.storage.portfolio import Query
from readiness.web import access, locale, mail
from readiness.web.downloads import attachment
from readiness.web.forms import named

blueprint = Blueprint("members", __name__)
Page = str | Response | tuple[str, int]

PAGE = 50


def _page_number() -> int:
    page = request.args.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 else 1


def _search() -> str:
    typed = tidy(request.args.get("q"))[:100]
    return typed if storable(typed) else ""


@blueprint.get("/programmes/<cohort_id>/firms")
@access.manager
def index(cohort_id: str) -> str:
    """The firms of the cohort, searched."""
    search = _search()
    total = members.count(access.store(), cohort_id, search)
    pages = max(1, -(-total // PAGE))
    page = min(_page_number(), pages)
    return render_template(
        "members/index.html",
        cohort=access.cohort(),
        members=members.listing(access.store(), cohort_id, search, PAGE * (page - 1), PAGE),
        completion=cohorts.completion(access.store(), cohort_id),
        sectors=SECTORS,
        search=search,
        total=total,
        page=page,
        pages=pages,
    )


@blueprint.route("/programmes/<cohort_id>/firms/add", methods=["GET", "POST"])
@access.manager
def add(cohort_id: str) -> Page:
    """Add firms of the portfolio that have agreed."""
    me, problem = access.person(), ""
    chosen = [one for one in request.form.getlist("firm") if storable(one)][:PAGE]
    if request.method == "POST":
        if not chosen:
            problem = _("Please choose at least one firm.")
        elif request.form.get("read") != digest(access.cohort().consent):
            problem = _("What a firm agrees to was changed meanwhile. Please read it again.")
        elif request.form.get("agreed") != "yes":
            problem = _("A firm joins only if it agrees: please confirm that each of these does.")
        else:
            joined = _add(cohort_id, chosen)
            session["notice"] = ngettext(
                "%(count)s firm joined.",
                "%(count)s firms joined.",
                joined,
                count=locale.current().number(joined),
            )
            return redirect(url_for(".index", cohort_id=cohort_id))
    query = Query(search=_search())
    page = render_template(
        "members/add.html",
        cohort=access.cohort(),
        firms=[line.firm for line in portfolio.listing(access.store(), me.organisation.id, query, PAGE)],
        total=portfolio.count(access.store(), me.organisation.id, query),
        most=PAGE,
        search=query.search,
        chosen=chosen,
        agreed=request.form.get("agreed") == "yes",
        read=digest(access.cohort().consent),
        problem=problem,
    )
    return page, 400 if problem else 200


def _add(cohort_id: str, firm_ids: Iterable[str]) -> int:
    """Take firms of the portfolio in; how many were not in the cohort before."""
    me, joined = access.person(), 0
    with access.store().write() as transaction:
        cohort = cohorts.find(transaction, me.organisation.id, cohort_id) or abort(404)
        for firm_id in firm_ids:
            firm = portfolio.find(transaction, me.organisation.id, firm_id) or abort(404)
            who = _("%(name)s, for the firm", name=me.user.name)
            if cohorts.join(transaction, cohort, firm.id, who):
                members.note(transaction, cohort, firm, me.user.name, "member.join")
                joined += 1
    return joined


@blueprint.route("/programmes/<cohort_id>/firms/<member_id>/remove", methods=["GET", "POST"])
@access.manager
def remove(cohort_id: str, member_id: str) -> Page:
    """Take a firm out of the cohort, after asking."""
    firm = members.find(access.store(), cohort_id, member_id) or abort(404)
    if request.method != "POST":
        return render_template("members/remove.html", cohort=access.cohort(), firm=firm)
    with access.store().write() as transaction:
        if cohorts.leave(transaction, cohort_id, member_id):
            members.note(transaction, access.cohort(), firm, access.person().user.name, "member.leave")
    session["notice"] = _("%(firm)s is no longer in the cohort.", firm=locale.current().isolate(firm.name))
    return redirect(url_for(".index", cohort_id=cohort_id))


@blueprint.get("/programmes/<cohort_id>/invitations")
@access.manager
def invited(cohort_id: str) -> str:
    """Who was invited, and the form to invite more."""
    del cohort_id
    return _invitations()


def _invitations(problems: InviteList | None = None, typed: str = "") -> str:
    cohort = access.cohort()
    completion, spoken = cohorts.completion(access.store(), cohort.id), locale.current()
    pages = max(1, -(-completion.invited // PAGE))
    page = min(_page_number(), pages)
    return render_template(
        "members/invitations.html",
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
        return _invitations(found, typed), 400
    with access.store().write() as transaction:
        added = _invite(transaction, cohort_id, found.invited)
    mail.nudge()
    number = locale.current().number(added)
    session["notice"] = ngettext("%(count)s was invited.", "%(count)s were invited.", added, count=number)
    return redirect(url_for(".invited", cohort_id=cohort_id))


def _invite(transaction: Transaction, cohort_id: str, people: Iterable[Invited]) -> int:
    me = access.person()
    cohort = cohorts.find(transaction, me.organisation.id, cohort_id) or abort(404)
    new = [
        (made, one)
        for one in people
        if (made := invitations.add(transaction, cohort_id, one.email, one.firm, one.language))
    ]
    for invitation_id, one in new:
        _post(transaction, cohort, invitation_id, one.email, one.language, again=False)
    _done(transaction, [made for made, _one in new], "invitation.add", cohort)
    return len(new)


def _done(transaction: Transaction, ids: list[str], deed: str, cohort: cohorts.Cohort) -> None:
    """Note mails that were posted, and who had them posted."""
    if mail.configured():
        invitations.mailed(transaction, ids)
    if ids:
        author = access.person().author
        audit.record(transaction, author.organisation_id, author.name, deed, f"{cohort.name} ({len(ids)})")


def _post(
    transaction: Transaction,
    cohort: cohorts.Cohort,
    invitation_id: str,
    email: str,
    code: str,
    again: bool,
) -> None:
    """Post one invitation, if this server sends mail."""
    if not mail.configured():
        return
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


@blueprint.post("/programmes/<cohort_id>/invitations/remind")
@access.manager
def remind(cohort_id: str) -> Response:
    """Remind everybody who has not finished and got no mail lately."""
    if not mail.configured():
        abort(409)
    with access.store().write() as transaction:
        cohort = cohorts.find(transaction, access.person().organisation.id, cohort_id) or abort(404)
        due = invitations.due(transaction, cohort_id)
        for one in due:
            _post(transaction, cohort, one.id, one.email, one.language, again=True)
        _done(transaction, [one.id for one in due], "invitation.remind", cohort)
    mail.nudge()
    number = locale.current().number(len(due))
    session["notice"] = ngettext(
        "%(count)s was reminded.", "%(count)s were reminded.", len(due), count=number
    )
    return redirect(url_for(".invited", cohort_id=cohort_id))


@blueprint.post("/programmes/<cohort_id>/invitations/remove")
@access.manager
def uninvite(cohort_id: str) -> Response:
    """Take an invitation back."""
    gone = invitations.remove(access.store(), access.person().author, access.cohort(), named("invitation"))
    if gone is None:
        abort(404)
    return redirect(url_for(".invited", cohort_id=cohort_id))


@blueprint.get("/programmes/<cohort_id>/invitations/<code>.csv")
@access.manager
def template(cohort_id: str, code: str) -> Response:
    """A table's file to fill in."""
    del cohort_id
    if code not in LANGUAGES:
        abort(404)
    header = ",".join(HEADERS[one][0 if code == "en" else -1] for one in COLUMNS)
    return attachment(f"\ufeff{header}\r\n", "text/csv", language(code).words("Invitations"), "csv")

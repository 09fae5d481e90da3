"""The portfolio: the firms an organisation looks after, one by one and as a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from readiness.core import model as models
from readiness.core.merge import digest
from readiness.reports.facts import N_, SECTORS
from readiness.reports.language import LANGUAGES, language
from readiness.storage import assessments, outbox, portfolio
from readiness.storage.engine import Transaction
from readiness.storage.firms import Firm
from readiness.storage.portfolio import Line, Query
from readiness.web import access, locale, mail
from readiness.web.forms import AtMost, DayField, FirmForm, clean, email_address, page_number, storable, tidy
from readiness.web.joining import key_in
from readiness.web.rows import STATUSES, make_rows

blueprint = Blueprint("portfolio", __name__)
Page = str | Response | tuple[str, int]

SORTS = {
    "name": N_("Name"),
    "index": N_("Index, highest first"),
    "review": N_("Next review"),
    "newest": N_("Newest first"),
}


#: So many firms stand on one page; more come in pages of their own size, which are quick.
ON_ONE_PAGE, PAGE = 50, 20


class NewFirmForm(FirmForm):
    """A firm, and where its link is sent."""

    email = StringField(_l("E-mail address of the firm"), [AtMost(200), clean, email_address])
    language = SelectField(_l("Language of its link"))
    rater = StringField(_l("Role in the firm"), [AtMost(80), clean])


class CareForm(FlaskForm):
    """What an organisation keeps of a firm for itself."""

    email = StringField(_l("E-mail address of the firm"), [AtMost(200), clean, email_address])
    next_review = DayField(_l("Next review"))


class TakeOverForm(FlaskForm):
    """A private link that a founder shared."""

    link = StringField(
        _l("Private link of the assessment"), [InputRequired(_l("Please paste the link.")), AtMost(500)]
    )


def wanted() -> Query:
    """The wanted part of the portfolio, from the address; what is none of ours is left out."""
    given = request.args
    search = tidy(given.get("q"))[:100]
    return Query(
        search=search if storable(search) else "",
        sector=given.get("sector", "") if given.get("sector") in SECTORS else "",
        status=given.get("status", "") if given.get("status") in STATUSES else "",
        archived=given.get("archived") == "yes",
        sort=given.get("sort", "name") if given.get("sort") in SORTS else "name",
        page=page_number(),
    )


@blueprint.get("/portfolio")
@access.member
def index() -> str:
    """The firms, searched, filtered and sorted."""
    organisation, query = access.person().organisation.id, wanted()
    total = portfolio.count(access.store(), organisation, query)
    size = ON_ONE_PAGE if total <= ON_ONE_PAGE else PAGE
    pages = max(1, -(-total // size))
    if query.page > pages:
        query = replace(query, page=pages)
    rows = make_rows(portfolio.listing(access.store(), organisation, query, size), _today())
    return render_template(
        "portfolio/index.html",
        rows=Markup(render_template("portfolio/rows.html", rows=rows)),  # noqa: S704 - escaped there
        total=total,
        query=query,
        pages=pages,
        address=_address,
        filter=show_filter(locale.current().code, query),
    )


def show_filter(code: str, query: Query) -> Markup:
    """The form that says which firms are wanted, in the language of this request, which is `code`."""
    plain = replace(query, page=1)
    return _filter(plain) if query.search else _kept_filter(code, plain)


@cache
def _kept_filter(code: str, query: Query) -> Markup:
    """Kept where nobody typed anything into it: then it is one of a few hundred."""
    del code
    return _filter(query)


def _filter(query: Query) -> Markup:
    words = {"sectors": SECTORS, "statuses": STATUSES, "sorts": SORTS}
    return Markup(render_template("portfolio/filter.html", query=query, **words))  # noqa: S704 - escaped there


def _address(query: Query, page: int) -> str:
    """The address of another page of the same list."""
    kept: dict[str, Any] = {"q": query.search, "sector": query.sector, "status": query.status}
    kept |= {"sort": query.sort if query.sort != "name" else "", "archived": "yes" if query.archived else ""}
    return url_for(".index", **{name: value for name, value in kept.items() if value}, page=page)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


@blueprint.route("/portfolio/new", methods=["GET", "POST"])
@access.consultant
def new() -> Page:
    """Add a firm; this begins its first round."""
    form = _new_form()
    if not form.validate_on_submit():
        return render_template("portfolio/new.html", form=form), 400 if form.is_submitted() else 200
    values = form.values() | {"email": tidy(form.email.data) or None}
    role = tidy(form.rater.data) or _("Founder")
    firm, key = portfolio.add(
        access.store(), access.person().author, models.load(), str(form.language.data), values, role
    )
    del key  # a link is made when it is asked for
    return redirect(url_for(".firm", firm_id=firm.id))


def _new_form() -> NewFirmForm:
    form = NewFirmForm()
    form.language.choices = [(code, language.name) for code, language in LANGUAGES.items()]
    if not form.is_submitted():
        form.language.data = locale.current().code
    return form


@blueprint.get("/portfolio/<firm_id>")
@access.member
def firm(firm_id: str) -> str:
    """One firm: its rounds, its links, what to do next."""
    return _firm_page(firm_id)


def _firm_page(firm_id: str, link: str = "") -> str:
    found = access.firm()
    rounds = portfolio.rounds_of(access.store(), [firm_id]).get(firm_id, ())
    return render_template(
        "portfolio/firm.html",
        firm=found,
        rounds=rounds,
        row=make_rows([Line(found, rounds)], _today())[0],
        results=[make_rows([Line(found, (item,))], _today())[0] for item in rounds],
        link=link,
        by_mail=mail.configured(),
    )


@blueprint.post("/portfolio/<firm_id>/link")
@access.consultant
def send_link(firm_id: str) -> Page:
    """A further private link to the latest round: shown once, or sent to the firm."""
    found = access.firm()
    by_mail = request.form.get("how") == "mail" and bool(found.email) and mail.configured()
    if by_mail and not mail.may_go(str(found.email)):
        abort(429)
    rounds = portfolio.rounds_of(access.store(), [firm_id]).get(firm_id, ())
    key = (
        portfolio.new_link(access.store(), access.person().author, firm_id, rounds[0].id) if rounds else None
    )
    if key is None:
        abort(404)
    link = mail.address("questionnaire.resume", key=key)
    if by_mail:
        with access.store().write() as transaction:
            _post_link(transaction, found, rounds[0].language, link)
        mail.nudge()
        session["notice"] = _("The link is on its way to %(email)s.", email=found.email)
        return redirect(url_for(".firm", firm_id=firm_id))
    return _firm_page(firm_id, link)


def _post_link(transaction: Transaction, found: Firm, code: str, link: str) -> None:
    organisation, words = access.person().organisation, language(code).words
    body = words(
        "%(organisation)s asks you to assess how ready %(firm)s is for markets abroad. It takes about half"
        " an hour, and you can stop and go on at any time.\n\n%(link)s\n\nWhoever has this link can see and"
        " change the answers. Please keep it.\n",
        organisation=mail.line(organisation.name),
        firm=mail.line(found.name),
        link=link,
    )
    subject = words("Internationalization readiness of %(firm)s", firm=found.name)
    outbox.put(transaction, str(found.email), subject, body, mail.LINK_LIFETIME, organisation.id)


@blueprint.route("/portfolio/<firm_id>/care", methods=["GET", "POST"])
@access.consultant
def care(firm_id: str) -> Page:
    """Where the firm's links are sent, and when it is looked at next."""
    found = access.firm()
    stored = {"email": found.email, "next_review": found.next_review}
    day = found.next_review and locale.current().day_typed(found.next_review)
    form = CareForm(data=stored | {"next_review": day})
    seen = {name: digest(value) for name, value in stored.items()}
    if form.is_submitted():
        seen = {name: request.form.get(f"seen-{name}", "") for name in stored}
    if not form.validate_on_submit():
        status = 400 if form.is_submitted() else 200
        return render_template("portfolio/care.html", form=form, firm=found, seen=seen, conflicts={}), status
    sent = {"email": tidy(form.email.data) or None, "next_review": form.next_review.day}
    merged = portfolio.save_care(access.store(), access.person().author, firm_id, sent, seen)
    if not merged.conflicts:
        return redirect(url_for(".firm", firm_id=firm_id))
    seen |= {name: digest(value) for name, value in merged.conflicts.items()}
    conflicts = {name: value or "–" for name, value in merged.conflicts.items()}
    if merged.conflicts.get("next_review"):
        conflicts["next_review"] = locale.current().day_of(conflicts["next_review"])
    return render_template("portfolio/care.html", form=form, firm=found, seen=seen, conflicts=conflicts), 409


@blueprint.route("/portfolio/take-over", methods=["GET", "POST"])
@access.consultant
def take_over() -> Page:
    """Look after a firm whose founder shared the private link of an assessment."""
    form = TakeOverForm()
    if form.validate_on_submit():
        found = assessments.find(access.store(), key_in(tidy(form.link.data)))
        if found is None or found.response_id is not None:
            form.link.errors = [_("No assessment has this link. Copy the whole of it, please.")]
        elif not portfolio.take_over(access.store(), access.person().author, found.firm.id):
            form.link.errors = [_("An organisation looks after this firm already; its founder can end that.")]
        else:
            return redirect(url_for(".firm", firm_id=found.firm.id))
    status = 400 if form.is_submitted() else 200
    return render_template("portfolio/take_over.html", form=form), status


@blueprint.post("/portfolio/<firm_id>/archive")
@access.consultant
def archive(firm_id: str) -> Response:
    """Put a firm out of the list, or back."""
    away = request.form.get("away") == "yes"
    portfolio.archive(access.store(), access.person().author, firm_id, away)
    return redirect(url_for(".firm", firm_id=firm_id))


@blueprint.get("/portfolio/<firm_id>/delete")
@access.consultant
def confirm_delete(firm_id: str) -> str:
    """Ask before deleting, and offer what there is to keep."""
    if not access.person().may_change_firms:
        abort(403)
    rounds = portfolio.rounds_of(access.store(), [firm_id]).get(firm_id, ())
    return render_template("portfolio/delete.html", firm=access.firm(), rounds=rounds)


@blueprint.post("/portfolio/<firm_id>/delete")
@access.consultant
def delete(firm_id: str) -> Response:
    """Delete a firm for good."""
    name = access.firm().name
    portfolio.delete(access.store(), access.person().author, firm_id)
    session["notice"] = _("%(firm)s was deleted for good.", firm=locale.current().isolate(name))
    return redirect(url_for(".index"))

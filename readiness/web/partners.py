"""The partner finder of a cohort: who of those that are open to it might suit whom, and introducing them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from readiness.core import model as models
from readiness.core import partners
from readiness.core.panel import panel
from readiness.core.partners import COOPETITION, NETWORKING
from readiness.reports.language import language
from readiness.storage import introductions, outbox, standings
from readiness.storage.engine import Reader, Transaction
from readiness.storage.introductions import Open
from readiness.web import access, locale, mail
from readiness.web.forms import named

blueprint = Blueprint("partners", __name__)
Page = str | Response | tuple[str, int]

KINDS = {NETWORKING: _l("Networking"), COOPETITION: _l("Coopetition")}


@dataclass(frozen=True)
class Candidate:
    """Two firms that might suit one another, in words."""

    kind: str
    first: Open
    second: Open
    first_gives: tuple[str, ...]
    """Names of components."""
    second_gives: tuple[str, ...]
    met: bool
    """Whether they were brought together already."""


def candidates(store: Reader, cohort_id: str, code: str) -> list[Candidate]:
    """Who might suit whom, of the members that are open to it and have finished."""
    model = models.load()
    open_to_it = {one.firm_id: one for one in introductions.open_firms(store, cohort_id)}
    stands = standings.read(store, cohort_id, model)
    places = [at for at, firm_id in enumerate(stands.firm_ids) if firm_id in open_to_it]
    several = {places.index(at): codes for at, codes in stands.several.items() if at in places}
    found = panel(model, stands.codes[:, places], several)
    firms = [open_to_it[stands.firm_ids[at]] for at in places]
    met, names = introductions.pairs(store, cohort_id), models.texts(model.version, code)["components"]

    def words(parts: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(str(names[model.components[at]]["name"]) for at in parts)

    return [
        Candidate(
            kind=pair.kind,
            first=firms[pair.first],
            second=firms[pair.second],
            first_gives=words(pair.first_gives),
            second_gives=words(pair.second_gives),
            met=(firms[pair.first].firm_id, firms[pair.second].firm_id) in met,
        )
        for pair in partners.pairs(found, [firm.sector for firm in firms], partners.gates_of(model, found))
    ]


@blueprint.get("/programmes/<cohort_id>/partners")
@access.manager
def index(cohort_id: str) -> str:
    """The candidates, and whom the programme has brought together."""
    return render_template(
        "partners/index.html",
        cohort=access.cohort(),
        open_firms=introductions.open_firms(access.store(), cohort_id),
        candidates=candidates(access.store(), cohort_id, locale.current().code),
        introductions=introductions.listing(access.store(), cohort_id),
        kinds=KINDS,
        strong=partners.STRONG,
        weak=partners.WEAK,
        gate=models.load().judgement.route_gate,
    )


@dataclass(frozen=True)
class Letter:
    """A mail as it will go."""

    to: Open
    subject: str
    body: str


def _letters(found: Candidate, cohort: str) -> tuple[Letter, Letter]:
    """The mails to both, each in the firm's own language; no score is in them."""
    return (
        _letter(found.first, found.second, found.kind, cohort),
        _letter(found.second, found.first, found.kind, cohort),
    )


def _letter(to: Open, other: Open, kind: str, cohort: str) -> Letter:
    me, words = access.person(), language(to.language).words
    values = {
        "firm": mail.line(to.name),
        "other": mail.line(other.name),
        "cohort": mail.line(cohort),
        "organisation": mail.line(me.organisation.name),
        "person": mail.line(me.user.name),
        "address": other.email or "–",
        "contact": me.organisation.contact or me.user.email,
    }
    if kind == COOPETITION:
        why = words(
            "You work in the same field, and each of you is strong where the other still has some way to go."
            " Before you share anything of worth, put in writing what stays confidential, and keep to"
            " competition law.",
        )
    else:
        why = words("Each of you may have something that the other is looking for.")
    body = words(
        "Hello,\n\nyour firm %(firm)s said that it is open to meet other firms of “%(cohort)s”, and so did"
        " %(other)s. %(person)s of %(organisation)s thinks that the two of you should talk.",
        **values,
    )
    reach = words("You reach %(other)s by: %(address)s", **values)
    end = words("Questions to %(organisation)s:\n%(contact)s", **values)
    subject = words("%(organisation)s introduces %(other)s to you", **values)
    return Letter(to, subject, f"{body}\n\n{why}\n\n{reach}\n\n{end}\n")


def _chosen() -> Candidate:
    """The candidate that an address or a form names; 404 for one that is none, as far as anybody can see."""
    given = request.values
    wanted = {given.get("first", ""), given.get("second", "")}
    found = candidates(access.store(), access.cohort().id, locale.current().code)
    return next(
        (
            one
            for one in found
            if {one.first.firm_id, one.second.firm_id} == wanted and one.kind == given.get("kind")
        ),
        None,
    ) or abort(404)


@blueprint.get("/programmes/<cohort_id>/partners/introduce")
@access.manager
def confirm(cohort_id: str) -> str:
    """Both mails as they will go, before they do."""
    del cohort_id
    found = _chosen()
    return render_template(
        "partners/confirm.html",
        cohort=access.cohort(),
        found=found,
        letters=_letters(found, access.cohort().name),
        kinds=KINDS,
        by_mail=mail.configured(),
    )


@blueprint.post("/programmes/<cohort_id>/partners/introduce")
@access.manager
def introduce(cohort_id: str) -> Page:
    """Bring two firms together, if both are still open to it."""
    kind, author, cohort = request.form.get("kind", ""), access.person().author, access.cohort()
    if kind not in KINDS:
        abort(404)
    with access.store().write() as transaction:
        introductions.hold(transaction, cohort_id)
        first = introductions.open_firm(transaction, cohort_id, named("first"))
        second = introductions.open_firm(transaction, cohort_id, named("second"))
        both = first is not None and second is not None and first.firm_id != second.firm_id
        if first and second and both:
            found = Candidate(kind, first, second, (), (), met=False)
            if introductions.make(transaction, author, cohort_id, kind, first, second):
                _post(transaction, _letters(found, cohort.name))
    mail.nudge()
    session["notice"] = (
        _("They are introduced.") if both else _("One of them is open to it no more; nothing was sent.")
    )
    return redirect(url_for(".index", cohort_id=cohort_id))


def _post(transaction: Transaction, letters: tuple[Letter, Letter]) -> None:
    """Post both mails to who has an address, if this server sends mail."""
    for letter in letters:
        if mail.configured() and letter.to.email:
            organisation_id = access.person().organisation.id
            outbox.put(
                transaction, letter.to.email, letter.subject, letter.body, mail.LINK_LIFETIME, organisation_id
            )

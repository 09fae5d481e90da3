"""The firms of a cohort: who is in it, and how a programme brings firms of its portfolio in."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from readiness.core.merge import digest
from readiness.core.typed import storable, tidy
from readiness.reports.facts import SECTORS
from readiness.storage import cohorts, members, portfolio
from readiness.storage.portfolio import Query
from readiness.web import access, locale
from readiness.web.forms import page_number

blueprint = Blueprint("members", __name__)
Page = str | Response | tuple[str, int]

PAGE = 50


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
    page = min(page_number(), pages)
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

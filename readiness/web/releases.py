"""Publication: what leaves the organisation of a cohort, and the public page of it."""

from __future__ import annotations

import csv as table
import io
import json
from functools import lru_cache

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from readiness.core.disclosure import Refusal
from readiness.core.merge import digest
from readiness.reports import releaseview
from readiness.reports.guard import guarded
from readiness.reports.language import LANGUAGES, language
from readiness.storage import cohorts, releases
from readiness.storage.releases import MEMBERS, PUBLIC, Release
from readiness.web import access, background, locale, publishing
from readiness.web.downloads import attachment
from readiness.web.forms import named
from readiness.web.publishing import Prepared

blueprint = Blueprint("releases", __name__)
Page = str | Response | tuple[str, int]

AUDIENCES = {MEMBERS: _l("the firms of the cohort"), PUBLIC: _l("everybody")}
REFUSALS = {
    "too_few": _l("At least ten firms must have finished; below that, numbers would tell of single firms."),
    "unchanged": _l(
        "Fewer than five firms differ from the last publication of this cohort. Comparing the two would tell"
        " of those few, so wait until more have joined or answered anew."
    ),
    "solvable": _l(
        "Together with what was published before, the tables would let somebody work out what single firms"
        " answered. Wait until more firms have joined or answered anew."
    ),
}


@blueprint.get("/programmes/<cohort_id>/publication")
@access.manager
def index(cohort_id: str) -> str:
    """What is out, and what would go out now."""
    del cohort_id
    return _page()


def _page(problem: str = "") -> str:
    cohort, organisation = access.cohort(), access.person().organisation
    made = publishing.prepare(access.store(), cohort, organisation.name)
    completion = cohorts.completion(access.store(), cohort.id)
    out = made if isinstance(made, Prepared) else None
    return render_template(
        "releases/index.html",
        cohort=cohort,
        releases=releases.listing(access.store(), organisation.id, cohort.id),
        audiences=AUDIENCES,
        refusal=REFUSALS[made.reason] if isinstance(made, Refusal) else "",
        view=out and releaseview.make_view(out.content, locale.current()),
        held_back=out.held_back if out else 0,
        waiting=completion.joined - completion.finished,
        seen=digest(out.content) if out else "",
        problem=problem,
    )


@blueprint.post("/programmes/<cohort_id>/publication")
@access.manager
def publish(cohort_id: str) -> Page:
    """Let out what was seen, and nothing else."""
    audience, me = request.form.get("audience", ""), access.person()
    if audience not in AUDIENCES:
        abort(400)
    with access.store().write() as transaction:
        releases.hold(transaction, me.organisation.id)
        cohort = cohorts.find(transaction, me.organisation.id, cohort_id) or abort(404)
        made = publishing.prepare(transaction, cohort, me.organisation.name)
        same = isinstance(made, Prepared) and digest(made.content) == request.form.get("seen")
        if isinstance(made, Prepared) and same:
            releases.add(transaction, me.author, cohort_id, audience, made.content, made.basis, made.number)
    if not same:
        return _page(_("The cohort has changed meanwhile. Below is what would go out now.")), 409
    session["notice"] = _("It is out.")
    return redirect(url_for(".index", cohort_id=cohort_id))


@blueprint.post("/programmes/<cohort_id>/publication/withdraw")
@access.manager
def withdraw(cohort_id: str) -> Response:
    """Show a publication no more."""
    if not releases.withdraw(access.store(), access.person().author, cohort_id, named("release")):
        abort(404)
    return redirect(url_for(".index", cohort_id=cohort_id))


def _published(release_id: str) -> Release:
    """The public release with this id; 404 for any other, and for one that was withdrawn."""
    found = releases.find_public(access.store(), release_id)
    if found is None or found.withdrawn_at:
        abort(404)
    return found


@blueprint.get("/published/<release_id>")
@access.public
def show(release_id: str) -> Page:
    """The public page."""
    found = releases.find_public(access.store(), release_id)
    if found is None:
        abort(404)
    if found.withdrawn_at:
        return render_template("releases/withdrawn.html"), 410
    view = releaseview.make_view(found.content, locale.current())
    return render_template("releases/public.html", release=found, view=view)


@blueprint.get("/published/<release_id>/<code>.csv")
@access.public
def csv(release_id: str, code: str) -> Response:
    """Every table of it as one table's file."""
    found = _published(release_id)
    if code not in LANGUAGES:
        abort(404)
    file = io.StringIO()
    lines = releaseview.rows(found.content, language(code))
    table.writer(file).writerows([guarded(cell) for cell in line] for line in lines)
    return attachment(f"\ufeff{file.getvalue()}", "text/csv", found.content["cohort"], "csv")


@blueprint.get("/published/<release_id>/data.json")
@access.public
def data(release_id: str) -> Response:
    """The same for programs."""
    found = _published(release_id)
    text = json.dumps(found.content, ensure_ascii=False, indent=1)
    return attachment(text, "application/json", found.content["cohort"], "json")


@blueprint.get("/published/<release_id>/<code>.pdf")
@access.public
def pdf(release_id: str, code: str) -> Response:
    """The same on paper."""
    found = _published(release_id)
    if code not in LANGUAGES:
        abort(404)
    content = _printed(json.dumps(found.content, ensure_ascii=False), code)
    return attachment(content, "application/pdf", found.content["cohort"], "pdf")


@lru_cache(maxsize=32)
def _printed(content: str, code: str) -> bytes:
    """What is frozen need be printed only once while it is asked for."""
    return background.printer().release(json.loads(content), code)

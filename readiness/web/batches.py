"""Reports of many firms at once: chosen, made in the background, taken away as one ZIP."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper
from wtforms import SelectField

from readiness.reports.language import LANGUAGES
from readiness.storage import batches, portfolio
from readiness.storage.batches import Batch
from readiness.storage.engine import now
from readiness.storage.portfolio import Line, Query
from readiness.web import access, locale
from readiness.web.bulk import bulk
from readiness.web.downloads import attachment, file_name, report_name
from readiness.web.portfolio import show_filter, wanted
from readiness.web.rows import make_rows

blueprint = Blueprint("batches", __name__)
Page = str | AnyResponse | tuple[str, int]

#: Reports in one batch; about half a megabyte each on disk and in the ZIP at worst.
MOST = 500
#: Reports of an organisation that wait to be made, and that are kept, in all its batches.
MOST_WAITING, MOST_KEPT = MOST, 10 * MOST
#: What of the portfolio's filter stands in the address.
FILTER = ("q", "sector", "status", "sort", "archived")
KINDS = {"final": _l("Final reports of finished assessments"), "draft": _l("Drafts, of open ones too")}
#: Why a report could not be made.
PROBLEMS = {
    "gone": _l("It is no longer in your portfolio."),
    "reopened": _l("The answers were opened again and are not finished."),
    "unprinted": _l("The PDF could not be made; the server's log says why."),
    "unavailable": _l("This server cannot make PDFs at present."),
}


class BatchForm(FlaskForm):
    """What kind of reports."""

    language = SelectField(_l("Language"))
    kind = SelectField(_l("Kind"), default="final")


@dataclass(frozen=True)
class Choice:
    """A firm that can be chosen, and how it stands in words."""

    line: Line
    status: str
    chosen: bool


def _form() -> BatchForm:
    form = BatchForm()
    form.language.choices = [(code, language.name) for code, language in LANGUAGES.items()]
    form.kind.choices = list(KINDS.items())
    if not form.is_submitted():
        form.language.data = locale.current().code
    return form


def _choices(query: Query) -> list[Choice]:
    lines = portfolio.listing(access.store(), access.person().organisation.id, replace(query, page=1), MOST)
    chosen, everybody = set(request.form.getlist("firm")), request.form.get("all") == "yes"
    rows = make_rows(lines, now()[:10])
    return [
        Choice(line, row.status, everybody or line.firm.id in chosen)
        for line, row in zip(lines, rows, strict=True)
    ]


@blueprint.route("/portfolio/reports", methods=["GET", "POST"])
@access.consultant
def index() -> Page:
    """Choose the firms, the language and the kind; what was made before."""
    query, form = wanted(), _form()
    choices = _choices(query)
    if not form.validate_on_submit():
        return _index(query, form, choices, status=400 if form.is_submitted() else 200)
    draft = form.kind.data == "draft"
    lines = [one.line for one in choices if one.chosen]
    rounds = [(line.latest if draft else line.finished, line.firm.name) for line in lines]
    found = [(item.id, name) for item, name in rounds if item is not None]
    if not found:
        problem = _("Choose a firm with an assessment that can be printed.")
        return _index(query, form, choices, problem, 400)
    problem = _no_room(len(found))
    if problem:
        return _index(query, form, choices, problem, 429)
    me = access.person()
    batch_id = batches.add(access.store(), me.author, str(form.language.data), draft, found)
    bulk().nudge(me.organisation.id, batch_id)
    return redirect(url_for(".show", batch_id=batch_id))


def _no_room(more: int) -> str:
    """Why so many more reports cannot be ordered now, or nothing."""
    ordered = batches.listing(access.store(), access.person().organisation.id)
    number, problem = locale.current().number, ""
    if sum(batch.waiting for batch in ordered) + more > MOST_WAITING:
        problem = _(
            "At most %(most)s reports wait to be made. Let those be made first.", most=number(MOST_WAITING)
        )
    elif sum(batch.total for batch in ordered) + more > MOST_KEPT:
        problem = _("At most %(most)s reports are kept. Remove some first.", most=number(MOST_KEPT))
    return problem


def _index(
    query: Query, form: BatchForm, choices: list[Choice], problem: str = "", status: int = 200
) -> tuple[str, int]:
    organisation = access.person().organisation.id
    page = render_template(
        "batches/index.html",
        query=query,
        here=f"{url_for('.index')}?{urlencode(_kept())}",
        form=form,
        choices=choices,
        problem=problem,
        more=portfolio.count(access.store(), organisation, query) > len(choices),
        batches=batches.listing(access.store(), organisation),
        filter=show_filter(locale.current().code, query),
        most=MOST,
    )
    return page, status


def _kept() -> list[tuple[str, str]]:
    """What the address says of the wanted firms."""
    return [(name, value) for name, value in request.args.items() if name in FILTER]


def _batch(batch_id: str) -> Batch:
    """The batch of this organisation; 404 for anybody else's."""
    found = batches.find(access.store(), access.person().organisation.id, batch_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/portfolio/reports/<batch_id>")
@access.member
def show(batch_id: str) -> str:
    """How far a batch is; what an earlier server left unfinished goes on."""
    found = _batch(batch_id)
    if found.waiting:
        bulk().nudge(found.organisation_id, batch_id)
    items = batches.items(access.store(), batch_id)
    return render_template("batches/show.html", batch=found, items=items, problems=PROBLEMS, kinds=KINDS)


@blueprint.post("/portfolio/reports/<batch_id>/go-on")
@access.consultant
def go_on(batch_id: str) -> AnyResponse:
    """Try again what failed, and take up what was left."""
    found = _batch(batch_id)
    batches.retry(access.store(), batch_id)
    bulk().nudge(found.organisation_id, batch_id)
    return redirect(url_for(".show", batch_id=batch_id))


@blueprint.post("/portfolio/reports/<batch_id>/remove")
@access.consultant
def remove(batch_id: str) -> AnyResponse:
    """Remove a batch with its reports."""
    _batch(batch_id)
    batches.remove(access.store(), access.person().author, batch_id)
    return redirect(url_for(".index"))


@blueprint.get("/portfolio/reports/<batch_id>/reports.zip")
@access.member
def download(batch_id: str) -> Response:
    """What was made so far, as one ZIP."""
    found = _batch(batch_id)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        _pack(file, found)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    response = attachment(FileWrapper(file), "application/zip", access.person().organisation.name, "zip")
    response.content_length = size
    response.call_on_close(file.close)
    return response


def _pack(file: IO[bytes], found: Batch) -> None:
    """Write the reports of a batch into a ZIP; PDFs are compressed already."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for assessment_id, name in _named(found):
            pdf = batches.pdf(access.store(), found.id, assessment_id)
            if pdf is not None:
                day = (
                    int(found.created_at[:4]),
                    int(found.created_at[5:7]),
                    int(found.created_at[8:10]),
                    0,
                    0,
                    0,
                )
                packed.writestr(zipfile.ZipInfo(name, day), pdf)


def _named(found: Batch) -> Iterator[tuple[str, str]]:
    """Every report that was made, by a name of its own that no file system minds."""
    taken: set[str] = set()
    for item in batches.items(access.store(), found.id):
        if item.status != batches.MADE:
            continue
        name = file_name(report_name(item.firm, found.language, found.draft))
        unique, count = name, 1
        while unique.casefold() in taken:
            count += 1
            unique = f"{name} ({count})"
        taken.add(unique.casefold())
        yield item.assessment_id, f"{unique}.pdf"

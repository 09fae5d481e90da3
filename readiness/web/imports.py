"""Answers in: a file of many firms is uploaded, looked over, and taken in as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from readiness.core import model as models
from readiness.core.answers import Codes
from readiness.core.model import Model
from readiness.core.outcomes import Outcome, outcomes
from readiness.core.typed import storable, tidy
from readiness.reports import answerlist, answersheet, sheetwords
from readiness.reports.facts import N_, REGIONS, SECTORS
from readiness.reports.intake import MOST_BYTES, MOST_JSON_BYTES, MOST_ROWS, OPEN, Batch, Round, refused
from readiness.reports.language import LANGUAGES, language
from readiness.storage import imports
from readiness.storage.assessments import Result
from readiness.storage.engine import now
from readiness.storage.imports import ADD_FIRM, ADD_ROUND, SKIP, Done, NewFirm, NewRound, Upload
from readiness.web import access, locale
from readiness.web.downloads import attachment

blueprint = Blueprint("imports", __name__)
Page = str | AnyResponse | tuple[str, int]

WAYS = {
    SKIP: _l("Leave them as they are, and import the other firms"),
    ADD_ROUND: _l("Add a further round to them; what is known of the firm stays as it is"),
    ADD_FIRM: _l("Add them once more, as further firms of the same name"),
}
#: Firms that the preview shows, and names that it lists.
SHOWN, NAMED = 5, 20
MEGABYTE = 1024 * 1024
NOTHING = Result(None, None, None, None)
NAME_LENGTH = 120
#: Columns that the page speaks of.
EXAMPLES = ["note 12", "reason 12", "no", "finished"]


@dataclass(frozen=True)
class Preview:
    """What a file would do to the portfolio."""

    batch: Batch
    known: tuple[str, ...]
    """Names of the firms that are in the portfolio already."""
    ambiguous: tuple[str, ...]
    """Those of them that stand for several firms, there or in the file."""

    @property
    def ways(self) -> tuple[str, ...]:
        """What may become of the firms that are known."""
        return tuple(way for way in WAYS if way != ADD_ROUND or not self.ambiguous)


def read(content: bytes) -> Batch:
    """What a file holds, or every problem in it."""
    today = datetime.now(UTC).date()
    if len(content) > MOST_BYTES:
        return refused(
            N_("A file may have at most %(most)s megabytes. Split it, please."), most=MOST_BYTES // MEGABYTE
        )
    if answerlist.looks_like(content):
        return answerlist.read(content, today)
    return answersheet.read(content, today, _("Founder"))


def _preview(batch: Batch) -> Preview:
    names = batch.names
    there = imports.known(access.store(), access.person().organisation.id, names)
    often = Counter(names)
    listed = {name: str(entry.facts["name"]) for name, entry in zip(names, batch.entries, strict=True)}
    known = {name: spelt for name, spelt in listed.items() if name in there}
    several = tuple(spelt for name, spelt in known.items() if there[name] > 1 or often[name] > 1)
    return Preview(batch, tuple(known.values()), several)


@blueprint.route("/portfolio/import", methods=["GET", "POST"])
@access.consultant
@access.takes_files
@access.body_up_to(MOST_BYTES + MEGABYTE)
def upload() -> Page:
    """Upload a file; what is wrong with it is said, and nothing of it kept."""
    if not access.person().may_change_firms:
        abort(403)
    if request.method == "GET":
        return _form(None)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _form(None, _("Please choose a file.")), 400
    content = file.read()
    batch = read(content)
    if batch.count:
        return _form(batch), 400
    name = " ".join(tidy(file.filename).split())[:NAME_LENGTH]
    kept = imports.keep(access.store(), access.person().author, name if storable(name) else "–", content)
    return redirect(url_for(".preview", upload_id=kept))


def _form(batch: Batch | None, problem: str = "") -> str:
    return render_template(
        "imports/upload.html",
        batch=batch,
        problem=problem,
        most_rows=MOST_ROWS,
        megabytes=MOST_BYTES // MEGABYTE,
        json_megabytes=MOST_JSON_BYTES // MEGABYTE,
        sectors=SECTORS,
        regions=REGIONS,
        terms=models.texts(models.CURRENT, locale.current().code)["terms"],
        columns=dict(zip(EXAMPLES, sheetwords.header(EXAMPLES, locale.current()), strict=True)),
        still_open=sheetwords.STILL_OPEN,
    )


def _uploaded(upload_id: str) -> Upload:
    """The organisation's file that this request is about; 404 for anybody else's."""
    if not access.person().may_change_firms:
        abort(403)
    found = imports.find(access.store(), access.person().organisation.id, upload_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/portfolio/import/<upload_id>")
@access.consultant
def preview(upload_id: str) -> Page:
    """What the file holds, before anything of it is stored."""
    found = _uploaded(upload_id)
    return _preview_page(found, _preview(read(found.content)))


def _preview_page(found: Upload, shown: Preview, problem: str = "") -> str:
    return render_template(
        "imports/preview.html",
        upload=found,
        preview=shown,
        problem=problem,
        ways=WAYS,
        shown=SHOWN,
        named=NAMED,
        sectors=SECTORS,
    )


@blueprint.post("/portfolio/import/<upload_id>")
@access.consultant
def confirm(upload_id: str) -> Page:
    """Take in everything that the preview showed, or nothing."""
    found, way = _uploaded(upload_id), request.form.get("way", SKIP)
    if way not in WAYS:
        abort(400)
    batch = read(found.content)
    try:
        done = imports.take_in(
            access.store(), access.person().author, found.id, scored(batch), locale.current().code, way
        )
    except imports.Gone:
        abort(404)
    except imports.Ambiguous:
        problem = _("A name stands for several firms, so nothing was imported. Choose another way, please.")
        return _preview_page(found, _preview(batch), problem), 409
    session["notice"] = _told(done)
    return redirect(url_for("portfolio.index"))


@blueprint.post("/portfolio/import/<upload_id>/discard")
@access.consultant
def discard(upload_id: str) -> AnyResponse:
    """Throw the file away."""
    imports.throw_away(access.store(), access.person().organisation.id, _uploaded(upload_id).id)
    return redirect(url_for(".upload"))


@blueprint.get("/portfolio/import/template.<code>.csv")
@access.consultant
def template(code: str) -> Response:
    """An empty table with its header."""
    if code not in LANGUAGES:
        abort(404)
    name = language(code).words("answers of firms")
    return attachment(answersheet.template(language(code)), "text/csv", name, "csv")


def _told(done: Done) -> str:
    number = locale.current().number
    parts = [
        ngettext(
            "%(count)s firm was added.", "%(count)s firms were added.", done.firms, count=number(done.firms)
        )
    ]
    if done.rounds:
        parts.append(
            ngettext(
                "%(count)s round was added to a firm of the portfolio.",
                "%(count)s rounds were added to firms of the portfolio.",
                done.rounds,
                count=number(done.rounds),
            )
        )
    if done.skipped:
        parts.append(
            ngettext(
                "%(count)s firm was left as it is.",
                "%(count)s firms were left as they are.",
                done.skipped,
                count=number(done.skipped),
            )
        )
    return " ".join(parts)


def scored(batch: Batch) -> list[NewFirm]:
    """The firms of a file with what each round comes to; one with nothing on the scale stays open."""
    results = _results(batch)
    return [
        NewFirm(
            {**entry.facts, "email": entry.email},
            [_scored(entry.model, item, next(results)) for item in entry.rounds],
        )
        for entry in batch.entries
    ]


def _scored(model: Model, item: Round, outcome: Outcome) -> NewRound:
    moment = _moment(item)
    result = Result(outcome.overall, outcome.low, outcome.high, outcome.route) if moment else NOTHING
    return NewRound(model.version, moment, result, item.responses)


def _results(batch: Batch) -> Iterator[Outcome]:
    """What each round comes to, in the order of the file; those of a model are worked out together."""
    rounds = [(entry.model.version, item) for entry in batch.entries for item in entry.rounds]
    by_model: dict[str, list[Codes]] = {}
    for version, item in rounds:
        by_model.setdefault(version, []).append(np.array([response.codes for response in item.responses]))
    found = {version: iter(outcomes(models.load(version), codes)) for version, codes in by_model.items()}
    return (next(found[version]) for version, _item in rounds)


def _moment(item: Round) -> str | None:
    """When a round was finished; None for one that is open."""
    if item.finished == OPEN or not item.known:
        return None
    return f"{item.finished}T00:00:00Z" if item.finished else now()

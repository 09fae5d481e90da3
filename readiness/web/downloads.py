"""What a holder takes away: the PDF, the answers, the scores."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as AnyResponse

from readiness.core import answers as answering
from readiness.core import scoring
from readiness.reports.docx import make_docx
from readiness.reports.language import LANGUAGES, language
from readiness.storage import allowances, reports
from readiness.web import access, background, profile
from readiness.web.forms import visitor_hash

blueprint = Blueprint("downloads", __name__)
#: Each that has to be made keeps others waiting for theirs.
DOCUMENTS_PER_HOUR = 120
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Control characters, those that turn the reading direction, and what file systems forbid.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069/\\:*?"<>|]+')


def file_name(name: str) -> str:
    """A name that every file system takes, without its ending."""
    return " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(" .")[:80].strip(" .") or "profile"


def attachment(content: bytes | str | Iterable[bytes], kind: str, name: str, ending: str) -> Response:
    """A download under a readable name."""
    safe = file_name(name)
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "", safe).strip() or "profile"
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": f"{plain}.{ending}", "filename*": None}
    )
    if plain != safe:
        from urllib.parse import quote

        response.headers["Content-Disposition"] += f"; filename*=UTF-8''{quote(f'{safe}.{ending}')}"
    return response


def _json(value: Any, name: str) -> Response:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return attachment(text, "application/json", name, "json")


@blueprint.get("/a/<key>/profile.<code>.pdf")
@access.holder
def pdf(key: str, code: str) -> AnyResponse:
    """The profile as PDF: the one made when finishing, or made now and kept.

    Who looks after the firm can have a draft instead, before the answers are finished too.
    """
    found, draft = access.assessment(), _wants_draft()
    if code not in LANGUAGES or not (found.finished or draft):
        return redirect(url_for("questionnaire.resume", key=key))
    made = profile.make(found, code, draft)
    content = reports.find(access.store(), found.id, code, made.fingerprint)
    if content is None:
        _count_document()
        content = background.wait(background.printer().order(found.id, made))
    return attachment(content, "application/pdf", report_name(found.firm.name, code, draft), "pdf")


@blueprint.get("/a/<key>/profile.<code>.docx")
@access.holder
def docx(key: str, code: str) -> AnyResponse:
    """The profile as a document to edit."""
    found, draft = access.assessment(), _wants_draft()
    if code not in LANGUAGES or not (found.finished or draft):
        return redirect(url_for("questionnaire.resume", key=key))
    _count_document()
    content = make_docx(profile.make(found, code, draft))
    return attachment(content, DOCX, report_name(found.firm.name, code, draft), "docx")


def _count_document() -> None:
    """One more that has to be made: 429 for who came by a private link and had too many made."""
    if access.by_link() and not allowances.spend(
        access.store(), "document", visitor_hash(), DOCUMENTS_PER_HOUR, timedelta(hours=1)
    ):
        abort(429)


def _wants_draft() -> bool:
    return request.args.get("draft") == "yes" and not access.by_link()


def report_name(firm: str, code: str, draft: bool) -> str:
    """What the file of a firm's report is called, without its ending."""
    words = language(code).words
    return words("%(firm)s profile draft", firm=firm) if draft else words("%(firm)s profile", firm=firm)


@blueprint.get("/a/<key>/answers.json")
@access.holder
def answers(key: str) -> Response:
    """The answers in the exchange format."""
    del key
    found = access.assessment()
    return _json(answering.export(found.answers()), _("%(firm)s answers", firm=found.firm.name))


@blueprint.get("/a/<key>/scores.json")
@access.holder
def scores(key: str) -> Response:
    """The scores in the exchange format, unrounded."""
    del key
    found = access.assessment()
    given = found.answers()
    document = scoring.export(scoring.score(given), given.firm)
    return _json(document, _("%(firm)s scores", firm=found.firm.name))

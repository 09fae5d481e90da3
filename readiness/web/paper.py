"""The questionnaire on paper, to be filled in with a pen."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response, abort

from readiness.reports.language import LANGUAGES, language
from readiness.web import access, background
from readiness.web.downloads import attachment

blueprint = Blueprint("paper", __name__)


@cache
def _questionnaire(code: str) -> bytes:
    return background.printer().paper(code)


@blueprint.get("/questionnaire.<code>.pdf")
@access.public
def pdf(code: str) -> Response:
    """The empty questionnaire as PDF."""
    if code not in LANGUAGES:
        abort(404)
    return attachment(
        _questionnaire(code), "application/pdf", language(code).words("Readiness questionnaire"), "pdf"
    )

"""Errors as pages: what happened, where, and what to do. The only place that maps them."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable
from werkzeug.wrappers import Response

from readiness.reports.pdf import PdfError, PdfUnavailable
from readiness.storage.engine import StorageError
from readiness.web import access, problems
from readiness.web.locale import for_programs


def wants_json() -> bool:
    """Whether the request came from a script of ours."""
    return request.accept_mimetypes.best == "application/json"


def _words(code: int) -> tuple[str, str]:
    return {
        400: (_("This request is not right"), _("Go back, check what you entered, and try again.")),
        403: (_("This is not allowed"), _("You may look at this, but not change it.")),
        404: (
            _("There is nothing here"),
            _("Check the address. If it was a private link, it may be incomplete or deleted."),
        ),
        405: (_("This is not how the page works"), _("Open the page again and use its buttons.")),
        413: (_("That is too much at once"), _("Shorten the longest text and send it again.")),
        429: (_("Too many at once"), _("Please wait an hour and try again.")),
        503: (_("This cannot be made right now"), _("Nothing is lost. Please try again in a minute.")),
    }.get(code, (_("Something went wrong"), _("Nothing that was saved is lost. Please try again.")))


def page(code: int, explanation: str = "") -> tuple[str, int]:
    """The error page of a status."""
    title, advice = _words(code)
    return render_template("errors/error.html", title=title, advice=explanation or advice), code


def _handle(error: HTTPException) -> Response | tuple[Response | str, int, list[tuple[str, str]]]:
    if error.code is None or error.code < 400:
        return Response.force_type(error.get_response(), request.environ)
    if for_programs():
        return problems.answer(error)
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    if wants_json():
        return jsonify(error=_words(error.code)[0]), error.code, headers
    explanation = ""
    if error.code == 413 and access.awaits_file():
        explanation = _("The file is too large for this page. Choose a smaller one, or split it.")
    return *page(error.code, explanation), headers


def _unknown_host(error: SecurityError) -> Response:
    """Plain text: under a name that is not ours no page can name its parts."""
    advice = _(
        "This server does not answer under this name. Whoever runs it sets READINESS_BASE_URL to the"
        " address that people use."
    )
    if for_programs():
        return problems.document(error.code, advice)
    return Response(f"{advice}\n", status=error.code, mimetype="text/plain")


def _forged(error: CSRFError) -> tuple[Response | str, int]:
    del error
    advice = _(
        "The page was open for very long or cookies are off, so it could not be checked that the"
        " form came from you. Go back, reload the page and send it again."
    )
    return (jsonify(error=advice), 400) if wants_json() else page(400, advice)


def _unprinted(error: PdfError) -> tuple[str, int]:
    current_app.logger.error("no PDF: %s", error)
    if isinstance(error, PdfUnavailable):
        return page(
            503,
            _("This server cannot make PDFs at present. Print the profile page from your browser instead."),
        )
    return page(503)


def _unstored(error: StorageError) -> Response | tuple[Response | str, int]:
    current_app.logger.error("storage: %s", error)
    if for_programs():
        return problems.answer(ServiceUnavailable())
    return (jsonify(error=_words(503)[0]), 503) if wants_json() else page(503)


def _failed(error: InternalServerError) -> Response | tuple[str, int]:
    return problems.answer(error) if for_programs() else page(500)


def _log(exc_info: Any) -> None:
    """Name the view and not the address, which would put a private link's key into the log."""
    current_app.logger.error("failed: %s %s", request.method, request.endpoint, exc_info=exc_info)


def init(app: Flask) -> None:
    """Map exceptions to pages."""
    app.log_exception = _log  # type: ignore[method-assign]
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _handle)
    app.register_error_handler(InternalServerError, _failed)
    app.register_error_handler(PdfError, _unprinted)
    app.register_error_handler(StorageError, _unstored)

"""Pages for everybody: what this is, the method, the sample profile."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from readiness.core import answers as answering
from readiness.core import model as models
from readiness.core.answers import Answers
from readiness.reports.language import language
from readiness.reports.profile import Profile, make_profile
from readiness.web import access, background, locale, pacing
from readiness.web.downloads import attachment

blueprint = Blueprint("pages", __name__)
SAMPLE_DATE = date(2026, 3, 2)


@cache
def sample_answers(code: str) -> Answers:
    """The answers of an invented firm."""
    folder = files("readiness.core.data")
    own = folder / f"sample.{code}.json"
    return answering.read((own if own.is_file() else folder / "sample.en.json").read_text(encoding="utf-8"))


@cache
def _sample(code: str) -> Profile:
    return make_profile(sample_answers(code), language(code), SAMPLE_DATE)


@cache
def _sample_pdf(code: str) -> bytes:
    return background.printer().plain(sample_answers(code), code, SAMPLE_DATE)


@blueprint.get("/")
@access.public
def landing() -> str:
    """What it is, how long it takes, what happens with the answers."""
    count = len(models.load().indicators)
    return render_template("pages/landing.html", count=count, minutes=pacing.minutes(count))


@blueprint.get("/sample")
@access.public
def sample() -> str:
    """The profile of an invented firm."""
    profile = _sample(locale.current().code)
    shown = [total.key for total in profile.sums]
    return render_template("pages/sample.html", profile=profile, sums_shown=shown)


@blueprint.get("/sample.pdf")
@access.public
def sample_pdf() -> Response:
    """The sample profile as PDF."""
    return attachment(_sample_pdf(locale.current().code), "application/pdf", _("sample profile"), "pdf")


@blueprint.get("/method")
@access.public
def method() -> str:
    """The model: its indicators, their importance and where each number comes from."""
    model = models.load()
    texts = models.texts(model.version, locale.current().code)
    return render_template(
        "pages/method.html", model=model, texts=texts, references=models.references(model.version)
    )


@blueprint.get("/healthz")
@access.public
def health() -> Response:
    """Whether the server and its database answer."""
    access.store().row("SELECT 1 AS one")
    return Response("ok\n", mimetype="text/plain")

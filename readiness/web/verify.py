"""Verified answers: what a consultant saw of each indicator, beside what the firm answered."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from readiness.core import model as models
from readiness.core.answers import CODE_OF, WORDS
from readiness.core.merge import Merged, digest
from readiness.storage import verified
from readiness.storage.assessments import Assessment
from readiness.storage.verified import NOTHING, Verified
from readiness.web import access, locale
from readiness.web.forms import problem_of, tidy

blueprint = Blueprint("verify", __name__)
Page = str | Response | tuple[str, int]

NOTE_LENGTH = 500


@dataclass(frozen=True)
class Line:
    """One indicator as the form shows it."""

    number: int
    item: Verified
    seen: str
    """Digest of what the form was filled with."""
    problem: str = ""
    other: Verified | None = None
    """What is stored meanwhile, where it conflicts with what was sent."""


def _lines(found: Assessment) -> list[Line]:
    stored = verified.of(access.store(), found.id)
    items = {number: stored.get(number, NOTHING) for number in found.model.numbers}
    return [Line(number, item, digest(item.value())) for number, item in items.items()]


def _sent(found: Assessment) -> list[Line]:
    """What a form sent; indicators that were not on it are left alone."""
    return [_line(number) for number in found.model.numbers if f"seen-{number}" in request.form]


def _line(number: int) -> Line:
    word, note = request.form.get(f"answer-{number}", ""), tidy(request.form.get(f"note-{number}"))
    if word and word not in CODE_OF:
        abort(400)
    problem = problem_of(note, NOTE_LENGTH)
    if note and not word:
        problem = problem or _("A note needs an answer beside it; choose one, or clear the note.")
    return Line(number, Verified(word, note), request.form[f"seen-{number}"], problem)


def _settled(line: Line, merged: Merged) -> Line:
    """A line after it was merged: what is stored now, or both where they conflict."""
    other = merged.conflicts.get(str(line.number))
    return Line(line.number, line.item, digest((other or line.item).value()), other=other)


def _page(found: Assessment, lines: list[Line]) -> str:
    texts = models.texts(found.model.version, locale.current().code)
    return render_template(
        "verify/edit.html",
        found=found,
        lines={line.number: line for line in lines},
        troubled=[line for line in lines if line.problem or line.other],
        texts=texts,
        words=WORDS,
        choices=list(CODE_OF),
        may=access.may_change(),
    )


@blueprint.get("/a/<key>/verify")
@access.adviser
def edit(key: str) -> str:
    """Every indicator with the firm's answers and the verified one."""
    del key
    return _page(access.assessment(), _lines(access.assessment()))


@blueprint.post("/a/<key>/verify")
@access.adviser
def save(key: str) -> Page:
    """Store the verified answers."""
    found = access.assessment()
    lines = _sent(found)
    if any(line.problem for line in lines):
        return _page(found, lines), 400
    merged = verified.save(
        access.store(),
        access.person().author,
        found.id,
        {line.number: line.item for line in lines},
        {line.number: line.seen for line in lines},
    )
    if merged is None:
        abort(404)
    if merged.conflicts:
        return _page(found, [_settled(line, merged) for line in lines]), 409
    session["notice"] = _("The verified answers are saved.")
    return redirect(url_for(".edit", key=key))

"""Answering together: one indicator at a time, large, for a meeting before one screen."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from readiness.core import model as models
from readiness.core.answers import NOTE_LENGTH, REASON_LENGTH, WORDS
from readiness.core.fuzzy import TERMS
from readiness.core.merge import Merged, digest
from readiness.storage import responses
from readiness.storage.assessments import Assessment
from readiness.web import access, locale, questionnaire
from readiness.web.cards import Card
from readiness.web.questionnaire import Sent

blueprint = Blueprint("together", __name__)
Page = str | Response | tuple[str, int]


def _card(found: Assessment, number: int, sent: Sent | None, merged: Merged | None) -> Card:
    """What is stored; or what was just sent, if that needs the people in the room."""
    stored = found.own.answers[number]
    if sent is None:
        return Card(number, stored, digest(stored.value()))
    other = merged.conflicts.get(str(number)) if merged else None
    seen = digest(other.value()) if other else sent.seen
    return Card(number, sent.answer, seen, sent.problem, other)


def _page(found: Assessment, number: int, sent: Sent | None = None, merged: Merged | None = None) -> str:
    texts = models.texts(found.model.version, locale.current().code)
    numbers = found.model.numbers
    place = numbers.index(number)
    return render_template(
        "together/ask.html",
        found=found,
        key=(request.view_args or {})["key"],
        card=_card(found, number, sent, merged),
        component=texts["components"][found.model.indicators[place].component],
        texts=texts["indicators"][str(number)],
        terms=texts["terms"],
        scale=TERMS,
        words=WORDS,
        place=place + 1,
        before=numbers[place - 1] if place else None,
        after=next(iter(numbers[place + 1 :]), None),
        total=len(numbers),
        may=access.may_change(),
        note_length=NOTE_LENGTH,
        reason_length=REASON_LENGTH,
    )


@blueprint.get("/a/<key>/together")
@access.holder
def begin(key: str) -> Response:
    """Go on at the first question that is open, or begin at the first of all."""
    found = access.assessment()
    answers = found.own.answers
    number = next((item for item in found.model.numbers if not answers[item].settled), found.model.numbers[0])
    return redirect(url_for(".ask", key=key, number=number))


@blueprint.get("/a/<key>/together/<int:number>")
@access.holder
def ask(key: str, number: int) -> Page:
    """One question."""
    found = access.assessment()
    if number not in found.model.numbers:
        abort(404)
    return redirect(url_for("profile.show", key=key)) if found.finished else _page(found, number)


@blueprint.post("/a/<key>/together/<int:number>")
@access.holder
def answer(key: str, number: int) -> Page:
    """Store the answer whose button was pressed, and go on."""
    found = access.assessment()
    if number not in found.model.numbers:
        abort(404)
    sent = _read(number)
    try:
        merged = questionnaire.keep(found, {number: sent})
    except responses.Closed:
        return _page(access.reload_assessment(), number, sent), 409
    if merged.conflicts or sent.problem:
        return _page(access.reload_assessment(), number, sent, merged), 409 if merged.conflicts else 400
    if locale.choose(request.form.get("language")):
        return redirect(url_for(".ask", key=key, number=number))
    return redirect(_onward(found, key, number))


def _read(number: int) -> Sent:
    """The pressed answer, or else the one that the page showed, with its remarks."""
    form = request.form.copy()
    if "answer" in form:
        form[f"a-{number}"] = form["answer"]
    sent = questionnaire.read(form, [number]).get(number)
    if sent is None:
        abort(400)
    return sent


def _onward(found: Assessment, key: str, number: int) -> str:
    numbers, go = found.model.numbers, request.form.get("go")
    place = numbers.index(number) + {"back": -1, "stay": 0}.get(str(go), 1)
    if go == "check" or place == len(numbers):
        return url_for("questionnaire.check", key=key)
    return url_for(".ask", key=key, number=numbers[max(place, 0)])

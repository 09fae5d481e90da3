"""Typing a paper questionnaire in: every indicator on one page, a short word each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from readiness.core import model as models
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED
from readiness.core.fuzzy import TERMS
from readiness.core.merge import Merged, digest
from readiness.core.typed import fold
from readiness.reports.language import latin_digits
from readiness.storage import responses
from readiness.storage.assessments import Assessment
from readiness.storage.responses import Answer
from readiness.web import access, locale, profile

blueprint = Blueprint("typein", __name__)
Page = str | Response | tuple[str, int]

#: What is typed for a code: 1 is very low in every language, whichever way the boxes run on paper.
_TYPED = {str(at + 1): at for at in range(len(TERMS))} | {"d": DONT_KNOW, "n": NOT_APPLICABLE}
#: The same keys on a Persian keyboard, and the first letters of the words there.
_ALSO = {"ی": DONT_KNOW, "?": DONT_KNOW, "؟": DONT_KNOW, "د": NOT_APPLICABLE, "-": NOT_APPLICABLE}
_SHOWN = {code: typed for typed, code in _TYPED.items()} | {UNANSWERED: ""}
_LONGEST = 20


@dataclass(frozen=True)
class Row:
    """One indicator as the page shows it."""

    number: int
    typed: str
    before: str
    """What the field was filled with; what still says so was not touched."""
    seen: str
    wrong: bool = False
    other: str | None = None
    """What is stored meanwhile, where it conflicts with what was typed."""


def code_of(typed: str) -> int | None:
    """The code of what was typed; None if it means nothing."""
    word = fold(latin_digits(typed))
    return UNANSWERED if not word else {**_TYPED, **_ALSO}.get(word)


def _shown(answer: Answer) -> str:
    return locale.current().digits(_SHOWN[answer.code])


def _fresh(found: Assessment) -> dict[int, Row]:
    return {
        number: Row(number, _shown(answer), _shown(answer), digest(answer.value()))
        for number, answer in found.own.answers.items()
    }


def _sent(found: Assessment) -> dict[int, Row]:
    """The rows as the form sent them; what it did not send stands as it is stored."""
    rows = _fresh(found)
    for number in rows:
        if f"t-{number}" in request.form:
            typed = request.form[f"t-{number}"].strip()[:_LONGEST]
            before, seen = request.form.get(f"w-{number}", ""), request.form.get(f"s-{number}", "")
            rows[number] = Row(number, typed, before, seen, wrong=code_of(typed) is None)
    return rows


def _save(found: Assessment, rows: dict[int, Row]) -> Merged:
    """Save what was typed over; notes and reasons stay as they are."""
    touched = [row for row in rows.values() if not row.wrong and code_of(row.typed) != code_of(row.before)]
    stored = found.own.answers
    answers = {
        row.number: Answer(code_of(row.typed) or 0, stored[row.number].note, stored[row.number].reason)
        for row in touched
    }
    seen = {row.number: row.seen for row in touched}
    return responses.save(access.store(), found.own.id, found.model, answers, seen)


@blueprint.get("/a/<key>/type")
@access.holder
def page(key: str) -> Page:
    """All indicators in a table, to be filled in by keyboard."""
    found = access.assessment()
    if found.finished:
        return redirect(url_for("profile.show", key=key))
    return _page(key, found, _fresh(found))


@blueprint.post("/a/<key>/type")
@access.holder
def save(key: str) -> Page:
    """Save the rows; what cannot be understood or was changed elsewhere comes back."""
    found = access.assessment()
    rows = _sent(found)
    try:
        merged = _save(found, rows)
    except responses.Closed:
        return _page(key, access.reload_assessment(), rows), 409
    found = access.reload_assessment()
    again = {number: row for number, row in rows.items() if row.wrong}
    for name, other in merged.conflicts.items():
        row = rows[int(name)]
        again[row.number] = Row(
            row.number, row.typed, _shown(other), digest(other.value()), other=_shown(other)
        )
    if again:
        return _page(key, found, _fresh(found) | again), 409 if merged.conflicts else 400
    return redirect(url_for("questionnaire.check", key=key))


def _page(key: str, found: Assessment, rows: dict[int, Row]) -> str:
    texts = models.texts(found.model.version, locale.current().code)
    return render_template(
        "typein/page.html",
        key=key,
        found=found,
        rows=rows,
        texts=texts,
        terms=TERMS,
        link=profile.private_link(),
    )

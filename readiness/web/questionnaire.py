"""The questionnaire: one page a component, saved as you go, checked before it is finished."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from readiness.core import hints
from readiness.core import model as models
from readiness.core.answers import CODE_OF, NOT_APPLICABLE, NOTE_LENGTH, REASON_LENGTH, UNANSWERED, WORDS
from readiness.core.merge import Merged, digest
from readiness.core.model import Model
from readiness.reports.pdf import PdfError
from readiness.storage import assessments, responses
from readiness.storage.assessments import Assessment
from readiness.storage.responses import Answer
from readiness.web import access, background, cards, locale, pacing, profile
from readiness.web.cards import Card
from readiness.web.errors import wants_json
from readiness.web.forms import storable, tidy

blueprint = Blueprint("questionnaire", __name__)
Page = str | Response | tuple[str | Response, int]


@dataclass(frozen=True)
class Sent:
    """What a page sent for one indicator, and what is wrong with it."""

    answer: Answer
    seen: str
    problem: str = ""
    """note or reason: too long or unprintable; empty if all is well."""


def read(form: MultiDict[str, str], numbers: list[int]) -> dict[int, Sent]:
    """What a page sent; indicators that were not on it are left alone."""
    sent = {}
    for number in numbers:
        if f"s-{number}" not in form:
            continue
        word = form.get(f"a-{number}", "")
        if word and word not in CODE_OF:
            abort(400)
        note, reason = tidy(form.get(f"n-{number}")), tidy(form.get(f"r-{number}"))
        problem = ""
        if len(note) > NOTE_LENGTH or not storable(note):
            problem = "note"
        elif len(reason) > REASON_LENGTH or not storable(reason):
            problem = "reason"
        answer = Answer(CODE_OF.get(word, UNANSWERED), note, reason)
        sent[number] = Sent(answer, form[f"s-{number}"], problem)
    return sent


def keep(found: Assessment, sent: dict[int, Sent]) -> Merged:
    """Store what is well of what was sent; raises responses.Closed."""
    good = {number: item for number, item in sent.items() if not item.problem}
    return responses.save(
        access.store(),
        found.own.id,
        found.model,
        {number: item.answer for number, item in good.items()},
        {number: item.seen for number, item in good.items()},
        looked_at="language" not in request.form and request.form.get("go") != "back",
    )


def _progress(found: Assessment) -> dict[str, int | str]:
    waiting = len(found.own.taken_over)
    done, total, number = found.own.settled - waiting, len(found.model.indicators), locale.current().number
    if waiting:
        line = _(
            "%(done)s of %(all)s answered or looked at again · about %(minutes)s min left",
            done=number(done),
            all=number(total),
            minutes=number(pacing.minutes(total - done)),
        )
    elif done == total:
        line = _("%(done)s of %(all)s answered", done=number(done), all=number(total))
    else:
        line = _(
            "%(done)s of %(all)s answered · about %(minutes)s min left",
            done=number(done),
            all=number(total),
            minutes=number(pacing.minutes(total - done)),
        )
    return {"done": done, "all": total, "line": line}


def _is_done(found: Assessment, component: str) -> bool:
    """Whether every question of a page is answered in this round."""
    own, rows = found.own, found.model.of_component(component)
    return all(own.answers[row.number].settled and row.number not in own.taken_over for row in rows)


def _steps(found: Assessment, texts: Any) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": texts["components"][key]["short"],
            "done": _is_done(found, key),
        }
        for key in found.model.components
    ]


def _numbers(model: Model, component: str) -> list[int]:
    if component not in model.components:
        abort(404)
    return [row.number for row in model.of_component(component)]


def _cards(found: Assessment, numbers: list[int], sent: dict[int, Sent], merged: Merged | None) -> list[Card]:
    stored, shown, closed = found.own.answers, [], found.closed
    for number in numbers:
        item, other = sent.get(number), merged.conflicts.get(str(number)) if merged else None
        # What is settled shows what is stored; only what needs the person stands as it was sent.
        answer = item.answer if item and (item.problem or other or closed) else stored[number]
        problem = item.problem if item else ""
        seen = digest((other or stored[number]).value())
        if item and (item.problem or closed):
            seen = item.seen
        taken_over = number in found.own.taken_over
        shown.append(Card(number, answer, seen, problem, other, taken_over))
    return shown


def _page(
    found: Assessment, component: str, sent: dict[int, Sent] | None = None, merged: Merged | None = None
) -> str:
    version, code = found.model.version, locale.current().code
    texts = models.texts(version, code)
    return render_template(
        "questionnaire/component.html",
        found=found,
        key=request.view_args["key"] if request.view_args else "",
        component=component,
        texts=texts["components"][component],
        place=found.model.components.index(component) + 1,
        steps=_steps(found, texts),
        cards=_cards(found, _numbers(found.model, component), sent or {}, merged),
        progress=_progress(found),
        render_card=partial(cards.render, version, code),
        link=profile.private_link(),
        returning=_returning(),
    )


def _returning() -> str:
    """The number of the row on the page of all answers that the person came from, or nothing."""
    number = request.args.get("row", "")
    return number if number.isascii() and number.isdigit() and len(number) < 4 else ""


def _elsewhere(found: Assessment, key: str) -> Response | None:
    """Where to go instead of the questions: when the assessment is finished, or a colleague is done."""
    if found.by_colleague and (found.finished or found.own.finished_at):
        return redirect(url_for("raters.thanks", key=key))
    return redirect(url_for("profile.show", key=key)) if found.finished else None


@blueprint.get("/a/<key>")
@access.rater
def resume(key: str) -> Response:
    """Go on where the private link's holder left off."""
    found = access.assessment()
    if instead := _elsewhere(found, key):
        return instead
    for component in found.model.components:
        if not _is_done(found, component):
            return redirect(url_for(".component", key=key, component=component))
    return redirect(url_for(".check", key=key))


@blueprint.get("/a/<key>/questions/<component>")
@access.rater
def component(key: str, component: str) -> Page:
    """The questions of one component."""
    found = access.assessment()
    _numbers(found.model, component)
    return _elsewhere(found, key) or _page(found, component)


@blueprint.post("/a/<key>/questions/<component>")
@access.rater
def save(key: str, component: str) -> Page:
    """Save a page: from its button or, while answering, from its script."""
    found = access.assessment()
    sent = read(request.form, _numbers(found.model, component))
    try:
        merged = keep(found, sent)
    except responses.Closed:
        return _closed(component, sent)
    if wants_json():
        return _saved_json(sent, merged)
    if merged.conflicts or any(item.problem for item in sent.values()):
        return _page(access.reload_assessment(), component, sent, merged), 409 if merged.conflicts else 400
    if locale.choose(request.form.get("language")):
        return redirect(url_for(".component", key=key, component=component))
    return redirect(_next(found, key, component))


def _closed(component: str, sent: dict[int, Sent]) -> tuple[Response | str, int]:
    """Finished meanwhile: nothing is stored, and nothing that was typed is lost."""
    found = access.reload_assessment()
    if wants_json():
        return jsonify(error="finished"), 409
    return _page(found, component, sent), 409


def _saved_json(sent: dict[int, Sent], merged: Merged) -> tuple[Response, int]:
    found = access.reload_assessment()
    wrong = {number: item.problem for number, item in sent.items() if item.problem}
    open_still = wrong.keys() | {int(number) for number in merged.conflicts}
    body = {
        "seen": {
            number: item.seen if number in open_still else digest(item.answer.value())
            for number, item in sent.items()
        },
        "conflicts": sorted(int(number) for number in merged.conflicts),
        "problems": wrong,
        "progress": _progress(found),
    }
    return jsonify(body), 409 if merged.conflicts else 400 if wrong else 200


def _next(found: Assessment, key: str, component: str) -> str:
    order = found.model.components
    place = order.index(component) + 1
    if request.form.get("go") == "check" or place == len(order):
        row = _returning()
        return url_for(".check", key=key, _anchor=f"row-{row}" if row else "main")
    if request.form.get("go") == "back" and place > 1:
        return url_for(".component", key=key, component=order[place - 2])
    return url_for(".component", key=key, component=order[place])


@blueprint.get("/a/<key>/check")
@access.rater
def check(key: str) -> Page:
    """All answers before finishing."""
    found = access.assessment()
    if instead := _elsewhere(found, key):
        return instead
    texts = models.texts(found.model.version, locale.current().code)
    return render_template(
        "questionnaire/check.html",
        found=found,
        key=key,
        texts=texts,
        words=WORDS,
        not_applicable=NOT_APPLICABLE,
        progress=_progress(found),
        hints=hints.find(found.model, found.own.for_scoring(found.model).codes),
        link=profile.private_link(),
    )


@blueprint.post("/a/<key>/finish")
@access.holder
def finish(key: str) -> Response:
    """Declare the answers complete and start making the PDF."""
    if not access.assessment().has_terms:
        return redirect(url_for(".check", key=key))
    assessments.finish(access.store(), access.assessment().id)
    found = access.reload_assessment()
    made = profile.make(found)
    assessments.keep_result(access.store(), found.id, profile.result_of(made))
    with suppress(PdfError):  # it can be made when it is asked for
        background.printer().order(found.id, made)
    return redirect(url_for("profile.show", key=key))


@blueprint.post("/a/<key>/reopen")
@access.holder
def reopen(key: str) -> Response:
    """Change answers after finishing."""
    assessments.reopen(access.store(), access.assessment().id)
    return redirect(url_for(".check", key=key))

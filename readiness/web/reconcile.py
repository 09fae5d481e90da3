"""The meeting over answers that differ: what each rater said, and what was agreed, one indicator a page."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField

from readiness.core import model as models
from readiness.core.answers import CODE_OF, NOTE_LENGTH, UNANSWERED, WORDS
from readiness.core.merge import Merged, digest
from readiness.reports.raters import Panel, view_panel
from readiness.storage import agreed
from readiness.storage.agreed import Agreed
from readiness.storage.assessments import Assessment
from readiness.web import access, locale, profile, raters, supplement
from readiness.web.forms import AtMost, clean, tidy

blueprint = Blueprint("reconcile", __name__)
Page = str | Response | tuple[str, int]


class AgreedForm(FlaskForm):
    """What a meeting agrees on for one indicator."""

    code = RadioField(_l("Agreed answer"), validate_choice=False)
    note = TextAreaField(_l("Note"), [AtMost(NOTE_LENGTH), clean])
    minority = TextAreaField(_l("Minority view"), [AtMost(NOTE_LENGTH), clean])


def _panel(found: Assessment) -> Panel:
    return view_panel(found.answers(), supplement.agreed_of(found), locale.current())


@blueprint.get("/a/<key>/reconcile")
@access.holder
def index(key: str) -> str:
    """Where the raters differ most, and what is agreed so far."""
    found = access.assessment()
    return render_template(
        "reconcile/index.html",
        found=found,
        key=key,
        panel=_panel(found) if found.several else None,
        link=profile.private_link(),
    )


@blueprint.route("/a/<key>/reconcile/<int:number>", methods=["GET", "POST"])
@access.holder
def indicator(key: str, number: int) -> Page:
    """One indicator: everybody's answer, and the form for what is agreed."""
    found = access.assessment()
    if number not in found.model.numbers:
        abort(404)
    if not found.several:
        return redirect(url_for(".index", key=key))
    stored = agreed.of(access.store(), found.id).get(number, Agreed())
    form = AgreedForm(
        data={"code": WORDS[stored.code] or "", "note": stored.note, "minority": stored.minority}
    )
    if not form.is_submitted():
        return _page(found, number, form, {name: digest(value) for name, value in stored.fields().items()})
    seen = {name: request.form.get(f"seen-{name}", "") for name in stored.fields()}
    word = str(form.code.data or "")
    if word and word not in CODE_OF:
        abort(400)
    if not form.validate():
        return _page(found, number, form, seen), 400
    sent = Agreed(CODE_OF.get(word, UNANSWERED), tidy(form.note.data), tidy(form.minority.data))
    merged = _save(found, number, sent, seen)
    if merged.conflicts:
        seen |= {name: digest(value) for name, value in merged.conflicts.items()}
        return _page(found, number, form, seen, _conflicts(found, merged)), 409
    return redirect(_next(found, key, number))


def _save(found: Assessment, number: int, sent: Agreed, seen: dict[str, str]) -> Merged:
    with access.store().write() as transaction:
        merged = agreed.save(transaction, found.id, number, sent, seen)
        if merged.changed and not merged.conflicts:
            raters.note(transaction, "meeting.agree", found)
    return merged


def _conflicts(found: Assessment, merged: Merged) -> dict[str, str]:
    """What is stored meanwhile, in words."""
    terms = models.texts(found.model.version, locale.current().code)["terms"]
    stored = dict(merged.conflicts)
    if "code" in stored:
        word = WORDS[stored["code"]]
        stored["code"] = terms[word] if word else _("Not agreed")
    return {name: value or "–" for name, value in stored.items()}


def _next(found: Assessment, key: str, number: int) -> str:
    ranked = _panel(found).ranked
    place = ranked.index(number) + 1
    if request.form.get("go") == "next" and place < len(ranked):
        return url_for(".indicator", key=key, number=ranked[place])
    return url_for(".index", key=key, _anchor=f"row-{number}")


def _page(
    found: Assessment,
    number: int,
    form: AgreedForm,
    seen: dict[str, str],
    conflicts: dict[str, str] | None = None,
) -> str:
    panel = _panel(found)
    place = panel.ranked.index(number)
    return render_template(
        "reconcile/indicator.html",
        found=found,
        key=(request.view_args or {})["key"],
        panel=panel,
        line=panel.line(number),
        texts=models.texts(found.model.version, locale.current().code),
        form=form,
        seen=seen,
        conflicts=conflicts or {},
        place=place + 1,
        before=panel.ranked[place - 1] if place else None,
        after=panel.ranked[place + 1] if place + 1 < len(panel.ranked) else None,
        may_change=raters.may_change(),
        link=profile.private_link(),
    )

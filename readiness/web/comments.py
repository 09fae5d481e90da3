"""A consultant's comments to the components of a firm's assessment."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from readiness.core.merge import Merged, digest
from readiness.storage import comments
from readiness.storage.assessments import Assessment
from readiness.web import access, profile
from readiness.web.forms import problem_of, tidy

blueprint = Blueprint("comments", __name__)
Page = str | Response | tuple[str, int]

LENGTH = 2000


@dataclass(frozen=True)
class Entry:
    """The comment to one component as the form shows it."""

    component: str
    text: str
    seen: str
    """Digest of the text that the form was filled with."""
    problem: str = ""
    other: str | None = None
    """What is stored meanwhile, where it conflicts with what was sent; empty if it was removed."""


def _entries(found: Assessment) -> list[Entry]:
    stored = comments.of(access.store(), found.id)
    texts = {key: stored.get(key, "") for key in found.model.components}
    return [Entry(key, text, digest(text)) for key, text in texts.items()]


def _sent(found: Assessment) -> list[Entry]:
    """What a form sent; components that were not on it are left alone."""
    entries = []
    for key in found.model.components:
        if f"seen-{key}" in request.form:
            text = tidy(request.form.get(f"comment-{key}"))
            entries.append(Entry(key, text, request.form[f"seen-{key}"], problem_of(text, LENGTH)))
    return entries


def _settled(entry: Entry, merged: Merged) -> Entry:
    """An entry after it was merged: what is stored now, or both where they conflict."""
    other = merged.conflicts.get(entry.component)
    seen = digest(entry.text if other is None else other)
    return Entry(entry.component, entry.text, seen, other=other)


def _page(found: Assessment, entries: list[Entry]) -> str:
    return render_template(
        "comments/edit.html",
        found=found,
        key=found.id,
        profile=profile.make(found),
        entries=entries,
        may=access.may_change(),
        most=LENGTH,
    )


@blueprint.get("/a/<key>/comments")
@access.adviser
def edit(key: str) -> str:
    """One comment a component."""
    del key
    return _page(access.assessment(), _entries(access.assessment()))


@blueprint.post("/a/<key>/comments")
@access.adviser
def save(key: str) -> Page:
    """Store the comments."""
    found = access.assessment()
    entries = _sent(found)
    if any(entry.problem for entry in entries):
        return _page(found, entries), 400
    merged = comments.save(
        access.store(),
        access.person().author,
        found.id,
        {entry.component: entry.text for entry in entries},
        {entry.component: entry.seen for entry in entries},
    )
    if merged is None:
        abort(404)
    if merged.conflicts:
        return _page(found, [_settled(entry, merged) for entry in entries]), 409
    session["notice"] = _("The comments are saved.")
    return redirect(url_for(".edit", key=key))

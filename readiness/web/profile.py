"""The profile on screen, and the end of an assessment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urljoin

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from readiness.core.scoring import Scores
from readiness.reports.language import language
from readiness.reports.profile import Profile, make_profile
from readiness.storage import assessments, rounds
from readiness.storage.assessments import Assessment, Result
from readiness.storage.portfolio import Author
from readiness.web import access, locale, supplement

blueprint = Blueprint("profile", __name__)


def make(found: Assessment, code: str | None = None, draft: bool = False) -> Profile:
    """The profile of an assessment in a language, the page's own if none is named."""
    spoken = locale.current() if code is None else language(code)
    day = date.fromisoformat(found.finished_at[:10]) if found.finished_at else datetime.now(UTC).date()
    return make_profile(found.answers(), spoken, day, draft, supplement.gather(found))


def result_of(made: Profile) -> Result:
    """What a profile comes to, as lists show it."""
    return result(made.scores)


def result(scores: Scores) -> Result:
    """What scores come to, as lists show it."""
    return Result.of(scores)


def private_link() -> str:
    """The whole address that brings the holder back; nothing for who came by way of the portfolio."""
    if not access.by_link():
        return ""
    path = url_for("questionnaire.resume", key=(request.view_args or {})["key"])
    return urljoin(str(current_app.config["BASE_URL"]) or request.host_url, path)


@blueprint.get("/a/<key>/profile")
@access.holder
def show(key: str) -> str | Response:
    """The scored profile."""
    found = access.assessment()
    if not found.finished:
        return redirect(url_for("questionnaire.check", key=key))
    made = make(found)
    shown = [total.key for total in made.sums]
    return render_template(
        "profile/show.html",
        profile=made,
        sums_shown=shown,
        found=found,
        key=key,
        link=private_link(),
        newer=rounds.newer(access.store(), found),
    )


@blueprint.get("/a/<key>/delete")
@access.holder
def confirm_delete(key: str) -> str:
    """Ask before deleting."""
    found = access.assessment()
    others = rounds.others(access.store(), found)
    return render_template(
        "profile/delete.html", key=key, found=found, others=others, by_link=access.by_link()
    )


@blueprint.post("/a/<key>/delete")
@access.holder
def delete(key: str) -> Response:
    """Delete everything of this round or, for who holds its link, of every round."""
    del key
    found, author = access.assessment(), _author()
    if request.form.get("what") == "firm" and access.by_link():
        rounds.delete_all(access.store(), found)
        return redirect(url_for("profile.deleted"))
    with access.store().write() as transaction:
        if assessments.remove(transaction, found.id) and author is not None:
            author.record(transaction, "assessment.delete", found.firm)
    return redirect(url_for("profile.deleted"))


def _author() -> Author | None:
    """Whom the audit list names; nobody where no organisation looks after the firm."""
    found = access.assessment()
    if found.firm.organisation_id is None:
        return None
    return Author(found.firm.organisation_id, found.own.rater) if access.by_link() else access.person().author


@blueprint.get("/deleted")
@access.public
def deleted() -> str:
    """Everything is gone."""
    return render_template("profile/deleted.html")

"""Assessments of the token's organisation: the rounds of its firms, their answers and scores."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, url_for

from readiness.core import answers as answering
from readiness.core import model as models
from readiness.core import scoring
from readiness.core.answers import DONT_KNOW, Answers, AnswersError
from readiness.storage import documents, portfolio, tokens
from readiness.storage.assessments import Assessment
from readiness.storage.portfolio import Round
from readiness.web import access, profile
from readiness.web.api import bodies
from readiness.web.api.answering import answer, blueprint
from readiness.web.problems import Problem


def _export(found: Assessment | Round, firm_id: str) -> dict[str, Any]:
    """A round as the API shows it."""
    return {
        "id": found.id,
        "firm": firm_id,
        "round": found.round,
        "status": found.status,
        "language": found.language,
        "created_at": found.created_at,
        "finished_at": found.finished_at,
    }


def _rounds(firm_id: str) -> tuple[Round, ...]:
    return portfolio.rounds_of(access.store(), [firm_id]).get(firm_id, ())


@blueprint.get("/firms/<firm_id>/assessments")
@access.token(tokens.FIRMS_READ)
def list_assessments(firm_id: str) -> Response:
    """The rounds of a firm, the latest first."""
    return answer({"assessments": [_export(found, firm_id) for found in _rounds(firm_id)]})


@blueprint.post("/firms/<firm_id>/assessments")
@access.token(tokens.FIRMS_WRITE)
def add_assessment(firm_id: str) -> Response:
    """Begin a round, or keep a whole answers document as a finished one."""
    store, author, sent = access.store(), access.caller().author, bodies.read_object()
    try:
        if sent:
            given = _answers(sent)
            result = profile.result(scoring.score(given))
            made = documents.keep(store, author, firm_id, given, result)
        else:
            made = documents.begin(store, author, firm_id, models.load(), "Founder")
    except documents.RoundOpen as error:
        raise Problem(
            409, "The firm's latest assessment is open and being answered. Finish or delete it first."
        ) from error
    except documents.Full as error:
        raise Problem(409, f"A firm has at most {documents.MOST_ROUNDS} rounds.") from error
    found = next((item for item in _rounds(firm_id) if item.id == made), None)
    if found is None:
        abort(404)
    return answer(
        _export(found, firm_id), 201, {"Location": url_for(".show_assessment", assessment_id=found.id)}
    )


def _answers(document: Any) -> Answers:
    """Answers that make a finished assessment; raises Problem."""
    try:
        given = answering.parse(document)
    except AnswersError as error:
        raise bodies.invalid(error.place, error.problem) from error
    if not (given.codes < DONT_KNOW).any():
        raise bodies.invalid("responses", "nobody gave any of the five terms, so there is nothing to score")
    return given


@blueprint.get("/assessments/<assessment_id>")
@access.token(tokens.FIRMS_READ)
def show_assessment(assessment_id: str) -> Response:
    """Status and dates of a round."""
    del assessment_id
    return answer(_export(access.assessment(), access.assessment().firm.id))


@blueprint.get("/assessments/<assessment_id>/answers")
@access.token(tokens.RESULTS_READ)
def show_answers(assessment_id: str) -> Response:
    """The answers so far, in the exchange format."""
    del assessment_id
    return answer(answering.export(access.assessment().answers()))


@blueprint.get("/assessments/<assessment_id>/scores")
@access.token(tokens.RESULTS_READ)
def show_scores(assessment_id: str) -> Response:
    """What the answers so far come to, unrounded."""
    del assessment_id
    given = access.assessment().answers()
    return answer(scoring.export(scoring.score(given), given.firm))

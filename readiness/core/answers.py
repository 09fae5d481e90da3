"""Answers of a firm's raters: the codes of the arithmetic and the exchange format.

An answer is one code: 0-4 the five terms from very low to very high, DONT_KNOW, UNANSWERED or
NOT_APPLICABLE. The exchange format is that of docs/model.md, section 9.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from readiness.core import model as models
from readiness.core.fuzzy import TERMS
from readiness.core.model import Model

Codes = NDArray[np.uint8]

DONT_KNOW, UNANSWERED, NOT_APPLICABLE = 5, 6, 7
#: Word of each code in the exchange format; UNANSWERED is an absent indicator.
WORDS = (*TERMS, "DK", None, "NA")
CODE_OF = {word: code for code, word in enumerate(WORDS) if word}

NOTE_LENGTH = 2000
REASON_LENGTH = 500
NAME_LENGTH = 200
RATERS = 200
FIRM_ENTRIES = 40
#: Numbers of a firm are smaller; beyond, floating point could neither divide nor print them in full.
FIRM_NUMBERS_BELOW = 10**15


class AnswersError(ValueError):
    """Answers that cannot be read; the message names the place.

    `template` with `values` in its %(name)s places is the problem, for who says it in another language.
    """

    def __init__(self, place: str, template: str, **values: object) -> None:
        self.place, self.template, self.values = place, template, values
        self.problem = template % values if values else template
        super().__init__(f"{place}: {self.problem}")


@dataclass(frozen=True)
class Response:
    """What one rater answered."""

    rater: str
    codes: Codes
    """One code a validated indicator, (n,)."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Note or link given as evidence, by indicator number."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why an indicator is not applicable, by indicator number."""


@dataclass(frozen=True)
class Answers:
    """A firm, what is known of it, and its raters' responses."""

    model: Model
    firm: Mapping[str, Any]
    responses: tuple[Response, ...]

    @property
    def codes(self) -> Codes:
        """All responses, (raters, n)."""
        return np.array([response.codes for response in self.responses])


def blank(model: Model) -> Codes:
    """Codes of a response in which nothing is answered yet, (n,)."""
    return np.full(len(model.indicators), UNANSWERED, dtype=np.uint8)


def _expect(value: Any, kind: type, place: str, problem: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise AnswersError(place, problem)
    return value


def _only(document: Mapping[str, Any], allowed: set[str], place: str) -> None:
    for key in document:
        if key not in allowed:
            known = ", ".join(sorted(allowed))
            at = f"{place}.{key}" if place else key or '""'
            raise AnswersError(at, "unknown entry; known here: %(known)s", known=known)


def _text(value: Any, place: str, limit: int) -> str:
    text: str = _expect(value, str, place, "a text is expected here")
    if len(text) > limit:
        raise AnswersError(
            place, "%(count)s characters; at most %(most)s are accepted", count=len(text), most=limit
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise AnswersError(place, "half of a character stands here; this is no text")
    return text


def _column(model: Model, number: str, place: str) -> int:
    for row in model.paper:
        if str(row.number) == number and row.number not in model.column:
            raise AnswersError(
                place, "indicator %(number)s was rejected by the experts and is not asked", number=row.number
            )
    if number not in model.column_by_name:
        raise AnswersError(
            place, "unknown indicator; the indicators are 1 to %(last)s", last=model.numbers[-1]
        )
    return model.column_by_name[number]


def _codes(document: Any, model: Model, place: str) -> Codes:
    codes = blank(model)
    for number, word in _expect(document, dict, place, "an object is expected here").items():
        at = f"{place}.{number}"
        column = _column(model, number, at)
        if not isinstance(word, str) or word not in CODE_OF:
            raise AnswersError(at, "unknown term; use one of %(terms)s", terms=", ".join(CODE_OF))
        codes[column] = CODE_OF[word]
    return codes


def _remarks(document: Any, model: Model, place: str, limit: int) -> dict[str, str]:
    remarks = {}
    for number, remark in _expect(document, dict, place, "an object is expected here").items():
        _column(model, number, f"{place}.{number}")
        remarks[number] = _text(remark, f"{place}.{number}", limit)
    return remarks


def _response(document: Any, model: Model, place: str) -> Response:
    _expect(document, dict, place, "an object is expected here")
    _only(document, {"rater", "answers", "notes", "reasons"}, place)
    if "answers" not in document:
        raise AnswersError(f"{place}.answers", "the answers are missing")
    rater = _text(document.get("rater"), f"{place}.rater", NAME_LENGTH)
    if not rater.strip():
        raise AnswersError(f"{place}.rater", "a rater needs a name or role")
    return Response(
        rater,
        _codes(document["answers"], model, f"{place}.answers"),
        _remarks(document.get("notes", {}), model, f"{place}.notes", NOTE_LENGTH),
        _remarks(document.get("reasons", {}), model, f"{place}.reasons", REASON_LENGTH),
    )


def _firm(document: Any) -> dict[str, Any]:
    _expect(document, dict, "firm", "an object is expected here")
    _text(document.get("name", ""), "firm.name", NAME_LENGTH)
    if len(document) > FIRM_ENTRIES:
        raise AnswersError(
            "firm",
            "%(count)s entries; at most %(most)s are accepted",
            count=len(document),
            most=FIRM_ENTRIES,
        )
    for key, value in document.items():
        _fact(value, f"firm.{key}")
    return dict(document)


def _fact(value: Any, place: str) -> None:
    if isinstance(value, str):
        _text(value, place, REASON_LENGTH)
    elif isinstance(value, list) and len(value) <= FIRM_ENTRIES:
        for at, item in enumerate(value):
            _text(item, f"{place}[{at}]", NAME_LENGTH)
    elif isinstance(value, int | float):
        if not abs(value) < FIRM_NUMBERS_BELOW:
            raise AnswersError(place, "a number of at most 15 digits is expected here")
    elif value is not None:
        raise AnswersError(place, "a text, a number or a list of texts is expected here")


def parse(document: Any) -> Answers:
    """Read the exchange format (a decoded JSON document); raises AnswersError or UnknownModel."""
    _expect(document, dict, "document", "an object with model, firm and responses is expected here")
    _only(document, {"model", "firm", "responses"}, "")
    version = _text(document.get("model"), "model", NAME_LENGTH)
    try:
        model = models.load(version)
    except models.UnknownModel as error:
        known = ", ".join(models.VERSIONS)
        raise AnswersError(
            "model",
            "“%(version)s” is not known; this program holds: %(known)s",
            version=version,
            known=known,
        ) from error
    firm = _firm(document.get("firm", {}))
    found = _expect(document.get("responses"), list, "responses", "a list of responses is expected here")
    if not found:
        raise AnswersError("responses", "no response; at least one rater is needed")
    if len(found) > RATERS:
        raise AnswersError(
            "responses",
            "%(count)s responses; at most %(most)s are accepted",
            count=len(found),
            most=RATERS,
        )
    responses = tuple(_response(item, model, f"responses[{at}]") for at, item in enumerate(found))
    seen: set[str] = set()
    for at, response in enumerate(responses):
        if response.rater in seen:
            raise AnswersError(
                f"responses[{at}].rater", "rater “%(rater)s” is there twice", rater=response.rater
            )
        seen.add(response.rater)
    return Answers(model, firm, responses)


def export(answers: Answers) -> dict[str, Any]:
    """The exchange format; `parse` reads it back unchanged."""
    numbers = answers.model.numbers

    def one(response: Response) -> dict[str, Any]:
        given = zip(numbers, response.codes.tolist(), strict=True)
        document: dict[str, Any] = {
            "rater": response.rater,
            "answers": {str(number): WORDS[code] for number, code in given if WORDS[code]},
        }
        for key, remarks in (("notes", response.notes), ("reasons", response.reasons)):
            if remarks:
                document[key] = dict(remarks)
        return document

    return {
        "model": answers.model.version,
        "firm": dict(answers.firm),
        "responses": [one(response) for response in answers.responses],
    }


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON document, whose entries are each there once; raises AnswersError."""
    document = dict(pairs)
    if len(document) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise AnswersError(f'"{twice}"', "this entry is there twice in one object")
    return document


def read(text: str) -> Answers:
    """Read the exchange format from JSON text; raises AnswersError."""
    try:
        document = json.loads(text, object_pairs_hook=no_duplicates)
    except json.JSONDecodeError as error:
        raise AnswersError(
            f"line {error.lineno}, column {error.colno}", "this is not JSON: %(why)s", why=error.msg
        ) from error
    except RecursionError as error:
        raise AnswersError("document", "nested too deeply") from error
    except AnswersError:
        raise
    except ValueError as error:
        raise AnswersError("document", "a number is too long: %(why)s", why=error) from error
    return parse(document)

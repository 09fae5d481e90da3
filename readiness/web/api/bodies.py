"""Reads what programs send: JSON, taken strictly, so that nobody is misunderstood."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request

from readiness.web.forms import storable
from readiness.web.problems import Problem, wrong

#: The exchange format has six levels.
DEEPEST = 12
_DEPTH = f"at most {DEEPEST} levels are accepted"


class _Refused(ValueError):
    """JSON that could be read in more than one way, or not be kept."""


def read() -> Any:
    """The body of this request; raises Problem."""
    if request.mimetype != "application/json" or request.content_encoding not in (None, "identity"):
        raise Problem(415, "The body must be JSON: Content-Type: application/json, not compressed.")
    try:
        found = json.loads(
            request.get_data(cache=False).decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_constant=_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        raise _unreadable(f"line {error.lineno}, column {error.colno}", error.msg) from error
    except UnicodeDecodeError as error:
        raise _unreadable(f"byte {error.start}", "this is not UTF-8 text") from error
    except RecursionError as error:
        raise _unreadable("body", _DEPTH) from error
    except _Refused as error:
        raise _unreadable("body", str(error)) from error
    except ValueError as error:
        raise _unreadable("body", "a number is too long") from error
    for place, text in _texts(found):
        if not storable(text) or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise _unreadable(place, "this text holds a character that cannot be stored")
    return found


def read_object() -> Mapping[str, Any]:
    """The body of this request, which must be an object; raises Problem."""
    found = read()
    if not isinstance(found, dict):
        raise invalid("body", "an object is expected here")
    return found


def invalid(place: str, problem: str) -> Problem:
    """A refusal of what can be read, but not be meant."""
    return Problem(422, f"{place}: {problem}", [wrong(place, problem)])


def only(document: Mapping[str, Any], known: Mapping[str, Any] | tuple[str, ...]) -> None:
    """Refuse what nobody asked for; raises Problem."""
    for name in document:
        if name not in known:
            raise invalid(name, f"unknown entry; known here: {', '.join(sorted(known))}")


def _unreadable(place: str, problem: str) -> Problem:
    return Problem(400, f"The body cannot be read. {place}: {problem}", [wrong(place, problem)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Refused(f"the entry {json.dumps(name[:100])} is there twice in one object")
        found[name] = value
    return found


def _constant(name: str) -> None:
    raise _Refused(f"{name} is no number of JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Refused("a number is too large")
    return number


def _texts(document: Any) -> Iterator[tuple[str, str]]:
    """Every text of a document with its place, names of entries included."""
    waiting: list[tuple[int, str, Any]] = [(1, "body", document)]
    while waiting:
        depth, place, value = waiting.pop()
        if depth > DEEPEST:
            raise _unreadable("body", _DEPTH)
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict):
            yield from ((place, name) for name in value)
            waiting += [(depth + 1, f"{place}.{name}"[:200], item) for name, item in value.items()]
        elif isinstance(value, list):
            waiting += [(depth + 1, f"{place}[{at}]", item) for at, item in enumerate(value)]

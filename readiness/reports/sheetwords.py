"""The words of a table of answers: its columns, its terms, and the facts of a firm, in every language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache, wraps
from typing import Any, TypeVar

from readiness.core import model as models
from readiness.core.answers import CODE_OF, NAME_LENGTH, NOTE_LENGTH, REASON_LENGTH, UNANSWERED
from readiness.core.model import Model
from readiness.core.typed import EMAIL, fold, storable, tidy
from readiness.reports.facts import LABELS, N_, REGIONS, SECTORS
from readiness.reports.intake import OPEN, Wrong
from readiness.reports.language import (
    LANGUAGES,
    SOLAR_OFFSET,
    SOLAR_YEARS,
    Language,
    latin_digits,
    read_day,
)

#: Columns of the firm, which are the same in each of its rows; then comes the rater's.
OF_FIRM = {
    "firm": N_("Name of the firm"),
    **LABELS,
    "email": N_("E-mail of the firm"),
    "no": N_("Number of the firm in this file"),
    "finished": N_("Day of finishing"),
}
RATER = "rater"
_COLUMNS = {**OF_FIRM, RATER: N_("Role of the rater")}
_REMARKS = {"note": N_("Note %(number)s"), "reason": N_("Reason %(number)s")}
#: Least and most of a firm's numbers.
BOUNDS = {
    "founded": (1800, 2200),
    "employees": (0, 10_000_000),
    "first_foreign_sale": (1800, 2200),
    "foreign_share": (0, 100),
    "countries": (0, 300),
}
YEARS = ("founded", "first_foreign_sale")
COUNTRY_LENGTH, EMAIL_LENGTH = 80, 200
#: Characters of a cell that holds a word, a number or a list of words.
CELL_LENGTH = 1000
Read = TypeVar("Read")
_THOUSANDS = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")
LIMITS = {"firm": NAME_LENGTH, RATER: NAME_LENGTH, "country": COUNTRY_LENGTH, "email": EMAIL_LENGTH}
LIMITS |= {"note": NOTE_LENGTH, "reason": REASON_LENGTH}


def columns(model: Model, remarks: bool) -> list[str]:
    """The keys of a table's columns: the firm, the rater, the answers and perhaps what was remarked."""
    numbers = [str(number) for number in model.numbers]
    apart = [f"{kind} {number}" for number in numbers for kind in _REMARKS] if remarks else []
    return [*_COLUMNS, *numbers, *apart]


def header(keys: list[str], language: Language) -> list[str]:
    """The header of a table: the keys themselves in English, else words."""
    return keys if language.code == "en" else header_of(keys, language)


def header_of(keys: list[str], language: Language) -> list[str]:
    """The words of columns, for people."""
    return [_word(key, language) for key in keys]


def _word(key: str, language: Language) -> str:
    if key in _COLUMNS:
        return language.words(_COLUMNS[key])
    kind, _, number = key.rpartition(" ")
    digits = language.digits(number)
    return language.words(_REMARKS[kind], number=digits) if kind else digits


def plain(text: str) -> str:
    """A word as it is compared: in any case, digits and spelling."""
    return fold(latin_digits(text)).replace("’", "'").replace("_", " ")


@cache
def _keys(version: str) -> Mapping[str, str]:
    keys = columns(models.load(version), remarks=True)
    found = {plain(_word(key, spoken)): key for spoken in LANGUAGES.values() for key in keys}
    return found | {plain(key): key for key in keys}


def key_of(cell: str, model: Model) -> str | None:
    """The key of a column by its header, in whatever language."""
    return _keys(model.version).get(plain(cell))


@cache
def _codes(version: str) -> Mapping[str, int]:
    found = {
        plain(words): CODE_OF[word]
        for code in models.LANGUAGES
        for word, words in models.texts(version, code)["terms"].items()
    }
    return found | {plain(word): code for word, code in CODE_OF.items()}


@cache
def exact_codes() -> Mapping[str, int]:
    """Code of an answer as our own files write it; an empty cell is unanswered."""
    return {**CODE_OF, "": UNANSWERED}


def code_of(cell: str, version: str) -> int:
    """Code of an answer, by its code or by its word in any language; raises Wrong."""
    word = plain(cell)
    if not word:
        return UNANSWERED
    if word not in _codes(version):
        raise Wrong(
            N_("unknown answer “%(cell)s”; use one of %(terms)s, or leave it empty"),
            cell=cell,
            terms=", ".join(CODE_OF),
        )
    return _codes(version)[word]


@cache
def _named(kind: str) -> Mapping[str, str]:
    words = SECTORS if kind == "sector" else REGIONS
    found = {plain(spoken.words(label)): key for spoken in LANGUAGES.values() for key, label in words.items()}
    return found | {plain(key): key for key in words}


def text(key: str, cell: str) -> str:
    """A text of a column within its limits; raises Wrong."""
    typed = tidy(cell)
    if len(typed) > LIMITS[key]:
        raise Wrong(
            N_("%(count)s characters; at most %(most)s are accepted"), count=len(typed), most=LIMITS[key]
        )
    if not storable(typed):
        raise Wrong(N_("this contains a character that cannot be stored"))
    if key == "email" and typed and not EMAIL.fullmatch(typed):
        raise Wrong(N_("this is no e-mail address"))
    return typed


def _remembered(read: Callable[..., Read]) -> Callable[..., Read]:
    """Keeps what was read of many cells of few values; a long cell is refused, and so never kept."""
    kept = lru_cache(4096)(read)

    @wraps(read)
    def look(*values: Any) -> Read:
        longest = max(len(value) for value in values if isinstance(value, str))
        if longest > CELL_LENGTH:
            raise Wrong(
                N_("%(count)s characters; at most %(most)s are accepted"), count=longest, most=CELL_LENGTH
            )
        return kept(*values)

    return look


@_remembered
def choice(kind: str, cell: str) -> str:
    """Key of a sector or a world region; raises Wrong."""
    found = _named(kind).get(plain(cell))
    if found is None:
        known = SECTORS if kind == "sector" else REGIONS
        raise Wrong(
            N_("“%(cell)s” is not known; use one of %(known)s"), cell=cell, known=tuple(known.values())
        )
    return found


@_remembered
def regions(cell: str) -> tuple[str, ...]:
    """Keys of world regions, in our order; raises Wrong."""
    parts = [part for part in cell.replace("؛", ";").split(";") if part.strip()]
    found = {choice("regions", part) for part in parts}
    return tuple(key for key in REGIONS if key in found)


@_remembered
def number(key: str, cell: str, today: date) -> int | None:
    """A number of a firm, None where it is empty; raises Wrong."""
    typed = _THOUSANDS.sub("", latin_digits(tidy(cell))).removesuffix("%").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 12):
        raise Wrong(N_("“%(cell)s” is no whole number"), cell=cell)
    value = int(typed)
    if key in YEARS and value in SOLAR_YEARS:
        value += SOLAR_OFFSET
    return bounded(key, value, today)


def bounded(key: str, value: int, today: date) -> int:
    """A number of a firm within its bounds; raises Wrong."""
    low, high = BOUNDS[key]
    if key in YEARS:
        high = today.year
    if not low <= value <= high:
        raise Wrong(
            N_("%(value)s is not between %(low)s and %(high)s"),
            value=str(value),
            low=str(low),
            high=str(high),
        )
    return value


#: What the column for the day of finishing says of a round that is not finished.
STILL_OPEN = N_("still open")


@cache
def _open_words() -> frozenset[str]:
    return frozenset({OPEN} | {plain(spoken.words(STILL_OPEN)) for spoken in LANGUAGES.values()})


@_remembered
def finished(cell: str, today: date) -> str:
    """When a round was finished: a day, OPEN, or nothing; raises Wrong."""
    typed = latin_digits(tidy(cell)).replace("/", "-")
    if not typed:
        return ""
    if plain(typed) in _open_words():
        return OPEN
    try:
        day = read_day(typed)
    except ValueError:
        raise Wrong(N_("“%(cell)s” is no day; write it as 2026-11-26 or 1405-09-05"), cell=cell) from None
    if not "1990" < day <= today.isoformat():
        raise Wrong(N_("“%(cell)s” is too long ago or in the future"), cell=cell)
    return day


TOO_EARLY = N_("the first sale abroad cannot be before the foundation")

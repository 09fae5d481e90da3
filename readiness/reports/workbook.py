"""The answers and results of many firms as a workbook for people: a sheet of firms and one of answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from readiness.core import model as models
from readiness.core import scoring
from readiness.core.answers import UNANSWERED, WORDS
from readiness.core.model import Model
from readiness.core.outcomes import outcomes
from readiness.reports import sheetwords as words
from readiness.reports.facts import firm_value
from readiness.reports.intake import OPEN, Entry
from readiness.reports.language import Language
from readiness.reports.spreadsheets import Cell, Sheet, xlsx_bytes

_FACTS = [key for key in words.OF_FIRM if key not in ("firm", "email", "no", "finished")]
_NUMBERS = ("employees", "foreign_share", "countries")


def make(entries: Iterable[Entry], language: Language) -> bytes:
    """The workbook of the latest round of each firm."""
    listed = list(entries)
    return xlsx_bytes([_firms(listed, language), _answers(listed, language)], language.mirrored)


def _fact(entry: Entry, key: str, language: Language) -> Cell:
    value = entry.facts.get(key)
    if value in (None, "", ()):
        return None
    return value if key in _NUMBERS else firm_value(key, value, language)


def _finished(entry: Entry, language: Language) -> str:
    day = entry.rounds[-1].finished if entry.rounds else ""
    return language.words(words.STILL_OPEN) if day in ("", OPEN) else language.day_of(day)


def _firms(entries: list[Entry], language: Language) -> Sheet:
    model = models.load()
    texts = models.texts(model.version, language.code)
    header = [
        *words.header_of(["firm", *_FACTS, "email", "finished"], language),
        language.words("Number of raters"),
        language.words("Overall index"),
        language.words("Range, from"),
        language.words("Range, to"),
        language.words("Route"),
        *(texts["components"][key]["name"] for key in model.components),
    ]
    rows: list[list[Cell]] = []
    for entry in entries:
        facts = [_fact(entry, key, language) for key in _FACTS]
        own: list[Cell] = [str(entry.facts["name"]), *facts, entry.email, _finished(entry, language)]
        rows.append([*own, *_results(entry, language)])
    return Sheet(language.words("Firms"), header, rows)


def _results(entry: Entry, language: Language) -> list[Cell]:
    """Raters, index, range, route and the index of each component; what is not scored is empty."""
    if not entry.rounds:
        return [0, *[None] * (4 + len(entry.model.components))]
    codes = np.array([response.codes for response in entry.rounds[-1].responses])
    (found,) = outcomes(entry.model, [codes])
    parts = scoring.aggregate(entry.model, scoring.rate(entry.model, codes))
    route = (
        models.texts(entry.model.version, language.code)["routes"][found.route]["title"]
        if found.route
        else None
    )
    indices = [
        round(float(index), 1) if scored else None
        for index, scored in zip(parts.index, parts.scored, strict=True)
    ]
    whole = [None if value is None else round(value, 1) for value in (found.overall, found.low, found.high)]
    return [len(codes), *whole, route, *indices]


def _answers(entries: list[Entry], language: Language) -> Sheet:
    model = models.load()
    labels = models.texts(model.version, language.code)["indicators"]
    header = [
        *words.header_of(["firm", words.RATER], language),
        *(language.indicator(number, labels[str(number)]["label"]) for number in model.numbers),
        language.words("Notes"),
    ]
    rows = [row for entry in entries if entry.rounds for row in _responses(entry, model, language)]
    return Sheet(language.words("Answers"), header, rows)


def _responses(entry: Entry, model: Model, language: Language) -> Iterator[list[Cell]]:
    terms = models.texts(model.version, language.code)["terms"]
    for response in entry.rounds[-1].responses:
        given = [None if code == UNANSWERED else terms[WORDS[code]] for code in response.codes.tolist()]
        remarks = [
            f"{language.digits(number)}: {text}"
            for kind in (response.notes, response.reasons)
            for number, text in kind.items()
        ]
        yield [str(entry.facts["name"]), response.rater, *given, "\n".join(remarks) or None]

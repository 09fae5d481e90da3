"""Answers of many firms as a table (CSV): a row a rater's response, the firm's columns repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from readiness.core import model as models
from readiness.core.answers import WORDS
from readiness.reports import sheetwords as words
from readiness.reports.guard import unguarded
from readiness.reports.intake import Batch, Entry, Round
from readiness.reports.language import Language
from readiness.reports.sheetreader import Reader
from readiness.reports.spreadsheets import csv_bytes
from readiness.reports.tablefile import Unreadable, delimiter_of, lines_of, undecodable


def template(language: Language) -> bytes:
    """An empty table: its header alone."""
    return csv_bytes(words.header(words.columns(models.load(), remarks=False), language), [])


def write(entries: Iterable[Entry], language: Language) -> bytes:
    """The table of the latest round of each firm."""
    model = models.load()
    keys = words.columns(model, remarks=True)
    rows = [
        row
        for number, entry in enumerate(entries, start=1)
        for row in _rows(number, entry, entry.rounds[-1], keys)
    ]
    return csv_bytes(words.header(keys, language), rows)


def _rows(number: int, entry: Entry, shown: Round, keys: list[str]) -> Iterator[list[str]]:
    facts = {key: entry.facts.get(key) for key in words.OF_FIRM}
    facts |= {"firm": entry.facts["name"], "email": entry.email, "no": number, "finished": shown.finished}
    facts["regions"] = "; ".join(entry.facts.get("regions") or ())
    firm = {key: "" if value is None else str(value) for key, value in facts.items()}
    for response in shown.responses:
        cells = firm | {words.RATER: response.rater}
        given = zip(entry.model.numbers, response.codes.tolist(), strict=True)
        cells |= {str(at): WORDS[code] or "" for at, code in given}
        cells |= {f"note {at}": text for at, text in response.notes.items()}
        cells |= {f"reason {at}": text for at, text in response.reasons.items()}
        yield [cells.get(key, "") for key in keys]


def read(content: bytes, today: date, rater: str) -> Batch:
    """Everything that a table holds, or every problem in it; `rater` is the role where none is given."""
    try:
        lines = lines_of(content)
        try:
            first = next(lines, "")
            return Reader(delimiter_of(first, _is_known), today, rater).read(first, lines)
        except UnicodeDecodeError:
            raise undecodable(content) from None
    except Unreadable as error:
        return error.batch


def _is_known(cell: str) -> bool:
    return words.key_of(unguarded(cell), models.load()) is not None

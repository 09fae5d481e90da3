"""Answers of many firms as JSON: a list of documents in the exchange format, or one of them.

Beside what is known of a firm, its entry may hold `email`, `finished` (a day, or open) and `no`, which
tells firms of one name apart. Further documents of a firm are its further rounds, in their order.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from readiness.core import answers as answering
from readiness.core.answers import Answers, AnswersError
from readiness.core.typed import fold, storable, tidy
from readiness.reports import sheetwords as words
from readiness.reports.facts import N_, REGIONS
from readiness.reports.intake import (
    MOST_JSON_BYTES,
    MOST_PARTS,
    MOST_ROUNDS,
    MOST_ROWS,
    STRAY_REASON,
    Batch,
    Entry,
    Problem,
    Round,
    Wrong,
    refused,
    stray_reason,
)
from readiness.reports.tablefile import Unreadable, encoding_of, undecodable

_BLANKS = re.compile(r"[ \t\r\n]*")
_UNSTORABLE = N_("this contains a character that cannot be stored")
_OURS = ("email", "finished", "no")


def write(entries: Iterable[Entry], every_round: bool) -> bytes:
    """The documents of the latest round of each firm, or of every round."""
    listed = list(entries)
    names = Counter(fold(str(entry.facts["name"])) for entry in listed)
    documents = []
    for number, entry in enumerate(listed, start=1):
        facts: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in entry.facts.items()
            if value not in (None, "", ())
        }
        facts |= {"email": entry.email} if entry.email else {}
        facts |= {"no": number} if names[fold(str(entry.facts["name"]))] > 1 else {}
        for shown in entry.rounds if every_round else entry.rounds[-1:]:
            firm = facts | ({"finished": shown.finished} if shown.finished else {})
            documents.append(answering.export(Answers(entry.model, firm, tuple(shown.responses))))
    return json.dumps(documents, ensure_ascii=False, indent=1).encode()


def looks_like(content: bytes) -> bool:
    """Whether a file is JSON rather than a table, by its first character."""
    return bool(re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[\[{]", content[:200]))


def read(content: bytes, today: date) -> Batch:
    """Everything that a list of documents holds, or every problem in it."""
    if len(content) > MOST_JSON_BYTES:
        most = MOST_JSON_BYTES // 1024 // 1024
        return refused(N_("A JSON file may have at most %(most)s megabytes. Split it, please."), most=most)
    try:
        text = _text(content)
    except Unreadable as error:
        return error.batch
    if text.count("{") + text.count("[") > MOST_PARTS:
        return refused(N_("The file has more lists and entries than answers can have. Split it, please."))
    reader = _Reader(today)
    try:
        for number, document in _documents(text):
            reader.take(document, number)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        reader.batch.wrong(Problem(N_("this is not JSON: %(why)s"), {"why": error.msg}, place=place))
    except RecursionError:
        reader.batch.wrong(Problem(N_("nested too deeply"), place="document"))
    except AnswersError as error:
        reader.batch.wrong(Problem(error.template, error.values, place=error.place))
    except Unreadable as error:
        return error.batch
    except ValueError as error:  # a number of more digits than can be read
        reader.batch.wrong(Problem(N_("a number is too long: %(why)s"), {"why": error}, place="document"))
    return reader.done()


def _text(content: bytes) -> str:
    encoding, skipped = encoding_of(content)
    try:
        return content[skipped:].decode(encoding)
    except UnicodeDecodeError:
        raise undecodable(content) from None


def _documents(text: str) -> Iterator[tuple[int, Any]]:
    """Each document with its number; one at a time, so that they never stand in memory together."""
    decoder = json.JSONDecoder(object_pairs_hook=answering.no_duplicates)

    def blanks(at: int) -> int:
        found = _BLANKS.match(text, at)
        return found.end() if found else at

    at = blanks(0)
    if text[at : at + 1] != "[":
        yield 0, decoder.decode(text)
        return
    at, count = blanks(at + 1), 0
    while text[at : at + 1] != "]":
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(
                N_("The file has more than %(most)s documents. Split it, please."), most=MOST_ROWS
            )
        document, at = decoder.raw_decode(text, at)
        yield count, document
        at = blanks(at)
        if text[at : at + 1] == ",":
            at = blanks(at + 1)
        elif text[at : at + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    if text[at + 1 :].strip():
        raise json.JSONDecodeError("Extra data", text, blanks(at + 1))


class _Reader:
    def __init__(self, today: date) -> None:
        self.today = today
        self.batch = Batch()
        self.firms: dict[tuple[str, str], tuple[int, Entry]] = {}
        """By number or folded name: the document where the firm first stood, and what was read."""

    def done(self) -> Batch:
        """What was read, or the problems."""
        if not self.batch.count and not self.firms:
            return refused(N_("The file has no document in it."))
        self.batch.entries = [entry for _, entry in self.firms.values()]
        return self.batch

    def take(self, document: Any, number: int) -> None:
        """Read one document."""
        before = self.batch.count

        def wrong(at: str, template: str, values: Mapping[str, object]) -> None:
            self.batch.wrong(Problem(template, values, place=at, document=number))

        try:
            given = answering.parse(document)
        except AnswersError as error:
            wrong(error.place, error.template, error.values)
            return
        facts: dict[str, Any] = {}
        for key, value in {"name": "", **given.firm}.items():
            try:
                facts[key] = self._fact(key, value)
            except Wrong as error:
                wrong(f"firm.{key}", error.template, error.values)
        begun, sold = facts.get("founded"), facts.get("first_foreign_sale")
        if begun is not None and sold is not None and sold < begun:
            wrong("firm.first_foreign_sale", words.TOO_EARLY, {})
        for at, template in self._unstorable(given):
            wrong(at, template, {})
        if self.batch.count == before:
            self._keep(facts, given, number, wrong)

    def _fact(self, key: str, value: Any) -> Any:
        if value in (None, "", []) and key != "name":
            return None
        if key == "no":
            return str(value)
        if key in words.BOUNDS:
            if isinstance(value, bool) or not isinstance(value, int):
                raise Wrong(N_("a whole number is expected here"))
            return words.bounded(key, value, self.today)
        if key == "regions":
            if not isinstance(value, list):
                raise Wrong(N_("a list of world regions is expected here"))
            chosen = {words.choice("regions", item) for item in value}
            return tuple(region for region in REGIONS if region in chosen)
        if not isinstance(value, str):
            raise Wrong(N_("a text is expected here"))
        return self._text(key, value)

    def _text(self, key: str, value: str) -> str | None:
        if key == "sector":
            return words.choice(key, value)
        if key == "finished":
            return words.finished(value, self.today)
        if key not in ("name", "country", "email"):
            known = ", ".join(("name", "country", *words.BOUNDS, "sector", "regions", *_OURS))
            raise Wrong(N_("this entry is not known and would be lost; known here: %(known)s"), known=known)
        typed = words.text("firm" if key == "name" else key, value)
        if key == "name" and not typed:
            raise Wrong(N_("the name of the firm is missing"))
        return typed or None

    def _unstorable(self, given: Answers) -> Iterator[tuple[str, str]]:
        for at, response in enumerate(given.responses):
            place = f"responses[{at}]"
            if not storable(tidy(response.rater)):
                yield f"{place}.rater", _UNSTORABLE
            for kind, remarks in (("notes", response.notes), ("reasons", response.reasons)):
                for number, text in remarks.items():
                    if not storable(tidy(text)):
                        yield (
                            f"{place}.{kind}.{number}",
                            _UNSTORABLE,
                        )
            stray = stray_reason(response.codes, response.reasons, given.model)
            if stray:
                yield f"{place}.reasons.{stray}", STRAY_REASON

    def _keep(self, facts: dict[str, Any], given: Answers, number: int, wrong: Any) -> None:
        no, day, email = (facts.pop(key, None) for key in ("no", "finished", "email"))
        identity = ("no", no) if no else ("name", fold(facts["name"]))
        raters = [tidy(response.rater) for response in given.responses]
        if len(set(raters)) < len(raters):
            wrong("responses", N_("two raters differ in nothing but blanks"), {})
            return
        shown = Round(day or "", [_tidied(response) for response in given.responses])
        found = self.firms.get(identity)
        if found is None:
            self.firms[identity] = number, Entry(facts, email, given.model, [shown])
            return
        first, entry = found
        if len(entry.rounds) == MOST_ROUNDS:
            wrong("firm", N_("at most %(most)s rounds of a firm are accepted"), {"most": MOST_ROUNDS})
        elif (entry.facts, entry.email) != (facts, email):
            wrong("firm", N_("document %(above)s says otherwise of the same firm"), {"above": first})
        else:
            entry.rounds.append(shown)


def _tidied(response: answering.Response) -> answering.Response:
    def typed(remarks: Mapping[str, str]) -> dict[str, str]:
        return {number: tidy(text) for number, text in remarks.items() if tidy(text)}

    return answering.Response(
        tidy(response.rater), response.codes, typed(response.notes), typed(response.reasons)
    )

"""What a file of many firms holds: firms with rounds of responses, and every problem by its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes, Response
from readiness.core.model import Model
from readiness.core.typed import fold
from readiness.reports.facts import N_
from readiness.reports.language import Language

#: A larger file is refused before it is read.
MOST_BYTES = 40 * 1024 * 1024
#: A JSON file of that size would take many times its size in memory.
MOST_JSON_BYTES = 20 * 1024 * 1024
#: Rows of a table, and firms of a list.
MOST_ROWS = 20_000
#: Rounds of one firm.
MOST_ROUNDS = 100
#: Lists and entries of a JSON file, several times those of a file of MOST_ROWS documents.
MOST_PARTS = 20 * MOST_ROWS
#: So many problems are listed; of more only the number is said.
LISTED = 200
#: Characters of a wrong cell that a problem quotes.
_QUOTED = 60
#: Values that come from the file, and so may be anything.
_TYPED = {"cell", "rater", "version", "why"}
OPEN = "open"


class Wrong(ValueError):
    """A value that cannot be taken; `template` with `values` says why."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template % values if values else template)
        self.template, self.values = template, values


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    row: int = 0
    """Row of the spreadsheet, 1 the header; 0 for the file as a whole."""
    column: str = ""
    """Letters of the spreadsheet's column."""
    header: str = ""
    place: str = ""
    """Place in a JSON document."""
    document: int = 0
    """Which of a list of documents, the first being 1; 0 where there is one alone."""

    def said(self, language: Language) -> str:
        """The problem with its place."""
        shown = {name: _shown(name, value, language) for name, value in self.values.items()}
        what = language.words(self.template, **shown)
        if self.place:
            what = language.words("%(place)s: %(problem)s", place=language.isolate(self.place), problem=what)
        if self.document:
            number = language.number(self.document)
            return language.words("document %(number)s: %(problem)s", number=number, problem=what)
        if not self.row:
            return what
        row = language.number(self.row)
        if not self.column:
            return language.words("Row %(row)s: %(problem)s", row=row, problem=what)
        return language.words(
            "Row %(row)s, column %(column)s (%(header)s): %(problem)s",
            row=row,
            column=language.isolate(self.column),
            header=language.isolate(quoted(self.header)),
            problem=what,
        )


def _shown(name: str, value: object, language: Language) -> str:
    if isinstance(value, int):
        return language.number(value)
    if isinstance(value, tuple):
        return language.listing([language.words(item) for item in value])
    return language.isolate(quoted(str(value)) if name in _TYPED else str(value))


def quoted(text: str) -> str:
    """The beginning of a text on one line, with nothing in it that cannot be seen."""
    plain = "".join(item if item.isprintable() else "\N{REPLACEMENT CHARACTER}" for item in text[:_QUOTED])
    return f"{plain}…" if len(text) > _QUOTED else plain


@dataclass
class Round:
    """One round of a firm: who answered what."""

    finished: str
    """Day of finishing, ISO 8601; OPEN for a round that is still open, empty where the file does not say."""
    responses: list[Response]

    @property
    def known(self) -> bool:
        """Whether anything is answered on the scale."""
        return any(min(response.codes.tobytes()) < DONT_KNOW for response in self.responses)


@dataclass
class Entry:
    """A firm of the file."""

    facts: Mapping[str, Any]
    """Name and what else is known of the firm, as readiness.storage.firms keeps it."""
    email: str | None
    model: Model
    rounds: list[Round]


@dataclass
class Batch:
    """Everything a file holds."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """The first of them."""
    count: int = 0
    """How many problems there are."""

    def wrong(self, problem: Problem) -> None:
        """Note a problem."""
        self.count += 1
        if len(self.problems) < LISTED:
            self.problems.append(problem)

    @property
    def rounds(self) -> int:
        """How many rounds of all firms."""
        return sum(len(entry.rounds) for entry in self.entries)

    @property
    def responses(self) -> int:
        """How many raters' responses."""
        return sum(len(sheet.responses) for entry in self.entries for sheet in entry.rounds)

    @property
    def answers(self) -> int:
        """How many answers, don't know and not applicable among them."""
        return sum(
            int((response.codes != UNANSWERED).sum())
            for entry in self.entries
            for sheet in entry.rounds
            for response in sheet.responses
        )

    @property
    def names(self) -> list[str]:
        """The firms' names as they are searched, in the order of the file."""
        return [fold(str(entry.facts["name"])) for entry in self.entries]


def refused(template: str, **values: object) -> Batch:
    """A file of which nothing can be read."""
    batch = Batch()
    batch.wrong(Problem(template, values))
    return batch


def stray_reason(codes: Codes, reasons: Mapping[str, str], model: Model) -> str:
    """The first indicator with a reason whose answer is not "not applicable", or nothing."""
    return next((name for name in reasons if codes[model.column_by_name[name]] != NOT_APPLICABLE), "")


STRAY_REASON = N_("a reason stands here, but the answer is not “not applicable”")

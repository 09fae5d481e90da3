"""Whom to invite to a cohort, out of lines or a table's file, with every problem by its row and column."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from readiness.core.answers import NAME_LENGTH
from readiness.core.typed import EMAIL, fold, storable, tidy
from readiness.reports.facts import N_
from readiness.reports.intake import Problem
from readiness.reports.language import LANGUAGES
from readiness.reports.tablefile import Unreadable, column_name, delimiter_of, lines_of, undecodable

MOST_INVITED = 2_000
MOST_BYTES = 1024 * 1024
ADDRESS_LENGTH = 200
COLUMNS = ("email", "firm", "language")
#: Headers by which a column is known, in every language of the site.
HEADERS = {
    "email": ("email", "e-mail", "e-mail address", "mail", "رایانامه", "نشانی ایمیل", "ایمیل"),
    "firm": ("firm", "name of the firm", "name", "company", "نام", "نام شرکت", "شرکت"),
    "language": ("language", "زبان"),
}
_KNOWN = {fold(word): column for column, words in HEADERS.items() for word in words}
_LANGUAGES = {fold(word): code for code, one in LANGUAGES.items() for word in (code, one.name)}
_LANGUAGES |= {fold("Persian"): "fa", fold("انگلیسی"): "en"}


@dataclass(frozen=True)
class Invited:
    """Somebody to invite."""

    email: str
    firm: str
    language: str


@dataclass(frozen=True)
class InviteList:
    """Whom to invite, or what is wrong; with any problem nobody is."""

    invited: tuple[Invited, ...]
    problems: tuple[Problem, ...]


def read_file(content: bytes, language: str) -> InviteList:
    """Out of a file; `language` is that of who names none."""
    try:
        lines = list(lines_of(content))
    except Unreadable as error:
        return InviteList((), tuple(error.batch.problems))
    except UnicodeDecodeError:
        return InviteList((), tuple(undecodable(content).batch.problems))
    return read(lines, language)


def read(lines: Iterable[str], language: str) -> InviteList:
    """Out of the lines of a table, with or without a header."""
    given = [line for line in lines if line.strip()]
    if not given:
        return InviteList((), (Problem(N_("Nobody is named.")),))
    delimiter = delimiter_of(given[0], lambda cell: fold(tidy(cell)) in _KNOWN or "@" in cell)
    try:
        rows = list(csv.reader(given, delimiter=delimiter))
    except csv.Error as error:
        return InviteList(
            (), (Problem(N_("This is no table that can be read: %(why)s"), {"why": str(error)}),)
        )
    return _Reading(rows, language).read()


class _Reading:
    def __init__(self, rows: list[list[str]], language: str) -> None:
        self.rows, self.language = rows, language
        self.problems: list[Problem] = []
        self.places = {name: at for at, name in enumerate(COLUMNS)}
        self.headed = not any("@" in cell for cell in rows[0])

    def read(self) -> InviteList:
        if self.headed:
            self._read_header()
        first = 1 if self.headed else 0
        if len(self.rows) - first > MOST_INVITED:
            template = N_("At most %(most)s can be invited at once; these are %(count)s.")
            self.problems.append(Problem(template, {"most": MOST_INVITED, "count": len(self.rows) - first}))
        invited: dict[str, Invited] = {}
        if not self.problems:
            for at, row in enumerate(self.rows[first:], first + 1):
                self._read_row(at, row, invited)
        return InviteList(() if self.problems else tuple(invited.values()), tuple(self.problems))

    def _read_header(self) -> None:
        self.places = {}
        for at, cell in enumerate(self.rows[0]):
            column = _KNOWN.get(fold(tidy(cell)))
            if column is None and tidy(cell):
                self._wrong(
                    1, at, N_("“%(cell)s” is none of the columns email, firm and language."), cell=cell
                )
            elif column is not None:
                self.places.setdefault(column, at)
        if "email" not in self.places:
            self.problems.append(Problem(N_("There is no column of e-mail addresses."), row=1))

    def _wrong(self, row: int, at: int, template: str, **values: object) -> None:
        header = self.rows[0][at] if self.headed and at < len(self.rows[0]) else ""
        self.problems.append(Problem(template, values, row, column_name(at), header or column_name(at)))

    def _cell(self, row: list[str], column: str) -> str:
        at = self.places.get(column, -1)
        return tidy(row[at]) if 0 <= at < len(row) else ""

    def _read_row(self, number: int, row: list[str], invited: dict[str, Invited]) -> None:
        email, firm, language = (self._cell(row, column) for column in COLUMNS)
        if not (email or firm or language):
            return
        code = _LANGUAGES.get(fold(language)) if language else self.language
        for column, text in zip(COLUMNS, (email, firm, language), strict=True):
            if not storable(text):
                template = N_("This contains a character that cannot be stored; please type it anew.")
                self._wrong(number, self.places[column], template)
                return
        if not EMAIL.fullmatch(email) or len(email) > ADDRESS_LENGTH:
            self._wrong(number, self.places["email"], N_("“%(cell)s” is no e-mail address."), cell=email)
        elif len(firm) > NAME_LENGTH:
            template = N_("The name of the firm has more than %(most)s characters.")
            self._wrong(number, self.places["firm"], template, most=NAME_LENGTH)
        elif code is None:
            template = N_("“%(cell)s” is no language of this site.")
            self._wrong(number, self.places["language"], template, cell=language)
        else:
            invited.setdefault(email.lower(), Invited(email.lower(), firm, code))

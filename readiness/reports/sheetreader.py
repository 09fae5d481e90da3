"""Reads a table of answers row by row, and names every problem by its place in the spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np

from readiness.core import model as models
from readiness.core.answers import RATERS, Codes, Response, blank
from readiness.core.model import Model
from readiness.core.typed import fold
from readiness.reports import sheetwords as words
from readiness.reports.facts import N_
from readiness.reports.guard import unguarded
from readiness.reports.intake import (
    MOST_ROWS,
    STRAY_REASON,
    Batch,
    Entry,
    Problem,
    Round,
    Wrong,
    stray_reason,
)
from readiness.reports.tablefile import Unreadable, column_name


def _picker(places: list[int]) -> Callable[[list[str]], Sequence[str]]:
    """Takes the cells at some places out of a row."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda cells: [cells[at] for at in places]


class Reader:
    """Reads one table, row by row."""

    def __init__(self, delimiter: str, today: date, rater: str) -> None:
        self.delimiter, self.today, self.rater = delimiter, today, rater
        self.model: Model = models.load()
        self.batch = Batch()
        self.header: list[str] = []
        self.at: dict[str, int] = {}
        """Position of each column, by key."""
        self.row = 1
        self.firms: dict[tuple[str, str], tuple[int, list[str], Entry]] = {}
        """By number or folded name: row where the firm first stood, its cells, and what was read."""

    def read(self, first: str, rest: Iterator[str]) -> Batch:
        """Everything the table holds; raises Unreadable."""

        def lines() -> Iterator[str]:
            yield first
            yield from rest

        table = csv.reader(lines(), delimiter=self.delimiter, strict=True)
        try:
            self._read_header(next(table, []))
            for self.row, cells in enumerate(table, start=2):
                if self.row > MOST_ROWS + 1:
                    raise Unreadable(
                        N_("The file has more than %(most)s rows. Split it, please."),
                        most=MOST_ROWS,
                    )
                if any(cells):
                    self._read_row(cells)
        except csv.Error as error:
            self.row += 1
            self._wrong("", N_("the row cannot be read: %(why)s"), why=error)
        if not self.batch.count and not self.firms:
            raise Unreadable(N_("The file has no row below its header."))
        self.batch.entries = [entry for _, _, entry in self.firms.values()]
        return self.batch

    def _wrong(self, key: str, template: str, **values: object) -> None:
        """Note a problem in a column, or in the row as a whole."""
        self._refuse(key, Wrong(template, **values))

    def _refuse(self, key: str, error: Wrong) -> None:
        at = self.at.get(key, -1)
        self.batch.wrong(self._problem(at, error.template, error.values))

    def _problem(self, at: int, template: str, values: Mapping[str, object]) -> Problem:
        """A problem in a column by its position, -1 for the row as a whole."""
        if at < 0:
            return Problem(template, values, row=self.row)
        return Problem(template, values, row=self.row, column=column_name(at), header=self.header[at])

    def _read_header(self, cells: list[str]) -> None:
        while cells and not cells[-1].strip():
            cells.pop()
        self.header = cells
        found = [words.key_of(unguarded(cell), self.model) for cell in cells]
        if "firm" not in found:
            raise Unreadable(
                N_(
                    "The first row must be the header, with a column “%(firm)s” for the name of the firm. The"
                    " template shows all columns."
                ),
                firm="firm",
            )
        for at, (cell, key) in enumerate(zip(cells, found, strict=True)):
            if key is None:
                self.batch.wrong(self._problem(at, *self._unknown(cell)))
            elif key in self.at:
                self.batch.wrong(self._problem(at, N_("this column is there twice"), {}))
            else:
                self.at[key] = at
        self._plan()

    def _unknown(self, cell: str) -> tuple[str, Mapping[str, object]]:
        """What is wrong with a column that is not known."""
        plain = words.plain(cell).split(" ")[-1]
        for row in self.model.paper:
            if str(row.number) == plain and row.number not in self.model.column:
                return N_("indicator %(number)s was rejected by the experts and is not asked"), {
                    "number": row.number
                }
        return N_("this column is not known; its answers would be lost"), {}

    def _plan(self) -> None:
        """Where in a row what stands, worked out once."""
        numbers = [str(number) for number in self.model.numbers]
        self.answer_keys = [key for key in numbers if key in self.at]
        self.pick = _picker([self.at[key] for key in self.answer_keys])
        self.columns = np.array([self.model.column_by_name[key] for key in self.answer_keys], dtype=int)
        self.firm_keys = [key for key in words.OF_FIRM if key in self.at]
        self.remark_keys = [
            (kind, number, self.at[f"{kind} {number}"])
            for number in numbers
            for kind in ("note", "reason")
            if f"{kind} {number}" in self.at
        ]
        self.pick_remarks = _picker([at for _, _, at in self.remark_keys])

    def _read_row(self, cells: list[str]) -> None:
        if len(cells) < len(self.header) or any(cells[len(self.header) :]):
            wide = len(self.header)
            self._wrong("", N_("%(count)s cells, but the header has %(wide)s"), count=len(cells), wide=wide)
            return
        before = self.batch.count
        entry = self._firm(cells)
        response = self._response(cells)
        if entry is None or self.batch.count > before:
            return
        sheet = entry.rounds[0]
        if len(sheet.responses) == RATERS:
            self._wrong("firm", N_("at most %(most)s people can answer for a firm"), most=RATERS)
        elif any(other.rater == response.rater for other in sheet.responses):
            self._wrong(
                words.RATER if words.RATER in self.at else "firm",
                N_("“%(rater)s” of this firm is there twice"),
                rater=response.rater,
            )
        else:
            sheet.responses.append(response)

    def _firm(self, cells: list[str]) -> Entry | None:
        """The firm of a row: one that stood above, or a new one."""
        own = [cells[self.at[key]] for key in self.firm_keys]
        name = unguarded(cells[self.at["firm"]])
        no = cells[self.at["no"]].strip() if "no" in self.at else ""
        identity = ("no", words.plain(no)) if no else ("name", fold(name))
        found = self.firms.get(identity)
        if found is not None:
            row, theirs, entry = found
            if fold(name) != fold(str(entry.facts["name"])):
                self._wrong("firm", N_("row %(above)s says otherwise of the same firm"), above=row)
            if own != theirs:
                self._compare(row, own, theirs)
            return entry
        known = self._facts(own)
        if known is None:
            return None
        email, day = known.pop("email", None), known.pop("finished", "")
        entry = Entry(known, email or None, self.model, [Round(day or "", [])])
        self.firms[identity] = (self.row, own, entry)
        return entry

    def _compare(self, row: int, own: list[str], theirs: list[str]) -> None:
        """A further row of a firm says the same of it, or nothing."""
        for key, cell, other in zip(self.firm_keys, own, theirs, strict=True):
            if key != "firm" and cell.strip() and cell.strip() != other.strip():
                self._wrong(key, N_("row %(above)s says otherwise of the same firm"), above=row)

    def _facts(self, own: list[str]) -> dict[str, Any] | None:
        """The facts of a firm from its cells; None where one is wrong."""
        before = self.batch.count
        facts: dict[str, Any] = {}
        for key, cell in zip(self.firm_keys, own, strict=True):
            try:
                if cell or key == "firm":
                    facts["name" if key == "firm" else key] = self._fact(key, unguarded(cell))
            except Wrong as error:
                self._refuse(key, error)
        facts.pop("no", None)
        begun, sold = facts.get("founded"), facts.get("first_foreign_sale")
        if begun is not None and sold is not None and sold < begun:
            self._wrong("first_foreign_sale", words.TOO_EARLY)
        return facts if self.batch.count == before else None

    def _fact(self, key: str, cell: str) -> Any:
        if key == "firm":
            name = words.text(key, cell)
            if not name:
                raise Wrong(N_("the name of the firm is missing"))
            return name
        if key in words.BOUNDS:
            return words.number(key, cell, self.today)
        if key == "sector":
            return words.choice(key, cell) if cell.strip() else None
        if key == "regions":
            return words.regions(cell)
        if key == "finished":
            return words.finished(cell, self.today)
        return cell if key == "no" else words.text(key, cell) or None

    def _response(self, cells: list[str]) -> Response:
        codes = self._codes(cells)
        remarks: dict[str, dict[str, str]] = {"note": {}, "reason": {}}
        picked = zip(self.remark_keys, self.pick_remarks(cells), strict=True)
        for (kind, number, _at), cell in [item for item in picked if item[1]]:
            try:
                typed = words.text(kind, unguarded(cell))
            except Wrong as error:
                self._refuse(f"{kind} {number}", error)
            else:
                if typed:
                    remarks[kind][number] = typed
        stray = stray_reason(codes, remarks["reason"], self.model)
        if stray:
            self._wrong(f"reason {stray}", STRAY_REASON)
        return Response(self._rater(cells), codes, remarks["note"], remarks["reason"])

    def _rater(self, cells: list[str]) -> str:
        if words.RATER not in self.at:
            return self.rater
        try:
            return words.text(words.RATER, unguarded(cells[self.at[words.RATER]])) or self.rater
        except Wrong as error:
            self._refuse(words.RATER, error)
            return ""

    def _codes(self, cells: list[str]) -> Codes:
        codes = blank(self.model)
        picked = self.pick(cells)
        exact = words.exact_codes()
        try:
            codes[self.columns] = [exact[cell] for cell in picked]
        except KeyError:
            for key, cell in zip(self.answer_keys, picked, strict=True):
                try:
                    codes[self.model.column_by_name[key]] = words.code_of(unguarded(cell), self.model.version)
                except Wrong as error:
                    self._refuse(key, error)
        return codes

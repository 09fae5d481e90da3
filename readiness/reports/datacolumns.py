"""The columns of an analysis file: what each holds, in words for the dictionary and as a value for the rows.

Names are English and stay as they are, so that a program that reads them goes on working.
"""

from __future__ import annotations

from collections.abc import Callable

from readiness.core import model as models
from readiness.core.model import Model
from readiness.reports.datacase import AS_TYPED, COUNTED, NEVER, UNKNOWN, Case, Codebook, Column, yes_or_no
from readiness.reports.facts import REGIONS, SECTORS
from readiness.reports.language import Language
from readiness.reports.scorecolumns import answer, component, overall
from readiness.reports.spreadsheets import Cell


def columns(
    model: Model, language: Language, cohort: str, invented: bool, answers: str, names: bool
) -> list[Column]:
    """Every column of a cohort's file; `answers` is FIRST or MEAN, `names` adds the firms' names."""
    return [
        *_identity(language, cohort, invented, names),
        *_facts(model, language),
        *overall(model, language),
        *(column for at in range(len(model.components)) for column in component(model, language, at)),
        *(answer(model, language, at, answers) for at in range(len(model.numbers))),
    ]


def _identity(language: Language, cohort: str, invented: bool, names: bool) -> list[Column]:
    say = language.words
    never, counted = say(NEVER), say(COUNTED)
    mark = say(
        "A mark in place of the name: the same in all rounds and all files of this cohort, another one in"
        " every other cohort."
    )
    named = Column(
        "firm_name", "text", say("Name of the firm."), "", never, say(AS_TYPED), lambda of: of.facts["name"]
    )
    return [
        Column("cohort", "text", say("Name of the cohort."), "", never, counted, lambda _: cohort),
        Column(
            "invented",
            "flag",
            say("Whether the firms are invented; then no number says anything of real firms."),
            yes_or_no(language),
            never,
            counted,
            lambda _: int(invented),
        ),
        Column("firm", "text", mark, "", never, counted, lambda of: of.mark),
        *([named] if names else []),
        Column(
            "round",
            "whole",
            say("Round of the firm."),
            _from(language, 1),
            never,
            counted,
            lambda of: of.round,
        ),
        Column(
            "finished_on",
            "day",
            say("Day on which the round was finished."),
            "",
            never,
            counted,
            lambda of: of.finished,
        ),
        Column(
            "model", "text", say("Version of the model."), "", never, counted, lambda of: of.model.version
        ),
        Column(
            "raters",
            "whole",
            say("Raters who count: the first, and each colleague who answered something."),
            _from(language, 1),
            never,
            counted,
            lambda of: len(of.codes),
        ),
    ]


def _from(language: Language, least: int) -> str:
    return language.words("from %(least)s", least=language.number(least))


def _fact(name: str) -> Callable[[Case], Cell]:
    def read(of: Case) -> Cell:
        value = of.facts.get(name)
        return ";".join(value) or None if isinstance(value, list | tuple) else value

    return read


def _facts(model: Model, language: Language) -> list[Column]:
    say = language.words
    source, unknown = say(AS_TYPED), say(UNKNOWN)
    sectors = tuple((key, say(name)) for key, name in SECTORS.items())
    regions = tuple((key, say(name)) for key, name in REGIONS.items())
    years, count, percent = language.span(1800, 2200), _from(language, 0), language.span(0, 100)
    told: list[tuple[str, str, str, str | Codebook]] = [
        ("sector", "code", say("Sector."), sectors),
        ("country", "text", say("Country, as it was typed."), ""),
        ("founded", "year", say("Year of the foundation."), years),
        ("employees", "whole", say("Number of employees."), count),
        ("first_foreign_sale", "year", say("Year of the first sale abroad."), years),
        ("foreign_share", "percent", say("Share of foreign sales."), percent),
        ("countries", "whole", say("Number of countries sold to."), count),
        ("regions", "codes", say("World regions sold to."), regions),
    ]
    patterns = models.texts(model.version, language.code)["patterns"]
    path = Column(
        "path",
        "code",
        say("Path of internationalization so far."),
        tuple((key, item["name"]) for key, item in patterns.items()),
        say("empty: what is known does not decide"),
        say("From the facts, in the year in which the round was finished; the method page has the rules."),
        lambda of: of.path.name,
    )
    return [
        *(
            Column(name, kind, text, values, unknown, source, _fact(name))
            for name, kind, text, values in told
        ),
        path,
    ]

"""The columns of an analysis file that the model makes: the whole, the components, the indicators."""

from __future__ import annotations

from collections.abc import Callable

from readiness.core import model as models
from readiness.core.answers import WORDS
from readiness.core.model import Model
from readiness.reports.datacase import (
    FIRST,
    NEVER,
    NOT_SCORED,
    NOTHING,
    Case,
    Column,
    number_or_none,
    yes_or_no,
)
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.spreadsheets import Cell

LOW = N_("The same with every missing indicator at very low.")
HIGH = N_("The same with every missing indicator at very high.")
COVERAGE = N_("Σ c of the answered indicators over Σ c of those that apply, c the experts’ importance.")
INDEX = N_(
    "Y = Σ c·x / Σ c over the answered indicators, c the experts’ importance, x the mean of the raters; index"
    " 120 C − 10 of its crisp value C."
)
SCORED = N_("1 when at least %(least)s indicators are answered and the coverage is %(coverage)s or more.")


def overall(model: Model, language: Language) -> list[Column]:
    """The columns of a firm as a whole."""
    say, rules = language.words, model.judgement
    source = say(
        "Σ W·Y / Σ W over the scored components, W the mean importance of a component’s indicators; given"
        " when at least %(least)s components are scored, networking and coopetition among them, and at least"
        " %(coverage)s of the importance is answered.",
        least=language.number(rules.least_components),
        coverage=language.percent(rules.overall_coverage),
    )
    low, high = say(LOW), say(HIGH)
    points, missing = language.span(0, 100), say(NOT_SCORED)
    routes = models.texts(model.version, language.code)["routes"]

    def of_overall(name: str) -> Callable[[Case], Cell]:
        return lambda of: None if of.overall is None else float(getattr(of.overall, name))

    return [
        Column(
            "overall_index", "points", say("Overall index."), points, missing, source, of_overall("index")
        ),
        Column(
            "overall_low", "points", say("Overall index, low end."), points, missing, low, of_overall("low")
        ),
        Column(
            "overall_high",
            "points",
            say("Overall index, high end."),
            points,
            missing,
            high,
            of_overall("high"),
        ),
        Column(
            "overall_coverage",
            "share",
            say("How much is answered, of everything that applies."),
            language.span(0, 1),
            missing,
            say(COVERAGE),
            of_overall("coverage"),
        ),
        Column(
            "route",
            "code",
            say("Route: the weaker of the two relational capabilities."),
            tuple((key, item["title"]) for key, item in routes.items()),
            say("empty: networking or coopetition is not scored"),
            say("From both indices and the gate; the method page has the table."),
            lambda of: of.route,
        ),
    ]


def component(model: Model, language: Language, at: int) -> list[Column]:
    """The columns of a component, by its place in the model."""
    say, key = language.words, model.components[at]
    name = models.texts(model.version, language.code)["components"][key]["name"]
    points, one = language.span(0, 100), language.span(0, 1)
    rules, none = model.judgement, say(NOTHING)
    least, share = language.number(rules.least_answered), language.number(rules.least_coverage, 2)
    return [
        Column(
            f"{key}_index",
            "points",
            say("%(name)s: index.", name=name),
            points,
            say(NOT_SCORED),
            say(INDEX),
            lambda of: of.components[at].index,
        ),
        Column(
            f"{key}_low",
            "points",
            say("%(name)s: low end of the range.", name=name),
            points,
            none,
            say(LOW),
            lambda of: of.components[at].low,
        ),
        Column(
            f"{key}_high",
            "points",
            say("%(name)s: high end of the range.", name=name),
            points,
            none,
            say(HIGH),
            lambda of: of.components[at].high,
        ),
        Column(
            f"{key}_coverage",
            "share",
            say("%(name)s: how much is answered.", name=name),
            one,
            none,
            say(COVERAGE),
            lambda of: of.components[at].coverage,
        ),
        Column(
            f"{key}_scored",
            "flag",
            say("%(name)s: whether it is scored.", name=name),
            yes_or_no(language),
            say(NEVER),
            say(SCORED, least=least, coverage=share),
            lambda of: of.components[at].scored,
        ),
    ]


def answer(model: Model, language: Language, at: int, answers: str) -> Column:
    """The column of an indicator, by its place in the model."""
    say, number = language.words, model.numbers[at]
    texts = models.texts(model.version, language.code)
    label = language.indicator(number, texts["indicators"][str(number)]["label"])
    turned = number in model.reversed
    if answers == FIRST:
        source = N_("The first rater’s answer; asked in the negative sense: very high is a strong barrier.")
        return Column(
            f"indicator_{number:02}",
            "code",
            label,
            tuple(texts["terms"].items()),
            say("empty: not answered"),
            say(source) if turned else say("The first rater’s answer."),
            lambda of: WORDS[of.codes[0, at]],
        )
    mean = N_("Mean of the raters who gave a term, as index, turned: very high is a low barrier.")
    return Column(
        f"indicator_{number:02}_index",
        "points",
        label,
        language.span(0, 100),
        say("empty: no rater gave a term"),
        say(mean) if turned else say("Mean of the raters who gave a term, as index."),
        lambda of: number_or_none(of.indices[at]),
    )

"""The firm's path so far in words: the pattern, the rule it came by, and what it means for the plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core import model as models
from readiness.core.model import Model
from readiness.core.pattern import Pattern
from readiness.reports.facts import LABELS, N_
from readiness.reports.language import Language
from readiness.reports.plan import Plan, PlanItem

RULES = {
    "not_yet": N_("Rule: no sales abroad now, and none before."),
    "stage_wise": N_(
        "Rule: the first foreign sale more than %(early)s years after the foundation, and neither a rapid"
        " rise nor a considerable business in one region only."
    ),
    "born_global": N_(
        "Rule: the first foreign sale at most %(early)s years after the foundation, at least %(share)s of"
        " sales abroad, and more than one world region."
    ),
    "born_again_global": N_(
        "Rule: at least %(home)s years at home, then at least %(share)s of sales abroad within %(rapid)s"
        " years, and more than one world region."
    ),
    "regional": N_(
        "Rule: sales in one world region only, and there at least %(share)s of all sales or %(countries)s"
        " countries."
    ),
}
OPEN = {
    "silent": N_(
        "Nothing is said about sales abroad, so the path stays open. Where there are none, enter 0 as the"
        " share of foreign sales."
    ),
    "stopped": N_("There were sales abroad and there are none now; none of the patterns describes that."),
    "between": N_(
        "The facts lie between the patterns: quicker or earlier than the traditional one, but not far"
        " enough along for the others."
    ),
    "contradictory": N_("The years do not fit together, so the path stays open: please check them."),
    "missing": N_("What is known leaves this possible: %(patterns)s."),
}


@dataclass(frozen=True)
class PatternView:
    """The path so far as it is read."""

    title: str
    meaning: str
    rule: str
    """The rule that decided; empty where none did."""
    missing: str
    """Facts that would decide."""
    lag: int | None
    """Years from foundation to the first foreign sale."""
    next: str
    serving: tuple[PlanItem, ...]
    """Actions of the plan that move what this pattern asks for first."""
    standing: tuple[str, ...]
    """What it asks for first, where none of that is a gap."""
    sources: str


def _rule(name: str, model: Model, language: Language) -> str:
    rules, number = model.patterns, language.number
    return language.words(
        RULES[name],
        early=number(rules.early_years),
        share=language.percent(rules.global_share / 100),
        home=number(rules.home_years),
        rapid=number(rules.rapid_years),
        countries=number(rules.regional_countries),
    )


def _undecided(found: Pattern, texts: Mapping[str, Any], language: Language) -> str:
    names = [texts["patterns"][name]["name"] for name in found.possible]
    return language.words(OPEN[found.reason], patterns=language.listing(names))


def view_pattern(
    found: Pattern, model: Model, plan: Plan, gaps: Collection[int], language: Language
) -> PatternView:
    """The path of a firm in words; `gaps` are the numbers of what is below the strong mark."""
    texts = models.texts(model.version, language.code)
    missing = language.listing([language.words(LABELS[name]) for name in found.missing])
    lag = found.years_to_first_sale
    if found.name is None:
        meaning = _undecided(found, texts, language)
        return PatternView(language.words("Not decided"), meaning, "", missing, lag, "", (), (), "")
    words, notes = texts["patterns"][found.name], model.paths[found.name]
    references = models.references(model.version)["references"]
    return PatternView(
        title=words["name"],
        meaning=words["meaning"],
        rule=_rule(found.name, model, language),
        missing="",
        lag=lag,
        next=words["next"],
        serving=tuple(item for item in plan.items if set(item.moves) & set(notes.focus)),
        standing=()
        if set(notes.focus) & set(gaps)
        else tuple(texts["indicators"][str(number)]["label"] for number in notes.focus),
        sources="; ".join(references[str(number)]["short"] for number in notes.sources),
    )

"""The route in words: which relational capability to work on, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core import fuzzy
from readiness.core.advice import weak_gate
from readiness.core.answers import Answers
from readiness.core.counterfactual import Change
from readiness.core.scoring import Scores
from readiness.reports import charts
from readiness.reports.language import Language

#: Up to so many raters are named where they would change an answer alike.
_NAMED = 2


@dataclass(frozen=True)
class Capability:
    """One of the two relational capabilities."""

    key: str
    name: str
    index: float
    weight: float
    span: charts.Span


@dataclass(frozen=True)
class ChangeView:
    """A change of an answer by one or more steps."""

    number: int
    label: str
    who: str
    """Whose answer, where there are several raters: their names, or how many where they are many."""
    before: str
    after: str
    reversed: bool


@dataclass(frozen=True)
class RouteView:
    """Everything shown of the route."""

    name: str
    title: str
    meaning: str
    why: str
    caution: str
    capabilities: tuple[Capability, Capability]
    difference: float
    gate: float | None
    gate_span: charts.Span | None
    gate_open: bool
    weak_gate: str
    """Indicators of an open gate that are themselves below its mark, listed."""
    verdict: str
    """robust, stable or tentative."""
    kept: int
    scenarios: int
    robustness: float
    other_route: str
    other_steps: int
    changes: tuple[ChangeView, ...]


def _verdict(scores: Scores, robustness: float) -> str:
    rules = scores.model.judgement
    if robustness >= rules.robust_from - fuzzy.EPSILON:
        return "robust"
    return "stable" if robustness >= rules.stable_from - fuzzy.EPSILON else "tentative"


def _weak_gate(scores: Scores, texts: Mapping[str, Any], language: Language) -> str:
    labels = texts["indicators"]
    return language.listing(
        [language.indicator(number, labels[str(number)]["label"]) for number in weak_gate(scores)]
    )


def view_changes(
    changes: Iterable[Change], answers: Answers, texts: Mapping[str, Any], language: Language
) -> tuple[ChangeView, ...]:
    """Changes of answers in words, those of raters who do the same together."""
    alike: dict[tuple[int, str, str], list[str]] = {}
    for change in changes:
        same = alike.setdefault((change.indicator, change.before, change.after), [])
        same.append(answers.responses[change.rater].rater)
    return tuple(
        ChangeView(
            number=number,
            label=texts["indicators"][str(number)]["label"],
            who=_who(raters, language) if len(answers.responses) > 1 else "",
            before=texts["terms"][before],
            after=texts["terms"][after],
            reversed=number in answers.model.reversed,
        )
        for (number, before, after), raters in sorted(alike.items(), key=lambda item: item[0][0])
    )


def _who(raters: list[str], language: Language) -> str:
    if len(raters) <= _NAMED:
        return language.listing(raters)
    return language.plural("%(count)s rater", "%(count)s raters", len(raters))


def view_route(
    scores: Scores, answers: Answers, texts: Mapping[str, Any], language: Language
) -> RouteView | None:
    """The route of these scores in words, or None where the model gives none."""
    route = scores.route
    if route is None:
        return None
    model, words, mirrored = scores.model, texts["routes"][route.name], language.mirrored
    weights = model.relational_weights
    networking, coopetition = (
        Capability(
            key, texts["components"][key]["name"], index, weight, charts.span(0, index, index, mirrored)
        )
        for key, index, weight in zip(
            ("networking", "coopetition"), (route.networking, route.coopetition), weights, strict=True
        )
    )
    other = route.counterfactual
    gate = route.gate
    open_ = gate is not None and gate >= model.judgement.route_gate - fuzzy.EPSILON
    return RouteView(
        name=route.name,
        title=words["title"],
        meaning=words["meaning"],
        why=words["why"],
        caution=words["caution"],
        capabilities=(networking, coopetition),
        difference=route.difference,
        gate=gate,
        gate_span=None if gate is None else charts.span(0, gate, gate, mirrored),
        gate_open=open_,
        weak_gate=_weak_gate(scores, texts, language) if open_ else "",
        verdict=_verdict(scores, route.robustness),
        kept=route.kept,
        scenarios=route.scenarios,
        robustness=route.robustness,
        other_route=texts["routes"][other.route]["title"] if other else "",
        other_steps=other.steps if other else 0,
        changes=view_changes(other.changes if other else (), answers, texts, language),
    )

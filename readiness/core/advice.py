"""Advice: five to seven actions of the library for a firm, in order, each with its reason.

The rules, in the order in which they speak (docs/model.md, section 7):

1. Gaps are the answered indicators below the strong mark, largest first; under `sustain` only those
   outside networking and coopetition.
2. Each place of the plan goes to the largest gap that nothing moves yet; under `networking-first` what holds
   the gate shut comes before. The route says whether to a networking or a coopetition action; the other
   capability stands in where only it has an action that can begin and is made for the gap.
3. The best action for a gap has it as its main indicator, falls into a time of which the plan has little
   so far, and moves much else that is open.
4. An action whose prerequisite does not stand gives its place to one that builds it.
5. What an action moves counts as moved, so that the next place goes to the next gap.
6. Where nothing chosen so far moves what the firm's path asks for first, the fifth place does (the last one
   of the first phase under `networking-first`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from readiness.core import actions as library
from readiness.core import fuzzy
from readiness.core.answers import Codes
from readiness.core.choosing import Choice, Decision, Situation, choose
from readiness.core.fuzzy import TERM_INDEX, TERMS, Floats
from readiness.core.scoring import Scores


@dataclass(frozen=True)
class Planned(Choice):
    """An action of the plan: a choice, and what it means for the firm."""

    rank: int
    """Rank of the target's gap among all gaps of the firm, 1 the largest."""
    gains: Mapping[str, float]
    """Index points that each scored component gains if these indicators rise one term."""
    overall_gain: float | None
    """The same of the overall index; None where there is none."""


@dataclass(frozen=True)
class Advice:
    """The plan of a firm, and how it was chosen."""

    route: str | None
    gaps: tuple[int, ...]
    """Numbers of the indicators that count as gaps here, largest first."""
    planned: tuple[Planned, ...]
    trace: tuple[Decision, ...]
    shortage: str
    """Why there are fewer actions than the least: unknown, none, gaps, blocked; empty if there are enough."""


def gaps_of(scores: Scores) -> tuple[int, ...]:
    """Numbers of the answered indicators below the strong mark, largest gap first."""
    strong = scores.model.judgement.route_strong - fuzzy.EPSILON
    index, column = fuzzy.index(scores.indicators.crisp), scores.model.column
    return tuple(number for number in scores.priorities if index[column[number]] < strong)


def weak_gate(scores: Scores) -> tuple[int, ...]:
    """Numbers of the answered indicators of the gate that are themselves below its mark."""
    mark = scores.model.judgement.route_gate - fuzzy.EPSILON
    index, column = fuzzy.index(scores.indicators.crisp), scores.model.column
    return tuple(number for number in scores.model.gate if index[column[number]] < mark)


def step_gains(scores: Scores, codes: Codes) -> Floats:
    """Index points that each indicator gains if every rater's term rises one step, (n,).

    codes: the raters' answers that were scored, (raters, n). The reversed indicator rises as its
    barriers fall. NaN where nobody gave a term.
    """
    given = codes < len(TERMS)
    top = len(TERMS) - 1
    terms = np.where(given, codes, 0).astype(int)
    terms = np.where(scores.model.is_reversed, top - terms, terms)
    rise = np.where(given, TERM_INDEX[np.minimum(terms + 1, top)] - TERM_INDEX[terms], 0).sum(axis=0)
    count = given.sum(axis=0)
    return np.where(count > 0, rise / np.maximum(count, 1), np.nan)


def _gains(scores: Scores, rises: Floats, moved: tuple[int, ...]) -> tuple[dict[str, float], float | None]:
    """What the scored components and the overall index gain if these indicators rise one term."""
    model, parts = scores.model, scores.components
    importance = np.where(scores.indicators.answered, model.importance, 0)
    gained: dict[str, float] = {}
    for number in moved:
        at = model.column[number]
        key = model.indicators[at].component
        if parts.scored[model.components.index(key)]:
            share = float(importance[at] / importance[model.span(key)].sum())
            gained[key] = gained.get(key, 0.0) + share * float(rises[at])
    if scores.overall is None:
        return gained, None
    weights = dict(zip(model.components, model.component_importance.tolist(), strict=True))
    whole = sum(weights[key] for at, key in enumerate(model.components) if parts.scored[at])
    return gained, sum(weights[key] * gain for key, gain in gained.items()) / whole


def _situation(scores: Scores, gaps: tuple[int, ...], focus: tuple[int, ...]) -> Situation:
    model, route = scores.model, scores.route
    if route is not None and route.name == "sustain":
        own = {row.number for row in model.indicators[model.relational]}
        gaps = tuple(number for number in gaps if number not in own)
    size = fuzzy.crisp(scores.indicators.gap)
    index = fuzzy.index(scores.indicators.crisp)
    known = {
        number: float(index[at]) for number, at in model.column.items() if scores.indicators.answered[at]
    }
    return Situation(
        rules=model.advice,
        library=library.load(model.version),
        route=None if route is None else route.name,
        difference=0.0 if route is None else route.difference,
        gate=weak_gate(scores),
        focus=tuple(number for number in focus if number in gaps),
        gaps=gaps,
        size={number: float(size[model.column[number]]) for number in gaps},
        index=known,
    )


def _planned(choice: Choice, ranking: tuple[int, ...], scores: Scores, rises: Floats) -> Planned:
    gains, overall = _gains(scores, rises, choice.moves)
    rank = ranking.index(choice.target) + 1
    return Planned(**vars(choice), rank=rank, gains=gains, overall_gain=overall)


def advise(scores: Scores, codes: Codes, focus: tuple[int, ...] = ()) -> Advice:
    """Choose the actions for a firm from its scores.

    codes: the raters' answers that were scored, (raters, n); focus: numbers of the indicators that the
    firm's path so far asks for first. Deterministic. Without a route the plan
    keeps to networking actions, as the closed gate would have it.
    """
    ranking = gaps_of(scores)
    situation = _situation(scores, ranking, focus)
    chosen = choose(situation)
    rises = step_gains(scores, codes)
    planned = tuple(_planned(choice, ranking, scores, rises) for choice in chosen.choices)
    return Advice(
        route=situation.route,
        gaps=situation.gaps,
        planned=planned,
        trace=chosen.trace,
        shortage=chosen.shortage,
    )


def export(advice: Advice, version: str) -> dict[str, Any]:
    """The plan for a machine, numbers unrounded."""
    return {
        "model": version,
        "route": advice.route,
        "gaps": list(advice.gaps),
        "actions": [
            {
                "id": planned.action.id,
                "capability": planned.action.capability,
                "indicator": planned.target,
                "rank": planned.rank,
                "rule": planned.rule,
                "blocked": planned.blocked,
                "moves": list(planned.moves),
                "phase": planned.phase,
                "effort": planned.action.effort,
                "horizon": planned.action.horizon,
                "partners": list(planned.action.partners),
                "gains": dict(planned.gains),
                "overall_gain": planned.overall_gain,
            }
            for planned in advice.planned
        ],
        "shortage": advice.shortage or None,
        "trace": [
            {name: value for name, value in asdict(decision).items() if value not in (None, ())}
            for decision in advice.trace
        ],
    }

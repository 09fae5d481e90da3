"""The profile: everything that the page and the PDF show of one assessment, in one language."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from readiness import __version__
from readiness.core import answers as answering
from readiness.core import cheapest, fuzzy, scoring
from readiness.core import model as models
from readiness.core.advice import Advice, advise, gaps_of
from readiness.core.answers import Answers
from readiness.core.model import Model
from readiness.core.pattern import Pattern, recognise
from readiness.core.scoring import Scores
from readiness.reports import charts
from readiness.reports.actionplan import KeptPlan, view_kept
from readiness.reports.arithmetic import ComponentSum, OverallSum, component_sums, overall_sum
from readiness.reports.benchmark import Benchmark, view_benchmark
from readiness.reports.beside import Beside, compare
from readiness.reports.change import ChangeView, said, view_change
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.pattern import PatternView, view_pattern
from readiness.reports.plan import Plan, view_plan
from readiness.reports.priority_map import PriorityMap, view_map
from readiness.reports.raters import Panel, answered_by, view_panel
from readiness.reports.route import RouteView, view_changes, view_route
from readiness.reports.supplement import NOTHING, Supplement
from readiness.reports.views import ComponentView, IndicatorView, Level, NextLevel, Overall

_BEFORE = ("answer", "scores", "gaps", "route", "plan", "actions", "pattern")
_AFTER = ("components", "method")
_TITLES = {
    "answer": N_("In short"),
    "scores": N_("Nine components"),
    "gaps": N_("Gaps"),
    "route": N_("Route"),
    "plan": N_("Action plan"),
    "pattern": N_("The path so far"),
    "raters": N_("Raters"),
    "change": N_("Change"),
    "benchmark": N_("Benchmark"),
    "components": N_("In detail"),
    "method": N_("Method"),
}
SHOWN = 3
#: So many changes on the way to the next level are listed, half as many where each names its raters;
#: more say only that it is far.
LISTED = 8
#: Characters of notes and reasons that the table of indicators has room for.
NOTES_INLINE = 2000
#: A remark of more lines runs on, so that line breaks alone cannot fill a thousand pages.
LINES = 20


def _remark(text: str) -> str:
    """A note or reason without blank lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    return ("\n" if len(lines) <= LINES else " ").join(lines)


def _paragraphs(text: str) -> tuple[str, ...]:
    """A longer text by its paragraphs, which blank lines separate."""
    if len(text.splitlines()) > 2 * LINES:
        return (" ".join(text.split()),)
    return tuple(_remark(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


@dataclass(frozen=True)
class Profile:
    """The whole profile of one assessment."""

    language: Language
    model: Model
    answers: Answers
    made_on: date
    draft: bool
    supplement: Supplement = NOTHING

    @cached_property
    def scores(self) -> Scores:
        """The scores of the answers."""
        return scoring.score(self.answers)

    @cached_property
    def texts(self) -> Mapping[str, Any]:
        """The model's words in the profile's language."""
        return models.texts(self.model.version, self.language.code)

    @property
    def firm(self) -> str:
        """Name of the firm."""
        return str(self.answers.firm.get("name") or self.language.words("Unnamed firm"))

    @property
    def known(self) -> bool:
        """Whether any indicator has an answer on the scale."""
        return bool(self.scores.priorities)

    @property
    def raters(self) -> tuple[str, ...]:
        """Roles of those who answered."""
        return tuple(response.rater for response in self.answers.responses)

    @property
    def software(self) -> str:
        """Version of this program."""
        return __version__

    @cached_property
    def document(self) -> str:
        """The answers in the exchange format, as attached to the PDF."""
        return json.dumps(answering.export(self.answers), ensure_ascii=False, indent=1)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that page and PDF show, in order; each is a template of reports/parts.

        Between the path so far and the components is the place of what has data only sometimes: raters,
        change since last time, benchmark.
        """
        raters = ("raters",) if self.panel else ()
        change = ("change",) if self.supplement.earlier else ()
        benchmark = ("benchmark",) if self.supplement.cohorts else ()
        return (*_BEFORE, *raters, *change, *benchmark, *_AFTER)

    @property
    def full(self) -> bool:
        """Whether so much has come beside the answers that the printed report is set closer."""
        return bool(self.kept) and bool(self.panel or self.supplement.earlier or self.supplement.verified)

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """The parts by their short names, for the list at the head of the page."""
        return tuple((name, self.language.words(_TITLES[name])) for name in self.parts if name in _TITLES)

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the answers, the model, the program and the date this profile was made from."""
        made = (self.software, str(self.made_on), str(self.draft), self.supplement.digest())
        parts = (self.document, self.language.code, *made)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def level(self, tfn: fuzzy.Floats) -> Level:
        """The level of a TFN, (3,)."""
        ((term, other),) = scoring.levels(self.model, tfn[None])
        words = self.texts["levels"]
        return Level(term, words[term]["name"], words[term]["meaning"], other and words[other]["name"])

    @cached_property
    def overall(self) -> Overall | None:
        """The overall score, or None."""
        found = self.scores.overall
        if found is None:
            return None
        drawn = charts.span(found.low, found.high, found.index, self.language.mirrored)
        level = self.level(found.tfn)
        return Overall(found.index, found.low, found.high, found.coverage, level, drawn)

    @cached_property
    def components(self) -> tuple[ComponentView, ...]:
        """The components in the order of the model."""
        return tuple(self._component(at) for at in range(len(self.model.components)))

    def _component(self, at: int) -> ComponentView:
        parts, key = self.scores.components, self.model.components[at]
        scored, words = bool(parts.scored[at]), self.texts["components"][key]
        some = not np.isnan(parts.low[at])
        low, high = (float(parts.low[at]), float(parts.high[at])) if some else (None, None)
        index = float(parts.index[at]) if scored else None
        return ComponentView(
            key=key,
            name=words["name"],
            short=words["short"],
            about=words["about"],
            scored=scored,
            provisional=bool(parts.provisional[at]),
            index=index,
            equal_weight_index=float(fuzzy.index(fuzzy.crisp(parts.equal_weight_tfn[at])))
            if scored
            else None,
            low=low,
            high=high,
            level=self.level(parts.tfn[at]) if scored else None,
            answered=int(parts.answered[at]),
            applicable=int(parts.applicable[at]),
            coverage=float(parts.coverage[at]) if some else None,
            span=None
            if low is None or high is None
            else charts.span(low, high, index, self.language.mirrored),
            why_not="" if scored else self._why_not(at),
        )

    def _why_not(self, at: int) -> str:
        answered = int(self.scores.components.answered[at])
        applicable = int(self.scores.components.applicable[at])
        words = self.language.words
        if not applicable:
            return words("Every indicator of this component was marked not applicable.")
        return words(
            "Not scored: %(answered)s of %(applicable)s applicable indicators answered; at least"
            " two, and two thirds by importance, are needed.",
            answered=self.language.number(answered),
            applicable=self.language.number(applicable),
        )

    @cached_property
    def bars(self) -> tuple[ComponentView, ...]:
        """The components from the highest index to the lowest, unscored ones last."""
        return tuple(sorted(self.components, key=lambda part: (not part.scored, -(part.index or 0))))

    @cached_property
    def radar(self) -> charts.Radar:
        """The components as a radar, in the order of the model."""
        return charts.radar([part.index for part in self.components], self.language.mirrored)

    @cached_property
    def indicators(self) -> Mapping[int, IndicatorView]:
        """The validated indicators by number."""
        return {number: self._indicator(at) for at, number in enumerate(self.model.numbers)}

    def of_component(self, key: str) -> list[IndicatorView]:
        """The indicators of a component."""
        return [self.indicators[row.number] for row in self.model.of_component(key)]

    def _indicator(self, at: int) -> IndicatorView:
        row, rated = self.model.indicators[at], self.scores.indicators
        words, answered = self.texts["indicators"][str(row.number)], bool(rated.answered[at])
        responses, number = self.answers.responses, str(row.number)
        verified = self.supplement.verified.get(row.number)
        return IndicatorView(
            number=row.number,
            component=row.component,
            label=words["label"],
            question=words["question"],
            answer=self._answer([int(response.codes[at]) for response in responses]),
            index=float(fuzzy.index(rated.crisp[at])) if answered else None,
            importance=float(self.model.importance[at]),
            gap=float(fuzzy.crisp(rated.gap[at])) if answered else None,
            reversed=row.number in self.model.reversed,
            notes=tuple(_remark(r.notes[number]) for r in responses if r.notes.get(number)),
            reasons=tuple(_remark(r.reasons[number]) for r in responses if r.reasons.get(number)),
            disagreement=float(rated.disagreement[at]) if answered else None,
            verified=str(self.texts["terms"][verified.word]) if verified else "",
            seen=_remark(verified.note) if verified else "",
        )

    def _answer(self, codes: list[int]) -> str:
        return said(codes, self.texts["terms"], self.language)

    @cached_property
    def ranking(self) -> tuple[IndicatorView, ...]:
        """Answered indicators below the strong mark, largest gap first."""
        return tuple(self.indicators[number] for number in gaps_of(self.scores))

    @cached_property
    def gaps(self) -> tuple[IndicatorView, ...]:
        """The largest gaps, for the summary."""
        return self.ranking[:SHOWN]

    @cached_property
    def assets(self) -> tuple[IndicatorView, ...]:
        """What to protect: indicators at or above the strong mark, by importance times score."""
        rated, weights = self.scores.indicators, self.model.importance_tfn
        worth = np.round(fuzzy.crisp(weights * np.nan_to_num(rated.tfn)), 12)
        strong = self.model.judgement.route_strong - fuzzy.EPSILON
        order = np.argsort(-worth, kind="stable")
        ranked = (self.indicators[self.model.numbers[at]] for at in order)
        return tuple(item for item in ranked if item.index is not None and item.index >= strong)

    @cached_property
    def strengths(self) -> tuple[IndicatorView, ...]:
        """The most valuable strengths, for the summary."""
        return self.assets[:SHOWN]

    @cached_property
    def next_levels(self) -> tuple[NextLevel, ...]:
        """The shortest ways to the next level: overall, networking, coopetition."""
        words, codes = self.texts, self.answers.codes
        names = [
            (None, self.language.words("Overall")),
            *((key, words["components"][key]["name"]) for key in ("networking", "coopetition")),
        ]
        found = []
        for key, name in names:
            path = cheapest.to_next_level(self.scores, codes, key)
            if path is not None:
                before, after = (words["levels"][term]["name"] for term in (path.before, path.after))
                changes = view_changes(path.changes, self.answers, words, self.language)
                far = len(changes) > (LISTED if len(codes) == 1 else LISTED // 2)
                found.append(NextLevel(name, before, after, path.steps, changes, far))
        return tuple(found)

    @cached_property
    def path(self) -> Pattern:
        """The pattern of the firm's path so far."""
        return recognise(self.answers.firm, self.made_on.year, self.model.patterns)

    @cached_property
    def advice(self) -> Advice:
        """The actions chosen for the firm."""
        path = self.path.name
        focus = self.model.paths[path].focus if path else ()
        return advise(self.scores, self.answers.codes, focus)

    @cached_property
    def plan(self) -> Plan:
        """The action plan in words."""
        return view_plan(self.advice, len(self.ranking), self.indicators, self.model, self.language)

    @cached_property
    def kept(self) -> KeptPlan | None:
        """The plan that the firm keeps, or None."""
        numbers = {item.id: item.number for item in self.plan.items}
        return view_kept(self.supplement, numbers, self.model.version, self.language)

    @cached_property
    def benchmarks(self) -> tuple[Benchmark, ...]:
        """The firm beside the other firms of each cohort that it is in."""
        indices = {part.key: part.index for part in self.components}
        indices["overall"] = None if self.overall is None else self.overall.index
        return tuple(view_benchmark(cohort, indices, self.language) for cohort in self.supplement.cohorts)

    @cached_property
    def pattern(self) -> PatternView:
        """The firm's path so far in words."""
        gaps = {item.number for item in self.ranking}
        return view_pattern(self.path, self.model, self.plan, gaps, self.language)

    @cached_property
    def change(self) -> ChangeView | None:
        """What changed since the round before, or None where there is none."""
        earlier = self.supplement.earlier
        if earlier is None:
            return None
        before, days = answering.read(earlier.document), (earlier.made_on, self.made_on.isoformat())
        return view_change(before, self.answers, days, earlier.untouched, self.texts, self.language)

    @cached_property
    def map(self) -> PriorityMap:
        """The indicators by importance and performance."""
        return view_map(self.indicators.values(), self.model.judgement.route_strong, self.language)

    @cached_property
    def panel(self) -> Panel | None:
        """The raters beside each other, where several answered."""
        if len(answered_by(self.answers)) < 2:
            return None
        return view_panel(self.answers, self.supplement.agreed, self.language)

    @cached_property
    def notes_apart(self) -> bool:
        """Whether notes and reasons are too long for the table of indicators and go to an appendix."""
        remarks = [
            remark for item in self.indicators.values() for remark in (*item.notes, *item.reasons, item.seen)
        ]
        return sum(map(len, remarks)) > NOTES_INLINE

    @cached_property
    def comments(self) -> Mapping[str, tuple[str, ...]]:
        """A consultant's comments by component key, in paragraphs."""
        return {key: _paragraphs(text) for key, text in self.supplement.comments.items()}

    @cached_property
    def verified(self) -> Beside | None:
        """What the verified answers would change, or None without any."""
        return compare(self.scores, self.answers, self.supplement.verified, self.texts, self.language)

    @cached_property
    def route(self) -> RouteView | None:
        """The route in words, or None."""
        return view_route(self.scores, self.answers, self.texts, self.language)

    @cached_property
    def sums(self) -> tuple[ComponentSum, ...]:
        """The arithmetic of every component."""
        return component_sums(self.scores)

    @cached_property
    def overall_sum(self) -> OverallSum | None:
        """The arithmetic of the overall index."""
        return overall_sum(self.scores)

    def component(self, key: str) -> ComponentView:
        """A component by its key."""
        return self.components[self.model.components.index(key)]

    def gap_span(self, item: IndicatorView) -> charts.Span:
        """The bar of an indicator's gap, on a scale from 0 to 1."""
        return charts.span(0, 100 * (item.gap or 0), None, self.language.mirrored)

    def at(self, index: float) -> float:
        """Where an index stands on a bar chart."""
        return charts.WIDTH * ((100 - index) if self.language.mirrored else index) / 100


def make_profile(
    answers: Answers,
    language: Language,
    made_on: date,
    draft: bool = False,
    supplement: Supplement = NOTHING,
) -> Profile:
    """The profile of these answers; scores and views are made when they are first looked at."""
    return Profile(language, answers.model, answers, made_on, draft, supplement)

"""Two cohorts, or a cohort's first and latest rounds, side by side: numbers, intervals and plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.core import comparison as comparing
from readiness.core import model as models
from readiness.core import statistics
from readiness.core.comparison import HIGHER, NONE, TOO_FEW, Finding
from readiness.core.fuzzy import Floats
from readiness.core.panel import Panel
from readiness.core.ranktests import Delta
from readiness.reports import comparisoncharts
from readiness.reports.comparisoncharts import Interval
from readiness.reports.facts import N_
from readiness.reports.language import Language

SIZES = {
    "negligible": N_("negligible"),
    "small": N_("small"),
    "medium": N_("medium-sized"),
    "large": N_("large"),
}
#: Smaller p-values say no more than that they are smaller.
_LEAST_P = 0.001
#: A typical change of fewer points is printed as none.
_STILL = 0.05


@dataclass(frozen=True)
class Side:
    """The firms of one side, each with one finished round."""

    name: str
    firm_ids: tuple[str, ...]
    assessment_ids: tuple[str, ...]
    panel: Panel

    def indices(self, wanted: Sequence[bool]) -> Floats:
        """Indices of the components and, in the last row, overall, of the firms that are wanted."""
        return np.vstack([self.panel.index, self.panel.overall])[:, np.array(wanted, dtype=bool)]


@dataclass(frozen=True)
class RowView:
    """A component, or the whole firm."""

    key: str
    name: str
    n_a: int
    n_b: int
    median_a: float | None
    median_b: float | None
    difference: float | None
    """Points of the index: of the medians of two groups, the shift of two rounds."""
    effect: float | None
    """Cliff's delta of two groups, the shift of two rounds."""
    low: float | None
    """Of the effect's interval."""
    high: float | None
    size: str
    p: str
    """Adjusted, in words; empty where there is none."""
    verdict: str
    says: str
    drawing: Interval | None


@dataclass(frozen=True)
class ComparisonView:
    """The whole view."""

    a: str
    b: str
    rows: tuple[RowView, ...]
    """The overall index first, then the components."""
    reach: float
    """Where the scale of the drawings ends on either side."""
    shared: int
    """Groups: firms in both cohorts, left out. Rounds: 0."""
    paired: int
    """Rounds: firms with two finished rounds. Groups: 0."""
    once: int
    """Rounds: firms that finished a first round only."""


def compare_groups(a: Side, b: Side, language: Language) -> ComparisonView:
    """Two cohorts by their latest finished rounds, without the firms that are in both."""
    shared = set(a.firm_ids) & set(b.firm_ids)
    one = a.indices([firm not in shared for firm in a.firm_ids])
    other = b.indices([firm not in shared for firm in b.firm_ids])
    found = comparing.groups(one, other, overall=True)
    rows = _rows(found, a, b, language, 1.0, _say_groups)
    return ComparisonView(a.name, b.name, rows, 1.0, shared=len(shared), paired=0, once=0)


def compare_rounds(first: Side, latest: Side, language: Language) -> ComparisonView:
    """The first and the latest finished round of the same firms, which have at least two."""
    twice = [one != two for one, two in zip(first.assessment_ids, latest.assessment_ids, strict=True)]
    found = comparing.rounds(first.indices(twice), latest.indices(twice), overall=True)
    ends = [end for finding in found for end in _ends(finding) if end is not None]
    reach = comparisoncharts.reach(ends)
    rows = _rows(found, first, latest, language, reach, _say_rounds)
    once = len(twice) - sum(twice)
    return ComparisonView(first.name, latest.name, rows, reach, shared=0, paired=sum(twice), once=once)


Say = Callable[[Finding, Side, Side, Language], str]


def _rows(
    found: Sequence[Finding], a: Side, b: Side, language: Language, reach: float, say: Say
) -> tuple[RowView, ...]:
    model = a.panel.model
    names = models.texts(model.version, language.code)["components"]
    titled = [(key, names[key]["name"]) for key in model.components]
    titled.append(("overall", language.words("Overall index")))
    rows = [
        _row(finding, key, name, say(finding, a, b, language), language, reach)
        for finding, (key, name) in zip(found, titled, strict=True)
    ]
    return rows[-1], *rows[:-1]


def _ends(finding: Finding) -> tuple[float | None, float | None]:
    return (finding.effect.low, finding.effect.high) if finding.effect else (None, None)


def _effect(finding: Finding) -> float | None:
    if finding.effect is None:
        return None
    return finding.effect.delta if isinstance(finding.effect, Delta) else finding.effect.shift


def _row(finding: Finding, key: str, name: str, says: str, language: Language, reach: float) -> RowView:
    low, high = _ends(finding)
    effect, drawn = _effect(finding), None
    if effect is not None and low is not None and high is not None:
        drawn = comparisoncharts.interval(effect, low, high, reach, language.mirrored)
    return RowView(
        key=key,
        name=name,
        n_a=finding.n_a,
        n_b=finding.n_b,
        median_a=finding.median_a,
        median_b=finding.median_b,
        difference=finding.difference,
        effect=effect,
        low=low,
        high=high,
        size=language.words(SIZES[finding.size]) if finding.size else "",
        p=_say_p(finding.adjusted, language),
        verdict=finding.verdict,
        says=says,
        drawing=drawn,
    )


def _say_p(p: float | None, language: Language) -> str:
    if p is None:
        return ""
    if p < _LEAST_P:
        return language.words("below %(least)s", least=language.number(_LEAST_P, 3))
    return language.number(p, 3)


def _say_groups(finding: Finding, a: Side, b: Side, language: Language) -> str:
    say, number = language.words, language.number
    if finding.verdict == TOO_FEW:
        return say(
            "Too few for a comparison: each cohort needs %(least)s firms with this score; there are %(a)s and"
            " %(b)s.",
            least=number(statistics.GROUPS_FROM),
            a=number(finding.n_a),
            b=number(finding.n_b),
        )
    if finding.verdict == NONE or finding.median_a is None or finding.median_b is None:
        return say("No difference that these numbers can show.")
    higher = finding.verdict == HIGHER
    medians = (finding.median_a, finding.median_b) if higher else (finding.median_b, finding.median_a)
    return say(
        "The firms of %(cohort)s stand higher in this: a %(size)s difference, median %(one)s against"
        " %(other)s.",
        cohort=language.isolate(a.name if higher else b.name),
        size=say(SIZES[finding.size or "negligible"]),
        one=number(medians[0], 1),
        other=number(medians[1], 1),
    )


def _say_rounds(finding: Finding, _a: Side, _b: Side, language: Language) -> str:
    say, number = language.words, language.number
    if finding.verdict == TOO_FEW:
        return say(
            "Too few for a comparison: it needs %(least)s firms with this score in both rounds; there are"
            " %(count)s.",
            least=number(statistics.PAIRED_FROM),
            count=number(finding.n_a),
        )
    low, high = _ends(finding)
    if finding.verdict == NONE or finding.difference is None or low is None or high is None:
        return say("No change that these numbers can show.")
    rose = finding.verdict == HIGHER
    if abs(finding.difference) < _STILL:
        return say(
            N_("More firms rose than fell, but the typical firm stayed where it was.")
            if rose
            else N_("More firms fell than rose, but the typical firm stayed where it was.")
        )
    return say(
        N_("The firms rose: the typical change is %(points)s points (between %(low)s and %(high)s).")
        if rose
        else N_("The firms fell: the typical change is %(points)s points (between %(low)s and %(high)s)."),
        points=language.gain(finding.difference, 1),
        low=language.gain(low, 1),
        high=language.gain(high, 1),
    )

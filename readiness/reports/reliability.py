"""How far the answers to a component's indicators go together over the firms of a cohort, in words."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core import comparison, statistics
from readiness.core import model as models
from readiness.core.answers import Codes
from readiness.core.model import Model
from readiness.core.statistics import Alpha
from readiness.reports.language import Language

#: The mark that is customary for comparing groups (Nunnally 1978): a convention, not a finding.
CUSTOMARY = 0.7


@dataclass(frozen=True)
class ReliabilityRow:
    """A component."""

    key: str
    name: str
    items: int
    n: int
    """Complete cases: firms whose first rater gave a term to each indicator of it."""
    alpha: float | None
    low: float | None
    high: float | None
    says: str


def view_reliability(model: Model, codes: Codes, language: Language) -> tuple[ReliabilityRow, ...]:
    """Every component; codes are those of the first rater of each firm, (indicators, n)."""
    names = models.texts(model.version, language.code)["components"]
    found = zip(
        model.components,
        comparison.reliability(model, codes),
        comparison.complete(model, codes).tolist(),
        strict=True,
    )
    return tuple(
        ReliabilityRow(
            key=key,
            name=names[key]["name"],
            items=len(model.of_component(key)),
            n=count,
            alpha=alpha.alpha if alpha else None,
            low=alpha.low if alpha else None,
            high=alpha.high if alpha else None,
            says=_say(alpha, count, language),
        )
        for key, alpha, count in found
    )


def _say(alpha: Alpha | None, count: int, language: Language) -> str:
    say = language.words
    mark = language.number(CUSTOMARY, 1)
    if count < statistics.ALPHA_FROM:
        return say(
            "Not given: it needs %(least)s firms whose first rater answered all of these indicators with a"
            " term; there are %(count)s.",
            least=language.number(statistics.ALPHA_FROM),
            count=language.number(count),
        )
    if alpha is None:
        return say(
            "Not given: the answers hardly differ from firm to firm, so there is nothing to go together."
        )
    if alpha.low >= CUSTOMARY:
        return say("The answers go together: even the low end of the interval reaches %(mark)s.", mark=mark)
    if alpha.high < CUSTOMARY:
        return say(
            "The answers go together little: the whole interval is below %(mark)s, so the index mixes things"
            " that differ.",
            mark=mark,
        )
    return say("Not settled: the interval lies on both sides of %(mark)s.", mark=mark)

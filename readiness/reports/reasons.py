"""Why each action of a plan was chosen, and what it would gain, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness.core import actions as library
from readiness.core import model as models
from readiness.core.actions import Need, other
from readiness.core.advice import Planned
from readiness.core.choosing import Decision
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.views import IndicatorView

_CLOSES = {
    1: N_("Aims at your largest gap: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
    2: N_("Aims at your second largest gap: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
    3: N_("Aims at your third largest gap: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
    0: N_("Aims at gap %(rank)s of %(all)s: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
}
#: Of what is chosen by another rule than the size of its gap.
_OWN_RULES = {
    "opens": N_(
        "Opens the gate, which has to come before rivals: %(indicator)s is below %(gate)s (importance"
        " %(importance)s, answer: %(answer)s)."
    ),
    "path": N_(
        "Your path so far asks for it first: %(indicator)s (importance %(importance)s, answer: %(answer)s;"
        " gap %(rank)s of %(all)s)."
    ),
    "builds": N_(
        "Builds what “%(title)s” needs first: %(needed)s at “%(level)s” or above; answer now: %(answer)s"
        " (gap %(rank)s of %(all)s)."
    ),
}
_NEEDS_FIRST = N_("“%(title)s” would be the one for it, but first needs %(needed)s at “%(level)s” or above.")
_NOT_MADE = N_("The library has no action of %(capability)s that is made for it.")

_DECISIONS = {
    "closes": N_("%(gap)s: “%(title)s” (%(capability)s)."),
    "opens": N_("%(gap)s holds the gate shut: “%(title)s” (%(capability)s)."),
    "path": N_("%(gap)s is what the path so far asks for first: “%(title)s”."),
    "builds": N_(
        "%(gap)s: “%(blocked)s” would come first but needs %(needed)s at “%(level)s” or above; “%(title)s”"
        " builds that and takes its place."
    ),
    "instead": N_("%(gap)s: “%(title)s” stands in; no action of %(capability)s is made for it."),
    "instead, needs": N_(
        "%(gap)s: “%(title)s” stands in; “%(blocked)s” needs %(needed)s at “%(level)s” or above."
    ),
    "waits": N_("%(gap)s waits: no action of %(capability)s for it can begin yet."),
    "waits, needs": N_(
        "%(gap)s waits: “%(blocked)s” needs %(needed)s at “%(level)s” or above, which does not stand yet."
    ),
    "stops": N_(
        "The plan ends before %(gap)s: it has enough actions, and from here on the gaps are less than"
        " %(share)s of the largest."
    ),
}


class Reasons:
    """Says why, for one firm in one language."""

    def __init__(
        self, gaps: int, views: Mapping[int, IndicatorView], model: models.Model, language: Language
    ) -> None:
        self.gaps, self.views, self.language = gaps, views, language
        self.model, version = model, model.version
        self.texts: Mapping[str, Any] = models.texts(version, language.code)
        self.said = library.texts(version, language.code)
        self.references = models.references(version)["references"]

    def indicator(self, number: int) -> str:
        """Its number and name."""
        return self.language.indicator(number, self.views[number].label)

    def answer(self, view: IndicatorView) -> str:
        """The answer, with a word where a high one is a weakness."""
        if not view.reversed:
            return view.answer
        return self.language.words("%(answer)s, which counts in reverse", answer=view.answer)

    def name(self, capability: str) -> str:
        return str(self.texts["components"][capability]["name"])

    def title(self, action: str | None) -> str:
        return self.said[action]["title"] if action else ""

    def need(self, need: Need) -> dict[str, object]:
        return {"needed": self.indicator(need.indicator), "level": self.texts["terms"][need.level]}

    def reason(self, planned: Planned) -> str:
        """Why this action is in the plan."""
        view, words, number = self.views[planned.target], self.language.words, self.language.number
        values: dict[str, object] = {
            "indicator": self.indicator(planned.target),
            "importance": number(view.importance, 2),
            "answer": self.answer(view),
            "rank": number(planned.rank),
            "all": number(self.gaps),
            "gate": number(self.model.judgement.route_gate),
            "title": self.title(planned.blocked),
        }
        if planned.need:
            values |= self.need(planned.need)
        if planned.rule in _OWN_RULES:
            return words(_OWN_RULES[planned.rule], **values)
        said = words(_CLOSES.get(planned.rank, _CLOSES[0]), **values)
        if planned.rule == "instead" and planned.need:
            said += " " + words(_NEEDS_FIRST, **values)
        elif planned.rule == "instead":
            said += " " + words(_NOT_MADE, capability=self.name(other(planned.action.capability)))
        return said

    def gain(self, planned: Planned) -> str:
        """What is to be expected if the moved indicators rise one term."""
        words, listed = self.language.words, [self.indicator(number) for number in planned.moves]
        points = [
            f"{self.texts['components'][key]['name']} {self.language.gain(gain, 1)}"
            for key, gain in planned.gains.items()
        ]
        if planned.overall_gain is not None:
            points.append(words("overall index %(gain)s", gain=self.language.gain(planned.overall_gain, 1)))
        if not points:
            return words("Moves %(indicators)s.", indicators=self.language.listing(listed))
        return words(
            "Moves %(indicators)s. One term higher there would mean: %(points)s.",
            indicators=self.language.listing(listed),
            points=self.language.listing(points),
        )

    def decision(self, decision: Decision) -> str:
        """One decision of the choosing."""
        words, number = self.language.words, self.language.number
        values: dict[str, object] = {
            "gap": self.indicator(decision.indicator),
            "capability": self.name(decision.capability),
            "title": self.title(decision.action),
            "blocked": self.title(decision.blocked),
            "share": self.language.percent(self.model.advice.further_from),
        }
        rule = decision.rule
        if decision.need:
            values |= self.need(decision.need)
            rule = f"{rule}, needs" if f"{rule}, needs" in _DECISIONS else rule
        said = words(_DECISIONS[rule], **values)
        if decision.also:
            listed = self.language.listing([number(one) for one in decision.also])
            said += " " + words("It also moves %(numbers)s.", numbers=listed)
        return said

"""The action plan in words: what to do, in which order, and why just this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core import actions as library
from readiness.core import model as models
from readiness.core.actions import CAPABILITIES, HORIZONS, Need
from readiness.core.advice import Advice, Planned
from readiness.core.choosing import Decision
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.views import IndicatorView

EFFORTS = {"low": N_("low effort"), "medium": N_("medium effort"), "high": N_("high effort")}
TIMES = {"0-3": N_("0–3 months"), "3-9": N_("3–9 months"), "9-18": N_("9–18 months")}
PARTNERS = {
    "customer": N_("customer"),
    "supplier": N_("supplier"),
    "rival": N_("rival"),
    "complementor": N_("complementor"),
    "university": N_("university or research institute"),
    "accelerator": N_("incubator or accelerator"),
    "trade_body": N_("trade body or chamber"),
    "public_programme": N_("public programme"),
    "diaspora": N_("diaspora"),
}
#: What to beware of, in the order in which it is read.
CAUTIONS = {
    "risk": N_("Risk"),
    "safeguard": N_("Safeguard"),
    "not_to_share": N_("Not to share"),
    "agreement": N_("Agreement"),
    "competition_law": N_("Competition law"),
    "exit": N_("Way out"),
}
ORDERS = {
    "networking": N_("The route is networking: every place goes to a networking action where one can begin."),
    "coopetition": N_(
        "The route is coopetition: every place goes to a coopetition action where one can begin."
    ),
    "both": N_(
        "The route is both side by side: networking and coopetition take turns, the weaker one first."
    ),
    "networking-first": N_(
        "The route has two phases: networking actions open the gate (index %(gate)s), then coopetition"
        " begins. The months of the second phase count from there."
    ),
    "sustain": N_(
        "Both capabilities are strong, so their actions serve the gaps in the other components, in turns."
    ),
    None: N_(
        "There is no route yet, so the plan keeps to networking actions, which ask for no dealings with"
        " rivals."
    ),
}
SHORTAGES = {
    "none": N_("No gap is left that an action could close."),
    "gaps": N_("There are fewer actions than %(least)s, because so few gaps are left."),
    "blocked": N_("There are fewer actions than %(least)s, because no other one can begin yet."),
}
_CLOSES = {
    1: N_("Aims at your largest gap: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
    2: N_("Aims at your second largest gap: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
    3: N_("Aims at your third largest gap: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
    0: N_("Aims at gap %(rank)s of %(all)s: %(indicator)s (importance %(importance)s, answer: %(answer)s)."),
}


@dataclass(frozen=True)
class PlanItem:
    """An action of the plan as it is read."""

    number: int
    id: str
    capability: str
    capability_name: str
    title: str
    reason: str
    gain: str
    moves: tuple[int, ...]
    effort: str
    horizon: str
    time: str
    partners: str
    what: str
    first_step: str
    evidence: str
    cautions: tuple[tuple[str, str], ...]
    sources: str
    phase: int


@dataclass(frozen=True)
class Lane:
    """A row of the plan at a glance: one capability of one phase, along time."""

    title: str
    cells: tuple[tuple[PlanItem, ...], ...]
    """What falls into each of the horizons."""


@dataclass(frozen=True)
class Plan:
    """The whole plan."""

    items: tuple[PlanItem, ...]
    lanes: tuple[Lane, ...]
    times: tuple[str, ...]
    order: str
    shortage: str
    partners: str
    """Kinds of partners that the plan calls for, the most frequent first."""
    trace: tuple[str, ...]


class _Speaker:
    """Says the parts of one firm's plan in one language."""

    def __init__(
        self, gaps: int, views: Mapping[int, IndicatorView], model: models.Model, language: Language
    ) -> None:
        self.gaps, self.views, self.language = gaps, views, language
        self.further, version = model.advice.further_from, model.version
        self.texts: Mapping[str, Any] = models.texts(version, language.code)
        self.said = library.texts(version, language.code)
        self.references = models.references(version)["references"]

    def indicator(self, number: int) -> str:
        return f"{self.language.number(number)} {self.views[number].label}"

    def name(self, capability: str) -> str:
        return str(self.texts["components"][capability]["name"])

    def title(self, action: str | None) -> str:
        return self.said[action]["title"] if action else ""

    def need(self, need: Need) -> dict[str, object]:
        return {"needed": self.indicator(need.indicator), "level": self.texts["terms"][need.level]}

    def reason(self, planned: Planned) -> str:
        view, words, number = self.views[planned.target], self.language.words, self.language.number
        values: dict[str, object] = {
            "indicator": self.indicator(planned.target),
            "importance": number(view.importance, 2),
            "answer": view.answer,
            "rank": number(planned.rank),
            "all": number(self.gaps),
        }
        if planned.rule == "builds" and planned.need:
            return words(
                "Builds what “%(title)s” needs first: %(needed)s at “%(level)s” or above; answer now:"
                " %(answer)s (gap %(rank)s of %(all)s).",
                title=self.title(planned.prepares),
                **(values | self.need(planned.need)),
            )
        said = words(_CLOSES.get(planned.rank, _CLOSES[0]), **values)
        if planned.rule == "instead":
            other = next(name for name in CAPABILITIES if name != planned.action.capability)
            said += " " + words(
                "No action of %(capability)s that is made for it can begin yet.", capability=self.name(other)
            )
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

    def item(self, number: int, planned: Planned) -> PlanItem:
        action, words = planned.action, self.language.words
        said = self.said[action.id]
        return PlanItem(
            number=number,
            id=action.id,
            capability=action.capability,
            capability_name=self.name(action.capability),
            title=said["title"],
            reason=self.reason(planned),
            gain=self.gain(planned),
            moves=planned.moves,
            effort=words(EFFORTS[action.effort]),
            horizon=action.horizon,
            time=words(TIMES[action.horizon]),
            partners=self.language.listing([words(PARTNERS[kind]) for kind in action.partners]),
            what=said["what"],
            first_step=said["first_step"],
            evidence=said["evidence"],
            cautions=tuple((words(label), said[key]) for key, label in CAUTIONS.items() if key in said),
            sources="; ".join(self.references[str(source)]["short"] for source in action.sources),
            phase=planned.phase,
        )

    def decision(self, decision: Decision) -> str:
        """One decision of the choosing."""
        words = self.language.words
        values: dict[str, object] = {
            "gap": self.indicator(decision.indicator),
            "capability": self.name(decision.capability),
            "title": self.title(decision.action),
            "blocked": self.title(decision.blocked),
        }
        if decision.need:
            values |= self.need(decision.need)
        also = ""
        if decision.also:
            listed = self.language.listing([self.language.number(number) for number in decision.also])
            also = " " + words("It also moves %(numbers)s.", numbers=listed)
        if decision.rule == "closes":
            return words("%(gap)s: “%(title)s” (%(capability)s).", **values) + also
        if decision.rule == "builds":
            return (
                words(
                    "%(gap)s: “%(blocked)s” would come first but needs %(needed)s at “%(level)s” or above;"
                    " “%(title)s” builds that and takes its place.",
                    **values,
                )
                + also
            )
        if decision.rule == "instead":
            return (
                words(
                    "%(gap)s: no action of %(capability)s that is made for it can begin yet; “%(title)s”"
                    " instead.",
                    **values,
                )
                + also
            )
        if decision.rule == "waits" and decision.need:
            return words(
                "%(gap)s waits: “%(blocked)s” needs %(needed)s at “%(level)s” or above, which does not"
                " stand yet.",
                **values,
            )
        if decision.rule == "waits":
            return words("%(gap)s waits: no action of %(capability)s for it can begin yet.", **values)
        return words(
            "The plan ends before %(gap)s: it has enough actions, and from here on the gaps are less than"
            " %(share)s of the largest.",
            share=self.language.percent(self.further),
            **values,
        )

    def lane_title(self, capability: str, phase: int, phases: int) -> str:
        if phases == 1:
            return self.name(capability)
        return self.language.words(
            "Phase %(phase)s: %(capability)s",
            phase=self.language.number(phase),
            capability=self.name(capability),
        )


def _lanes(items: tuple[PlanItem, ...], speaker: _Speaker) -> tuple[Lane, ...]:
    rows = sorted({(item.phase, CAPABILITIES.index(item.capability)) for item in items})
    phases = len({phase for phase, _ in rows})
    lanes = []
    for phase, at in rows:
        mine = [item for item in items if (item.phase, item.capability) == (phase, CAPABILITIES[at])]
        cells = tuple(tuple(item for item in mine if item.horizon == time) for time in HORIZONS)
        lanes.append(Lane(speaker.lane_title(CAPABILITIES[at], phase, phases), cells))
    return tuple(lanes)


def _partners(advice: Advice, language: Language) -> str:
    called = [kind for planned in advice.planned for kind in planned.action.partners]
    ranked = sorted(set(called), key=lambda kind: (-called.count(kind), called.index(kind)))
    return language.listing([language.words(PARTNERS[kind]) for kind in ranked])


def view_plan(
    advice: Advice,
    gaps: int,
    views: Mapping[int, IndicatorView],
    model: models.Model,
    language: Language,
) -> Plan:
    """The plan in words; `gaps` is how many the firm has, `views` its indicators by number."""
    speaker, words = _Speaker(gaps, views, model, language), language.words
    items = tuple(speaker.item(number, planned) for number, planned in enumerate(advice.planned, start=1))
    gate = language.number(model.judgement.route_gate)
    return Plan(
        items=items,
        lanes=_lanes(items, speaker),
        times=tuple(words(TIMES[time]) for time in HORIZONS),
        order=words(ORDERS[advice.route], gate=gate),
        shortage=words(SHORTAGES[advice.shortage], least=language.number(model.advice.least))
        if advice.shortage
        else "",
        partners=_partners(advice, language),
        trace=tuple(speaker.decision(decision) for decision in advice.trace),
    )


def lines(plan: Plan, language: Language, explain: bool) -> Iterator[str]:
    """The plan as plain text, with every decision of the choosing if it is to be explained."""
    words = language.words
    yield plan.order
    if plan.shortage:
        yield plan.shortage
    for item in plan.items:
        yield ""
        yield f"{language.number(item.number)}. {item.title} [{item.id}]"
        yield f"   {item.capability_name} · {item.time} · {item.effort} · {item.partners}"
        for text in (item.reason, item.gain, f"{words('First step')}: {item.first_step}"):
            yield f"   {text}"
    if explain:
        yield ""
        yield f"{words('How the actions were chosen')}:"
        for number, line in enumerate(plan.trace, start=1):
            yield f"{language.number(number)}. {line}"

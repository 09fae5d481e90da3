"""The action plan in words: what to do, in which order, and why just this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readiness.core import model as models
from readiness.core.actions import CAPABILITIES, HORIZONS
from readiness.core.advice import Advice, Planned
from readiness.reports.facts import N_
from readiness.reports.language import Language
from readiness.reports.reasons import Reasons
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
        "The route has two phases: networking actions open the gate (index %(gate)s of indicators"
        " %(indicators)s), then coopetition begins. Answer these again to see whether it is open; the"
        " months of the second phase count from there."
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
    "unknown": N_("No indicator has an answer on the scale yet, so nothing can be advised."),
    "none": N_("No gap is left that an action could close."),
    "gaps": N_("There are fewer actions than %(least)s, because so few gaps are left."),
    "blocked": N_("There are fewer actions than %(least)s, because no other one can begin yet."),
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


def _item(number: int, planned: Planned, reasons: Reasons) -> PlanItem:
    action, words = planned.action, reasons.language.words
    said, time = reasons.said[action.id], words(TIMES[action.horizon])
    return PlanItem(
        number=number,
        id=action.id,
        capability=action.capability,
        capability_name=reasons.name(action.capability),
        title=said["title"],
        reason=reasons.reason(planned),
        gain=reasons.gain(planned),
        moves=planned.moves,
        effort=words(EFFORTS[action.effort]),
        horizon=action.horizon,
        time=time if planned.phase == 1 else words("%(time)s after the gate opens", time=time),
        partners=reasons.language.listing([words(PARTNERS[kind]) for kind in action.partners]),
        what=said["what"],
        first_step=said["first_step"],
        evidence=said["evidence"],
        cautions=tuple((words(label), said[key]) for key, label in CAUTIONS.items() if key in said),
        sources="; ".join(reasons.references[str(source)]["short"] for source in action.sources),
        phase=planned.phase,
    )


def _lane_title(capability: str, phase: int, phases: int, reasons: Reasons) -> str:
    name, words = reasons.name(capability), reasons.language.words
    if phases == 1:
        return name
    if phase == 1:
        return words("Phase 1: %(capability)s", capability=name)
    return words("Phase 2, once the gate is open: %(capability)s", capability=name)


def _lanes(items: tuple[PlanItem, ...], reasons: Reasons) -> tuple[Lane, ...]:
    rows = sorted({(item.phase, CAPABILITIES.index(item.capability)) for item in items})
    phases = len({phase for phase, _ in rows})
    lanes = []
    for phase, at in rows:
        mine = [item for item in items if (item.phase, item.capability) == (phase, CAPABILITIES[at])]
        cells = tuple(tuple(item for item in mine if item.horizon == time) for time in HORIZONS)
        lanes.append(Lane(_lane_title(CAPABILITIES[at], phase, phases, reasons), cells))
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
    reasons, words = Reasons(gaps, views, model, language), language.words
    items = tuple(_item(number, planned, reasons) for number, planned in enumerate(advice.planned, start=1))
    gate = language.number(model.judgement.route_gate)
    holding = language.listing([language.number(number) for number in model.gate])
    return Plan(
        items=items,
        lanes=_lanes(items, reasons),
        times=tuple(words(TIMES[time]) for time in HORIZONS),
        order=words(ORDERS[advice.route], gate=gate, indicators=holding),
        shortage=words(SHORTAGES[advice.shortage], least=language.number(model.advice.least))
        if advice.shortage
        else "",
        partners=_partners(advice, language),
        trace=tuple(reasons.decision(decision) for decision in advice.trace),
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

"""How the actions of a plan are chosen, by the rules of readiness.core.advice, each decision recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from readiness.core.actions import CAPABILITIES, EFFORTS, HORIZONS, Action, Need, other
from readiness.core.fuzzy import EPSILON, TERM_INDEX, TERMS
from readiness.core.model import AdviceRules

#: Index of each term, by its name.
_INDEX_OF: dict[str, float] = dict(zip(TERMS, TERM_INDEX.tolist(), strict=True))


@dataclass(frozen=True)
class Situation:
    """What the choice depends on."""

    rules: AdviceRules
    library: tuple[Action, ...]
    route: str | None
    difference: float
    """D of the route; above 0 coopetition is the weaker capability."""
    gate: tuple[int, ...]
    """Numbers of the indicators that hold the gate shut."""
    focus: tuple[int, ...]
    """Numbers of the indicators that the firm's path so far asks for first."""
    gaps: tuple[int, ...]
    """Numbers of the gaps, largest first."""
    size: Mapping[int, float]
    """Centroid of each gap."""
    index: Mapping[int, float]
    """Index of each answered indicator."""


@dataclass(frozen=True)
class Choice:
    """An action that was chosen, and why."""

    action: Action
    target: int
    """Number of the indicator that it was chosen for."""
    rule: str
    """closes; opens (the gate); builds (what another action needs); path (what the firm's path asks for);
    instead (of the route's capability)."""
    blocked: str | None
    """Id of the action that was to be taken and cannot begin: the one that it builds the ground for, or
    stands in for."""
    need: Need | None
    """What that action needs."""
    moves: tuple[int, ...]
    """Gaps that it moves and no earlier action does, the target first."""
    phase: int
    """1, or 2 for what begins when the first phase has done its work."""


@dataclass(frozen=True)
class Decision:
    """One decision on the way, for who wants to follow it."""

    rule: str
    """A rule of a choice, or waits, or stops."""
    indicator: int
    """The gap that was looked at."""
    capability: str
    action: str | None = None
    blocked: str | None = None
    """Id of the action that would have been better and cannot begin."""
    need: Need | None = None
    """What that action needs and does not find."""
    also: tuple[int, ...] = ()
    """Further gaps that the chosen action moves."""


@dataclass(frozen=True)
class Chosen:
    """The choices in the order of the plan."""

    choices: tuple[Choice, ...]
    trace: tuple[Decision, ...]
    shortage: str


@dataclass(frozen=True)
class _Place:
    """What a place of the plan asks for."""

    capability: str
    phase: int
    strict: bool
    """Whether the other capability may not stand in."""


class _Plan:
    """A plan while it grows. `narrow` counts only its target as moved by an action."""

    def __init__(self, situation: Situation, narrow: bool) -> None:
        self.situation, self.narrow = situation, narrow
        self.choices: list[Choice] = []
        self.trace: list[Decision] = []
        self.moved: set[int] = set()
        self.phase = 1

    def _place(self) -> _Place:
        """The route's say in the next place."""
        route, count = self.situation.route, len(self.choices)
        networking, coopetition = CAPABILITIES
        if route == "networking-first":
            return _Place((networking, coopetition)[self.phase - 1], self.phase, strict=True)
        if route in ("both", "sustain"):
            # Side by side: the weaker one begins; to sustain, the stronger one does.
            coopetition_begins = (self.situation.difference > 0) == (route == "both")
            return _Place(CAPABILITIES[(count + coopetition_begins) % 2], 1, strict=False)
        return _Place(coopetition if route == coopetition else networking, 1, strict=route is None)

    def _stands(self, need: Need) -> bool:
        return self.situation.index.get(need.indicator, -1.0) >= _INDEX_OF[need.level] - EPSILON

    def _missing(self, action: Action) -> list[Need]:
        return [need for need in action.needs if not self._stands(need)]

    def _open(self, action: Action) -> list[int]:
        """Gaps that nothing moves yet and this action does."""
        size = self.situation.size
        return [number for number in action.indicators if number in size and number not in self.moved]

    def _candidates(self, gap: int, capability: str) -> list[Action]:
        """Actions of a capability that move a gap, best first, whether or not they can begin."""
        taken = {choice.action.id for choice in self.choices}
        horizons = [choice.action.horizon for choice in self.choices]
        high = sum(choice.action.effort == "high" for choice in self.choices)
        size = self.situation.size

        def merit(action: Action) -> tuple[bool, bool, bool, int, float, int]:
            opened, main = self._open(action), action.indicators[0]
            return (
                main != gap,
                main not in opened,
                action.effort == "high" and high >= self.situation.rules.most_high_effort,
                horizons.count(action.horizon),
                -round(sum(size[number] for number in opened), 9),
                EFFORTS.index(action.effort),
            )

        found = [
            action
            for action in self.situation.library
            if action.capability == capability and gap in action.indicators and action.id not in taken
        ]
        return sorted(found, key=merit)

    def _gaps(self, place: _Place) -> list[int]:
        """Gaps that nothing moves yet, in the order in which this place looks at them."""
        left = [gap for gap in self.situation.gaps if gap not in self.moved]
        first = self.situation.gate if self._opens(place) else ()
        if self._serves_path(place):
            first = (*(gap for gap in self.situation.focus if gap in left), *first)
        return [*(gap for gap in first if gap in left), *(gap for gap in left if gap not in first)]

    def _opens(self, place: _Place) -> bool:
        """Whether this place is for opening the gate."""
        return self.situation.route == "networking-first" and place.phase == 1

    def _serves_path(self, place: _Place) -> bool:
        """Whether this place is the last one for what the path so far asks for, which nothing moves yet."""
        rules, focus = self.situation.rules, self.situation.focus
        last = rules.first_phase if self._opens(place) else rules.least
        return len(self.choices) == last - 1 and not self.moved.intersection(focus)

    def _rule(self, gap: int, place: _Place, action: Action) -> str:
        """By which rule an action gets this place."""
        if self._serves_path(place) and gap in self.situation.focus:
            return "path"
        if action.capability != place.capability:
            return "instead"
        return "opens" if self._opens(place) and gap in self.situation.gate else "closes"

    def _take(self, action: Action, target: int, place: _Place, decision: Decision) -> None:
        moves = (target, *(number for number in self._open(action) if number != target))
        choice = Choice(action, target, decision.rule, decision.blocked, decision.need, moves, place.phase)
        self.choices.append(choice)
        self.trace.append(replace(decision, action=action.id, also=() if self.narrow else moves[1:]))
        self.moved |= {target} if self.narrow else set(moves)

    def _builder(self, blocked: Action, place: _Place) -> tuple[Action, Need] | None:
        """An action that can begin and builds what a blocked one lacks."""
        capabilities = [place.capability]
        if not place.strict:
            capabilities.append(other(place.capability))
        for need in self._missing(blocked):
            if need.indicator not in self.situation.size or need.indicator in self.moved:
                continue
            for capability in capabilities:
                for action in self._candidates(need.indicator, capability):
                    if not self._missing(action):
                        return action, need
        return None

    def _close(self, gap: int, place: _Place, only_fitting: bool) -> bool:
        """Give the place to an action for this gap or one that builds its ground; False if none can begin."""
        decision = Decision("closes", gap, place.capability)
        own = self._candidates(gap, place.capability)
        others = [] if place.strict else self._candidates(gap, other(place.capability))
        fitting = [action for action in own if self._fits(action, gap)]
        if made_for_it := [action for action in own if action.indicators[0] == gap]:
            decision = self._blocked(decision, made_for_it[0])
        if fitting and self._missing(fitting[0]):
            decision = self._blocked(decision, fitting[0])
            if (built := self._builder(fitting[0], place)) is not None:
                builder, need = built
                self._take(builder, need.indicator, place, replace(decision, rule="builds", need=need))
                return True
        fitting += [action for action in others if action.indicators[0] == gap]
        for action in (*fitting, *([] if only_fitting else [*own, *others])):
            if not self._missing(action):
                made = Decision(self._rule(gap, place, action), gap, place.capability)
                blocked = decision if made.rule == "instead" else made
                self._take(action, gap, place, replace(blocked, rule=made.rule))
                return True
        self._wait(decision)
        return False

    def _blocked(self, decision: Decision, action: Action) -> Decision:
        """The decision with what this action lacks, if it lacks anything."""
        missing = self._missing(action)
        return replace(decision, blocked=action.id, need=missing[0]) if missing else decision

    def _fits(self, action: Action, gap: int) -> bool:
        """Whether it is made for the gap, or for another open one; else it is beside the point."""
        return action.indicators[0] == gap or action.indicators[0] in self._open(action)

    def _wait(self, decision: Decision) -> None:
        waits = replace(decision, rule="waits")
        if waits not in self.trace:
            self.trace.append(waits)

    def _large(self, gap: int) -> bool:
        """Whether a gap is large enough for a place beyond the least."""
        size = self.situation.size
        return size[gap] >= self.situation.rules.further_from * size[self.situation.gaps[0]] - EPSILON

    def _fill(self, place: _Place) -> bool:
        """Fill one place; False where nothing is left for it."""
        gaps = self._gaps(place)
        always = {*self.situation.gate, *(self.situation.focus if self._serves_path(place) else ())}
        pressing = [gap for gap in gaps if self._large(gap) or gap in always]
        if any(self._close(gap, place, only_fitting=True) for gap in pressing):
            return True
        if len(self.choices) < self.situation.rules.least:
            return any(self._close(gap, place, only_fitting=False) for gap in gaps)
        if left := [gap for gap in gaps if gap not in pressing]:
            self.trace.append(Decision("stops", left[0], place.capability))
        return False

    def grow(self) -> None:
        """Fill places until the plan is full or nothing is left to do."""
        rules = self.situation.rules
        if self.situation.route == "networking-first":
            self._fill_up(rules.first_phase, phase=1)
            self._fill_up(rules.most, phase=2)
            self._fill_up(rules.least, phase=1)  # where too few coopetition actions can begin
        else:
            self._fill_up(rules.most, phase=1)

    def _fill_up(self, places: int, phase: int) -> None:
        self.phase = phase
        while len(self.choices) < places and self._fill(self._place()):
            pass

    def settled(self) -> Iterator[Choice]:
        """The choices, each with the gaps that no earlier one moves."""
        targets = {choice.target for choice in self.choices}
        credited: set[int] = set()
        for choice in self.choices:
            others = [number for number in choice.moves[1:] if number not in targets | credited]
            credited |= {*others}
            yield replace(choice, moves=(choice.target, *others))


def _shortage(situation: Situation, choices: Sequence[Choice]) -> str:
    if len(choices) >= situation.rules.least:
        return ""
    if not situation.index:
        return "unknown"
    if not situation.gaps:
        return "none"
    left = {*situation.gaps} - {number for choice in choices for number in choice.moves}
    return "blocked" if left else "gaps"


def choose(situation: Situation) -> Chosen:
    """Choose the actions; where those that move several gaps leave too few, each counts for one only."""
    plan = _Plan(situation, narrow=False)
    plan.grow()
    if len(plan.choices) < min(situation.rules.least, len(situation.gaps)):
        narrow = _Plan(situation, narrow=True)
        narrow.grow()
        plan = max(plan, narrow, key=lambda one: len(one.choices))
    ordered = sorted(plan.settled(), key=lambda choice: (choice.phase, HORIZONS.index(choice.action.horizon)))
    return Chosen(tuple(ordered), tuple(plan.trace), _shortage(situation, ordered))

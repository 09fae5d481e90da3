"""The fewest answer changes that change the route, found by trying all: breadth first, one step at a time."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tests.core import naive
from tests.core.firms import RELATIONAL
from tests.core.naive import TERMS, Sheet

INDEX = {term: naive.at_centroid(naive.TFN[term]) for term in TERMS}
GROUPS = (naive.COMPONENTS["networking"], naive.COMPONENTS["coopetition"], naive.GATE)

State = tuple[str, ...]


class Search:
    """The terms that a firm's raters gave to the indicators 1 to 16, and the routes around them."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.places = [
            (rater, number)
            for rater, sheet in enumerate(sheets)
            for number in RELATIONAL
            if sheet.get(number) in TERMS
        ]
        self.start: State = tuple(sheets[rater][number] for rater, number in self.places)
        self.shares = [[self._share(at, group) for at in range(len(self.places))] for group in GROUPS]
        self.now = self.route(self.start)

    def _share(self, at: int, group: Sequence[int]) -> Fraction:
        """How much of a group's weighted index one rater's answer makes up."""
        number = self.places[at][1]
        if number not in group:
            return Fraction(0)
        raters = sum(other == number for _, other in self.places)
        answered = {other for _, other in self.places if other in group}
        return naive.IMPORTANCE[number] / sum(naive.IMPORTANCE[other] for other in answered) / raters

    def indices(self, state: State) -> list[Fraction]:
        return [
            sum(
                (share * INDEX[term] for share, term in zip(shares, state, strict=True) if share), Fraction(0)
            )
            for shares in self.shares
        ]

    def route(self, state: State) -> str:
        return self.name(self.indices(state))

    def name(self, indices: Sequence[Fraction]) -> str:
        networking, coopetition, gate = indices
        known = any(self.shares[2])
        return str(naive.route_of(networking, coopetition, gate if known else None)["name"])

    def steps(self, state: State) -> Iterator[tuple[State, int, Fraction]]:
        """Every state one step away, with the answer that moved and by how much."""
        for at, term in enumerate(state):
            for other in (TERMS.index(term) - 1, TERMS.index(term) + 1):
                if 0 <= other < len(TERMS):
                    rise = INDEX[TERMS[other]] - INDEX[term]
                    yield (*state[:at], TERMS[other], *state[at + 1 :]), at, rise

    def fewest(self, depth: int) -> int | None:
        """The fewest steps to another route, or None if it takes more than `depth`."""
        layer = {self.start: self.indices(self.start)}
        seen = set(layer)
        for taken in range(1, depth + 1):
            reached: dict[State, list[Fraction]] = {}
            for state, indices in layer.items():
                for other, at, rise in self.steps(state):
                    if other in seen:
                        continue
                    moved = [
                        index + shares[at] * rise if shares[at] else index
                        for index, shares in zip(indices, self.shares, strict=True)
                    ]
                    if self.name(moved) != self.now:
                        return taken
                    seen.add(other)
                    reached[other] = moved
            layer = reached
        return None

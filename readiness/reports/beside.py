"""What answers beside the firm's own would change: verified by a consultant, or agreed in a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core import instead
from readiness.core.answers import Answers
from readiness.core.scoring import Scores
from readiness.reports.language import Language
from readiness.reports.supplement import Remark


@dataclass(frozen=True)
class Difference:
    """An index by the firm's own answers and with the others in their place; None where not scored."""

    name: str
    count: int
    """How many indicators of it have an answer beside the firm's own."""
    own: float | None
    other: float | None

    @property
    def gain(self) -> float | None:
        """How far apart the two are as printed, to one place."""
        if self.own is None or self.other is None:
            return None
        return round(round(self.other, 1) - round(self.own, 1), 1)


@dataclass(frozen=True)
class Beside:
    """Everything that answers beside the firm's own would change."""

    count: int
    components: tuple[Difference, ...]
    """Those with such an answer, in the order of the model."""
    overall: Difference
    route: str | None
    """Title of the route by the firm's own answers, or None."""
    other_route: str | None

    @property
    def rows(self) -> tuple[Difference, ...]:
        """The components, then the overall index."""
        return (*self.components, self.overall)


def compare(
    scores: Scores,
    answers: Answers,
    remarks: Mapping[int, Remark],
    texts: Mapping[str, Any],
    language: Language,
) -> Beside | None:
    """The scores of the answers against those with the remarks in their place; None without remarks."""
    model = answers.model
    words = {number: item.word for number, item in remarks.items() if number in model.column}
    if not words:
        return None
    others = instead.score_with(model, answers.codes, words)

    def index(one: Scores, at: int) -> float | None:
        return float(one.components.index[at]) if one.components.scored[at] else None

    found = []
    for at, key in enumerate(model.components):
        count = sum(row.number in words for row in model.of_component(key))
        if count:
            name = str(texts["components"][key]["name"])
            found.append(Difference(name, count, index(scores, at), index(others, at)))
    whole = [one.overall.index if one.overall else None for one in (scores, others)]
    routes = [
        str(texts["routes"][one.route.name]["title"]) if one.route else None for one in (scores, others)
    ]
    return Beside(
        len(words), tuple(found), Difference(language.words("Overall"), len(words), *whole), *routes
    )

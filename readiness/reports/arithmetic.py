"""The arithmetic behind each number, step by step, for a reader with a calculator."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core import fuzzy
from readiness.core.fuzzy import Floats
from readiness.core.scoring import Scores

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Term:
    """One summand: a weight and the TFN it multiplies."""

    number: int
    """Number of the indicator."""
    weight: float
    tfn: Triple

    @property
    def product(self) -> Triple:
        """Weight times TFN."""
        low, mid, high = self.tfn
        return self.weight * low, self.weight * mid, self.weight * high


@dataclass(frozen=True)
class ComponentSum:
    """How a component's index came about."""

    key: str
    terms: tuple[Term, ...]
    total_weight: float
    total: Triple
    tfn: Triple
    crisp: float
    index: float


@dataclass(frozen=True)
class OverallTerm:
    """A component's share in the overall index."""

    key: str
    weight: float
    tfn: Triple
    index: float


@dataclass(frozen=True)
class OverallSum:
    """How the overall index came about."""

    terms: tuple[OverallTerm, ...]
    total_weight: float
    tfn: Triple
    crisp: float
    index: float


def _triple(tfn: Floats) -> Triple:
    low, mid, high = (float(value) for value in tfn)
    return low, mid, high


def component_sums(scores: Scores) -> tuple[ComponentSum, ...]:
    """The sums of every scored component, in the order of the model."""
    model, rated, parts = scores.model, scores.indicators, scores.components
    result = []
    for at, key in enumerate(model.components):
        if not parts.scored[at]:
            continue
        span = model.span(key)
        terms = tuple(
            Term(model.numbers[place], float(model.importance[place]), _triple(rated.tfn[place]))
            for place in range(span.start, span.stop)
            if rated.answered[place]
        )
        crisp = float(fuzzy.crisp(parts.tfn[at]))
        result.append(
            ComponentSum(
                key=key,
                terms=terms,
                total_weight=sum(term.weight for term in terms),
                total=(
                    sum(term.product[0] for term in terms),
                    sum(term.product[1] for term in terms),
                    sum(term.product[2] for term in terms),
                ),
                tfn=_triple(parts.tfn[at]),
                crisp=crisp,
                index=float(fuzzy.index(crisp)),
            )
        )
    return tuple(result)


def overall_sum(scores: Scores) -> OverallSum | None:
    """The sum of the overall index, or None where there is none."""
    model, parts, overall = scores.model, scores.components, scores.overall
    if overall is None:
        return None
    terms = tuple(
        OverallTerm(
            key,
            float(model.component_importance[at]),
            _triple(parts.tfn[at]),
            float(parts.index[at]),
        )
        for at, key in enumerate(model.components)
        if parts.scored[at]
    )
    return OverallSum(
        terms=terms,
        total_weight=sum(term.weight for term in terms),
        tfn=_triple(overall.tfn),
        crisp=float(fuzzy.crisp(overall.tfn)),
        index=overall.index,
    )

"""Hints for a second look at one's answers before finishing: never a judgement, never in a report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.core.answers import Codes
from readiness.core.fuzzy import TERMS
from readiness.core.model import Model

#: From so many answers on the scale, so large a part on one term is worth a look.
_ENOUGH, _NEARLY_ALL = 20, 0.9
#: So many questions in a row with the same answer.
_LONG_RUN = 15
_HIGH, _VERY_LOW = TERMS.index("H"), TERMS.index("VL")


@dataclass(frozen=True)
class Contradiction:
    """Two answers that hardly go together."""

    high: int
    """Number of the indicator that was answered high."""
    low: int
    """Number of the one that was answered very low."""


@dataclass(frozen=True)
class Hints:
    """What is worth a second look."""

    nearly_all: str | None
    """The term that nearly every answer is."""
    run: tuple[int, int] | None
    """First and last number of a long run of the same answer."""
    contradictions: tuple[Contradiction, ...]

    def __bool__(self) -> bool:
        return bool(self.nearly_all or self.run or self.contradictions)


def _nearly_all(codes: Codes) -> str | None:
    given = codes[codes < len(TERMS)]
    if len(given) < _ENOUGH:
        return None
    counts = np.bincount(given, minlength=len(TERMS))
    most = int(counts.argmax())
    return TERMS[most] if counts[most] >= _NEARLY_ALL * len(given) else None


def _longest_run(model: Model, codes: Codes) -> tuple[int, int] | None:
    """The longest run of the same term, if it is long."""
    best, start = (0, 0), 0
    for at in range(1, len(codes) + 1):
        if at == len(codes) or codes[at] != codes[start]:
            if codes[start] < len(TERMS) and at - start > best[1] - best[0]:
                best = (start, at)
            start = at
    first, after = best
    return (model.numbers[first], model.numbers[after - 1]) if after - first >= _LONG_RUN else None


def find(model: Model, codes: Codes) -> Hints:
    """Hints on one rater's codes, (n,)."""
    nearly_all = _nearly_all(codes)
    return Hints(
        nearly_all=nearly_all,
        run=None if nearly_all else _longest_run(model, codes),
        contradictions=tuple(
            Contradiction(high, low)
            for high, low in model.contradictions
            if _HIGH <= codes[model.column[high]] < len(TERMS) and codes[model.column[low]] == _VERY_LOW
        ),
    )

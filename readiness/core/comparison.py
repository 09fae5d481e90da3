"""Two groups of firms, or two rounds of the same firms, component by component; and how far a
component's indicators go together.

Rows are the components in the order of the model. What is found of several components is one family of
tests, whose p-values Holm's method (1979) adjusts; the overall index is made of the components and
stands outside the family.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from readiness.core import ranktests, statistics
from readiness.core.answers import Codes
from readiness.core.cohort import CohortScores
from readiness.core.fuzzy import TERM_INDEX, TERMS, Floats
from readiness.core.model import Model
from readiness.core.ranktests import Delta, Shift
from readiness.core.statistics import Alpha

#: A difference counts as shown below this adjusted p-value.
SIGNIFICANT = 0.05
#: Indices are equal to so many decimals: the rest is floating-point noise and would untie what is tied.
_DECIMALS = 9

#: What the numbers say of a difference: NONE is no difference that these numbers can show; HIGHER is that
#: group a tends to be higher than group b, or the later round than the earlier one.
TOO_FEW, NONE, HIGHER, LOWER = "too-few", "none", "higher", "lower"


@dataclass(frozen=True)
class Finding:
    """A component's difference between groups a and b, or between two rounds: a is before, b is after."""

    n_a: int
    """Numbers of a; in two rounds the pairs, the same for both."""
    n_b: int
    median_a: float | None
    """Index 0-100; None below 5 numbers."""
    median_b: float | None
    difference: float | None
    """In points of the index. Groups: median of a less that of b. Rounds: Hodges-Lehmann shift, positive
    where the index rose. None where there are too few."""
    effect: Delta | Shift | None
    """Cliff's delta of groups, the shift with its interval of rounds."""
    p: float | None
    """Two-sided, of this component alone: rank-sum test of groups, signed-rank test of rounds."""
    adjusted: float | None
    """p adjusted for the number of components that have one."""
    verdict: str
    """TOO_FEW, NONE, HIGHER or LOWER."""

    @property
    def size(self) -> str | None:
        """Size of a difference of groups in a word, shown or not; rounds have none."""
        return self.effect.size if isinstance(self.effect, Delta) else None


Compared = Callable[[Floats, Floats], tuple[Finding, int]]


def indices(scores: CohortScores) -> Floats:
    """Indices 0-100 of the k components and, in the last row, overall: (k + 1, n), NaN where not given."""
    return np.vstack([scores.index, scores.overall_index])


def groups(a: Floats, b: Floats, *, overall: bool = False) -> tuple[Finding, ...]:
    """Compare two groups of firms by their indices, (k, n) and (k, m); NaN where one is not given.

    The firms of each group are different ones. Where the last row is the overall index say `overall`.
    Raises ValueError where the numbers of rows differ.
    """
    return _compare(a, b, _groups, overall)


def rounds(before: Floats, after: Floats, *, overall: bool = False) -> tuple[Finding, ...]:
    """Compare two rounds of the same firms by their indices, (k, n) twice, a column a firm.

    Both rounds answer the same indicators. Only pairs with both indices count. Where the last row is the
    overall index say `overall`. Raises ValueError where the shapes differ.
    """
    if np.shape(before) != np.shape(after):
        raise ValueError(f"rounds must be of the same firms, not {np.shape(before)} and {np.shape(after)}")
    return _compare(before, after, _rounds, overall)


def _compare(a: Floats, b: Floats, one: Compared, overall: bool) -> tuple[Finding, ...]:
    rows = zip(np.round(a, _DECIMALS), np.round(b, _DECIMALS), strict=True)
    found = [one(row_a, row_b) for row_a, row_b in rows]
    p = np.array([np.nan if finding.p is None else finding.p for finding, _ in found])
    family = len(p) - overall
    adjusted = np.concatenate([statistics.holm(p[:family]), p[family:]])
    return tuple(
        _judged(finding, float(value), leaning)
        for (finding, leaning), value in zip(found, adjusted, strict=True)
    )


def _judged(finding: Finding, adjusted: float, leaning: int) -> Finding:
    """The finding with its adjusted p, and the verdict that follows where it is given."""
    if finding.p is None:
        return finding
    shown = adjusted < SIGNIFICANT and leaning != 0
    side = HIGHER if leaning > 0 else LOWER
    return replace(finding, adjusted=adjusted, verdict=side if shown else NONE)


def _counted(a: Floats, b: Floats) -> Finding:
    """The numbers and medians, nothing compared."""
    quarters_a, quarters_b = statistics.quartiles(a), statistics.quartiles(b)
    return Finding(
        n_a=len(a),
        n_b=len(b),
        median_a=quarters_a.median if quarters_a else None,
        median_b=quarters_b.median if quarters_b else None,
        difference=None,
        effect=None,
        p=None,
        adjusted=None,
        verdict=TOO_FEW,
    )


def _groups(a: Floats, b: Floats) -> tuple[Finding, int]:
    a, b = statistics.known(a), statistics.known(b)
    finding, effect = _counted(a, b), ranktests.cliffs_delta(a, b)
    if effect is None or finding.median_a is None or finding.median_b is None:
        return finding, 0
    difference = finding.median_a - finding.median_b
    found = replace(finding, difference=difference, effect=effect, p=ranktests.rank_sum(a, b))
    return found, int(np.sign(effect.delta))


def _rounds(before: Floats, after: Floats) -> tuple[Finding, int]:
    both = ~(np.isnan(before) | np.isnan(after))
    before, after = before[both], after[both]
    changes = np.round(after - before, _DECIMALS)
    finding, effect = _counted(before, after), ranktests.hodges_lehmann(changes)
    if effect is None:
        return finding, 0
    found = replace(finding, difference=effect.shift, effect=effect, p=ranktests.signed_rank(changes))
    # The test leaves firms out that stayed the same, the shift does not: where many did it can be 0.
    return found, ranktests.leaning(changes)


def reliability(model: Model, codes: Codes) -> tuple[Alpha | None, ...]:
    """Cronbach's alpha of each component's indicators, (k,); None below 30 complete cases.

    codes: one response a firm, (indicators, n). A term counts as it is scored, 0, 20, 50, 80 or 100
    points, turned where the indicator is asked in the negative sense; anything else is missing.
    """
    values = _points(model, codes)
    return tuple(statistics.alpha(values[model.span(key)].T) for key in model.components)


def complete(model: Model, codes: Codes) -> NDArray[np.int_]:
    """How many of the n firms gave a term to all of a component's indicators, (k,)."""
    values = _points(model, codes)
    return np.array([(~np.isnan(values[model.span(key)]).any(axis=0)).sum() for key in model.components])


def _points(model: Model, codes: Codes) -> Floats:
    """Codes as points of the index, (indicators, n), NaN where there is no term."""
    if codes.ndim != 2 or len(codes) != len(model.indicators):
        raise ValueError(f"codes must be ({len(model.indicators)}, firms), not {codes.shape}")
    given = codes < len(TERMS)
    points = TERM_INDEX[np.where(given, codes, 0)]
    turned = np.where(model.is_reversed[:, None], 100 - points, points)
    return np.where(given, turned, np.nan)

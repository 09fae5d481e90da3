"""Two cohorts beside one another, or the same firms before and after: what the numbers can show."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from readiness.core import ranks, statistics
from readiness.core.answers import Codes
from readiness.core.fuzzy import TERMS, Floats
from readiness.core.model import Model
from readiness.core.ranks import Shift
from readiness.core.statistics import Alpha, Delta, Quartiles

TOO_FEW, NONE, HIGHER, LOWER = "too_few", "none", "higher", "lower"
#: Below this adjusted p a difference counts as shown.
LEVEL = 0.05
#: From which absolute Cliff's delta a difference is small, medium and large (Romano et al. 2006).
SIZES = (("large", 0.474), ("medium", 0.33), ("small", 0.147), ("negligible", 0.0))


@dataclass(frozen=True)
class Finding:
    """One component, or the overall index, in two cohorts or two rounds."""

    n: tuple[int, int]
    """Firms with a number: of each group; of pairs, twice the same."""
    before: Quartiles | None
    """Of the second cohort, or of the earlier round."""
    after: Quartiles | None
    """Of the first cohort, or of the later round."""
    effect: Delta | Shift | None
    p: float | None
    adjusted: float | None
    """p after Holm's adjustment over the components; the overall index stands alone."""
    verdict: str
    """too_few, none (no difference that these numbers can show), higher or lower."""

    @property
    def size(self) -> str:
        """How large Cliff's delta is, a key of SIZES; empty without one."""
        if not isinstance(self.effect, Delta):
            return ""
        delta = abs(self.effect.delta)
        return next(name for name, least in SIZES if delta >= least)


def groups(first: Floats, second: Floats) -> tuple[Finding, ...]:
    """Two cohorts of different firms over k components, (k, n) and (k, m): the first against the second."""
    return _judged([_group(a, b) for a, b in zip(first, second, strict=True)])


def _group(first: Floats, second: Floats) -> Finding:
    a, b = statistics.known(first), statistics.known(second)
    delta = statistics.cliffs_delta(a, b)
    return _finding(a, b, delta, ranks.rank_sum(a, b), 0.0 if delta is None else delta.delta)


def rounds(before: Floats, after: Floats) -> tuple[Finding, ...]:
    """The same n firms in two rounds over k components, both (k, n); only what both rounds have counts."""
    return _judged([_pair(a, b) for a, b in zip(before, after, strict=True)])


def _pair(before: Floats, after: Floats) -> Finding:
    both = ~np.isnan(before) & ~np.isnan(after)
    moved = after[both] - before[both]
    shift = ranks.hodges_lehmann(moved)
    return _finding(
        after[both], before[both], shift, ranks.signed_rank(moved), 0.0 if shift is None else shift.shift
    )


def _finding(
    after: Floats, before: Floats, effect: Delta | Shift | None, p: float | None, direction: float
) -> Finding:
    verdict = TOO_FEW if effect is None or p is None else HIGHER if direction > 0 else LOWER
    return Finding(
        n=(len(after), len(before)),
        before=statistics.quartiles(before),
        after=statistics.quartiles(after),
        effect=effect,
        p=p,
        adjusted=None,
        verdict=verdict if direction or verdict == TOO_FEW else NONE,
    )


def _judged(found: list[Finding]) -> tuple[Finding, ...]:
    """The findings with p adjusted over all of them, and no difference where it shows none."""
    adjusted = statistics.holm(np.array([np.nan if one.p is None else one.p for one in found]))
    return tuple(_judge(one, float(p)) for one, p in zip(found, adjusted, strict=True))


def _judge(one: Finding, adjusted: float) -> Finding:
    if np.isnan(adjusted):
        return one
    return replace(one, adjusted=adjusted, verdict=one.verdict if adjusted < LEVEL else NONE)


@dataclass(frozen=True)
class Reliability:
    """How much the indicators of a component go together over the firms."""

    complete: int
    """Firms that answered every indicator of it."""
    alpha: Alpha | None


def reliability(model: Model, codes: Codes) -> tuple[Reliability, ...]:
    """Cronbach's alpha of each component over n firms, codes of one rater each, (indicators, n)."""
    top = len(TERMS) - 1
    terms = np.where(codes <= top, codes, np.nan).astype(float)
    turned = np.where(model.is_reversed[:, None], top - terms, terms)
    of = np.array([row.component for row in model.indicators])
    parts = [turned[of == component].T for component in model.components]
    return tuple(
        Reliability(int((~np.isnan(items).any(axis=1)).sum()), statistics.alpha(items)) for items in parts
    )

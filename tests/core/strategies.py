"""Hypothesis strategies: fuzzy numbers, and firms whose answers hang together enough to reach every route."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes
from readiness.core.fuzzy import TERM_TFN, Floats
from tests.core.firms import MODEL

INDICATORS = len(MODEL.indicators)
OWNER = np.array([MODEL.components.index(row.component) for row in MODEL.indicators])


def examples(count: int) -> settings:
    """So many examples instead of the usual hundred."""
    return settings(max_examples=count)


unit = st.floats(0, 1, allow_subnormal=False)
terms = st.integers(0, 4)


@st.composite
def triples(draw: st.DrawFn) -> Floats:
    """A TFN on the unit interval."""
    return np.sort(draw(arrays(float, 3, elements=unit)))


@st.composite
def term_lists(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """TFNs of 1 to 12 terms, (n, 3), and a positive weight for each, (n,)."""
    chosen = draw(st.lists(terms, min_size=1, max_size=12))
    weights = draw(arrays(float, len(chosen), elements=st.floats(0.01, 1)))
    return TERM_TFN[chosen], weights


@st.composite
def complete(draw: st.DrawFn, raters: int = 3) -> Codes:
    """Codes of a firm of up to so many raters that answered everything, (raters, n)."""
    shape = (draw(st.integers(1, raters)), INDICATORS)
    around = draw(arrays(np.int8, len(MODEL.components), elements=terms, fill=st.nothing()))
    away = draw(arrays(np.int8, shape, elements=st.integers(-2, 2), fill=st.just(0)))
    noise = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).integers(-1, 2, shape)
    return np.clip(around[OWNER] + away + noise, 0, 4).astype(np.uint8)


@st.composite
def firms(draw: st.DrawFn, raters: int = 3) -> Codes:
    """The same with DK, NA and unanswered scattered over it, thinly or thickly."""
    codes = draw(complete(raters))
    thickness = draw(st.sampled_from([0.02, 0.1, 0.3, 0.7]))
    luck = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    holes = luck.choice([DONT_KNOW, UNANSWERED, NOT_APPLICABLE], codes.shape)
    return np.where(luck.random(codes.shape) < thickness, holes, codes).astype(np.uint8)

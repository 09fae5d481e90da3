"""Scores of many firms in one call."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pairs import line, ratio
from pyfdm.methods import fWSM

from readiness.core import cohort, fuzzy, model

FIRMS = 1_000_000
FIRMS_OF_PYFDM = 50_000


def measure() -> Iterator[str]:
    loaded = model.load()
    codes = np.random.default_rng(47).integers(0, 5, (47, FIRMS), dtype=np.uint8)
    by_firm = np.ascontiguousarray(codes.T)
    weights = np.zeros((47, 9))
    for at, key in enumerate(loaded.components):
        span = loaded.span(key)
        weights[span, at] = loaded.importance[span] / loaded.importance[span].sum()

    def bare() -> np.ndarray:
        tfn = np.moveaxis(fuzzy.TERM_TFN[by_firm], 1, 2)
        return tfn.reshape(-1, 47) @ weights

    found = ratio(lambda: cohort.score_many(loaded, codes), bare, runs=5)
    yield line("scores of 1,000,000 firms, full TFN / bare float64 gather and matmul", found, "<= 0.2")

    few, few_codes = by_firm[:FIRMS_OF_PYFDM], np.ascontiguousarray(codes[:, :FIRMS_OF_PYFDM])

    def pyfdm() -> None:
        tfn = fuzzy.TERM_TFN[few]
        for at, key in enumerate(loaded.components):
            span = loaded.span(key)
            size = span.stop - span.start
            fWSM()(tfn[:, span], weights[span, at], np.ones(size))

    found = ratio(pyfdm, lambda: cohort.score_many(loaded, few_codes), runs=3)
    yield line("pyfdm's weighted sums of 50,000 firms / the same in one call here", found, ">= 9")

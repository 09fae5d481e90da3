"""Choosing the actions of many firms, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pairs import line, ratio

from readiness.core import advice, model, scoring

FIRMS = 1_000


def measure() -> Iterator[str]:
    loaded = model.load()
    codes = np.random.default_rng(1).integers(0, 5, (FIRMS, 1, 47), dtype=np.uint8)
    scored = [scoring.score_codes(loaded, firm) for firm in codes]

    def choose() -> None:
        for scores, firm in zip(scored, codes, strict=True):
            advice.advise(scores, firm)

    def score() -> None:
        for firm in codes:
            scoring.score_codes(loaded, firm)

    yield line("advice for 1,000 firms / scoring them one by one", ratio(choose, score, runs=5), "<= 5")

"""Paired timing: two things in turn, so that a drifting machine slows both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def ratio(
    ours: Callable[[], object], other: Callable[[], object], runs: int = 7
) -> tuple[float, float, float]:
    """Median of the pairwise ratios, and the median seconds of each, after one warm-up."""
    seconds(ours), seconds(other)
    pairs = [(seconds(ours), seconds(other)) for _ in range(runs)]
    return (
        statistics.median(a / b for a, b in pairs),
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
    )


def line(what: str, found: tuple[float, float, float], bar: str) -> str:
    value, ours, other = found
    return f"{what:<74} {value:7.3f}  {bar:<8} ({ours * 1000:,.2f} ms over {other * 1000:,.2f} ms)"

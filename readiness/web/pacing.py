"""How long answering takes."""

from __future__ import annotations

import math

SECONDS_PER_INDICATOR = 18


def minutes(indicators: int) -> int:
    """Minutes for so many indicators, rounded up."""
    return math.ceil(indicators * SECONDS_PER_INDICATOR / 60)

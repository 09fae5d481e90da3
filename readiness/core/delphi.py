"""Fuzzy Delphi screening: experts' counts to fuzzy means to accepted or rejected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core import fuzzy
from readiness.core.fuzzy import Floats


@dataclass(frozen=True)
class Screening:
    """Result of a screening of n indicators."""

    tfn: Floats
    """Mean TFN of the experts' judgements, (n, 3)."""
    crisp: Floats
    """Crisp mean, (n,)."""
    accepted: NDArray[np.bool_]
    """Crisp mean at or above the threshold, (n,)."""


def screen(counts: NDArray[np.integer], threshold: float = 0.5) -> Screening:
    """Screen indicators from counts of the terms (VL, L, M, H, VH), shape (n, 5).

    One round, as in Rezvani, Afrasiabi & Mobini (2024), whose threshold is 0.5.
    """
    tfn = fuzzy.mean_of_counts(counts)
    crisp = fuzzy.crisp(tfn)
    return Screening(tfn, crisp, crisp >= threshold - fuzzy.EPSILON)

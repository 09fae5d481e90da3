"""Bands in which firms and their indices are counted: by size, by age, by index."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from readiness.core.fuzzy import Floats

UNKNOWN = "unknown"
#: First and last number of employees of each band; the classes of the European Commission (2003/361/EC).
SIZES: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {"1-9": (0, 9), "10-49": (10, 49), "50-249": (50, 249), "250": (250, None)}
)
#: First and last year of age of each band.
AGES: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {"0-2": (0, 2), "3-5": (3, 5), "6-10": (6, 10), "11": (11, None)}
)
#: Lower end of each band of an index 0-100.
INDEX = (0, 25, 50, 75)


def band(bands: Mapping[str, tuple[int, int | None]], number: int | None) -> str:
    """The band that a number falls into; UNKNOWN where it is not known or makes no sense."""
    if number is None:
        return UNKNOWN
    inside = (key for key, (low, high) in bands.items() if low <= number and (high is None or number <= high))
    return next(inside, UNKNOWN)


def index_band(index: Floats) -> Floats:
    """Number of the band of each index, len(INDEX) where it is not given; the same shape."""
    found = np.searchsorted(INDEX, np.nan_to_num(index), side="right") - 1
    return np.where(np.isnan(index), len(INDEX), found)

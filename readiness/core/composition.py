"""Whom a cohort is made of: firms counted by what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from readiness.core.bands import band

#: Kinds or bands with the number of firms in each; last None, for what is not known.
Counts = tuple[tuple[str | None, int], ...]


def by_kind(values: Iterable[str | None], kinds: Iterable[str]) -> Counts:
    """How many firms are of each kind, in the order of the kinds; what is none of them is not known."""
    known = tuple(kinds)
    found = Counter(value if value in known else None for value in values)
    return tuple((kind, found[kind]) for kind in (*known, None))


def by_band(values: Sequence[int | None], bands: Mapping[str, tuple[int, int | None]]) -> Counts:
    """How many firms fall into each band of readiness.core.bands."""
    return by_kind([band(bands, value) for value in values], bands)

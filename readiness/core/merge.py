"""Three-way merge of what a form shows, what it sends back and what is stored by then.

A form carries a short digest of every value it was filled with. A field that the person did not
touch never overwrites; a field that somebody else changed meanwhile is a conflict, unless both
wrote the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def digest(value: Any) -> str:
    """A short fingerprint of a JSON-like value, for a hidden form field."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=list)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Merged:
    """Result of a merge."""

    changed: Mapping[str, Any]
    """Fields to store, by name."""
    conflicts: Mapping[str, Any]
    """Stored values of the fields that were changed on both sides, by name."""


def merge(stored: Mapping[str, Any], sent: Mapping[str, Any], seen: Mapping[str, str]) -> Merged:
    """Merge the sent fields into the stored ones; `seen` holds the digests the form carried.

    A field without a digest counts as seen empty-handed: it is stored only over an equal value or
    reported as a conflict.
    """
    changed: dict[str, Any] = {}
    conflicts: dict[str, Any] = {}
    for name, value in sent.items():
        now, was = digest(stored.get(name)), seen.get(name, "")
        if digest(value) in (was, now):
            continue
        if was == now:
            changed[name] = value
        else:
            conflicts[name] = stored.get(name)
    return Merged(changed, conflicts)

"""Keys: secrets that open something. A key is shown once; what is kept is its hash."""

from __future__ import annotations

import hashlib
import secrets


def new_key() -> str:
    """A new secret of 192 bits, fit for an address."""
    return secrets.token_urlsafe(24)


def hash_key(key: str) -> str:
    """The form in which a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()

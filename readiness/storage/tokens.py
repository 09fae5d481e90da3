"""Tokens of the API: what a program of an organisation may do, and until when; kept by their key's hash."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from readiness.storage.engine import Row, Store, Transaction, new_id, now
from readiness.storage.keys import hash_key, new_key
from readiness.storage.portfolio import Author

FIRMS_READ, FIRMS_WRITE, RESULTS_READ = "firms:read", "firms:write", "results:read"
SCOPES = (FIRMS_READ, FIRMS_WRITE, RESULTS_READ)
#: How every key begins, so that who finds one in a public place, man or program, knows what it is.
PREFIX = "rdy_"
#: A token's last use is noted no more often than this.
_NOTED = timedelta(minutes=10)


@dataclass(frozen=True)
class Token:
    """A token as lists show it; its key is kept nowhere."""

    id: str
    organisation_id: str
    name: str
    scopes: tuple[str, ...]
    made_by: str
    """Name of who made it, in the words of the day."""
    created_at: str
    expires_at: str
    used_at: str | None

    @property
    def expired(self) -> bool:
        """Whether it has run out."""
        return self.expires_at < now()

    @property
    def author(self) -> Author:
        """This token as the audit list names it."""
        return Author(self.organisation_id, f"API: {self.name}")


def _from_row(row: Row) -> Token:
    values = {name: row[name] for name in Token.__dataclass_fields__ if name != "scopes"}
    return Token(scopes=tuple(row["scopes"].split()), **values)


def _from_now(span: timedelta) -> str:
    return (datetime.now(UTC) + span).strftime("%Y-%m-%dT%H:%M:%SZ")


def add(
    transaction: Transaction,
    organisation_id: str,
    name: str,
    scopes: Collection[str],
    lifetime: timedelta,
    made_by: str,
) -> tuple[Token, str]:
    """A new token and its key, which is kept nowhere."""
    key = f"{PREFIX}{new_key()}"
    made = Token(
        id=new_id(),
        organisation_id=organisation_id,
        name=name,
        scopes=tuple(scope for scope in SCOPES if scope in scopes),
        made_by=made_by,
        created_at=now(),
        expires_at=_from_now(lifetime),
        used_at=None,
    )
    transaction.run(
        "INSERT INTO tokens (id, organisation_id, name, key_hash, scopes, made_by, created_at, expires_at)"
        " VALUES (:id, :organisation, :name, :key, :scopes, :made_by, :at, :until)",
        id=made.id,
        organisation=organisation_id,
        name=name,
        key=hash_key(key),
        scopes=" ".join(made.scopes),
        made_by=made_by,
        at=made.created_at,
        until=made.expires_at,
    )
    return made, key


def find(store: Store, key: str) -> Token | None:
    """The token behind a key, unless it has run out; its use is noted now and then."""
    row = store.row(
        "SELECT * FROM tokens WHERE key_hash = :key AND expires_at >= :at", key=hash_key(key), at=now()
    )
    if row is None:
        return None
    if row["used_at"] is None or row["used_at"] < _from_now(-_NOTED):
        with store.write() as transaction:
            transaction.run("UPDATE tokens SET used_at = :at WHERE id = :id", at=now(), id=row["id"])
    return _from_row(row)


def listing(store: Store, organisation_id: str) -> list[Token]:
    """An organisation's tokens, the latest first; those that ran out too, until they are removed."""
    rows = store.rows(
        "SELECT * FROM tokens WHERE organisation_id = :organisation ORDER BY created_at DESC, id",
        organisation=organisation_id,
    )
    return [_from_row(row) for row in rows]


def remove(transaction: Transaction, organisation_id: str, token_id: str) -> str | None:
    """End a token at once; its name, or None if the organisation has none with this id."""
    row = transaction.row(
        "DELETE FROM tokens WHERE id = :id AND organisation_id = :organisation RETURNING name",
        id=token_id,
        organisation=organisation_id,
    )
    return None if row is None else str(row["name"])

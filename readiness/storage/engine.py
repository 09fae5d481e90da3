"""The database as the rest of the storage package sees it, whichever engine is behind it.

SQL is written once, in the subset that SQLite and PostgreSQL share, with :named parameters.
"""

from __future__ import annotations

import itertools
import secrets
import string
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Protocol

Row = dict[str, Any]
#: Rows that are in memory at once where a statement brings very many.
BLOCK = 20_000


class StorageError(RuntimeError):
    """The database cannot be used; the message says why and what to do."""


class NestedWrite(StorageError):
    """A write transaction was begun within another one of the same thread."""

    def __init__(self) -> None:
        super().__init__("a write transaction is open in this thread; finish it before another begins")


class Reader(Protocol):
    """Something that reads."""

    def rows(self, sql: str, /, **values: Any) -> list[Row]:
        """All rows of a statement."""

    def row(self, sql: str, /, **values: Any) -> Row | None:
        """The first row of a statement."""

    def blocks(self, sql: str, /, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a statement as bare tuples, BLOCK at a time, all as they are at the first.

        For what is too much for one list. Take them to the end, and write nothing meanwhile.
        """


class Transaction(Reader, Protocol):
    """A write transaction: everything in it happens, or nothing."""

    def run(self, sql: str, /, **values: Any) -> int:
        """Run a statement; the number of rows it touched."""

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        """Run a statement once for each set of values."""


class Store(Reader, Protocol):
    """An open database. Safe to share between threads; each thread gets its own connection."""

    def write(self) -> AbstractContextManager[Transaction]:
        """A write transaction, durable when left; in SQLite it holds the write lock from its start.

        Raises NestedWrite within another one of the same thread.
        """

    def migrate(self) -> list[str]:
        """Apply the migrations that are still missing, in order; their names."""

    def close(self) -> None:
        """Close this thread's connection."""


def open_store(url: str) -> Store:
    """Open `sqlite:///path/to/file.db` or a `postgresql://` URL; raises StorageError."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        from readiness.storage.sqlite import SqliteStore

        return SqliteStore(rest.removeprefix("/") if rest.startswith("//") else rest)
    if scheme in ("postgresql", "postgres"):
        from readiness.storage.postgres import PostgresStore

        return PostgresStore(url)
    raise StorageError(f'unknown database "{scheme}"; use sqlite:///FILE or postgresql://...')


def migrations() -> Iterator[tuple[str, list[str]]]:
    """Every migration in order: its name and its statements."""
    folder = files("readiness.storage.migrations")
    for name in sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql")):
        text = folder.joinpath(name).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
        statements = [part.strip() for part in "\n".join(lines).split(";")]
        yield name.removesuffix(".sql"), [part for part in statements if part]


def any_of(values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """What stands between the brackets of IN (...) for up to 17,576 values, and the named values."""
    letters = map("".join, itertools.product(string.ascii_lowercase, repeat=3))
    named = {f"any_{name}": value for name, value in zip(letters, values, strict=False)}
    return ", ".join(f":{name}" for name in named), named


def new_id() -> str:
    """A new random identifier."""
    return secrets.token_hex(12)


def now() -> str:
    """The present moment, UTC, ISO 8601 to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

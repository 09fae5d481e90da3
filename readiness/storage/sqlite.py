"""The embedded database: sqlite-utils over a file that survives power cuts."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from readiness.storage.engine import BLOCK, NestedWrite, Row, StorageError, migrations

WAIT_SECONDS = 30
#: What a connection keeps of the file at most: about a cohort of 10,000 firms. It grows only as it is used.
CACHE_KIB = 16_000
#: SQLite's WAL-reset corruption bug is fixed from here on; before, WAL is not used.
_WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)


def connect(path: Path) -> Database:
    """Open a database file for this thread, durable (FULL) and with foreign keys on."""
    connection = None
    try:
        path.touch(mode=0o600)  # nobody else on the machine reads the answers
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        database = Database(connection)
        for pragma in (
            f"journal_mode = {'WAL' if _WAL_IS_SAFE else 'TRUNCATE'}",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
            f"cache_size = -{CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except (OSError, sqlite3.Error) as error:
        if connection is not None:
            connection.close()
        raise StorageError(f"the database {path} cannot be opened: {error}") from error
    return database


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Let a database that does not answer (locked, full, gone) be refused by our own name."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(f"the database does not answer: {error}") from error


class _SqliteTransaction:
    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, sql: str, /, **values: Any) -> list[Row]:
        found = self._database.conn.execute(sql, values)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found]

    def row(self, sql: str, /, **values: Any) -> Row | None:
        found = self._database.conn.execute(sql, values)
        row = found.fetchone()
        return (
            None if row is None else dict(zip([column[0] for column in found.description], row, strict=True))
        )

    def blocks(self, sql: str, /, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
        with contextlib.closing(self._database.conn.execute(sql, values)) as found:
            while block := found.fetchmany(BLOCK):
                yield block

    def run(self, sql: str, /, **values: Any) -> int:
        return self._database.conn.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        self._database.conn.executemany(sql, rows)


class SqliteStore:
    """A database file; see readiness.storage.engine.Store."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._threads = threading.local()

    def _database(self) -> Database:
        database: Database | None = getattr(self._threads, "database", None)
        if database is None:
            database = self._threads.database = connect(self.path)
        return database

    def rows(self, sql: str, /, **values: Any) -> list[Row]:
        with _named():
            return _SqliteTransaction(self._database()).rows(sql, **values)

    def row(self, sql: str, /, **values: Any) -> Row | None:
        with _named():
            return _SqliteTransaction(self._database()).row(sql, **values)

    def blocks(self, sql: str, /, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
        with _named():
            yield from _SqliteTransaction(self._database()).blocks(sql, **values)

    @contextlib.contextmanager
    def write(self) -> Iterator[_SqliteTransaction]:
        database = self._database()
        if database.conn.in_transaction:
            raise NestedWrite
        with _named():
            database.conn.execute("BEGIN IMMEDIATE")
            try:
                yield _SqliteTransaction(database)
                database.conn.execute("COMMIT")  # fails too, and leaves the transaction open then
            except BaseException:
                if database.conn.in_transaction:
                    database.conn.execute("ROLLBACK")
                raise

    def migrate(self) -> list[str]:
        database = self._database()
        steps = Migrations("readiness")
        for name, statements in migrations():
            steps(name=name)(_step(statements))
        with self.write():
            pending = [step.name for step in steps.pending(database)]
            steps.apply(database)
        return pending

    def close(self) -> None:
        database: Database | None = getattr(self._threads, "database", None)
        if database is not None:
            database.close()
            del self._threads.database


def _step(statements: list[str]) -> Any:
    def step(database: Database) -> None:
        for statement in statements:
            database.conn.execute(statement)

    return step

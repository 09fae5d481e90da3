"""PostgreSQL as the shared store of several machines: a thin adapter on psycopg 3."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

try:
    import psycopg
    from psycopg.pq import TransactionStatus
    from psycopg.rows import dict_row, tuple_row
except ImportError as error:  # pragma: no cover - depends on what is installed
    from readiness.storage.engine import StorageError

    raise StorageError("PostgreSQL needs the psycopg package: pip install 'readiness[postgres]'") from error

from readiness.storage.engine import BLOCK, NestedWrite, Row, StorageError, migrations, now

_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")
#: Any number: it only has to be the same for everyone who migrates.
_MIGRATION_LOCK = 47_009


def _statement(sql: str) -> str:
    """The shared dialect's :named parameters in psycopg's notation."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Let a server that does not answer (restarted, gone) be refused by our own name."""
    try:
        yield
    except psycopg.OperationalError as error:
        raise StorageError(f"PostgreSQL does not answer: {error}") from error


class _PostgresTransaction:
    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def rows(self, sql: str, /, **values: Any) -> list[Row]:
        return self._connection.execute(_statement(sql), values).fetchall()

    def row(self, sql: str, /, **values: Any) -> Row | None:
        return self._connection.execute(_statement(sql), values).fetchone()

    def blocks(self, sql: str, /, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
        with (
            self._connection.transaction(),
            self._connection.cursor(name="blocks", row_factory=tuple_row) as cursor,
        ):
            cursor.execute(_statement(sql), values)
            while block := cursor.fetchmany(BLOCK):
                yield block

    def run(self, sql: str, /, **values: Any) -> int:
        return self._connection.execute(_statement(sql), values).rowcount

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_statement(sql), rows)


class PostgresStore:
    """A PostgreSQL database; see readiness.storage.engine.Store."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._threads = threading.local()

    def _connection(self) -> psycopg.Connection[Row]:
        connection: psycopg.Connection[Row] | None = getattr(self._threads, "connection", None)
        if connection is None or connection.closed:
            try:
                connection = psycopg.connect(self._url, autocommit=True, row_factory=dict_row)
            except psycopg.Error as error:
                raise StorageError(f"PostgreSQL cannot be reached: {error}") from error
            self._threads.connection = connection
        return connection

    def rows(self, sql: str, /, **values: Any) -> list[Row]:
        with _named():
            return _PostgresTransaction(self._connection()).rows(sql, **values)

    def row(self, sql: str, /, **values: Any) -> Row | None:
        with _named():
            return _PostgresTransaction(self._connection()).row(sql, **values)

    def blocks(self, sql: str, /, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
        with _named():
            yield from _PostgresTransaction(self._connection()).blocks(sql, **values)

    @contextlib.contextmanager
    def write(self) -> Iterator[_PostgresTransaction]:
        connection = self._connection()
        if connection.info.transaction_status != TransactionStatus.IDLE:
            raise NestedWrite
        with _named(), connection.transaction():
            yield _PostgresTransaction(connection)
            if connection.pgconn.transaction_status == TransactionStatus.INERROR:
                raise StorageError("a statement failed, so nothing was stored; let its error through")

    def migrate(self) -> list[str]:
        applied = []
        with self.write() as transaction:
            transaction.row("SELECT pg_advisory_xact_lock(:lock)", lock=_MIGRATION_LOCK)
            transaction.run(
                "CREATE TABLE IF NOT EXISTS _migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)"
            )
            done = {row["name"] for row in transaction.rows("SELECT name FROM _migrations")}
            for name, statements in migrations():
                if name in done:
                    continue
                for statement in statements:
                    transaction.run(statement)
                transaction.run(
                    "INSERT INTO _migrations (name, applied_at) VALUES (:name, :at)",
                    name=name,
                    at=now(),
                )
                applied.append(name)
        return applied

    def close(self) -> None:
        connection: psycopg.Connection[Row] | None = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            del self._threads.connection

"""Back up and restore the embedded database while it is in use."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from readiness.storage import sqlite
from readiness.storage.engine import StorageError, migrations
from readiness.storage.sqlite import SqliteStore, connect


def _check(connection: sqlite3.Connection, path: Path) -> None:
    verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise StorageError(f"{path} is damaged: {verdict}")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if not {"assessments", "_sqlite_migrations"} <= tables:
        raise StorageError(f"{path} is not a database of this program")
    steps = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'readiness'")
    unknown = {row[0] for row in steps} - {name for name, _ in migrations()}
    if unknown:
        raise StorageError(f"{path} is of a newer version of this program ({max(unknown)}); upgrade first")


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy a whole database in one step, while others may be reading and writing either.

    Writers without a pause leave gaps of a millisecond, which SQLite's own waiting seldom meets (with
    three of them it took up to 21 s, this up to 3 s). So it waits briefly, again and again.
    """
    deadline = time.monotonic() + sqlite.WAIT_SECONDS

    def tried(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise StorageError("another process keeps the database locked; stop it and try again")

    for connection in (source, target):
        connection.execute("PRAGMA busy_timeout = 20")
    source.backup(target, progress=tried, sleep=0.001)


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """An empty file of our own beside `path` to work in; gone afterwards, whatever happens."""
    part = path.with_name(path.name + ".part")
    names = [part, *(part.with_name(part.name + end) for end in ("-journal", "-wal", "-shm"))]
    try:
        for name in names:
            name.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
    finally:
        for name in names:
            name.unlink(missing_ok=True)


def backup(store: SqliteStore, target: Path) -> None:
    """Copy the database to a new file, whole and checked; raises StorageError.

    The copy appears under its name only when it is complete; an existing file is refused.
    """
    if target.exists():
        raise StorageError(f"{target} exists; name a new file")
    if not store.path.is_file():
        raise StorageError(f"there is no database {store.path} to back up")
    try:
        with _part(target) as part:
            with closing(connect(store.path)) as source, closing(sqlite3.connect(part)) as copy:
                _copy(source.conn, copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, also where the source uses WAL
                _check(copy, store.path)
            part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"the back-up {target} cannot be written: {error}") from error


def restore(store: SqliteStore, source: Path) -> None:
    """Replace the whole content of the database by a back-up; raises StorageError.

    Works while the server runs: it is one write transaction to every other connection. What goes
    wrong goes wrong before it, on a copy, which is also migrated there and loses a WAL mode that
    the file may bring along.
    """
    if not source.is_file():
        raise StorageError(f"{source} does not exist")
    try:
        store.path.parent.mkdir(parents=True, exist_ok=True)
        with _part(store.path) as part:
            with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as found:
                _check(found, source)
                # SQLite takes the missing part of a last page for zeros.
                if source.stat().st_size % found.execute("PRAGMA page_size").fetchone()[0]:
                    raise StorageError(f"{source} is damaged: its end is missing")
                with closing(sqlite3.connect(part)) as copy:
                    _copy(found, copy)
            with closing(SqliteStore(part)) as staged:
                staged.migrate()
            with closing(connect(part)) as ready, closing(connect(store.path)) as target:
                _check(ready.conn, source)
                _copy(ready.conn, target.conn)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{source} cannot be restored: {error}") from error

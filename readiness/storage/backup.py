"""Back up and restore the embedded database while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from readiness.storage.engine import StorageError
from readiness.storage.sqlite import SqliteStore, connect


def _check(connection: sqlite3.Connection, path: Path) -> None:
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path} is not a usable database: {error}") from error
    if verdict != "ok":
        raise StorageError(f"{path} is damaged: {verdict}")
    if "assessments" not in tables:
        raise StorageError(f"{path} is not a database of this program")


def backup(store: SqliteStore, target: Path) -> None:
    """Copy the database to a new file, whole and checked; raises StorageError.

    The copy appears under its name only when it is complete; an existing file is refused.
    """
    if target.exists():
        raise StorageError(f"{target} exists; name a new file")
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(connect(store.path)) as source, closing(sqlite3.connect(part)) as copy:
            source.conn.backup(copy)
            _check(copy, part)
        part.replace(target)
    except OSError as error:
        raise StorageError(f"the back-up {target} cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def restore(store: SqliteStore, source: Path) -> None:
    """Replace the whole content of the database by a back-up; raises StorageError.

    Works while the server runs: it is one write transaction to every other connection.
    """
    if not source.is_file():
        raise StorageError(f"{source} does not exist")
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as copy:
        _check(copy, source)
        store.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(connect(store.path)) as target:
            copy.backup(target.conn)
            _check(target.conn, store.path)
    store.migrate()

"""What holds for the embedded database only."""

import sqlite3
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from readiness.core.model import Model
from readiness.storage import assessments, sqlite
from readiness.storage.engine import StorageError, open_store
from readiness.storage.sqlite import SqliteStore
from tests.storage.tools import beside, counts, found, in_thread, refused, together

FULL, ON = 2, 1
FIXED = (3, 51, 3)  # the release that mends the WAL-reset bug


def pragma(store: SqliteStore, name: str) -> object:
    row = store.row(f"PRAGMA {name}")
    assert row is not None
    return next(iter(row.values()))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def store(sqlite_store: SqliteStore) -> SqliteStore:
    return sqlite_store


def test_every_threads_connection_enforces_foreign_keys_and_is_durable(store: SqliteStore) -> None:
    for setting, value in (
        ("foreign_keys", ON),
        ("synchronous", FULL),
        ("secure_delete", ON),
        ("trusted_schema", 0),
    ):
        assert pragma(store, setting) == value
        assert in_thread(store, pragma, store, setting) == value


def test_the_journal_is_wal_only_where_sqlite_has_the_fix(store: SqliteStore) -> None:
    fixed = sqlite3.sqlite_version_info >= FIXED

    assert pragma(store, "journal_mode") == ("wal" if fixed else "truncate")


def test_a_database_left_in_wal_mode_is_put_right_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "wal.db"
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE kept (word TEXT)")
    other.execute("INSERT INTO kept VALUES ('kept')")
    other.commit()
    other.close()

    store = SqliteStore(path)

    expected = "wal" if sqlite3.sqlite_version_info >= FIXED else "truncate"
    assert pragma(store, "journal_mode") == expected
    assert store.rows("SELECT word FROM kept") == [{"word": "kept"}]
    store.close()


def test_nobody_else_on_the_machine_can_read_the_file_or_its_journal(tmp_path: Path, model: Model) -> None:
    store = SqliteStore(tmp_path / "private.db")
    store.migrate()

    with store.write() as transaction:
        transaction.run("DELETE FROM firms")
        transaction.run("INSERT INTO allowances VALUES ('a', 'b', '2024', 1)")
        files = {path.name: mode(path) for path in tmp_path.iterdir()}
    store.close()

    assert files.pop("private.db") == 0o600
    assert files
    assert set(files.values()) == {0o600}


def test_opening_does_not_widen_or_narrow_what_the_operator_chose(tmp_path: Path) -> None:
    path = tmp_path / "group.db"
    path.touch()
    path.chmod(0o660)

    SqliteStore(path).close()
    store = SqliteStore(path)
    store.migrate()
    store.close()

    assert mode(path) == 0o660


def test_a_second_writer_waits_for_the_first(store: SqliteStore, model: Model) -> None:
    order = []

    def second() -> None:
        assessments.start(store, model, "en", {"name": "Second"}, "CEO")
        order.append("second")

    with ExitStack() as stack:
        with store.write() as transaction:
            transaction.run("DELETE FROM firms")
            done = stack.enter_context(beside(store, second))
            time.sleep(0.3)
            order.append("first")
        done()

    assert order == ["first", "second"]
    assert counts(store)["firms"] == 1


def test_a_write_that_reads_first_is_not_overtaken(store: SqliteStore) -> None:
    with store.write() as transaction:
        transaction.run("INSERT INTO allowances VALUES ('count', 'all', '2024', 0)")

    together(count_up, [(str(store.path), 30)] * 4)

    assert store.row("SELECT times FROM allowances") == {"times": 120}


def count_up(path: str, times: int) -> None:
    store = open_store(f"sqlite://{path}")
    for _ in range(times):
        with store.write() as transaction:
            row = transaction.row("SELECT times FROM allowances")
            assert row
            transaction.run("UPDATE allowances SET times = :times", times=row["times"] + 1)
    store.close()


def test_a_writer_gives_up_at_last_and_can_try_again(
    tmp_path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, model: Model
) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.2)
    impatient = SqliteStore(store.path)
    with store.write(), pytest.raises(StorageError, match="locked"):
        assessments.start(impatient, model, "en", {"name": "Late"}, "CEO")

    key = assessments.start(impatient, model, "en", {"name": "Late"}, "CEO")

    assert found(store, key).firm.name == "Late"
    impatient.close()


def test_a_commit_that_fails_leaves_nothing_behind(store: SqliteStore, model: Model) -> None:
    with refused(), store.write() as transaction:
        transaction.run("PRAGMA defer_foreign_keys = ON")
        transaction.run("INSERT INTO reports VALUES ('nobody', 'en', 'print', 'pdf', '2024')")

    key = assessments.start(store, model, "en", {"name": "Next"}, "CEO")
    assert counts(store) == {"firms": 1, "assessments": 1, "responses": 1, "reports": 0}
    assert found(store, key).firm.name == "Next"


def test_threads_use_one_store_at_once(store: SqliteStore, model: Model) -> None:
    def begin(at: int) -> str:
        key = assessments.start(store, model, "en", {"name": f"Firm {at}"}, "CEO")
        try:
            return found(store, key).firm.name
        finally:
            store.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(begin, range(24))) == [f"Firm {at}" for at in range(24)]

    assert counts(store)["firms"] == 24


def test_a_temporary_table_of_one_thread_is_unknown_to_another(store: SqliteStore) -> None:
    with store.write() as transaction:
        transaction.run("CREATE TEMP TABLE mine (word TEXT)")

    def theirs() -> None:
        with pytest.raises(StorageError, match="no such table"):
            store.rows("SELECT * FROM mine")

    in_thread(store, theirs)
    assert store.rows("SELECT * FROM mine") == []

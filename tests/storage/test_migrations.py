import sqlite3
import time
from pathlib import Path

import pytest

from readiness.core.model import Model
from readiness.storage import assessments
from readiness.storage.engine import Store, migrations, open_store
from readiness.storage.sqlite import SqliteStore
from tests.storage.conftest import Extra
from tests.storage.tools import found, together

NAMES = [name for name, _ in migrations()]
SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sqlite"))


def recorded(store: Store) -> list[str]:
    """What the database itself says was applied, in that order."""
    table = "_sqlite_migrations" if isinstance(store, SqliteStore) else "_migrations"
    return [row["name"] for row in store.rows(f"SELECT name FROM {table} ORDER BY applied_at, name")]


def migrate(url: str, moment: float) -> list[str]:
    store = open_store(url)
    try:
        store.rows("SELECT 1")  # connected
        time.sleep(max(0, moment - time.time()))
        return store.migrate()
    finally:
        store.close()


def test_migrations_apply_in_the_order_of_their_numbers_and_are_recorded(bare_url: str) -> None:
    store = open_store(bare_url)

    applied = store.migrate()

    assert applied == NAMES == sorted(NAMES)
    assert recorded(store) == NAMES
    store.close()


def test_migrating_again_does_nothing(store: Store) -> None:
    assert store.migrate() == []
    assert recorded(store) == NAMES


def test_only_what_a_later_release_brings_is_applied_and_the_rows_stay(
    store: Store, key: str, later: Extra
) -> None:
    later += [
        ("9001_first", ["ALTER TABLE firms ADD COLUMN city TEXT", "UPDATE firms SET city = 'Shiraz'"]),
        ("9002_second", ["UPDATE firms SET city = city || '!'"]),
    ]

    assert store.migrate() == ["9001_first", "9002_second"]
    assert store.migrate() == []

    assert recorded(store) == [*NAMES, "9001_first", "9002_second"]
    assert store.row("SELECT city FROM firms") == {"city": "Shiraz!"}
    assert found(store, key).firm.name == "آسان‌پرداز"


def test_a_migration_that_fails_half_way_leaves_nothing_behind(store: Store, key: str, later: Extra) -> None:
    later.append(
        ("9001_broken", ["CREATE TABLE towns (id TEXT PRIMARY KEY)", "UPDATE firms SET name = NULL"])
    )

    with pytest.raises(Exception, match=r"(?i)not.null"):
        store.migrate()

    later[:] = [("9001_mended", ["CREATE TABLE towns (id TEXT PRIMARY KEY)"])]
    assert store.migrate() == ["9001_mended"]
    assert found(store, key).firm.name == "آسان‌پرداز"


def test_processes_that_migrate_at_once_apply_each_migration_once(bare_url: str) -> None:
    applied = together(migrate, [(bare_url, time.time() + 1)] * 6)

    assert sorted(applied) == [[]] * 5 + [NAMES]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_a_database_of_every_released_schema_upgrades_and_keeps_its_rows(
    schema: Path, tmp_path: Path, model: Model
) -> None:
    old = tmp_path / "old.db"
    old.write_bytes(schema.read_bytes())
    before = tables(old)

    store = open_store(f"sqlite://{old}")
    store.migrate()

    assert recorded(store) == NAMES
    for table, rows in before.items():
        after = [tuple(row[name] for name in rows[0]) for row in store.rows(f"SELECT * FROM {table}")]
        assert set(after) >= {tuple(row.values()) for row in rows}, table
    assessment = found(store, "key-of-the-fixture")
    assert assessment.finished
    assert assessment.own.settled == len(model.numbers)
    assert {answer.code for answer in assessment.own.answers.values()} >= {0, 1, 2, 3, 4, 5, 7}
    assert "می‌شناسیم" in assessment.own.answers[model.numbers[0]].note
    assert store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert store.rows("PRAGMA foreign_key_check") == []

    assessments.delete(store, assessment.id)
    assert assessments.find(store, "key-of-the-fixture") is None
    store.close()


def tables(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of every table that is not the engine's own and holds something."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    names = [
        row["name"]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not row["name"].startswith(("sqlite_", "_"))
    ]
    held = {name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in names}
    connection.close()
    return {name: rows for name, rows in held.items() if rows}


def test_there_is_a_database_of_every_released_schema() -> None:
    assert [path.stem for path in SCHEMAS] == [name.split("_")[0] for name in NAMES]

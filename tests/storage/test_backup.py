import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from readiness.core.model import CURRENT, load
from readiness.storage import assessments, backup, sqlite
from readiness.storage.engine import StorageError, migrations
from readiness.storage.sqlite import SqliteStore
from tests.storage.conftest import Extra
from tests.storage.tools import counts, found, in_thread, running

NAMES = [name for name, _ in migrations()]


@pytest.fixture
def store(sqlite_store: SqliteStore) -> SqliteStore:
    return sqlite_store


@pytest.fixture
def saved(store: SqliteStore, key: str, tmp_path: Path) -> Path:
    """A back-up of the database with one assessment, which then gets another."""
    backup.backup(store, tmp_path / "saved.db")
    assessments.start(store, load(CURRENT), "en", {"name": "Since then"}, "CEO")
    return tmp_path / "saved.db"


@pytest.fixture
def big(store: SqliteStore) -> SqliteStore:
    """Five megabytes, so that copying takes a while."""
    with store.write() as transaction:
        for at in range(1250):
            transaction.run(
                "INSERT INTO allowances VALUES ('fill', :who, :text, 1)", who=str(at), text="x" * 4000
            )
    return store


def write_always(store: SqliteStore) -> Callable[[threading.Event], None]:
    """Work for a thread: start assessments without a pause."""

    def write(stop: threading.Event) -> None:
        while not stop.is_set():
            assessments.start(store, load(CURRENT), "en", {"name": "Busy"}, "CEO")
        store.close()

    return write


def firms(store: SqliteStore) -> list[str]:
    return [row["name"] for row in store.rows("SELECT name FROM firms ORDER BY name")]


def alone(folder: Path) -> None:
    """Nothing of the work is left beside the files that are meant to stay."""
    left = {path.name for path in folder.iterdir()}
    assert not [name for name in left if ".part" in name], left


def sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("PRAGMA foreign_key_check").fetchall() == []


# Back-up


def test_a_back_up_holds_everything_in_one_file_that_nobody_else_can_read(
    store: SqliteStore, key: str, tmp_path: Path
) -> None:
    target = tmp_path / "copies" / "copy.db"
    target.parent.mkdir()

    backup.backup(store, target)

    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    sound(target)
    with closing(SqliteStore(target)) as copy:
        assert found(copy, key) == found(store, key)


def test_an_existing_file_is_refused_and_left_alone(store: SqliteStore, tmp_path: Path) -> None:
    target = tmp_path / "precious.txt"
    target.write_text("precious")

    with pytest.raises(StorageError, match=r"precious\.txt exists; name a new file"):
        backup.backup(store, target)

    assert target.read_text() == "precious"
    alone(tmp_path)


def test_the_database_itself_is_no_place_for_its_back_up(store: SqliteStore, key: str) -> None:
    with pytest.raises(StorageError, match="exists"):
        backup.backup(store, store.path)

    assert found(store, key).firm.name == "آسان‌پرداز"


def test_a_back_up_of_nothing_is_refused_and_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"no database .*missing\.db"):
        backup.backup(SqliteStore(tmp_path / "missing.db"), tmp_path / "copy.db")

    assert list(tmp_path.iterdir()) == []


def test_a_back_up_into_a_folder_that_is_missing_says_so(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"copy\.db cannot be written"):
        backup.backup(store, tmp_path / "missing" / "copy.db")


def test_what_an_interrupted_back_up_left_is_no_obstacle(
    store: SqliteStore, key: str, tmp_path: Path
) -> None:
    for end in ("part", "part-journal"):
        (tmp_path / f"copy.db.{end}").write_bytes(b"half of something" * 1000)

    backup.backup(store, tmp_path / "copy.db")

    alone(tmp_path)
    sound(tmp_path / "copy.db")


def test_a_full_disk_is_reported_and_leaves_no_part_of_a_copy(big: SqliteStore, tmp_path: Path) -> None:
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from readiness.storage import backup, engine, sqlite\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))\n"
        "try: backup.backup(sqlite.SqliteStore(sys.argv[1]), Path(sys.argv[2]))\n"
        "except engine.StorageError as error: print(error)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program, big.path, tmp_path / "copy.db"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert "copy.db cannot be written" in said.stdout
    assert not (tmp_path / "copy.db").exists()
    alone(tmp_path)


def test_a_damaged_database_is_not_copied_as_if_it_were_sound(big: SqliteStore, tmp_path: Path) -> None:
    big.close()
    with big.path.open("r+b") as file:
        file.seek(2_500_000)
        file.write(b"\xff" * 20_000)

    with pytest.raises(StorageError):
        backup.backup(big, tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()
    alone(tmp_path)


def test_back_ups_end_and_are_whole_while_others_write_without_a_pause(
    big: SqliteStore, key: str, tmp_path: Path
) -> None:
    sizes = []
    with running(*[write_always(SqliteStore(big.path)) for _ in range(3)]):
        for at in range(3):
            time.sleep(0.1)
            before = counts(big)["firms"]
            began = time.monotonic()
            backup.backup(big, tmp_path / f"{at}.db")
            assert time.monotonic() - began < sqlite.WAIT_SECONDS + 10
            with closing(SqliteStore(tmp_path / f"{at}.db")) as copy:
                held = counts(copy)
                assert found(copy, key).firm.name == "آسان‌پرداز"
            assert held["firms"] == held["assessments"] == held["responses"] >= before
            sound(tmp_path / f"{at}.db")
            sizes.append(held["firms"])

    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]  # there was something to be consistent about


def test_a_database_that_stays_locked_is_reported_after_a_while(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.2)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as stuck:
        stuck.execute("BEGIN EXCLUSIVE")

        with pytest.raises(StorageError, match="locked"):
            backup.backup(SqliteStore(store.path), tmp_path / "copy.db")

    alone(tmp_path)


# Restore


def test_a_restore_brings_back_exactly_what_was_saved(store: SqliteStore, key: str, saved: Path) -> None:
    assert firms(store) == ["Since then", "آسان‌پرداز"]

    backup.restore(store, saved)

    assert firms(store) == ["آسان‌پرداز"]
    assert not found(store, key).finished
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    alone(store.path.parent)


def test_a_restore_makes_the_database_and_its_folder_where_there_is_none(
    saved: Path, key: str, tmp_path: Path
) -> None:
    with closing(SqliteStore(tmp_path / "new" / "place" / "readiness.db")) as store:
        backup.restore(store, saved)

        assert firms(store) == ["آسان‌پرداز"]
        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_restored_database_is_seen_at_once_by_connections_that_were_open(
    store: SqliteStore, saved: Path
) -> None:
    with closing(SqliteStore(store.path)) as other:
        assert firms(other) == ["Since then", "آسان‌پرداز"]

        in_thread(store, backup.restore, store, saved)

        assert firms(other) == ["آسان‌پرداز"] == firms(store)
        assessments.start(other, load(CURRENT), "en", {"name": "After"}, "CEO")
    assert firms(store) == ["After", "آسان‌پرداز"]


def test_a_back_up_can_be_restored_twice(store: SqliteStore, saved: Path) -> None:
    before = saved.read_bytes()
    for _ in range(2):
        backup.restore(store, saved)
        assessments.start(store, load(CURRENT), "en", {"name": "Again"}, "CEO")

    assert firms(store) == ["Again", "آسان‌پرداز"]
    assert saved.read_bytes() == before


def test_a_restore_ends_while_others_write_without_a_pause(
    big: SqliteStore, saved: Path, tmp_path: Path
) -> None:
    with running(*[write_always(SqliteStore(big.path)) for _ in range(3)]):
        time.sleep(0.2)
        began = time.monotonic()
        backup.restore(big, saved)
        assert time.monotonic() - began < sqlite.WAIT_SECONDS + 10
        time.sleep(0.1)

    held = counts(big)
    assert held["firms"] == held["assessments"] == held["responses"]
    assert "Since then" not in firms(big)
    sound(big.path)


@pytest.mark.parametrize("wal_is_safe", [False, True])
def test_a_back_up_in_wal_mode_does_not_lock_out_a_server_that_is_running(
    store: SqliteStore, saved: Path, monkeypatch: pytest.MonkeyPatch, wal_is_safe: bool
) -> None:
    with closing(sqlite3.connect(saved)) as copy:
        assert copy.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    monkeypatch.setattr(sqlite, "_WAL_IS_SAFE", wal_is_safe)
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 1)
    with closing(SqliteStore(store.path)) as server:
        firms(server)

        backup.restore(store, saved)

        assert in_thread(server, firms, server) == ["آسان‌پرداز"]  # a new connection
        assessments.start(server, load(CURRENT), "en", {"name": "After"}, "CEO")
        assert firms(store) == ["After", "آسان‌پرداز"]


def test_a_back_up_of_a_database_in_wal_mode_is_one_file(
    store: SqliteStore, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr(sqlite, "_WAL_IS_SAFE", True)
    target = tmp_path / "copies" / "copy.db"
    target.parent.mkdir()
    assert firms(store)
    assert store.row("PRAGMA journal_mode") == {"journal_mode": "wal"}

    backup.backup(store, target)
    backup.restore(store, target)

    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert found(store, key).firm.name == "آسان‌پرداز"


def nothing(path: Path, saved: Path) -> None:
    pass


def folder(path: Path, saved: Path) -> None:
    path.mkdir()


def empty(path: Path, saved: Path) -> None:
    path.touch()


def garbage(path: Path, saved: Path) -> None:
    path.write_bytes(os.urandom(50_000))


def text(path: Path, saved: Path) -> None:
    path.write_text("CREATE TABLE assessments (id TEXT);\n" * 1000)


def foreign(path: Path, saved: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('Morghe Sahar')")


def lookalike(path: Path, saved: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript("CREATE TABLE assessments (title TEXT); INSERT INTO assessments VALUES ('other')")


def truncated(path: Path, saved: Path) -> None:
    path.write_bytes(saved.read_bytes()[: 4096 * 9])


def cut_within_a_page(path: Path, saved: Path) -> None:
    path.write_bytes(saved.read_bytes()[:-1500])


def overwritten(path: Path, saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[4096 * 2 : 4096 * 5] = bytes(4096 * 3)
    path.write_bytes(content)


def newer(path: Path, saved: Path) -> None:
    path.write_bytes(saved.read_bytes())
    with closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE firms ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'")
        other.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('readiness', '9999_mood', '2099')"
        )
        other.commit()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (nothing, "does not exist"),
        (folder, "does not exist"),
        (empty, "not a database of this program"),
        (garbage, "not a database"),
        (text, "not a database"),
        (foreign, "not a database of this program"),
        (lookalike, "not a database of this program"),
        (truncated, "malformed|damaged"),
        (cut_within_a_page, "malformed|damaged"),
        (overwritten, "malformed|damaged"),
        (newer, "newer version of this program .*9999_mood"),
    ],
)
def test_what_is_no_sound_back_up_is_refused_and_the_old_content_stays(
    make: Callable[[Path, Path], None], reason: str, store: SqliteStore, key: str, saved: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source.db"
    make(source, saved)

    with pytest.raises(StorageError, match=reason) as refusal:
        backup.restore(store, source)

    assert "source.db" in str(refusal.value)
    assert firms(store) == ["Since then", "آسان‌پرداز"]
    assert found(store, key).own.rater == "CEO"
    alone(tmp_path)
    sound(store.path)


def test_a_refused_restore_does_not_leave_an_empty_database_behind(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader")

    with pytest.raises(StorageError):
        backup.restore(SqliteStore(tmp_path / "new" / "readiness.db"), tmp_path / "letter.txt")

    assert not (tmp_path / "new" / "readiness.db").exists()


def test_restoring_the_database_from_itself_changes_nothing(store: SqliteStore, saved: Path) -> None:
    backup.restore(store, store.path)

    assert firms(store) == ["Since then", "آسان‌پرداز"]


def test_a_database_in_which_a_reader_is_stuck_is_left_as_it_is(
    store: SqliteStore, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.2)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM firms").fetchall()

        with pytest.raises(StorageError, match="locked"):
            backup.restore(SqliteStore(store.path), saved)

        assert reader.execute("SELECT count(*) FROM firms").fetchone() == (2,)
    assert firms(store) == ["Since then", "آسان‌پرداز"]
    alone(store.path.parent)


# Older schemas


@pytest.fixture
def upgraded(store: SqliteStore, saved: Path, later: Extra) -> Iterator[SqliteStore]:
    """The running database is of a later release than the back-up."""
    later.append(("9001_city", ["ALTER TABLE firms ADD COLUMN city TEXT NOT NULL DEFAULT 'Yazd'"]))
    store.migrate()
    yield store


def test_a_back_up_of_an_older_release_is_migrated_when_it_is_restored(
    upgraded: SqliteStore, saved: Path, key: str
) -> None:
    backup.restore(upgraded, saved)

    assert upgraded.rows("SELECT city FROM firms") == [{"city": "Yazd"}]
    assert upgraded.migrate() == []
    assert found(upgraded, key).firm.name == "آسان‌پرداز"


def test_nobody_sees_the_older_schema_while_it_is_being_restored(upgraded: SqliteStore, saved: Path) -> None:
    def look(stop: threading.Event) -> None:
        while not stop.is_set():
            upgraded.rows("SELECT city FROM firms")
        upgraded.close()

    with running(look):
        for _ in range(10):
            backup.restore(upgraded, saved)


def test_a_back_up_that_cannot_be_migrated_is_refused_and_the_old_content_stays(
    store: SqliteStore, saved: Path, later: Extra
) -> None:
    later.append(("9001_broken", ["UPDATE firms SET name = NULL"]))

    with pytest.raises(StorageError, match="cannot be restored"):
        backup.restore(store, saved)

    assert firms(store) == ["Since then", "آسان‌پرداز"]
    alone(store.path.parent)

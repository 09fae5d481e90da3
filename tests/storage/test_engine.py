import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from readiness.core.model import Model
from readiness.storage import assessments
from readiness.storage.engine import NestedWrite, StorageError, Store, Transaction, open_store
from tests.storage.tools import counts, found, in_thread, refused

NOTHING = {"firms": 0, "assessments": 0, "responses": 0, "reports": 0}


def add_firm(transaction: Transaction, firm: str = "f1", name: str | None = "Acme") -> int:
    return transaction.run(
        "INSERT INTO firms (id, name, created_at, updated_at) VALUES (:id, :name, '2024', '2024')",
        id=firm,
        name=name,
    )


def names(store: Store) -> list[str]:
    return [row["name"] for row in store.rows("SELECT name FROM firms ORDER BY id")]


# All or nothing


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, GeneratorExit, SystemExit])
def test_a_write_interrupted_in_the_middle_leaves_nothing_behind(
    store: Store, kind: type[BaseException]
) -> None:
    with pytest.raises(kind), store.write() as transaction:
        add_firm(transaction)
        raise kind

    assert names(store) == []
    with store.write() as transaction:
        add_firm(transaction)
    assert names(store) == ["Acme"]


def test_a_statement_that_fails_takes_the_ones_before_it_along(store: Store) -> None:
    with refused(), store.write() as transaction:
        add_firm(transaction)
        add_firm(transaction, "f2", name=None)

    assert names(store) == []


def test_a_failed_start_leaves_neither_firm_nor_assessment(store: Store, model: Model) -> None:
    with refused():
        assessments.start(store, model, "en", {"name": "Acme"}, None)  # type: ignore[arg-type]

    assert counts(store) == NOTHING


def test_a_write_that_hides_a_failed_statement_is_never_taken_for_stored(store: Store) -> None:
    claimed = True
    try:
        with store.write() as transaction:
            add_firm(transaction)
            with suppress(Exception):
                add_firm(transaction, "f2", name=None)
    except StorageError:
        claimed = False

    assert names(store) == (["Acme"] if claimed else [])


def test_writes_do_not_nest_and_the_outer_one_can_go_on(store: Store) -> None:
    with store.write() as transaction:
        add_firm(transaction)
        with pytest.raises(NestedWrite), store.write() as inner:
            add_firm(inner, "f2", "Inner")
        add_firm(transaction, "f3", "After")

    assert names(store) == ["Acme", "After"]


def test_a_nested_write_that_nobody_catches_undoes_the_outer_one(store: Store, key: str) -> None:
    assessment = found(store, key)

    with pytest.raises(NestedWrite), store.write() as transaction:
        add_firm(transaction)
        assessments.delete(store, assessment.id)

    assert names(store) == ["آسان‌پرداز"]


def test_migrating_within_a_write_is_refused(store: Store) -> None:
    with pytest.raises(NestedWrite), store.write():
        store.migrate()


# Who sees what when


def test_others_see_a_write_only_when_it_is_complete(store: Store) -> None:
    with store.write() as transaction:
        add_firm(transaction)
        assert [row["name"] for row in transaction.rows("SELECT name FROM firms")] == ["Acme"]
        assert in_thread(store, names, store) == []

    assert in_thread(store, names, store) == ["Acme"]


def test_others_never_see_a_write_that_failed(store: Store) -> None:
    with suppress(RuntimeError), store.write() as transaction:
        add_firm(transaction)
        raise RuntimeError

    assert in_thread(store, names, store) == []


def test_what_one_thread_closes_stays_open_to_the_others(store: Store) -> None:
    in_thread(store, names, store)  # closes its own

    with store.write() as transaction:
        add_firm(transaction)
        in_thread(store, names, store)
    assert names(store) == ["Acme"]


def test_a_closed_store_opens_again_when_it_is_used(store: Store) -> None:
    store.close()
    store.close()

    assert names(store) == []


# Statements


def test_a_statement_says_how_many_rows_it_touched(store: Store) -> None:
    with store.write() as transaction:
        assert [add_firm(transaction, each) for each in ("f1", "f2")] == [1, 1]
        assert transaction.run("UPDATE firms SET name = 'x'") == 2
        assert transaction.run("DELETE FROM firms WHERE id = 'f3'") == 0


def test_a_row_that_is_not_there_is_none(store: Store) -> None:
    assert store.row("SELECT name FROM firms") is None
    assert store.rows("SELECT name FROM firms") == []


def test_percent_signs_and_colons_in_a_statement_mean_themselves(store: Store) -> None:
    assert store.row("SELECT '100 %' AS share, '%s %%' AS old, :text AS text", text=":share 50 %") == {
        "share": "100 %",
        "old": "%s %%",
        "text": ":share 50 %",
    }


# Constraints

INSERTIONS = {
    "an assessment of no firm": (
        "INSERT INTO assessments (id, firm_id, model, language, key_hash, status, created_at, updated_at)"
        " VALUES ('a2', 'nobody', 'm', 'en', 'h2', 'open', '2024', '2024')"
    ),
    "an unknown status": "UPDATE assessments SET status = 'lost'",
    "no status": "UPDATE assessments SET status = NULL",
    "one key for two assessments": (
        "INSERT INTO assessments (id, firm_id, model, language, key_hash, status, created_at, updated_at)"
        " SELECT 'a2', firm_id, model, language, key_hash, status, created_at, updated_at FROM assessments"
    ),
    "one id for two assessments": (
        "INSERT INTO assessments (id, firm_id, model, language, key_hash, status, created_at, updated_at)"
        " SELECT id, firm_id, model, language, 'h2', status, created_at, updated_at FROM assessments"
    ),
    "a response to no assessment": "UPDATE responses SET assessment_id = 'nobody'",
    "a response without codes": "UPDATE responses SET codes = NULL",
    "two responses of one rater": (
        "INSERT INTO responses (id, assessment_id, rater, codes, created_at, updated_at)"
        " SELECT 'r2', assessment_id, rater, codes, created_at, updated_at FROM responses"
    ),
    "a report on no assessment": (
        "INSERT INTO reports (assessment_id, language, fingerprint, pdf, created_at)"
        " VALUES ('nobody', 'en', 'print', :pdf, '2024')"
    ),
}


@pytest.mark.parametrize("statement", INSERTIONS.values(), ids=INSERTIONS)
def test_the_database_itself_refuses(store: Store, key: str, statement: str) -> None:
    before = found(store, key)

    with refused(), store.write() as transaction:
        transaction.run(statement, **({"pdf": b"%PDF"} if ":pdf" in statement else {}))

    assert found(store, key) == before
    assert counts(store) == {"firms": 1, "assessments": 1, "responses": 1, "reports": 0}


# Opening


@pytest.mark.parametrize("url", ["mysql://localhost/x", "readiness.db", "", "SQLITE:///x"])
def test_an_unknown_kind_of_database_is_refused_with_what_can_be_used(url: str) -> None:
    with pytest.raises(StorageError, match="use sqlite:///FILE or postgresql://"):
        open_store(url)


@pytest.mark.parametrize("place", [".", "missing/folder/x.db"])
def test_a_file_that_cannot_be_opened_is_named(place: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot be opened") as refusal:
        open_store(f"sqlite://{tmp_path / place}").migrate()

    assert str(tmp_path / place) in str(refusal.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear reader, " * 100)

    with pytest.raises(StorageError, match=r"letter\.db"):
        open_store(f"sqlite://{tmp_path}/letter.db").migrate()


@pytest.mark.parametrize(
    ("slashes", "expected"), [("", "here.db"), ("/{}/", "there.db"), ("//{}/", "there.db")]
)
def test_a_path_may_be_absolute_or_relative(
    slashes: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = str(tmp_path).strip("/")

    store = open_store(f"sqlite://{slashes.format(folder)}{expected}")
    store.migrate()
    store.close()

    assert (tmp_path / expected).stat().st_size > 0


def test_a_server_that_does_not_answer_is_reported_as_such(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")

    with pytest.raises(StorageError, match="PostgreSQL cannot be reached"):
        open_store(f"postgresql://nobody@/nothing?host={tmp_path}").rows("SELECT 1")


def test_sqlite_needs_no_postgresql_driver(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from readiness.storage.engine import StorageError, open_store\n"
        "store = open_store('sqlite://' + sys.argv[1]); store.migrate(); store.close()\n"
        "try: open_store('postgresql://localhost/x')\n"
        "except StorageError as error: print(error)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "x.db"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert "pip install" in said.stdout

"""What every test may ask for: an empty, migrated store on either engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness.storage.engine import Store, open_store
from readiness.storage.sqlite import SqliteStore
from tests.storage.postgres_server import postgres_server

__all__ = ["postgres_server"]

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "readiness.db")
    store.migrate()
    yield store
    store.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty, migrated database, for tests that open it several times."""
    if request.param == "postgres":
        with request.getfixturevalue("postgres_server").migrated() as url:
            yield url
    else:
        url = f"sqlite://{tmp_path}/readiness.db"
        fresh = open_store(url)
        fresh.migrate()
        fresh.close()
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = open_store(database_url)
    yield store
    store.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say of every catalogue how much of it is translated, and what tests have counted."""
    from tests.test_catalogue import CATALOGUES, coverage

    for path in CATALOGUES:
        terminalreporter.write_line(coverage(path))
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", []):
            if name == "says":
                terminalreporter.write_line(str(value))

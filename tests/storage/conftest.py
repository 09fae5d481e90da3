"""What the tests of the storage layer share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness.core.model import CURRENT, Model, load
from readiness.storage import assessments, backup, engine, postgres, sqlite
from readiness.storage.engine import Store
from tests.conftest import ENGINES


@pytest.fixture
def model() -> Model:
    return load(CURRENT)


@pytest.fixture
def key(store: Store, model: Model) -> str:
    """Key of an assessment that was just started."""
    return assessments.start(store, model, "fa", {"name": "آسان‌پرداز", "employees": 12}, "CEO")


@pytest.fixture(params=ENGINES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table."""
    if request.param == "postgres":
        with request.getfixturevalue("postgres_server").bare() as url:
            yield url
    else:
        yield f"sqlite://{tmp_path}/bare.db"


class Extra(list[tuple[str, list[str]]]):
    """Migrations that a later release might bring, after those there are."""

    def __call__(self) -> Iterator[tuple[str, list[str]]]:
        yield from engine.migrations()
        yield from self


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Extra:
    extra = Extra()
    for module in (sqlite, postgres, backup):
        monkeypatch.setattr(module, "migrations", extra)
    return extra

from collections.abc import Iterator
from contextlib import suppress

import pytest

from readiness.core.model import Model
from readiness.storage import assessments
from readiness.storage.engine import Store, open_store
from tests.storage.postgres_server import Server
from tests.storage.tools import found, in_thread

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(postgres_server: Server) -> Iterator[Store]:
    with postgres_server.migrated() as url:
        store = open_store(url)
        yield store
        store.close()


def cut(store: Store) -> None:
    """End every other connection, as a restart of the server does."""
    store.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_connection_that_the_server_cut_is_made_anew_after_one_error(store: Store, key: str) -> None:
    in_thread(store, cut, store)

    with pytest.raises(Exception, match="terminating connection"):
        found(store, key)

    assert found(store, key).firm.name == "آسان‌پرداز"


def test_a_write_that_is_cut_off_is_reported_and_leaves_nothing(store: Store, key: str, model: Model) -> None:
    with pytest.raises(Exception, match="connection"), store.write() as transaction:
        transaction.run("UPDATE firms SET name = 'changed'")
        in_thread(store, cut, store)

    with suppress(Exception):
        store.rows("SELECT 1")
    assert found(store, key).firm.name == "آسان‌پرداز"
    assert found(store, assessments.start(store, model, "en", {"name": "Next"}, "CEO")).firm.name == "Next"

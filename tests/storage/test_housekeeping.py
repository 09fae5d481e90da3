"""What has served its time goes, and nothing else, on either engine."""

from datetime import timedelta

from readiness.storage import allowances, batches, housekeeping, imports, organisations, outbox, sessions
from readiness.storage.engine import Store
from readiness.storage.portfolio import Author


def fill(store: Store) -> Author:
    """Something in every table that is swept."""
    with store.write() as transaction:
        author = Author(organisations.add(transaction, "Hub").id, "Ada")
        sessions.make_link(transaction, None, timedelta(minutes=15))
        outbox.put(transaction, "a@x.org", "Subject", "Body", timedelta(minutes=15), author.organisation_id)
    imports.keep(store, author, "firms.csv", b"firm\n")
    allowances.spend(store, "start", "somebody", 5, timedelta(hours=1))
    batches.add(store, author, "en", False, [])
    return author


def rows(store: Store) -> dict[str, int]:
    found = {}
    for table, _, _ in housekeeping.KEPT:
        row = store.row(f"SELECT count(*) AS n FROM {table}")
        assert row
        found[table] = int(row["n"])
    return found


def test_what_is_in_use_stays(store: Store) -> None:
    fill(store)
    before = rows(store)

    assert housekeeping.sweep(store) == 0
    assert rows(store) == before and before["uploads"] == before["batches"] == 1


def test_what_has_served_its_time_goes(store: Store) -> None:
    fill(store)
    with store.write() as transaction:
        for table, column, _ in housekeeping.KEPT:
            transaction.run(f"UPDATE {table} SET {column} = '2020-01-01T00:00:00Z'")

    assert housekeeping.sweep(store) == 5
    assert set(rows(store).values()) == {0}

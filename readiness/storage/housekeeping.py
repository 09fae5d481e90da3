"""Housekeeping: what has served its time is deleted, so that nothing is kept longer than it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from readiness.storage.engine import Store

#: Tables whose rows go so long after their moment, and the column that says it.
KEPT = (
    ("sign_in_links", "expires_at", timedelta()),
    ("sessions", "expires_at", timedelta()),
    ("uploads", "created_at", timedelta(hours=1)),
    ("allowances", "started_at", timedelta(days=1)),
    ("batches", "created_at", timedelta(days=30)),
    ("outbox", "expires_at", timedelta(days=90)),
)


def sweep(store: Store) -> int:
    """Delete what has served its time; the number of rows."""
    gone, moment = 0, datetime.now(UTC)
    for table, column, span in KEPT:
        before = (moment - span).strftime("%Y-%m-%dT%H:%M:%SZ")
        with store.write() as transaction:
            gone += transaction.run(f"DELETE FROM {table} WHERE {column} < :before", before=before)  # noqa: S608
    return gone

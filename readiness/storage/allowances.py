"""Allowances: how often somebody may do something within a window of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from readiness.storage.engine import Store

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def spend(store: Store, deed: str, who: str, times: int, window: timedelta) -> bool:
    """Count one more deed; whether it is still within `times` per window (counted from the first)."""
    moment = datetime.now(UTC)
    at, stale = moment.strftime(_FORMAT), (moment - window).strftime(_FORMAT)
    with store.write() as transaction:
        transaction.run(
            "DELETE FROM allowances WHERE started_at < :stale AND deed = :deed", stale=stale, deed=deed
        )
        row = transaction.row(
            "INSERT INTO allowances (deed, who, started_at, times) VALUES (:deed, :who, :at, 1)"
            " ON CONFLICT (deed, who) DO UPDATE SET times = allowances.times + 1 RETURNING times",
            deed=deed,
            who=who,
            at=at,
        )
    return row is not None and int(row["times"]) <= times

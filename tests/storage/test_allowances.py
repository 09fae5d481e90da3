from datetime import UTC, datetime, timedelta

import pytest

from readiness.storage import allowances
from readiness.storage.engine import Store, open_store
from tests.storage.tools import together

HOUR = timedelta(hours=1)


def spend(store: Store, who: str = "ann", deed: str = "start", times: int = 3) -> bool:
    return allowances.spend(store, deed, who, times, HOUR)


def age(store: Store, by: timedelta) -> None:
    """Let this much time pass for everything counted so far."""
    started = (datetime.now(UTC) - by).strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.write() as transaction:
        transaction.run("UPDATE allowances SET started_at = :at", at=started)


def test_a_deed_is_allowed_so_many_times_and_no_more(store: Store) -> None:
    assert [spend(store) for _ in range(5)] == [True, True, True, False, False]


def test_persons_and_deeds_are_counted_apart(store: Store) -> None:
    assert spend(store, times=1)
    assert not spend(store, times=1)

    assert spend(store, who="bob", times=1)
    assert spend(store, deed="pdf", times=1)


@pytest.mark.parametrize("who", ["203.0.113.7", "2001:db8::1", "۱۲۷", "a'b", ""])
def test_anybody_can_be_counted(store: Store, who: str) -> None:
    assert [spend(store, who=who, times=1) for _ in range(2)] == [True, False]


def test_the_allowance_is_new_when_the_window_is_over(store: Store) -> None:
    assert [spend(store, times=1) for _ in range(2)] == [True, False]

    age(store, HOUR + timedelta(seconds=5))

    assert [spend(store, times=1) for _ in range(2)] == [True, False]


def test_the_allowance_is_still_spent_shortly_before_the_window_is_over(store: Store) -> None:
    assert spend(store, times=1)

    age(store, HOUR - timedelta(seconds=30))

    assert not spend(store, times=1)


def test_trying_in_vain_does_not_prolong_the_window(store: Store) -> None:
    spend(store, times=1)
    age(store, HOUR - timedelta(seconds=30))
    before = store.row("SELECT started_at FROM allowances")

    assert not spend(store, times=1)

    assert store.row("SELECT started_at FROM allowances") == before


def test_who_did_it_is_forgotten_with_the_window(store: Store) -> None:
    for who in ("ann", "bob", "cyrus"):
        spend(store, who=who)
    age(store, HOUR + timedelta(seconds=5))

    spend(store, who="dara")

    assert store.rows("SELECT who FROM allowances") == [{"who": "dara"}]


def test_the_end_of_one_deeds_window_does_not_end_anothers(store: Store) -> None:
    allowances.spend(store, "sign in", "ann", 1, timedelta(days=1))
    age(store, HOUR * 2)

    spend(store)

    assert not allowances.spend(store, "sign in", "ann", 1, timedelta(days=1))


def test_processes_together_get_exactly_what_is_allowed(database_url: str, store: Store) -> None:
    allowed = together(spend_often, [(database_url, 12)] * 6)

    assert sum(allowed) == 50
    assert store.row("SELECT times FROM allowances") == {"times": 72}


def spend_often(url: str, tries: int) -> int:
    store = open_store(url)
    granted = sum(spend(store, times=50) for _ in range(tries))
    store.close()
    return granted

"""Tokens of the API."""

from datetime import UTC, datetime, timedelta

import pytest

from readiness.storage import organisations, tokens
from readiness.storage.engine import Store
from readiness.storage.organisations import Organisation
from readiness.storage.tokens import Token

MONTH = timedelta(days=30)


@pytest.fixture
def hub(store: Store) -> Organisation:
    with store.write() as transaction:
        return organisations.add(transaction, "Hub")


def make(
    store: Store, place: Organisation, lifetime: timedelta = MONTH, name: str = "CRM"
) -> tuple[Token, str]:
    with store.write() as transaction:
        return tokens.add(transaction, place.id, name, ["results:read", "firms:read"], lifetime, "Ada")


def used(store: Store, token: Token) -> str | None:
    row = store.row("SELECT used_at FROM tokens WHERE id = :id", id=token.id)
    assert row is not None
    return row["used_at"]


def test_a_key_finds_its_token_and_no_other_key_does(store: Store, hub: Organisation) -> None:
    made, key = make(store, hub)
    make(store, hub, name="Other")

    assert tokens.find(store, key) == made
    assert made.scopes == ("firms:read", "results:read") and made.organisation_id == hub.id
    for wrong in ("", key[:-1], f"{key}A", key.removeprefix("rdy_"), key.swapcase(), "%", "نشانه", made.id):
        assert tokens.find(store, wrong) is None


def test_a_key_is_long_known_by_its_beginning_and_kept_nowhere(store: Store, hub: Organisation) -> None:
    _, key = make(store, hub)

    assert key.startswith("rdy_") and len(key) == 36
    assert key not in str(store.rows("SELECT * FROM tokens"))
    assert len({make(store, hub)[1] for _ in range(10)}) == 10


def test_a_token_that_has_run_out_opens_nothing_and_is_still_listed(store: Store, hub: Organisation) -> None:
    made, key = make(store, hub, timedelta(seconds=-2))

    assert tokens.find(store, key) is None
    assert tokens.listing(store, hub.id) == [made] and made.expired


def test_the_last_use_is_noted_every_ten_minutes_at_most(store: Store, hub: Organisation) -> None:
    made, key = make(store, hub)
    assert used(store, made) is None

    tokens.find(store, key)
    assert used(store, made) is not None

    for ago, noted_anew in ((timedelta(minutes=9), False), (timedelta(minutes=11), True)):
        before = (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
        with store.write() as transaction:
            transaction.run("UPDATE tokens SET used_at = :at", at=before)
        tokens.find(store, key)
        assert (used(store, made) != before) == noted_anew


def test_a_removed_token_opens_nothing(store: Store, hub: Organisation) -> None:
    made, key = make(store, hub)
    kept, _ = make(store, hub, name="Kept")

    with store.write() as transaction:
        assert tokens.remove(transaction, hub.id, made.id) == "CRM"
        assert tokens.remove(transaction, hub.id, made.id) is None

    assert tokens.find(store, key) is None
    assert tokens.listing(store, hub.id) == [kept]


def test_an_organisation_sees_and_removes_its_own_tokens_only(store: Store, hub: Organisation) -> None:
    with store.write() as transaction:
        other = organisations.add(transaction, "Other")
    made, key = make(store, hub)

    assert tokens.listing(store, other.id) == []
    with store.write() as transaction:
        assert tokens.remove(transaction, other.id, made.id) is None
    assert tokens.find(store, key) is not None


def test_tokens_go_with_their_organisation(store: Store, hub: Organisation) -> None:
    _, key = make(store, hub)

    with store.write() as transaction:
        transaction.run("DELETE FROM organisations WHERE id = :id", id=hub.id)

    assert tokens.find(store, key) is None


@pytest.mark.parametrize("name", ["'; DROP TABLE tokens; --", "سامانه\u200cها", "<script>", "%s {0} :name"])
def test_any_name_is_kept_as_it_is(store: Store, hub: Organisation, name: str) -> None:
    made, _ = make(store, hub, name=name)

    assert tokens.listing(store, hub.id)[0].name == name
    assert made.author.name == f"API: {name}" and made.author.organisation_id == hub.id

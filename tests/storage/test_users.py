"""People, their roles, their links to sign in and their sessions, on either engine."""

from datetime import timedelta

import pytest

from readiness.storage import organisations, sessions, users
from readiness.storage.engine import Store
from readiness.storage.organisations import Organisation
from readiness.storage.users import User
from tests.storage.tools import everything, together


def add(store: Store, email: str = "ada@hub.org", role: str = "administrator", place: str = "Hub") -> User:
    """Somebody with a role in the organisation of this name."""
    found = organisations.named(store, place)
    with store.write() as transaction:
        organisation = found[0] if found else organisations.add(transaction, place)
        return users.join(transaction, email, "Ada", "fa", organisation.id, role)


def hub(store: Store) -> Organisation:
    return organisations.named(store, "Hub")[0]


def link(store: Store, user: User | None, browser: str | None = None, minutes: int = 15) -> str:
    with store.write() as transaction:
        return sessions.make_link(transaction, user and user.id, timedelta(minutes=minutes), browser)


def test_an_address_is_one_person_however_it_is_typed(store: Store) -> None:
    first = add(store, "Ada@Hub.org")
    second = add(store, " ada@hub.org ", "manager", "Other")

    assert first.id == second.id and users.by_email(store, "ADA@hub.ORG") == first
    assert [(item.organisation.name, item.role) for item in users.memberships(store, first.id)] == [
        ("Hub", "administrator"),
        ("Other", "manager"),
    ]


def test_who_joins_again_gets_the_new_role_only_there(store: Store) -> None:
    user = add(store)
    add(store, role="consultant", place="Other")
    add(store, role="manager", place="Other")

    assert [item.role for item in users.memberships(store, user.id)] == ["administrator", "manager"]


def test_a_link_opens_one_session_and_then_nothing(store: Store) -> None:
    key = link(store, add(store))

    session = sessions.redeem(store, key, "any browser", "Firefox")

    assert session and sessions.redeem(store, key, "any browser", "Firefox") is None
    found = sessions.find(store, session)
    assert found and (found.user.email, found.organisation.name, found.role) == (
        "ada@hub.org",
        "Hub",
        "administrator",
    )


def test_a_link_that_a_browser_asked_for_opens_in_no_other_and_stays_good_for_it(store: Store) -> None:
    key = link(store, add(store), browser="mine")

    assert sessions.redeem(store, key, "another", "") is None
    assert sessions.redeem(store, key, "mine", "")


def test_a_link_that_has_run_out_or_belongs_to_nobody_opens_nothing(store: Store) -> None:
    assert sessions.redeem(store, link(store, add(store), minutes=-1), "", "") is None
    assert sessions.redeem(store, link(store, None), "", "") is None
    assert sessions.redeem(store, "made-up", "", "") is None


def redeem(url: str, key: str) -> bool:
    from readiness.storage.engine import open_store

    return sessions.redeem(open_store(url), key, "", "") is not None


def test_of_many_who_use_a_link_at_once_one_gets_in(database_url: str) -> None:
    from readiness.storage.engine import open_store

    store = open_store(database_url)
    key = link(store, add(store))
    store.close()

    assert sorted(together(redeem, [(database_url, key)] * 6)) == [False] * 5 + [True]


def test_neither_links_nor_sessions_can_be_read_out_of_the_database(store: Store) -> None:
    key = link(store, add(store))
    session = sessions.redeem(store, key, "the browser's secret", "") or ""
    other = link(store, add(store), browser="the browser's secret")

    kept = everything(store)
    assert key not in kept and session not in kept and other not in kept and "browser's secret" not in kept


def test_a_session_ends_when_its_time_is_over_or_it_is_idle(store: Store) -> None:
    session = sessions.redeem(store, link(store, add(store)), "", "") or ""
    for ends, seen in (("2020-01-01T00:00:00Z", "2999"), ("2999", "2020-01-01T00:00:00Z")):
        with store.write() as transaction:
            transaction.run("UPDATE sessions SET expires_at = :ends, seen_at = :seen", ends=ends, seen=seen)
        assert sessions.find(store, session) is None, (ends, seen)


def test_the_use_of_a_session_is_noted_now_and_then(store: Store) -> None:
    session = sessions.redeem(store, link(store, add(store)), "", "") or ""
    with store.write() as transaction:
        transaction.run("UPDATE sessions SET seen_at = :at", at=sessions._from_now(-timedelta(minutes=11)))

    sessions.find(store, session)

    found = sessions.find(store, session)
    assert found and found.seen_at > sessions._from_now(-timedelta(minutes=1))


@pytest.mark.parametrize("change", ["role", "leave"])
def test_a_session_ends_at_once_when_the_role_changes_or_goes(store: Store, change: str) -> None:
    add(store)
    user = add(store, "bob@hub.org", "consultant")
    session = sessions.redeem(store, link(store, user), "", "") or ""
    assert sessions.find(store, session)

    with store.write() as transaction:
        if change == "role":
            assert users.set_role(transaction, hub(store).id, user.id, "manager")
        else:
            assert users.leave(transaction, hub(store).id, user.id)

    assert sessions.find(store, session) is None


def test_who_has_no_role_left_is_forgotten(store: Store) -> None:
    add(store)
    user = add(store, "bob@hub.org", "consultant")
    add(store, "eve@other.org", "administrator", "Other")
    add(store, "bob@hub.org", "consultant", "Other")

    with store.write() as transaction:
        users.leave(transaction, hub(store).id, user.id)
    assert users.by_email(store, "bob@hub.org")

    with store.write() as transaction:
        users.leave(transaction, organisations.named(store, "Other")[0].id, user.id)
    assert users.by_email(store, "bob@hub.org") is None


@pytest.mark.parametrize("change", ["role", "leave"])
def test_the_last_administrator_stays_one(store: Store, change: str) -> None:
    user = add(store)
    add(store, "bob@hub.org", "consultant")

    with pytest.raises(users.LastAdministrator), store.write() as transaction:
        if change == "role":
            users.set_role(transaction, hub(store).id, user.id, "consultant")
        else:
            users.leave(transaction, hub(store).id, user.id)

    assert [item.role for item in users.memberships(store, user.id)] == ["administrator"]


def test_somebody_of_another_organisation_is_out_of_reach(store: Store) -> None:
    add(store)
    stranger = add(store, "eve@other.org", "administrator", "Other")

    with store.write() as transaction:
        assert not users.set_role(transaction, hub(store).id, stranger.id, "consultant")
        assert not users.leave(transaction, hub(store).id, stranger.id)


def test_moving_to_another_organisation_needs_a_role_there_and_ends_the_old_session(store: Store) -> None:
    user = add(store)
    add(store, "eve@other.org", "administrator", "Other")
    session = sessions.redeem(store, link(store, user), "", "") or ""
    found = sessions.find(store, session)
    other = organisations.named(store, "Other")[0]
    assert found and sessions.move(store, found, other.id, "") is None and sessions.find(store, session)

    add(store, role="manager", place="Other")
    moved = sessions.move(store, found, other.id, "") or ""

    there = sessions.find(store, moved)
    assert there and (there.organisation.name, there.role) == ("Other", "manager")
    assert sessions.find(store, session) is None


def test_a_user_ends_own_sessions_and_nobody_elses(store: Store) -> None:
    mine = [sessions.redeem(store, link(store, add(store)), "", f"device {at}") or "" for at in range(3)]
    theirs = sessions.redeem(store, link(store, add(store, "bob@hub.org")), "", "") or ""
    here, other = sessions.find(store, mine[0]), sessions.find(store, theirs)
    assert here and other

    sessions.end(store, here.user.id, other.key_hash)
    sessions.end_others(store, here)

    assert [item.device for item in sessions.of_user(store, here.user.id)] == ["device 0"]
    assert sessions.find(store, theirs)


def test_who_is_given_a_role_elsewhere_goes_on_there_after_signing_in_anew(store: Store) -> None:
    user = add(store, "bob@other.org", "consultant")
    printed, mailed = link(store, user), link(store, user, browser="mine")
    session = sessions.redeem(store, link(store, user), "", "") or ""
    with store.write() as transaction:
        transaction.run("UPDATE sessions SET created_at = '2026-01-01T00:00:00Z'")

    add(store, "bob@other.org", "consultant", "Other")
    (other,) = organisations.named(store, "Other")

    found = sessions.find(store, session)
    assert found and sessions.move(store, found, other.id, "") is None
    assert sessions.find(store, session) and sessions.redeem(store, printed, "", "") is None
    fresh = sessions.find(store, sessions.redeem(store, mailed, "mine", "") or "")
    assert fresh and sessions.move(store, fresh, other.id, "")


def test_nobody_grows_younger_by_going_from_place_to_place(store: Store) -> None:
    for place in ("Hub", "Other"):
        user = add(store, "bob@other.org", "consultant", place)
    session = sessions.redeem(store, link(store, user), "", "") or ""
    with store.write() as transaction:
        for table in ("sessions", "memberships"):
            transaction.run(f"UPDATE {table} SET created_at = '2026-01-01T00:00:00Z'")
    add(store, "bob@other.org", "consultant", "Third")
    places = {item.organisation.name: item.organisation.id for item in users.memberships(store, user.id)}

    for place in ("Other", "Hub"):
        found = sessions.find(store, session)
        session = (found and sessions.move(store, found, places[place], "")) or ""
    found = sessions.find(store, session)

    assert found and sessions.move(store, found, places["Third"], "") is None


def test_who_is_added_again_in_the_same_role_stays_signed_in(store: Store) -> None:
    user = add(store)
    session = sessions.redeem(store, link(store, user), "", "")
    add(store)
    assert session and sessions.find(store, session)


def test_the_last_administrator_does_not_join_in_another_role(store: Store) -> None:
    user = add(store)

    with pytest.raises(users.LastAdministrator):
        add(store, role="manager")

    assert [item.role for item in users.memberships(store, user.id)] == ["administrator"]


def demote(url: str, organisation: str, user: str) -> bool:
    from readiness.storage.engine import open_store

    try:
        with open_store(url).write() as transaction:
            return users.set_role(transaction, organisation, user, "consultant")
    except users.LastAdministrator:
        return False


def test_of_two_administrators_who_demote_each_other_one_is_left(database_url: str) -> None:
    from readiness.storage.engine import open_store

    store = open_store(database_url)
    people = [add(store, "ada@hub.org"), add(store, "eve@hub.org")]
    place = hub(store).id
    store.close()

    assert sorted(together(demote, [(database_url, place, each.id) for each in people])) == [False, True]

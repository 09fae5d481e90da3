"""What stands on an organisation's reports, on both engines."""

import pytest

from readiness.core.merge import digest
from readiness.storage import audit, organisations
from readiness.storage.engine import Store
from readiness.storage.organisations import Organisation


@pytest.fixture
def hub(store: Store) -> Organisation:
    with store.write() as transaction:
        return organisations.add(transaction, "Hub")


def seen(found: Organisation) -> dict[str, str]:
    return {name: digest(getattr(found, name)) for name in organisations.SETTINGS}


def deeds(store: Store, hub: Organisation) -> list[str]:
    return [entry.deed for entry in audit.listing(store, hub.id, 0, 9)]


def test_settings_are_merged_field_by_field(store: Store, hub: Organisation) -> None:
    was = seen(hub)
    first = organisations.save(store, hub.id, "Ada", {"name": "Hub", "contact": "Ada", "colour": ""}, was)
    second = organisations.save(
        store, hub.id, "Eve", {"name": "Hub", "contact": "", "colour": "#0d4a4b"}, was
    )
    assert not first.conflicts and not second.conflicts

    found = organisations.find(store, hub.id)
    assert found == Organisation(hub.id, "Hub", "Ada", "#0d4a4b")
    third = organisations.save(store, hub.id, "Eve", {"name": "Hub", "contact": "Eve", "colour": ""}, was)
    assert third.conflicts == {"contact": "Ada"}
    assert organisations.find(store, hub.id) == found
    assert deeds(store, hub) == ["organisation.settings"] * 2
    assert not organisations.save(store, "0" * 24, "Eve", {"name": "x"}, {}).changed


def test_a_logo_is_replaced_by_who_saw_the_present_one(store: Store, hub: Organisation) -> None:
    mark = organisations.logo_mark
    assert organisations.logo(store, hub.id) is None
    assert organisations.set_logo(store, hub.id, "Ada", b"\x89one\x00", "")
    assert organisations.logo(store, hub.id) == b"\x89one\x00"
    assert not organisations.set_logo(store, hub.id, "Eve", b"two", "")
    assert organisations.set_logo(store, hub.id, "Eve", b"\x89one\x00", ""), "both chose the same"
    assert organisations.logo(store, hub.id) == b"\x89one\x00"
    assert not organisations.set_logo(store, hub.id, "Eve", None, "else")
    assert organisations.set_logo(store, hub.id, "Eve", None, mark(b"\x89one\x00"))

    assert organisations.logo(store, hub.id) is None
    assert deeds(store, hub) == ["organisation.logo"] * 2
    assert organisations.logo(store, "0" * 24) is None

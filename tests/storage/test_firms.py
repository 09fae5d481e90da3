from collections.abc import Mapping
from typing import Any

import pytest

from readiness.core.merge import Merged, digest
from readiness.storage import firms
from readiness.storage.engine import Store
from readiness.storage.firms import FIELDS, Firm
from tests.storage.tools import found, refused


def firm(store: Store, key: str) -> Firm:
    return found(store, key).firm


def seen(firm: Firm) -> dict[str, str]:
    """The digests that a form filled with this firm carries."""
    return {name: digest(getattr(firm, name)) for name in FIELDS}


def save(store: Store, key: str, sent: Mapping[str, Any], digests: Mapping[str, str]) -> Merged:
    return firms.save(store, firm(store, key).id, sent, digests)


def test_every_field_can_be_set_changed_and_emptied_again(store: Store, key: str) -> None:
    full = {
        "name": "O'Brien & پسران 🏭",
        "sector": "biotech",
        "country": "IR",
        "founded": 1999,
        "employees": 250,
        "first_foreign_sale": 2001,
        "foreign_share": 0,
        "countries": 12,
        "regions": ["africa", "europe"],
    }
    assert set(full) == set(FIELDS)

    save(store, key, full, seen(firm(store, key)))
    assert firm(store, key).known() == full

    empty = dict.fromkeys(FIELDS) | {"name": "O", "regions": []}
    save(store, key, empty, seen(firm(store, key)))
    assert firm(store, key).known() == {"name": "O"}


def test_a_field_nobody_touched_never_overwrites(store: Store, key: str) -> None:
    stale = firm(store, key)
    save(store, key, {"employees": 13}, seen(stale))

    result = save(store, key, {"name": stale.name, "employees": 12, "country": "AM"}, seen(stale))

    assert (result.changed, result.conflicts) == ({"country": "AM"}, {})
    assert (firm(store, key).employees, firm(store, key).country) == (13, "AM")


def test_a_field_changed_on_both_sides_is_a_conflict_and_nothing_is_stored(store: Store, key: str) -> None:
    stale = firm(store, key)
    save(store, key, {"employees": 13}, seen(stale))

    result = save(store, key, {"employees": 14, "country": "AM"}, seen(stale))

    assert result.conflicts == {"employees": 13}
    assert (firm(store, key).employees, firm(store, key).country) == (13, None)


def test_the_same_change_on_both_sides_is_no_conflict(store: Store, key: str) -> None:
    stale = firm(store, key)
    save(store, key, {"employees": 13, "regions": ["europe"]}, seen(stale))

    result = save(store, key, {"employees": 13, "regions": ["europe"]}, seen(stale))

    assert (result.changed, result.conflicts) == ({}, {})


def test_an_unknown_firm_is_not_created(store: Store, key: str) -> None:
    assert firms.save(store, "nobody", {"name": "New"}, {}) == Merged({}, {})
    assert store.rows("SELECT name FROM firms") == [{"name": "آسان‌پرداز"}]


@pytest.mark.parametrize("field", ["id", "created_at", "updated_at", "score", "name = 'x', id"])
def test_a_field_that_is_no_field_of_the_form_is_never_written(store: Store, key: str, field: str) -> None:
    before = store.row("SELECT * FROM firms")

    save(store, key, {field: "forged"}, {field: digest(None)})

    after = store.row("SELECT * FROM firms")
    assert before and after
    assert after | {"updated_at": ""} == before | {"updated_at": ""}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("founded", 1799),
        ("founded", 2201),
        ("first_foreign_sale", 1799),
        ("first_foreign_sale", 2201),
        ("employees", -1),
        ("foreign_share", -1),
        ("foreign_share", 101),
        ("countries", -1),
        ("countries", 301),
        ("name", None),
    ],
)
def test_the_database_refuses_an_impossible_firm_and_keeps_the_old(
    store: Store, key: str, field: str, value: Any
) -> None:
    before = firm(store, key)

    with refused():
        save(store, key, {"country": "AM", field: value}, seen(before))

    assert firm(store, key) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("founded", 1800), ("founded", 2200), ("employees", 0), ("foreign_share", 100), ("countries", 300)],
)
def test_the_outermost_possible_values_are_kept(store: Store, key: str, field: str, value: int) -> None:
    save(store, key, {field: value}, seen(firm(store, key)))

    assert getattr(firm(store, key), field) == value

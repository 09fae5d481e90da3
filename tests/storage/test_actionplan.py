"""The plan that a firm keeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from readiness.core import model as models
from readiness.core.merge import digest
from readiness.core.model import Model
from readiness.storage import actionplan, assessments, audit, firms, organisations, portfolio
from readiness.storage.actionplan import FIELDS, Item, New
from readiness.storage.engine import Store
from readiness.storage.portfolio import Author
from tests.storage.tools import found, in_thread, refused

TODAY = datetime.now(UTC).date()
FAR, SOON, PAST = ((TODAY + timedelta(days)).isoformat() for days in (300, 3, -1))


@pytest.fixture
def firm(store: Store, key: str) -> str:
    return found(store, key).firm.id


@pytest.fixture
def author(store: Store, firm: str) -> Author:
    """Somebody of an organisation that looks after the firm."""
    with store.write() as transaction:
        hub = organisations.add(transaction, "Hub")
    somebody = Author(hub.id, "Ada")
    assert portfolio.take_over(store, somebody, firm)
    return somebody


def put(store: Store, firm: str, title: str, due: str | None = None, **others: str) -> Item:
    (item_id,) = actionplan.add(store, firm, [New(title, None, due, others)], None)
    return one(store, firm, item_id)


def one(store: Store, firm: str, item_id: str) -> Item:
    item = actionplan.find(store, firm, item_id)
    assert item is not None
    return item


def titles(store: Store, firm: str) -> list[str]:
    return [item.title for item in actionplan.listing(store, firm)]


def deeds(store: Store, author: Author) -> list[str]:
    return [entry.deed for entry in audit.listing(store, author.organisation_id, 0, 100)]


def test_every_field_is_kept_as_it_was_given(store: Store, firm: str) -> None:
    given = {"owner": "مریم", "status": "started", "note": "O'Brien\n=1+1", "evidence": "https://a.example/"}
    item = put(store, firm, "نخستین گام", FAR, **given)

    assert item.values() == given | {"title": "نخستین گام", "due": FAR}
    assert item.firm_id == firm and item.action is None and item.created_at == item.updated_at


def test_every_field_can_be_changed_and_emptied(store: Store, firm: str) -> None:
    item = put(store, firm, "A", FAR, owner="Ada", note="x", evidence="y")
    sent: dict[str, Any] = {
        "title": "B",
        "due": None,
        "status": "done",
        "owner": "",
        "note": "",
        "evidence": "",
    }
    assert set(sent) == set(FIELDS)

    merged = actionplan.change(store, firm, item.id, sent, item.seen(), None)

    assert merged is not None and set(merged.changed) == set(FIELDS)
    assert one(store, firm, item.id).values() == sent


def test_a_status_that_does_not_exist_is_refused(store: Store, firm: str) -> None:
    with refused():
        put(store, firm, "A", status="perhaps")


def test_the_plan_is_sorted_by_due_date_overdue_first_and_what_is_over_last(store: Store, firm: str) -> None:
    for title, due, status in (
        ("done", PAST, "done"),
        ("some day", None, "open"),
        ("far", FAR, "open"),
        ("late", PAST, "started"),
        ("soon", SOON, "open"),
        ("dropped", None, "dropped"),
    ):
        put(store, firm, title, due, status=status)

    assert titles(store, firm) == ["late", "soon", "far", "some day", "done", "dropped"]


@pytest.mark.parametrize(
    ("due", "status", "late"),
    [
        (PAST, "open", True),
        (PAST, "started", True),
        (PAST, "done", False),
        (PAST, "dropped", False),
        (TODAY.isoformat(), "open", False),
        (None, "open", False),
    ],
)
def test_overdue_is_what_is_neither_done_nor_dropped_after_its_day(
    store: Store, firm: str, due: str | None, status: str, late: bool
) -> None:
    item = put(store, firm, "A", due, status=status)

    assert item.overdue(TODAY.isoformat()) == late
    assert actionplan.counts(store, [firm])[firm][1] == late


def test_an_action_of_the_library_comes_into_the_plan_once(store: Store, firm: str) -> None:
    first = actionplan.add(store, firm, [New("Fair", "fair"), New("Own")], None)
    again = actionplan.add(store, firm, [New("Fair", "fair"), New("Own"), New("Circle", "circle")], None)

    assert len(first) == len(again) == 2
    assert sorted(titles(store, firm)) == ["Circle", "Fair", "Own", "Own"]


def test_all_rounds_of_a_firm_share_the_plan_and_no_other_firm_does(store: Store, firm: str) -> None:
    with store.write() as transaction:
        _, second = assessments.begin(transaction, firm, models.load(), "en", "CEO", 2)
        other = firms.add(transaction, {"name": "Other"})
    item = put(store, firm, "A")

    assert actionplan.listing(store, found(store, second).firm.id) == [item]
    assert actionplan.listing(store, other) == []
    assert actionplan.find(store, other, item.id) is None
    assert actionplan.change(store, other, item.id, {"title": "B"}, item.seen(), None) is None
    actionplan.remove(store, other, item.id, item.digest(), None)
    assert titles(store, firm) == ["A"]


def test_the_plan_goes_with_the_firm(store: Store, key: str, firm: str) -> None:
    put(store, firm, "A")

    assessments.delete(store, found(store, key).id)

    assert store.rows("SELECT * FROM plan_items") == []
    assert actionplan.add(store, firm, [New("B")], None) == []


# Two at once


def test_changes_of_two_people_to_different_fields_are_both_kept(store: Store, firm: str) -> None:
    item = put(store, firm, "A")
    both = item.values()

    actionplan.change(store, firm, item.id, both | {"owner": "Ada"}, item.seen(), None)
    merged = actionplan.change(store, firm, item.id, both | {"due": FAR}, item.seen(), None)

    assert merged is not None and not merged.conflicts
    now = one(store, firm, item.id)
    assert (now.owner, now.due) == ("Ada", FAR)


def test_of_two_changes_to_one_field_the_later_is_a_conflict_and_stores_nothing(
    store: Store, firm: str
) -> None:
    item = put(store, firm, "A")
    both = item.values()
    actionplan.change(store, firm, item.id, both | {"owner": "Ada"}, item.seen(), None)

    merged = actionplan.change(store, firm, item.id, both | {"owner": "Eve", "due": FAR}, item.seen(), None)

    assert merged is not None and merged.conflicts == {"owner": "Ada"}
    now = one(store, firm, item.id)
    assert (now.owner, now.due) == ("Ada", None)


def test_what_changed_since_it_was_seen_is_not_removed(store: Store, firm: str) -> None:
    item = put(store, firm, "A")
    actionplan.change(store, firm, item.id, {"note": "still needed"}, {"note": digest("")}, None)

    assert not actionplan.remove(store, firm, item.id, item.digest(), None)
    assert titles(store, firm) == ["A"]
    assert actionplan.remove(store, firm, item.id, one(store, firm, item.id).digest(), None)
    assert titles(store, firm) == []


def test_what_is_gone_is_gone_for_everybody(store: Store, firm: str) -> None:
    item = put(store, firm, "A")
    assert actionplan.remove(store, firm, item.id, item.digest(), None)

    assert actionplan.remove(store, firm, item.id, item.digest(), None), "the wish is fulfilled"
    assert actionplan.change(store, firm, item.id, {"title": "B"}, item.seen(), None) is None


def test_many_who_add_the_same_action_at_once_add_it_once(store: Store, firm: str) -> None:
    for _ in range(3):
        in_thread(store, actionplan.add, store, firm, [New("Fair", "fair")], None)

    assert titles(store, firm) == ["Fair"]


# Who did what


def test_deeds_of_people_who_are_signed_in_are_noted(store: Store, firm: str, author: Author) -> None:
    (item_id,) = actionplan.add(store, firm, [New("A")], author)
    item = one(store, firm, item_id)
    actionplan.change(store, firm, item_id, {"title": "B"}, item.seen(), author)
    actionplan.remove(store, firm, item_id, one(store, firm, item_id).digest(), author)

    assert sorted(deeds(store, author)) == ["firm.take_over", "plan.add", "plan.change", "plan.remove"]


def test_what_changed_nothing_is_not_noted(store: Store, firm: str, author: Author) -> None:
    actionplan.add(store, firm, [New("A", "a")], author)
    (item,) = actionplan.listing(store, firm)
    actionplan.add(store, firm, [New("A", "a")], author)
    actionplan.change(store, firm, item.id, item.values(), item.seen(), author)
    actionplan.change(store, firm, item.id, {"title": "B"}, {"title": digest("C")}, author)
    actionplan.remove(store, firm, item.id, "stale", author)

    assert sorted(deeds(store, author)) == ["firm.take_over", "plan.add"]
    assert one(store, firm, item.id).updated_at == item.updated_at


# For lists


def test_counts_tell_open_overdue_and_done_of_each_firm(store: Store, firm: str, model: Model) -> None:
    other = found(store, assessments.start(store, model, "en", {"name": "Other"}, "CEO")).firm.id
    for due, status in (
        (PAST, "open"),
        (PAST, "started"),
        (FAR, "started"),
        (None, "open"),
        (PAST, "done"),
        (None, "done"),
        (PAST, "dropped"),
    ):
        put(store, firm, "A", due, status=status)

    assert actionplan.counts(store, [firm, other, "nobody"]) == {
        firm: (4, 2, 2),
        other: (0, 0, 0),
        "nobody": (0, 0, 0),
    }
    assert actionplan.counts(store, []) == {}

"""The three-way merge: what a person did not touch never overwrites, what two changed is a conflict."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from readiness.core.merge import digest, merge

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
records = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["VL", "L", "M", None]))


def seen(record: dict[str, Any], *names: str) -> dict[str, str]:
    """The digests that a form filled with this record carries for these fields, or for all of it."""
    return {name: digest(record.get(name)) for name in names or record}


# One field


def test_a_changed_field_is_stored() -> None:
    result = merge({"1": "L"}, {"1": "H"}, seen({"1": "L"}))

    assert (result.changed, result.conflicts) == ({"1": "H"}, {})


def test_a_field_answered_for_the_first_time_is_stored() -> None:
    result = merge({}, {"1": "H"}, seen({}, "1"))

    assert (result.changed, result.conflicts) == ({"1": "H"}, {})


def test_an_answer_taken_back_is_stored() -> None:
    result = merge({"1": "H"}, {"1": None}, seen({"1": "H"}))

    assert (result.changed, result.conflicts) == ({"1": None}, {})


def test_an_untouched_field_does_not_overwrite_what_somebody_else_wrote() -> None:
    result = merge({"1": "VH"}, {"1": "L"}, seen({"1": "L"}))

    assert (result.changed, result.conflicts) == ({}, {})


def test_a_field_changed_on_both_sides_is_a_conflict_that_shows_what_is_stored() -> None:
    result = merge({"1": "VH"}, {"1": "H"}, seen({"1": "L"}))

    assert (result.changed, result.conflicts) == ({}, {"1": "VH"})


def test_a_field_that_somebody_else_took_back_is_a_conflict() -> None:
    result = merge({}, {"1": "H"}, seen({"1": "L"}))

    assert (result.changed, result.conflicts) == ({}, {"1": None})


def test_a_field_changed_alike_on_both_sides_is_neither() -> None:
    result = merge({"1": "H"}, {"1": "H"}, seen({"1": "L"}))

    assert (result.changed, result.conflicts) == ({}, {})


def test_a_field_without_a_digest_is_a_conflict_unless_it_says_the_same() -> None:
    result = merge({"1": "H", "2": "H"}, {"1": "H", "2": "L", "3": "L"}, {})

    assert (result.changed, result.conflicts) == ({}, {"2": "H", "3": None})


def test_a_field_that_was_not_sent_is_left_alone() -> None:
    result = merge({"1": "H"}, {}, seen({"1": "L"}))

    assert (result.changed, result.conflicts) == ({}, {})


def test_a_mixed_form_stores_what_it_can_and_reports_the_rest() -> None:
    at_first = {"1": "L", "2": "L", "3": "L", "4": "L"}
    by_now = {"1": "L", "2": "VH", "3": "VH", "4": "L"}

    result = merge(by_now, {"1": "H", "2": "H", "3": "L", "4": "L"}, seen(at_first))

    assert (result.changed, result.conflicts) == ({"1": "H"}, {"2": "VH"})


# Any form


@given(records, records)
def test_a_form_that_nobody_else_disturbed_is_stored_as_sent(
    stored: dict[str, Any], sent: dict[str, Any]
) -> None:
    result = merge(stored, sent, seen(stored, *"abcd"))

    assert result.conflicts == {}
    assert {**stored, **result.changed}.items() >= {
        name: value for name, value in sent.items() if value != stored.get(name)
    }.items()


@given(records, records, records)
def test_what_was_written_meanwhile_is_never_overwritten(
    at_first: dict[str, Any], by_now: dict[str, Any], sent: dict[str, Any]
) -> None:
    result = merge(by_now, sent, seen(at_first, *"abcd"))

    for name in result.changed:
        assert by_now.get(name) == at_first.get(name) != sent[name]
    for name, shown in result.conflicts.items():
        assert shown == by_now.get(name)
        assert len({repr(side.get(name)) for side in (at_first, by_now, sent)}) == 3


@given(records, records, records)
def test_sending_a_form_twice_stores_nothing_the_second_time(
    at_first: dict[str, Any], by_now: dict[str, Any], sent: dict[str, Any]
) -> None:
    first = merge(by_now, sent, seen(at_first, *"abcd"))

    assert merge({**by_now, **first.changed}, sent, seen(at_first, *"abcd")).changed == {}


# Digests


@given(values)
def test_a_digest_is_short_and_fits_a_form_field(value: Any) -> None:
    assert len(digest(value)) == 12
    assert digest(value).isalnum()
    assert digest(value) == digest(value)


def test_a_digest_tells_apart_what_differs_only_in_kind() -> None:
    alike = [None, "", "None", 1, "1", True, [], [1], {}, {"1": 1}, "null", "VL", "L", "vl"]

    assert len({digest(value) for value in alike}) == len(alike)


def test_a_digest_forgets_the_order_of_entries_and_the_kind_of_sequence() -> None:
    assert digest({"a": 1, "b": (1, 2)}) == digest({"b": [1, 2], "a": 1})
    assert digest([1, 2]) != digest([2, 1])


def test_a_persian_text_has_a_digest_of_its_own() -> None:
    assert len({digest(text) for text in ("زیاد", "کم", "كم")}) == 3

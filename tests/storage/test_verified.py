import pytest

from readiness.core.merge import digest
from readiness.storage import verified
from readiness.storage.engine import Store
from readiness.storage.verified import NOTHING, Verified
from tests.storage.advisers import author, deeds, round_of

NONE = digest(NOTHING.value())
HIGH = Verified("H", "Signed agreement with two distributors")


@pytest.mark.parametrize("word", ["VL", "L", "M", "H", "VH", "DK", "NA"])
def test_a_verified_answer_is_kept_with_its_note(store: Store, word: str) -> None:
    who = author(store)
    found = round_of(store, who)
    seen = Verified(word, "«قرارداد» دیده شد; 50 % of :name '; --")

    merged = verified.save(store, who, found, {2: seen, 3: NOTHING}, {2: NONE, 3: NONE})

    assert merged is not None and merged.changed == {"2": seen}
    assert verified.of(store, found) == {2: seen}
    assert [entry.about for entry in deeds(store, who, "verify.change")] == ["Acme"]


def test_a_verified_answer_that_is_cleared_is_gone(store: Store) -> None:
    who = author(store)
    found = round_of(store, who)
    verified.save(store, who, found, {2: HIGH}, {2: NONE})

    verified.save(store, who, found, {2: NOTHING}, {2: digest(HIGH.value())})

    assert verified.of(store, found) == {}
    assert len(deeds(store, who, "verify.change")) == 2


def test_a_verified_answer_that_another_changed_meanwhile_is_not_overwritten_but_the_rest_is_stored(
    store: Store,
) -> None:
    who = author(store)
    found = round_of(store, who)
    verified.save(store, who, found, {2: HIGH}, {2: NONE})
    low = Verified("L", "")

    merged = verified.save(store, who, found, {2: low, 47: low}, {2: NONE, 47: NONE})

    assert merged is not None
    assert merged.conflicts == {"2": HIGH} and merged.changed == {"47": low}
    assert verified.of(store, found) == {2: HIGH, 47: low}


def test_a_line_that_nobody_touched_overwrites_nothing(store: Store) -> None:
    who = author(store)
    found = round_of(store, who)
    verified.save(store, who, found, {2: HIGH}, {2: NONE})

    merged = verified.save(store, who, found, {2: NOTHING}, {2: NONE})

    assert merged is not None and not merged.conflicts and not merged.changed
    assert verified.of(store, found) == {2: HIGH}
    assert len(deeds(store, who, "verify.change")) == 1


def test_nobody_verifies_for_another_organisation_or_what_is_gone(store: Store) -> None:
    who, stranger = author(store), author(store, "Elsewhere")
    found = round_of(store, who)

    assert verified.save(store, stranger, found, {2: HIGH}, {2: NONE}) is None
    assert verified.save(store, who, "0" * 24, {2: HIGH}, {2: NONE}) is None
    assert verified.of(store, found) == {}
    assert deeds(store, stranger, "verify.change") == []

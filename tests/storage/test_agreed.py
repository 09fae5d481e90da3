from typing import Any

import pytest

from readiness.core.answers import CODE_OF
from readiness.core.merge import Merged, digest
from readiness.storage import agreed, assessments
from readiness.storage.agreed import Agreed
from readiness.storage.engine import Store
from tests.storage.tools import found, refused

BLANK = Agreed()
WHOLE = Agreed(
    CODE_OF["H"], "Two contracts «دو قرارداد» were shown.\nBoth signed.", "CFO: only one is signed"
)


def kept(store: Store, key: str) -> dict[int, Agreed]:
    return agreed.of(store, found(store, key).id)


def seen(shown: Agreed) -> dict[str, str]:
    """The digests that a form filled with this carries."""
    return {name: digest(value) for name, value in shown.fields().items()}


def save(store: Store, key: str, sent: Agreed, shown: Agreed = BLANK, number: int = 12) -> Merged:
    with store.write() as transaction:
        return agreed.save(transaction, found(store, key).id, number, sent, seen(shown))


def test_nothing_is_agreed_at_first(store: Store, key: str) -> None:
    assert kept(store, key) == {}


@pytest.mark.parametrize("word", CODE_OF)
def test_every_answer_can_be_agreed_on(store: Store, key: str, word: str) -> None:
    save(store, key, Agreed(CODE_OF[word]))

    assert kept(store, key) == {12: Agreed(CODE_OF[word])}
    assert kept(store, key)[12].settled


def test_note_and_minority_view_are_kept_beside_the_answer(store: Store, key: str) -> None:
    assert set(save(store, key, WHOLE).changed) == {"code", "note", "minority"}
    save(store, key, Agreed(CODE_OF["L"]), number=3)

    assert kept(store, key) == {3: Agreed(CODE_OF["L"]), 12: WHOLE}


def test_a_note_may_wait_for_an_agreed_answer(store: Store, key: str) -> None:
    save(store, key, Agreed(note="We look it up."))

    assert kept(store, key) == {12: Agreed(note="We look it up.")}
    assert not kept(store, key)[12].settled


def test_what_is_emptied_is_gone(store: Store, key: str) -> None:
    save(store, key, WHOLE)
    save(store, key, BLANK, WHOLE)

    assert kept(store, key) == {}
    assert store.rows("SELECT 1 FROM agreed") == []


def test_what_nobody_touched_never_overwrites(store: Store, key: str) -> None:
    save(store, key, Agreed(CODE_OF["H"]))

    result = save(store, key, Agreed(note="seen from a stale page"))

    assert set(result.changed) == {"note"} and not result.conflicts
    assert kept(store, key)[12] == Agreed(CODE_OF["H"], "seen from a stale page")


def test_two_at_once_see_each_other_and_nothing_is_stored(store: Store, key: str) -> None:
    save(store, key, Agreed(CODE_OF["H"], "first"))

    result = save(store, key, Agreed(CODE_OF["L"], "second", "third"))

    assert result.conflicts == {"code": CODE_OF["H"], "note": "first"}
    assert kept(store, key) == {12: Agreed(CODE_OF["H"], "first")}

    stored: Any = Agreed(CODE_OF["H"], "first")
    assert not save(store, key, Agreed(CODE_OF["L"], "second", "third"), stored).conflicts
    assert kept(store, key) == {12: Agreed(CODE_OF["L"], "second", "third")}


def test_agreeing_changes_no_answer_of_a_rater(store: Store, key: str) -> None:
    before = found(store, key)

    save(store, key, WHOLE)

    assert found(store, key) == before


def test_an_assessment_that_is_gone_keeps_nothing(store: Store, key: str) -> None:
    save(store, key, WHOLE)
    assessment = found(store, key).id
    assessments.delete(store, assessment)

    with store.write() as transaction:
        assert agreed.save(transaction, assessment, 12, WHOLE, seen(BLANK)) == Merged({}, {})
    assert store.rows("SELECT 1 FROM agreed") == []


def test_the_database_refuses_a_second_line_for_an_indicator(store: Store, key: str) -> None:
    save(store, key, WHOLE)

    with refused(), store.write() as transaction:
        transaction.run(
            "INSERT INTO agreed (assessment_id, indicator, code, updated_at) VALUES (:id, 12, '3', :at)",
            id=found(store, key).id,
            at="2026-11-26T00:00:00Z",
        )

import time
from contextlib import ExitStack

from readiness.core.merge import digest
from readiness.storage import comments, portfolio, rounds
from readiness.storage.engine import Store
from tests.storage.advisers import author, deeds, round_of
from tests.storage.tools import beside

NONE = digest("")
SEEN = ("networking", "assets")
ODD = "«خوب است»؛\n\n50 % of :name, {0} \u202eback\u202c 🏭 '; DROP TABLE comments; --"


def test_a_comment_is_kept_letter_by_letter_and_noted_in_the_audit_list(store: Store) -> None:
    who = author(store)
    found = round_of(store, who)

    merged = comments.save(store, who, found, {"networking": ODD, "assets": ""}, dict.fromkeys(SEEN, NONE))

    assert merged is not None and merged.changed == {"networking": ODD} and not merged.conflicts
    assert comments.of(store, found) == {"networking": ODD}
    assert [(entry.who, entry.about) for entry in deeds(store, who, "comment.change")] == [("Ada", "Acme")]


def test_an_empty_comment_is_removed(store: Store) -> None:
    who = author(store)
    found = round_of(store, who)
    comments.save(store, who, found, {"assets": "Thin"}, {"assets": NONE})

    comments.save(store, who, found, {"assets": ""}, {"assets": digest("Thin")})

    assert comments.of(store, found) == {}
    assert len(deeds(store, who, "comment.change")) == 2


def test_what_did_not_change_is_neither_stored_nor_noted(store: Store) -> None:
    who = author(store)
    found = round_of(store, who)
    comments.save(store, who, found, {"assets": "Thin"}, {"assets": NONE})

    merged = comments.save(store, who, found, {"assets": "Thin"}, {"assets": NONE})

    assert merged is not None and not merged.changed and not merged.conflicts
    assert len(deeds(store, who, "comment.change")) == 1


def test_a_comment_that_another_changed_meanwhile_is_not_overwritten_but_the_rest_is_stored(
    store: Store,
) -> None:
    who = author(store)
    found = round_of(store, who)
    comments.save(store, who, found, {"networking": "First"}, {"networking": NONE})

    merged = comments.save(
        store, who, found, {"networking": "Second", "assets": "Thin"}, dict.fromkeys(SEEN, NONE)
    )

    assert merged is not None and merged.conflicts == {"networking": "First"}
    assert comments.of(store, found) == {"networking": "First", "assets": "Thin"}


def test_of_two_who_write_at_once_the_later_is_told(store: Store) -> None:
    who = author(store)
    found = round_of(store, who)

    with ExitStack() as stack:
        with store.write() as transaction:
            rounds.hold(transaction, who, found)
            late = stack.enter_context(
                beside(store, comments.save, store, who, found, {"assets": "Late"}, {"assets": NONE})
            )
            time.sleep(0.2)  # by now it waits for the round
            transaction.run(
                "INSERT INTO comments (assessment_id, component, text, updated_at)"
                " VALUES (:id, 'assets', 'Early', '2026-01-01')",
                id=found,
            )
        merged = late()

    assert merged is not None and merged.conflicts == {"assets": "Early"}
    assert comments.of(store, found) == {"assets": "Early"}


def test_nobody_comments_for_another_organisation_or_on_what_is_gone(store: Store) -> None:
    who, stranger = author(store), author(store, "Elsewhere")
    found = round_of(store, who)

    assert comments.save(store, stranger, found, {"assets": "Ours now"}, {"assets": NONE}) is None
    assert comments.save(store, who, "0" * 24, {"assets": "Gone"}, {"assets": NONE}) is None
    assert comments.of(store, found) == {}
    assert deeds(store, stranger, "comment.change") == []


def test_comments_go_with_their_firm(store: Store) -> None:
    who = author(store)
    found = round_of(store, who)
    comments.save(store, who, found, {"assets": "Thin"}, {"assets": NONE})
    row = store.row("SELECT firm_id FROM assessments WHERE id = :id", id=found)
    assert row is not None

    portfolio.delete(store, who, row["firm_id"])

    assert comments.of(store, found) == {}

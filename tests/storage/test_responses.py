from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, export, parse
from readiness.core.merge import digest
from readiness.core.model import CURRENT, Model, load
from readiness.storage import assessments, responses
from readiness.storage.engine import Store
from readiness.storage.responses import Answer
from tests.storage.tools import counts, digests, found, shown, term

NUMBERS = load(CURRENT).numbers
PAGE = NUMBERS[:3]
#: Every example works on an assessment of its own.
REAL_DATABASE = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)
ANSWERS = some.builds(Answer, some.integers(0, 7), TEXTS, TEXTS)
ODD = [
    "شرکت «آسان‌پرداز» می‌فروشد؛ ۴۷٪",  # with zero-width non-joiners
    "🏭👩🏽‍🔬🇮🇷",
    'it\'s "quoted" `so` “and so”',
    "'; DROP TABLE responses; --",
    "50 % of :name, %s, %(id)s, {0}, $1, ?",
    "\u202eright to left\u202c \u200f\ufeff",
    "e\u0301 is not \u00e9; \ufb03; \U00010fff; \U0010ffff; \ufffe",
    "line\r\nbreak\ttab\u2028\x0b\x1f\x7f\x85",
    "\\u0000 \\ \\n </script> <!-- & &amp;",
    " spaces around ",
]


def started(store: Store) -> str:
    return assessments.start(store, load(CURRENT), "fa", {"name": "Acme"}, "Founder")


def answers(store: Store, key: str) -> dict[int, Answer]:
    return dict(found(store, key).own.answers)


def save(store: Store, key: str, sent: Mapping[int, Answer], seen: Mapping[int, str]) -> Any:
    return responses.save(store, found(store, key).own.id, load(CURRENT), sent, seen)


def test_an_answer_is_kept_with_its_note_and_its_reason(store: Store, key: str) -> None:
    sent = {1: Answer(4, note="https://example.com"), 2: Answer(NOT_APPLICABLE, reason="we make software")}

    result = save(store, key, sent, shown(store, key))

    assert result.changed == {"1": sent[1], "2": sent[2]}
    assert result.conflicts == {}
    assert answers(store, key) == dict.fromkeys(NUMBERS, Answer()) | sent


def test_a_field_nobody_touched_never_overwrites(store: Store, key: str) -> None:
    stale = shown(store, key)
    save(store, key, {1: term(4, "newer")}, stale)

    result = save(store, key, {1: Answer(), 2: term(1)}, stale)

    assert (set(result.changed), result.conflicts) == ({"2"}, {})
    assert answers(store, key)[1] == term(4, "newer")
    assert answers(store, key)[2] == term(1)


def test_a_field_changed_on_both_sides_is_a_conflict_and_keeps_the_stored(store: Store, key: str) -> None:
    stale = shown(store, key)
    save(store, key, {1: term(4, "first")}, stale)

    result = save(store, key, {1: term(0, "second")}, stale)

    assert (result.changed, result.conflicts) == ({}, {"1": term(4, "first")})
    assert answers(store, key)[1] == term(4, "first")


def test_the_same_change_on_both_sides_is_no_conflict(store: Store, key: str) -> None:
    stale = shown(store, key)
    save(store, key, {1: term(4, "same")}, stale)

    result = save(store, key, {1: term(4, "same")}, stale)

    assert (result.changed, result.conflicts) == ({}, {})
    assert answers(store, key)[1] == term(4, "same")


def test_a_note_alone_is_a_change_and_can_conflict(store: Store, key: str) -> None:
    save(store, key, {1: term(2)}, shown(store, key))
    stale = shown(store, key)
    save(store, key, {1: term(2, "their note")}, stale)

    result = save(store, key, {1: term(2, "my note")}, stale)

    assert result.conflicts == {"1": term(2, "their note")}


def test_what_does_not_conflict_on_a_page_is_stored(store: Store, key: str) -> None:
    stale = shown(store, key)
    save(store, key, {2: term(4)}, stale)

    result = save(store, key, {1: term(1), 2: term(0), 3: term(3)}, stale)

    assert (set(result.changed), set(result.conflicts)) == ({"1", "3"}, {"2"})
    assert [answers(store, key)[number] for number in (1, 2, 3)] == [term(1), term(4), term(3)]


def test_a_conflict_is_settled_by_sending_again_over_what_was_shown_of_it(store: Store, key: str) -> None:
    stale = shown(store, key)
    save(store, key, {1: term(4)}, stale)
    stored = save(store, key, {1: term(0)}, stale).conflicts["1"]

    save(store, key, {1: term(0)}, {1: digest(stored.value())})

    assert answers(store, key)[1] == term(0)


def test_an_answer_can_be_taken_back(store: Store, key: str) -> None:
    save(store, key, {1: term(4, "mistake"), 2: term(2)}, shown(store, key))

    save(store, key, {1: Answer()}, shown(store, key))

    assert answers(store, key)[1] == Answer()
    assert found(store, key).own.settled == 1


@pytest.mark.parametrize("seen", [{}, {1: ""}, {1: "forged"}], ids=["none", "empty", "forged"])
def test_a_form_without_a_true_digest_overwrites_nothing(
    store: Store, key: str, seen: dict[int, str]
) -> None:
    save(store, key, {1: term(4)}, shown(store, key))

    result = save(store, key, {1: term(0)}, seen)

    assert set(result.conflicts) == {"1"}
    assert answers(store, key)[1] == term(4)


def test_all_47_answers_of_every_code_come_back_as_they_were_sent(store: Store, key: str) -> None:
    sent = {
        number: Answer(at % 8, note=ODD[at % len(ODD)], reason=ODD[-at % len(ODD)])
        for at, number in enumerate(NUMBERS)
    }

    save(store, key, sent, shown(store, key))

    assert len(sent) == 47
    assert {answer.code for answer in sent.values()} == {*range(5), DONT_KNOW, UNANSWERED, NOT_APPLICABLE}
    assert answers(store, key) == sent


def test_what_is_stored_can_be_scored_and_exchanged(store: Store, key: str) -> None:
    sent = {1: term(3, ODD[0]), 2: Answer(NOT_APPLICABLE, "", ODD[1]), 3: Answer(DONT_KNOW)}
    save(store, key, sent, shown(store, key))

    document = export(found(store, key).answers())

    assert document["firm"] == {"name": "آسان‌پرداز", "employees": 12}
    assert document["responses"] == [
        {
            "rater": "CEO",
            "answers": {"1": "H", "2": "NA", "3": "DK"},
            "notes": {"1": ODD[0]},
            "reasons": {"2": ODD[1]},
        }
    ]
    assert export(parse(document)) == document


@REAL_DATABASE
@given(sent=some.dictionaries(some.sampled_from(NUMBERS), ANSWERS))
@example(sent={number: Answer(0, text, text) for number, text in zip(NUMBERS, ODD, strict=False)})
def test_whatever_is_answered_comes_back(store: Store, sent: dict[int, Answer]) -> None:
    key = started(store)

    save(store, key, sent, shown(store, key))

    assert answers(store, key) == dict.fromkeys(NUMBERS, Answer()) | sent


TABS = ("desk", "phone")
EDITS = some.dictionaries(
    some.sampled_from(PAGE),
    some.builds(Answer, some.sampled_from([1, 3, UNANSWERED]), some.sampled_from(["", "n"])),
)
ACTS = some.lists(
    some.tuples(some.sampled_from(TABS), some.one_of(some.none(), EDITS)), min_size=2, max_size=12
)


@REAL_DATABASE
@given(acts=ACTS)
def test_two_tabs_on_one_page_behave_like_a_sheet_of_paper_that_remembers(
    store: Store, acts: list[tuple[str, dict[int, Answer] | None]]
) -> None:
    """A tab loads the page (None), or sends all of it with some fields edited; it then shows what it sent."""
    key = started(store)
    paper = dict.fromkeys(PAGE, Answer())
    screens = {tab: dict(paper) for tab in TABS}
    for tab, edits in acts:
        screen = screens[tab]
        if edits is None:
            screen.update(paper)
            continue
        sent = screen | edits
        written = {at for at in PAGE if sent[at] not in (screen[at], paper[at]) and paper[at] == screen[at]}
        refused = {at for at in PAGE if sent[at] not in (screen[at], paper[at])} - written

        result = save(store, key, sent, digests(screen))

        assert result.changed == {str(at): sent[at] for at in written}
        assert result.conflicts == {str(at): paper[at] for at in refused}
        paper |= {at: sent[at] for at in written}
        assert answers(store, key) == dict.fromkeys(NUMBERS, Answer()) | paper
        screen.update(paper)


def test_an_unknown_response_is_not_created(store: Store, key: str, model: Model) -> None:
    with pytest.raises(responses.Closed):
        responses.save(store, "nobody", model, {1: term(1)}, shown(store, key))

    assert counts(store)["responses"] == 1


def test_a_finished_assessment_takes_no_answers_until_it_is_reopened(
    store: Store, key: str, model: Model
) -> None:
    opened = found(store, key)
    assessments.finish(store, opened.id)
    with pytest.raises(responses.Closed):
        responses.save(store, opened.own.id, model, {1: term(1)}, shown(store, key))

    assert found(store, key).own == opened.own
    assessments.reopen(store, opened.id)
    assert responses.save(store, opened.own.id, model, {1: term(1)}, shown(store, key)).changed


def test_an_indicator_the_model_does_not_have_is_refused_whole(store: Store, key: str) -> None:
    before = found(store, key)

    with pytest.raises(KeyError):
        save(store, key, {1: term(1), 999: term(1)}, shown(store, key))

    assert found(store, key) == before


def test_a_text_that_no_encoding_can_hold_leaves_the_answers_as_they_were(store: Store, key: str) -> None:
    with pytest.raises(UnicodeError):
        save(store, key, {1: term(1, "half a \ud83d pair")}, shown(store, key))

    assert answers(store, key)[1] == Answer()
    save(store, key, {1: term(1, "whole")}, shown(store, key))
    assert answers(store, key)[1] == term(1, "whole")


def test_a_rater_can_be_renamed_but_not_to_the_name_of_another(store: Store, key: str) -> None:
    own = found(store, key).own
    with store.write() as transaction:
        transaction.run(
            "INSERT INTO responses (id, assessment_id, rater, codes, created_at, updated_at)"
            " SELECT 'second', assessment_id, 'CFO', codes, '2999', '2999' FROM responses"
        )

    responses.rename_rater(store, own.id, "بنیان‌گذار")
    assert [each.rater for each in found(store, key).responses] == ["بنیان‌گذار", "CFO"]

    with pytest.raises(responses.RoleTaken):
        responses.rename_rater(store, own.id, "CFO")
    assert found(store, key).own.rater == "بنیان‌گذار"

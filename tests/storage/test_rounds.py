"""Rounds that follow one another: who may begin one, what it brings along, and two who begin at once."""

from dataclasses import replace

import pytest

from readiness.core.answers import CODE_OF, UNANSWERED
from readiness.core.merge import digest
from readiness.core.model import Model
from readiness.storage import assessments, firms, organisations, portfolio, responses, rounds
from readiness.storage.assessments import Assessment
from readiness.storage.engine import Store, open_store
from readiness.storage.keys import hash_key, new_key
from readiness.storage.portfolio import Author
from readiness.storage.responses import Answer
from readiness.storage.rounds import Begun
from tests.storage.tools import digests, found, shown, term, together

NOTED = Answer(3, "signed in May")
REASONED = Answer(CODE_OF["NA"], "", "no rivals")


def answer(store: Store, key: str, model: Model, answers: dict[int, Answer]) -> None:
    responses.save(store, found(store, key).own.id, model, answers, shown(store, key))


def finish(store: Store, key: str) -> Assessment:
    assessments.finish(store, found(store, key).id)
    return found(store, key)


def follow(
    store: Store, last: Assessment, model: Model, key: str = "", prefill: bool = True
) -> tuple[Begun | None, str]:
    key = key or new_key()
    return rounds.follow(store, last, model, "en", key, prefill, "CEO"), key


@pytest.fixture
def last(store: Store, key: str, model: Model) -> Assessment:
    """A finished first round with a few answers."""
    answer(store, key, model, {1: NOTED, 2: REASONED, 3: term(0)})
    return finish(store, key)


def test_a_round_follows_a_finished_one_under_a_key_of_its_own(
    store: Store, key: str, last: Assessment, model: Model
) -> None:
    begun, new = follow(store, last, model)

    second = found(store, new)
    assert begun == Begun(second.id, True)
    assert (second.round, second.status, second.language, second.own.rater) == (2, "open", "en", "CEO")
    assert second.firm.id == last.firm.id and second.model is model
    assert found(store, key) == last, "the old link shows the old round"
    assert store.row("SELECT key_hash FROM assessments WHERE round = 2") == {"key_hash": hash_key(new)}


def test_a_prefilled_round_has_the_answers_and_remarks_and_says_that_they_are_not_its_own(
    store: Store, last: Assessment, model: Model
) -> None:
    own = found(store, follow(store, last, model)[1]).own

    assert own.answers == last.own.answers
    assert own.taken_over == {1, 2, 3}, "what was unanswered is not taken over"


def test_a_blank_round_has_no_answers(store: Store, last: Assessment, model: Model) -> None:
    own = found(store, follow(store, last, model, prefill=False)[1]).own

    assert {item.code for item in own.answers.values()} == {UNANSWERED}
    assert own.taken_over == frozenset() and own.settled == 0


def test_only_the_holder_s_own_response_is_taken_over(store: Store, key: str, model: Model) -> None:
    answer(store, key, model, {1: term(4)})
    first = found(store, key)
    with store.write() as transaction:
        transaction.run(
            "INSERT INTO responses (id, assessment_id, rater, codes, created_at, updated_at)"
            " VALUES ('colleague', :id, 'Sales', :codes, '2999-01-01', '2999-01-01')",
            id=first.id,
            codes="0" * len(model.numbers),
        )

    second = found(store, follow(store, finish(store, key), model)[1])

    assert [item.rater for item in second.responses] == ["CEO"]
    assert second.own.answers[1] == term(4) and second.own.terms == 1


def test_what_is_saved_again_changed_or_not_is_taken_over_no_longer(
    store: Store, last: Assessment, model: Model
) -> None:
    _, new = follow(store, last, model)
    seen = shown(store, new)
    own = found(store, new).own.id

    responses.save(store, own, model, {1: NOTED}, seen)
    assert found(store, new).own.taken_over == {2, 3}
    responses.save(store, own, model, {2: REASONED, 3: term(4)}, seen, looked_at=False)
    assert found(store, new).own.taken_over == {2}, "a change is a look, a mere pass is none"

    after = found(store, new).own
    assert after.answers[3] == term(4) and after.answers[1] == NOTED and after.answers[2] == REASONED


def test_an_answer_in_conflict_counts_as_not_looked_at(store: Store, last: Assessment, model: Model) -> None:
    _, new = follow(store, last, model)

    merged = responses.save(store, found(store, new).own.id, model, {3: term(4)}, {3: digest("stale")})

    assert set(merged.conflicts) == {"3"}
    assert 3 in found(store, new).own.taken_over


def test_an_answer_to_what_another_model_asks_in_other_words_is_not_taken_over(
    store: Store, last: Assessment, model: Model
) -> None:
    worded = (replace(row, statement="Other words") if row.number == 1 else row for row in model.paper)

    _, new = follow(store, last, replace(model, paper=tuple(worded)))

    own = found(store, new).own
    assert own.answers[1] == Answer() and own.taken_over == {2, 3}


def test_an_open_round_is_not_followed(store: Store, key: str, model: Model) -> None:
    assert follow(store, found(store, key), model)[0] is None


def test_nor_is_one_that_was_reopened_or_deleted_meanwhile(
    store: Store, key: str, last: Assessment, model: Model
) -> None:
    assessments.reopen(store, last.id)
    assert follow(store, last, model)[0] is None
    assessments.delete(store, last.id)
    assert follow(store, last, model)[0] is None
    assert store.rows("SELECT id FROM assessments") == []


def test_a_second_click_leads_to_the_round_that_is_there(
    store: Store, last: Assessment, model: Model
) -> None:
    first, new = follow(store, last, model)
    assert first

    assert follow(store, last, model, new)[0] == first, "the same click comes to the same link"
    assert follow(store, last, model)[0] == Begun(first.id, False), "another one does not"
    assert store.rows("SELECT round FROM assessments ORDER BY round") == [{"round": 1}, {"round": 2}]


def test_an_old_round_is_not_followed_once_a_later_one_is_finished(
    store: Store, last: Assessment, model: Model
) -> None:
    _, second = follow(store, last, model)
    done = finish(store, second)

    assert follow(store, last, model)[0] == Begun(done.id, False)
    assert rounds.newer(store, last) == rounds.Newer(done.id, 2)
    assert rounds.newer(store, done) is None
    _, third = follow(store, done, model)
    assert found(store, third).round == 3


def begin(url: str, key: str, new: str) -> tuple[str, bool]:
    """Follow the round with one's own key; where that led."""
    from readiness.core.model import load

    store = open_store(url)
    last = assessments.find(store, key)
    assert last is not None
    begun = rounds.follow(store, last, load(), "en", new, True, "CEO")
    store.close()
    assert begun is not None
    return begun.id, begun.mine


def test_of_several_who_begin_at_once_one_begins_and_the_others_are_led_there(
    database_url: str, store: Store, key: str, last: Assessment
) -> None:
    got = together(begin, [(database_url, key, new_key()) for _ in range(6)])

    assert len({id for id, _ in got}) == 1
    assert sorted(mine for _, mine in got) == [False] * 5 + [True]
    assert len(store.rows("SELECT id FROM assessments WHERE firm_id = :firm", firm=last.firm.id)) == 2


def test_a_double_click_begins_one_round_and_both_clicks_lead_to_it(
    database_url: str, store: Store, key: str, last: Assessment
) -> None:
    new = new_key()

    got = together(begin, [(database_url, key, new)] * 4)

    assert set(got) == {(found(store, new).id, True)}


def test_the_round_before_is_the_last_finished_one(
    store: Store, key: str, last: Assessment, model: Model
) -> None:
    _, second = follow(store, last, model)

    assert rounds.previous(store, last) is None
    before = rounds.previous(store, found(store, second))
    assert before and before.answers.codes.tolist() == last.answers().codes.tolist()
    assert last.finished_at and before.finished_on == last.finished_at[:10]

    assessments.reopen(store, last.id)
    assert rounds.previous(store, found(store, second)) is None


def test_the_round_before_knows_the_firm_as_it_was_until_the_next_one_began(
    store: Store, key: str, last: Assessment, model: Model
) -> None:
    _, second = follow(store, last, model)
    answer(store, second, model, {5: term(1)})
    firms.save(store, last.firm.id, {"employees": 30}, {"employees": digest(12)})

    after = found(store, second)
    before = rounds.previous(store, after)

    assert before and before.answers.firm["employees"] == 12
    assert after.firm.employees == 30
    assert digests(after.own.answers)[5] == digest(term(1).value())


def test_finished_rounds_come_in_their_order(store: Store, key: str, last: Assessment, model: Model) -> None:
    _, second = follow(store, last, model)
    assert [item.round for item in rounds.finished(store, last.firm.id)] == [1]
    _, third = follow(store, finish(store, second), model)
    finish(store, third)

    assert [item.round for item in rounds.finished(store, last.firm.id)] == [1, 2, 3]
    assert rounds.finished(store, "nobody") == ()


def test_an_organisation_that_looks_after_the_firm_sees_who_began_the_round(
    store: Store, key: str, last: Assessment, model: Model
) -> None:
    with store.write() as transaction:
        hub = organisations.add(transaction, "Hub")
    assert portfolio.take_over(store, Author(hub.id, "Ada"), last.firm.id)

    follow(store, last, model)
    follow(store, last, model)

    noted = store.rows("SELECT who, about FROM audit WHERE deed = 'firm.again'")
    assert noted == [{"who": "CEO", "about": last.firm.name}]


def test_a_firm_is_deleted_with_every_round_and_its_organisation_hears_of_it(
    store: Store, key: str, last: Assessment, model: Model
) -> None:
    with store.write() as transaction:
        hub = organisations.add(transaction, "Hub")
    portfolio.take_over(store, Author(hub.id, "Ada"), last.firm.id)
    assert rounds.others(store, last) == 0
    _, second = follow(store, last, model)
    assert rounds.others(store, last) == rounds.others(store, found(store, second)) == 1

    rounds.delete_all(store, found(store, second))
    rounds.delete_all(store, last)

    assert store.rows("SELECT id FROM firms") == store.rows("SELECT id FROM responses") == []
    assert store.rows("SELECT who FROM audit WHERE deed = 'firm.delete'") == [{"who": "CEO"}]

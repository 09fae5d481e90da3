import pytest

from readiness.core.answers import RATERS, blank
from readiness.core.model import Model
from readiness.storage import assessments, portfolio, raters, responses
from readiness.storage.assessments import Assessment
from readiness.storage.engine import Store
from tests.storage.tools import counts, everything, found, in_thread, shown, term, together


def invite(store: Store, key: str, role: str, name: str = "") -> str:
    """The key of the link of somebody invited into an assessment."""
    assessment = found(store, key)
    with store.write() as transaction:
        return raters.invite(transaction, assessment.id, assessment.model, role, name)


def answer(store: Store, key: str, code: int = 3) -> None:
    """Answer the first indicator of whatever this link leads to."""
    own = found(store, key)
    responses.save(store, own.own.id, own.model, {1: term(code)}, shown(store, key))


def remove(store: Store, assessment: Assessment, response_id: str) -> bool:
    with store.write() as transaction:
        return raters.remove(transaction, assessment.id, response_id)


def test_an_invited_rater_has_a_blank_response_and_a_link_to_it_alone(store: Store, key: str) -> None:
    link = invite(store, key, "CFO", "Mina")

    theirs = found(store, link)
    assert theirs.by_colleague and not found(store, key).by_colleague
    assert (theirs.own.rater, theirs.own.name, theirs.own.settled) == ("CFO", "Mina", 0)
    assert theirs.own.finished_at is None
    assert found(store, key).own.rater == "CEO"
    assert found(store, key).colleagues == (theirs.own,)


def test_raters_keep_the_order_in_which_they_were_invited(store: Store, key: str) -> None:
    roles = [f"Role {at}" for at in range(12)]
    for role in roles:
        invite(store, key, role)

    assert [item.rater for item in found(store, key).responses] == ["CEO", *roles]


def test_a_colleague_and_the_first_rater_each_save_into_their_own(store: Store, key: str) -> None:
    link = invite(store, key, "CFO")

    answer(store, link, 4)
    answer(store, key, 1)

    assert [item.answers[1].code for item in found(store, key).responses] == [1, 4]


@pytest.mark.parametrize("again", ["CEO", "ceo", "CFO", "cfo "])
def test_a_role_is_there_once(store: Store, key: str, again: str) -> None:
    invite(store, key, "CFO")

    with pytest.raises(raters.RoleTaken):
        invite(store, key, again.strip())
    assert len(found(store, key).responses) == 2


def test_the_first_rater_cannot_take_the_role_of_somebody_invited(store: Store, key: str) -> None:
    invite(store, key, "CFO")
    own = found(store, key).own

    with pytest.raises(responses.RoleTaken):
        responses.rename_rater(store, own.id, "CFO")
    responses.rename_rater(store, own.id, "ceo")

    assert [item.rater for item in found(store, key).responses] == ["ceo", "CFO"]


def test_another_assessment_may_have_the_same_roles(store: Store, key: str, model: Model) -> None:
    other = assessments.start(store, model, "en", {"name": "Other"}, "CEO")

    invite(store, key, "CFO")
    invite(store, other, "CFO")

    assert len(found(store, other).responses) == 2


def test_no_more_raters_than_an_answers_file_may_hold(store: Store, key: str, model: Model) -> None:
    assessment = found(store, key)
    with store.write() as transaction:
        for at in range(RATERS - 1):
            raters.invite(transaction, assessment.id, model, f"Role {at}", "")

    with pytest.raises(raters.Full):
        invite(store, key, "One too many")
    assert len(found(store, key).responses) == RATERS


def test_only_responses_with_an_answer_count_but_for_the_first(store: Store, key: str) -> None:
    silent, spoken = invite(store, key, "CFO"), invite(store, key, "CTO")
    answer(store, spoken)

    assessment = found(store, key)
    assert [item.rater for item in assessment.answers().responses] == ["CEO", "CTO"]
    assert not assessment.several
    answer(store, key)
    assert found(store, key).several
    answer(store, silent)
    assert [item.rater for item in found(store, key).answers().responses] == ["CEO", "CFO", "CTO"]


def test_who_is_done_answers_no_more_until_that_is_taken_back(store: Store, key: str) -> None:
    link = invite(store, key, "CFO")
    answer(store, link, 4)
    own = found(store, link).own

    assert raters.declare(store, own.id, True)
    since = found(store, link).own.finished_at
    assert since and found(store, link).closed and not found(store, key).closed
    with pytest.raises(responses.Closed):
        answer(store, link, 0)
    assert raters.declare(store, own.id, True), "twice is once"
    assert found(store, link).own.finished_at == since
    assert found(store, key).unfinished == ()

    assert raters.declare(store, own.id, False)
    answer(store, link, 0)
    assert found(store, link).own.answers[1].code == 0


def test_the_first_rater_finishes_the_whole_and_declares_nothing(store: Store, key: str) -> None:
    assert not raters.declare(store, found(store, key).own.id, True)
    assert found(store, key).own.finished_at is None


def test_nothing_changes_once_the_assessment_is_finished(store: Store, key: str) -> None:
    link = invite(store, key, "CFO")
    own = found(store, link)
    assessments.finish(store, own.id)

    with pytest.raises(raters.Closed):
        invite(store, key, "CTO")
    assert not raters.declare(store, own.own.id, True)
    assert not remove(store, own, own.own.id)
    with store.write() as transaction:
        assert raters.new_link(transaction, own.id, own.own.id) is None
    assert len(found(store, key).responses) == 2


def test_a_further_link_leads_to_the_same_response_and_the_old_one_stays(store: Store, key: str) -> None:
    link = invite(store, key, "CFO")
    own = found(store, link)
    with store.write() as transaction:
        further = raters.new_link(transaction, own.id, own.own.id)

    assert further and further != link
    assert found(store, further) == found(store, link)
    assert further not in everything(store) and link not in everything(store)


def test_who_is_removed_is_gone_with_answers_and_links(store: Store, key: str) -> None:
    link = invite(store, key, "CFO", "Mina")
    answer(store, link)
    before = found(store, key)

    assert remove(store, before, before.colleagues[0].id)

    assert assessments.find(store, link) is None
    assert found(store, key).responses == before.responses[:1]
    assert store.rows("SELECT 1 FROM links") == []
    assert not remove(store, before, before.colleagues[0].id)


def test_the_first_response_is_never_removed(store: Store, key: str) -> None:
    invite(store, key, "CFO")
    assessment = found(store, key)

    assert not remove(store, assessment, assessment.responses[0].id)
    with store.write() as transaction:
        assert raters.new_link(transaction, assessment.id, assessment.responses[0].id) is None
    assert len(found(store, key).responses) == 2


def test_nobody_is_removed_through_another_assessment(store: Store, key: str, model: Model) -> None:
    link = invite(store, key, "CFO")
    other = found(store, assessments.start(store, model, "en", {"name": "Other"}, "CEO"))

    assert not remove(store, other, found(store, link).own.id)
    with store.write() as transaction:
        assert raters.new_link(transaction, other.id, found(store, link).own.id) is None
    assert found(store, link).own.rater == "CFO"


def test_deleting_the_assessment_takes_every_rater_along(store: Store, key: str) -> None:
    link = invite(store, key, "CFO")
    assessments.delete(store, found(store, key).id)

    assert assessments.find(store, link) is None
    assert set(counts(store).values()) == {0}


def test_an_organisation_loads_the_whole_and_no_single_response(store: Store, key: str) -> None:
    invite(store, key, "CFO")
    from readiness.storage import organisations

    with store.write() as transaction:
        hub = organisations.add(transaction, "Hub")
    assessment = found(store, key)
    portfolio.take_over(store, portfolio.Author(hub.id, "Ada"), assessment.firm.id)

    theirs = assessments.find_in(store, hub.id, assessment.id)
    assert theirs and not theirs.by_colleague and len(theirs.responses) == 2


def _invite_often(url: str, key: str, role: str) -> int:
    from readiness.storage.engine import open_store

    store, done = open_store(url), 0
    for _ in range(5):
        try:
            invite(store, key, role)
            done += 1
        except raters.RoleTaken:
            pass
    store.close()
    return done


def test_of_many_who_invite_the_same_role_at_once_one_does(database_url: str, store: Store, key: str) -> None:
    assert sum(together(_invite_often, [(database_url, key, "CFO")] * 4)) == 1
    assert [item.rater for item in found(store, key).responses] == ["CEO", "CFO"]


def test_what_a_removed_rater_still_sends_is_refused(store: Store, key: str) -> None:
    link = invite(store, key, "CFO")
    own = found(store, link)
    in_thread(store, remove, store, own, own.own.id)

    with pytest.raises(responses.Closed):
        responses.save(store, own.own.id, own.model, {1: term(3)}, {})
    assert blank(own.model).size == len(own.own.answers)

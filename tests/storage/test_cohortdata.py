"""The finished rounds of a cohort for an analysis."""

from readiness.core.answers import UNANSWERED, blank
from readiness.core.model import Model
from readiness.storage import assessments, cohortdata, raters, responses, rounds
from readiness.storage.engine import Store
from tests.storage.advisers import author as adviser
from tests.storage.test_cohorts import begin, finish, firm, join


def test_every_finished_round_or_the_latest_of_each_member(store: Store, model: Model) -> None:
    cohort, found = begin(store, adviser(store)), firm(store, model)
    join(store, cohort, found)
    join(store, cohort, firm(store, model, "Open"))
    finish(store, firm(store, model, "Elsewhere"), 2)
    finish(store, found, 1)
    done = assessments.load(store, found.id)
    assert done is not None
    assert rounds.follow(store, done, model, "en", "k" * 32, prefill=False, who="CEO") is not None
    again = assessments.find(store, "k" * 32)
    assert again is not None
    assert [held.round for held in cohortdata.read(store, cohort.id, model, every_round=True)] == [1]
    finish(store, again, 3)

    latest = cohortdata.read(store, cohort.id, model, every_round=False)
    every = cohortdata.read(store, cohort.id, model, every_round=True)

    assert [(held.round, held.codes.shape, int(held.codes[0, 0])) for held in latest] == [(2, (1, 47), 3)]
    assert [(held.firm_id, held.round) for held in every] == [(found.firm.id, 1), (found.firm.id, 2)]
    assert cohortdata.left_out(store, cohort.id, model) == cohortdata.LeftOut(1, 0)


def test_colleagues_count_who_answered_something(store: Store, model: Model) -> None:
    cohort, found = begin(store, adviser(store)), firm(store, model)
    join(store, cohort, found)
    with store.write() as transaction:
        for role in ("CFO", "CTO"):
            raters.invite(transaction, found.id, model, role, "")
    finish(store, found, 1)
    with store.write() as transaction:
        transaction.run(
            "UPDATE responses SET codes = :codes WHERE rater = 'CTO'", codes=responses.encode(blank(model))
        )
    kept = assessments.load(store, found.id)
    assert kept is not None

    (held,) = cohortdata.read(store, cohort.id, model, every_round=False)

    assert held.codes.tolist() == kept.answers().codes.tolist() and len(held.codes) == 2
    assert UNANSWERED not in held.codes


def test_rounds_by_another_version_are_left_out_and_counted(store: Store, model: Model) -> None:
    cohort, found = begin(store, adviser(store)), firm(store, model)
    join(store, cohort, found)
    finish(store, found)
    with store.write() as transaction:
        transaction.run("UPDATE assessments SET model = 'another' WHERE id = :id", id=found.id)

    assert cohortdata.read(store, cohort.id, model, every_round=True) == []
    assert cohortdata.left_out(store, cohort.id, model) == cohortdata.LeftOut(0, 1)

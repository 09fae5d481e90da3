"""The firms of a cohort that were assessed more than once."""

from datetime import date

from readiness.core import invented
from readiness.core.model import Model
from readiness.storage import cohorts, demonstration, standings, twice
from readiness.storage.demonstration import Words
from readiness.storage.engine import Store

WORDS = Words("Demonstration", "Demonstration", "en", ["One", "Two", "Three"], "Nobody agreed.")


def test_firms_with_two_finished_rounds_stand_in_both_in_the_same_order(store: Store, model: Model) -> None:
    made = invented.programme(model, date(2026, 6, 1))
    demonstration.add(store, model, made, WORDS)
    organisation = demonstration.find(store)
    assert organisation is not None
    (cohort,) = (one for one in cohorts.listing(store, organisation) if one.name == "Three")
    of_cohort = [firm for firm in made.firms if 2 in firm.cohorts]
    due = [firm for firm in of_cohort if len(firm.rounds) == 2 and firm.rounds[1].finished]

    before, after = twice.read(store, cohort.id, model)

    assert before.firm_ids == after.firm_ids and len(before.firm_ids) == len(due) < len(of_cohort)
    assert not set(before.assessment_ids) & set(after.assessment_ids)
    assert all(first < then for first, then in zip(before.finished_at, after.finished_at, strict=True))
    for found, which in ((before, standings.FIRST), (after, standings.LATEST)):
        whole = standings.read(store, cohort.id, model, which)
        for at, firm in enumerate(found.firm_ids):
            there = whole.firm_ids.index(firm)
            assert (found.codes[:, at] == whole.codes[:, there]).all()
            assert (at in found.several) == (there in whole.several)
            if at in found.several:
                assert (found.several[at] == whole.several[there]).all()


def test_in_a_cohort_without_firms_there_is_none(store: Store, model: Model) -> None:
    before, after = twice.read(store, "0" * 24, model)

    assert before.firm_ids == after.firm_ids == ()
    assert before.codes.shape == (len(model.numbers), 0)

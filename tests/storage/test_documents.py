"""Rounds that a program asks for, and facts that it changes, on either engine."""

import time
from contextlib import ExitStack

import numpy as np
import pytest

from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, Answers, Response, blank
from readiness.core.merge import digest
from readiness.core.model import Model, load
from readiness.storage import assessments, audit, documents, organisations, portfolio, responses
from readiness.storage.assessments import Assessment, Result
from readiness.storage.engine import Store, open_store
from readiness.storage.portfolio import Author
from readiness.storage.responses import Answer
from tests.storage.tools import beside, counts, together

RESULT = Result(62.5, 60.0, 65.0, "both")


@pytest.fixture
def ada(store: Store) -> Author:
    with store.write() as transaction:
        return Author(organisations.add(transaction, "Hub").id, "API: CRM")


@pytest.fixture
def firm(store: Store, ada: Author, model: Model) -> str:
    return portfolio.add(store, ada, model, "fa", {"name": "Alborz"}, "Founder")[0].id


def answers(model: Model, *raters: str) -> Answers:
    codes = blank(model)
    codes[:3] = 4, DONT_KNOW, NOT_APPLICABLE
    given = [
        Response(name, codes, {"1": "line\nfeed", "5": "نیم\u200cفاصله"}, {"3": "no"}) for name in raters
    ]
    return Answers(model, {}, tuple(given))


def rounds(store: Store, firm: str) -> list[tuple[int, str]]:
    return [(item.round, item.status) for item in portfolio.rounds_of(store, [firm]).get(firm, ())]


def read(store: Store, ada: Author, assessment: str | None) -> Assessment:
    found = assessments.find_in(store, ada.organisation_id, str(assessment))
    assert found is not None
    return found


def deeds(store: Store, ada: Author) -> list[str]:
    return sorted(item.deed for item in audit.listing(store, ada.organisation_id, 0, 99))


def test_answers_are_read_back_as_they_were_handed_in(
    store: Store, ada: Author, firm: str, model: Model
) -> None:
    given = answers(model, *(f"Rater {number}" for number in range(30, 10, -1)))

    found = read(store, ada, documents.keep(store, ada, firm, given, RESULT))

    kept = found.answers()
    assert [item.rater for item in kept.responses] == [item.rater for item in given.responses]
    assert np.array_equal(kept.codes, given.codes)
    assert kept.responses[0].notes == given.responses[0].notes
    assert kept.responses[0].reasons == given.responses[0].reasons
    (line,) = portfolio.rounds_of(store, [firm])[firm]
    assert found.finished and line.finished_at and (line.overall, line.route) == (62.5, "both")


def test_answers_fill_an_open_round_in_which_nobody_has_answered(
    store: Store, ada: Author, firm: str, model: Model
) -> None:
    documents.keep(store, ada, firm, answers(model, "CEO"), RESULT)
    assert rounds(store, firm) == [(1, "finished")]

    documents.keep(store, ada, firm, answers(model, "CEO"), RESULT)
    assert rounds(store, firm) == [(2, "finished"), (1, "finished")]
    assert deeds(store, ada) == ["assessment.import", "assessment.import", "firm.add"]


def test_answers_never_take_the_place_of_what_somebody_answers(
    store: Store, ada: Author, firm: str, model: Model
) -> None:
    (open_,) = portfolio.rounds_of(store, [firm])[firm]
    own = read(store, ada, open_.id).own
    seen = {1: digest(Answer().value())}
    responses.save(store, own.id, model, {1: Answer(note="only a note")}, seen)

    with pytest.raises(documents.RoundOpen):
        documents.keep(store, ada, firm, answers(model, "CEO"), RESULT)

    assert rounds(store, firm) == [(1, "open")] and deeds(store, ada) == ["firm.add"]
    assert read(store, ada, open_.id).own.answers[1].note == "only a note"


def test_a_round_is_begun_when_the_last_is_finished_and_in_its_language(
    store: Store, ada: Author, firm: str, model: Model
) -> None:
    with pytest.raises(documents.RoundOpen):
        documents.begin(store, ada, firm, model, "Founder")
    documents.keep(store, ada, firm, answers(model, "CEO"), RESULT)

    begun = read(store, ada, documents.begin(store, ada, firm, model, "Founder"))

    assert (begun.round, begun.status, begun.language, begun.own.settled) == (2, "open", "fa", 0)


def test_nothing_is_begun_or_kept_for_another_organisation(
    store: Store, ada: Author, firm: str, model: Model
) -> None:
    with store.write() as transaction:
        eve = Author(organisations.add(transaction, "Other").id, "Eve")
    before = counts(store)

    assert documents.begin(store, eve, firm, model, "Founder") is None
    assert documents.keep(store, eve, firm, answers(model, "CEO"), RESULT) is None
    assert portfolio.set_facts(store, eve, firm, {"name": "Stolen"}, "") is None

    assert counts(store) == before and deeds(store, eve) == []


def test_answers_handed_in_while_somebody_begins_to_answer_wait_and_are_refused(
    store: Store, ada: Author, firm: str, model: Model
) -> None:
    (open_,) = portfolio.rounds_of(store, [firm])[firm]
    codes = blank(model)
    codes[0] = 1
    with ExitStack() as stack:
        with store.write() as transaction:
            transaction.run("UPDATE responses SET codes = :codes", codes=responses.encode(codes))
            given = answers(model, "CEO")
            kept = stack.enter_context(beside(store, documents.keep, store, ada, firm, given, RESULT))
            time.sleep(0.2)  # by now it waits for the answer
        with pytest.raises(documents.RoundOpen):
            kept()

    assert read(store, ada, open_.id).own.answers[1].code == 1


def test_of_several_programs_one_begins_the_next_round(
    database_url: str, store: Store, ada: Author, firm: str, model: Model
) -> None:
    documents.keep(store, ada, firm, answers(model, "CEO"), RESULT)

    begun = together(begin, [(database_url, ada, firm)] * 6)

    assert sum(begun) == 1 and rounds(store, firm) == [(2, "open"), (1, "finished")]


def begin(url: str, author: Author, firm: str) -> bool:
    store = open_store(url)
    try:
        return documents.begin(store, author, firm, load(), "Founder") is not None
    except documents.RoundOpen:
        return False
    finally:
        store.close()


def test_of_several_programs_that_saw_the_same_firm_one_changes_it(
    database_url: str, store: Store, ada: Author, firm: str
) -> None:
    found = portfolio.find(store, ada.organisation_id, firm)
    assert found is not None
    seen = portfolio.version(found)

    changed = together(change, [(database_url, ada, firm, seen, number) for number in range(6)])

    assert sum(changed) == 1
    now = portfolio.find(store, ada.organisation_id, firm)
    assert now is not None and changed[now.employees or 0]
    assert deeds(store, ada) == ["firm.add", "firm.facts"]


def change(url: str, author: Author, firm: str, seen: str, number: int) -> bool:
    store = open_store(url)
    values = {"name": "Alborz", "employees": number, "regions": ()}
    try:
        return portfolio.set_facts(store, author, firm, values, seen) is not None
    except portfolio.Changed:
        return False
    finally:
        store.close()


def test_facts_that_are_what_they_were_are_no_change(store: Store, ada: Author, firm: str) -> None:
    found = portfolio.find(store, ada.organisation_id, firm)
    assert found is not None

    same = portfolio.set_facts(store, ada, firm, {"name": "Alborz"}, portfolio.version(found))

    assert same == found and deeds(store, ada) == ["firm.add"]


def test_a_renamed_firm_is_found_by_its_new_name(store: Store, ada: Author, firm: str) -> None:
    found = portfolio.find(store, ada.organisation_id, firm)
    assert found is not None

    made = portfolio.set_facts(store, ada, firm, {"name": "كيميا"}, portfolio.version(found))

    query = portfolio.Query(search="کیمیا")
    assert [line.firm for line in portfolio.listing(store, ada.organisation_id, query)] == [made]

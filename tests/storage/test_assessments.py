import hashlib
import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from readiness.core.answers import UNANSWERED
from readiness.core.model import Model
from readiness.storage import allowances, assessments, reports, responses
from readiness.storage.engine import Row, Store
from tests.storage.tools import beside, counts, everything, found, shown, term

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FIRM = {
    "name": "Zagros Robotics",
    "sector": "robotics",
    "country": "IR",
    "founded": 2012,
    "employees": 0,
    "first_foreign_sale": None,
    "foreign_share": 100,
    "countries": None,
    "regions": ["middle-east", "europe"],
}


def test_what_is_started_is_found_by_its_key_as_it_was_given(store: Store, model: Model) -> None:
    key = assessments.start(store, model, "fa", FIRM, "مدیرعامل")

    assessment = found(store, key)

    assert {name: getattr(assessment.firm, name) for name in FIRM} == FIRM | {
        "regions": ("middle-east", "europe")
    }
    assert assessment.model.version == model.version
    assert assessment.language == "fa"
    assert not assessment.finished
    assert MOMENT.fullmatch(assessment.created_at)
    assert [response.rater for response in assessment.responses] == ["مدیرعامل"]
    assert list(assessment.own.answers) == list(model.numbers)
    assert {answer.code for answer in assessment.own.answers.values()} == {UNANSWERED}


def test_a_firm_of_which_only_the_name_is_known_can_be_assessed(store: Store, model: Model) -> None:
    firm = found(store, assessments.start(store, model, "en", {"name": "Acme"}, "Founder")).firm

    assert firm.known() == {"name": "Acme"}
    assert (firm.employees, firm.founded, firm.regions) == (None, None, ())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda key: "",
        lambda key: key[:-1],
        lambda key: key + "x",
        lambda key: key.swapcase(),
        lambda key: hashlib.sha256(key.encode()).hexdigest(),
        lambda key: "%",
        lambda key: "' OR '1'='1",
        lambda key: "کلید",
    ],
    ids=["empty", "shortened", "lengthened", "other case", "its hash", "wildcard", "SQL", "Persian"],
)
def test_an_unknown_key_finds_nothing(store: Store, key: str, wrong: Callable[[str], str]) -> None:
    assert assessments.find(store, wrong(key)) is None


def test_two_firms_of_one_name_stay_apart(store: Store, model: Model) -> None:
    first, second = (assessments.start(store, model, "en", {"name": "Acme"}, "Founder") for _ in range(2))

    assert first != second
    assert found(store, first).id != found(store, second).id
    assert found(store, first).firm.id != found(store, second).firm.id


def test_the_key_is_kept_only_as_its_hash(store: Store, key: str, model: Model) -> None:
    assessment = found(store, key)
    responses.save(store, assessment.own.id, model, {1: term(3, "noted")}, shown(store, key))
    assessments.finish(store, assessment.id)
    reports.keep(store, assessment.id, "en", "print", b"%PDF")
    allowances.spend(store, "start", "somebody", 3, timedelta(hours=1))

    kept = everything(store)

    assert "noted" in kept  # the search does see what is kept
    assert hashlib.sha256(key.encode()).hexdigest() in kept
    assert key not in kept
    assert key[:12] not in kept


def test_finishing_twice_keeps_the_first_date(store: Store, key: str) -> None:
    assessment = found(store, key)
    assessments.finish(store, assessment.id)
    with store.write() as transaction:
        transaction.run("UPDATE assessments SET finished_at = '2024-05-01T10:00:00Z'")

    assessments.finish(store, assessment.id)

    assert found(store, key).finished
    assert found(store, key).finished_at == "2024-05-01T10:00:00Z"


def test_a_reopened_assessment_is_unfinished_until_it_is_finished_again(store: Store, key: str) -> None:
    assessment = found(store, key)
    assessments.finish(store, assessment.id)

    assessments.reopen(store, assessment.id)
    assert (found(store, key).finished, found(store, key).finished_at) == (False, None)

    assessments.finish(store, assessment.id)
    assert MOMENT.fullmatch(found(store, key).finished_at or "")


def test_finishing_one_assessment_leaves_the_others_open(store: Store, key: str, model: Model) -> None:
    other = assessments.start(store, model, "en", {"name": "Other"}, "Founder")

    assessments.finish(store, found(store, key).id)

    assert not found(store, other).finished


def test_deleting_removes_firm_responses_and_reports_and_nothing_else(
    store: Store, key: str, model: Model
) -> None:
    other = assessments.start(store, model, "en", {"name": "Other"}, "Founder")
    for each in (key, other):
        reports.keep(store, found(store, each).id, "en", "print", b"%PDF")
    assert counts(store) == {"firms": 2, "assessments": 2, "responses": 2, "reports": 2}

    assessments.delete(store, found(store, key).id)

    assert assessments.find(store, key) is None
    assert counts(store) == {"firms": 1, "assessments": 1, "responses": 1, "reports": 1}
    assert found(store, other).firm.name == "Other"
    assert reports.find(store, found(store, other).id, "en", "print") == b"%PDF"


def test_deleting_leaves_no_trace_of_what_was_told(store: Store, model: Model) -> None:
    key = assessments.start(store, model, "en", {"name": "Unforgettable Ltd"}, "Rater Unforgettable")
    assessment = found(store, key)
    responses.save(store, assessment.own.id, model, {1: term(2, "unforgettable note")}, shown(store, key))
    assert everything(store).lower().count("unforgettable") >= 3

    assessments.delete(store, assessment.id)

    assert "unforgettable" not in everything(store).lower()


@pytest.mark.parametrize("deed", [assessments.delete, assessments.finish, assessments.reopen])
def test_an_assessment_that_is_gone_can_be_neither_changed_nor_revived(
    store: Store, key: str, deed: Callable[[Store, str], None]
) -> None:
    gone = found(store, key).id
    assessments.delete(store, gone)

    deed(store, gone)

    assert counts(store) == {"firms": 0, "assessments": 0, "responses": 0, "reports": 0}


class Meanwhile:
    """A store in which something else happens right after the first query."""

    def __init__(self, store: Store, deed: Callable[[], None]) -> None:
        self._store, self._deed = store, deed
        self.rows, self.write, self.migrate, self.close = store.rows, store.write, store.migrate, store.close

    def row(self, sql: str, /, **values: Any) -> Row | None:
        row = self._store.row(sql, **values)
        self._deed()
        return row


def test_an_assessment_deleted_while_it_is_being_read_is_not_found(store: Store, key: str) -> None:
    assessment = found(store, key)

    assert assessments.find(Meanwhile(store, lambda: assessments.delete(store, assessment.id)), key) is None


def again(store: Store, model: Model, firm: str) -> str:
    """Id of one more assessment of a firm, with a response."""
    with store.write() as transaction:
        return assessments.begin(transaction, firm, model, "en", "CFO", round=2)[0]


def test_the_firm_stays_until_its_last_assessment_is_deleted(store: Store, key: str, model: Model) -> None:
    first = found(store, key)
    second = again(store, model, first.firm.id)

    assessments.delete(store, first.id)
    assert counts(store) == {"firms": 1, "assessments": 1, "responses": 1, "reports": 0}

    assessments.delete(store, second)
    assert counts(store) == {"firms": 0, "assessments": 0, "responses": 0, "reports": 0}


@pytest.mark.parametrize("attempt", range(4))
def test_no_firm_is_left_when_its_last_two_assessments_are_deleted_at_once(
    store: Store, key: str, model: Model, attempt: int
) -> None:
    first = found(store, key)
    both = [first.id, again(store, model, first.firm.id)]

    with ExitStack() as stack:
        with store.write() as transaction:
            transaction.run("UPDATE responses SET version = version + 1")
            deletions = [stack.enter_context(beside(store, assessments.delete, store, each)) for each in both]
            time.sleep(0.2)  # by now both wait for the responses, half done
        for wait in deletions:
            wait()

    assert counts(store) == {"firms": 0, "assessments": 0, "responses": 0, "reports": 0}

import os
import time
from contextlib import ExitStack

import pytest

from readiness.core.model import Model
from readiness.storage import assessments, reports
from readiness.storage.engine import Store
from tests.storage.tools import beside, counts, found

PDF = b"%PDF-1.7\n\x00\xff\xfe'\"%s:name" + os.urandom(300_000) + b"%%EOF"


@pytest.fixture
def assessment(store: Store, key: str) -> str:
    return found(store, key).id


def test_a_kept_report_is_found_again_byte_for_byte(store: Store, assessment: str) -> None:
    reports.keep(store, assessment, "fa", "one", PDF)

    assert reports.find(store, assessment, "fa", "one") == PDF


def test_no_report_is_found_of_other_content_language_or_assessment(
    store: Store, assessment: str, model: Model
) -> None:
    other = found(store, assessments.start(store, model, "fa", {"name": "Other"}, "Founder")).id
    reports.keep(store, assessment, "fa", "one", PDF)

    assert reports.find(store, assessment, "fa", "two") is None
    assert reports.find(store, assessment, "en", "one") is None
    assert reports.find(store, other, "fa", "one") is None


def test_a_report_of_newer_content_takes_the_place_of_the_older(store: Store, assessment: str) -> None:
    reports.keep(store, assessment, "fa", "one", b"old")
    reports.keep(store, assessment, "en", "one", b"English")

    reports.keep(store, assessment, "fa", "two", b"new")

    assert reports.find(store, assessment, "fa", "one") is None
    assert reports.find(store, assessment, "fa", "two") == b"new"
    assert reports.find(store, assessment, "en", "one") == b"English"
    assert counts(store)["reports"] == 2


def test_a_report_never_revives_a_deleted_assessment(store: Store, assessment: str) -> None:
    assessments.delete(store, assessment)

    reports.keep(store, assessment, "fa", "one", PDF)

    assert reports.find(store, assessment, "fa", "one") is None
    assert counts(store) == {"firms": 0, "assessments": 0, "responses": 0, "reports": 0}


def test_a_report_that_is_ready_while_its_assessment_is_being_deleted_is_dropped(
    store: Store, assessment: str
) -> None:
    with ExitStack() as stack:
        with store.write() as transaction:
            transaction.run("DELETE FROM assessments WHERE id = :id", id=assessment)
            kept = stack.enter_context(beside(store, reports.keep, store, assessment, "fa", "one", PDF))
            time.sleep(0.2)  # by now it waits for the end of the deletion
        kept()

    assert counts(store)["reports"] == 0

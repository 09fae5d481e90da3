"""Batches of reports: each report is taken once, and what is gone stays gone."""

from datetime import timedelta

import pytest

from readiness.core.model import Model
from readiness.storage import assessments, audit, batches, firms, organisations, portfolio
from readiness.storage.engine import Store
from readiness.storage.portfolio import Author

PDF = b"%PDF-1.7 \x00\xff"


@pytest.fixture
def author(store: Store) -> Author:
    with store.write() as transaction:
        return Author(organisations.add(transaction, "Hub").id, "Ada")


def firm(store: Store, model: Model, author: Author, name: str) -> tuple[str, str]:
    """A firm of the organisation: its id and its assessment's."""
    found, _ = portfolio.add(store, author, model, "en", {"name": name}, "CEO")
    return found.id, portfolio.rounds_of(store, [found.id])[found.id][0].id


def begun(store: Store, model: Model, author: Author, count: int = 3) -> tuple[str, list[tuple[str, str]]]:
    made = [firm(store, model, author, f"Firm {at}") for at in range(count)]
    wanted = [(assessment, f"Firm {at}") for at, (_, assessment) in enumerate(made)]
    return batches.add(store, author, "fa", True, wanted), made


def counts(store: Store, author: Author, batch: str) -> tuple[int, int, int, int]:
    found = batches.find(store, author.organisation_id, batch)
    assert found is not None
    return found.total, found.made, found.failed, found.waiting


def test_a_batch_counts_what_is_made_failed_and_waiting(store: Store, model: Model, author: Author) -> None:
    batch, made = begun(store, model, author)
    assert counts(store, author, batch) == (3, 0, 0, 3)
    assert batches.unfinished(store) == [(author.organisation_id, batch)]

    batches.keep(store, batch, made[0][1], "print", PDF)
    batches.fail(store, batch, made[1][1], "reopened")

    assert counts(store, author, batch) == (3, 1, 1, 1)
    assert batches.pdf(store, batch, made[0][1]) == PDF
    assert batches.pdf(store, batch, made[1][1]) is None
    shown = {item.firm: (item.status, item.problem) for item in batches.items(store, batch)}
    assert shown == {"Firm 0": ("made", ""), "Firm 1": ("failed", "reopened"), "Firm 2": ("waiting", "")}
    (listed,) = batches.listing(store, author.organisation_id)
    assert (listed.language, listed.draft, listed.made_by, listed.done) == ("fa", True, "Ada", 2)
    deeds = [entry.deed for entry in audit.listing(store, author.organisation_id, 0, 9)]
    assert deeds.count("batch.add") == 1


def test_each_report_is_taken_once_until_it_is_given_back(
    store: Store, model: Model, author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, made = begun(store, model, author, 2)
    first, second = batches.take(store, batch), batches.take(store, batch)
    assert first and second and {first.assessment_id, second.assessment_id} == {item[1] for item in made}
    assert batches.take(store, batch) is None
    assert {item.problem for item in batches.items(store, batch)} == {""}, (
        "who works on it is nobody's business"
    )

    batches.release(store, batch, first.assessment_id)
    assert batches.take(store, batch) == first
    batches.release(store, batch)
    assert batches.take(store, batch) is not None

    monkeypatch.setattr(batches, "LEASE", timedelta(seconds=-1))
    batches.release(store, batch)
    assert batches.take(store, batch) == batches.take(store, batch), "whoever took it is gone"


def test_what_failed_is_tried_again_and_what_was_made_stays(
    store: Store, model: Model, author: Author
) -> None:
    batch, made = begun(store, model, author)
    batches.keep(store, batch, made[0][1], "print", PDF)
    batches.fail(store, batch, made[0][1], "unprinted")
    batches.fail(store, batch, made[1][1], "unprinted")
    assert batches.take(store, batch) is not None
    batches.retry(store, batch)

    assert counts(store, author, batch) == (3, 1, 0, 2)
    assert batches.take(store, batch) and batches.take(store, batch)


def test_only_firms_of_the_organisation_get_in_and_stay_in(
    store: Store, model: Model, author: Author
) -> None:
    with store.write() as transaction:
        other = Author(organisations.add(transaction, "Elsewhere").id, "Eve")
    batch, made = begun(store, model, author)
    stolen = batches.add(store, other, "en", False, [(made[0][1], "Firm 0")])
    assert counts(store, other, stolen) == (0, 0, 0, 0)
    assert batches.find(store, other.organisation_id, batch) is None

    for _, assessment in made:
        batches.keep(store, batch, assessment, "print", PDF)
    left = portfolio.find(store, author.organisation_id, made[0][0])
    assert left is not None
    portfolio.let_go(store, left, "holder")
    assert [item.firm for item in batches.items(store, batch)] == ["Firm 1", "Firm 2"]


def test_a_deleted_assessment_takes_its_report_along(store: Store, model: Model, author: Author) -> None:
    batch, made = begun(store, model, author)
    batches.keep(store, batch, made[0][1], "print", PDF)
    assessments.delete(store, made[0][1])
    batches.keep(store, batch, made[0][1], "print", PDF)

    assert counts(store, author, batch) == (2, 0, 0, 2)
    assert batches.pdf(store, batch, made[0][1]) is None


def test_a_batch_is_removed_by_its_organisation_alone(store: Store, model: Model, author: Author) -> None:
    batch, made = begun(store, model, author)
    batches.keep(store, batch, made[0][1], "print", PDF)
    batches.remove(store, Author("0" * 24, "Eve"), batch)
    assert batches.find(store, author.organisation_id, batch) is not None

    batches.remove(store, author, batch)
    assert batches.find(store, author.organisation_id, batch) is None
    assert batches.pdf(store, batch, made[0][1]) is None
    assert batches.take(store, batch) is None
    assert firms.FIELDS and assessments.find_in(store, author.organisation_id, made[0][1]) is not None

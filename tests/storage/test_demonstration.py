"""The demonstration: put in once and whole, marked, and taken away with everything in it."""

from datetime import date

import pytest

from readiness.core import invented
from readiness.core.model import Model
from readiness.storage import assessments, cohorts, demonstration, portfolio, standings, users
from readiness.storage.audit import Author
from readiness.storage.demonstration import AlreadyThere, Words
from readiness.storage.engine import Store
from tests.storage.advisers import author as adviser

WORDS = Words("Demonstration", "Demonstration", "en", ["One", "Two", "Three"], "Nobody agreed.")
TABLES = (
    *("organisations", "users", "memberships", "cohorts", "cohort_members", "invitations"),
    *("firms", "assessments", "responses", "audit", "sign_in_links", "introductions"),
)


def add(store: Store, model: Model) -> str:
    demonstration.add(store, model, invented.programme(model, date(2026, 6, 1)), WORDS)
    organisation = demonstration.find(store)
    assert organisation is not None
    return organisation


def count(store: Store) -> dict[str, int]:
    found = {table: store.row(f"SELECT count(*) AS n FROM {table}") for table in TABLES}
    return {table: int(row["n"]) for table, row in found.items() if row is not None}


def test_its_cohorts_are_marked_closed_and_filled(store: Store, model: Model) -> None:
    found = sorted(cohorts.listing(store, add(store, model)), key=lambda cohort: str(cohort.starts))

    assert [cohort.name for cohort in found] == ["One", "Two", "Three"]
    assert all(cohort.invented and not cohort.joinable for cohort in found)
    for cohort, most in zip(found, (90, 100, 70), strict=True):
        far = cohorts.completion(store, cohort.id)
        assert far.invited > far.joined > far.started > far.finished > most / 2
        assert far.joined >= most - 10


def test_its_rounds_are_those_of_real_firms(store: Store, model: Model) -> None:
    cohort = cohorts.listing(store, add(store, model))[-1]
    first, latest = (standings.read(store, cohort.id, model, which) for which in ("first", "latest"))
    both = [at for at, place in enumerate(first.assessment_ids) if latest.assessment_ids[at] != place]

    assert first.firm_ids == latest.firm_ids and len(both) > len(first.firm_ids) / 2
    assert any(len(codes) > 1 for codes in first.several.values())
    assert all(latest.finished_at[at][:4] > first.finished_at[at][:4] for at in both)
    one = assessments.load(store, latest.assessment_ids[both[0]])
    assert one is not None and one.finished and one.round == 2 and one.has_terms
    assert one.firm.organisation_id == cohort.organisation_id


def test_it_is_not_made_twice(store: Store, model: Model) -> None:
    add(store, model)
    before = count(store)

    with pytest.raises(AlreadyThere):
        add(store, model)

    assert count(store) == before


def test_somebody_elses_address_is_not_taken(store: Store, model: Model) -> None:
    other = adviser(store, "Elsewhere")
    with store.write() as transaction:
        users.join(transaction, demonstration.EMAIL, "Ada", "en", other.organisation_id, users.CONSULTANT)

    with pytest.raises(AlreadyThere):
        demonstration.add(store, model, invented.programme(model, date(2026, 6, 1)), WORDS)
    assert demonstration.find(store) is None


def test_it_goes_whole_and_nothing_else_goes(store: Store, model: Model) -> None:
    other = adviser(store, "Elsewhere")
    real = assessments.find(store, assessments.start(store, model, "en", {"name": "Acme"}, "CEO"))
    assert real is not None
    before = count(store)
    organisation = add(store, model)
    own, _ = portfolio.add(store, Author(organisation, "Ada"), model, "en", {"name": "Played with"}, "CEO")
    with store.write() as transaction:
        cohort = cohorts.listing(transaction, organisation)[0]
        cohorts.join(transaction, cohort, real.firm.id, "CEO")
        here = cohorts.add(transaction, other, {"name": "Real", "consent": "Yes."})
        place = cohorts.find(transaction, other.organisation_id, here)
        assert place is not None
        cohorts.join(transaction, place, own.id, "CEO")

    assert demonstration.remove(store) == 241
    assert demonstration.remove(store) is None
    assert count(store) == before | {"cohorts": 1, "audit": before["audit"] + 1}
    assert assessments.load(store, real.id) is not None
    left = cohorts.find(store, other.organisation_id, here)
    assert left is not None and left.version > place.version + 1

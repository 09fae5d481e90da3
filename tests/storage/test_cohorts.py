"""Cohorts: who is in them, what each firm agreed to, and how far they have come."""

import pytest

from readiness.core.merge import digest
from readiness.core.model import Model
from readiness.storage import assessments, audit, cohorts, firms, portfolio, responses, rounds, standings
from readiness.storage.assessments import Assessment, Result
from readiness.storage.audit import Author
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Store
from readiness.storage.standings import Filter
from tests.storage.advisers import author as adviser

CONSENT = {"name": "Spring", "consent": "You see our results."}


@pytest.fixture
def author(store: Store) -> Author:
    return adviser(store)


def begin(store: Store, author: Author, **fields: str) -> Cohort:
    with store.write() as transaction:
        cohort_id = cohorts.add(transaction, author, CONSENT | fields)
    found = cohorts.find(store, author.organisation_id, cohort_id)
    assert found is not None
    return found


def firm(store: Store, model: Model, name: str = "Acme", **facts: object) -> Assessment:
    """A firm that nobody looks after, with a first round."""
    found = assessments.find(store, assessments.start(store, model, "en", {"name": name, **facts}, "CEO"))
    assert found is not None
    return found


def join(store: Store, cohort: Cohort, found: Assessment) -> None:
    with store.write() as transaction:
        cohorts.join(transaction, cohort, found.firm.id, "CEO")


def finish(store: Store, found: Assessment, code: int = 3) -> None:
    with store.write() as transaction:
        transaction.run(
            "UPDATE responses SET codes = :codes, version = version + 1 WHERE assessment_id = :id",
            codes=responses.encode([code] * len(found.model.numbers)),
            id=found.id,
        )
    assessments.finish(store, found.id)
    assessments.keep_result(store, found.id, Result(60.0, 55.0, 65.0, "both"))


def version(store: Store, cohort: Cohort) -> int:
    found = cohorts.find(store, cohort.organisation_id, cohort.id)
    assert found is not None
    return found.version


def test_a_cohort_is_its_organisations_and_noted(store: Store, author: Author) -> None:
    cohort, other = begin(store, author), adviser(store, "Elsewhere")

    assert cohorts.listing(store, author.organisation_id) == [cohort]
    assert cohorts.listing(store, other.organisation_id) == []
    assert cohorts.find(store, other.organisation_id, cohort.id) is None
    cohorts.delete(store, other, cohort.id)
    assert not cohorts.set_joining(store, other, cohort.id, False)
    assert cohorts.save(store, other, cohort.id, {"name": "Taken"}, {"name": digest("Spring")}) is None
    assert cohorts.find(store, author.organisation_id, cohort.id) == cohort
    assert [entry.deed for entry in audit.listing(store, author.organisation_id, 0, 9)] == ["cohort.add"]


def test_two_who_change_a_cohort_at_once_lose_nothing(store: Store, author: Author) -> None:
    cohort = begin(store, author)
    seen = {name: digest(getattr(cohort, name)) for name in cohorts.FIELDS}
    values = {name: getattr(cohort, name) for name in cohorts.FIELDS}

    one = cohorts.save(store, author, cohort.id, values | {"starts": "2026-03-01"}, seen)
    two = cohorts.save(store, author, cohort.id, values | {"name": "Spring 2026"}, seen)
    late = cohorts.save(store, author, cohort.id, values | {"name": "Autumn"}, seen)

    assert one is not None and two is not None and late is not None
    assert not one.conflicts and not two.conflicts and dict(late.conflicts) == {"name": "Spring 2026"}
    now = cohorts.find(store, author.organisation_id, cohort.id)
    assert now is not None and (now.name, now.starts) == ("Spring 2026", "2026-03-01")


def test_a_closed_or_renewed_code_leads_nowhere(store: Store, author: Author) -> None:
    cohort = begin(store, author)
    found = cohorts.by_code(store, cohort.code)
    assert found is not None and (found[0].id, found[1]) == (cohort.id, "Hub")

    assert cohorts.set_joining(store, author, cohort.id, False)
    assert cohorts.by_code(store, cohort.code) is None
    assert cohorts.set_joining(store, author, cohort.id, True, renew=True)
    assert cohorts.by_code(store, cohort.code) is None
    (now,) = cohorts.listing(store, author.organisation_id)
    assert now.code != cohort.code and cohorts.by_code(store, now.code) is not None


def test_a_firm_keeps_what_it_agreed_to_and_joins_once(store: Store, model: Model, author: Author) -> None:
    cohort, found = begin(store, author), firm(store, model)
    join(store, cohort, found)
    values = {name: getattr(cohort, name) for name in cohorts.FIELDS}
    seen = {name: digest(value) for name, value in values.items()}
    cohorts.save(store, author, cohort.id, values | {"consent": "You may sell them."}, seen)
    (now,) = cohorts.listing(store, author.organisation_id)
    with store.write() as transaction:
        assert not cohorts.join(transaction, now, found.firm.id, "Somebody else")

    (membership,) = cohorts.of_firm(store, found.firm.id)

    assert (membership.consent, membership.agreed_by) == ("You see our results.", "CEO")
    assert membership.organisation == "Hub" and not membership.partner


def test_a_firm_leaves_one_cohort_and_stays_in_others(store: Store, model: Model, author: Author) -> None:
    one, two, found = begin(store, author), begin(store, author, name="Autumn"), firm(store, model)
    join(store, one, found)
    join(store, two, found)

    with store.write() as transaction:
        assert cohorts.leave(transaction, one.id, found.firm.id)
        assert not cohorts.leave(transaction, one.id, found.firm.id)

    assert [membership.cohort.id for membership in cohorts.of_firm(store, found.firm.id)] == [two.id]


def test_completion_counts_joined_started_and_finished(store: Store, model: Model, author: Author) -> None:
    cohort = begin(store, author)
    members = [firm(store, model, f"Firm {at}") for at in range(4)]
    for found in members:
        join(store, cohort, found)
    with store.write() as transaction:
        transaction.run("UPDATE responses SET version = 1 WHERE assessment_id = :id", id=members[0].id)
    finish(store, members[1])
    finish(store, members[2])

    found = cohorts.completion(store, cohort.id)

    assert (found.invited, found.joined, found.started, found.finished) == (0, 4, 3, 2)


def test_whatever_changes_a_member_changes_the_cohorts_version(
    store: Store, model: Model, author: Author
) -> None:
    cohort, found = begin(store, author), firm(store, model)
    join(store, cohort, found)
    seen = [version(store, cohort)]

    def step() -> bool:
        seen.append(version(store, cohort))
        return seen[-1] > seen[-2]

    finish(store, found)
    assert step()
    assessments.reopen(store, found.id)
    assert step()
    facts = {name: getattr(found.firm, name) for name in firms.FIELDS}
    digests = {name: digest(value) for name, value in facts.items()}
    firms.save(store, found.firm.id, facts | {"sector": "software"}, digests)
    assert step()
    rounds.delete_all(store, found)
    assert step()
    other = firm(store, model, "Other")
    join(store, cohort, other)
    assert step()
    portfolio.take_over(store, author, other.firm.id)
    portfolio.delete(store, author, other.firm.id)
    assert step()


def test_care_that_ends_ends_the_memberships_too(store: Store, model: Model, author: Author) -> None:
    cohort, found = begin(store, author), firm(store, model)
    elsewhere = begin(store, adviser(store, "Elsewhere"))
    portfolio.take_over(store, author, found.firm.id)
    join(store, cohort, found)
    join(store, elsewhere, found)
    cared = portfolio.find(store, author.organisation_id, found.firm.id)
    assert cared is not None

    portfolio.let_go(store, cared, "CEO")

    assert [membership.cohort.id for membership in cohorts.of_firm(store, found.firm.id)] == [elsewhere.id]


def test_standings_are_of_finished_rounds_and_filtered(store: Store, model: Model, author: Author) -> None:
    cohort = begin(store, author)
    small = firm(store, model, "Small", sector="software", employees=5, founded=2020)
    large = firm(store, model, "Large", sector="software", employees=50, founded=2000)
    other = firm(store, model, "Open", sector="software")
    for found in (small, large, other):
        join(store, cohort, found)
    finish(store, small, 1)
    finish(store, large, 4)

    found = standings.read(store, cohort.id, model)
    assert dict(zip(found.firm_ids, found.codes[0].tolist(), strict=True)) == {
        small.firm.id: 1,
        large.firm.id: 4,
    }
    assert found.codes.shape == (47, 2) and found.raters.tolist() == [1, 1] and found.routes == ("both",) * 2

    for wanted, names in (
        (Filter(sector="software"), {small.firm.id, large.firm.id}),
        (Filter(sector="energy"), set()),
        (Filter(employees_from=10), {large.firm.id}),
        (Filter(employees_to=10), {small.firm.id}),
        (Filter(founded_from=2010, founded_to=2020), {small.firm.id}),
    ):
        assert set(standings.read(store, cohort.id, model, wanted=wanted).firm_ids) == names
    assert set(standings.all_facts(store, cohort.id)) == {small.firm.id, large.firm.id, other.firm.id}
    assert standings.facts(store, found.firm_ids)[large.firm.id].employees == 50
    assert standings.read(store, begin(store, author).id, model).codes.shape == (47, 0)


def test_standings_take_the_first_or_the_latest_round(store: Store, model: Model, author: Author) -> None:
    cohort = begin(store, author)
    key = assessments.start(store, model, "en", {"name": "Acme"}, "CEO")
    found = assessments.find(store, key)
    assert found is not None
    join(store, cohort, found)
    finish(store, found, 1)
    done = assessments.find(store, key)
    assert done is not None
    assert rounds.follow(store, done, model, "en", "k" * 32, prefill=False, who="CEO") is not None
    again = assessments.find(store, "k" * 32)
    assert again is not None
    assert standings.read(store, cohort.id, model).codes[0].tolist() == [1], "the open round does not count"
    finish(store, again, 3)

    assert standings.read(store, cohort.id, model).codes[0].tolist() == [3]
    assert standings.read(store, cohort.id, model, which=standings.FIRST).codes[0].tolist() == [1]

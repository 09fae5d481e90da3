"""What is read of a whole cohort at once, against its firms one by one."""

import numpy as np
import pytest

from readiness.core import pattern
from readiness.core.model import Model
from readiness.storage import assessments, cohorts, postgres, responses, sqlite, standings
from readiness.storage.assessments import Assessment
from readiness.storage.audit import Author
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import StorageError, Store
from readiness.storage.standings import Filter
from tests.storage.advisers import author as adviser
from tests.storage.test_cohorts import begin, finish, firm, join


@pytest.fixture(params=[1, 2, 3, 2_000])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Firms whose rows fall on either side of where one block ends and the next begins."""
    for engine in (sqlite, postgres):
        monkeypatch.setattr(engine, "BLOCK", request.param)
    return int(request.param)


@pytest.fixture
def author(store: Store) -> Author:
    return adviser(store)


@pytest.fixture
def cohort(store: Store, author: Author) -> Cohort:
    return begin(store, author)


def rated(store: Store, model: Model, found: Assessment, *raters: tuple[str, list[int]]) -> None:
    """Colleagues' responses, given by when they began and what they answered."""
    with store.write() as transaction:
        for nth, (began, codes) in enumerate(raters):
            transaction.run(
                "INSERT INTO responses (id, assessment_id, rater, codes, created_at, updated_at)"
                " VALUES (:id, :assessment, :rater, :codes, :at, :at)",
                id=f"{found.id[:20]}{nth:04}",
                assessment=found.id,
                rater=f"R{nth}",
                codes=responses.encode(codes),
                at=began,
            )


def fill(store: Store, model: Model, cohort: Cohort) -> list[Assessment]:
    """Firms with one rater and with several, of whom some said nothing; all finished."""
    luck, count = np.random.default_rng(3), len(model.numbers)
    blank = [7] * count
    made = []
    for at in range(9):
        found = firm(store, model, f"F{at}", founded=2000 + at)
        join(store, cohort, found)
        finish(store, found, at % 5)
        others = [(f"{2990 - nth}", luck.integers(0, 5, count).tolist()) for nth in range(at % 4)]
        if at % 3 == 1:
            others.append(("2970", blank))
        rated(store, model, found, *others)
        made.append(found)
    return made


def test_codes_and_raters_are_those_of_each_firm(
    store: Store, model: Model, cohort: Cohort, block: int
) -> None:
    made = {item.firm.id: item.id for item in fill(store, model, cohort)}

    found = standings.read(store, cohort.id, model)

    assert found.firm_ids == tuple(sorted(made)) and found.known == {}, block
    assert found.assessment_ids == tuple(made[firm_id] for firm_id in found.firm_ids)
    for place, assessment_id in enumerate(found.assessment_ids):
        one = assessments.load(store, assessment_id)
        assert one is not None
        codes = [item.for_scoring(model).codes.tolist() for item in one.counted]
        assert found.codes[:, place].tolist() == codes[0]
        assert found.several.get(place, found.codes[:, [place]].T).tolist() == codes
        assert found.raters[place] == len(codes) and found.finished_at[place] == one.finished_at


def test_facts_stand_beside_in_the_same_order(store: Store, model: Model, cohort: Cohort, block: int) -> None:
    fill(store, model, cohort)

    found = standings.read(store, cohort.id, model, facts=pattern.FIELDS, wanted=Filter(founded_from=2003))

    known = standings.facts(store, found.firm_ids)
    assert found.known["founded"] == tuple(known[firm_id].founded for firm_id in found.firm_ids)
    assert set(found.known["founded"]) == set(range(2003, 2009)), block
    assert found.known["regions"] == ("[]",) * 6 and found.known["foreign_share"] == (None,) * 6
    nobody = standings.read(store, cohort.id, model, facts=pattern.FIELDS, wanted=Filter(sector="energy"))
    assert nobody.known == dict.fromkeys(pattern.FIELDS, ()) and nobody.codes.shape == (47, 0)


def test_blocks_bring_every_row_once_in_order(store: Store, model: Model, cohort: Cohort, block: int) -> None:
    fill(store, model, cohort)

    found = list(store.blocks("SELECT name, founded FROM firms ORDER BY name"))

    assert [row for rows in found for row in rows] == [(f"F{at}", 2000 + at) for at in range(9)]
    assert {len(rows) for rows in found[:-1]} <= {block}
    assert list(store.blocks("SELECT name FROM firms WHERE name = :name", name="nobody")) == []
    with store.write() as transaction:
        transaction.run("DELETE FROM cohort_members")
        (rows,) = [row for rows in transaction.blocks("SELECT count(*) FROM cohort_members") for row in rows]
    assert rows == (0,)


def test_what_begins_to_read_blocks_can_stop(store: Store, model: Model, cohort: Cohort, block: int) -> None:
    fill(store, model, cohort)

    first = next(iter(store.blocks("SELECT name FROM firms ORDER BY name")))

    assert first[0] == ("F0",) and len(first) == min(block, 9)
    cohorts.delete(store, Author(cohort.organisation_id, "Ada"), cohort.id)
    assert store.row("SELECT count(*) AS found FROM cohorts") == {"found": 0}


def test_a_statement_that_fails_in_blocks_is_not_swallowed(store: Store) -> None:
    with pytest.raises(Exception, match="nowhere") as error:
        list(store.blocks("SELECT name FROM nowhere"))
    assert isinstance(error.value, StorageError) or "nowhere" in str(error.value)


def test_names_are_told_of_members_only_and_in_their_order(
    store: Store, model: Model, cohort: Cohort
) -> None:
    beta, alpha = firm(store, model, "Beta"), firm(store, model, "álpha")
    outside = firm(store, model, "Outside")
    for found in (beta, alpha):
        join(store, cohort, found)
    ids = [found.firm.id for found in (beta, alpha, outside)]

    assert standings.by_name(store, cohort.id) == (alpha.firm.id, beta.firm.id)
    assert standings.names(store, cohort.id, ids) == {ids[0]: ("Beta", None), ids[1]: ("álpha", None)}


def test_who_was_assessed_by_another_model_only_is_counted(
    store: Store, model: Model, cohort: Cohort
) -> None:
    made = fill(store, model, cohort)
    with store.write() as transaction:
        for found in made[:2]:
            transaction.run("UPDATE assessments SET model = 'earlier' WHERE id = :id", id=found.id)

    assert standings.of_other_models(store, cohort.id, model) == 2
    assert standings.of_other_models(store, cohort.id, model, Filter(founded_from=2001)) == 1
    assert len(standings.read(store, cohort.id, model).firm_ids) == 7
    completion = cohorts.completion(store, cohort.id)
    assert completion == cohorts.completion(store, cohort.id, finished=9) == cohorts.Completion(0, 9, 9, 9)
    assert cohorts.completion(store, cohort.id, finished=7) == completion

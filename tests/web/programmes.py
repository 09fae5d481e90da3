"""Firms with finished rounds in a cohort, for the tests of what is worked out of them."""

import numpy as np

from readiness.core import model as models
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, Codes
from readiness.storage import assessments, cohorts, firms, responses
from readiness.storage.assessments import Result
from tests.web.cohorts import cohort_id
from tests.web.pages import Person

MODEL = models.load()


def blend(level: int, gaps: int = 0, seed: int = 0) -> Codes:
    """Answers around a term, with some that are not known or do not apply."""
    draw = np.random.default_rng([level, gaps, seed])
    codes = np.clip(level % 5 + draw.integers(-1, 2, len(MODEL.numbers)), 0, 4).astype(np.uint8)
    codes[draw.permutation(len(codes))[:gaps]] = DONT_KNOW if gaps % 2 else NOT_APPLICABLE
    return codes


def add_round(
    person: Person,
    path: str,
    name: str,
    raters: list[Codes],
    *,
    firm_id: str = "",
    number: int = 1,
    finished: bool = True,
    version: str = "",
    others: tuple[str, ...] = (),
    **facts: object,
) -> str:
    """A round of a firm of these cohorts, by its raters' answers; the firm's id."""
    store = person.app.extensions["store"]
    person.typed |= {name} - {""}
    with store.write() as transaction:
        firm = firm_id or firms.add(transaction, {"name": name, **facts})
        held, _ = assessments.begin(transaction, firm, MODEL, "en", "CEO", number)
        for at, codes in enumerate(raters):
            if at:
                transaction.run(
                    "INSERT INTO responses (id, assessment_id, rater, codes, created_at, updated_at)"
                    " VALUES (:id, :held, :rater, :codes, '2999', '2999')",
                    id=f"{held[:20]}{at:04}",
                    held=held,
                    rater=f"Rater {at}",
                    codes=responses.encode(codes),
                )
            else:
                transaction.run(
                    "UPDATE responses SET codes = :codes, version = 1 WHERE assessment_id = :held",
                    codes=responses.encode(codes),
                    held=held,
                )
        for one in () if firm_id else (path, *others):
            row = transaction.row("SELECT * FROM cohorts WHERE id = :id", id=cohort_id(one))
            assert row is not None
            cohorts.join(transaction, cohorts.from_row(row), firm, "CEO")
    if finished:
        assessments.finish(store, held)
        assessments.keep_result(store, held, Result(None, None, None, None))
    if version:
        with store.write() as transaction:
            transaction.run(
                "UPDATE assessments SET model = :version WHERE id = :held", version=version, held=held
            )
    return firm


def add_rounds(person: Person, path: str, answers: list[Codes], others: tuple[str, ...] = ()) -> list[str]:
    """A firm with a finished round for each of the answers; their ids."""
    start = len(person.typed)
    return [
        add_round(person, path, f"Firm {start}.{at}", [codes], others=others)
        for at, codes in enumerate(answers)
    ]


def invent(person: Person, path: str) -> None:
    """Say that a cohort's firms are made up."""
    with person.app.extensions["store"].write() as transaction:
        transaction.run("UPDATE cohorts SET invented = 1 WHERE id = :id", id=cohort_id(path))

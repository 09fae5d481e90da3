"""A programme with firms that have finished, for the tests of what is said of them together."""

import numpy as np
from flask import Flask

from readiness.core import scoring
from readiness.core.answers import Answers, Response
from readiness.storage import assessments, cohorts, firms, organisations, responses
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Store, Transaction
from readiness.web.profile import result
from tests.core.firms import MODEL

SECTORS = ("software", "biotech", "energy", "manufacturing")


def cohort_of(app: Flask, organisation: str, name: str = "Spring") -> Cohort:
    """The organisation's cohort of this name."""
    store: Store = app.extensions["store"]
    (place,) = organisations.named(store, organisation)
    return next(found for found in cohorts.listing(store, place.id) if found.name == name)


def fill(app: Flask, cohort: Cohort, count: int, seed: int = 1, name: str = "Firm") -> list[str]:
    """Let so many firms join a cohort that have finished an assessment; their ids."""
    luck = np.random.default_rng(seed)
    store: Store = app.extensions["store"]
    with store.write() as transaction:
        return [_firm(transaction, cohort, f"{name} {at}", luck) for at in range(count)]


def _firm(transaction: Transaction, cohort: Cohort, name: str, luck: np.random.Generator) -> str:
    level = luck.normal(2, 0.8)
    codes = np.clip(np.rint(luck.normal(level, 0.9, len(MODEL.indicators))), 0, 4).astype(np.uint8)
    facts = {
        "name": name,
        "sector": SECTORS[luck.choice(4, p=[0.4, 0.3, 0.2, 0.1])],
        "employees": int(luck.integers(2, 120)),
        "founded": int(luck.integers(2000, 2024)),
    }
    firm_id = firms.add(transaction, facts)
    made, _ = assessments.begin(transaction, firm_id, MODEL, "en", "CEO")
    scored = result(scoring.score(Answers(MODEL, facts, (Response("CEO", codes, {}, {}),))))
    transaction.run(
        "UPDATE responses SET codes = :codes, version = 1 WHERE assessment_id = :id",
        codes=responses.encode(codes.tolist()),
        id=made,
    )
    transaction.run(
        "UPDATE assessments SET status = 'finished', finished_at = :at, overall = :overall,"
        " overall_low = :low, overall_high = :high, route = :route WHERE id = :id",
        at="2026-05-01T10:00:00Z",
        id=made,
        **vars(scored),
    )
    cohorts.join(transaction, cohort, firm_id, "CEO")
    return firm_id

"""Freeze the newest schema, before a release: `python -m tests.storage.make_schema_fixture`.

Writes schemas/NNNN.sqlite, a database with a few rows, and adds its migration to migrations.sha256.
"""

import hashlib
import sys
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE
from readiness.core.merge import digest
from readiness.core.model import CURRENT, Model, load
from readiness.storage import (
    actionplan,
    agreed,
    allowances,
    assessments,
    batches,
    cohorts,
    comments,
    firms,
    imports,
    introductions,
    invitations,
    organisations,
    outbox,
    portfolio,
    releases,
    reports,
    responses,
    sessions,
    tokens,
    users,
    verified,
)
from readiness.storage.actionplan import New
from readiness.storage.agreed import Agreed
from readiness.storage.assessments import Assessment
from readiness.storage.engine import migrations
from readiness.storage.portfolio import Author
from readiness.storage.responses import Answer
from readiness.storage.sqlite import SqliteStore
from readiness.storage.verified import Verified

HERE = Path(__file__).resolve().parent
KEY = "key-of-the-fixture"
FIRM = {
    "name": "آسان‌پرداز",
    "sector": "software",
    "country": "IR",
    "founded": 2011,
    "employees": 34,
    "first_foreign_sale": 2014,
    "foreign_share": 25,
    "countries": 3,
    "regions": ["middle-east", "europe"],
}


def fill(store: SqliteStore) -> None:
    """One finished assessment of every kind of answer, its report, and one that was only started.

    The firm of the finished one is looked after by an organisation that has left something everywhere.
    """
    model = load(CURRENT)
    assessments.start(store, model, "en", {"name": "Started only"}, "Founder")
    key = assessments.start(store, model, "fa", FIRM, "مدیرعامل")
    with store.write() as transaction:
        transaction.run(
            "UPDATE assessments SET key_hash = :hash WHERE key_hash = :was",
            hash=assessments.hash_key(KEY),
            was=assessments.hash_key(key),
        )
    assessment = assessments.find(store, KEY)
    assert assessment
    codes = (0, 1, 2, 3, 4, DONT_KNOW, NOT_APPLICABLE)
    answers = {
        number: Answer(codes[at % len(codes)], note="" if at % 5 else f"شریکی را می‌شناسیم 🤝 “{number}”")
        for at, number in enumerate(model.numbers)
    }
    seen = dict.fromkeys(model.numbers, digest(Answer().value()))
    responses.save(store, assessment.own.id, model, answers, seen)
    assessments.finish(store, assessment.id)
    reports.keep(store, assessment.id, "fa", "fingerprint", b"%PDF-1.7 not really")
    allowances.spend(store, "start", "somebody", 5, timedelta(hours=1))
    look_after(store, assessment, model)


def look_after(store: SqliteStore, assessment: Assessment, model: Model) -> None:
    """An organisation with something in every table that hangs on it."""
    with store.write() as transaction:
        place = organisations.add(transaction, "مرکز رشد پردیس")
        user = users.join(transaction, "ada@hub.org", "Ada", "fa", place.id, users.ADMINISTRATOR)
        link = sessions.make_link(transaction, user.id, timedelta(days=9999))
        sessions.make_link(transaction, user.id, timedelta(days=9999))
        outbox.put(transaction, user.email, "Subject", "Body", timedelta(days=9999), place.id)
        tokens.add(transaction, place.id, "Dashboard", tokens.SCOPES, timedelta(days=365), user.name)
    sessions.redeem(store, link, "browser", "Firefox")
    author = Author(place.id, user.name)
    portfolio.take_over(store, author, assessment.firm.id)
    number, component = model.numbers[0], model.components[0]
    comments.save(store, author, assessment.id, {component: "دو شریک کافی است"}, {component: digest("")})
    blank_one = digest(Verified().value())
    verified.save(store, author, assessment.id, {number: Verified("H", "seen")}, {number: blank_one})
    with store.write() as transaction:
        nothing = {name: digest(value) for name, value in Agreed().fields().items()}
        agreed.save(transaction, assessment.id, number, Agreed(3, "note", "the CFO"), nothing)
        assessments.add_link(transaction, assessment.id, assessment.own.id)
    actionplan.add(store, assessment.firm.id, [New("Fair", due="2027-01-01")], author)
    batches.add(store, author, "fa", False, [(assessment.id, assessment.firm.name)])
    imports.keep(store, author, "firms.csv", b"firm\n")
    bring_together(store, author, assessment)


def bring_together(store: SqliteStore, author: Author, assessment: Assessment) -> None:
    """A cohort with two firms that have met, somebody invited, and a publication."""
    with store.write() as transaction:
        cohort_id = cohorts.add(transaction, author, {"name": "بهار", "consent": "نتایج ما را می‌بینید."})
        cohort = cohorts.find(transaction, author.organisation_id, cohort_id)
        assert cohort
        other = firms.add(transaction, {"name": "Beta"})
        invitation = invitations.add(transaction, cohort_id, "beta@firm.org", "Beta", "fa")
        for firm_id in (assessment.firm.id, other):
            cohorts.join(transaction, cohort, firm_id, "CEO", str(invitation) if firm_id == other else "")
            cohorts.set_partner(transaction, cohort_id, firm_id, True)
        one, two = introductions.open_firms(transaction, cohort_id)
        introductions.make(transaction, author, cohort_id, "networking", one, two)
        releases.add(transaction, author, cohort_id, "public", {"cohort": "بهار"}, {"format": 1}, 1)


def main() -> None:
    name = [name for name, _ in migrations()][-1]
    target = HERE / "schemas" / f"{name.split('_')[0]}.sqlite"
    if target.exists():
        sys.exit(f"{target.name} is there already; a released schema does not change")
    target.parent.mkdir(exist_ok=True)
    store = SqliteStore(target)
    store.migrate()
    fill(store)
    store.close()
    target.with_name(f"{target.name}-journal").unlink(missing_ok=True)
    target.chmod(0o644)
    text = files("readiness.storage.migrations").joinpath(f"{name}.sql").read_bytes()
    with (HERE / "migrations.sha256").open("a") as sums:
        sums.write(f"{hashlib.sha256(text).hexdigest()}  {name}.sql\n")


if __name__ == "__main__":
    main()

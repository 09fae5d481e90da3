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
from readiness.core.model import CURRENT, load
from readiness.storage import allowances, assessments, reports, responses
from readiness.storage.engine import migrations
from readiness.storage.responses import Answer
from readiness.storage.sqlite import SqliteStore

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
    """One finished assessment of every kind of answer, its report, and one that was only started."""
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

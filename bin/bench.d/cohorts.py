"""Programmes: the dashboard of a large cohort over a hello page; a million stored responses read and scored.

A million takes about 850 MB of disk and two minutes; BENCH_FIRMS sets another number.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import waitress
from pairs import line, ratio, seconds
from web import HOST, Visitor, hello_app

from readiness.core import model, panel, standing
from readiness.storage import cohorts, organisations, responses, sessions, standings, users
from readiness.storage.audit import Author
from readiness.storage.engine import Store
from readiness.storage.sqlite import SqliteStore

DASHBOARD = 10_000
MANY = int(os.environ.get("BENCH_FIRMS", "1000000"))
FEW = 10_000
AT = "2026-01-01T00:00:00Z"
ROUTES = ("sustain", "coopetition", "networking", "both", "networking-first", None)


def _codes(luck: np.random.Generator, firms: int) -> list[str]:
    """Answers as they are kept, one in thirty of them missing."""
    given = luck.integers(0, 5, (firms, len(model.load().numbers)), dtype=np.uint8)
    given[luck.random(given.shape, dtype=np.float32) < 1 / 30] = 5
    return [responses.encode(row.tobytes()) for row in given]  # type: ignore[arg-type]


def fill(store: Store, cohort_id: str, firms: int) -> None:
    """Firms of a cohort with one finished round each, in the random order in which they come in life."""
    luck = np.random.default_rng(1)
    for start in range(0, firms, 50_000):
        count = min(50_000, firms - start)
        ids = [(secrets.token_hex(12), secrets.token_hex(12), secrets.token_hex(12)) for _ in range(count)]
        whole = [
            {
                "firm": firm,
                "round": round_id,
                "response": response,
                "name": f"Firm {start + at}",
                "codes": codes,
                "founded": 1990 + at % 33,
                "first": 2005 + at % 20,
                "share": at % 101,
                "countries": at % 17,
                "regions": ('["europe"]', '["europe", "africa"]', "[]")[at % 3],
                "route": ROUTES[at % 6],
                "cohort": cohort_id,
                "at": AT,
                "model": model.CURRENT,
            }
            for at, ((firm, round_id, response), codes) in enumerate(
                zip(ids, _codes(luck, count), strict=True)
            )
        ]
        with store.write() as transaction:
            for statement in STATEMENTS:
                transaction.run_many(statement, whole)


STATEMENTS = (
    "INSERT INTO firms (id, name, search, founded, first_foreign_sale, foreign_share, countries, regions,"
    " created_at, updated_at) VALUES (:firm, :name, :name, :founded, :first, :share, :countries, :regions,"
    " :at, :at)",
    "INSERT INTO assessments (id, firm_id, model, language, key_hash, status, round, route, created_at,"
    " updated_at, finished_at) VALUES (:round, :firm, :model, 'en', :round, 'finished', 1, :route, :at,"
    " :at, :at)",
    "INSERT INTO responses (id, assessment_id, rater, codes, version, created_at, updated_at)"
    " VALUES (:response, :round, 'CEO', :codes, 1, :at, :at)",
    "INSERT INTO cohort_members (cohort_id, firm_id, consent, agreed_by, joined_at)"
    " VALUES (:cohort, :firm, 'Yes.', 'CEO', :at)",
)


def begin(store: Store) -> tuple[str, str]:
    """A cohort of a manager, and the path of a link to sign in."""
    with store.write() as transaction:
        place = organisations.add(transaction, "Bench")
        user = users.join(transaction, "ada@bench.org", "Ada", "en", place.id, users.MANAGER)
        values = {"name": "Spring", "consent": "Yes."}
        cohort_id = cohorts.add(transaction, Author(place.id, "Ada"), values)
        link = f"/sign-in/open/{sessions.make_link(transaction, user.id, sessions.PRINTED_LINK)}"
    return cohort_id, link


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=Path.cwd() / "instance") as name:
        yield from _dashboard(Path(name))
    yield from _million()


def _dashboard(folder: Path) -> Iterator[str]:
    app = hello_app(folder)
    cohort_id, link = begin(app.extensions["store"])
    fill(app.extensions["store"], cohort_id, DASHBOARD)
    server = waitress.create_server(app, host=HOST, port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    path, kept = f"/programmes/{cohort_id}", app.extensions["boards"]
    try:
        ada, nobody = Visitor(server.effective_port), Visitor(server.effective_port)
        ada.fetch(link, ada.fields(ada.fetch(link)))
        if f"{DASHBOARD} firms with a finished assessment".encode() not in ada.fetch(path):
            raise RuntimeError("not the dashboard")

        def cold() -> None:
            kept.forget()
            ada.fetch(path)

        found = ratio(lambda: ada.fetch(path), lambda: nobody.fetch("/hello"), runs=200)
        yield line(f"a dashboard of {DASHBOARD:,} firms, kept / a bare hello page", found, "<= 10")
        # twenty, because a single hello page after so long a pause is slower than in a row
        found = ratio(cold, lambda: [nobody.fetch("/hello") for _ in range(20)], runs=20)
        yield line(f"a dashboard of {DASHBOARD:,} firms, gathered anew / twenty hello pages", found, "<= 5")
    finally:
        server.close()
        app.extensions["printer"].close()


def _stored(folder: Path, firms: int) -> tuple[SqliteStore, str]:
    store = SqliteStore(folder / f"{firms}.db")
    store.migrate()
    cohort_id, _ = begin(store)
    fill(store, cohort_id, firms)
    return store, cohort_id


def _ours(store: SqliteStore, cohort_id: str) -> None:
    """Read, scored and summarised."""
    found = standings.read(store, cohort_id, model.load())
    scores = panel.panel(model.load(), found.codes, found.several)
    for row in (*scores.index, scores.overall):
        standing.quartiles(row)


def _bare(store: SqliteStore, cohort_id: str) -> int:
    """The same rows by a bare SELECT on the same connection, decoded and summed by plain NumPy."""
    total = 0
    blocks = store.blocks(
        "SELECT m.firm_id, a.id, a.route, a.finished_at, r.codes FROM cohort_members m"
        " JOIN assessments a ON a.firm_id = m.firm_id JOIN responses r ON r.assessment_id = a.id"
        " WHERE m.cohort_id = :cohort",
        cohort=cohort_id,
    )
    for block in blocks:
        text = "".join([row[4] for row in block]).encode()
        total += int(np.frombuffer(text, dtype=np.uint8).reshape(len(block), -1).sum(axis=0).sum())
    return total


def _part(store: SqliteStore, cohort_id: str) -> tuple[str, int]:
    """A cohort of every hundredth firm of another one, and how many these are."""
    with store.write() as transaction:
        (place,) = transaction.rows("SELECT organisation_id AS id FROM cohorts WHERE id = :id", id=cohort_id)
        values = {"name": "Part", "consent": "Yes."}
        part = cohorts.add(transaction, Author(place["id"], "Ada"), values)
        count = transaction.run(
            "INSERT INTO cohort_members (cohort_id, firm_id, consent, agreed_by, joined_at)"
            " SELECT :part, firm_id, consent, agreed_by, joined_at FROM cohort_members"
            " WHERE cohort_id = :whole AND substr(firm_id, 21, 4) < '028f'",
            part=part,
            whole=cohort_id,
        )
    return part, count


def _growth(
    many: tuple[SqliteStore, str], few: tuple[SqliteStore, str], found: tuple[float, float, float]
) -> Iterator[str]:
    """What a firm costs in a large cohort and in a small one, in the same database and in one of its own.

    In one of its own everything is in the nearest memory: that a bare SELECT grows as well shows how much.
    """
    part, count = _part(*many)
    small = min(seconds(lambda: _ours(many[0], part)) for _ in range(5)) / count
    each = found[1] / MANY
    what = f"a firm of a cohort of {MANY:,} / of {count:,} in the same database"
    yield line(what, (each / small, each * 1000, small * 1000), "<= 1")
    small, bare = (min(seconds(lambda job=job: job(*few)) for _ in range(7)) / FEW for job in (_ours, _bare))
    what = f"the same / of {FEW:,} in a database of its own"
    yield line(what, (each / small, each * 1000, small * 1000), "")
    each = found[2] / MANY
    yield line(f"the same by a bare SELECT / of {FEW:,}", (each / bare, each * 1000, bare * 1000), "")
    yield "(the three lines above: milliseconds for a thousand firms)"


def _million() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=Path.cwd() / "instance") as name:
        folder, began = Path(name), time.perf_counter()
        few, many = _stored(folder, FEW), _stored(folder, MANY)
        size = (folder / f"{MANY}.db").stat().st_size
        yield f"{MANY:,} firms stored in {time.perf_counter() - began:,.0f} s, {size / 1e6:,.0f} MB"
        found = ratio(lambda: _ours(*many), lambda: _bare(*many), runs=3)
        what = f"{MANY:,} responses read, scored, summarised / bare SELECT, decoded, summed"
        yield line(what, found, "<= 1.5")
        yield from _growth(many, few, found)
        tracemalloc.start()
        _ours(*many)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        yield f"memory at its peak: {peak / MANY:,.0f} bytes a firm, {peak / 1e6:,.0f} MB of {MANY:,} firms"

"""Taking in a file of many firms: read, checked, scored and stored."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

import numpy as np
from pairs import line, ratio

from readiness.core import model
from readiness.core.answers import Response
from readiness.reports import answersheet
from readiness.reports.intake import Entry, Round
from readiness.reports.language import language
from readiness.storage import imports as storing
from readiness.storage import organisations
from readiness.storage.portfolio import Author
from readiness.storage.sqlite import SqliteStore, connect
from readiness.web import imports

FIRMS = 5_000
_TABLES = ("firms", "assessments", "responses")


def _file() -> bytes:
    loaded, random = model.load(), np.random.default_rng(47)
    facts = {"sector": "software", "country": "Iran", "founded": 2005, "employees": 12, "countries": 3}
    facts |= {"first_foreign_sale": 2010, "foreign_share": 20, "regions": ("europe", "africa")}
    firms = (
        Entry(
            {**facts, "name": f"Firm {at}"},
            f"firm{at}@example.org",
            loaded,
            [
                Round(
                    "2026-03-02",
                    [Response("CEO", random.integers(0, 7, 47, dtype=np.uint8), {"1": "A note"})],
                )
            ],
        )
        for at, codes in enumerate(random.integers(0, 7, (FIRMS, 47), dtype=np.uint8))
    )
    return answersheet.write(firms, language("en"))


def _rows(store: SqliteStore) -> dict[str, tuple[str, list[tuple[object, ...]]]]:
    """Every row of the tables, and the statement that inserts it."""
    found = {}
    for table in _TABLES:
        rows = [tuple(row.values()) for row in store.rows(f"SELECT * FROM {table}")]
        found[table] = f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows
    return found


def measure() -> Iterator[str]:
    content, turn = _file(), count()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)

        def empty() -> tuple[SqliteStore, Author]:
            store = SqliteStore(folder / f"{next(turn)}.sqlite")
            store.migrate()
            with store.write() as transaction:
                place = organisations.add(transaction, "Bench")
            return store, Author(place.id, "Bench")

        def take_in(store: SqliteStore, author: Author) -> None:
            upload = storing.keep(store, author, "firms.csv", b"")
            batch = answersheet.read(content, date(2026, 3, 3), "Founder")
            storing.take_in(store, author, upload, imports.scored(batch), "en", storing.SKIP)

        first, author = empty()
        take_in(first, author)
        rows = _rows(first)
        place = first.row("SELECT * FROM organisations")
        first.close()
        ours, bare = [empty() for _ in range(8)], [_bare(empty()[0], place) for _ in range(8)]

        def insert() -> None:
            raw = bare.pop()
            raw.execute("BEGIN IMMEDIATE")
            for statement, values in rows.values():
                raw.executemany(statement, values)
            raw.execute("COMMIT")

        found = ratio(lambda: take_in(*ours.pop()), insert, runs=7)
        yield line(
            "importing and scoring 5,000 firms from CSV / bare durable inserts of the rows", found, "<= 5"
        )


def _bare(store: SqliteStore, place: dict[str, object] | None) -> sqlite3.Connection:
    """A connection to an empty database with the organisation in it."""
    assert place
    raw: sqlite3.Connection = connect(store.path).conn
    store.close()
    raw.execute("DELETE FROM organisations")
    raw.execute(f"INSERT INTO organisations VALUES ({', '.join('?' * len(place))})", tuple(place.values()))
    return raw

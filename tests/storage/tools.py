"""Tools of the storage tests: several threads, several processes, and what the database really holds."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

import pytest

from readiness.core.merge import digest
from readiness.storage import assessments
from readiness.storage.assessments import Assessment
from readiness.storage.engine import Store
from readiness.storage.responses import Answer
from readiness.storage.sqlite import SqliteStore

Result = TypeVar("Result")

_PATIENCE = 120
_starts = multiprocessing.get_context("forkserver")
_starts.set_forkserver_preload(["readiness.storage.assessments", "readiness.storage.backup", "pytest"])


def together(work: Callable[..., Result], arguments: Sequence[tuple[Any, ...]]) -> list[Result]:
    """Results of `work` with each of the arguments, in as many processes that begin at one moment."""
    count = len(arguments)
    barrier = _starts.Barrier(count)
    with ProcessPoolExecutor(count, _starts, initializer=_wait, initargs=(barrier,)) as pool:
        waiting = [pool.submit(work, *values) for values in arguments]
        return [each.result(_PATIENCE) for each in waiting]


def _wait(barrier: Barrier) -> None:
    barrier.wait(_PATIENCE)


def in_thread(store: Store, work: Callable[..., Result], *values: Any) -> Result:
    """Result of `work` with a connection of its own."""
    with beside(store, work, *values) as result:
        pass
    return result()


@contextmanager
def beside(store: Store, work: Callable[..., Result], *values: Any) -> Iterator[Callable[[], Result]]:
    """Start `work` with a connection of its own; what is given waits for its result."""

    def run() -> Result:
        try:
            return work(*values)
        finally:
            store.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        yield lambda: future.result(_PATIENCE)


@contextmanager
def running(*work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run `work` in threads until the block is left; an error of theirs is raised then."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(work)) as pool:
        futures = [pool.submit(each, stop) for each in work]
        try:
            yield
        finally:
            stop.set()
        for future in futures:
            future.result(_PATIENCE)


@contextmanager
def refused() -> Iterator[None]:
    """Expects a constraint of the database to bite, whichever engine it is."""
    with pytest.raises(Exception) as refusal:
        yield
    names = {kind.__name__ for kind in type(refusal.value).__mro__}
    assert "IntegrityError" in names, repr(refusal.value)


def everything(store: Store) -> str:
    """All that is kept: the bytes of an SQLite file, or every row of every PostgreSQL table."""
    if isinstance(store, SqliteStore):
        return store.path.read_bytes().decode("utf-8", errors="replace")
    tables = store.rows(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )
    return "\n".join(
        str(row["everything"])
        for table in tables
        for row in store.rows(f"SELECT t::text AS everything FROM {table['table_name']} t")
    )


def counts(store: Store) -> dict[str, int]:
    """Number of rows of each table that holds something about somebody."""
    found = {}
    for table in ("firms", "assessments", "responses", "reports"):
        row = store.row(f"SELECT count(*) AS n FROM {table}")
        assert row
        found[table] = int(row["n"])
    return found


def found(store: Store, key: str) -> Assessment:
    """The assessment that must be there."""
    assessment = assessments.find(store, key)
    assert assessment is not None
    return assessment


def shown(store: Store, key: str) -> dict[int, str]:
    """The digests that a form of all indicators would carry."""
    return digests(found(store, key).own.answers)


def digests(answers: Any) -> dict[int, str]:
    return {number: digest(answer.value()) for number, answer in answers.items()}


def term(code: int, note: str = "") -> Answer:
    """An answer by one of the five terms."""
    return Answer(code, note)

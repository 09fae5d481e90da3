"""Makes the reports of batches beside the server: a few at once, so that single ones need not wait long."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import cast

from flask import Flask, current_app

from readiness.reports.pdf import PdfUnavailable
from readiness.storage import assessments, batches, reports
from readiness.storage.batches import Batch, Item
from readiness.storage.engine import StorageError, Store
from readiness.web import background, profile

#: A stop is noticed after this time at the latest.
_SECONDS = 1.0


class Bulk:
    """Works through the batches in turn, in one thread; as many PDFs are under way as there are presses."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._store = cast(Store, app.extensions["store"])
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bulk")
        self._lock = threading.Lock()
        self._turns: deque[tuple[str, str]] = deque()
        self._running = False
        self._stop = threading.Event()

    def nudge(self, organisation_id: str, batch_id: str) -> None:
        """Work on a batch, unless that is being done already."""
        with self._lock:
            if self._stop.is_set():
                return
            if (organisation_id, batch_id) not in self._turns:
                self._turns.append((organisation_id, batch_id))
            if not self._running:
                self._running = True
                self._thread.submit(self._work)

    def resume(self) -> None:
        """Go on with every batch that an earlier server left unfinished."""
        for organisation_id, batch_id in batches.unfinished(self._store):
            batches.release(self._store, batch_id)
            self.nudge(organisation_id, batch_id)

    def _work(self) -> None:
        try:
            with self._app.app_context():
                while self._round():
                    pass
        except StorageError as error:  # the next visit to the batch tries again
            self._app.logger.error("batch: %s", error)
        finally:
            with self._lock:
                self._running = False
            self._store.close()

    def _round(self) -> bool:
        """Make what there is; whether something came meanwhile."""
        under_way: dict[Future[bytes], tuple[Batch, Item, str]] = {}
        while not self._stop.is_set():
            while len(under_way) < background.printer().processes and (job := self._next()):
                ordered = self._order(*job)
                if ordered is not None:
                    under_way[ordered[0]] = (*job, ordered[1])
            if not under_way:
                break
            done, _ = wait(under_way, timeout=_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                self._settle(future, *under_way.pop(future))
        for batch, item, _fingerprint in under_way.values():
            batches.release(self._store, batch.id, item.assessment_id)
        with self._lock:
            return bool(self._turns) and not self._stop.is_set()

    def _next(self) -> tuple[Batch, Item] | None:
        """A report of the batch whose turn it is; a batch without any is left."""
        while True:
            with self._lock:
                if not self._turns:
                    return None
                turn = self._turns[0]
            batch = batches.find(self._store, *turn)
            item = batches.take(self._store, batch.id) if batch else None
            with self._lock:
                if item is None:
                    self._turns.remove(turn)
                else:
                    self._turns.rotate(-1)
            if batch is not None and item is not None:
                return batch, item

    def _order(self, batch: Batch, item: Item) -> tuple[Future[bytes], str] | None:
        """Have a report made, with its fingerprint; nothing where it was made before or cannot be made."""
        try:
            found = assessments.find_in(self._store, batch.organisation_id, item.assessment_id)
            if found is None or not (found.finished or batch.draft):
                problem = "gone" if found is None else "reopened"
                batches.fail(self._store, batch.id, item.assessment_id, problem)
                return None
            made = profile.make(found, batch.language, batch.draft)
            kept = reports.find(self._store, found.id, batch.language, made.fingerprint)
            if kept is None:
                return background.printer().order(found.id, made), made.fingerprint
            batches.keep(self._store, batch.id, item.assessment_id, made.fingerprint, kept)
        except StorageError:
            raise
        except Exception as error:
            self._fail(batch, item, error)
        return None

    def _settle(self, future: Future[bytes], batch: Batch, item: Item, fingerprint: str) -> None:
        """Keep a report that was made, or why it was not."""
        try:
            batches.keep(self._store, batch.id, item.assessment_id, fingerprint, future.result())
        except CancelledError:  # the answers changed meanwhile, and somebody asked for the new report
            batches.release(self._store, batch.id, item.assessment_id)
            self._again(batch)
        except StorageError:
            raise
        except Exception as error:
            self._fail(batch, item, error)

    def _again(self, batch: Batch) -> None:
        with self._lock:
            if (batch.organisation_id, batch.id) not in self._turns:
                self._turns.append((batch.organisation_id, batch.id))

    def _fail(self, batch: Batch, item: Item, error: Exception) -> None:
        self._app.logger.error("batch: no report: %s", error)
        problem = "unavailable" if isinstance(error, PdfUnavailable) else "unprinted"
        batches.fail(self._store, batch.id, item.assessment_id, problem)

    def close(self) -> None:
        """Stop after what is under way; a later server goes on."""
        self._stop.set()
        with suppress(RuntimeError):
            self._thread.shutdown(wait=True, cancel_futures=True)


def bulk() -> Bulk:
    """The application's worker on batches."""
    return cast(Bulk, current_app.extensions["bulk"])


def init(app: Flask) -> None:
    """Give the application its worker; it begins with the first batch."""
    app.extensions["bulk"] = Bulk(app)

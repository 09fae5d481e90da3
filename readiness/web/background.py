"""PDFs are made in the background when an assessment is finished, kept, and served from there."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import date
from typing import Any, cast

from flask import Flask, current_app

from readiness.core.answers import Answers
from readiness.reports.pdf import PdfError
from readiness.reports.press import Press
from readiness.reports.profile import Profile
from readiness.storage import reports
from readiness.storage.engine import Store

#: A person waits this long for a PDF before being asked to come back.
PATIENCE_SECONDS = 45


#: An assessment, a language, draft or not, and the fingerprint of the content.
_Job = tuple[str, str, bool, str]


class Printer:
    """Makes each PDF once: the press makes it, the store keeps it."""

    def __init__(self, store: Store, processes: int = 1) -> None:
        self._store, self.processes = store, processes
        self._press = Press(processes)
        self._lock = threading.Lock()
        self._under_way: dict[_Job, Future[bytes]] = {}

    def order(self, assessment: str, made: Profile) -> Future[bytes]:
        """Start making a PDF unless it is being made already; it takes the place of an outdated one.

        So nobody fills the queue that everybody's PDFs wait in by changing answers again and again.
        A draft is not kept: what is in it may change any minute, and it would take the final one's place.
        """
        job = (assessment, made.language.code, made.draft, made.fingerprint)
        with self._lock:
            if job in self._under_way:
                return self._under_way[job]
            outdated = [future for other, future in self._under_way.items() if other[:3] == job[:3]]
            future = self._press.submit(
                made.answers, made.language.code, made.made_on, made.draft, made.supplement
            )
            self._under_way[job] = future
        for old in outdated:
            old.cancel()
        future.add_done_callback(lambda done: self._keep(job, done))
        return future

    def _keep(self, job: _Job, done: Future[bytes]) -> None:
        assessment, code, draft, fingerprint = job
        try:
            if not draft and not done.cancelled() and done.exception() is None:
                reports.keep(self._store, assessment, code, fingerprint, done.result())
        finally:
            with self._lock:
                self._under_way.pop(job, None)

    def plain(self, answers: Answers, code: str, made_on: date) -> bytes:
        """A PDF that nobody keeps, such as the sample's."""
        return wait(self._press.submit(answers, code, made_on, draft=False))

    def paper(self, code: str) -> bytes:
        """The empty questionnaire of a language, which nobody keeps either."""
        return wait(self._press.submit_paper(code))

    def release(self, content: Mapping[str, Any], code: str) -> bytes:
        """What a programme published, in a language."""
        return wait(self._press.submit_release(content, code))

    def close(self) -> None:
        """End the press."""
        self._press.close()


def wait(future: Future[bytes]) -> bytes:
    """The PDF when it is made; raises PdfError."""
    try:
        return future.result(timeout=PATIENCE_SECONDS)
    except FutureTimeout as error:
        raise PdfError("the PDF is still being made; please try again in a minute") from error
    except PdfError:
        raise
    except Exception as error:
        raise PdfError(f"the PDF could not be made: {error}") from error


def printer() -> Printer:
    """The application's printer."""
    return cast(Printer, current_app.extensions["printer"])


def init(app: Flask) -> None:
    """Give the application its printer; its process starts with the first PDF."""
    app.extensions["printer"] = Printer(app.extensions["store"], app.config["PRESS_PROCESSES"])

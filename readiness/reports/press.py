"""Warm processes beside the web server that make PDFs, so that pages stay quick meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from readiness.core import answers as answering
from readiness.core.answers import Answers
from readiness.reports.language import language
from readiness.reports.pdf import PdfError
from readiness.reports.profile import make_profile
from readiness.reports.supplement import NOTHING, Supplement

#: A fresh process after so many PDFs keeps its memory where it was.
_JOBS_PER_PROCESS = 500


def _follow_parent() -> None:
    """End this process when the one that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _warm() -> None:
    """Run in the new process: step back behind the web server and load the engine."""
    threading.Thread(target=_follow_parent, daemon=True).start()
    with suppress(OSError):
        os.nice(5)
    from readiness.reports import pdf

    with suppress(pdf.PdfError):
        pdf.html_to_pdf('<html lang="en"><title>warm</title><p>warm', "{}")


def _print(
    document: dict[str, object], code: str, made_on: date, draft: bool, supplement: Supplement
) -> bytes:
    from readiness.reports import pdf

    profile = make_profile(answering.parse(document), language(code), made_on, draft, supplement)
    return pdf.make_pdf(profile)


def _print_paper(code: str) -> bytes:
    from readiness.reports import paper, pdf

    return pdf.html_to_pdf(paper.html(code), None)


def _print_release(content: Mapping[str, Any], code: str) -> bytes:
    from readiness.reports import pdf, releaseview

    return pdf.html_to_pdf(releaseview.html(content, code), None)


class Press:
    """Makes PDFs, as many at once as it has processes, each of which makes one after the other."""

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def _running(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    max_workers=self._processes,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=_warm,
                    max_tasks_per_child=_JOBS_PER_PROCESS,
                )
            return self._pool

    def submit(
        self, answers: Answers, code: str, made_on: date, draft: bool, supplement: Supplement = NOTHING
    ) -> Future[bytes]:
        """Queue a PDF; it or its future raises readiness.reports.pdf.PdfError where it cannot be made."""
        return self._submit(partial(_print, answering.export(answers), code, made_on, draft, supplement))

    def submit_paper(self, code: str) -> Future[bytes]:
        """Queue the empty questionnaire of a language; raises as `submit` does."""
        return self._submit(partial(_print_paper, code))

    def submit_release(self, content: Mapping[str, Any], code: str) -> Future[bytes]:
        """Queue what a programme published of a cohort; raises as `submit` does."""
        return self._submit(partial(_print_release, content, code))

    def _submit(self, job: Callable[[], bytes]) -> Future[bytes]:
        try:
            try:
                return self._running().submit(job)
            except BrokenProcessPool:
                with self._lock:
                    self._pool = None
                return self._running().submit(job)
        except OSError as error:  # no process to be had, as on a machine without memory
            raise PdfError(f"the PDF cannot be made just now: {error}") from error

    def start(self) -> None:
        """Start the process before the first PDF is asked for."""
        self._running().submit(os.getpid)

    def close(self) -> None:
        """End the process; what is queued is dropped."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

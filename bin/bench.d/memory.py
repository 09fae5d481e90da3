"""Memory of a process that makes many reports."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from readiness.core import answers
from readiness.reports import press
from readiness.web.pages import sample_answers

FEW, MANY = 20, 200


def _resident() -> int:
    """Resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def _work(pipe: Connection) -> None:
    press._warm()
    document = answers.export(sample_answers("en"))
    for made in range(1, MANY + 1):
        press._print(document, "en", date(2026, 3, 2), draft=False)
        if made in (FEW, MANY):
            pipe.send(_resident())


def measure() -> Iterator[str]:
    near, far = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(far,))
    process.start()
    few, many = near.recv(), near.recv()
    process.join()
    yield (
        f"{'memory after 200 PDFs / after 20':<74} {many / few:7.3f}  {'<= 1.1':<8}"
        f" ({many / 1e6:,.0f} MB over {few / 1e6:,.0f} MB)"
    )

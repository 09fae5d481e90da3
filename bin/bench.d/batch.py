"""A batch of reports on two processes against one."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait

from pairs import line
from pdf import DAY, SAMPLES

from readiness.core import answers
from readiness.core.answers import Answers
from readiness.reports.press import Press

REPORTS = 100


def _firms(luck: random.Random) -> Iterator[Answers]:
    """Firms that nobody has printed yet: the samples with every third answer changed."""
    documents = [answers.export(answers.read(path.read_text(encoding="utf-8"))) for path in SAMPLES]
    for at in range(REPORTS):
        document = json.loads(json.dumps(documents[at % len(documents)]))
        document["firm"]["name"] = f"Firm {luck.randrange(10**6)}"
        for response in document["responses"]:
            for number in response["answers"]:
                if luck.random() < 1 / 3:
                    response["answers"][number] = luck.choice(("VL", "L", "M", "H", "VH"))
        yield answers.parse(document)


def _seconds(processes: int, seed: int) -> float:
    """How long a batch takes on warm processes, each of which always has one report to make."""
    press, firms = Press(processes), list(_firms(random.Random(seed)))
    try:
        warm = ("en", "fa") * 2 * processes
        for future in [press.submit(firms[0], code, DAY, draft=True) for code in warm]:
            future.result()
        began, under_way = time.perf_counter(), set[Future[bytes]]()
        for at, firm in enumerate(firms):
            if len(under_way) == processes:
                _, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            under_way.add(press.submit(firm, ("en", "fa")[at % 2], DAY, draft=False))
        wait(under_way)
        return time.perf_counter() - began
    finally:
        press.close()


def measure() -> Iterator[str]:
    pairs = [(_seconds(2, seed), _seconds(1, seed)) for seed in range(3)]
    two, one = sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
    yield line(f"{REPORTS} reports on two processes / on one", (two / one, two, one), "<= 0.55")
    yield f"PDFs a minute: {REPORTS / two * 60:.0f} on two processes, {REPORTS / one * 60:.0f} on one"

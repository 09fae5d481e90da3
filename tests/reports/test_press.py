"""The process that makes the PDFs lives no longer than its master."""

import os
import signal
import subprocess
import sys
import time

import pytest

from readiness.reports.press import Press
from tests.reports.tools import NEEDS_A_PRESS, ROOT

pytestmark = NEEDS_A_PRESS

MASTER = """
import time
from readiness.reports.press import Press

if __name__ == "__main__":
    press = Press()
    press.start()
    worker, = press._pool._processes
    print(worker, flush=True)
    press._pool.submit(time.sleep, 60).result()
"""


def worker_of(press: Press) -> int:
    assert press._pool
    (number,) = press._pool._processes
    return int(number)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def gone(process: int) -> bool:
    """Within ten seconds."""
    for _ in range(200):
        if not alive(process):
            return True
        time.sleep(0.05)
    return False


def test_closing_the_press_ends_its_process() -> None:
    press = Press()
    press.start()
    worker = worker_of(press)
    press.close()

    assert gone(worker)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_process_ends_with_its_master_however_that_ends(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", MASTER], cwd=ROOT, stdout=subprocess.PIPE) as master:
        assert master.stdout
        worker = int(master.stdout.readline())
        time.sleep(1)
        assert alive(worker)
        master.send_signal(how)

    assert gone(worker)

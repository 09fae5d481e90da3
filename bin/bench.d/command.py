"""The command line from a cold start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pairs import line, ratio

SAMPLE = Path(__file__).resolve().parents[2] / "readiness" / "core" / "data" / "sample.en.json"


#: A person's Python keeps the bytecode of what it runs; the first run here writes it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)


def measure() -> Iterator[str]:
    readiness = str(Path(sys.executable).with_name("readiness"))
    found = ratio(
        lambda: _run(readiness, "score", str(SAMPLE)),
        lambda: _run(sys.executable, "-c", "import numpy"),
        runs=15,
    )
    yield line("readiness score FILE, cold / python -c 'import numpy'", found, "<= 1.6")

"""The real server in a process of its own, a real Chromium, and people who sit before it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.founder import Founder

ROOT = Path(__file__).resolve().parents[2]
#: The system's Chromium, and none of what it would ask the internet for.
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 10_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def instance() -> Iterator[str]:
    """The folder of the server's database."""
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder:
        yield folder


@pytest.fixture(scope="session")
def server(instance: str) -> Iterator[str]:
    """Address of a server that was started as an operator starts it."""
    with tempfile.TemporaryFile() as log:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "readiness.cli", "serve", "--port", str(port), "--instance", instance],
            cwd=ROOT,
            env=os.environ | {"READINESS_STARTS_PER_HOUR": "100000"},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            await_answer(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(10)
            log.seek(0)
            complaints = log.read().decode()
        assert "ERROR" not in complaints and "Traceback" not in complaints, complaints


def await_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            with urlopen(f"{address}/healthz"):
                return
        except (URLError, ConnectionError):
            assert process.poll() is None, "the server ended at once"
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without windows."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium here (looked for {', '.join(NAMES)}): run bin/setup --dev")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        started = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


Arrive = Callable[..., Founder]


@pytest.fixture
def arrive(server: str, browser: Browser) -> Iterator[Arrive]:
    """Makes people, each with a browser profile of their own; at the end none may have met trouble."""
    people: list[Founder] = []

    def make(code: str = "en", width: int = 1280, **settings: Any) -> Founder:
        usual: dict[str, Any] = {
            "base_url": server,
            "viewport": {"width": width, "height": 800},
            "locale": code,
            "reduced_motion": "reduce",  # or every click waits for the page to come to rest
        }
        context = browser.new_context(**usual | settings)
        context.set_default_timeout(PATIENCE)
        people.append(Founder(context, code))
        return people[-1]

    yield make
    for person in people:
        person.context.close()
    assert [trouble for person in people for trouble in person.grievances()] == []


@pytest.fixture
def founder(arrive: Arrive) -> Founder:
    """Somebody who reads English at a desk."""
    return arrive()

"""Kill the program again and again while answers are being saved: what was acknowledged must be there.

    python tests/crash/kill_server.py --kills 50                   the web server, over HTTP
    python tests/crash/kill_server.py --kills 50 --target storage  a process that uses the storage layer

Both take --database URL; the default is an SQLite file in a temporary folder. Prints a line of counts; exit
status 1 if an acknowledged answer was lost or the database is damaged.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from readiness.core.answers import WORDS  # noqa: E402
from readiness.core.merge import digest  # noqa: E402
from readiness.core.model import CURRENT, load  # noqa: E402
from readiness.storage import assessments, responses  # noqa: E402
from readiness.storage.engine import open_store  # noqa: E402
from readiness.storage.responses import Answer  # noqa: E402

MODEL = load(CURRENT)
#: A target that does not start within this time is broken, not slow.
PATIENCE_SECONDS = 60
LONGEST_LIFE_SECONDS = 0.25


class Gone(Exception):
    """The target was killed before it acknowledged."""


class Target(Protocol):
    """Something that saves answers."""

    def begin(self) -> str:
        """Start an assessment; its key. The target is running."""

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process and wait until it can save."""

    def save(self, key: str, number: int, answer: Answer) -> None:
        """Save one answer; returns when it is acknowledged, raises Gone when it never will be."""


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | more


# The storage layer alone


class Storage:
    """A process that saves through readiness.storage, one line of JSON for each answer."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> str:
        store = open_store(self._database)
        key = assessments.start(store, MODEL, "en", {"name": "Crash"}, "CEO")
        store.close()
        return key

    def start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--database", self._database, "--writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            start_new_session=True,
        )
        self._expect(b"ready\n")
        return self._process

    def save(self, key: str, number: int, answer: Answer) -> None:
        assert self._process and self._process.stdin
        try:
            self._process.stdin.write(json.dumps([key, number, *answer.value()]).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Gone from error
        self._expect(b"saved\n")

    def _expect(self, line: bytes) -> None:
        assert self._process and self._process.stdout
        said = self._process.stdout.readline()
        if said != line:
            raise Gone(said.decode())


def write(database: str) -> None:
    """The writer's side of Storage."""
    store = open_store(database)
    store.migrate()
    print("ready", flush=True)
    for line in sys.stdin:
        key, number, *answer = json.loads(line)
        found = assessments.find(store, key)
        assert found
        seen = {number: digest(found.own.answers[number].value())}
        merged = responses.save(store, found.own.id, MODEL, {number: Answer(*answer)}, seen)
        assert not merged.conflicts
        print("saved", flush=True)


# The web server


class Server:
    """`readiness serve`, driven by the same requests as a browser's."""

    def __init__(self, database: str, instance: Path) -> None:
        self._database, self._instance = database, instance
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._hidden: dict[str, str] = {}

    def begin(self) -> str:
        _, form = self._fetch("/start")
        address, _ = self._fetch(
            "/start", {"csrf_token": hidden(form)["csrf_token"], "name": "Crash", "sector": ""}
        )
        found = re.search(r"/a/([\w-]+)/", address)
        assert found, f"no assessment was started; the server answered from {address}"
        return found[1]

    def start(self) -> subprocess.Popen[bytes]:
        self._hidden.clear()
        command = [sys.executable, "-m", "readiness.cli", "serve", "--instance", str(self._instance)]
        process = subprocess.Popen(
            [*command, "--port", str(self._port)],
            stdout=subprocess.DEVNULL,
            env=environment(READINESS_DATABASE=self._database),
            start_new_session=True,
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self._fetch("/healthz")
                return process
            except Gone:
                time.sleep(0.05)
        raise SystemExit("the server does not start")

    def save(self, key: str, number: int, answer: Answer) -> None:
        page = f"/a/{key}/questions/{MODEL.indicators[MODEL.column[number]].component}"
        if f"s-{number}" not in self._hidden:
            self._hidden |= hidden(self._fetch(page)[1])
        sent = {
            "csrf_token": self._hidden["csrf_token"],
            f"s-{number}": self._hidden[f"s-{number}"],
            f"a-{number}": WORDS[answer.code] or "",
            f"n-{number}": answer.note,
            f"r-{number}": answer.reason,
        }
        _, said = self._fetch(page, sent, {"Accept": "application/json"})
        self._hidden[f"s-{number}"] = json.loads(said)["seen"][str(number)]

    def _fetch(
        self, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """Address and text of the page that a request ends at."""
        body = urlencode(form).encode() if form else None
        request = Request(f"http://127.0.0.1:{self._port}{path}", body, dict(headers or {}))
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as response:
                return response.url, response.read().decode()
        except HTTPError as error:
            with error:
                raise SystemExit(f"{path}: {error.code} {error.read().decode()[:2000]}") from error
        except (URLError, OSError, ValueError, EOFError) as error:
            raise Gone from error
        except Exception as error:
            if type(error).__module__ == "http.client":  # cut off in the middle of the answer
                raise Gone from error
            raise


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    found: dict[str, str] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        found[attributes["name"]] = attributes["value"]
    return found


# The trial


@dataclass
class Trial:
    """What was promised so far, and what was found missing."""

    key: str
    promised: dict[int, Answer] = field(default_factory=dict)
    """The last acknowledged answer by indicator number."""
    pending: tuple[int, Answer] | None = None
    """Sent, and neither acknowledged nor known to have failed."""
    acknowledged: int = 0
    lost: int = 0

    def save(self, target: Target, number: int, answer: Answer) -> None:
        self.pending = number, answer
        target.save(self.key, number, answer)
        self.pending = None
        self.promised[number] = answer
        self.acknowledged += 1

    def check(self, stored: Mapping[int, Answer]) -> None:
        """Count what is missing, and take what the dead process stored unasked for the truth."""
        if self.pending and stored[self.pending[0]] == self.pending[1]:
            self.promised[self.pending[0]] = self.pending[1]
        self.pending = None
        for number, answer in stored.items():
            if answer != self.promised.get(number, Answer()):
                self.lost += 1
                print(f"indicator {number}: promised {self.promised.get(number)}, found {answer}")
                self.promised[number] = answer


def stored(database: str, key: str) -> Mapping[int, Answer]:
    """The answers as another process reads them; raises SystemExit if the database is damaged."""
    store = open_store(database)
    try:
        if database.startswith("sqlite"):
            verdict = store.rows("PRAGMA integrity_check")
            if verdict != [{"integrity_check": "ok"}]:
                raise SystemExit(f"the database is damaged: {verdict}")
        found = assessments.find(store, key)
        if found is None:
            raise SystemExit("the assessment is lost")
        return found.own.answers
    finally:
        store.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Without any warning, and with the processes it may have started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def one_life(target: Target, trial: Trial, serial: int, chance: random.Random) -> int:
    """Start the target, save until it is killed; the serial number of the next answer."""
    process = target.start()
    timer = threading.Timer(chance.uniform(0, LONGEST_LIFE_SECONDS), kill, [process])
    patient = serial == 0 or chance.random() < 0.8  # mostly in the midst of saving, sometimes before
    if not patient:
        timer.start()
    try:
        while True:
            number = MODEL.numbers[serial % len(MODEL.numbers)]
            trial.save(target, number, Answer(chance.randrange(5), f"answer {serial} 🏭 پاسخ"))
            serial += 1
            if not timer.ident:
                timer.start()
    except Gone:
        return serial + 1
    finally:
        if not timer.ident:
            timer.start()
        timer.join()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(BrokenPipeError):  # what it did not read any more
                    stream.close()


def run(target: Target, database: str, kills: int, seed: int) -> Trial:
    """Kill the target so many times and check after each."""
    chance = random.Random(seed)
    first = target.start()
    try:
        trial = Trial(target.begin())
    finally:
        kill(first)
    serial = 0
    for _ in range(kills):
        serial = one_life(target, trial, serial, chance)
        trial.check(stored(database, trial.key))
    return trial


def main() -> int:
    options: Any = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--target", choices=("server", "storage"), default="server")
    options.add_argument("--database", metavar="URL")
    options.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats the same moments")
    options.add_argument("--writer", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.writer:
        write(given.database)
        return 0
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        database = given.database or f"sqlite://{folder}/readiness.sqlite"
        target = Storage(database) if given.target == "storage" else Server(database, Path(folder))
        trial = run(target, database, given.kills, given.seed)
    print(f"kills {given.kills}, acknowledged {trial.acknowledged}, lost {trial.lost} (seed {given.seed})")
    return 1 if trial.lost or not trial.acknowledged else 0


if __name__ == "__main__":
    sys.exit(main())

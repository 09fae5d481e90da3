import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from readiness.core.model import CURRENT, load
from readiness.storage import assessments, backup
from readiness.storage.responses import Answer
from readiness.storage.sqlite import SqliteStore
from tests.crash.kill_server import ROOT, Trial, environment

SCRIPT = ROOT / "tests" / "crash" / "kill_server.py"
COUNTS = re.compile(r"kills (\d+), acknowledged (\d+), lost (\d+)")


def counts(*arguments: str) -> list[int]:
    """Kills, acknowledged and lost, as the script prints them."""
    done = subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, timeout=120)
    found = COUNTS.search(done.stdout)
    assert found, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout
    return [int(number) for number in found.groups()]


def test_no_acknowledged_answer_is_lost_when_the_writing_process_is_killed(database_url: str) -> None:
    kills, acknowledged, lost = counts("--kills", "5", "--target", "storage", "--database", database_url)

    assert (kills, lost) == (5, 0)
    assert acknowledged > 0


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_when_the_web_server_is_killed() -> None:
    kills, acknowledged, lost = counts("--kills", "5", "--target", "server")

    assert (kills, lost) == (5, 0)
    assert acknowledged > 0


def test_an_answer_that_went_missing_or_came_back_is_counted_as_lost() -> None:
    old, new, unsent = Answer(1, "old"), Answer(2, "new"), Answer(3, "unsent")
    trial = Trial("key", {1: new, 2: new, 3: new}, pending=(4, new))

    trial.check({1: new, 2: old, 3: Answer(), 4: new, 5: Answer()})
    assert trial.lost == 2

    trial.check({1: new, 2: old, 3: Answer(), 4: new, 5: unsent})
    assert trial.lost == 3


RESTORING = """
import sys
from pathlib import Path
from readiness.storage import backup, sqlite
store = sqlite.SqliteStore(sys.argv[1])
print("ready", flush=True)
while True:
    for source in sys.argv[2:]:
        backup.restore(store, Path(source))
"""


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_content_whole(tmp_path: Path) -> None:
    held = {}
    for name, firms in (("few", 2), ("many", 40)):
        with closing(SqliteStore(tmp_path / f"{name}.source")) as source:
            source.migrate()
            for _ in range(firms):
                assessments.start(source, load(CURRENT), "en", {"name": name * 500}, "CEO")
            backup.backup(source, tmp_path / f"{name}.db")
        held[name * 500] = firms
    chance = random.Random(47)
    target = tmp_path / "readiness.db"
    with closing(SqliteStore(target)) as store:
        backup.restore(store, tmp_path / "few.db")

    for _ in range(5):
        command = [sys.executable, "-c", RESTORING, target, tmp_path / "few.db", tmp_path / "many.db"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(0.05 + chance.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
        with closing(sqlite3.connect(target)) as after:
            assert after.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            content = after.execute("SELECT name, count(*) FROM firms GROUP BY name").fetchall()
        assert content in [[item] for item in held.items()]
    with closing(SqliteStore(target)) as store:
        backup.restore(store, tmp_path / "few.db")
    assert not list(tmp_path.glob("readiness.db.part*"))

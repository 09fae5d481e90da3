"""A real PostgreSQL server in a temporary directory, for as long as the test run lasts."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from readiness.storage.engine import StorageError, open_store

#: The data do not outlive the run, so nothing has to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "log_min_messages": "fatal",
}

#: Whatever of a schema a test may have changed: every column, and the migrations that are recorded.
SCHEMA = """
    SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT '_migrations', name, applied_at FROM _migrations ORDER BY 1, 2
"""


class Unavailable(RuntimeError):
    """No server can be had here; the message says why."""


class Server:
    """A running server; every test gets a database of its own from it."""

    def __init__(self, sockets: Path, owner: str) -> None:
        self._sockets, self._owner, self._made = sockets, owner, 0
        self._schema: list[Any] = []
        self._clean: list[str] = []

    def url(self, database: str) -> str:
        return f"postgresql://{self._owner}@/{database}?host={self._sockets}"

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Until it answers; raises Unavailable."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self._run("postgres", "SELECT 1")
                return
            except StorageError:
                time.sleep(0.05)
        raise Unavailable("the PostgreSQL server does not answer")

    def prepare(self) -> None:
        """Make the migrated database that the others are copied from."""
        self._run("postgres", "CREATE DATABASE migrated")
        store = open_store(self.url("migrated"))
        store.migrate()
        store.close()
        self._schema = self._run("migrated", SCHEMA)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """URL of a database that is migrated and empty.

        It is emptied and used again, four times as fast as a new one, unless its schema was changed.
        """
        name = self._clean.pop() if self._clean else self._create("migrated")
        try:
            yield self.url(name)
        finally:
            self._run(
                "postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            if self._run(name, SCHEMA) == self._schema:
                tables = {table for table, *_ in self._schema} - {"_migrations"}
                self._run(name, f"TRUNCATE {', '.join(sorted(tables))}")
                self._clean.append(name)
            else:
                self._drop(name)

    @contextmanager
    def bare(self) -> Iterator[str]:
        """URL of a database without any table."""
        name = self._create("template0")
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def _create(self, template: str) -> str:
        self._made += 1
        name = f"test_{self._made}"
        self._run("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self._run("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, database: str, sql: str) -> list[Any]:
        import psycopg

        try:
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                done = connection.execute(sql)
                return done.fetchall() if done.description else []
        except psycopg.OperationalError as error:
            raise StorageError(str(error)) from error


def program(name: str) -> str:
    """Path of one of PostgreSQL's programs; raises Unavailable."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: at.parent.name.zfill(4))
    for folder in (os.environ.get("PATH", ""), *map(str, reversed(folders))):
        found = shutil.which(name, path=folder)
        if found:
            return found
    raise Unavailable(f"there is no {name} in PATH or in /usr/lib/postgresql/*/bin")


def unprivileged() -> str:
    """The user who runs the server, which refuses to run as root; raises Unavailable."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


@contextmanager
def server() -> Iterator[Server]:
    """A server on a Unix socket only, stopped and removed at the end; raises Unavailable."""
    if sys.platform == "win32":
        raise Unavailable("the tests reach PostgreSQL by a Unix socket")
    if find_spec("psycopg") is None:
        raise Unavailable("the package psycopg is not installed")
    initdb, postgres, owner = program("initdb"), program("postgres"), unprivileged()
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        home, entry = Path(folder), pwd.getpwnam(owner)
        options: dict[str, Any] = {"cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        if os.geteuid() == 0:
            os.chown(home, entry.pw_uid, entry.pw_gid)
            options |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        choices = ["-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        made = subprocess.run([initdb, "-D", home / "data", "-U", owner, *choices], check=False, **options)
        if made.returncode:
            raise Unavailable(f"initdb failed: {made.stderr.decode(errors='replace').strip()}")
        chosen = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        options["stderr"] = subprocess.DEVNULL
        process = subprocess.Popen([postgres, "-D", home / "data", "-k", home, *chosen], **options)
        try:
            running = Server(home, owner)
            running.wait(process)
            running.prepare()
            yield running
        finally:
            process.send_signal(signal.SIGQUIT)  # at once, whoever is still connected
            process.wait(30)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server a test run, or a worker of it; the tests that need it are skipped where there is none."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(server())
        except Unavailable as reason:
            pytest.skip(f"no PostgreSQL: {reason}")
        yield running

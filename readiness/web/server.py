"""The embedded server: waitress over the application."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from pathlib import Path

import waitress
from flask import Flask

from readiness.storage.engine import StorageError, open_store
from readiness.storage.sqlite import SqliteStore
from readiness.web import config, create_app

THREADS = 8


def embedded_store(instance: Path) -> SqliteStore:
    """The embedded database of an instance, for back-up and restore; raises StorageError."""
    app = Flask("readiness")
    config.load(app, instance, {})
    store = open_store(app.config["DATABASE"])
    if not isinstance(store, SqliteStore):
        raise StorageError("this instance uses PostgreSQL; back it up with pg_dump and restore with psql")
    return store


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve(instance: Path, host: str, port: int) -> int:
    """Serve until stopped; prints the address to open."""
    if not _free(host, port):
        raise StorageError(f"{host}:{port} is taken or cannot be used; choose another with --port")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app = create_app(instance)
    # Waitress writes a body to disk before the application can refuse it with a page.
    most = 16 * int(app.config["MAX_CONTENT_LENGTH"])
    server = waitress.create_server(
        app, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=most
    )
    shown = "localhost" if host in ("127.0.0.1", "::1", "0.0.0.0", "::") else host  # noqa: S104
    print(f"Data: {instance}", flush=True)  # noqa: T201
    print(f"Open http://{shown}:{port}/ (stop with Ctrl+C)", flush=True)  # noqa: T201
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.run()
    finally:
        app.extensions["printer"].close()
    return 0

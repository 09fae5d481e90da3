"""The embedded server: waitress over the application."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urljoin

import waitress
from flask import Flask

from readiness.reports.intake import MOST_BYTES
from readiness.storage import demonstration, housekeeping, organisations, sessions, users
from readiness.storage.engine import StorageError, Store, open_store
from readiness.storage.sqlite import SqliteStore
from readiness.storage.users import User
from readiness.web import config, create_app

THREADS = 8
SWEEP_SECONDS = 3600
#: Address of the first administrator, who then enters people with real ones.
FIRST = "administrator@localhost"


def embedded_store(instance: Path) -> SqliteStore:
    """The embedded database of an instance, for back-up and restore; raises StorageError."""
    app = Flask("readiness")
    config.load(app, instance, {})
    store = open_store(app.config["DATABASE"])
    if not isinstance(store, SqliteStore):
        raise StorageError("this instance uses PostgreSQL; back it up with pg_dump and restore with psql")
    return store


def open_instance(instance: Path) -> tuple[Flask, Store]:
    """The settings and the migrated database of an instance, for commands; raises StorageError."""
    app = Flask("readiness")
    config.load(app, instance, {})
    store = open_store(app.config["DATABASE"])
    store.migrate()
    return app, store


def sign_in_address(app: Flask, store: Store, user: User, base: str = "") -> str:
    """A link to sign in for whoever is at the command line, as a whole address."""
    with store.write() as transaction:
        key = sessions.make_link(transaction, user.id, sessions.PRINTED_LINK)
    return urljoin(str(app.config["BASE_URL"]) or base or "http://localhost:8000/", f"/sign-in/open/{key}")


def _first_administrator(app: Flask, store: Store, base: str) -> str:
    """The link for the first administrator until somebody has signed in, or nothing."""
    if users.anybody(store, but=demonstration.EMAIL):
        return ""
    user = users.by_email(store, FIRST)
    if user is None:
        with store.write() as transaction:
            place = organisations.add(transaction, "Organisation")
            user = users.join(transaction, FIRST, "Administrator", "en", place.id, users.ADMINISTRATOR)
    return sign_in_address(app, store, user, base)


def _keep_house(store: Store) -> None:
    """Sweep now and every hour, as long as the server runs."""

    def rounds() -> None:
        while True:
            try:
                housekeeping.sweep(store)
            except StorageError as error:
                logging.getLogger("readiness").warning("housekeeping: %s", error)
            time.sleep(SWEEP_SECONDS)

    threading.Thread(target=rounds, daemon=True, name="housekeeping").start()


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
    most = max(16 * int(app.config["MAX_CONTENT_LENGTH"]), 2 * MOST_BYTES)
    server = waitress.create_server(
        app, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=most
    )
    shown = "localhost" if host in ("127.0.0.1", "::1", "0.0.0.0", "::") else host  # noqa: S104
    print(f"Data: {instance}", flush=True)  # noqa: T201
    print(f"Open http://{shown}:{port}/ (stop with Ctrl+C)", flush=True)  # noqa: T201
    link = _first_administrator(app, app.extensions["store"], f"http://{shown}:{port}/")
    if link:
        print(f"Sign in as the first administrator (once, within 24 hours): {link}", flush=True)  # noqa: T201
    _keep_house(app.extensions["store"])
    if app.config["MAIL_SERVER"]:
        app.extensions["postman"].keep_going()
    app.extensions["bulk"].resume()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.run()
    finally:
        app.extensions["bulk"].close()
        app.extensions["printer"].close()
        app.extensions["postman"].close()
    return 0

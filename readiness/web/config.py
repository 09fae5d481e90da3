"""Settings: defaults, then config.py of the instance folder, then READINESS_* of the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from readiness.storage.engine import StorageError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
MAIL = ("MAIL_SERVER", "MAIL_PORT", "MAIL_USER", "MAIL_PASSWORD", "MAIL_FROM", "MAIL_SECURITY")
LIMITS = ("STARTS_PER_HOUR", "API_PER_MINUTE", "PRESS_PROCESSES")
ENVIRONMENT = ("SECRET_KEY", "DATABASE", "BASE_URL", "PROXIES", *LIMITS, *MAIL)
#: More processes than this at once is taken for a slip.
MOST_PROCESSES = 64
MAIL_SECURITY = ("starttls", "tls", "none")
YEAR = 31_536_000


def load(app: Flask, instance: Path, overrides: Mapping[str, object]) -> None:
    """Fill app.config; creates the instance folder and its secret key where they are missing."""
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    app.config.from_mapping(
        DATABASE=f"sqlite:///{instance / 'readiness.sqlite'}",
        BASE_URL="",
        PROXIES=0,
        STARTS_PER_HOUR=30,
        API_PER_MINUTE=600,
        PRESS_PROCESSES=1,
        MAIL_SERVER="",
        MAIL_PORT=587,
        MAIL_USER="",
        MAIL_PASSWORD="",
        MAIL_FROM="",
        MAIL_SECURITY="starttls",
        MAX_CONTENT_LENGTH=512 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=200,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,
        SESSION_COOKIE_NAME="readiness",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=YEAR,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.config.from_pyfile(str(instance / "config.py"), silent=True)
    for name in ENVIRONMENT:
        if f"READINESS_{name}" in os.environ:
            app.config[name] = os.environ[f"READINESS_{name}"]
    app.config.from_mapping(overrides)
    if not app.config.get("SECRET_KEY"):
        app.config["SECRET_KEY"] = _kept_secret(instance / "secret_key")
    _trust(app)
    _check_mail(app)
    _check_press(app)


def _check_mail(app: Flask) -> None:
    """Mail needs a sender, and an address for its links that no request can choose."""
    if not app.config["MAIL_SERVER"]:
        return
    for name in ("MAIL_FROM", "BASE_URL"):
        if not app.config[name]:
            raise StorageError(f"MAIL_SERVER is set, so {name} must be set too")
    if app.config["MAIL_SECURITY"] not in MAIL_SECURITY:
        raise StorageError(
            f'MAIL_SECURITY is "{app.config["MAIL_SECURITY"]}"; use one of {", ".join(MAIL_SECURITY)}'
        )


def _check_press(app: Flask) -> None:
    """A whole number of processes that make PDFs."""
    given = str(app.config["PRESS_PROCESSES"])
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_PROCESSES):
        raise StorageError(f'PRESS_PROCESSES is "{given}"; use a number from 1 to {MOST_PROCESSES}')
    app.config["PRESS_PROCESSES"] = int(given)


def _kept_secret(path: Path) -> str:
    """The secret key of this instance, made at the first start and readable by its owner only."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def _trust(app: Flask) -> None:
    """Answer only under the configured address and this machine's own names."""
    base = urlsplit(str(app.config["BASE_URL"]))
    if app.config["BASE_URL"] and not (
        base.scheme in ("http", "https") and base.hostname and base.path in ("", "/")
    ):
        raise StorageError(
            f'BASE_URL is "{app.config["BASE_URL"]}"; it must be a whole address without a path,'
            " such as https://readiness.example.org"
        )
    hosts = [*LOCAL_HOSTS, *([base.hostname] if base.hostname else [])]
    app.config.setdefault("TRUSTED_HOSTS", None)
    app.config["TRUSTED_HOSTS"] = app.config["TRUSTED_HOSTS"] or hosts
    app.config["SESSION_COOKIE_SECURE"] = base.scheme == "https"
    proxies = int(str(app.config["PROXIES"]))
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]

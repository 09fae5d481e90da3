"""Mail: what the program writes to people, posted in the outbox and sent from there."""

from __future__ import annotations

import smtplib
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast
from urllib.parse import urljoin

from flask import Flask, current_app, request, url_for

from readiness.reports.language import language
from readiness.storage import allowances, outbox, sessions, users
from readiness.storage.engine import Store
from readiness.storage.outbox import Mail
from readiness.web import access

SMTP_SECONDS = 20
#: How often what is waiting is looked at, beside each time that something is posted.
ROUND_SECONDS = 60
#: A private link in a mail is worth sending for so long.
LINK_LIFETIME = timedelta(days=3)
#: Nobody can have this program bury a mailbox, however many ask it to.
PER_ADDRESS, PER_HOURS = 20, timedelta(hours=1)


class Postman:
    """Sends what is in the outbox, one mail after the other, in a thread of its own."""

    def __init__(self, store: Store, settings: dict[str, str | int]) -> None:
        self._store, self._settings = store, settings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="postman")
        self._stop = threading.Event()

    def nudge(self) -> None:
        """Something was posted: send it soon."""
        self._thread.submit(self.deliver)

    def keep_going(self) -> None:
        """Look at the outbox again and again, until closed."""

        def rounds() -> None:
            while not self._stop.wait(ROUND_SECONDS):
                self.nudge()

        self.nudge()
        threading.Thread(target=rounds, daemon=True, name="postman-rounds").start()

    def deliver(self) -> int:
        """Send everything that is due; how many went."""
        went = 0
        while (mail := outbox.take(self._store)) is not None:
            try:
                self._send(mail)
            except Exception as error:  # whatever is wrong with one mail keeps no other waiting
                outbox.failed(self._store, mail, f"{type(error).__name__}: {error}")
            else:
                outbox.sent(self._store, mail)
                went += 1
        return went

    def _send(self, mail: Mail) -> None:
        message, settings = EmailMessage(), self._settings
        message["From"], message["To"] = str(settings["MAIL_FROM"]), mail.recipient
        message["Subject"] = " ".join(mail.subject.split())  # a name with a line break ends no header
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        secure = str(settings["MAIL_SECURITY"])
        context = ssl.create_default_context()
        host, port = str(settings["MAIL_SERVER"]), int(settings["MAIL_PORT"])
        with (
            smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
            if secure == "tls"
            else smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
        ) as server:
            if secure == "starttls":
                server.starttls(context=context)
            if settings["MAIL_USER"]:
                server.login(str(settings["MAIL_USER"]), str(settings["MAIL_PASSWORD"]))
            server.send_message(message, to_addrs=[mail.recipient])  # whatever the header can be read as

    def close(self) -> None:
        """Stop sending."""
        self._stop.set()
        self._thread.shutdown(cancel_futures=True)


def configured() -> bool:
    """Whether this server sends mail."""
    return bool(current_app.config["MAIL_SERVER"])


def postman() -> Postman:
    """The application's postman."""
    return cast(Postman, current_app.extensions["postman"])


def nudge() -> None:
    """Send what was posted, if this server sends mail."""
    if configured():
        postman().nudge()


def address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, from the configured one: never from what a request says it is."""
    base = str(current_app.config["BASE_URL"])
    return urljoin(base or request.host_url, url_for(endpoint, **values))


def line(typed: str) -> str:
    """What somebody typed, within a sentence of a mail: on one line, so that it is no mail of its own."""
    return " ".join(typed.split())


def may_go(recipient: str) -> bool:
    """Whether one more mail may go to an address now; counts it."""
    return allowances.spend(access.store(), "mail to", users.tidy_email(recipient), PER_ADDRESS, PER_HOURS)


def send_sign_in_link(email: str, browser: str) -> None:
    """Send a one-time link to a user; for an unknown address as much is done, and nothing sent."""
    user = users.by_email(access.store(), email)
    with access.store().write() as transaction:
        key = sessions.make_link(transaction, user.id if user else None, sessions.MAILED_LINK, browser)
        if user is not None and configured():
            words = language(user.language).words
            body = words(
                "Hello %(name)s,\n\nopen this link in the browser where you asked for it, within 15 minutes,"
                " to sign in:\n\n%(link)s\n\nIf you did not ask for it, you need not do anything.\n",
                name=line(user.name),
                link=address("signin.opened", link=key),
            )
            outbox.put(transaction, user.email, words("Your link to sign in"), body, sessions.MAILED_LINK)
    nudge()


def init(app: Flask) -> None:
    """Give the application its postman; nothing is sent before something is posted."""
    names = ("MAIL_SERVER", "MAIL_PORT", "MAIL_USER", "MAIL_PASSWORD", "MAIL_FROM", "MAIL_SECURITY")
    app.extensions["postman"] = Postman(app.extensions["store"], {name: app.config[name] for name in names})

"""Signing in: one-time links, and the sessions that they open. Both are kept by the hash of their key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from readiness.storage import organisations, users
from readiness.storage.engine import Store, Transaction, now
from readiness.storage.keys import hash_key, new_key
from readiness.storage.organisations import Organisation
from readiness.storage.portfolio import Author
from readiness.storage.users import User

#: A mailed link is for now; one that a command prints may travel first.
MAILED_LINK = timedelta(minutes=15)
PRINTED_LINK = timedelta(hours=24)
LIFETIME = timedelta(days=14)
IDLE = timedelta(days=3)
#: A session's last use is noted no more often than this.
_NOTED = timedelta(minutes=10)


@dataclass(frozen=True)
class Session:
    """Somebody signed in, in the role that they have now."""

    key_hash: str
    user: User
    organisation: Organisation
    role: str
    device: str
    created_at: str
    seen_at: str

    @property
    def may_change_firms(self) -> bool:
        """Whether this person may change what is kept of firms."""
        return users.MAY_CHANGE_FIRMS[self.role]

    @property
    def runs_programmes(self) -> bool:
        """Whether this person may see and change cohorts."""
        return self.role in users.RUN_PROGRAMMES

    @property
    def author(self) -> Author:
        """This person as the audit list names them."""
        return Author(self.organisation.id, self.user.name)


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _from_now(span: timedelta) -> str:
    return _at(datetime.now(UTC) + span)


def make_link(
    transaction: Transaction, user_id: str | None, lifetime: timedelta, browser: str | None = None
) -> str:
    """The key of a new one-time link, good in one browser (its secret) or, without one, in any.

    Without a user it opens nothing: so an unknown address takes as long as a known one.
    """
    key = new_key()
    transaction.run("DELETE FROM sign_in_links WHERE expires_at < :at", at=now())
    transaction.run(
        "INSERT INTO sign_in_links (key_hash, user_id, browser_hash, created_at, expires_at)"
        " VALUES (:key, :user, :browser, :at, :until)",
        key=hash_key(key),
        user=user_id,
        browser=None if browser is None else hash_key(browser),
        at=now(),
        until=_from_now(lifetime),
    )
    return key


def redeem(store: Store, key: str, browser: str, device: str) -> str | None:
    """Use a one-time link up; the key of the session that it opens, or None if it opens none."""
    with store.write() as transaction:
        row = transaction.row(
            "DELETE FROM sign_in_links WHERE key_hash = :key AND expires_at >= :at"
            " AND (browser_hash IS NULL OR browser_hash = :browser) RETURNING user_id",
            key=hash_key(key),
            at=now(),
            browser=hash_key(browser),
        )
        if row is None or row["user_id"] is None:
            return None
        place = transaction.row(
            "SELECT organisation_id FROM memberships m JOIN organisations o ON o.id = m.organisation_id"
            " WHERE user_id = :user ORDER BY o.name, o.id",
            user=row["user_id"],
        )
        if place is None:
            return None
        transaction.run("UPDATE users SET signed_in_at = :at WHERE id = :id", at=now(), id=row["user_id"])
        return _begin(transaction, row["user_id"], place["organisation_id"], device)


def _begin(
    transaction: Transaction, user_id: str, organisation_id: str, device: str, signed_in: str = ""
) -> str:
    """A session of who signed in now, or at that moment in another organisation."""
    key = new_key()
    transaction.run("DELETE FROM sessions WHERE expires_at < :at", at=now())
    transaction.run(
        "INSERT INTO sessions (key_hash, user_id, organisation_id, device, created_at, seen_at, expires_at)"
        " VALUES (:key, :user, :organisation, :device, :began, :at, :until)",
        key=hash_key(key),
        user=user_id,
        organisation=organisation_id,
        device=device,
        began=signed_in or now(),
        at=now(),
        until=_from_now(LIFETIME),
    )
    return key


_FIND = (
    "SELECT s.key_hash, s.device, s.created_at AS began_at, s.seen_at, m.role, u.id AS user_id, u.email,"
    " u.name AS user_name, u.language, u.signed_in_at, o.id, o.name, o.contact, o.colour"
    " FROM sessions s JOIN users u ON u.id = s.user_id"
    " JOIN organisations o ON o.id = s.organisation_id"
    " JOIN memberships m ON m.user_id = s.user_id AND m.organisation_id = s.organisation_id"
)


def _from_row(row: dict[str, str]) -> Session:
    user = User(row["user_id"], row["email"], row["user_name"], row["language"], row["signed_in_at"])
    return Session(
        key_hash=row["key_hash"],
        user=user,
        organisation=organisations.from_row(row),
        role=row["role"],
        device=row["device"],
        created_at=row["began_at"],
        seen_at=row["seen_at"],
    )


def find(store: Store, key: str) -> Session | None:
    """The session behind a key, unless it has run out; its use is noted now and then."""
    row = store.row(
        f"{_FIND} WHERE s.key_hash = :key AND s.expires_at >= :at AND s.seen_at >= :idle",
        key=hash_key(key),
        at=now(),
        idle=_from_now(-IDLE),
    )
    if row is None:
        return None
    if row["seen_at"] < _from_now(-_NOTED):
        with store.write() as transaction:
            transaction.run(
                "UPDATE sessions SET seen_at = :at WHERE key_hash = :key", at=now(), key=row["key_hash"]
            )
    return _from_row(row)


def of_user(store: Store, user_id: str) -> list[Session]:
    """A user's open sessions, the latest first."""
    rows = store.rows(
        f"{_FIND} WHERE s.user_id = :user AND s.expires_at >= :at AND s.seen_at >= :idle"
        " ORDER BY s.seen_at DESC, s.key_hash",
        user=user_id,
        at=now(),
        idle=_from_now(-IDLE),
    )
    return [_from_row(row) for row in rows]


def move(store: Store, session: Session, organisation_id: str, device: str) -> str | None:
    """End a session and begin one in another organisation of the same user; its key, or None.

    None too where the person signed in before having a role there: then it may have been by a link that
    the first organisation made, and that one must not follow into the other.
    """
    with store.write() as transaction:
        role = transaction.row(
            "SELECT role FROM memberships WHERE user_id = :user AND organisation_id = :organisation"
            " AND created_at <= :began",
            user=session.user.id,
            organisation=organisation_id,
            began=session.created_at,
        )
        if role is None:
            return None
        transaction.run("DELETE FROM sessions WHERE key_hash = :key", key=session.key_hash)
        return _begin(transaction, session.user.id, organisation_id, device, session.created_at)


def end(store: Store, user_id: str, key_hash: str) -> None:
    """End one session of a user."""
    with store.write() as transaction:
        transaction.run(
            "DELETE FROM sessions WHERE user_id = :user AND key_hash = :key", user=user_id, key=key_hash
        )


def end_others(store: Store, session: Session) -> None:
    """End every other session of the same user."""
    with store.write() as transaction:
        transaction.run(
            "DELETE FROM sessions WHERE user_id = :user AND key_hash <> :key",
            user=session.user.id,
            key=session.key_hash,
        )

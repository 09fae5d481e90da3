"""Users: people with a role in one or more organisations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from readiness.storage.engine import Row, Store, Transaction, new_id, now
from readiness.storage.organisations import Organisation
from readiness.storage.organisations import from_row as organisation_from_row

CONSULTANT, MANAGER, ADMINISTRATOR = "consultant", "manager", "administrator"
ROLES = (CONSULTANT, MANAGER, ADMINISTRATOR)
#: Roles that may change what is kept of firms; a manager looks on.
MAY_CHANGE_FIRMS: Mapping[str, bool] = MappingProxyType(
    {CONSULTANT: True, MANAGER: False, ADMINISTRATOR: True}
)
#: Roles that run programmes: cohorts show firms beside one another, also those of no portfolio.
RUN_PROGRAMMES = (MANAGER, ADMINISTRATOR)


@dataclass(frozen=True)
class User:
    """Somebody who signs in."""

    id: str
    email: str
    name: str
    language: str
    signed_in_at: str | None


@dataclass(frozen=True)
class Membership:
    """A role that somebody has in an organisation."""

    user: User
    organisation: Organisation
    role: str


class LastAdministrator(RuntimeError):
    """Without this person nobody could administer the organisation any more."""


def from_row(row: Row) -> User:
    """A user from its database row."""
    return User(row["id"], row["email"], row["name"], row["language"], row["signed_in_at"])


def tidy_email(email: str) -> str:
    """An address as it is kept and looked up."""
    return email.strip().lower()


def by_email(store: Store, email: str) -> User | None:
    """The user with this address, or None."""
    row = store.row("SELECT * FROM users WHERE email = :email", email=tidy_email(email))
    return None if row is None else from_row(row)


def anybody(store: Store, but: str = "") -> bool:
    """Whether somebody has ever signed in, not counting this address."""
    row = store.row(
        "SELECT 1 AS one FROM users WHERE signed_in_at IS NOT NULL AND email <> :but LIMIT 1", but=but
    )
    return row is not None


def join(
    transaction: Transaction, email: str, name: str, language: str, organisation_id: str, role: str
) -> User:
    """Give somebody a role in an organisation; who is new is added, who has a role there gets this one.

    Where somebody has a role elsewhere, that organisation could make links to sign in for this person until
    now. They open nothing any more; readiness.storage.sessions.move sees to sessions. Raises
    LastAdministrator.
    """
    _hold(transaction, organisation_id)
    row = transaction.row(
        "INSERT INTO users (id, email, name, language, created_at)"
        " VALUES (:id, :email, :name, :language, :at)"
        " ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING *",
        id=new_id(),
        email=tidy_email(email),
        name=name,
        language=language,
        at=now(),
    )
    assert row is not None
    user = from_row(row)
    places = transaction.rows("SELECT organisation_id, role FROM memberships WHERE user_id = :id", id=user.id)
    roles = {place["organisation_id"]: place["role"] for place in places}
    if organisation_id in roles:
        if roles[organisation_id] != role:
            set_role(transaction, organisation_id, user.id, role)
        return user
    if roles:
        transaction.run("DELETE FROM sign_in_links WHERE user_id = :id AND browser_hash IS NULL", id=user.id)
    transaction.run(
        "INSERT INTO memberships (user_id, organisation_id, role, created_at)"
        " VALUES (:user, :organisation, :role, :at)",
        user=user.id,
        organisation=organisation_id,
        role=role,
        at=now(),
    )
    return user


def memberships(store: Store, user_id: str) -> list[Membership]:
    """The roles of a user, by the organisation's name."""
    rows = store.rows(
        "SELECT o.*, m.role FROM memberships m JOIN organisations o ON o.id = m.organisation_id"
        " WHERE m.user_id = :user ORDER BY o.name, o.id",
        user=user_id,
    )
    user = store.row("SELECT * FROM users WHERE id = :id", id=user_id)
    if user is None:
        return []
    return [Membership(from_row(user), organisation_from_row(row), row["role"]) for row in rows]


def members(store: Store, organisation: Organisation) -> list[Membership]:
    """The people of an organisation, by name."""
    rows = store.rows(
        "SELECT u.*, m.role FROM memberships m JOIN users u ON u.id = m.user_id"
        " WHERE m.organisation_id = :organisation ORDER BY u.name, u.id",
        organisation=organisation.id,
    )
    return [Membership(from_row(row), organisation, row["role"]) for row in rows]


def only_here(store: Store, organisation: Organisation) -> frozenset[str]:
    """Ids of the people who have a role in this organisation and in no other."""
    rows = store.rows(
        "SELECT m.user_id FROM memberships m WHERE m.organisation_id = :organisation AND NOT EXISTS"
        " (SELECT 1 FROM memberships o WHERE o.user_id = m.user_id AND o.organisation_id <> :organisation)",
        organisation=organisation.id,
    )
    return frozenset(row["user_id"] for row in rows)


def _hold(transaction: Transaction, organisation_id: str) -> bool:
    """Keep everybody else from changing its people meanwhile; whether it has an administrator."""
    transaction.run("UPDATE organisations SET updated_at = updated_at WHERE id = :id", id=organisation_id)
    return _administered(transaction, organisation_id)


def _administered(transaction: Transaction, organisation_id: str) -> bool:
    row = transaction.row(
        "SELECT 1 AS one FROM memberships WHERE organisation_id = :organisation AND role = 'administrator'",
        organisation=organisation_id,
    )
    return row is not None


def set_role(transaction: Transaction, organisation_id: str, user_id: str, role: str, seen: str = "") -> bool:
    """Change somebody's role and end the sessions under the old one; whether it could be changed.

    If `seen` is given, only that role is changed, no later one. Raises LastAdministrator.
    """
    had = _hold(transaction, organisation_id)
    changed = transaction.run(
        "UPDATE memberships SET role = :role WHERE user_id = :user AND organisation_id = :organisation"
        " AND (:seen = '' OR role = :seen)",
        role=role,
        user=user_id,
        organisation=organisation_id,
        seen=seen,
    )
    if changed:
        if had and not _administered(transaction, organisation_id):
            raise LastAdministrator
        _end_sessions(transaction, organisation_id, user_id)
    return bool(changed)


def leave(transaction: Transaction, organisation_id: str, user_id: str, seen: str = "") -> bool:
    """Take somebody's role in an organisation away; whether there was one, and the one that was seen.

    Raises LastAdministrator.
    """
    had = _hold(transaction, organisation_id)
    gone = transaction.run(
        "DELETE FROM memberships WHERE user_id = :user AND organisation_id = :organisation"
        " AND (:seen = '' OR role = :seen)",
        user=user_id,
        organisation=organisation_id,
        seen=seen,
    )
    if gone:
        if had and not _administered(transaction, organisation_id):
            raise LastAdministrator
        _end_sessions(transaction, organisation_id, user_id)
        transaction.run(
            "DELETE FROM users WHERE id = :user AND NOT EXISTS"
            " (SELECT 1 FROM memberships WHERE user_id = :user)",
            user=user_id,
        )
    return bool(gone)


def _end_sessions(transaction: Transaction, organisation_id: str, user_id: str) -> None:
    transaction.run(
        "DELETE FROM sessions WHERE user_id = :user AND organisation_id = :organisation",
        user=user_id,
        organisation=organisation_id,
    )

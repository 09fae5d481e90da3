"""People who work for an organisation, signed in."""

from flask import Flask

from readiness.storage import organisations, sessions, users
from tests.web.pages import Person


def name_of(email: str) -> str:
    """The name that goes with an address here."""
    return email.partition("@")[0].title()


def join(app: Flask, email: str, role: str, organisation: str) -> str:
    """Give an address a role in the organisation of this name; the path of a link to sign in."""
    store = app.extensions["store"]
    found = organisations.named(store, organisation)
    with store.write() as transaction:
        place = found[0] if found else organisations.add(transaction, organisation)
        user = users.join(transaction, email, name_of(email), "en", place.id, role)
        return f"/sign-in/open/{sessions.make_link(transaction, user.id, sessions.PRINTED_LINK)}"


def sign_in(person: Person, link: str) -> Person:
    """Open a link to sign in and press its button."""
    person.send(person.open(link))
    return person


def member(person: Person, role: str = "consultant", organisation: str = "Hub", email: str = "") -> Person:
    """Sign a visitor in, in a role of an organisation."""
    email = email or f"{role}@{organisation.lower()}.org"
    person.typed |= {email, name_of(email), organisation}
    return sign_in(person, join(person.app, email, role, organisation))


def add_firm(person: Person, name: str = "Nanotech Pars", **fields: str) -> str:
    """Add a firm to the portfolio; the path of its page."""
    return person.send(person.open("/portfolio/new"), {"name": name, **fields}).path


def round_of(person: Person, firm: str) -> str:
    """The path of a firm's latest round, by the id of the portfolio."""
    found = (link for link in person.open(firm).links() if link.endswith("/comments"))
    return next(found).removesuffix("/comments")


def link_to(person: Person, firm: str) -> str:
    """The path of a private link to a firm's latest round."""
    shown = person.send(person.open(firm), button="show", form="link")
    return "/a/" + shown.private_link.rpartition("/a/")[2]

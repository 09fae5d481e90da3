"""Organisations that look after firms, for the tests of what they keep of them."""

from readiness.core.model import CURRENT, load
from readiness.storage import organisations, portfolio
from readiness.storage.audit import Entry, listing
from readiness.storage.engine import Store
from readiness.storage.portfolio import Author


def author(store: Store, organisation: str = "Hub", name: str = "Ada") -> Author:
    """Somebody who works for a new organisation."""
    with store.write() as transaction:
        return Author(organisations.add(transaction, organisation).id, name)


def round_of(store: Store, who: Author, firm: str = "Acme") -> str:
    """Id of the first round of a new firm of the author's organisation."""
    added, _ = portfolio.add(store, who, load(CURRENT), "en", {"name": firm}, "Founder")
    return portfolio.rounds_of(store, [added.id])[added.id][0].id


def deeds(store: Store, who: Author, deed: str) -> list[Entry]:
    """What is noted of one kind of deed."""
    return [entry for entry in listing(store, who.organisation_id, 0, 100) if entry.deed == deed]

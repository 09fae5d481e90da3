"""The portfolio of an organisation with a thousand firms, over a bare hello page."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import waitress
from pairs import line, ratio
from web import HOST, Visitor, hello_app

from readiness.core import model
from readiness.storage import assessments, firms, organisations, sessions, users
from readiness.storage.engine import Store

FIRMS = 1_000


def _fill(store: Store) -> str:
    """An organisation with its firms, each assessed twice; the path of a link to sign in."""
    with store.write() as transaction:
        place = organisations.add(transaction, "Bench")
        user = users.join(transaction, "ada@bench.org", "Ada", "en", place.id, users.CONSULTANT)
        for at in range(FIRMS):
            values = {"name": f"Firm {at * 7919 % FIRMS:04}", "sector": ("software", "energy")[at % 2]}
            firm_id = firms.add(transaction, values, place.id)
            for number in (1, 2):
                assessments.begin(transaction, firm_id, model.load(), "en", "Founder", number)
        transaction.run(
            "UPDATE assessments SET status = 'finished', finished_at = created_at, overall = 40 + 20 * round,"
            " overall_low = 35 + 20 * round, overall_high = 45 + 20 * round, route = 'networking'"
        )
        return f"/sign-in/open/{sessions.make_link(transaction, user.id, sessions.PRINTED_LINK)}"


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        app = hello_app(Path(name))
        link = _fill(app.extensions["store"])
        server = waitress.create_server(app, host=HOST, port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        try:
            ada, nobody = Visitor(server.effective_port), Visitor(server.effective_port)
            ada.fetch(link, ada.fields(ada.fetch(link)))
            for what, path in (("by name", ""), ("by index", "?sort=index"), ("a search", "?q=firm+01")):
                if f"{FIRMS // 10 if 'q=' in path else FIRMS} firms".encode() not in ada.fetch(
                    f"/portfolio{path}"
                ):
                    raise RuntimeError(f"not the portfolio: {ada.path}")
                found = ratio(
                    lambda path=path: ada.fetch(f"/portfolio{path}"), lambda: nobody.fetch("/hello"), runs=300
                )
                yield line(
                    f"a portfolio page with {FIRMS:,} firms, {what} / a bare hello page", found, "<= 4"
                )
        finally:
            server.close()
            app.extensions["printer"].close()

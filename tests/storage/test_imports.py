"""Many firms taken in at once: all of them or none, on either engine."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from readiness.core.answers import Response
from readiness.storage import assessments, audit, housekeeping, imports, organisations, portfolio
from readiness.storage.assessments import Result
from readiness.storage.engine import Store
from readiness.storage.imports import ADD_FIRM, ADD_ROUND, SKIP, Ambiguous, Done, Gone, NewFirm, NewRound
from readiness.storage.portfolio import Author, Query
from tests.storage.tools import counts, in_thread, refused


@pytest.fixture
def author(store: Store) -> Author:
    return join(store, "Hub")


def join(store: Store, name: str) -> Author:
    with store.write() as transaction:
        return Author(organisations.add(transaction, name).id, "Ada")


def response(rater: str = "CEO", term: int = 3, **remarks: dict[str, str]) -> Response:
    return Response(rater, np.full(47, term, dtype=np.uint8), **remarks)


def round_of(*responses: Response, finished: str | None = "2026-03-02T00:00:00Z") -> NewRound:
    return NewRound("rezvani-2024", finished, Result(80.0, 80.0, 80.0, "sustain"), responses or (response(),))


def firm(name: str, *rounds: NewRound, **values: Any) -> NewFirm:
    return NewFirm({"name": name, **values}, rounds or (round_of(),))


def take_in(store: Store, author: Author, batch: list[NewFirm], way: str = SKIP) -> Done:
    upload = imports.keep(store, author, "firms.csv", b"x")
    return imports.take_in(store, author, upload, batch, "fa", way)


def names(store: Store, author: Author) -> list[str]:
    return [line.firm.name for line in portfolio.listing(store, author.organisation_id, Query())]


def test_everything_of_a_firm_is_kept(store: Store, author: Author) -> None:
    raters = [response(f"Rater {at}", at % 5, notes={"3": "یادداشت"}) for at in range(12)]

    done = take_in(
        store,
        author,
        [
            firm(
                "نانو",
                round_of(*raters),
                round_of(response("CEO", 7, reasons={"1": "why"}), finished=None),
                country="Iran",
                regions=("africa",),
                email="a@b.org",
                employees=3,
            )
        ],
    )

    assert done == Done(1, 0, 0)
    (line,) = portfolio.listing(store, author.organisation_id, Query(search="نانو"))
    assert (line.firm.country, line.firm.regions, line.firm.email) == ("Iran", ("africa",), "a@b.org")
    second, first = line.rounds
    assert (first.status, first.overall, first.route, first.language) == ("finished", 80.0, "sustain", "fa")
    assert (second.status, second.round) == ("open", 2)
    found = assessments.find_in(store, author.organisation_id, first.id)
    assert found is not None
    assert [item.rater for item in found.responses] == [f"Rater {at}" for at in range(12)]
    assert found.responses[3].answers[3].note == "یادداشت" and found.responses[3].answers[1].code == 3
    other = assessments.find_in(store, author.organisation_id, second.id)
    assert other is not None and other.own.answers[1].reason == "why"


@pytest.mark.parametrize(
    ("way", "done", "rounds"),
    [(SKIP, Done(1, 0, 1), [1, 1]), (ADD_ROUND, Done(1, 1, 0), [1, 2]), (ADD_FIRM, Done(2, 0, 0), [1, 1, 1])],
)
def test_a_firm_of_the_portfolio_becomes_what_was_chosen(
    store: Store, author: Author, way: str, done: Done, rounds: list[int]
) -> None:
    take_in(store, author, [firm("Pars", country="Iran")])

    assert take_in(store, author, [firm("PARS", country="Iraq"), firm("Nano")], way) == done

    lines = portfolio.listing(store, author.organisation_id, Query())
    assert [len(line.rounds) for line in lines] == rounds
    assert {line.firm.country for line in lines if line.firm.name == "Pars"} == {"Iran"}


def test_which_firm_gets_a_round_must_be_clear(store: Store, author: Author) -> None:
    take_in(store, author, [firm("Pars")])
    before = counts(store)

    with pytest.raises(Ambiguous):
        take_in(store, author, [firm("New"), firm("Pars"), firm("pars")], ADD_ROUND)

    assert counts(store) == before
    take_in(store, author, [firm("Pars")], ADD_FIRM)
    assert imports.known(store, author.organisation_id, ["pars", "nano"]) == {"pars": 2}
    with pytest.raises(Ambiguous):
        take_in(store, author, [firm("Pars")], ADD_ROUND)


def test_a_failure_half_way_leaves_nothing_and_the_file(store: Store, author: Author) -> None:
    before, upload = counts(store), imports.keep(store, author, "firms.csv", b"x")
    bad = round_of(response("CEO"), response("CEO"))  # the last of the statements refuses this

    with refused():
        imports.take_in(
            store, author, upload, [*(firm(f"Firm {at}") for at in range(300)), firm("Z", bad)], "en", SKIP
        )

    assert counts(store) == before
    assert audit.listing(store, author.organisation_id, 0, 10) == []
    assert imports.find(store, author.organisation_id, upload) is not None


def test_a_file_is_imported_once(store: Store, author: Author) -> None:
    upload = imports.keep(store, author, "firms.csv", b"x")
    imports.take_in(store, author, upload, [firm("Pars")], "en", SKIP)

    with pytest.raises(Gone):
        in_thread(store, imports.take_in, store, author, upload, [firm("Pars")], "en", ADD_FIRM)

    assert names(store, author) == ["Pars"]
    assert imports.find(store, author.organisation_id, upload) is None


def test_an_import_is_noted_with_its_number(store: Store, author: Author) -> None:
    take_in(store, author, [firm("Pars"), firm("Nano")])

    (entry,) = audit.listing(store, author.organisation_id, 0, 10)
    assert (entry.who, entry.deed, entry.about) == ("Ada", "import.done", "2 + 0 (firms.csv)")


def test_a_file_belongs_to_the_organisation_and_is_kept_for_an_hour(store: Store, author: Author) -> None:
    other = join(store, "Other")
    upload = imports.keep(store, author, "firms.csv", b"\x00content")

    found = imports.find(store, author.organisation_id, upload)
    assert found is not None and found.content == b"\x00content"
    assert imports.find(store, other.organisation_id, upload) is None
    with pytest.raises(Gone):
        imports.take_in(store, other, upload, [], "en", SKIP)
    imports.throw_away(store, other.organisation_id, upload)
    assert imports.find(store, author.organisation_id, upload) is not None

    old = (datetime.now(UTC) - timedelta(minutes=61)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.write() as transaction:
        transaction.run("UPDATE uploads SET created_at = :old", old=old)
    assert imports.find(store, author.organisation_id, upload) is None
    imports.keep(store, other, "more.csv", b"y")
    assert store.rows("SELECT id FROM uploads WHERE id = :id", id=upload) == []


def test_a_further_file_of_a_person_takes_the_place_of_the_one_before(store: Store, author: Author) -> None:
    first = imports.keep(store, author, "one.csv", b"1")
    colleague = Author(author.organisation_id, "Bob")
    theirs = imports.keep(store, colleague, "theirs.csv", b"2")

    imports.keep(store, author, "two.csv", b"3")

    assert imports.find(store, author.organisation_id, first) is None
    assert imports.find(store, author.organisation_id, theirs) is not None


def test_files_that_nobody_confirmed_are_thrown_away(store: Store, author: Author) -> None:
    old = imports.keep(store, author, "old.csv", b"secret")
    with store.write() as transaction:
        transaction.run("UPDATE uploads SET created_at = '2020-01-01T00:00:00Z' WHERE id = :id", id=old)
    new = imports.keep(store, join(store, "Other"), "new.csv", b"wanted")

    housekeeping.sweep(store)

    assert [row["id"] for row in store.rows("SELECT id FROM uploads")] == [new]

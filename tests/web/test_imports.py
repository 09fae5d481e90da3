"""Answers in: upload, look over, take in; whatever the file says."""

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable

import pytest
from flask import Flask

from readiness.reports.intake import MOST_BYTES, quoted
from readiness.storage import assessments, audit, portfolio
from readiness.storage.portfolio import Query
from readiness.web import profile
from tests.web.conftest import Visitor
from tests.web.files import file_of, post, upload
from tests.web.hostile import TEXTS
from tests.web.members import add_firm, member
from tests.web.pages import Person


@pytest.fixture
def consultant(visitor: Visitor, request: pytest.FixtureRequest) -> Person:
    """A consultant of an organisation of the test's own."""
    return member(visitor(), organisation=f"Hub {request.node.name}", email=f"{slug(request)}@x.org")


def slug(request: pytest.FixtureRequest) -> str:
    return hashlib.sha256(request.node.name.encode()).hexdigest()[:12]


def lines(person: Person, name: str) -> list[portfolio.Line]:
    store = person.app.extensions["store"]
    row = store.row("SELECT id FROM organisations WHERE name = :name", name=name)
    return portfolio.listing(store, row["id"], Query())


def table(*rows: list[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


FULL = [str(number) for number in range(1, 48)]
TWO = table(
    ["firm", "country", "rater", *FULL],
    ["Nanotech Pars", "Iran", "CEO", *["H"] * 43, "L", *["H"] * 3],
    ["Nanotech Pars", "Iran", "CTO", *["VH"] * 43, "VL", *["VH"] * 3],
    ["Alborz", "", "CEO", *["L"] * 47],
)


def test_a_file_is_looked_over_and_then_taken_in(consultant: Person, request: pytest.FixtureRequest) -> None:
    page = upload(consultant, TWO)

    assert "2 firms" in page.text and "3 raters’ responses" in page.text and "141 answers" in page.text
    assert "Nanotech Pars" in page.text and "CTO" in page.text
    assert lines(consultant, f"Hub {request.node.name}") == []

    after = consultant.send(page, form="confirm")

    assert after.path == "/portfolio" and "2 firms were added." in after.text
    first, second = lines(consultant, f"Hub {request.node.name}")
    assert (first.firm.name, second.firm.name) == ("Alborz", "Nanotech Pars")
    (taken,) = second.rounds
    assert taken.finished and taken.route == "sustain"
    profile = consultant.open(f"/a/{taken.id}/profile")
    assert f"{taken.overall:.0f} of 100" in profile.text
    consultant.open(page.path, status=404)


def test_what_an_import_keeps_is_what_finishing_comes_to(
    consultant: Person, request: pytest.FixtureRequest
) -> None:
    answers = ["VH", "H", "L", "DK", "", "M", "VL", "NA"] * 6
    consultant.send(upload(consultant, table(["firm", *FULL], ["Pars", *answers[:47]])), form="confirm")
    (line,) = lines(consultant, f"Hub {request.node.name}")
    kept = line.rounds[0]

    store = consultant.app.extensions["store"]
    with consultant.app.test_request_context("/"):
        found = assessments.find_in(store, str(line.firm.organisation_id), kept.id)
        assert found is not None
        due = profile.result_of(profile.make(found, "en"))
    assert (kept.route, kept.overall is None) == (due.route, due.overall is None)
    assert [kept.overall, kept.low, kept.high] == pytest.approx([due.overall, due.low, due.high])


def test_every_problem_is_named_and_nothing_kept(consultant: Person, request: pytest.FixtureRequest) -> None:
    page = upload(consultant, table(["firm", "1", "48"], ["A", "6", "L"], ["", "L", ""]), status=400)

    assert "3 problems, so nothing was imported" in page.text
    assert "Row 1, column C (48): indicator 48 was rejected" in page.text
    assert "Row 2, column B (1): unknown answer “6”" in page.text
    assert "Row 3, column A (firm): the name of the firm is missing" in page.text
    store = consultant.app.extensions["store"]
    assert not store.rows("SELECT 1 AS one FROM uploads WHERE made_by = :who", who=slug(request).title())


def test_firms_without_answers_are_added_with_an_open_round(
    consultant: Person, request: pytest.FixtureRequest
) -> None:
    consultant.send(
        upload(consultant, table(["firm", "email"], ["A", "a@b.org"], ["B", "c@d.org"])), form="confirm"
    )

    found = lines(consultant, f"Hub {request.node.name}")
    assert [(line.firm.email, line.rounds[0].status) for line in found] == [
        ("a@b.org", "open"),
        ("c@d.org", "open"),
    ]
    assert "not answered" in consultant.open(f"/a/{found[0].rounds[0].id}/check").text.lower()


@pytest.mark.parametrize(
    ("way", "told", "rounds"),
    [
        ("skip", "1 firm was left as it is.", [1]),
        ("round", "1 round was added to a firm of the portfolio.", [2]),
        ("firm", "1 firm was added.", [1, 1]),
    ],
)
def test_the_person_chooses_what_becomes_of_firms_that_are_there(
    consultant: Person, request: pytest.FixtureRequest, way: str, told: str, rounds: list[int]
) -> None:
    add_firm(consultant, "پارس كالا")

    page = upload(consultant, table(["firm", "1"], ["پارس کالا", "H"]))
    assert "1 firm is in your portfolio already" in page.text
    after = consultant.send(page, {"way": way}, form="confirm")

    assert told in after.text
    assert [len(line.rounds) for line in lines(consultant, f"Hub {request.node.name}")] == rounds


def test_a_round_is_not_offered_where_a_name_stands_for_several_firms(consultant: Person) -> None:
    add_firm(consultant, "Twin")
    add_firm(consultant, "Twin")

    page = upload(consultant, table(["firm", "1"], ["Twin", "H"]))

    assert page.form("confirm").choices("way") == ["skip", "firm"]
    sent = [(name, value) for name, value in consultant.fill(page, {}, form="confirm") if name != "way"]
    refused = consultant.post(page.path, [*sent, ("way", "round")], status=409)
    assert "so nothing was imported" in refused.text


def test_json_is_imported_too(consultant: Person, request: pytest.FixtureRequest) -> None:
    document = {
        "model": "rezvani-2024",
        "firm": {"name": "Pars"},
        "responses": [{"rater": "CEO", "answers": {"1": "L"}}],
    }

    page = upload(consultant, json.dumps([document, document | {"firm": {"name": "Nano"}}]), "answers.json")
    consultant.send(page, form="confirm")

    assert [line.firm.name for line in lines(consultant, f"Hub {request.node.name}")] == ["Nano", "Pars"]
    bad = json.dumps([document, document | {"responses": [{"rater": "x", "answers": {"12": "?"}}]}])
    assert "document 2: responses[0].answers.12: unknown term" in upload(consultant, bad, status=400).text


def test_no_file_and_a_file_thrown_away(consultant: Person) -> None:
    page = consultant.open("/portfolio/import")
    assert (
        "Please choose a file."
        in consultant.post(page.path, [("csrf_token", page.holds("csrf_token"))], 400).text
    )

    kept = upload(consultant, TWO)
    assert consultant.send(kept, form="discard").path == "/portfolio/import"
    consultant.open(kept.path, status=404)


def test_another_organisation_and_a_manager_cannot_get_at_a_file(
    visitor: Visitor, consultant: Person, request: pytest.FixtureRequest
) -> None:
    kept = upload(consultant, TWO)
    other = member(visitor(), organisation="Other import", email="other@import.org")
    missing = other.open("/portfolio/import/0123456789", status=404)

    assert other.open(kept.path, status=404).body == missing.body
    for path in (kept.path, f"{kept.path}/discard"):
        other.post(path, [("csrf_token", other.token()), ("way", "skip")], status=404)
    manager = member(visitor(), "manager", f"Hub {request.node.name}", f"m{slug(request)}@x.org")
    manager.open("/portfolio/import", status=403)
    manager.open(kept.path, status=403)
    manager.post(kept.path, [("csrf_token", manager.token()), ("way", "skip")], status=403)
    assert "Import answers" not in manager.open("/portfolio").text
    assert "2 firms were added." in consultant.send(consultant.open(kept.path), form="confirm").text


def test_a_file_over_the_limits_is_refused_with_what_to_do(consultant: Person) -> None:
    page = upload(consultant, b"x" * (MOST_BYTES + 10), status=400)
    assert "at most 40 megabytes" in page.text

    far = upload(consultant, b"x" * (MOST_BYTES + 2 * 1024 * 1024), status=413)
    assert "The file is too large for this page" in far.text


def test_a_large_body_is_taken_by_the_import_alone_and_only_of_who_may(
    visitor: Visitor, consultant: Person
) -> None:
    long = {"csrf_token": consultant.token(), "name": "x" * 600_000}
    assert consultant.client.post("/portfolio/new", data=long).status_code == 413
    stranger = visitor()
    answer = post(stranger, "/portfolio/import", {"file": file_of(b"x" * 600_000, "a.csv")})
    assert answer.status_code in (200, 413)
    assert b"a.csv" not in answer.data


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_texts_stay_texts_in_preview_and_problems(consultant: Person, text: str) -> None:
    consultant.typed |= {text, text.strip(), quoted(text), text.upper()}

    for cells in ([text, "Iran", "L"], ["Pars", text, "L"], ["Pars", "Iran", text]):
        page = upload(consultant, table(["firm", "country", "1"], cells), status=None)
        assert "<script>" not in page.html.replace("<script src", "")
    upload(consultant, table(["firm", text], ["Pars", "L"]), status=None)


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_template_can_be_filled_in_and_imported(
    visitor: Visitor, request: pytest.FixtureRequest, code: str
) -> None:
    person = member(visitor(code), organisation=f"T {code}", email=f"t{code}@template.org")
    response = person.client.get(f"/portfolio/import/template.{code}.csv")
    assert response.mimetype == "text/csv" and response.data.startswith(b"\xef\xbb\xbf")

    header = next(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    filled = table(header, ["Pars", *[""] * (len(header) - 2), "H"])
    person.typed.add("Pars")
    page = upload(person, filled)
    person.open(page.path + "?lang=fa")
    assert person.send(person.open(page.path), form="confirm").path == "/portfolio"
    assert person.client.get("/portfolio/import/template.de.csv").status_code == 404


def test_the_import_stands_in_the_list_of_deeds(visitor: Visitor) -> None:
    person = member(visitor(), "administrator", "Deeds", "deeds@x.org")
    person.send(upload(person, TWO), form="confirm")

    assert "Firms imported 2 + 0 (firms.csv)" in person.open("/organisation/audit").text
    store = person.app.extensions["store"]
    place = store.row("SELECT id FROM organisations WHERE name = 'Deeds'")["id"]
    assert [entry.deed for entry in audit.listing(store, place, 0, 9)] == ["import.done"]


@pytest.mark.slow
def test_five_thousand_firms_are_imported_in_seconds(
    make_app: Callable[..., Flask], visitor: Visitor
) -> None:
    person = member(visitor(of=make_app()))
    content = table(["firm", "rater", *FULL], *[[f"Firm {at}", "CEO", *["H"] * 47] for at in range(5000)])
    start = time.perf_counter()

    page = upload(person, content)
    after = person.send(page, form="confirm")

    assert "5000 firms were added." in after.text
    assert time.perf_counter() - start < 20

"""A founder's whole way, as the product promises it."""

import json
import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from readiness.cli import main
from readiness.core import answers as answering
from readiness.core import scoring
from readiness.reports.pdf import attached_answers
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.founder import FIRM
from tests.web.pages import Person


def scores_by_command(file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert main(["score", str(file)]) == 0
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_from_the_landing_page_to_a_profile_and_to_nothing(
    visitor: Visitor, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    founder, neighbour = visitor(language), visitor()
    bystander = founders.start(neighbour, "Quiet firm")
    founders.finish(neighbour, bystander)

    landing = founder.open("/")
    assert "/start" in landing.links()
    page = founder.send(founder.open("/start"), FIRM)
    link = founders.home(page)
    assert page.private_link == f"http://localhost{link}"

    for place, component in enumerate(founders.components()):
        assert page.path == f"{link}/questions/{component}"
        page = founders.answer(founder, page, founders.TERMS[place % 5])
    assert page.path == f"{link}/check"
    assert founder.open(link).path == f"{link}/check", "the private link leads to where one left off"

    profile = founder.send(page)
    assert profile.path == f"{link}/profile" and profile.heading == FIRM["name"]
    assert founder.open(link).path == f"{link}/profile"

    given = founder.open(f"{link}/answers.json")
    read = answering.read(given.body.decode())
    assert read.firm["name"] == FIRM["name"] and read.firm["founded"] == 2012
    assert read.responses[0].rater == FIRM["rater"]
    file = tmp_path / "answers.json"
    file.write_bytes(given.body)
    scores = json.loads(founder.open(f"{link}/scores.json").body)
    assert scores == scores_by_command(file, capsys)
    assert scores == json.loads(json.dumps(scoring.export(scoring.score(read), read.firm)))
    assert scores["components"][founders.components()[0]]["index"] == pytest.approx(0), "all very low"

    pdf = founder.open(f"{link}/profile.{language}.pdf")
    assert pdf.response.mimetype == "application/pdf" and pdf.body.startswith(b"%PDF-")
    assert json.loads(attached_answers(pdf.body)) == json.loads(given.body)
    assert founder.open(f"{link}/profile.{language}.pdf").body == pdf.body, "made once"

    page = founder.send(profile)
    assert page.path == f"{link}/check", "reopened"
    assert founder.open(f"{link}/profile").path == f"{link}/check", "no profile meanwhile"
    first = founder.open(f"{link}/questions/{founders.components()[0]}")
    founders.answer(founder, first, "VH")
    profile = founder.send(founder.open(f"{link}/check"))
    scores = json.loads(founder.open(f"{link}/scores.json").body)
    assert scores["components"][founders.components()[0]]["index"] == pytest.approx(100)

    asked = founder.open(f"{link}/delete")
    assert FIRM["name"] in asked.text
    assert founder.open(link).path == f"{link}/profile", "asking deletes nothing"
    assert founder.send(asked).path == "/deleted"
    for path in (
        "",
        "/profile",
        f"/profile.{language}.pdf",
        "/answers.json",
        "/scores.json",
        "/firm",
        "/check",
    ):
        founder.open(f"{link}{path}", status=404)
    assert neighbour.open(bystander).heading == "Quiet firm"


def test_a_deleted_firm_leaves_no_trace_in_the_database_file(app: Flask, founder: Person) -> None:
    link = founders.start(founder, "Vanishing firm")
    page = founder.open(f"{link}/questions/{founders.components()[0]}")
    number = founders.numbers(founders.components()[0])[0]
    founder.send(page, {f"a-{number}": "H", f"n-{number}": "vanishing note"}, button="next")

    founder.send(founder.open(f"{link}/delete"))

    path = app.config["DATABASE"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        assert not [line for line in connection.iterdump() if "anishing" in line]
    assert b"anishing" not in Path(path).read_bytes()


def test_downloads_of_an_unfinished_assessment_hold_what_is_there(founder: Person) -> None:
    link = founders.start(founder)

    given = answering.read(founder.open(f"{link}/answers.json").body.decode())
    scores = json.loads(founder.open(f"{link}/scores.json").body, parse_constant=pytest.fail)

    assert scores == json.loads(json.dumps(scoring.export(scoring.score(given), given.firm)))
    assert scores["overall"] is None
    assert founder.open(f"{link}/profile.en.pdf").path.startswith(f"{link}/questions/"), "no PDF yet"


def test_a_language_that_is_not_there_has_no_pdf(founder: Person) -> None:
    link = founders.start(founder)
    founders.finish(founder, link)

    for code in ("xx", "EN", "en.fa", ".."):
        assert founder.open(f"{link}/profile.{code}.pdf").path == f"{link}/profile"
    founder.open(f"{link}/profile.%00.pdf", 404)


def test_an_assessment_without_any_rating_cannot_be_finished(founder: Person) -> None:
    link = founders.start(founder)
    component = founders.components()[0]
    founders.answer(founder, founder.open(f"{link}/questions/{component}"), "DK")

    page = founder.open(f"{link}/check")
    assert not page.read.forms
    page = founder.post(f"{link}/finish", [("csrf_token", founder.token())])

    assert page.path == f"{link}/check"


def test_the_private_link_leads_to_the_first_open_question(founder: Person) -> None:
    link = founders.start(founder)
    first, second = founders.components()[:2]
    assert founder.open(link).path == f"{link}/questions/{first}"

    founders.answer(founder, founder.open(f"{link}/questions/{first}"), "NA")

    assert founder.open(link).path == f"{link}/questions/{second}"


def test_the_sample_profile_can_be_had_as_pdf(founder: Person) -> None:
    pdf = founder.open("/sample.pdf")

    assert pdf.body.startswith(b"%PDF-")
    assert pdf.response.headers["Content-Disposition"] == 'attachment; filename="sample profile.pdf"'

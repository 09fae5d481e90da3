"""Answers out: as a table, as documents, as a workbook; and in again."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Visitor
from tests.web.files import upload
from tests.web.hostile import TEXTS
from tests.web.members import add_firm, member
from tests.web.pages import Person


@pytest.fixture
def hub(make_app: Callable[..., Flask], visitor: Visitor) -> Person:
    """A consultant with two firms, one of them with two raters and hostile texts."""
    person = member(visitor(of=make_app()))
    file = io.StringIO()
    facts = {"country": "ایران", "founded": "1990", "regions": "africa; europe", "email": "a@b.org"}
    facts |= {"firm": "=1+1", "finished": "2026-01-02"}
    first = {"rater": "CEO", "1": "VH", "2": "NA", "3": "DK", "note 1": TEXTS[0], "reason 2": "none"}
    table = csv.DictWriter(file, [*facts, *first])
    table.writeheader()
    table.writerow(facts | first)
    table.writerow(facts | {"rater": "@cto", "1": "L", "note 1": "-x"})
    table.writerow({"firm": "Alborz", "rater": "CEO", "1": "M"})
    person.typed |= {"=1+1", "@cto"}
    person.send(upload(person, file.getvalue()), form="confirm")
    add_firm(person, "Fresh")
    return person


def get(person: Person, path: str) -> bytes:
    response = person.client.get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return response.get_data()


def elsewhere(visitor: Visitor, make_app: Callable[..., Flask], content: bytes, name: str) -> Person:
    """Somebody of another house who imports what was exported."""
    person = member(visitor(of=make_app()), organisation="Else")
    person.typed |= {"=1+1", "@cto"}
    person.send(upload(person, content, name), form="confirm")
    return person


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_goes_out_comes_in_again_whole(
    hub: Person, visitor: Visitor, make_app: Callable[..., Flask], kind: str
) -> None:
    content = get(hub, f"/portfolio/export.{kind}")

    other = elsewhere(visitor, make_app, content, f"answers.{kind}")

    assert get(other, f"/portfolio/export.{kind}") == content


def test_the_table_is_in_the_language_of_the_page_and_no_cell_runs(hub: Person) -> None:
    hub.client.get("/?lang=fa")

    rows = list(csv.reader(io.StringIO(get(hub, "/portfolio/export.csv").decode("utf-8-sig"))))

    assert rows[0][0] == "نام شرکت" and "۴۷" in rows[0]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'=1+1", "Alborz", "Fresh"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def test_the_latest_round_goes_out_and_in_json_every_round_if_asked_for(hub: Person) -> None:
    page = upload(hub, "firm,1,finished\nAlborz,VH,2026-02-03\n")
    hub.send(page, {"way": "round"}, form="confirm")

    def alborz(path: str) -> list[tuple[str, dict[str, str]]]:
        return [
            (item["firm"]["finished"], item["responses"][0]["answers"])
            for item in json.loads(get(hub, path))
            if item["firm"]["name"] == "Alborz"
        ]

    assert alborz("/portfolio/export.json") == [("2026-02-03", {"1": "VH"})]
    every = alborz("/portfolio/export.json?rounds=all")
    assert [answers for _, answers in every] == [{"1": "M"}, {"1": "VH"}]


def test_the_filter_holds_for_the_file_and_the_archive_is_left_out(hub: Person) -> None:
    hub.send(hub.open(_path(hub, "Fresh")), form="archive")

    assert len(json.loads(get(hub, "/portfolio/export.json"))) == 2
    assert len(json.loads(get(hub, "/portfolio/export.json?archived=yes"))) == 1
    assert len(json.loads(get(hub, "/portfolio/export.json?q=albo"))) == 1
    page = hub.open("/portfolio/export?q=albo")
    assert "1 firm: those of your search" in page.text
    assert "/portfolio/export.csv?q=albo" in page.links()


def _path(person: Person, name: str) -> str:
    page = person.open(f"/portfolio?q={name}")
    return next(link for link in page.links() if re.fullmatch(r"/portfolio/[0-9a-f]{24}", link))


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_workbook_is_for_people_and_holds_no_formula_and_no_link(hub: Person, code: str) -> None:
    hub.client.get(f"/?lang={code}")

    with zipfile.ZipFile(io.BytesIO(get(hub, "/portfolio/export.xlsx"))) as book:
        sheets = [book.read(f"xl/worksheets/sheet{at}.xml").decode() for at in (1, 2)]
        strings = book.read("xl/sharedStrings.xml").decode()

    for sheet in sheets:
        assert "<f>" not in sheet and "hyperlink" not in sheet
        assert ('rightToLeft="1"' in sheet) == (code == "fa")
    assert ">=1+1</t>" in strings and ("شبکه‌سازی" if code == "fa" else "Networking") in strings


def test_a_manager_may_export_and_another_organisation_gets_its_own(hub: Person, visitor: Visitor) -> None:
    manager = member(visitor(of=hub.app), "manager")
    assert b"Alborz" in get(manager, "/portfolio/export.json")
    other = member(visitor(of=hub.app), organisation="Other")
    assert json.loads(get(other, "/portfolio/export.json")) == []
    assert other.client.get("/portfolio/export.ods").status_code == 404

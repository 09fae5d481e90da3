"""The data of a cohort for an analysis: every value is the firm's own score; no name goes along unasked."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from flask import Flask

from readiness.core import model as models
from readiness.core import scoring
from readiness.core.answers import WORDS
from readiness.core.fuzzy import index as as_index
from readiness.storage import assessments
from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Person
from tests.web.programmes import add_round, add_rounds, blend, invent

MODEL = models.load()


def get(person: Person, path: str) -> bytes:
    response = person.client.get(path)
    assert response.status_code == 200, response.get_data()[:300]
    assert response.headers["Cache-Control"] == "no-store"
    return response.get_data()


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def manager(make_app: Callable[..., Flask], visitor: Visitor) -> Person:
    """Who runs a programme in a house of its own."""
    return member(visitor(of=make_app()), "manager")


def near(cell: str, value: float | None) -> bool:
    return cell == "" if value is None or np.isnan(value) else abs(float(cell) - value) < 1e-9


def test_every_value_is_the_score_of_the_firms_own_profile(manager: Person) -> None:
    path = add_cohort(manager)
    ids = add_rounds(manager, path, [blend(at, gaps=at) for at in range(8)])
    add_round(manager, path, "Several", [blend(3), blend(4, gaps=2)])

    rows = table(get(manager, f"{path}/data/file?kind=csv&names=yes"))
    means = table(get(manager, f"{path}/data/file?kind=csv&answers=mean&names=yes"))

    assert len(rows) == len(ids) + 1 and {row["invented"] for row in rows} == {"0"}
    store = manager.app.extensions["store"]
    by_name = {row["firm_name"]: row for row in rows}
    mean_by_name = {row["firm_name"]: row for row in means}
    for found in store.rows("SELECT id FROM assessments"):
        kept = assessments.load(store, found["id"])
        assert kept is not None
        scores, row = scoring.score(kept.answers()), by_name[kept.firm.name]
        assert row["raters"] == str(len(kept.counted)) and row["route"] == (
            scores.route.name if scores.route else ""
        )
        overall = scores.overall
        for name, value in (
            ("overall_index", overall and overall.index),
            ("overall_low", overall and overall.low),
            ("overall_high", overall and overall.high),
            ("overall_coverage", overall and overall.coverage),
        ):
            assert near(row[name], value), name
        parts = scores.components
        for at, key in enumerate(MODEL.components):
            assert near(row[f"{key}_index"], parts.index[at] if parts.scored[at] else None)
            assert near(row[f"{key}_low"], parts.low[at]) and near(row[f"{key}_high"], parts.high[at])
            assert near(row[f"{key}_coverage"], parts.coverage[at])
            assert row[f"{key}_scored"] == str(int(parts.scored[at]))
        for at, number in enumerate(MODEL.numbers):
            assert row[f"indicator_{number:02}"] == (WORDS[kept.answers().codes[0, at]] or "")
            value = float(as_index(scores.indicators.crisp)[at])
            assert near(mean_by_name[kept.firm.name][f"indicator_{number:02}_index"], value)


def test_the_three_forms_say_the_same(manager: Person) -> None:
    path = add_cohort(manager)
    add_rounds(manager, path, [blend(at, gaps=at * 3) for at in range(7)])

    rows = table(get(manager, f"{path}/data/file?kind=csv"))
    document = json.loads(get(manager, f"{path}/data/file?kind=json"))

    assert [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in document["rows"]
    ] == rows
    assert [item["column"] for item in document["dictionary"]] == list(rows[0])
    assert (document["invented"], document["rounds"], document["names"]) == (False, "latest", False)
    with zipfile.ZipFile(io.BytesIO(get(manager, f"{path}/data/file?kind=xlsx"))) as book:
        sheets = [book.read(name).decode() for name in sorted(book.namelist()) if "worksheets/sheet" in name]
        names = book.read("xl/workbook.xml").decode()
    assert [f'name="{name}"' in names for name in ("data", "dictionary", "about")] == [True] * 3
    kept = {round(float(value), 9) for value in re.findall(r"<v>([^<]+)</v>", sheets[0])}
    wanted = [
        value for row in rows for name, value in row.items() if name.endswith(("_index", "_low")) and value
    ]
    assert wanted and {round(float(value), 9) for value in wanted} <= kept
    assert all(name in sheets[0] and name in sheets[1] for name in rows[0])


def test_names_go_along_only_when_asked_for_and_marks_stay(manager: Person) -> None:
    one, two = add_cohort(manager), add_cohort(manager, "Autumn")
    add_rounds(manager, one, [blend(1)], others=(two,))

    bare = get(manager, f"{one}/data/file?kind=json")
    again, named = get(manager, f"{one}/data/file"), get(manager, f"{one}/data/file?kind=json&names=yes")

    assert b"Firm 1" not in bare and b"firm_name" not in bare and again[:2] == b"PK"
    marks = {json.loads(content)["rows"][0]["firm"] for content in (bare, named)}
    assert len(marks) == 1 and json.loads(named)["rows"][0]["firm_name"].startswith("Firm ")
    other = json.loads(get(manager, f"{two}/data/file?kind=json"))["rows"][0]["firm"]
    assert other not in marks, "nobody lines two cohorts up by the marks"


def test_the_latest_round_or_every_round(manager: Person) -> None:
    path = add_cohort(manager)
    (firm,) = add_rounds(manager, path, [blend(0)])
    add_round(manager, path, "", [blend(4)], firm_id=firm, number=2)

    latest = table(get(manager, f"{path}/data/file?kind=csv"))
    every = table(get(manager, f"{path}/data/file?kind=csv&rounds=all"))

    assert [row["round"] for row in latest] == ["2"] and [row["round"] for row in every] == ["1", "2"]
    assert len({row["firm"] for row in every}) == 1


def test_no_cell_of_a_hostile_firm_runs(manager: Person) -> None:
    manager.typed |= {"=cmd|' /C calc'!A0", "+Spring"}
    path = add_cohort(manager, "+Spring")
    add_round(manager, path, "=cmd|' /C calc'!A0", [blend(1)], country="@SUM(A1)")

    content = get(manager, f"{path}/data/file?kind=csv&names=yes")

    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells and "'@SUM(A1)" in cells and "'+Spring" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    with zipfile.ZipFile(io.BytesIO(get(manager, f"{path}/data/file?kind=xlsx&names=yes"))) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_an_invented_cohort_says_so_in_every_file_and_its_name(manager: Person) -> None:
    path = add_cohort(manager)
    add_rounds(manager, path, [blend(1)])
    invent(manager, path)

    for kind in ("csv", "json", "xlsx"):
        answer = manager.client.get(f"{path}/data/file?kind={kind}")
        assert "invented" in answer.headers["Content-Disposition"], kind
    assert table(get(manager, f"{path}/data/file?kind=csv"))[0]["invented"] == "1"
    assert json.loads(get(manager, f"{path}/data/file?kind=json"))["invented"] is True


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_dictionary_names_every_column_in_the_language_of_the_page(
    manager: Person, language: str
) -> None:
    path = add_cohort(manager)
    manager.client.get(f"/?lang={language}")

    page = manager.open(f"{path}/data/dictionary?names=yes")
    rows = table(get(manager, f"{path}/data/dictionary.csv?names=yes"))

    assert len(rows) == len({row["column"] for row in rows}) > 100
    for row in rows:
        assert (
            row["column"] in page.text and row["meaning"] and row["kind"] and row["missing"] and row["source"]
        )
    assert ("Name of the firm." in page.text) == (language == "en")
    assert manager.open(f"{path}/data").language == language


def test_a_choice_that_is_none_is_refused_by_name(manager: Person) -> None:
    path = add_cohort(manager)

    page = manager.open(f"{path}/data/file?rounds=some", status=400)

    assert "Rounds" in page.text and "Please choose one of these." in page.text


def test_the_page_counts_whom_it_leaves_out(manager: Person) -> None:
    path = add_cohort(manager)
    add_rounds(manager, path, [blend(1), blend(2)])
    add_round(manager, path, "Open", [blend(1)], finished=False)
    add_round(manager, path, "Else", [blend(1)], version="another")

    text = manager.open(f"{path}/data").text

    assert "2 firms have a finished round." in text and "1 firm of the cohort has none yet" in text
    assert "1 firm answered another version of the model only" in text
    assert len(table(get(manager, f"{path}/data/file?kind=csv"))) == 2


def test_a_cohort_without_rounds_has_files_without_rows(manager: Person) -> None:
    path = add_cohort(manager)

    assert table(get(manager, f"{path}/data/file?kind=csv")) == []
    document = json.loads(get(manager, f"{path}/data/file?kind=json"))
    assert document["rows"] == [] and len(document["dictionary"]) > 100
    with zipfile.ZipFile(io.BytesIO(get(manager, f"{path}/data/file"))) as book:
        assert b"overall_index" in book.read("xl/worksheets/sheet1.xml")

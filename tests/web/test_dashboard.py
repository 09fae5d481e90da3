"""The dashboard of a cohort: in both languages, with few firms and many, sorted, filtered, always fresh."""

import re
import sqlite3
from typing import Any

import pytest
from flask import Flask

from readiness.core import model as models
from readiness.core import scoring
from readiness.storage import assessments, cohorts, firms, organisations, portfolio, responses
from readiness.storage.assessments import Assessment
from readiness.storage.audit import Author
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import Store
from readiness.web import profile
from readiness.web.board import Wanted
from tests.web.cohorts import add_cohort, cohort_id
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Page, Person
from tests.web.programme import cohort_of, fill
from tests.web.tools import database

MODEL = models.load()
COUNT = len(MODEL.numbers)


class Programme:
    """A cohort of an organisation of its own, and the firms that a test gives it."""

    def __init__(self, visitor: Visitor, app: Flask, name: str) -> None:
        self.manager = member(visitor(), "manager", name)
        self.path = add_cohort(self.manager)
        self.store: Store = app.extensions["store"]
        self.organisation = organisations.named(self.store, name)[0].id
        self.app = app

    @property
    def cohort(self) -> Cohort:
        found = cohorts.find(self.store, self.organisation, cohort_id(self.path))
        assert found is not None
        return found

    def firm(
        self, name: str, codes: list[int] | int | None = 3, cared: bool = False, **facts: Any
    ) -> Assessment:
        """A firm that joined, and finished with these codes unless they are None."""
        key = assessments.start(self.store, MODEL, "en", {"name": name, **facts}, "CEO")
        found = assessments.find(self.store, key)
        assert found is not None
        with self.store.write() as transaction:
            cohorts.join(transaction, self.cohort, found.firm.id, "CEO")
            if cared:
                transaction.run(
                    "UPDATE firms SET organisation_id = :organisation WHERE id = :id",
                    organisation=self.organisation,
                    id=found.firm.id,
                )
        self.manager.typed.add(name)
        if codes is not None:
            self.answer(found, [codes] * COUNT if isinstance(codes, int) else codes)
            self.finish(found)
        return found

    def answer(self, found: Assessment, codes: list[int], rater: str = "") -> None:
        with self.store.write() as transaction:
            if rater:
                transaction.run(
                    "INSERT INTO responses (id, assessment_id, rater, codes, version, created_at, updated_at)"
                    " VALUES (:id, :assessment, :rater, :codes, 1, '2999', '2999')",
                    id=f"{found.id}{rater}",
                    assessment=found.id,
                    rater=rater,
                    codes=responses.encode(codes),
                )
                return
            transaction.run(
                "UPDATE responses SET codes = :codes, version = version + 1 WHERE assessment_id = :id",
                codes=responses.encode(codes),
                id=found.id,
            )

    def finish(self, found: Assessment) -> None:
        assessments.finish(self.store, found.id)
        done = assessments.load(self.store, found.id)
        assert done is not None
        assessments.keep_result(self.store, found.id, profile.result(scoring.score(done.answers())))

    def open(self, query: str = "") -> Page:
        return self.manager.open(f"{self.path}?{query}" if query else self.path)

    def names(self, query: str = "") -> list[str]:
        """The firms of the heat map, in order."""
        return re.findall(r'<th scope="row">(?:<a [^>]+>)?<bdi>([^<]+)</bdi>', self.open(query).html)


@pytest.fixture
def programme(visitor: Visitor, app: Flask, request: pytest.FixtureRequest) -> Programme:
    return Programme(
        visitor, app, request.node.name.replace("_", " ").replace("[", " ").replace("]", "")[:70]
    )


def charts(page: Page) -> int:
    return page.html.count('class="spread-row"')


def stages(page: Page) -> list[int]:
    return [int(text) for text in re.findall(r"<dd>(\d+)</dd>", page.html)]


# Few firms


def test_a_cohort_without_firms_says_so(programme: Programme) -> None:
    page = programme.open()

    assert "No firm is in this cohort yet." in page.text and stages(page) == [0, 0, 0, 0]
    assert charts(page) == 0 and "Firm by firm" not in page.text


def test_firms_that_have_not_finished_are_counted_and_not_shown(programme: Programme) -> None:
    programme.firm("Silent", None)
    begun = programme.firm("Begun", None)
    programme.answer(begun, [3] * COUNT)

    page = programme.open()

    assert stages(page) == [0, 2, 1, 0] and charts(page) == 0
    assert "No firm has finished an assessment yet" in page.text


@pytest.mark.parametrize("language", ["en", "fa"])
def test_below_its_floor_no_number_is_given_but_why(programme: Programme, language: str) -> None:
    programme.manager.open(f"{programme.path}?lang={language}")
    too_few = {"en": "from 5 on their gaps say more", "fa": "از ۵ شرکت به بالا، کمبودها"}[language]
    nobody = {"en": "Several people answered in 0 firms", "fa": "در ۰ شرکت چند نفر پاسخ داده‌اند"}[language]
    lines = {}
    for count in range(1, 6):
        programme.firm(f"F{count}", 1 + count % 3)
        page = programme.open()
        assert charts(page) == 10 and nobody in page.text
        lines[count] = (page.html.count('fill="#083233"'), too_few in page.text)

    assert lines == {1: (0, True), 2: (0, True), 3: (0, True), 4: (0, True), 5: (10, False)}


def test_five_firms_have_gaps_and_actions_of_all_of_them(programme: Programme) -> None:
    low = [3] * COUNT
    low[MODEL.column[19]] = 0
    for at in range(5):
        programme.firm(f"F{at}", low)

    page = programme.open()

    first = page.html.index("gaps-all")
    assert page.html.index("19 People for going abroad") < page.html.index('<th scope="row">', first) + 200
    assert "5 firms · 100%" in page.text and "Further actions" in page.text
    assert page.html.count("<summary>What it is</summary>") >= 8


def test_where_raters_differ_needs_five_firms_with_several(programme: Programme) -> None:
    for at in range(5):
        found = programme.firm(f"F{at}", None)
        programme.answer(found, [0] * COUNT)
        programme.answer(found, [4] * COUNT, "CTO")
        programme.finish(found)
        page = programme.open()
        few = f"Several people answered in {at + 1} firm" in page.text
        assert few == (at < 4) and ("5 of 5 firms" in page.text) == (at == 4)


# The heat map


def test_firms_are_sorted_by_any_column_either_way_and_without_an_index_last(programme: Programme) -> None:
    weak = [1] * COUNT
    weak[MODEL.span("assets")] = [4] * len(MODEL.of_component("assets"))
    programme.firm("Beta", 3)
    programme.firm("Alpha", weak)
    programme.firm("Gamma", 4)
    programme.firm("Delta", [6] * (COUNT - 4) + [2] * 4)

    assert programme.names() == ["Gamma", "Beta", "Alpha", "Delta"]
    assert programme.names("order=up") == ["Alpha", "Beta", "Gamma", "Delta"]
    assert programme.names("sort=name") == ["Alpha", "Beta", "Delta", "Gamma"]
    assert programme.names("sort=name&order=down") == ["Gamma", "Delta", "Beta", "Alpha"]
    assert programme.names("sort=assets&order=up")[:2] == ["Delta", "Beta"]
    assert programme.names("sort=nothing&order=sideways&page=-4") == programme.names()
    page = programme.open("sort=networking&sector=&size=1-9")
    assert "No firm is like that." in page.text
    sorted_by = programme.open("sort=networking")
    assert sorted_by.html.count('aria-sort="descending"') == 1
    assert "sort=networking&amp;order=up#firms" in sorted_by.html


def test_a_cell_says_its_number_and_a_missing_one_is_a_dash(programme: Programme) -> None:
    programme.firm("Half", [6] * (COUNT - 4) + [3] * 4)

    cells = re.findall(r'<td class="heat-(\d)">([^<]+)</td>', programme.open().html)

    assert cells[-1] == ("4", "80") and set(cells[:-1]) == {("0", "–")} and len(cells) == 10


def test_a_name_leads_to_the_firm_only_where_the_firm_is_of_the_portfolio(programme: Programme) -> None:
    mine, other = programme.firm("Mine", cared=True), programme.firm("Other")

    page = programme.open()

    assert f"/portfolio/{mine.firm.id}" in page.links()
    assert not any(other.firm.id in link for link in page.links())
    assert programme.manager.open(f"/portfolio/{mine.firm.id}").status == 200


def test_a_name_cannot_change_the_page(programme: Programme) -> None:
    programme.firm("<b>Bold</b> & Co")

    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in programme.open().html


def test_fifty_firms_stand_on_a_page(programme: Programme) -> None:
    for at in range(53):
        programme.firm(f"Firm {at:02}", 1 + at % 4)

    first, second = programme.names("sort=name"), programme.names("sort=name&page=2")

    assert first + second == [f"Firm {at:02}" for at in range(53)] and len(first) == 50
    assert programme.names("sort=name&page=99") == second
    assert "sort=name&amp;page=2#firms" in programme.open("sort=name").html


# Filters


def test_filters_are_kept_in_the_address_and_narrow_everything_but_completion(programme: Programme) -> None:
    year = int(programme.cohort.created_at[:4])
    abroad: dict[str, Any] = {
        "first_foreign_sale": year - 2,
        "foreign_share": 60,
        "countries": 4,
        "regions": ["europe", "africa"],
    }
    programme.firm("Young", sector="software", employees=5, founded=year - 3, **abroad)
    programme.firm("Old", sector="energy", employees=300, founded=year - 40, foreign_share=0)
    programme.firm("Unknown")

    assert programme.names("sector=energy") == ["Old"]
    assert programme.names("size=1-9") == ["Young"] and programme.names("size=250") == ["Old"]
    assert programme.names("age=3-5") == ["Young"] and programme.names("age=11") == ["Old"]
    assert programme.names("path=born_global") == ["Young"] and programme.names("path=not_yet") == ["Old"]
    assert programme.names("path=undecided") == ["Unknown"]
    assert programme.names("sector=energy&path=born_global") == []
    assert sorted(programme.names("sector=nonsense&size=9&age=x&path=y")) == ["Old", "Unknown", "Young"]
    page = programme.open("sector=energy&sort=name")
    assert stages(page) == [0, 3, 3, 3] and "1 firm with a finished assessment" in page.text
    assert page.holds("sector") == "energy"
    assert "sector=energy&amp;sort=name&amp;order=down#firms" in page.html
    assert "sector=energy" in programme.open("sector=energy&lang=fa").html


def test_firms_of_another_version_of_the_model_are_left_out_and_counted(programme: Programme) -> None:
    programme.firm("New")
    old = programme.firm("Old", sector="energy")
    with sqlite3.connect(database(programme.app)) as connection:
        connection.execute("UPDATE assessments SET model = 'earlier' WHERE id = ?", (old.id,))
    with programme.store.write() as transaction:
        firms.changed(transaction, old.firm.id)

    assert "1 firm is left out" in programme.open().text
    assert "1 firm is left out" in programme.open("sector=energy").text
    assert "left out" not in programme.open("sector=software").text
    with sqlite3.connect(database(programme.app)) as connection:
        connection.execute("UPDATE assessments SET model = ? WHERE id = ?", (MODEL.version, old.id))


# What is kept


def test_what_is_kept_is_never_older_than_the_cohort(programme: Programme) -> None:
    one, two, three = (programme.firm(name, None, cared=True) for name in ("One", "Two", "Three"))
    for found in (one, two, three):
        programme.answer(found, [3] * COUNT)
        before = programme.names()
        programme.finish(found)
        assert programme.names() != before
    assert sorted(programme.names()) == ["One", "Three", "Two"]

    with programme.store.write() as transaction:
        cohorts.leave(transaction, programme.cohort.id, one.firm.id)
    assert sorted(programme.names()) == ["Three", "Two"]
    portfolio.delete(programme.store, Author(programme.organisation, "Ada"), two.firm.id)
    assert programme.names() == ["Three"]
    assessments.reopen(programme.store, three.id)
    assert programme.names() == []


def test_nothing_is_gathered_twice_of_a_cohort_that_did_not_change(programme: Programme) -> None:
    programme.firm("One")
    boards = programme.app.extensions["boards"]

    def board() -> object:
        return boards.of(programme.store, programme.cohort, Wanted())

    first = board()
    assert board() is first
    programme.firm("Two")
    assert board() is not first


def test_two_cohorts_never_show_each_other(programme: Programme) -> None:
    programme.firm("Ours")
    other = add_cohort(programme.manager, "Autumn")

    assert programme.names() == ["Ours"]
    assert "Ours" not in programme.manager.open(other).text


def test_another_organisation_finds_no_dashboard(programme: Programme, visitor: Visitor) -> None:
    programme.firm("Ours")
    stranger: Person = member(visitor(), "manager", "Strangers of the dashboard")

    assert programme.open().status == 200
    assert stranger.client.get(programme.path).status_code == 404


def test_the_list_of_cohorts_leads_to_the_dashboard(programme: Programme) -> None:
    assert programme.path in programme.manager.open("/programmes").links()
    page = programme.open()
    assert page.path == programme.path and "Settings" in page.text


def test_percentiles_and_the_interval_of_a_median_stand_from_their_floors_on(
    visitor: Visitor, app: Flask
) -> None:
    person = member(visitor(), "manager", "Ranked")
    path = add_cohort(person)
    fill(app, cohort_of(app, "Ranked"), 9)
    assert re.search(r"<td>–</td></tr>", person.open(path).html)

    fill(app, cohort_of(app, "Ranked"), 1, seed=7, name="Tenth")
    page = person.open(path)

    heat = page.html[page.html.index('<table class="heat">') :]
    assert re.findall(r"<td>(\d+|–)</td></tr>", heat) == [
        "95",
        "85",
        "75",
        "65",
        "55",
        "45",
        "35",
        "25",
        "15",
        "5",
    ]
    numbers = page.html[page.html.index("spread-numbers") :]
    assert re.search(r"<td>\d+\.\d</td><td>\d+\.\d</td><td>\d+\.\d–\d+\.\d</td><td>\d+\.\d</td>", numbers)

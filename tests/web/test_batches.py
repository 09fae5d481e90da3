"""Reports of many firms at once: made beside the server, taken away as one ZIP."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask

from readiness.reports.pdf import attached_answers
from readiness.storage import assessments, batches, portfolio, responses
from readiness.storage.engine import StorageError, Store
from readiness.storage.portfolio import Author
from readiness.storage.responses import Answer
from readiness.web import access
from readiness.web import batches as ordering
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Page, Person

PATH = "/portfolio/reports"
FIRMS = ("Alborz Sensors", "Zagros / Systems: ..", "شرکت آسان‌پرداز")


def organisation_of(store: Store, person: Person, name: str) -> Author:
    from readiness.storage import organisations

    (found,) = organisations.named(store, name)
    return Author(found.id, "Ada")


def add_firm(app: Flask, author: Author, name: str, finished: bool = True) -> str:
    """A firm with every indicator answered; the id of its assessment."""
    store, model = app.extensions["store"], founders.model()
    _, key = portfolio.add(store, author, model, "en", {"name": name}, "CEO")
    found = assessments.find(store, key)
    assert found is not None
    answers = {number: Answer(number % 5, "", "") for number in model.numbers}
    seen = {number: found.own.answers[number] for number in model.numbers}
    from readiness.core.merge import digest

    responses.save(
        store,
        found.own.id,
        model,
        answers,
        {number: digest(answer.value()) for number, answer in seen.items()},
    )
    if finished:
        assessments.finish(store, found.id)
    return found.id


class Office:
    """A consultant with three firms that have finished."""

    def __init__(self, app: Flask, person: Person, organisation: str) -> None:
        self.app, self.store = app, app.extensions["store"]
        self.person = member(person, "consultant", organisation)
        self.person.typed |= set(FIRMS)
        self.author = organisation_of(self.store, person, organisation)
        self.assessments = [add_firm(app, self.author, name) for name in FIRMS]

    def make(self, **values: str | list[str]) -> Page:
        page = self.person.open(PATH)
        return self.person.send(page, {"all": "yes", **values}, form="make")

    def wait(self, page: Page, seconds: float = 60) -> Page:
        """Look again until nothing waits."""
        until = time.monotonic() + seconds
        while "data-busy" in page.html:
            assert time.monotonic() < until, page.text
            time.sleep(0.2)
            page = self.person.open(page.path)
        return page

    def zip(self, page: Page) -> zipfile.ZipFile:
        answer = self.person.client.get(f"{page.path}/reports.zip", buffered=True)
        assert answer.mimetype == "application/zip" and answer.content_length == len(answer.data)
        assert answer.headers["Cache-Control"] == "no-store"
        return zipfile.ZipFile(io.BytesIO(answer.data))


@pytest.fixture
def office(make_app: Callable[..., Flask], visitor: Visitor) -> Office:
    app = make_app()
    return Office(app, visitor(of=app), "Batch Hub")


def test_all_reports_come_as_one_zip_with_the_firms_names(office: Office) -> None:
    page = office.make(language="fa")
    assert page.path.startswith(f"{PATH}/") and "of 3 done" in page.text
    page = office.wait(page)
    assert "3 of 3 done" in page.text and "Download as ZIP" in page.text

    packed = office.zip(page)
    assert packed.testzip() is None
    names = sorted(packed.namelist())
    assert names == ["کارنامهٔ Alborz Sensors.pdf", "کارنامهٔ Zagros Systems.pdf", "کارنامهٔ شرکت آسان‌پرداز.pdf"]
    for name in names:
        assert "/" not in name and "\\" not in name and ".." not in name
        assert '"model"' in attached_answers(packed.read(name))


def test_one_that_cannot_be_made_is_named_with_its_reason_and_the_others_are_there(office: Office) -> None:
    assessments.reopen(office.store, office.assessments[0])  # between choosing and making
    wanted = [(one, name) for one, name in zip(office.assessments, FIRMS, strict=True)]
    batch = batches.add(office.store, office.author, "en", False, wanted)
    page = office.wait(office.person.open(f"{PATH}/{batch}"))

    assert "3 of 3 done" in page.text and "1 could not be made" in page.text
    assert "Alborz Sensors : The answers were opened again" in page.text.replace("Sensors:", "Sensors :")
    assert len(office.zip(page).namelist()) == 2

    assessments.finish(office.store, office.assessments[0])
    page = office.wait(office.person.send(page, form="go-on"))
    assert "could not be made" not in page.text
    assert len(office.zip(page).namelist()) == 3


def test_a_firm_deleted_meanwhile_is_gone_from_the_batch_too(office: Office) -> None:
    page = office.wait(office.make())
    assessments.delete(office.store, office.assessments[1])

    page = office.person.open(page.path)
    assert "2 of 2 done" in page.text and "Zagros" not in page.text
    assert len(office.zip(page).namelist()) == 2


def test_a_report_that_was_made_before_is_not_made_again(office: Office) -> None:
    first = office.wait(office.make())
    kept = {row["assessment_id"]: row["created_at"] for row in office.store.rows("SELECT * FROM reports")}
    office.app.extensions["printer"].close()
    began = time.monotonic()
    second = office.wait(office.make())

    assert time.monotonic() - began < 1, "a new press needs longer than that to start"
    assert {r["assessment_id"]: r["created_at"] for r in office.store.rows("SELECT * FROM reports")} == kept
    one, other = office.zip(first), office.zip(second)
    assert [one.read(name) for name in one.namelist()] == [other.read(name) for name in other.namelist()]


def test_a_new_server_goes_on_where_the_old_one_stopped(office: Office, visitor: Visitor) -> None:
    from readiness.web import create_app

    office.app.extensions["bulk"].close()
    page = office.make()
    assert "0 of 3 done" in page.text
    batch = page.path.rsplit("/", 1)[1]
    assert batches.take(office.store, batch), "the old server had begun with one"
    again = create_app(office.app.extensions["store"].path.parent)
    try:
        again.extensions["bulk"].resume()
        until = time.monotonic() + 60
        while (found := batches.find(office.store, office.author.organisation_id, batch)) and found.waiting:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert found and found.made == 3
    finally:
        again.extensions["bulk"].close()
        again.extensions["printer"].close()


def test_drafts_are_made_of_open_assessments_and_are_called_so(office: Office) -> None:
    add_firm(office.app, office.author, "Open Firm", finished=False)
    page = office.wait(office.make(kind="draft"))
    assert "4 of 4 done" in page.text
    assert "Open Firm profile draft.pdf" in office.zip(page).namelist()
    assert not office.store.rows("SELECT * FROM reports"), "no draft takes a final report's place"

    final = office.wait(office.make(kind="final"))
    assert "3 of 3 done" in final.text


def test_firms_of_the_same_name_get_files_of_their_own(office: Office) -> None:
    for name in ("Alborz sensors", "alborz Sensors"):
        add_firm(office.app, office.author, name)
    page = office.wait(office.make())
    names = office.zip(page).namelist()

    assert len({name.casefold() for name in names}) == 5
    assert sum(name.casefold().startswith("alborz sensors profile") for name in names) == 3


def test_somebody_who_waits_for_one_report_does_not_wait_for_the_batch(office: Office) -> None:
    for at in range(12):
        add_firm(office.app, office.author, f"Many {at}")
    page = office.make()
    until = time.monotonic() + 60
    while "0 of 15 done" in page.text and time.monotonic() < until:
        time.sleep(0.1)
        page = office.person.open(page.path)
    own = add_firm(office.app, office.author, "Impatient")
    assert office.person.open(f"/a/{own}/profile.en.pdf").body.startswith(b"%PDF-")
    after = batches.find(office.store, office.author.organisation_id, page.path.rsplit("/", 1)[1])
    assert after and after.waiting > 2, "the batch was still at work"


def test_who_chooses_nothing_is_told(office: Office) -> None:
    page = office.person.send(office.person.open(PATH), form="make", status=400)
    assert "Choose a firm with an assessment that can be printed." in page.text
    some = office.person.send(page, {"firm": [page.form("make").choices("firm")[0]]}, form="make")
    assert "of 1 done" in some.text


def test_the_list_is_filtered_as_the_portfolio_is(office: Office) -> None:
    page = office.person.open(f"{PATH}?q=zagros")
    assert len(page.form("make").choices("firm") or []) == 1
    made = office.person.send(page, {"all": "yes"}, form="make")
    assert "of 1 done" in made.text
    assert "No firm is like that." in office.person.open(f"{PATH}?q=nobody").text


def test_another_organisation_and_a_manager(office: Office, visitor: Visitor) -> None:
    page = office.wait(office.make())
    manager = member(visitor(of=office.app), "manager", "Batch Hub")
    manager.typed |= set(FIRMS)
    shown = manager.open(page.path)
    assert "Download as ZIP" in shown.text and "Remove" not in shown.text
    assert "Make the reports" not in manager.open(PATH).text
    stranger = member(visitor(of=office.app), "administrator", "Elsewhere")
    for path in (page.path, f"{page.path}/reports.zip"):
        stranger.open(path, 404)
    token = stranger.token()
    assert stranger.client.post(f"{page.path}/remove", data={"csrf_token": token}).status_code == 404

    office.person.send(shown := office.person.open(page.path), form="remove")
    office.person.open(shown.path, 404)
    assert (
        "Reports of several firms removed"
        in member(visitor(of=office.app), "administrator", "Batch Hub").open("/organisation/audit").text
    )


@pytest.mark.parametrize("given", ["0", "two", "-1", "65", "۲"])
def test_a_number_of_presses_that_cannot_be_meant_is_refused(
    make_app: Callable[..., Flask], given: str
) -> None:
    with pytest.raises(StorageError, match="PRESS_PROCESSES"):
        make_app(PRESS_PROCESSES=given)


def test_several_presses_make_a_batch(make_app: Callable[..., Flask], visitor: Visitor) -> None:
    app = make_app(PRESS_PROCESSES="2")
    office = Office(app, visitor(of=app), "Two Presses")
    assert "3 of 3 done" in office.wait(office.make()).text
    assert access.rule_of(app, "batches.index") == access.CONSULTANT


def test_nobody_orders_reports_without_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.wait(office.make(all="yes"))
    monkeypatch.setattr(ordering, "MOST_KEPT", 5)

    page = office.person.send(office.person.open(PATH), {"all": "yes"}, form="make", status=429)
    assert "At most 5 reports are kept" in page.text

    monkeypatch.setattr(ordering, "MOST_WAITING", 2)
    page = office.person.send(page, {"all": "yes"}, form="make", status=429)
    assert "At most 2 reports wait" in page.text
    assert len(batches.listing(office.store, office.author.organisation_id)) == 1

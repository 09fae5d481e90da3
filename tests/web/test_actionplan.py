"""The plan that a firm keeps: the founder's by link, the consultant's by id, and what is taken away."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from readiness.core.actions import load, months_after, texts
from readiness.core.model import CURRENT
from readiness.reports.language import language
from readiness.storage import actionplan
from readiness.web.actionplan import link_of
from tests.reports.test_spreadsheets import Workbook, escaped, read_csv
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.hostile import ELSEWHERE, TEXTS
from tests.web.members import add_firm, member, round_of
from tests.web.pages import Page, Person

TODAY = datetime.now(UTC).date()
PAST, SOON = ((TODAY + timedelta(days)).isoformat() for days in (-20, 5))
SAFE = ["https://files.example/minutes", "http://a.example:8080/x?y=1#z", "https://نمونه.example/برگه"]
UNSAFE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://a.example",
    "data:text/html,x",
    "ftp://a.example/",
    "//a.example/",
    "https://",
    "https:///x",
    "http:a.example",
    "https://a.example\\@b.example/",
    "https://user@a.example/",
    "https://a.example/ and words",
    "see https://a.example/",
    "https://a.example/\u202e",
    'https://a.example/"onmouseover=alert(1)',
    "https://[::1",
    "www.a.example",
    "minutes of May",
]


@pytest.fixture
def link(founder: Person) -> str:
    """Private link of a firm whose assessment is finished."""
    return finished(founder)


def finished(person: Person) -> str:
    link = founders.start(person)
    founders.finish(person, link)
    return link


def weak(person: Person) -> str:
    """Private link of a firm that is recommended a full plan."""
    link = founders.start(person)
    founders.answer_everything(person, link, "L")
    person.send(person.open(f"{link}/check"))
    return link


def put(person: Person, link: str, title: str, **values: str) -> Page:
    """Add an action of one's own; the plan."""
    return person.send(person.open(f"{link}/plan/new"), {"title": title} | values, form="item")


def items(page: Page) -> list[str]:
    """Ids of the items of a plan, in order."""
    return re.findall(r'<tr id="item-(\w+)"', page.html)


def rows(page: Page) -> list[str]:
    """What stands in each line of a plan."""
    cut = re.findall(r'<tr id="item-.*?</tr>', page.html, flags=re.DOTALL)
    return [" ".join(re.sub("<select.*?</select>|<[^>]+>", " ", row, flags=re.DOTALL).split()) for row in cut]


def stored(person: Person, page: Page) -> list[dict[str, Any]]:
    """The items of a plan as they are kept."""
    store, found = person.app.extensions["store"], []
    for item_id in items(page):
        row = store.row("SELECT firm_id FROM plan_items WHERE id = :id", id=item_id)
        item = actionplan.find(store, row["firm_id"], item_id)
        assert item is not None
        found.append(item.values())
    return found


# A plan begins


def test_a_plan_is_there_once_the_assessment_is_finished(founder: Person) -> None:
    link = founders.start(founder)
    for path in ("plan", "plan/new"):
        assert founder.open(f"{link}/{path}").path == f"{link}/check"

    founders.finish(founder, link)
    plan = founder.open(f"{link}/profile")
    assert f"{link}/plan" in plan.links()
    assert founder.open(f"{link}/plan").heading == "Action plan"


def test_a_plan_stays_while_answers_are_changed(founder: Person, link: str) -> None:
    put(founder, link, "Ours")
    founder.send(founder.open(f"{link}/profile"))

    again = founder.open(f"{link}/plan")

    assert "Ours" in again.text and "Recommended" not in again.text


@pytest.mark.parametrize("code", ["en", "fa"])
def test_a_recommended_action_comes_into_the_plan_with_one_click(visitor: Visitor, code: str) -> None:
    person = visitor(code)
    link = weak(person)
    empty = person.open(f"{link}/plan")
    offered = [form.id.removeprefix("take-") for form in empty.read.forms if form.id.startswith("take-")]
    offered.remove("all")
    assert 5 <= len(offered) <= 7

    plan = person.send(empty, button=offered[0], form=f"take-{offered[0]}")

    (kept,) = stored(person, plan)
    action = next(item for item in load(CURRENT) if item.id == offered[0])
    assert kept["title"] == texts(CURRENT, code)[action.id]["title"]
    assert kept["due"] == months_after(TODAY, int(action.horizon.split("-")[1])).isoformat()
    assert kept["status"] == "open"
    assert language(code).day_of(kept["due"]) in plan.text
    assert f"take-{action.id}" not in [form.id for form in plan.read.forms]


def test_all_recommended_actions_come_at_once_and_none_twice(founder: Person) -> None:
    link = weak(founder)
    first = founder.open(f"{link}/plan")

    plan = founder.send(first, button="all", form="take-all")
    again = founder.send(first, button="all", form="take-all")

    assert 5 <= len(items(plan)) <= 7
    assert items(again) == items(plan)
    assert "Every recommended action is in the plan." in plan.text


def test_what_is_not_recommended_cannot_be_taken(founder: Person, link: str) -> None:
    token = founder.token()
    for action in ("", "no-such-action", "<script>"):
        assert items(founder.post(f"{link}/plan/take", [("csrf_token", token), ("action", action)])) == []


def test_a_library_title_is_read_in_the_language_of_the_page_until_somebody_changes_it(
    founder: Person,
) -> None:
    link = weak(founder)
    plan = founder.send(founder.open(f"{link}/plan"), button="all", form="take-all")
    (first, second, *_) = items(plan)
    reader = founder.elsewhere()
    reader.prefers = "fa"
    reader.open(f"{link}/plan?lang=fa")
    founder.send(founder.open(f"{link}/plan/items/{second}"), {"title": "Our own words"}, form="item")

    persian = reader.open(f"{link}/plan/items/{first}")
    saved = reader.send(persian, {"owner": "مریم"}, form="item")

    assert persian.holds("title") in [said["title"] for said in texts(CURRENT, "fa").values()]
    english = [said["title"] for said in texts(CURRENT, "en").values()]
    assert [item["title"] in english for item in stored(founder, saved)[:2]] == [True, False]
    assert "Our own words" in saved.text


# Working with it


def test_an_action_of_ones_own_is_kept_changed_and_deleted(founder: Person, link: str) -> None:
    given = {"owner": "Maryam", "due": SOON, "note": "Two lines\nof it", "evidence": "Minutes"}
    plan = put(founder, link, "Translate the site", **given)
    (item,) = items(plan)
    assert stored(founder, plan) == [given | {"title": "Translate the site", "status": "open"}]

    form = founder.open(f"{link}/plan/items/{item}")
    assert form.holds("note") == given["note"] and form.holds("due") == SOON
    plan = founder.send(form, {"status": "done", "due": "", "owner": ""}, form="item")
    assert stored(founder, plan)[0] | {"status": "done", "due": None, "owner": ""} == stored(founder, plan)[0]

    sure = founder.open(f"{link}/plan/items/{item}/delete")
    assert "Translate the site" in sure.text and "cannot be taken back" in sure.text
    assert items(founder.send(sure, form="delete")) == []
    founder.open(f"{link}/plan/items/{item}", status=404)
    founder.open(f"{link}/plan/items/{item}/delete", status=404)


def test_the_status_is_set_from_the_list(founder: Person, link: str) -> None:
    (item,) = items(put(founder, link, "A"))

    plan = founder.send(founder.open(f"{link}/plan"), {"status": "started"}, form=f"status-{item}")

    assert stored(founder, plan)[0]["status"] == "started"
    token = plan.holds("csrf_token")
    founder.post(
        f"{link}/plan/items/{item}/status", [("csrf_token", str(token)), ("status", "x")], status=400
    )


def test_what_is_overdue_comes_first_and_says_so(founder: Person, link: str) -> None:
    for title, due, status in (
        ("Later", SOON, "open"),
        ("Late", PAST, "started"),
        ("Was late", SOON, "done"),
        ("Given up", PAST, "dropped"),
        ("Some day", "", "open"),
    ):
        plan = put(founder, link, title, due=due, status=status)

    lines = rows(plan)
    assert [line.split(" ")[0] for line in lines] == ["Late", "Later", "Some", "Given", "Was"]
    assert ["overdue" in line for line in lines] == [True, False, False, False, False]
    assert "to do: 3, of these overdue: 1, done: 1, dropped: 1" in plan.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2027-03-20", "2027-03-20"), ("1405-12-29", "2027-03-20"), ("۱۴۰۵/۱۲/۲۹", "2027-03-20"), ("", None)],
)
@pytest.mark.parametrize("code", ["en", "fa"])
def test_a_due_date_is_typed_in_either_calendar_and_shown_in_that_of_the_language(
    visitor: Visitor, code: str, typed: str, kept: str | None
) -> None:
    person = visitor(code)
    link = finished(person)

    plan = put(person, link, "A", due=typed)

    assert stored(person, plan)[0]["due"] == kept
    form = person.open(f"{link}/plan/items/{items(plan)[0]}")
    shown = {"en": "2027-03-20", "fa": "۱۴۰۵-۱۲-۲۹"}[code] if kept else ""
    assert form.holds("due") == shown
    assert stored(person, person.send(form, form="item"))[0]["due"] == kept, "saved as it stood"


@pytest.mark.parametrize("typed", ["tomorrow", "2027-02-30", "0001-01-01", "9999-12-31", "1405-13-01", "12"])
def test_a_due_date_that_is_none_is_refused_and_nothing_typed_is_lost(
    founder: Person, link: str, typed: str
) -> None:
    form = founder.open(f"{link}/plan/new")

    again = founder.send(form, {"title": "A", "due": typed, "note": "long thought"}, form="item", status=400)

    assert again.holds("due") == typed and again.holds("note") == "long thought"
    assert "Please enter a day" in again.text


@pytest.mark.parametrize(
    "values", [{"title": ""}, {"title": "  "}, {"title": "x" * 301}, {"note": "x" * 2001}]
)
def test_what_is_missing_or_too_long_is_refused(founder: Person, link: str, values: dict[str, str]) -> None:
    form = founder.open(f"{link}/plan/new")

    again = founder.send(form, {"title": "A"} | values, form="item", status=400)

    assert "Please look at this again" in again.text
    assert items(founder.open(f"{link}/plan")) == []


def test_a_plan_that_is_full_says_so_and_loses_nothing(
    founder: Person, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actionplan, "MOST", 1)
    put(founder, link, "A")

    full = founder.send(founder.open(f"{link}/plan/new"), {"title": "B"}, form="item", status=409)

    assert full.holds("title") == "B" and "at most 1" in full.text


# Evidence


@pytest.mark.parametrize("evidence", SAFE)
def test_a_web_address_becomes_a_link_that_gives_nothing_away(
    founder: Person, link: str, evidence: str
) -> None:
    plan = put(founder, link, "A", evidence=evidence)

    assert plan.read.evidence == [evidence]


@pytest.mark.parametrize("evidence", [*UNSAFE, *TEXTS, *ELSEWHERE])
def test_nothing_else_becomes_a_link(evidence: str) -> None:
    assert evidence in ("https://evil.example/",) or link_of(evidence) == ""


def test_texts_that_want_to_be_more_stay_texts_on_every_page(founder: Person, link: str) -> None:
    for text in [*TEXTS, *UNSAFE]:
        given = {"owner": text[:100], "note": text, "evidence": text}
        plan = put(founder, link, text, **given)

        assert plan.read.evidence == [] and " ".join(text.split()) in plan.text
        (item,) = items(plan)
        form = founder.open(f"{link}/plan/items/{item}")
        assert form.holds("title") == form.holds("note") == form.holds("evidence") == text.strip()
        sure = founder.open(f"{link}/plan/items/{item}/delete")
        assert " ".join(text.split()) in sure.text
        founder.send(sure, form="delete")


# Two at once


def test_two_people_who_change_different_fields_lose_nothing(founder: Person, link: str) -> None:
    (item,) = items(put(founder, link, "A"))
    path, other = f"{link}/plan/items/{item}", founder.elsewhere()
    stale = other.open(path)
    founder.send(founder.open(path), {"owner": "Maryam"}, form="item")

    plan = other.send(stale, {"due": SOON}, form="item")

    (kept,) = stored(founder, plan)
    assert (kept["owner"], kept["due"]) == ("Maryam", SOON)


@pytest.mark.parametrize("code", ["en", "fa"])
def test_two_people_who_change_the_same_fields_see_both(visitor: Visitor, code: str) -> None:
    person = visitor(code)
    link = finished(person)
    (item,) = items(put(person, link, "الف", due="2027-03-20"))
    path, other = f"{link}/plan/items/{item}", person.elsewhere()
    stale = other.open(path)
    person.send(person.open(path), {"owner": "مریم", "due": "2027-03-21", "status": "done"}, form="item")

    mine = {"owner": "علی", "due": "2028-01-01", "status": "dropped"}
    conflict = other.send(stale, mine, form="item", status=409)

    assert {name: conflict.holds(name) for name in mine} == mine
    done = {"en": "Done", "fa": "انجام‌شده"}[code]
    for theirs in ("مریم", language(code).day(date(2027, 3, 21)), done):
        assert theirs in conflict.text
    plan = other.send(conflict, form="item")
    assert {name: stored(person, plan)[0][name] for name in mine} == mine


def test_a_status_that_was_set_elsewhere_is_not_overwritten_from_a_stale_list(
    founder: Person, link: str
) -> None:
    (item,) = items(put(founder, link, "A"))
    stale = founder.open(f"{link}/plan")
    founder.send(founder.open(f"{link}/plan"), {"status": "done"}, form=f"status-{item}")

    conflict = founder.send(stale, {"status": "dropped"}, form=f"status-{item}", status=409)

    assert conflict.holds("status") == "dropped" and "elsewhere to: Done" in conflict.text
    plan = founder.send(conflict, form="item")
    assert stored(founder, plan)[0]["status"] == "dropped"


def test_what_changed_meanwhile_is_asked_about_again_before_it_is_deleted(founder: Person, link: str) -> None:
    (item,) = items(put(founder, link, "A"))
    path = f"{link}/plan/items/{item}"
    stale = founder.open(f"{path}/delete")
    founder.send(founder.open(path), {"note": "Nearly done!"}, form="item")

    again = founder.send(stale, form="delete", status=409)

    assert "Nearly done!" in again.text and "Somebody changed this" in again.text
    assert items(founder.send(again, form="delete")) == []


def test_what_was_typed_for_a_deleted_item_can_be_put_in_anew(founder: Person, link: str) -> None:
    (item,) = items(put(founder, link, "A"))
    stale = founder.open(f"{link}/plan/items/{item}")
    founder.send(founder.open(f"{link}/plan/items/{item}/delete"), form="delete")

    gone = founder.send(stale, {"note": "A long thought"}, form="item", status=409)

    assert "Somebody deleted this" in gone.text and gone.holds("note") == "A long thought"
    assert stored(founder, founder.send(gone, form="item"))[0]["note"] == "A long thought"


# Who may


@pytest.fixture
def cared(visitor: Visitor) -> tuple[Person, str, str]:
    """A consultant, a private link to a firm of the portfolio, and the path of the same by its id."""
    consultant = member(visitor())
    page = add_firm(consultant)
    shown = consultant.send(consultant.open(page), button="show", form="link")
    link = f"/a/{founders.key(shown.private_link)}"
    by_id = round_of(consultant, page)
    founders.finish(consultant, by_id)
    assert f"{by_id}/plan" in consultant.open(page).links()
    return consultant, link, by_id


def test_consultant_and_founder_work_with_the_same_plan(
    visitor: Visitor, cared: tuple[Person, str, str]
) -> None:
    consultant, link, by_id = cared
    holder = visitor()
    put(holder, link, "By the founder")

    both = put(consultant, by_id, "By the consultant")

    assert "By the founder" in both.text
    assert items(holder.open(f"{link}/plan")) == items(both)
    for item in items(both):
        edited = consultant.send(consultant.open(f"{by_id}/plan/items/{item}"), {"owner": "Ali"}, form="item")
    assert [item["owner"] for item in stored(consultant, edited)] == ["Ali", "Ali"]


def test_a_manager_sees_the_plan_and_its_files_and_changes_nothing(
    visitor: Visitor, cared: tuple[Person, str, str]
) -> None:
    consultant, _, by_id = cared
    (item,) = items(put(consultant, by_id, "A", due=PAST, evidence="https://a.example/"))
    manager = member(visitor(), "manager")

    plan = manager.open(f"{by_id}/plan")

    assert "overdue" in plan.text and plan.read.evidence == ["https://a.example/"]
    assert plan.read.forms == [] and not [path for path in plan.links() if f"{by_id}/plan/" in path]
    for kind in ("csv", "xlsx", "ics"):
        manager.open(f"{by_id}/plan.{kind}")
    token = [("csrf_token", manager.token())]
    for path in ("new", f"items/{item}", f"items/{item}/delete"):
        manager.open(f"{by_id}/plan/{path}", status=403)
    for path in ("new", "take", f"items/{item}", f"items/{item}/status", f"items/{item}/delete"):
        manager.post(f"{by_id}/plan/{path}", token, status=403)
    assert len(items(consultant.open(f"{by_id}/plan"))) == 1


def test_another_organisation_and_another_firm_find_nothing(
    visitor: Visitor, cared: tuple[Person, str, str]
) -> None:
    consultant, _, by_id = cared
    (item,) = items(put(consultant, by_id, "A"))
    stranger, neighbour = member(visitor(), organisation="Elsewhere"), visitor()
    theirs = finished(neighbour)

    for person, link in ((stranger, by_id), (neighbour, theirs)):
        paths = [f"items/{item}", f"items/{item}/delete"]
        for path in paths + (["new"] if person is stranger else []):
            person.open(f"{link}/plan/{path}", status=404)
        for path in [f"items/{item}/status", f"items/{item}/delete"]:
            person.post(f"{link}/plan/{path}", [("csrf_token", person.token())], status=404)
    for path in ("plan", "plan.csv", "plan.xlsx", "plan.ics"):
        stranger.open(f"{by_id}/{path}", status=404)
    assert len(items(consultant.open(f"{by_id}/plan"))) == 1


def test_what_people_do_to_a_plan_is_in_the_list_of_deeds(
    visitor: Visitor, cared: tuple[Person, str, str]
) -> None:
    consultant, link, by_id = cared
    (item,) = items(put(consultant, by_id, "A"))
    consultant.send(consultant.open(f"{by_id}/plan/items/{item}"), {"owner": "Ali"}, form="item")
    holder = visitor()
    holder.send(holder.open(f"{link}/plan/items/{item}/delete"), form="delete")

    deeds = member(visitor(), "administrator").open("/organisation/audit").text

    assert "Consultant Action put into the plan Nanotech Pars" in deeds
    assert "Consultant Action of the plan changed Nanotech Pars" in deeds
    assert "Holder of the private link Action deleted from the plan Nanotech Pars" in deeds


# What is taken away


@pytest.fixture
def hostile(founder: Person, link: str) -> tuple[Person, str]:
    """A plan full of texts that want to be more, one of them for each field in turn."""
    store = founder.app.extensions["store"]
    (item,) = items(put(founder, link, "First"))
    firm = store.row("SELECT firm_id FROM plan_items WHERE id = :id", id=item)["firm_id"]
    founder.typed |= set(TEXTS)
    for text in TEXTS:
        others = {"owner": text[:100], "note": f"{text}\nmore", "evidence": text}
        actionplan.add(store, firm, [actionplan.New(text, None, SOON, others)], None)
    return founder, link


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_csv_file_holds_the_whole_plan_as_text(visitor: Visitor, code: str) -> None:
    person = visitor(code)
    link = finished(person)
    put(person, link, "Late", due=PAST, owner="Ali", evidence="https://a.example/")
    put(person, link, "Done", due="1405-12-29", status="done")

    got = person.open(f"{link}/plan.csv")

    assert got.response.content_type == "text/csv; charset=utf-8"
    assert "attachment" in got.response.headers["Content-Disposition"]
    header, late, done = read_csv(got.body)
    if code == "en":
        assert header[:6] == ["No.", "Action", "Owner", "Due (Gregorian)", "Status", "Overdue"]
        assert header[6:] == ["Note", "Evidence", "Action of the library"]
        assert late == ["1", "Late", "Ali", PAST, "Open", "yes", "", "https://a.example/", ""]
    else:
        assert header[1:5] == ["اقدام", "مسئول", "موعد (میلادی)", "موعد (هجری شمسی)"]
        assert done[:6] == ["2", "Done", "", "2027-03-20", "۱۴۰۵-۱۲-۲۹", "انجام‌شده"]


def test_no_text_of_a_file_is_a_formula(hostile: tuple[Person, str]) -> None:
    founder, link = hostile

    lines = list(
        csv.reader(io.StringIO(founder.open(f"{link}/plan.csv").body.decode("utf-8-sig"), newline=""))
    )
    sheet = Workbook(founder.open(f"{link}/plan.xlsx").body).rows()

    assert len(lines) == len(sheet) == len(TEXTS) + 2
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in lines for cell in line)
    titles = {row[1] for row in sheet}
    assert {escaped(text) for text in TEXTS} <= titles


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_workbook_is_in_the_language_and_direction_of_the_page(visitor: Visitor, code: str) -> None:
    person = visitor(code)
    link = finished(person)
    put(person, link, "A", due=PAST)

    got = person.open(f"{link}/plan.xlsx")

    book = Workbook(got.body)
    assert book.names == [{"en": "Action plan", "fa": "برنامهٔ اقدام"}[code]]
    assert [row[1] for row in book.rows()] == [{"en": "Action", "fa": "اقدام"}[code], "A"]
    assert (b'rightToLeft="1"' in book.archive.read("xl/worksheets/sheet1.xml")) == (code == "fa")


def test_the_calendar_has_a_day_for_every_item_that_has_one(founder: Person, link: str) -> None:
    put(founder, link, "Dated", due="2027-03-20", owner="Ali", note="Two\nlines; and, more")
    put(founder, link, "Given up", due="2027-03-21", status="dropped")
    put(founder, link, "Undated")

    got = founder.open(f"{link}/plan.ics")

    assert got.response.mimetype == "text/calendar"
    assert b"DTSTART;VALUE=DATE:20270320\r\nDTEND;VALUE=DATE:20270321\r\n" in got.body
    assert all(len(line) <= 75 for line in got.body.split(b"\r\n"))
    dated, dropped = Calendar.from_ical(got.body).walk("VEVENT")
    assert dated["summary"] == "Dated" and dated["status"] == "CONFIRMED"
    assert dated["description"] == "Owner: Ali\nStatus: Open\nTwo\nlines; and, more"
    assert dropped["status"] == "CANCELLED"


def test_an_event_stays_the_same_and_its_number_rises_when_the_item_changes(
    founder: Person, link: str
) -> None:
    (item,) = items(put(founder, link, "A", due=SOON))
    (before,) = Calendar.from_ical(founder.open(f"{link}/plan.ics").body).walk("VEVENT")
    store = founder.app.extensions["store"]
    with store.write() as transaction:  # as if it had been made an hour ago
        sql = "UPDATE plan_items SET created_at = :at, updated_at = :at WHERE id = :id"
        hour = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        transaction.run(sql, at=hour, id=item)
    founder.send(founder.open(f"{link}/plan/items/{item}"), {"title": "B"}, form="item")

    (after,) = Calendar.from_ical(founder.open(f"{link}/plan.ics").body).walk("VEVENT")

    assert after["uid"] == before["uid"] and item in after["uid"]
    assert after["sequence"] > before["sequence"] == 0
    assert after["summary"] == "B"


def test_no_text_of_a_calendar_opens_another_line_of_it(hostile: tuple[Person, str]) -> None:
    founder, link = hostile

    events = Calendar.from_ical(founder.open(f"{link}/plan.ics").body).walk("VEVENT")

    assert len(events) == len(TEXTS)
    assert {str(event["summary"]) for event in events} >= {TEXTS[0], '=HYPERLINK("http://127.0.0.1/")'}
    allowed = {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "DESCRIPTION", "STATUS", "TRANSP"}
    assert all(set(event) == allowed for event in events)


# In the profile


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_profile_shows_who_does_what_by_when(visitor: Visitor, code: str) -> None:
    person = visitor(code)
    link = weak(person)
    person.send(person.open(f"{link}/plan"), button="all", form="take-all")
    put(person, link, "رفتن به نمایشگاه", owner="مریم", due=PAST)

    profile = person.open(f"{link}/profile")

    said = language(code)
    (kept,) = re.findall(r'<table class="kept">.*?</table>', profile.html, flags=re.DOTALL)
    assert "رفتن به نمایشگاه" in kept and "مریم" in kept and said.day(TODAY) in kept
    assert said.day_of(PAST) in kept and said.words("overdue") in kept


def test_without_a_plan_the_profile_leaves_room_to_fill_one_in_by_hand(founder: Person) -> None:
    link = weak(founder)
    before = founder.open(f"{link}/profile").html
    put(founder, link, "Ours")
    after = founder.open(f"{link}/profile").html

    assert 'class="blank"' in before and 'class="kept"' not in before
    assert 'class="blank"' not in after and 'class="kept"' in after

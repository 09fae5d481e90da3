"""The plan that a firm keeps, in the report: what a board reads of it, and how much room it takes."""

from dataclasses import replace
from datetime import date

import pytest
from markupsafe import escape

from readiness.core import actions
from readiness.core import answers as answering
from readiness.reports.actionplan import LISTED, STATUSES, table, title_in
from readiness.reports.language import LANGUAGES, language
from readiness.reports.pdf import make_pdf, report_html
from readiness.reports.profile import Profile
from readiness.reports.supplement import PlanItem, Supplement
from readiness.storage import actionplan as kept_items
from tests.reports.tools import CODES, MODEL, NEEDS_A_PRESS, ROOT, opened, profile_of, sample, text_of
from tests.web.hostile import TEXTS

ON = "2026-11-26"
LATE = PlanItem("Call the dealer", "Ali", "2026-11-01", "started", "a note", "", None, True)
DONE = PlanItem("Write the list", "مریم", None, "done", "", "https://a.example/")


def keeping(profile: Profile, *items: PlanItem) -> Profile:
    return replace(profile, supplement=Supplement(plan=items, plan_on=ON))


def weak(code: str = "en") -> Profile:
    path = ROOT / "docs" / "samples" / "weak-everywhere.json"
    return profile_of(answering.read(path.read_text(encoding="utf-8")), code)


def test_without_a_plan_there_is_nothing_to_show() -> None:
    profile = profile_of(sample("en"))

    assert profile.kept is None
    assert 'class="kept"' not in report_html(profile) and 'class="blank"' in report_html(profile)


def test_a_plan_says_who_does_what_by_when_and_how_far_it_is() -> None:
    recommended = profile_of(sample("en")).plan.items[2]
    taken = PlanItem(recommended.title, "", "2027-02-26", "open", "", "", recommended.id)
    kept = keeping(profile_of(sample("en")), LATE, taken, DONE).kept

    assert kept is not None and kept.on == "26 November 2026"
    assert kept.summary == "to do: 2, of these overdue: 1, done: 1"
    assert [(item.number, item.title, item.due) for item in kept.items] == [
        (None, "Call the dealer", "1 November 2026"),
        (3, recommended.title, "26 February 2027"),
        (None, "Write the list", ""),
    ]
    assert [(item.status, item.overdue, item.closed) for item in kept.items] == [
        ("Started", True, False),
        ("Open", False, False),
        ("Done", False, True),
    ]


def test_a_plan_replaces_the_columns_that_are_filled_in_by_hand() -> None:
    html = report_html(keeping(profile_of(sample("en")), LATE))

    assert 'class="kept"' in html and "Call the dealer" in html
    assert 'class="blank"' not in html


def test_every_status_that_is_kept_has_words() -> None:
    assert tuple(STATUSES) == kept_items.STATUSES


@CODES
def test_a_library_title_is_said_in_the_language_of_the_report_unless_it_was_changed(code: str) -> None:
    said = language(code)
    for action in actions.load(MODEL.version):
        due = actions.texts(MODEL.version, code)[action.id]["title"]
        for other in LANGUAGES:
            title = actions.texts(MODEL.version, other)[action.id]["title"]
            assert title_in(MODEL.version, action.id, title, said) == due
        assert title_in(MODEL.version, action.id, "Our own words", said) == "Our own words"
    assert title_in(MODEL.version, "no-such-action", "A", said) == "A"
    assert title_in(MODEL.version, None, "A", said) == "A"


def test_a_long_plan_is_cut_and_says_so() -> None:
    kept = keeping(profile_of(sample("en")), *[LATE] * (LISTED + 2)).kept

    assert kept is not None and len(kept.items) == LISTED
    assert kept.left_out == "2 more actions are in the plan."


def test_what_the_plan_is_like_changes_the_fingerprint() -> None:
    plain = profile_of(sample("en"))
    kinds = [
        plain,
        keeping(plain, LATE),
        keeping(plain, replace(LATE, overdue=False)),
        keeping(plain, LATE, DONE),
    ]

    assert len({profile.fingerprint for profile in kinds}) == len(kinds)


@CODES
def test_a_table_for_a_spreadsheet_has_a_cell_for_every_column(code: str) -> None:
    header, rows = table([LATE, DONE], MODEL.version, language(code))

    assert {len(row) for row in rows} == {len(header)} == {9 if code == "en" else 10}
    assert len(set(header)) == len(header)
    assert rows[0][3] == "2026-11-01" and rows[1][3] == ""
    assert code == "en" or rows[0][4] == "۱۴۰۵-۰۸-۱۰"


# Days


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 11, 26), 3, date(2027, 2, 26)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 9, date(2027, 9, 30)),
        (date(2026, 6, 1), 18, date(2027, 12, 1)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int, due: date) -> None:
    assert actions.months_after(day, months) == due


def test_a_due_date_is_the_end_of_the_horizon_and_a_second_phase_begins_with_the_end_of_the_first() -> None:
    today = date(2026, 1, 15)
    one = actions.suggest_due([("0-3", 1), ("3-9", 1), ("9-18", 1)], today)
    two = actions.suggest_due([("0-3", 1), ("3-9", 1), ("0-3", 2), ("9-18", 2)], today)

    assert one == [date(2026, 4, 15), date(2026, 10, 15), date(2027, 7, 15)]
    assert two == [date(2026, 4, 15), date(2026, 10, 15), date(2027, 1, 15), date(2028, 4, 15)]


@CODES
def test_a_day_is_typed_as_it_is_read(code: str) -> None:
    assert language(code).day_typed("2027-03-20") == {"en": "2027-03-20", "fa": "۱۴۰۵-۱۲-۲۹"}[code]


@CODES
def test_the_reason_and_evidence_of_an_action_stand_once_with_a_kept_plan_and_without(code: str) -> None:
    for profile in (weak(code), keeping(weak(code), LATE)):
        html = report_html(profile)
        assert profile.plan.items
        for item in profile.plan.items:
            assert html.count(str(escape(item.reason))) == html.count(str(escape(item.evidence))) == 1


# On paper


class TestPaper:
    pytestmark = NEEDS_A_PRESS

    @CODES
    def test_the_longest_plan_of_the_weakest_firm_still_fits_the_report(self, code: str) -> None:
        pages = opened(make_pdf(keeping(weak(code), *[LATE, DONE] * 30))).pages
        assert 8 <= len(pages) <= 12

    @CODES
    def test_the_answer_stays_on_one_page(self, code: str) -> None:
        reader = opened(make_pdf(keeping(weak(code), LATE, DONE)))
        marks = {
            str(item.title): reader.get_destination_page_number(item)
            for item in reader.outline
            if not isinstance(item, list)
        }  # type: ignore[union-attr]
        (first, second, *_) = sorted(marks.values())
        assert second == first + 1

    def test_hostile_texts_are_printed_as_texts(self) -> None:
        items = [PlanItem(text, text[:100], None, "open", "", "") for text in TEXTS]
        for at in range(0, len(items), LISTED):
            text = text_of(make_pdf(keeping(profile_of(sample("en")), *items[at : at + LISTED])))
            assert "7*7" not in "".join(TEXTS[at : at + LISTED]) or "{{7*7}}" in text.replace(" ", "")

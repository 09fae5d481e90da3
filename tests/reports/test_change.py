"""The part "change since last time": what it says, and how it stands in a real PDF."""

import json
from dataclasses import replace
from typing import Any

import pytest

from readiness.core import answers as answering
from readiness.core import model as models
from readiness.core.answers import Answers
from readiness.reports import trend as trends
from readiness.reports.change import LISTED, ChangeView, view_change
from readiness.reports.language import language
from readiness.reports.pdf import make_pdf
from readiness.reports.profile import Profile, make_profile
from readiness.reports.supplement import Earlier, Supplement
from readiness.reports.trend import Made, view_trend
from tests.reports.test_pdf_layout import collisions, outside
from tests.reports.tools import (
    CODES,
    DAY,
    MODEL,
    NEEDS_A_PRESS,
    bare,
    given,
    one_line,
    opened,
    pages_of,
    pictures,
    sample,
    text_of,
)

ALL = MODEL.numbers
THEN = "2025-09-01"
M = dict.fromkeys(ALL, "M")


def profile(before: Any, after: Any, code: str = "en", untouched: int = 0) -> Profile:
    earlier = Earlier(json.dumps(before, ensure_ascii=False), THEN, untouched)
    found = after if isinstance(after, Answers) else answering.parse(after)
    return make_profile(found, language(code), DAY, False, Supplement(earlier=earlier))


def change(before: Any, after: Any, code: str = "en") -> ChangeView:
    found = profile(before, after, code).change
    assert found is not None
    return found


def half_a_year_ago(code: str) -> dict[str, Any]:
    """The sample firm as it may have been: a third of its answers otherwise, some missing."""
    document = json.loads(json.dumps(answering.export(sample(code))))
    terms = ["VL", "L", "M", "H", "VH"]
    sheet = document["responses"][0]["answers"]
    for place, (number, word) in enumerate(list(sheet.items())):
        if word in terms and place % 3 == 0:
            sheet[number] = terms[max(terms.index(word) - 1 - place % 2, 0)]
        if place % 11 == 4:
            del sheet[number]
    document["firm"] |= {"countries": 2, "foreign_share": 5}
    return dict(document)


# What it says


def test_without_an_earlier_round_there_is_no_such_part() -> None:
    plain = make_profile(answering.parse(given(M)), language("en"), DAY)

    assert plain.change is None and "change" not in plain.parts


def test_the_part_stands_between_the_path_and_the_components_and_changes_the_fingerprint() -> None:
    found = profile(given(M), given(M))

    parts = found.parts
    assert parts.index("pattern") < parts.index("change") < parts.index("components")
    assert ("change", "Change") in found.contents
    assert found.fingerprint != profile(given(M | {1: "H"}), given(M)).fingerprint


def test_components_come_from_the_greatest_gain_to_the_greatest_loss() -> None:
    low, high = (MODEL.of_component(key)[0].number for key in ("coopetition", "assets"))

    found = change(given(M), given(M | {low: "VL", high: "VH"}))

    assert [found.lines[0].key, found.lines[-1].key] == ["assets", "coopetition"]
    assert [found.lines[0].verdict, found.lines[-1].verdict] == ["up", "down"]
    assert found.lines[0].gain.startswith("+") and found.lines[-1].gain.startswith("\N{MINUS SIGN}")
    assert {line.gain for line in found.lines[1:-1]} == {"0"}
    assert "1 component stands higher. 1 component stands lower." in found.summary
    assert "For 7 components the ranges show no difference." in found.summary
    assert found.behind == "2 of 47 answers changed."


def test_changed_answers_are_listed_the_largest_first_and_the_rest_is_counted() -> None:
    found = change(given(M), given(dict.fromkeys(ALL, "H") | {20: "VH"}))

    assert (found.answers[0].number, found.answers[0].before, found.answers[0].after) == (
        20,
        "Medium",
        "Very high",
    )
    assert found.answers[0].gain == "+50"
    assert len(found.answers) == LISTED and found.more == 47 - LISTED


def test_facts_of_the_firm_that_changed_are_named_and_those_that_did_not_are_not() -> None:
    then = {"countries": 2, "foreign_share": 0, "regions": ["europe", "africa"], "sector": "energy"}
    now = {"countries": 4, "foreign_share": 15, "regions": ["africa", "europe"], "employees": 9}

    found = change(given(M, firm=then), given(M, firm=now)).facts

    assert [(fact.label, fact.before, fact.after) for fact in found] == [
        ("Sector", "Renewable energy and environment", "–"),
        ("Employees", "–", "9"),
        ("Share of foreign sales", "0%", "15%"),
        ("Countries sold to", "2", "4"),
    ]


def test_it_says_so_where_other_people_answered() -> None:
    same = change(given(M), given(M))
    other = change(given(M), given(M, M))

    assert same.raters is None and other.raters is not None
    assert [bare(names) for names in other.raters] == ["Rater 1", "Rater 1, Rater 2"]


def test_an_earlier_version_of_the_model_is_rescored_and_both_are_shown() -> None:
    paper = tuple(
        replace(row, statement="Other words") if row.number == 1 else row for row in models.load().paper
    )
    older = replace(MODEL, version="older", paper=paper)
    before = answering.parse(given(M))
    before = Answers(older, before.firm, before.responses)

    texts = models.texts(MODEL.version, "en")
    found = view_change(before, answering.parse(given(M)), (THEN, "2026-03-02"), 0, texts, language("en"))

    assert found.rescored and found.versions == ("older", MODEL.version) and found.left_out == "1"
    networking = next(line for line in found.lines if line.key == "networking")
    assert networking.then.low == networking.then.high, "then it was answered in full"
    assert networking.before.low < networking.before.high  # type: ignore[operator]


def test_on_a_persian_page_the_scale_runs_from_the_right() -> None:
    line, mirrored = (change(given(M), given(M | {1: "VH"}), code).lines[0] for code in ("en", "fa"))

    assert line.after.span and mirrored.after.span
    assert line.after.span.mark == pytest.approx(1000 - mirrored.after.span.mark)  # type: ignore[operator]


# The trend


def trend(code: str, *documents: Any) -> trends.TrendView:
    made = [
        Made(at, f"id{at}", f"202{at}-03-01", answering.parse(document))
        for at, document in enumerate(documents, start=1)
    ]
    return view_trend(made, language(code))


def test_a_trend_holds_every_round_with_its_range_and_its_verdict() -> None:
    found = trend("en", given(M), given(M | {1: "H"}), given(M | {1: "H"}), given({1: "H"}))

    assert [item.number for item in found.rounds] == [1, 2, 3, 4]
    assert [cell.verdict for cell in found.overall.cells] == ["", "up", "same", "none"]
    assert len(found.overall.dots) == 3 and len(found.overall.lines) == 2
    assert len(found.rows) == 9 and not found.rescored
    assert all(cell.then is None for cell in found.overall.cells)


def test_time_runs_in_the_direction_of_reading() -> None:
    left, right = (trend(code, given(M), given(M)).overall.dots for code in ("en", "fa"))

    assert left[0].x < left[1].x and right[0].x > right[1].x


# In print


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    return {
        code: make_pdf(profile(half_a_year_ago(code), sample(code), code, untouched=5))
        for code in ("en", "fa")
    }


class TestInPrint:
    pytestmark = NEEDS_A_PRESS

    @CODES
    def test_the_report_keeps_its_length_and_everything_its_place(
        self, printed: dict[str, bytes], code: str
    ) -> None:
        assert 8 <= len(opened(printed[code]).pages) <= 12
        assert list(outside(printed[code])) == []
        assert list(collisions(printed[code])) == []

    @CODES
    def test_the_part_stands_in_the_bookmarks_and_in_the_text(
        self, printed: dict[str, bytes], code: str
    ) -> None:
        title = {"en": "Change since last time", "fa": "تغییر از دور پیش"}[code]
        titles = [bare(item.title) for item in opened(printed[code]).outline if not isinstance(item, list)]

        assert bare(title) in titles
        text = bare(text_of(printed[code]))
        assert bare({"en": "5 answers were taken over", "fa": "پاسخ از دور پیش آمده"}[code]) in text

    def test_the_numbers_are_those_of_the_profile(self, printed: dict[str, bytes]) -> None:
        found = profile(half_a_year_ago("en"), sample("en")).change
        assert found is not None
        text = one_line(text_of(printed["en"]))

        for line in (found.overall, *found.lines):
            if line.after.index is not None:
                assert f"{line.after.index:.1f}" in text
        assert found.summary in text and found.behind in text

    def test_a_triangle_and_both_marks_are_still_told_apart_in_grey(
        self, printed: dict[str, bytes], tmp_path: Any
    ) -> None:
        texts = pages_of(printed["en"])
        page = next(at for at, text in enumerate(texts) if "Now (range)" in text)

        picture = pictures(printed["en"], tmp_path, 60)[page].read_bytes()

        greys = set(picture.split(b"255\n", 1)[1])
        assert min(greys) < 80 and max(greys) == 255
        assert any(190 < grey < 235 for grey in greys), "the earlier band"
        assert any(150 < grey < 190 for grey in greys), "the later band"

"""The report of a cohort: real PDFs, read back, from no firm to a whole programme."""

import io
import pickle
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from readiness.core import comparison, invented, panel, scoring, standing
from readiness.core.bands import SIZES
from readiness.core.invented import InventedFirm
from readiness.core.model import texts
from readiness.core.pattern import recognise
from readiness.core.standing import Summary
from readiness.reports import engine
from readiness.reports.cohortreport import (
    Agreement,
    Change,
    CohortView,
    Counts,
    Members,
    by_median,
    html,
    make_pdf,
    words_of,
)
from readiness.reports.language import language
from readiness.reports.supplement import Brand
from tests.reports.test_pdf import structure
from tests.reports.tools import CODES, DAY, MODEL, NEEDS_A_PRESS, bare, one_line, opened, pages_of, text_of

pytestmark = NEEDS_A_PRESS

BRAND = Brand("Trade House", "12 Port Road\nhouse@example.org", "#7a1f3d", None)


@cache
def firms() -> tuple[InventedFirm, ...]:
    made = invented.programme(MODEL, date(2026, 2, 1)).firms
    return tuple(firm for firm in made if firm.rounds[-1].finished and len(firm.rounds) == 2)


@cache
def summary(count: int) -> Summary:
    """Where the first so many firms stand after their second round."""
    chosen = firms()[:count]
    given = [np.array([one.codes for one in firm.rounds[1].responses]) for firm in chosen]
    codes = np.array([codes[0] for codes in given], dtype=np.uint8).reshape(count, len(MODEL.numbers)).T
    several = {at: codes for at, codes in enumerate(given) if len(codes) > 1}
    routes = [found.name if (found := scoring.score_codes(MODEL, codes).route) else None for codes in given]
    paths = [recognise(firm.facts, 2025, MODEL.patterns).name for firm in chosen]
    return standing.summarise(panel.panel(MODEL, np.ascontiguousarray(codes), several), routes, paths)


def change(component: str | None, shift: float | None = 4.2, verdict: str = "higher") -> Change:
    before, after = (None, None) if shift is None else (40.0, 45.0)
    return Change(component, 20, before, after, shift, 1.1, 7.3, verdict)


def view_of(count: int, code: str = "en", **fields: Any) -> CohortView:
    """The report over so many firms."""
    counts: Counts = (("software", count), ("manufacturing", 0), (None, 0))
    given: dict[str, Any] = {
        "code": code,
        "cohort": "Spring",
        "starts": "2026-01-10",
        "ends": None,
        "made_on": DAY,
        "invented": False,
        "inside": True,
        "brand": BRAND,
        "members": Members(
            count + 9,
            count + 4,
            count + 2,
            count,
            counts,
            tuple((key, 0) for key in (*SIZES, None)),
            (("0-2", 0),),
        ),
        "firms": count,
        "left_out": 0,
        "standing": words_of(summary(count), code),
    }
    return CohortView(**(given | fields))


def whole(code: str) -> CohortView:
    return view_of(
        60,
        code,
        changes=tuple(change(key) for key in (*MODEL.components, None)),
        twice=60,
        agreements=tuple(Agreement(key, 50, 0.81, 0.72, 0.88) for key in MODEL.components),
    )


@cache
def whole_pdf(code: str) -> bytes:
    return make_pdf(whole(code))


def said(pdf: bytes) -> str:
    return one_line(text_of(pdf))


# The document


@CODES
def test_a_whole_report_has_6_to_8_pages_none_of_them_nearly_empty(code: str) -> None:
    pages = pages_of(whole_pdf(code))

    assert 6 <= len(pages) <= 8
    assert {at: len(page) for at, page in enumerate(pages[1:], start=2) if len(page) < 500} == {}


@CODES
def test_it_is_tagged_titled_bookmarked_and_every_figure_has_words(code: str) -> None:
    reader = opened(whole_pdf(code))
    root: Any = reader.trailer["/Root"]
    elements = list(structure(root["/StructTreeRoot"]))
    kinds = Counter(element["/S"] for element in elements)
    figures = [element for element in elements if element["/S"] == "/Figure"]

    assert root["/Lang"] == code and root["/MarkInfo"]["/Marked"].value is True
    assert "Spring" in reader.metadata.title and reader.metadata.author == "Trade House"
    assert kinds["/H1"] == 1 and kinds["/H2"] == 9 and kinds["/Table"] >= 8
    assert len(figures) > 40
    assert [figure for figure in figures if not str(figure.get("/Alt", "")).strip()] == []
    assert len([item for item in reader.outline if not isinstance(item, list)]) == 9


@CODES
def test_it_is_read_the_quick_way(code: str) -> None:
    assert engine._as_xml(html(whole(code))) is not None


@CODES
def test_every_page_says_that_it_stays_inside(code: str) -> None:
    words = language(code).words("inside the organisation only")

    for page in pages_of(whole_pdf(code))[1:]:
        assert bare(words) in bare(page)
    assert bare(language(code).words("For inside the organisation only")) in bare(
        pages_of(whole_pdf(code))[0]
    )


@CODES
def test_cover_and_parts_are_in_the_language_and_the_source_is_named(code: str) -> None:
    text, words = bare(text_of(whole_pdf(code))), language(code).words
    headings = ("The cohort on one page", "Who took part", "How the firms spread", "Before and after")
    headings += ("What the firms lack most", "Routes and paths", "What to offer next", "Method and limits")

    for heading in headings:
        assert bare(words(heading)) in text
    assert "10.22034/jgeoq.2024.234973.2551" in text
    assert "Trade House" in text and "12 Port Road" in text
    assert bare(language(code).day(DAY)).replace(" ", "") in text.replace(" ", "")
    for key in MODEL.components:
        assert bare(texts(MODEL.version, code)["components"][key]["name"]) in text


def test_persian_has_no_english_sentence() -> None:
    text = said(make_pdf(replace(whole("fa"), cohort="بهار", brand=replace(BRAND, name="خانه", contact=""))))

    for word in (" firms", " the ", " median", "Component", " of "):
        assert word not in text.replace("Components That Precede", "").split("روش و محدودیت")[0], word


@CODES
def test_no_firm_is_named(code: str) -> None:
    text = said(whole_pdf(code))

    assert [firm.facts["name"] for firm in firms() if firm.facts["name"] in text] == []


def test_an_invented_cohort_says_so_on_every_page() -> None:
    pages = pages_of(make_pdf(replace(whole("en"), invented=True)))

    assert "Every firm of this cohort is invented" in one_line(pages[0])
    assert all("invented firms" in page for page in pages[1:])


def test_a_published_view_does_not_say_inside_and_withholds_small_counts() -> None:
    view = view_of(12, inside=False)
    counts: Counts = (("software", None), ("manufacturing", 10), (None, 0))
    text = said(make_pdf(replace(view, members=replace(view.members, sectors=counts, started=None))))

    assert "nside the organisation" not in text
    assert text.count("fewer than 5") == 2


def test_the_logo_and_colour_are_those_of_the_organisation() -> None:
    file = io.BytesIO()
    Image.new("RGB", (60, 20), "#7a1f3d").save(file, "PNG")
    pdf = make_pdf(replace(view_of(12), brand=replace(BRAND, logo=file.getvalue())))

    assert [image.image.size for image in opened(pdf).pages[0].images if image.image] == [(60, 20)]


def test_names_that_look_like_markup_are_text() -> None:
    assert "<b>Spring</b> & Co" in said(make_pdf(view_of(0, cohort="<b>Spring</b> & Co")))


def test_a_view_travels_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(whole("fa"))) == whole("fa")


# Few firms


def test_without_a_finished_firm_there_is_who_took_part_and_why_no_more() -> None:
    pdf = make_pdf(view_of(0))
    text = said(pdf)

    assert "No firm has finished an assessment yet" in text
    assert "Invited" in text and "Method and limits" in text
    assert "How the firms spread" not in text and "nan" not in text


def test_with_four_firms_the_floors_are_said_and_no_median_is() -> None:
    text = said(make_pdf(view_of(4)))

    assert "There are 4 firms here; from 5 on" in text
    assert "the median is told from 5 firms on" in text
    assert "Too few firms yet." in text
    assert "Several people answered in" in text or "No indicator was rated" in text
    assert by_median(view_of(4).standing or pytest.fail()) == []
    assert "nan" not in text


def test_with_twelve_firms_there_are_medians_and_floors_of_the_rest_are_said() -> None:
    view = view_of(
        12,
        changes=tuple(change(key, None, comparison.TOO_FEW) for key in MODEL.components),
        twice=4,
        agreements=tuple(Agreement(key, 11, None, 0, 0) for key in MODEL.components),
    )
    text = said(make_pdf(view))

    assert "Median of the overall index" in text
    assert "From 6 firms on it shows whether they moved together." in text
    assert text.count("11 firms, too few") == 9
    assert "Where the firms stand highest" in text


def test_strong_and_weak_components_are_told_by_the_median() -> None:
    ranked = by_median(view_of(60).standing or pytest.fail())
    medians = [row.quartiles[1] for row in ranked if row.quartiles]

    assert len(ranked) == 9
    assert medians == sorted(medians, reverse=True)


def test_a_change_is_told_with_its_interval_and_what_it_shows() -> None:
    changes = (change("networking"), change("assets", -0.4, "none"), change(None, None, "too-few"))
    text = said(make_pdf(view_of(12, changes=changes, twice=12)))

    assert "40 → 45" in text and "+4.2 +1.1 to +7.3" in text and "higher" in text
    assert "no difference shown" in text and "too few firms" in text


def test_pages_of_nothing_but_a_reason_are_not_begun() -> None:
    pages = pages_of(make_pdf(view_of(4)))

    assert len(pages) <= 6
    assert {at: len(page) for at, page in enumerate(pages[1:], start=2) if len(page) < 300} == {}

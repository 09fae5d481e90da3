"""The questionnaire on paper, made for real and read back."""

import logging
import re
from functools import cache

import pytest

from readiness.core.model import texts
from readiness.reports import paper
from readiness.reports.language import language
from readiness.reports.pdf import html_to_pdf
from tests.reports.tools import CODES, MODEL, NEEDS_A_PRESS, bare, opened, pages_of, text_of, words

pytestmark = NEEDS_A_PRESS

MILLIMETRE = 72 / 25.4


@cache
def questionnaire(code: str) -> bytes:
    return html_to_pdf(paper.html(code), None)


@CODES
def test_every_question_is_asked_with_its_boxes(code: str) -> None:
    read = bare(text_of(questionnaire(code)))
    found = set(re.findall(r"\w+", read))
    asked = texts(MODEL.version, code)

    # Extraction parts and turns round Persian words with a mark above a letter; the others come out whole.
    for number in MODEL.numbers:
        parts = set(re.findall(r"\w+", bare(asked["indicators"][str(number)]["question"])))
        assert len(parts - found) <= (0 if code == "en" else 3), (number, parts - found)
    for term, word in asked["terms"].items():
        assert read.count(bare(word)) >= len(MODEL.numbers), term
    assert "48 ·" not in read and "۴۸ ·" not in read


@CODES
def test_it_is_a_tagged_document_in_its_language_with_bookmarks_and_nothing_attached(code: str) -> None:
    document = opened(questionnaire(code))
    root = document.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == code
    assert document.metadata and document.metadata.title == language(code).words("Readiness questionnaire")
    assert len(document.outline) == 1 + len(MODEL.components)
    assert not document.attachments
    assert {tuple(round(x / MILLIMETRE) for x in page.mediabox[2:]) for page in document.pages} == {
        (210, 297)
    }


@CODES
def test_it_is_short_and_says_on_which_page_one_is(code: str) -> None:
    pages = pages_of(questionnaire(code))

    assert 8 <= len(pages) <= 14
    spoken = language(code)
    for place, page in enumerate(pages, start=1):
        assert spoken.number(place) in page and spoken.number(len(pages)) in page


@pytest.mark.parametrize(("code", "rises"), [("en", True), ("fa", False)])
def test_the_scale_runs_with_the_reading_direction(code: str, rises: bool) -> None:
    keys = [language(code).number(at) for at in range(1, 6)]
    rows: dict[tuple[int, int], dict[str, float]] = {}
    for page, word, (left, top, _, _), _ in words(questionnaire(code)):
        if word in keys:
            rows.setdefault((page, round(top)), {})[word] = left
    scales = [row for row in rows.values() if len(row) == 5]

    assert len(scales) == len(MODEL.numbers)
    for row in scales:
        places = [row[key] for key in keys]
        assert places == sorted(places, reverse=not rises)


@CODES
def test_nothing_leaves_the_page_and_nothing_is_warned_of(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        pdf = html_to_pdf(paper.html(code), None)

    assert not caplog.records
    for _, word, (left, top, right, bottom), (width, height) in words(pdf):
        assert left >= 0 and top >= 0 and right <= width and bottom <= height, word

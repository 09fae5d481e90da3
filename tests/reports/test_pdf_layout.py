"""The printed profile of extreme answers: nothing is warned of, and nothing leaves its place."""

import json
import logging
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from readiness.core import answers as answering
from readiness.reports.pdf import attached_answers, html_to_pdf, make_pdf
from tests.reports.tools import MODEL, NEEDS_A_PRESS, bare, opened, profile_of, sample, words

pytestmark = NEEDS_A_PRESS

MILLIMETRE = 72 / 25.4


def filler(code: str, length: int) -> str:
    sentence = {"en": "What we have seen so far, ", "fa": "آنچه تا امروز دیده‌ایم، "}[code]
    return (sentence * (length // len(sentence) + 1))[: length - 1] + "."


def extreme(name: str, code: str) -> dict[str, Any]:
    document = json.loads(json.dumps(answering.export(sample(code))))
    first, letter = document["responses"][0], {"en": "W", "fa": "ش"}[code]
    match name:
        case "47 notes of 2,000 characters":
            first["notes"] = dict.fromkeys(map(str, MODEL.numbers), filler(code, 2000))
        case "a firm name of 80 characters":
            document["firm"]["name"] = filler(code, 80)
        case "a name of 200 characters without a blank":
            document["firm"]["name"] = letter * 200
        case "a single answer":
            document["responses"] = [{"rater": "R", "answers": {"1": "H"}}]
        case "every text long and without a blank":
            document["firm"] |= {"name": letter * 200, "country": letter * 200}
            first |= {"rater": letter * 200, "notes": {"1": letter * 2000}, "reasons": {"2": letter * 500}}
            first["answers"]["2"] = "NA"
        case "twelve raters with long roles":
            document["responses"] = [first | {"rater": f"{at}. {filler(code, 70)}"} for at in range(12)]
        case "notes of line breaks":
            first["notes"] = dict.fromkeys(map(str, MODEL.numbers), f"{letter}\n" * 999 + letter)
    return document


EXTREMES = [
    "the sample",
    "a firm name of 80 characters",
    "a name of 200 characters without a blank",
    "a single answer",
    "every text long and without a blank",
    "twelve raters with long roles",
]
#: These take seconds, so one language each.
LONG = [("47 notes of 2,000 characters", "fa"), ("notes of line breaks", "en")]


@pytest.mark.parametrize(("name", "code"), [*product(EXTREMES, ["en", "fa"]), *LONG])
def test_the_engine_warns_of_nothing_and_nothing_leaves_its_place(
    name: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = extreme(name, code)
    with caplog.at_level(logging.WARNING, "weasyprint"):
        pdf = make_pdf(profile_of(document, code))

    assert [record.getMessage() for record in caplog.records] == []
    assert json.loads(attached_answers(pdf)) == document
    assert list(outside(pdf)) == []
    assert list(collisions(pdf)) == []
    assert len(opened(pdf).pages) <= (40 if "notes" in name else 14)


def outside(pdf: bytes) -> Iterator[tuple[int, str]]:
    """Words that reach into the margins: 18 mm at the sides; the running lines stand above and below."""
    side, head, foot = 17.5 * MILLIMETRE, 7 * MILLIMETRE, 7 * MILLIMETRE
    for page, word, (left, top, right, bottom), (width, height) in words(pdf):
        if left < side or right > width - side or top < head or bottom > height - foot:
            yield page, word


def collisions(pdf: bytes) -> Iterator[tuple[int, str, str]]:
    """Pairs of words printed over each other: the middle thirds of their boxes, which ink fills, overlap."""
    every = list(words(pdf))
    for page in {item[0] for item in every}:
        ranked = sorted((box, word) for at, word, box, _ in every if at == page and bare(word).strip())
        for place, ((_, top, right, bottom), word) in enumerate(ranked):
            for (left, upper, _end, lower), other in ranked[place + 1 :]:
                if left > right - 1:
                    break
                core, theirs = (bottom - top) / 3, (lower - upper) / 3
                if min(bottom - core, lower - theirs) > max(top + core, upper + theirs):
                    yield page, word, other


def test_words_printed_over_each_other_or_in_the_margin_are_noticed() -> None:
    page = "<html lang=en><title>t</title><p style='{}'>One<p style='margin-top: -2.5em'>Two</html>"

    assert [{a, b} for _, a, b in collisions(html_to_pdf(page.format(""), "{}"))] == [{"One", "Two"}]
    assert list(outside(html_to_pdf(page.format("margin-left: 172mm"), "{}"))) == [(1, "One")]

"""What a language brings: how it writes, the texts of the model, and, for Persian, its own letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from readiness.core import actions, model
from readiness.reports.language import CALENDARS, LANGUAGES, Language
from tests.test_catalogue import CATALOGUES, messages, strings

VERSION = model.CURRENT
languages = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


@languages
def test_a_language_says_how_it_writes(language: Language) -> None:
    assert language.direction in ("ltr", "rtl")
    assert len(language.digits_of) == len(set(language.digits_of)) == 10
    assert [int(digit) for digit in language.digits_of] == list(range(10))
    assert language.calendar in CALENDARS
    assert len(set(language.months)) == 12
    signs = (language.decimal, language.percent_sign, language.comma, language.semicolon)
    assert all(len(sign) == 1 for sign in signs)
    assert language.counters in ("decimal", "persian", "arabic-indic")


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert {path.parts[-3] for path in CATALOGUES} == set(LANGUAGES) - {"en"}
    assert next(iter(LANGUAGES)) == "en"


def leaves(tree: Any, place: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, str):
            yield f"{place}.{key}", value
        else:
            yield from leaves(value, f"{place}.{key}")


@languages
def test_a_language_has_every_text_of_the_model_and_of_the_actions(language: Language) -> None:
    for read in (model.texts, actions.texts):
        english, own = (dict(leaves(read(VERSION, code))) for code in ("en", language.code))
        assert english.keys() == own.keys()
        assert all(text.strip() for text in own.values())


def persian() -> Iterator[tuple[str, str]]:
    """Every Persian text of the product, with its place."""
    for read in (model.texts, actions.texts):
        yield from leaves(read(VERSION, "fa"))
    for path in CATALOGUES:
        if path.parts[-3] == "fa":
            for message in messages(path):
                yield from ((str(message.id)[:40], text) for text in strings(message))


PERSIAN = list(persian())
#: What is wrong in Persian, whatever the sentence, and a word or two that show it.
FAULTS = {
    "an Arabic letter where Persian has its own": (r"[يىكةۀ]", "كتاب"),
    "a digit that is not Persian": (r"[0-9٠-٩]", "سال 1404"),
    "a blank before punctuation": (r" [؟،؛.:!»]", "چرا ؟"),
    "Latin punctuation": (r"[?;,\"'“”](?![A-Za-z])", "بله, نه"),
    "a blank inside quotation marks": (r"« | »", "« متن»"),
    "a verb's prefix that stands alone": (r"(?:^| )ن?می ", "او می رود"),
    "a plural that stands alone": (r" (?:ها|های|هایی|هایتان|هایشان|ترین|تر)(?= |$|[.،؛؟])", "کتاب ها"),
    "two blanks": (r"  ", "یک  دو"),
    "a half-space beside a blank": (" \u200c|\u200c |\u200c\u200c", "می‌ رود"),
    "a half-space at an end": ("^\u200c|\u200c$", "رفت‌"),
    "an exclamation mark": (r"!", "سلام!"),
}
#: Places that a program fills, names in Latin letters, formulas between isolates.
_NOT_PROSE = re.compile("%\\(\\w+\\)s|{\\w+}|\u2066[^\u2069]*\u2069|[A-Za-z][A-Za-z0-9.,&/%+ -]*")


@pytest.mark.parametrize("fault", FAULTS)
def test_persian_is_written_as_persian_is(fault: str) -> None:
    pattern, example = FAULTS[fault]
    assert re.search(pattern, example)
    found = [
        (place, hit[0], text)
        for place, text in PERSIAN
        if (hit := re.search(pattern, _NOT_PROSE.sub("\ufffd", text)))
    ]
    assert len(PERSIAN) > 1200
    assert found == []


#: What is written in Latin letters in Persian too.
LATIN = re.compile(
    r"READINESS_BASE_URL|readiness actions|readiness demo(?: --remove)?|readiness user add"
    r"|name@example\.org|answers\.json"
    r"|example\.com|UTF-8|#0d4a4b"
    r"|\b(?:DOCX|JPEG|PNG|SVG|ZIP|PDF|JSON|CSV|NDA|URL|TFN|CE|API|ISO|GMP|B2B|IP|IT|VPN|3D|UTC|Enter|Tab|[a-zA-Z])\b"
)


def test_no_english_word_is_left_in_persian() -> None:
    left = []
    for place, text in PERSIAN:
        words = re.findall(r"[A-Za-z]{2,}", LATIN.sub(" ", re.sub(r"%\(\w+\)s|{\w+}", " ", text)))
        if words:
            left.append((place, words))
    assert left == []

"""The catalogues hold every string of the interface, and what is shipped is compiled from them."""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "readiness" / "translations").glob("*/LC_MESSAGES/messages.po"))
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "N_": None,
    "words": None,
    "plural": (1, 2),
    "AnswersError": (2,),
    "_expect": (4,),
    "_say": None,
    "say": None,
}


@cache
def in_the_sources() -> set[str]:
    """The first message identifier of every marked string."""
    found: set[str] = set()
    for folder, methods in (
        ("readiness", [("**.py", "python")]),
        ("templates", [("**.html", "jinja2")]),
    ):
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, methods, {"**.html": {"trimmed": "true"}}, keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found - {""}


@cache
def messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def identifier(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def coverage(path: Path) -> str:
    """What `bin/test` prints of a catalogue."""
    wanted = in_the_sources()
    good = {
        identifier(message) for message in messages(path) if all(strings(message)) and not message.fuzzy
    } & wanted
    share = len(good) * 100 // len(wanted)
    return f"catalogue {path.parts[-3]}: {len(good)} of {len(wanted)} strings translated, {share} %"


catalogues = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
everything = pytest.mark.parametrize(
    ("path", "message"),
    [(path, message) for path in CATALOGUES for message in messages(path)],
    ids=lambda part: part.parts[-3] if isinstance(part, Path) else identifier(part),
)


@catalogues
def test_every_string_of_the_sources_is_in_the_catalogue_and_no_other(path: Path) -> None:
    assert {identifier(message) for message in messages(path)} == in_the_sources()


@catalogues
def test_every_string_is_translated_and_none_is_fuzzy(path: Path) -> None:
    assert coverage(path).endswith(" 100 %")
    for message in messages(path):
        assert all(strings(message)), f"not translated: {message.id}"
        assert not message.fuzzy, f"fuzzy: {message.id}"


@catalogues
def test_what_is_shipped_is_compiled_from_the_catalogue(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as compiled:
        shipped = gettext.GNUTranslations(compiled)
    for message in messages(path):
        if isinstance(message.id, str):
            assert shipped.gettext(message.id) == message.string, "run bin/translate"
        else:
            assert shipped.ngettext(*message.id, 1) == message.string[0], "run bin/translate"


@everything
def test_a_translation_keeps_the_placeholders(path: Path, message: Message) -> None:
    wanted = set(re.findall(r"%\((\w+)\)s|{(\w+)}", identifier(message)))
    for text in strings(message):
        assert set(re.findall(r"%\((\w+)\)s|{(\w+)}", text)) == wanted

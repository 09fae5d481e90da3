"""The Persian catalogue holds every string of the interface, and what is shipped is compiled from it."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "readiness" / "translations" / "fa" / "LC_MESSAGES"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "N_": None, "words": None, "plural": (1, 2)}


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


with (FOLDER / "messages.po").open("rb") as file:
    MESSAGES: list[Message] = [message for message in read_po(file) if message.id]


def identifier(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_every_string_of_the_sources_is_in_the_catalogue_and_no_other() -> None:
    assert {identifier(message) for message in MESSAGES} == in_the_sources()


def test_every_string_is_translated_and_none_is_fuzzy() -> None:
    print(f"Persian catalogue: {len(MESSAGES)} strings")
    for message in MESSAGES:
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(texts), f"not translated: {message.id}"
        assert not message.fuzzy, f"fuzzy: {message.id}"


def test_what_is_shipped_is_compiled_from_the_catalogue() -> None:
    with (FOLDER / "messages.mo").open("rb") as compiled:
        shipped = gettext.GNUTranslations(compiled)
    for message in MESSAGES:
        if isinstance(message.id, str):
            assert shipped.gettext(message.id) == message.string, "run bin/translate"
        else:
            assert shipped.ngettext(*message.id, 1) == message.string[0], "run bin/translate"


@pytest.mark.parametrize("message", MESSAGES, ids=identifier)
def test_a_translation_keeps_the_placeholders(message: Message) -> None:
    wanted = set(re.findall(r"%\((\w+)\)s", identifier(message)))
    for text in [message.string] if isinstance(message.string, str) else message.string:
        assert set(re.findall(r"%\((\w+)\)s", text)) == wanted
        assert not re.search(r"[يك]", text)

"""Keeps a text of a table from being run by a spreadsheet, and gives it back as it was."""

from __future__ import annotations

import re

#: What a spreadsheet runs. A text that looks guarded already is guarded once more, to be read back whole.
_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """What stood in a cell before it was guarded."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text

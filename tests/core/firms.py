"""Small firms for the tests of the numeric core, and how their results are compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from readiness.core import answers, model
from readiness.core.answers import Codes
from readiness.core.model import Model

MODEL = model.load()
GOLDEN: list[dict[str, Any]] = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
ALL = range(1, 48)
RELATIONAL = range(1, 17)

Sheet = Mapping[int, str]


def firm(*sheets: Sheet) -> Codes:
    """Codes of one rater a sheet, from indicator number to word; an absent number is unanswered."""
    return np.array([one(sheet) for sheet in sheets])


def one(sheet: Sheet) -> Codes:
    codes = answers.blank(MODEL)
    for number, word in sheet.items():
        codes[MODEL.column[number]] = answers.CODE_OF[word]
    return codes


def same(word: str, numbers: Sequence[int] = ALL) -> dict[int, str]:
    """A sheet with one word for all of these indicators."""
    return dict.fromkeys(numbers, word)


def sheets(codes: Codes) -> list[dict[int, str]]:
    """The other way round: what each rater wrote, without what is unanswered."""
    return [
        {
            number: word
            for number, code in zip(MODEL.numbers, row, strict=True)
            if (word := answers.WORDS[code])
        }
        for row in codes.tolist()
    ]


def document(codes: Codes) -> dict[str, Any]:
    """The firm's answers in the exchange format."""
    return {
        "model": MODEL.version,
        "firm": {"name": "Firm"},
        "responses": [
            {"rater": f"R{at}", "answers": {str(number): word for number, word in sheet.items()}}
            for at, sheet in enumerate(sheets(codes), start=1)
        ],
    }


def with_plain_weights() -> Model:
    """The model as if the experts had all said "medium": every importance is 1/2, for hand arithmetic."""
    rows = tuple(row if row.number == 48 else replace(row, counts=(0, 0, 15, 0, 0)) for row in MODEL.paper)
    return replace(MODEL, paper=rows)


def differences(found: Any, expected: Any, place: str = "") -> Iterator[str]:
    """Where a result departs from what is expected of it; numbers may differ by 1e-9."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            if not isinstance(found, Mapping) or key not in found:
                yield f"{place}.{key} is missing"
            else:
                yield from differences(found[key], value, f"{place}.{key}")
    elif isinstance(expected, list | tuple):
        if not isinstance(found, list | tuple) or len(found) != len(expected):
            yield f"{place} is {found}, not {expected}"
        else:
            for at, (mine, theirs) in enumerate(zip(found, expected, strict=True)):
                yield from differences(mine, theirs, f"{place}[{at}]")
    elif expected is None or isinstance(expected, str | bool):
        if found is not expected and found != expected:
            yield f"{place} is {found}, not {expected}"
    elif found is None or isinstance(found, str | bool) or abs(found - float(expected)) > 1e-9:
        yield f"{place} is {found}, not {float(expected)}"

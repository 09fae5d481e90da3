"""A cohort's firms for an analysis: CSV, workbook and JSON, a row a finished round, with the dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from readiness.reports.datacase import KINDS, Case, Column
from readiness.reports.language import Language
from readiness.reports.spreadsheets import Row, Sheet, csv_bytes, csv_parts, xlsx_bytes

#: What the dictionary says of a column, in this order.
ENTRIES = ("column", "meaning", "kind", "values", "missing", "source")
_WIDTHS = (26, 60, 26, 50, 40, 60)
_AT_ONCE = 100


def dictionary(columns: Iterable[Column], language: Language) -> list[dict[str, str]]:
    """Every column in words, each an object of ENTRIES."""
    return [
        {
            "column": column.name,
            "meaning": column.meaning,
            "kind": language.words(KINDS[column.kind]),
            "values": _values(column, language),
            "missing": column.missing,
            "source": column.source,
        }
        for column in columns
    ]


def kinds(language: Language) -> dict[str, str]:
    """The kinds of columns in words, by key."""
    return {key: language.words(kind) for key, kind in KINDS.items()}


def _values(column: Column, language: Language) -> str:
    if isinstance(column.values, str):
        return column.values
    return f"{language.semicolon} ".join(f"{code} = {name}" for code, name in column.values)


def rows(columns: Sequence[Column], cases: Iterable[Case]) -> Iterator[Row]:
    """The values of each case, in the order of the columns."""
    for case in cases:
        yield [column.read(case) for column in columns]


def dictionary_csv(columns: Iterable[Column], language: Language) -> bytes:
    """The dictionary as a table."""
    listed = dictionary(columns, language)
    return csv_bytes(ENTRIES, [[item[name] for name in ENTRIES] for item in listed])


def as_csv(columns: Sequence[Column], cases: Iterable[Case]) -> Iterator[bytes]:
    """The rows as a table, in parts."""
    return csv_parts([column.name for column in columns], rows(columns, cases))


def as_xlsx(
    columns: Sequence[Column], cases: Iterable[Case], about: Mapping[str, Any], language: Language
) -> bytes:
    """A workbook of the rows, of the dictionary, and of what is said about both."""
    listed = dictionary(columns, language)
    names = [column.name for column in columns]
    told: list[Row] = [[name, value] for name, value in about.items()]
    return xlsx_bytes(
        [
            Sheet("data", names, rows(columns, cases), [max(len(name) + 2, 10) for name in names]),
            Sheet(
                "dictionary",
                ENTRIES,
                [[item[name] for name in ENTRIES] for item in listed],
                _WIDTHS,
                language.mirrored,
            ),
            Sheet("about", ("entry", "value"), told, (26, 60)),
        ],
        lean=True,
    )


def as_json(
    columns: Sequence[Column], cases: Iterable[Case], about: Mapping[str, Any], language: Language
) -> Iterator[bytes]:
    """A document of the dictionary and of the rows, each an object, in parts."""
    head = json.dumps({**about, "dictionary": dictionary(columns, language)}, ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}").encode() + b',\n "rows": ['
    names, part, first = [column.name for column in columns], list[str](), True
    for row in rows(columns, cases):
        text = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, allow_nan=False)
        part.append(f"{'' if first else ','}\n  {text}")
        first = False
        if len(part) == _AT_ONCE:
            yield "".join(part).encode()
            part.clear()
    yield "".join(part).encode() + b"\n ]\n}\n"

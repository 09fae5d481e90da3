"""Tables and lists of answers: what goes out comes back, and what is wrong is named by its place."""

import csv
import io
import json
import random
import time
import tracemalloc
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.core import model as models
from readiness.core.answers import NOT_APPLICABLE, RATERS, Response
from readiness.core.typed import tidy
from readiness.reports import answerlist, answersheet, sheetwords
from readiness.reports.facts import REGIONS, SECTORS
from readiness.reports.guard import guarded, unguarded
from readiness.reports.intake import LISTED, MOST_ROUNDS, MOST_ROWS, OPEN, Batch, Entry, Round
from readiness.reports.language import LANGUAGES, language

MODEL = models.load()
TODAY = date(2026, 11, 26)
ENGLISH, PERSIAN = language("en"), language("fa")


def read(content: bytes | str) -> Batch:
    data = content.encode() if isinstance(content, str) else content
    return (
        answerlist.read(data, TODAY)
        if answerlist.looks_like(data)
        else answersheet.read(data, TODAY, "Founder")
    )


def table(*rows: list[str], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def said(batch: Batch, code: str = "en") -> list[str]:
    """The problems without the marks that isolate what was typed."""
    strip = dict.fromkeys(range(8294, 8298))
    return [problem.said(language(code)).translate(strip) for problem in batch.problems]


def one(batch: Batch) -> Entry:
    assert not said(batch)
    assert len(batch.entries) == 1
    return batch.entries[0]


def words_of(response: Response) -> dict[str, str]:
    from readiness.core.answers import WORDS

    given = zip(MODEL.numbers, response.codes.tolist(), strict=True)
    return {str(number): str(WORDS[code]) for number, code in given if WORDS[code]}


# What is understood


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_delimiter_and_encoding_is_read(delimiter: str, encoding: str) -> None:
    text = table(["firm", "rater", "1", "2"], ["نانوفناوران", "CEO", "VH", "dk"], delimiter=delimiter)

    entry = one(read(text.encode(encoding)))

    assert entry.facts["name"] == "نانوفناوران"
    assert words_of(entry.rounds[0].responses[0]) == {"1": "VH", "2": "DK"}


def test_persian_headers_words_digits_and_letters_of_either_keyboard_are_read() -> None:
    text = table(
        ["نام شرکت", "سال تأسيس", "تعداد کارکنان", "سهم فروش خارجی", "مناطق فروش خارجی", "۱", "٢", "3"],
        ["نانو", "۱۳۹۵", "۱٬۲۰۰", "۱۸٪", "اروپا؛ africa", "خیلی", "", ""],
        ["پارس", "1390", "٣", "", "", "بسيار زياد", "نمی دانم", "کم"],
    )

    batch = read(text)

    assert said(batch) == [
        "Row 2, column F (۱): unknown answer “خیلی”; use one of VL, L, M, H, VH, DK, NA, or leave it empty"
    ]
    good = read(text.replace("خیلی", "متوسط"))
    assert not said(good)
    assert dict(good.entries[0].facts) == {
        "name": "نانو",
        "founded": 2016,
        "employees": 1200,
        "foreign_share": 18,
        "regions": ("europe", "africa"),
    }
    assert words_of(good.entries[1].rounds[0].responses[0]) == {"1": "VH", "2": "DK", "3": "L"}


def test_rows_of_one_firm_are_its_raters_and_need_not_repeat_what_is_known_of_it() -> None:
    entry = one(
        read(table(["firm", "country", "rater", "1"], ["Pars", "Iran", "CEO", "L"], ["pars", "", "CTO", "H"]))
    )

    assert [response.rater for response in entry.rounds[0].responses] == ["CEO", "CTO"]
    assert entry.facts == {"name": "Pars", "country": "Iran"}


def test_a_number_tells_firms_of_one_name_apart() -> None:
    batch = read(table(["firm", "no", "rater", "1"], ["Pars", "1", "CEO", "L"], ["Pars", "2", "CEO", "H"]))

    assert not said(batch) and len(batch.entries) == 2


@pytest.mark.parametrize("spoken", LANGUAGES.values(), ids=list(LANGUAGES))
def test_every_header_of_the_template_is_known_and_no_two_are_alike(spoken: Any) -> None:
    header = next(csv.reader(io.StringIO(answersheet.template(spoken).decode("utf-8-sig"))))

    keys = [sheetwords.key_of(cell, MODEL) for cell in header]

    assert keys == sheetwords.columns(MODEL, remarks=False)
    assert said(read(answersheet.template(spoken))) == ["The file has no row below its header."]


def test_a_text_stays_text_and_our_own_guard_goes() -> None:
    text = table(["firm", "rater", "1", "note 1"], ["'=HYPERLINK(1)", "-1+1", "L", "''@x"])

    entry = one(read(text))

    assert entry.facts["name"] == "=HYPERLINK(1)"
    response = entry.rounds[0].responses[0]
    assert (response.rater, response.notes) == ("-1+1", {"1": "'@x"})


def test_nested_quotes_and_line_ends_within_a_cell_are_read() -> None:
    entry = one(read('firm,rater,1,note 1\r\n"Pars ""Nano"", Co.",CEO,L,"first\r\nsecond ""x"""\r\n'))

    assert entry.facts["name"] == 'Pars "Nano", Co.'
    assert entry.rounds[0].responses[0].notes == {"1": 'first\nsecond "x"'}


# What is refused, and where


HOSTILE = {
    "an unknown column": (table(["firm", "1", "colour"], ["A", "L", "red"]), "Row 1, column C (colour)"),
    "the rejected indicator": (
        table(["firm", "48"], ["A", "L"]),
        "Row 1, column B (48): indicator 48 was rejected",
    ),
    "its note": (
        table(["firm", "note 48"], ["A", "L"]),
        "B (note 48): indicator 48 was rejected",
    ),
    "a column twice": (
        table(["firm", "1", "۱"], ["A", "L", "L"]),
        "column C (۱): this column is there",
    ),
    "no header": (table(["A", "L"], ["B", "L"]), "The first row must be the header"),
    "nothing": ("", "The first row must be the header"),
    "too few cells": (table(["firm", "1"], ["A"]), "Row 2: 1 cells, but the header has 2"),
    "too many cells": (table(["firm", "1"], ["A", "L", "x"]), "Row 2: 3 cells, but the header has 2"),
    "an unknown term": (
        table(["firm", "1"], ["A", "L"], ["B", "5"]),
        "Row 3, column B (1): unknown",
    ),
    "a formula": (table(["firm", "1"], ["A", "=1+1"]), "Row 2, column B (1): unknown answer “=1+1”"),
    "a rater twice": (
        table(["firm", "rater", "1"], ["A", "CEO", "L"], ["a ", "CEO", "L"]),
        "Row 3, column B (rater): “CEO” of this firm is there twice",
    ),
    "other facts": (
        table(["firm", "country", "rater"], ["A", "Iran", "x"], ["A", "Iraq", "y"]),
        "Row 3, column B (country): row 2 says otherwise of the same firm",
    ),
    "no name": (table(["firm", "1"], [" ", "L"]), "Row 2, column A (firm): the name of the firm is missing"),
    "an unknown sector": (
        table(["firm", "sector"], ["A", "mining"]),
        "“mining” is not known; use one of",
    ),
    "an unknown region": (table(["firm", "regions"], ["A", "europe;mars"]), "“mars” is not known"),
    "no number": (table(["firm", "employees"], ["A", "a few"]), "“a few” is no whole number"),
    "a decimal comma": (table(["firm", "employees"], ["A", "1,5"]), "“1,5” is no whole number"),
    "too large a share": (table(["firm", "foreign_share"], ["A", "101"]), "101 is not between 0 and 100"),
    "a future year": (table(["firm", "founded"], ["A", "2027"]), "2027 is not between 1800 and 2026"),
    "a sale before": (
        table(["firm", "founded", "first_foreign_sale"], ["A", "2010", "2009"]),
        "column C (first_foreign_sale): the first sale abroad cannot be before the foundation",
    ),
    "a bad address": (table(["firm", "email"], ["A", "x@y"]), "column B (email): this is no e-mail address"),
    "a bad day": (table(["firm", "finished"], ["A", "2026-13-01"]), "“2026-13-01” is no day"),
    "a future day": (table(["firm", "finished"], ["A", "2026-11-27"]), "in the future"),
    "a long note": (
        table(["firm", "1", "note 1"], ["A", "L", "x" * 2001]),
        "Row 2, column C (note 1): 2,001 characters; at most 2,000".replace(",001", "001").replace(
            ",000", "000"
        ),
    ),
    "a huge cell": (table(["firm", "note 1"], ["A", "x" * 200_000]), "Row 2: the row cannot be read"),
    "a huge line": ("firm,1\n" + "x" * 1_200_000, "Line 2 of the file is too long"),
    "a stray reason": (
        table(["firm", "1", "reason 1"], ["A", "L", "why"]),
        "Row 2, column C (reason 1): a reason stands here",
    ),
    "NUL": ("firm,1\nA\0B,L\n", "Row 2, column A (firm): this contains a character that cannot be stored"),
    "a wild quote": ('firm,1\n"A"B,L\n', "Row 2: the row cannot be read"),
    "an open quote": ('firm,1\n"A,L\n', "Row 2: the row cannot be read"),
    "a spreadsheet": (b"PK\x03\x04" + b"x" * 40, "This is no CSV file"),
    "Latin-1": ("firm,1\nZürich,L\n".encode("latin-1"), "Byte 9 of the file (0xFC) is not UTF-8"),
    "Arabic Windows": ("firm,1\nشرکت,L\n".encode("cp1256"), "Byte 8 of the file (0xD4) is not UTF-8"),
    "half of UTF-16": ("firm,1\nA,L\n".encode("utf-16")[:-1], "of the file"),
    "UTF-16 without its mark": ("firm,1\nA,L\n".encode("utf-16-le"), "The first row must be the header"),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=list(HOSTILE))
def test_what_is_wrong_is_named_by_its_place(content: str | bytes, message: str) -> None:
    batch = read(content)

    assert batch.count >= 1
    assert message in "\n".join(said(batch))
    assert all("�" not in line and "%(" not in line for line in said(batch, "fa"))


def test_every_problem_is_named_and_of_very_many_the_first_with_their_number() -> None:
    rows = [[f"Firm {at}", "nothing", "L"] for at in range(300)]

    batch = read(table(["firm", "1", "2"], *rows))

    assert batch.count == 300 and len(batch.problems) == LISTED
    assert said(batch)[199].startswith("Row 201, column B (1): unknown answer “nothing”")


def test_a_quoted_problem_shows_what_cannot_be_seen_and_no_more_than_a_line() -> None:
    (line,) = said(read(table(["firm", "1"], ["A", "\u202e<b>" + "x" * 100])))

    assert "\u202e" not in line and "…" in line and len(line) < 240


@pytest.mark.parametrize("rows", [10**6])
def test_a_file_of_a_million_rows_is_refused_quickly_and_within_bounded_memory(rows: int) -> None:
    content = b"firm,1\n" + b"A,L\n" * rows
    tracemalloc.start()
    start = time.perf_counter()

    batch = read(content)

    took, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "more than 20000 rows" in said(batch)[0] or batch.count > 1
    assert took < 20 and peak < 60e6


# JSON


def document(**changes: Any) -> dict[str, Any]:
    made = {
        "model": MODEL.version,
        "firm": {"name": "Pars"},
        "responses": [{"rater": "CEO", "answers": {"1": "L"}}],
    }
    return made | changes


def test_json_is_one_document_or_a_list_of_them() -> None:
    assert one(read(json.dumps(document()))).facts == {"name": "Pars"}
    several = [document(), document(firm={"name": "Nano", "founded": 2010, "regions": ["africa"]})]
    batch = read(json.dumps(several).encode("utf-8-sig"))
    assert not said(batch) and [entry.facts["name"] for entry in batch.entries] == ["Pars", "Nano"]


def test_further_documents_of_a_firm_are_its_rounds() -> None:
    entry = one(read(json.dumps([document(), document(responses=[{"rater": "CEO", "answers": {"1": "H"}}])])))

    assert [words_of(item.responses[0]) for item in entry.rounds] == [{"1": "L"}, {"1": "H"}]


BAD_JSON = {
    "a term": (
        [document(), document(firm={"name": "B"}, responses=[{"rater": "x", "answers": {"12": "6"}}])],
        "document 2: responses[0].answers.12: unknown term",
    ),
    "indicator 48": (
        [document(responses=[{"rater": "x", "answers": {"48": "L"}}])],
        "document 1: responses[0].answers.48: indicator 48 was rejected",
    ),
    "a fact": (
        document(firm={"name": "A", "founded": "long ago"}),
        "firm.founded: a whole number",
    ),
    "an entry": (document(firm={"name": "A", "colour": "red"}), "firm.colour: this entry is not known"),
    "no name": (document(firm={}), "firm.name: the name of the firm is missing"),
    "NUL": (
        document(responses=[{"rater": "x", "answers": {}, "notes": {"1": "a\0"}}]),
        "responses[0].notes.1: this contains a character that cannot be stored",
    ),
    "other facts": (
        [document(), document(firm={"name": "Pars", "employees": 3})],
        "document 2: firm: document 1 says otherwise",
    ),
    "a number": ([1], "document 1: document: an object with model, firm and responses"),
    "nothing": ([], "The file has no document in it."),
}


@pytest.mark.parametrize(("content", "message"), BAD_JSON.values(), ids=list(BAD_JSON))
def test_what_is_wrong_in_json_is_named_by_its_place(content: Any, message: str) -> None:
    assert message in "\n".join(said(read(json.dumps(content))))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[{", "line 1, column 3: this is not JSON"),
        ('[{"a":1,"a":2}]', "this entry is there twice"),
        ("[" * 100_000, "nested too deeply"),
        ("[] x", "line 1, column 4: this is not JSON"),
        ("[" + "9" * 5000 + "]", "a number is too long"),
        ('[{"model":"\ud800"}]'.encode("utf-8", "surrogatepass"), "Byte 12 of the file (0xED) is not UTF-8"),
    ],
)
def test_what_is_no_json_is_refused(text: str | bytes, message: str) -> None:
    assert message in "\n".join(said(read(text)))


# Out and in again

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t'=+-@,;\"\r"), max_size=30
)
NAME = TEXT.map(tidy).filter(bool)


@st.composite
def responses(draw: st.DrawFn) -> list[Response]:
    raters = draw(st.lists(NAME, min_size=1, max_size=3, unique=True))
    return [draw(response(rater)) for rater in raters]


@st.composite
def response(draw: st.DrawFn, rater: str) -> Response:
    codes = draw(st.lists(st.integers(0, 7), min_size=47, max_size=47))
    notes = draw(st.dictionaries(st.sampled_from(MODEL.numbers), NAME, max_size=3))
    left_out = [number for number, code in zip(MODEL.numbers, codes, strict=True) if code == NOT_APPLICABLE]
    reasons = draw(st.dictionaries(st.sampled_from(left_out), NAME, max_size=2)) if left_out else {}
    return Response(
        rater,
        np.array(codes, dtype=np.uint8),
        {str(number): text for number, text in notes.items()},
        {str(number): text for number, text in reasons.items()},
    )


@st.composite
def entry(draw: st.DrawFn, most_rounds: int = 1) -> Entry:
    begun = draw(st.none() | st.integers(1800, 2026))
    facts: dict[str, Any] = {
        "name": draw(NAME),
        "sector": draw(st.none() | st.sampled_from(list(SECTORS))),
        "country": draw(st.none() | NAME),
        "founded": begun,
        "employees": draw(st.none() | st.integers(0, 10_000_000)),
        "first_foreign_sale": draw(st.none() | st.integers(begun or 1800, 2026)),
        "foreign_share": draw(st.none() | st.integers(0, 100)),
        "countries": draw(st.none() | st.integers(0, 300)),
        "regions": tuple(key for key in REGIONS if draw(st.booleans())),
    }
    day = st.dates(date(1991, 1, 1), TODAY).map(date.isoformat) | st.sampled_from(["", OPEN])
    rounds = [Round(draw(day), draw(responses())) for _ in range(draw(st.integers(1, most_rounds)))]
    return Entry(facts, draw(st.none() | st.just("a.b+c@example.org")), MODEL, rounds)


@settings(deadline=None)
@given(st.lists(entry(), min_size=1, max_size=3), st.sampled_from([ENGLISH, PERSIAN]))
def test_a_table_loses_nothing_on_its_way_out_and_in_again(entries: list[Entry], spoken: Any) -> None:
    content = answersheet.write(entries, spoken)

    batch = read(content)

    assert not said(batch)
    assert answersheet.write(batch.entries, spoken) == content
    assert json.loads(answerlist.write(batch.entries, True)) == json.loads(answerlist.write(entries, True))


@settings(deadline=None)
@given(st.lists(entry(most_rounds=3), min_size=1, max_size=3))
def test_a_list_loses_nothing_on_its_way_out_and_in_again(entries: list[Entry]) -> None:
    content = answerlist.write(entries, True)

    batch = read(content)

    assert not said(batch)
    assert answerlist.write(batch.entries, True) == content


@given(TEXT)
def test_a_guarded_text_never_runs_and_is_read_back_whole(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_a_file_damaged_anywhere_is_read_or_refused_but_never_fails(seed: int) -> None:
    dice = random.Random(seed)
    content = bytearray(answersheet.write([SAMPLE], dice.choice([ENGLISH, PERSIAN])))
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(content))
        kind = dice.randrange(3)
        if kind == 0:
            content[at] = dice.randrange(256)
        elif kind == 1:
            del content[at : at + dice.randint(1, 30)]
        else:
            content[at:at] = dice.choice([b'"', b"\n", b"\0", b",", b"\xff", b"=1", b"\r"])

    batch = read(bytes(content))

    assert batch.count or batch.entries
    for code in LANGUAGES:
        assert all(said(batch, code)) or not batch.count


SAMPLE = Entry(
    {"name": "Pars", "country": "ایران", "employees": 12},
    None,
    MODEL,
    [Round("2026-01-01", [Response("CEO", np.arange(47, dtype=np.uint8) % 5, {"3": "note"}, {})])],
)


def test_a_firm_has_no_more_raters_than_can_answer() -> None:
    rows = [["Firm", f"rater {number}", "H"] for number in range(RATERS + 2)]

    found = read(table(["firm", "rater", "2"], *rows))

    assert found.count == 2 and "at most 200 people can answer" in said(found)[0]


def test_a_firm_has_no_more_rounds_than_anybody_looks_at() -> None:
    document = {
        "model": MODEL.version,
        "firm": {"name": "Firm"},
        "responses": [{"rater": "CEO", "answers": {}}],
    }
    found = read(json.dumps([document] * (MOST_ROUNDS + 1)))

    assert found.count == 1 and "at most 100 rounds" in said(found)[0]


def test_a_file_of_nothing_but_brackets_fills_no_memory() -> None:
    tracemalloc.start()
    try:
        found = read(b"[[" + b"{}," * 3_000_000 + b"{}]]")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert "more lists and entries" in said(found)[0] and peak < 50_000_000


@pytest.mark.parametrize("column", ["regions", "sector", "employees", "founded", "finished"])
def test_a_cell_longer_than_any_word_is_refused_and_not_remembered(column: str) -> None:
    found = read(f"firm,{column}\nFirm," + " " * 100_000 + "x")

    assert "at most 1000 are accepted" in said(found)[0]


def test_as_many_rows_as_are_said_are_read() -> None:
    rows = b"".join(b"Firm %d,L\n" % at for at in range(MOST_ROWS))

    assert len(read(b"firm,1\n" + rows).entries) == MOST_ROWS
    assert "more than 20000 rows" in said(read(b"firm,1\n" + rows + b"X,L\n"))[0]

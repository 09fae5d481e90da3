"""The exchange format: what it reads, what it gives back, and what it refuses and where."""

import copy
import json
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core import answers
from readiness.core.answers import AnswersError
from readiness.core.fuzzy import TERMS
from tests.core.firms import GOLDEN, MODEL, document
from tests.core.strategies import examples, firms


def a_document(**changes: Any) -> dict[str, Any]:
    """A small good document, with some of its top-level entries replaced."""
    good = {
        "model": "rezvani-2024",
        "firm": {"name": "Sample"},
        "responses": [
            {"rater": "CEO", "answers": {"1": "VH", "2": "DK", "3": "NA", "44": "L"}},
            {"rater": "CTO", "answers": {}},
        ],
    }
    return {**good, **changes}


def answering(given_answers: Any) -> dict[str, Any]:
    """A document of which only the answers of its only rater matter."""
    return a_document(responses=[{"rater": "CEO", "answers": given_answers}])


def responding(**response: Any) -> dict[str, Any]:
    """A document of which only the second response matters."""
    first, second = a_document()["responses"]
    return a_document(responses=[first, {**second, **response}])


def refusal(found: Any) -> AnswersError:
    with pytest.raises(AnswersError) as caught:
        answers.parse(found)
    assert str(caught.value) == f"{caught.value.place}: {caught.value.problem}"
    assert caught.value.problem
    return caught.value


# Reading


def test_a_response_is_read_into_one_code_an_indicator() -> None:
    read = answers.parse(a_document())

    codes = dict(zip(MODEL.numbers, read.responses[0].codes.tolist(), strict=True))
    assert {number: code for number, code in codes.items() if code != answers.UNANSWERED} == {
        1: 4,
        2: answers.DONT_KNOW,
        3: answers.NOT_APPLICABLE,
        44: 1,
    }
    assert read.codes.shape == (2, 47)
    assert read.codes.dtype == np.uint8
    assert [response.rater for response in read.responses] == ["CEO", "CTO"]
    assert read.firm == {"name": "Sample"}
    assert read.model.version == "rezvani-2024"


@pytest.mark.parametrize("code", range(5))
def test_the_terms_are_coded_by_their_position(code: int) -> None:
    assert answers.parse(answering({"7": TERMS[code]})).codes[0, 6] == code


def test_the_codes_of_what_is_no_term_are_all_different() -> None:
    special = {answers.DONT_KNOW, answers.UNANSWERED, answers.NOT_APPLICABLE}

    assert len(special | set(range(5))) == 8


def test_a_blank_response_is_unanswered_throughout() -> None:
    assert answers.blank(MODEL).tolist() == answers.parse(answering({})).codes[0].tolist()
    assert set(answers.blank(MODEL).tolist()) == {answers.UNANSWERED}


def test_two_blank_responses_share_nothing() -> None:
    first = answers.blank(MODEL)
    first[0] = 4

    assert answers.blank(MODEL)[0] == answers.UNANSWERED


def test_notes_and_reasons_are_kept_by_indicator() -> None:
    read = answers.parse(responding(notes={"2": "see report"}, reasons={"3": "no rivals"}))

    assert read.responses[1].notes == {"2": "see report"}
    assert read.responses[1].reasons == {"3": "no rivals"}
    assert read.responses[0].notes == {}


@pytest.mark.parametrize(
    "firm",
    [
        {},
        {"name": "شرکت"},
        {"name": "A", "size": 12, "share": 0.4, "note": None, "markets": ["DE", "AE"], "exports": True},
    ],
)
def test_what_is_known_of_a_firm_is_kept(firm: dict[str, Any]) -> None:
    assert answers.parse(a_document(firm=firm)).firm == firm


def test_a_document_without_a_firm_is_read() -> None:
    found = a_document()
    del found["firm"]

    assert answers.parse(found).firm == {}


def test_reading_leaves_the_document_as_it_was() -> None:
    found = a_document()
    before = copy.deepcopy(found)

    answers.parse(found)

    assert found == before


# Round trips


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_a_golden_case_comes_back_as_it_went_in(case: dict[str, Any]) -> None:
    assert answers.export(answers.parse(case["answers"])) == case["answers"]


def test_remarks_come_back_as_they_went_in() -> None:
    found = responding(notes={"2": "see report", "44": ""}, reasons={"3": "بدون رقیب"})

    assert answers.export(answers.parse(found)) == found


@examples(60)
@given(firms())
def test_any_answers_survive_a_round_trip_through_json(codes: np.ndarray) -> None:
    text = json.dumps(answers.export(answers.parse(document(codes))))

    assert answers.parse(json.loads(text)).codes.tolist() == codes.tolist()


# Refusing


NO_INDICATORS = [
    "48",
    "0",
    "49",
    "01",
    "007",
    "-1",
    "1.0",
    "1e0",
    " 1",
    "1 ",
    "",
    "x",
    "1_0",
    "100",
    "4" * 30,
]
#: Digits of other scripts that Python would read as numbers: Arabic, Persian, mixed, raised, circled, wide.
OTHER_DIGITS = ["\u0661", "\u06f1", "\u06f1\u06f2", "1\u0662", "\u00b2", "\u2460", "\uff11"]


@pytest.mark.parametrize("number", NO_INDICATORS + OTHER_DIGITS)
@pytest.mark.parametrize("entry", ["answers", "notes", "reasons"])
def test_an_unknown_indicator_is_refused_at_its_place(entry: str, number: str) -> None:
    value = "H" if entry == "answers" else "text"

    assert (
        refusal(responding(**{entry: {"1": value, number: value}})).place == f"responses[1].{entry}.{number}"
    )


def test_a_number_of_thousands_of_digits_is_refused_like_any_other() -> None:
    endless = "0001" + "0" * sys.get_int_max_str_digits()

    assert refusal(answering({endless: "H"})).place == f"responses[0].answers.{endless}"


def test_the_refusal_of_48_says_that_the_experts_rejected_it() -> None:
    assert "rejected by the experts" in refusal(answering({"48": "H"})).problem


def test_the_refusal_of_an_unknown_indicator_says_which_are_known() -> None:
    assert "1 to 47" in refusal(answering({"0": "H"})).problem


@pytest.mark.parametrize("word", ["vh", "VHH", "", " H", "High", "?", "dk", "N/A", "None", "زیاد"])
def test_an_unknown_term_is_refused_with_the_terms_that_are_known(word: str) -> None:
    error = refusal(answering({"1": "H", "5": word}))

    assert error.place == "responses[0].answers.5"
    assert "VL, L, M, H, VH, DK, NA" in error.problem


@pytest.mark.parametrize("word", [None, True, False, 0, 3, 0.5, [], ["H"], {}, {"H": "H"}])
def test_a_term_that_is_no_text_is_refused_at_its_place(word: Any) -> None:
    assert refusal(answering({"5": word})).place == "responses[0].answers.5"


@pytest.mark.parametrize("found", [None, True, 0, 1.5, "text", [], [a_document()]])
def test_a_document_that_is_no_object_is_refused(found: Any) -> None:
    assert refusal(found).place == "document"


@pytest.mark.parametrize(
    "version", [None, True, 2024, [], {}, "", "rezvani-2023", "../rezvani-2024", "x" * 201]
)
def test_a_model_that_is_not_known_is_refused(version: Any) -> None:
    assert refusal(a_document(model=version)).place == "model"


def test_a_document_without_a_model_is_refused() -> None:
    found = a_document()
    del found["model"]

    assert refusal(found).place == "model"


@pytest.mark.parametrize("key", ["respones", "Model", "version", " firm", ".firm"])
def test_an_unknown_top_level_entry_is_refused_with_those_that_are_known(key: str) -> None:
    error = refusal(a_document(**{key: "x"}))

    assert error.place == key
    assert "firm, model, responses" in error.problem


@pytest.mark.parametrize("key", ["", "."])
def test_an_entry_that_has_hardly_a_name_is_refused_at_a_place_too(key: str) -> None:
    assert refusal(a_document(**{key: "x"})).place


@pytest.mark.parametrize("key", ["answer", "Rater", "note", "id"])
def test_an_unknown_entry_of_a_response_is_refused_at_its_place(key: str) -> None:
    assert refusal(responding(**{key: "x"})).place == f"responses[1].{key}"


@pytest.mark.parametrize("responses", [None, True, 1, "CEO", {}, {"rater": "CEO", "answers": {}}])
def test_responses_that_are_no_list_are_refused(responses: Any) -> None:
    assert refusal(a_document(responses=responses)).place == "responses"


def test_a_document_without_responses_is_refused() -> None:
    found = a_document()
    del found["responses"]

    assert refusal(found).place == "responses"


def test_an_empty_list_of_responses_is_refused() -> None:
    error = refusal(a_document(responses=[]))

    assert error.place == "responses"
    assert "at least one" in error.problem


def test_one_response_too_many_is_refused() -> None:
    def of(count: int) -> dict[str, Any]:
        return a_document(responses=[{"rater": str(at), "answers": {}} for at in range(count)])

    assert len(answers.parse(of(answers.RATERS)).responses) == answers.RATERS
    assert refusal(of(answers.RATERS + 1)).place == "responses"


@pytest.mark.parametrize("response", [None, True, 1, "CEO", [], ["CEO"]])
def test_a_response_that_is_no_object_is_refused_at_its_place(response: Any) -> None:
    first = a_document()["responses"][0]

    assert refusal(a_document(responses=[first, response])).place == "responses[1]"


def test_a_rater_who_is_there_twice_is_refused_at_the_second_place() -> None:
    error = refusal(responding(rater="CEO"))

    assert error.place == "responses[1].rater"
    assert "“CEO”" in error.problem


def test_a_response_without_a_rater_is_refused() -> None:
    assert refusal(a_document(responses=[{"answers": {}}])).place == "responses[0].rater"


@pytest.mark.parametrize("rater", [None, True, 7, [], {}, "", "   ", "\u00a0", "x" * 201])
def test_a_rater_without_a_usable_name_is_refused(rater: Any) -> None:
    assert refusal(responding(rater=rater)).place == "responses[1].rater"


def test_a_response_without_answers_is_refused() -> None:
    assert refusal(a_document(responses=[{"rater": "CEO"}])).place == "responses[0].answers"


@pytest.mark.parametrize("entry", ["answers", "notes", "reasons"])
@pytest.mark.parametrize("found", [None, True, 1, "H", [], ["1", "H"]])
def test_an_entry_of_a_response_that_is_no_object_is_refused(entry: str, found: Any) -> None:
    assert refusal(responding(**{entry: found})).place == f"responses[1].{entry}"


@pytest.mark.parametrize("entry", ["notes", "reasons"])
@pytest.mark.parametrize("text", [None, True, False, 1, ["x"], {}])
def test_a_remark_that_is_no_text_is_refused_at_its_place(entry: str, text: Any) -> None:
    assert refusal(responding(**{entry: {"3": text}})).place == f"responses[1].{entry}.3"


@pytest.mark.parametrize(
    ("entry", "limit"), [("notes", answers.NOTE_LENGTH), ("reasons", answers.REASON_LENGTH)]
)
def test_a_remark_one_character_too_long_is_refused_with_the_limit(entry: str, limit: int) -> None:
    answers.parse(responding(**{entry: {"3": "ن" * limit}}))

    error = refusal(responding(**{entry: {"3": "ن" * (limit + 1)}}))

    assert error.place == f"responses[1].{entry}.3"
    assert str(limit) in error.problem


@pytest.mark.parametrize("firm", [None, True, 1, "Sample", []])
def test_a_firm_that_is_no_object_is_refused(firm: Any) -> None:
    assert refusal(a_document(firm=firm)).place == "firm"


@pytest.mark.parametrize("name", [None, True, False, 1, [], {}, "x" * 201])
def test_a_firm_name_that_is_no_short_text_is_refused(name: Any) -> None:
    assert refusal(a_document(firm={"name": name})).place == "firm.name"


@pytest.mark.parametrize("value", [{}, {"deep": 1}, [1], [None], ["DE", 1], [["DE"]]])
def test_what_is_nested_in_a_firm_is_refused_at_its_place(value: Any) -> None:
    assert refusal(a_document(firm={"name": "A", "markets": value})).place.startswith("firm.markets")


def test_an_error_is_a_value_error_that_names_place_and_problem() -> None:
    error = AnswersError("responses[0].rater", "who?")

    assert isinstance(error, ValueError)
    assert str(error) == "responses[0].rater: who?"


# Nonsense

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
keys = st.sampled_from(
    ["model", "firm", "responses", "rater", "answers", "notes", "reasons", "name", "1", "44", "48"]
)
nonsense = st.recursive(
    scalars | st.sampled_from(["rezvani-2024", "VH", "DK", "NA"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=20,
)


def places(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def read_or_refused(found: Any) -> None:
    try:
        read = answers.parse(found)
    except AnswersError as error:
        assert error.place
        assert error.problem
    else:
        assert answers.parse(answers.export(read)).codes.tolist() == read.codes.tolist()


@examples(300)
@given(nonsense)
def test_any_value_is_read_or_refused(found: Any) -> None:
    read_or_refused(found)


@examples(300)
@given(st.data())
def test_a_good_document_with_nonsense_anywhere_in_it_is_read_or_refused(data: st.DataObject) -> None:
    found = responding(answers={"5": "H"}, notes={"5": "text"}, reasons={"6": "text"})
    *way, last = data.draw(st.sampled_from(places(found)[1:]))
    target = found
    for key in way:
        target = target[key]
    target[last] = data.draw(nonsense)

    read_or_refused(found)


@examples(100)
@given(
    st.dictionaries(
        st.text(alphabet="0123456789٠۰ -", max_size=6), st.sampled_from(["H", "text"]), max_size=4
    )
)
def test_only_plain_numbers_of_the_questionnaire_are_indicators(numbers: dict[str, str]) -> None:
    known = {str(number) for number in MODEL.numbers}

    if numbers.keys() <= known and set(numbers.values()) <= {"H"}:
        assert (answers.parse(answering(numbers)).codes < 5).sum() == len(numbers)
    else:
        refusal(answering(numbers))


def test_nesting_beyond_all_reason_is_refused() -> None:
    deep: Any = "H"
    for _ in range(100_000):
        deep = [deep]

    assert refusal(answering({"1": deep})).place == "responses[0].answers.1"
    assert refusal(a_document(firm={"markets": deep})).place == "firm.markets[0]"
    while isinstance(deep, list):  # take it apart again: freeing it whole would recurse as deep
        deep = deep.pop()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**15, -(10**400), {"deep": 1}, ["x", 1], ["x"] * 41, "x" * 501]
)
def test_an_odd_fact_about_the_firm_is_refused_at_its_place(value: Any) -> None:
    assert refusal(a_document(firm={"name": "A", "country": value})).place.startswith("firm.country")


def test_half_a_character_is_refused() -> None:
    assert refusal(a_document(firm={"name": "A\ud800"})).place == "firm.name"


def test_a_firm_of_too_many_entries_is_refused() -> None:
    assert refusal(a_document(firm={str(at): 1 for at in range(41)})).place == "firm"

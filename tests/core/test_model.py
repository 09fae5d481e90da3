"""The model's data: what the paper prints, what follows from it, and the words in both languages."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np
import pytest

from readiness.core import model
from readiness.core.fuzzy import TERMS
from readiness.core.relational import ROUTES
from tests.core.firms import ALL, MODEL

COMPONENTS = {
    "networking": range(1, 11),
    "coopetition": range(11, 17),
    "resources": range(17, 20),
    "strategic_orientation": range(20, 25),
    "price_advantage": range(25, 30),
    "market_intelligence": range(30, 37),
    "technology": range(37, 43),
    "environment": range(43, 45),
    "assets": range(45, 48),
}


# Structure


def test_the_paper_has_48_rows_and_the_questionnaire_47() -> None:
    assert [row.number for row in MODEL.paper] == list(range(1, 49))
    assert MODEL.numbers == tuple(ALL)
    assert list(MODEL.column.items()) == [(number, number - 1) for number in ALL]


def test_the_components_hold_the_indicators_of_the_rules() -> None:
    found = {key: [row.number for row in MODEL.of_component(key)] for key in MODEL.components}

    assert found == {key: list(numbers) for key, numbers in COMPONENTS.items()}
    assert list(found) == list(COMPONENTS)


def test_the_span_of_a_component_holds_its_indicators_and_no_other() -> None:
    numbers = np.array(MODEL.numbers)

    for key, expected in COMPONENTS.items():
        assert numbers[MODEL.span(key)].tolist() == list(expected)
    assert numbers[MODEL.relational].tolist() == list(range(1, 17))
    assert [numbers[span].tolist() for span in MODEL.relational_spans] == [
        list(range(1, 11)),
        list(range(11, 17)),
    ]
    assert numbers[MODEL.gate_columns].tolist() == [2, 8, 11, 15]
    assert numbers[MODEL.is_reversed].tolist() == [44]


def test_sums_per_component_are_those_of_its_indicators() -> None:
    sums = MODEL.per_component(np.array([MODEL.numbers, [1] * 47]))

    assert sums.tolist() == [
        [sum(numbers) for numbers in COMPONENTS.values()],
        [len(numbers) for numbers in COMPONENTS.values()],
    ]


def test_judgement_holds_the_constants_of_the_rules() -> None:
    rules = MODEL.judgement

    assert (rules.route_difference, rules.route_strong, rules.route_gate) == (6, 65, 35)
    assert rules.least_coverage == 2 / 3
    assert (rules.provisional_below, rules.overall_coverage, rules.bordering_within) == (0.8, 0.8, 0.05)
    assert (rules.least_answered, rules.least_components, rules.disagreement_above) == (2, 7, 0.2)
    assert (rules.robust_from, rules.stable_from) == (1, 0.8)


# What follows from the experts


@pytest.mark.parametrize(
    ("number", "twelfths"),
    # Twelfths of the terms are 1, 3, 6, 9, 11; (0, 0, 1, 5, 9) gives 6 + 45 + 99
    [(3, 150), (2, 131), (1, 109), (25, 93), (44, 129), (47, 112)],
)
def test_an_importance_is_worked_by_hand(number: int, twelfths: int) -> None:
    assert MODEL.importance[MODEL.column[number]] == pytest.approx(twelfths / 12 / 15, abs=1e-12)


def test_the_components_weigh_what_the_rules_say() -> None:
    weights = dict(zip(MODEL.components, MODEL.component_importance.tolist(), strict=True))

    assert {key: round(weight, 3) for key, weight in weights.items() if weight > 0.7} == {
        "technology": 0.726,
        "strategic_orientation": 0.716,
        "networking": 0.713,
        "coopetition": 0.710,
    }
    # 1283 and 767 twelfths of a fifteenth over ten and six indicators
    assert MODEL.relational_weights == pytest.approx((1283 / 1800, 767 / 1080), abs=1e-12)


def test_table_7_is_kept_as_printed() -> None:
    printed = dict(zip(MODEL.numbers, MODEL.table7_importance.tolist(), strict=True))

    assert (printed[1], printed[4], printed[25], printed[26], printed[47]) == (
        0.606,
        0.673,
        0.578,
        0.517,
        0.622,
    )


def test_an_unknown_version_is_refused_by_name() -> None:
    for read in (model.load, model.references, lambda version: model.texts(version, "en")):
        with pytest.raises(model.UnknownModel, match=r'"rezvani-1900".*rezvani-2024'):
            read("rezvani-1900")


def test_a_version_is_never_a_path() -> None:
    with pytest.raises(model.UnknownModel):
        model.load("../rezvani-2024")


def test_a_language_without_texts_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r'"de".*en, fa'):
        model.texts(MODEL.version, "de")


# Words

INDICATOR_TEXTS = {"label", "question", "why", "low", "high"}
languages = pytest.mark.parametrize("language", model.LANGUAGES)


def leaves(branch: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in branch.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{place}.{key}")
        else:
            yield f"{place}.{key}", value


@languages
def test_everything_that_is_shown_has_words(language: str) -> None:
    texts = model.texts(MODEL.version, language)

    parts = {"terms", "levels", "components", "indicators", "routes", "patterns", "contradictions"}
    assert set(texts) == parts
    assert set(texts["terms"]) == {*TERMS, "DK", "NA"}
    assert set(texts["levels"]) == set(TERMS)
    assert set(texts["components"]) == set(COMPONENTS)
    assert set(texts["indicators"]) == {str(number) for number in ALL}
    assert set(texts["routes"]) == set(ROUTES)
    assert {frozenset(entry) for entry in texts["indicators"].values()} == {frozenset(INDICATOR_TEXTS)}


def test_both_languages_have_the_same_entries() -> None:
    english, persian = (dict(leaves(model.texts(MODEL.version, language))) for language in ("en", "fa"))

    assert english.keys() == persian.keys()


@languages
def test_no_text_is_empty_or_padded(language: str) -> None:
    odd = [
        place
        for place, text in leaves(model.texts(MODEL.version, language))
        if not isinstance(text, str) or not text or text != text.strip() or "  " in text
    ]

    assert not odd


@languages
def test_no_two_of_a_kind_are_called_the_same(language: str) -> None:
    texts = model.texts(MODEL.version, language)

    kinds = {
        "terms": list(texts["terms"].values()),
        "labels": [entry["label"] for entry in texts["indicators"].values()],
        "questions": [entry["question"] for entry in texts["indicators"].values()],
        "component names": [entry["name"] for entry in texts["components"].values()],
        "component short names": [entry["short"] for entry in texts["components"].values()],
        "levels": [entry["name"] for entry in texts["levels"].values()],
        "routes": [entry["title"] for entry in texts["routes"].values()],
    }
    for kind, names in kinds.items():
        assert len(set(names)) == len(names), kind


@languages
def test_a_level_is_called_what_the_answer_is_called(language: str) -> None:
    texts = model.texts(MODEL.version, language)

    assert {term: texts["levels"][term]["name"] for term in TERMS} == {
        term: texts["terms"][term] for term in TERMS
    }


def test_persian_text_has_persian_letters_and_digits() -> None:
    foreign = re.compile("[\u064a\u0643\u0649\u06290-9\u0660-\u0669]")

    offenders = {
        place: hit[0]
        for place, text in leaves(model.texts(MODEL.version, "fa"))
        if (hit := foreign.search(text))
    }

    assert not offenders


def test_persian_text_is_persian_and_english_text_is_not() -> None:
    persian = re.compile("[\u0600-\u06ff]")

    assert all(persian.search(text) for _, text in leaves(model.texts(MODEL.version, "fa")))
    assert not any(persian.search(text) for _, text in leaves(model.texts(MODEL.version, "en")))


# References


def test_every_reason_rests_on_references_that_exist() -> None:
    sources = model.references()

    assert set(sources["why"]) == {str(number) for number in ALL}
    assert all(sources["why"].values())
    assert {str(cited) for cited in chain(*sources["why"].values())} <= set(sources["references"])
    assert all(len(set(cited)) == len(cited) for cited in sources["why"].values())


def test_the_references_are_numbered_without_a_gap_and_written_out() -> None:
    listed = model.references()["references"]

    assert list(listed) == [str(number) for number in range(1, len(listed) + 1)]
    for number, entry in listed.items():
        assert set(entry) == {"short", "full"}, number
        assert len({entry["short"] for entry in listed.values()}) == len(listed)


def test_a_short_reference_names_the_first_author_and_the_year_of_the_full_one() -> None:
    for number, entry in model.references()["references"].items():
        name = re.match(r"[^,(&]+?(?= et al\.| \(|,| &)", entry["short"])
        year = re.search(r"\((\d{4}[a-z]?)\)$", entry["short"])
        assert name, number
        assert year, number
        assert entry["full"].startswith(name[0].split()[0]), number
        assert f"({year[1]})" in entry["full"], number

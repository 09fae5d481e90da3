"""The action library: every indicator has something to do about it, in both languages."""

from __future__ import annotations

import re

import pytest

from readiness.core import actions as library
from readiness.core import model as models
from readiness.core.actions import CAPABILITIES, EFFORTS, HORIZONS, PARTNERS, PARTS, Action
from readiness.core.fuzzy import TERMS

VERSION = models.CURRENT
ACTIONS = library.load(VERSION)
NUMBERS = models.load().numbers
LANGUAGES = models.LANGUAGES
#: Fewest and most characters of what an action says.
LENGTHS = {
    "title": (15, 75),
    "what": (160, 540),
    "first_step": (40, 250),
    "risk": (20, 210),
    "safeguard": (30, 270),
    "not_to_share": (15, 230),
    "agreement": (15, 230),
    "competition_law": (20, 270),
    "exit": (20, 230),
    "evidence": (30, 210),
}


def named(action: Action) -> str:
    return action.id


@pytest.mark.parametrize("capability", CAPABILITIES)
@pytest.mark.parametrize("number", NUMBERS)
def test_every_indicator_has_actions_of_each_capability(number: int, capability: str) -> None:
    found = list(library.choose(ACTIONS, capability=capability, indicator=number))

    assert len(found) >= (2 if number <= 16 else 1)


def test_the_library_has_its_size_and_spread() -> None:
    assert 60 <= len(ACTIONS) <= 80
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for effort in EFFORTS:
        assert len(list(library.choose(ACTIONS, effort=effort))) >= 10
    for horizon in HORIZONS:
        assert len(list(library.choose(ACTIONS, horizon=horizon))) >= 20
    assert {partner for action in ACTIONS for partner in action.partners} == set(PARTNERS)


@pytest.mark.parametrize("action", ACTIONS, ids=named)
def test_an_action_is_of_known_kinds(action: Action) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", action.id)
    assert action.capability in CAPABILITIES
    assert action.effort in EFFORTS
    assert action.horizon in HORIZONS
    assert 1 <= len(action.indicators) == len(set(action.indicators)) <= 4
    assert set(action.indicators) <= set(NUMBERS)
    assert action.partners
    assert set(action.partners) <= set(PARTNERS)
    assert len(action.needs) <= 3
    assert all(need.indicator in NUMBERS and need.level in ("L", "M", "H") for need in action.needs)
    listed = models.references(VERSION)["references"]
    assert action.sources
    assert all(str(number) in listed for number in action.sources)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", ACTIONS, ids=named)
def test_an_action_says_everything_at_a_readable_length(action: Action, language: str) -> None:
    said = library.texts(VERSION, language)[action.id]

    assert tuple(said) == PARTS[action.capability] or set(said) == set(PARTS[action.capability])
    for part, text in said.items():
        fewest, most = LENGTHS[part]
        assert fewest <= len(text) <= most, (part, len(text))
        assert text == text.strip()
        assert "!" not in text
    assert 2 <= len(re.findall(r"[.؟?](?:\s|$)", said["what"])) <= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_no_texts_of_unknown_actions(language: str) -> None:
    assert set(library.texts(VERSION, language)) == {action.id for action in ACTIONS}


@pytest.mark.parametrize("action", ACTIONS, ids=named)
def test_persian_is_written_with_persian_characters(action: Action) -> None:
    for text in library.texts(VERSION, "fa")[action.id].values():
        assert not re.search(r"[يكة٠-٩0-9]", text), text
        assert not re.search(r" [؟،؛.:]", text), text
        assert not re.search(r"(?:^| )(?:ن?می|ها) ", text), text


def test_what_an_action_needs_can_be_built_by_an_easier_one() -> None:
    def ease(action: Action) -> int:
        return max((TERMS.index(need.level) for need in action.needs), default=0)

    for action in ACTIONS:
        for need in action.needs:
            builders = [
                other
                for other in ACTIONS
                if need.indicator in other.indicators and ease(other) < TERMS.index(need.level)
            ]
            assert builders, (action.id, need)


def test_choosing_asks_for_everything_at_once() -> None:
    found = list(library.choose(ACTIONS, "coopetition", 12, "rival", "low", "0-3"))

    assert found
    assert all(
        (one.capability, one.effort, one.horizon) == ("coopetition", "low", "0-3")
        and 12 in one.indicators
        and "rival" in one.partners
        for one in found
    )


def test_an_unknown_version_or_language_is_refused() -> None:
    with pytest.raises(models.UnknownModel, match="nowhere"):
        library.load("nowhere")
    with pytest.raises(ValueError, match="klingon"):
        library.texts(VERSION, "klingon")

"""The action library as text: for the command line and for docs/actions.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from readiness.core import actions as library
from readiness.core import model as models
from readiness.core.actions import Action

_LABELS = {
    "what": "What",
    "first_step": "First step",
    "risk": "Risk",
    "safeguard": "Safeguard",
    "not_to_share": "Not to share",
    "agreement": "Agreement",
    "competition_law": "Competition law",
    "exit": "Exit",
    "evidence": "Evidence",
}


def lines(chosen: Iterable[Action], version: str, language: str) -> Iterator[str]:
    """One line an action: id, capability, indicators, effort, months, title."""
    texts = library.texts(version, language)
    for action in chosen:
        numbers = ",".join(str(number) for number in action.indicators)
        kind = f"{action.capability:<12} {numbers:<12} {action.effort:<7} {action.horizon:<5}"
        yield f"{action.id:<34} {kind} {texts[action.id]['title']}"


def _needs(action: Action, terms: Mapping[str, str]) -> str:
    needed = [f"indicator {need.indicator} at {terms[need.level].lower()} or above" for need in action.needs]
    return ", ".join(needed) or "nothing in particular"


def details(action: Action, version: str, language: str) -> Iterator[str]:
    """An action in full, as Markdown."""
    words: Mapping[str, Any] = models.texts(version, language)
    references = models.references(version)["references"]
    said = library.texts(version, language)[action.id]
    moved = [f"{number} {words['indicators'][str(number)]['label']}" for number in action.indicators]
    yield f"### {said['title']}"
    yield ""
    yield (
        f"`{action.id}`: {action.capability}, effort {action.effort}, {action.horizon} months,"
        f" with {', '.join(partner.replace('_', ' ') for partner in action.partners)}."
        f" Moves {'; '.join(moved)}. Needs {_needs(action, words['terms'])}."
    )
    yield ""
    for part in library.PARTS[action.capability][1:]:
        yield f"- **{_LABELS[part]}**: {said[part]}"
    sources = "; ".join(references[str(number)]["short"] for number in action.sources)
    yield f"- **Rests on**: {sources}"
    yield ""


def document(version: str, language: str = "en") -> str:
    """The whole library as Markdown."""
    found = library.load(version)
    out = [
        "# The action library",
        "",
        f"{len(found)} actions of {version}, made from its data by `readiness actions --markdown`; a test",
        "keeps this page and the data alike.",
        "",
    ]
    for capability in library.CAPABILITIES:
        out += [f"## {models.texts(version, language)['components'][capability]['name']}", ""]
        for action in library.choose(found, capability=capability):
            out += details(action, version, language)
    return "\n".join(out).rstrip() + "\n"

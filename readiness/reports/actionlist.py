"""The action library as text: for the command line and for docs/actions.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from readiness.core import actions as library
from readiness.core import model as models
from readiness.core.actions import Action
from readiness.reports.facts import N_
from readiness.reports.language import Language, language
from readiness.reports.plan import CAUTIONS, EFFORTS, PARTNERS, TIMES

_LABELS = {
    "what": N_("What to do"),
    "first_step": N_("First step"),
    **CAUTIONS,
    "evidence": N_("Evidence that it is done"),
}


#: Of the columns of a list: capability, indicators, effort, time.
_WIDTHS = (16, 14, 13, 11)


def lines(chosen: Iterable[Action], version: str, spoken: Language) -> Iterator[str]:
    """One line an action: id, capability, indicators that it moves, effort, time, title."""
    texts, names = library.texts(version, spoken.code), models.texts(version, spoken.code)["components"]
    for action in chosen:
        numbers = spoken.listing([spoken.number(number) for number in action.indicators])
        kinds = (
            names[action.capability]["name"],
            numbers,
            spoken.words(EFFORTS[action.effort]),
            spoken.words(TIMES[action.horizon]),
        )
        columns = "  ".join(kind.ljust(width) for kind, width in zip(kinds, _WIDTHS, strict=True))
        yield f"{action.id:<34}  {columns}  {texts[action.id]['title']}"


def _needs(action: Action, words: Mapping[str, Any], spoken: Language) -> str:
    listed = [
        spoken.words(
            "%(indicator)s at “%(level)s” or above",
            indicator=_named(need.indicator, words, spoken),
            level=words["terms"][need.level],
        )
        for need in action.needs
    ]
    if not listed:
        return spoken.words("Needs nothing in particular.")
    return spoken.words("Needs %(needs)s.", needs=spoken.listing(listed))


def _named(number: int, words: Mapping[str, Any], spoken: Language) -> str:
    return f"{spoken.number(number)} {words['indicators'][str(number)]['label']}"


def details(action: Action, version: str, spoken: Language) -> Iterator[str]:
    """An action in full, as Markdown."""
    words: Mapping[str, Any] = models.texts(version, spoken.code)
    references = models.references(version)["references"]
    said = library.texts(version, spoken.code)[action.id]
    kinds = [
        words["components"][action.capability]["name"],
        spoken.words(EFFORTS[action.effort]),
        spoken.words(TIMES[action.horizon]),
        *(spoken.words(PARTNERS[partner]) for partner in action.partners),
    ]
    moved = spoken.listing([_named(number, words, spoken) for number in action.indicators])
    yield f"### {said['title']}"
    yield ""
    yield (
        f"`{action.id}`: {spoken.listing(kinds)}."
        f" {spoken.words('Moves %(indicators)s.', indicators=moved)} {_needs(action, words, spoken)}"
    )
    yield ""
    for part in library.PARTS[action.capability][1:]:
        yield f"- **{spoken.words(_LABELS[part])}**: {said[part]}"
    sources = "; ".join(references[str(number)]["short"] for number in action.sources)
    yield f"- **{spoken.words('Rests on:').rstrip(':')}**: {sources}"
    yield ""


def document(version: str, code: str = "en") -> str:
    """The whole library as Markdown."""
    found, spoken = library.load(version), language(code)
    out = [
        "# The action library",
        "",
        f"{len(found)} actions of {version}, made from its data by `readiness actions --markdown`; a test",
        "keeps this page and the data alike.",
        "",
    ]
    for capability in library.CAPABILITIES:
        out += [f"## {models.texts(version, code)['components'][capability]['name']}", ""]
        for action in library.choose(found, capability=capability):
            out += details(action, version, spoken)
    return "\n".join(out).rstrip() + "\n"

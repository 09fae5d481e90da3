"""The library of networking and coopetition actions, as versioned data beside the model."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from readiness.core.model import DATA, LANGUAGES, VERSIONS, UnknownModel

CAPABILITIES = ("networking", "coopetition")
EFFORTS = ("low", "medium", "high")
#: Months within which an action shows.
HORIZONS = ("0-3", "3-9", "9-18")
PARTNERS = (
    "customer",
    "supplier",
    "rival",
    "complementor",
    "university",
    "accelerator",
    "trade_body",
    "public_programme",
    "diaspora",
)
#: What an action says in each language: of networking, of coopetition.
PARTS = {
    "networking": ("title", "what", "first_step", "risk", "safeguard", "evidence"),
    "coopetition": (
        "title",
        "what",
        "first_step",
        "risk",
        "not_to_share",
        "agreement",
        "competition_law",
        "exit",
        "evidence",
    ),
}


def other(capability: str) -> str:
    """The other capability."""
    networking, coopetition = CAPABILITIES
    return networking if capability == coopetition else coopetition


@dataclass(frozen=True)
class Need:
    """What must already stand before an action: an indicator at a term or above."""

    indicator: int
    level: str


@dataclass(frozen=True)
class Action:
    """Something a firm can do."""

    id: str
    capability: str
    indicators: tuple[int, ...]
    """Numbers of the indicators it moves, the main one first."""
    partners: tuple[str, ...]
    effort: str
    horizon: str
    needs: tuple[Need, ...]
    sources: tuple[int, ...]
    """Numbers in the paper's reference list."""


def _read(version: str, name: str) -> dict[str, Any]:
    if version not in VERSIONS:
        raise UnknownModel(f'model "{version}" has no actions')
    return tomllib.loads((DATA / version / name).read_text(encoding="utf-8"))


@cache
def load(version: str) -> tuple[Action, ...]:
    """All actions of a model version, in the order of the library; raises UnknownModel."""
    return tuple(
        Action(
            id=entry["id"],
            capability=entry["capability"],
            indicators=tuple(entry["indicators"]),
            partners=tuple(entry["partners"]),
            effort=entry["effort"],
            horizon=entry["horizon"],
            needs=tuple(Need(need["indicator"], need["level"]) for need in entry["needs"]),
            sources=tuple(entry["sources"]),
        )
        for entry in _read(version, "actions.toml")["actions"]
    )


@cache
def texts(version: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """What each action says, by its id; raises ValueError for a language without texts."""
    if language not in LANGUAGES:
        raise ValueError(f'the actions have no texts in "{language}"; they have: {", ".join(LANGUAGES)}')
    return _read(version, f"actions.{language}.toml")


def titles(version: str, action_id: str) -> Mapping[str, str]:
    """What an action is called in each language; nothing for an id that the library does not have."""
    found = {code: texts(version, code).get(action_id) for code in LANGUAGES}
    return {code: said["title"] for code, said in found.items() if said}


def end(horizon: str) -> int:
    """The month with which a horizon ends."""
    return int(horizon.rpartition("-")[2])


def suggest_due(planned: Sequence[tuple[str, int]], today: date) -> list[date]:
    """A day for each action of a plan, given by horizon and phase: the end of its horizon, from today.

    The months of a second phase count from the end of the first, which its longest action makes.
    """
    first = max((end(horizon) for horizon, phase in planned if phase == 1), default=0)
    return [months_after(today, end(horizon) + (first if phase > 1 else 0)) for horizon, phase in planned]


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def choose(
    actions: tuple[Action, ...],
    capability: str | None = None,
    indicator: int | None = None,
    partner: str | None = None,
    effort: str | None = None,
    horizon: str | None = None,
) -> Iterator[Action]:
    """Those of the actions that fit everything that is asked for."""
    for action in actions:
        if (
            capability in (None, action.capability)
            and (indicator is None or indicator in action.indicators)
            and (partner is None or partner in action.partners)
            and effort in (None, action.effort)
            and horizon in (None, action.horizon)
        ):
            yield action

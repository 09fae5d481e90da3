"""Answers of invented firms: strengths that hang together, read off on five terms by raters who differ.

A firm has a strength, each of its components one that leans on it, each indicator one that leans on its
component's. A rater sees that with an error of an own kind. What a year of a programme adds is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes
from readiness.core.fuzzy import TERMS, Floats
from readiness.core.model import Model

#: Borders between the five terms on the latent scale.
_BORDERS = (-1.6, -0.6, 0.5, 1.5)
#: How much a component leans on the firm's strength, how far it strays, and how far an indicator does.
_COMMON, _STRAY, _INDICATOR = 0.55, 0.5, 0.75
#: Of an indicator's straying, the part that is still the same a year later.
_LASTING = 0.85
#: How mild or strict a rater is, and how far an answer lies from what the rater means.
_MILDNESS, _SLIP = 0.25, 0.35
#: Shares of answers that are no term; about rivals more firms do not know.
_DONT_KNOW, _DONT_KNOW_RIVALS, _UNANSWERED = 0.03, 0.08, 0.01
#: Some indicators do not apply to this share of firms, the others to hardly any.
_NOT_APPLICABLE, _HARDLY = 0.12, 0.004
_SELDOM_APPLY = (12, 28, 29, 33, 41)
#: Of so many firms a whole page was left out.
_PAGE_LEFT_OUT = 0.03


@dataclass(frozen=True)
class Strengths:
    """What an invented firm can do, over the indicators, at one time."""

    indicators: Floats
    not_applicable: Codes
    """1 where an indicator does not apply to the firm."""


class Source:
    """Invents strengths and answers by a model, from a generator of random numbers."""

    def __init__(self, model: Model, random: np.random.Generator, about: Mapping[str, Any]) -> None:
        self._model, self._random, self._about = model, random, about
        self._owner = np.array([model.components.index(row.component) for row in model.indicators])
        self._hard = random.normal(0, 0.35, len(model.indicators))
        self._rivals = np.array([row.component == "coopetition" for row in model.indicators])
        self._seldom = np.array([number in _SELDOM_APPLY for number in model.numbers])

    def _of_components(self, name: str) -> Floats:
        return np.array([self._about[key][name] for key in self._model.components])

    def begin(self, strength: float, age: float, lean: Mapping[str, float]) -> Strengths:
        """A new firm's strengths. `strength` and `age` are about standard normal."""
        parts = self._of_components("level") + age * self._of_components("age") + _COMMON * strength
        parts = parts + np.array([lean.get(key, 0.0) for key in self._model.components])
        parts = parts + self._random.normal(0, _STRAY, len(parts))
        strayed = self._random.normal(0, _INDICATOR, len(self._owner))
        seldom = np.where(self._seldom, _NOT_APPLICABLE, _HARDLY)
        silent = self._random.random(len(self._owner)) < seldom
        return Strengths(parts[self._owner] + strayed - self._hard, silent.astype(np.uint8))

    def after_a_year(self, before: Strengths, part: float) -> Strengths:
        """The same firm a year later; `part` is how fully it took part in the programme."""
        gained = part * self._of_components("gain") + self._random.normal(
            0, 0.15, len(self._model.components)
        )
        fresh = self._random.normal(0, _INDICATOR * np.sqrt(1 - _LASTING**2), len(self._owner))
        return Strengths(before.indicators + gained[self._owner] + fresh, before.not_applicable)

    def rate(self, firm: Strengths, strays: float = 0.0) -> Codes:
        """One rater's answers; `strays` is how differently this one sees the firm from the others."""
        seen = firm.indicators + self._random.normal(0, _MILDNESS)
        seen = seen + self._random.normal(0, np.hypot(_SLIP, strays), len(seen))
        codes = np.digitize(seen, _BORDERS).astype(np.uint8)
        codes = np.where(self._model.is_reversed, len(TERMS) - 1 - codes, codes)
        codes[firm.not_applicable == 1] = NOT_APPLICABLE
        unknown = self._random.random(len(codes)) < np.where(self._rivals, _DONT_KNOW_RIVALS, _DONT_KNOW)
        codes[unknown] = DONT_KNOW
        codes[self._random.random(len(codes)) < _UNANSWERED] = UNANSWERED
        if self._random.random() < _PAGE_LEFT_OUT:
            key = self._random.choice(self._model.components)
            codes[self._model.span(str(key))] = UNANSWERED
        return codes.astype(np.uint8)

    def break_off(self, codes: Codes) -> Codes:
        """The answers of a rater who stopped on the way."""
        part = codes.copy()
        part[int(self._random.integers(8, len(codes) - 5)) :] = UNANSWERED
        return part

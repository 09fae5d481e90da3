"""The cheapest path: the fewest one-step answer changes that lift a level by one term. Exact.

A level is the term whose TFN is nearest. "Nearer to the next term than to this one" compares two
squared distances, and their difference is linear in the TFN, which is a weighted sum of answers: so
the path is the one-quantity problem of readiness.core.steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from readiness.core import fuzzy
from readiness.core.answers import Codes
from readiness.core.counterfactual import Change
from readiness.core.fuzzy import TERM_TFN, TERMS, Floats
from readiness.core.model import Model
from readiness.core.scoring import Scores
from readiness.core.steps import fewest_steps, gains_from

#: Beyond a tie, which goes to the lower level, and beyond what a search for steps forgives.
_STRICTLY = 3 * fuzzy.EPSILON


@dataclass(frozen=True)
class Path:
    """The fewest steps from one level to the next."""

    before: str
    after: str
    steps: int
    changes: tuple[Change, ...]


def to_next_level(scores: Scores, codes: Codes, key: str | None = None) -> Path | None:
    """The cheapest path of a component, or of the overall score where no key is given.

    codes: the raters' answers that were scored, (raters, n). None where there is no score, where
    the level is the highest, or where no change of given answers leads there.
    """
    model = scores.model
    tfn = _tfn(scores, key)
    if tfn is None:
        return None
    (level,), _ = fuzzy.nearest_terms(tfn[None], model.judgement.bordering_within)
    if level == len(TERMS) - 1:
        return None
    return _path(model, codes, _weights(scores, key), tfn, int(level))


def _tfn(scores: Scores, key: str | None) -> Floats | None:
    if key is None:
        return None if scores.overall is None else scores.overall.tfn
    at = scores.model.components.index(key)
    return scores.components.tfn[at] if scores.components.scored[at] else None


def _weights(scores: Scores, key: str | None) -> Floats:
    """The part that each indicator has in the TFN, (n,), adding up to one."""
    model, rated, parts = scores.model, scores.indicators, scores.components
    importance = np.where(rated.answered, model.importance, 0)
    share = np.zeros_like(importance)
    scored = [one for at, one in enumerate(model.components) if parts.scored[at]]
    for one in scored if key is None else [key]:
        span = model.span(one)
        outer = model.component_importance[model.components.index(one)]
        share[span] = outer * importance[span] / importance[span].sum()
    return np.asarray(share / share.sum())


def _path(model: Model, codes: Codes, weights: Floats, tfn: Floats, level: int) -> Path | None:
    here, there = TERM_TFN[level], TERM_TFN[level + 1]
    direction = there - here
    needed = (there @ there - here @ here) / 2 - direction @ tfn + _STRICTLY
    worth = TERM_TFN @ direction
    raters = np.maximum((codes < len(TERMS)).sum(axis=0), 1)
    places = np.argwhere((codes < len(TERMS)) & (weights > 0)).tolist()
    signs = np.where(model.is_reversed, -1, 1).tolist()

    @cache
    def gain(column: int, term: int) -> Floats:
        climbed = gains_from(worth[:: signs[column]], term, upward=signs[column] > 0)
        return np.asarray(climbed * weights[column] / raters[column])

    terms = codes.tolist()
    taken = fewest_steps([gain(column, terms[rater][column]) for rater, column in places], float(needed))
    if taken is None:
        return None
    changes = []
    for (rater, column), steps in zip(places, taken, strict=True):
        if steps:
            before = terms[rater][column]
            after = before + signs[column] * steps
            changes.append(Change(rater, model.numbers[column], TERMS[before], TERMS[after]))
    return Path(TERMS[level], TERMS[level + 1], sum(taken), tuple(changes))

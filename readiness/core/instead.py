"""Answers in the place of others: what a firm would score if some indicators were answered otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.core import scoring
from readiness.core.answers import CODE_OF, Codes
from readiness.core.model import Model
from readiness.core.scoring import Scores


def with_answers(codes: Codes, instead: Mapping[int, int]) -> Codes:
    """A copy of raters' codes, (raters, n), in which every rater gives the code of `instead` by column.

    One term from all of them is the firm's TFN; DONT_KNOW, UNANSWERED and NOT_APPLICABLE keep their meaning.
    """
    changed = codes.copy()
    for column, code in instead.items():
        changed[:, column] = code
    return changed


def score_with(model: Model, codes: Codes, words: Mapping[int, str]) -> Scores:
    """The scores with the words of the exchange format, by indicator number, in the place of the answers."""
    return scoring.score_codes(
        model,
        with_answers(codes, {model.column[number]: CODE_OF[word] for number, word in words.items()}),
    )

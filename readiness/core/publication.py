"""What a programme may publish of a cohort: which one-way tables there are, and each firm's place in them.

A firm stands in every table once; what is not known of it is a category like any other, so that a
table's counts always add up to the same firms. readiness.core.disclosure decides what of it goes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.core import actions
from readiness.core.actions import Action
from readiness.core.bands import AGES, INDEX, SIZES, UNKNOWN, band, index_band
from readiness.core.disclosure import Variable
from readiness.core.model import Model
from readiness.core.panel import Panel, low_firms
from readiness.core.pattern import PATTERNS
from readiness.core.relational import ROUTES

#: How a firm stands at an indicator: low or very low, or not (higher, or without an answer that counts).
STANDINGS = ("low", "other")
OVERALL = "overall"


@dataclass(frozen=True)
class Facts:
    """What is known of a firm beside its answers; empty and None where nothing is."""

    sector: str
    employees: int | None
    age: int | None
    """Years since the foundation."""
    path: str | None
    """One of readiness.core.pattern.PATTERNS."""
    route: str | None


def variables(model: Model, sectors: Sequence[str]) -> tuple[Variable, ...]:
    """The tables there are, each with its categories in order."""
    indices = tuple(str(low) for low in INDEX)
    return (
        Variable("sector", (*sectors, UNKNOWN)),
        Variable("size", (*SIZES, UNKNOWN)),
        Variable("age", (*AGES, UNKNOWN)),
        Variable("path", (*PATTERNS, UNKNOWN)),
        Variable("route", (*ROUTES, UNKNOWN)),
        Variable(OVERALL, (*indices, UNKNOWN)),
        *(Variable(component, (*indices, UNKNOWN)) for component in model.components),
        *(Variable(f"indicator-{number}", STANDINGS) for number in model.numbers),
    )


def places(found: Panel, facts: Sequence[Facts], sectors: Sequence[str]) -> NDArray[np.int_]:
    """The category of each firm in each of `variables`, (variables, n)."""
    known = [
        [_place(sectors, fact.sector) for fact in facts],
        [_place(tuple(SIZES), band(SIZES, fact.employees)) for fact in facts],
        [_place(tuple(AGES), band(AGES, fact.age)) for fact in facts],
        [_place(PATTERNS, fact.path) for fact in facts],
        [_place(ROUTES, fact.route) for fact in facts],
    ]
    indices = index_band(np.concatenate([found.overall[None], found.index]))
    return np.concatenate([np.array(known, dtype=int), indices.astype(int), np.where(low_firms(found), 0, 1)])


def _place(categories: Sequence[str], value: str | None) -> int:
    """The place of a category; after the last for what is none of them."""
    return categories.index(value) if value in categories else len(categories)


def offers(model: Model, low: Mapping[int, int]) -> tuple[Action, ...]:
    """Actions of the library by what they could do for the firms, from published numbers; the best first.

    `low` is the number of firms at low or very low by indicator, where it was shown. An action counts the
    firms of every indicator that it moves, by the indicator's importance; ties are in the library's order.
    """

    def use(action: Action) -> float:
        moved = (number for number in action.indicators if number in low)
        return round(sum(float(model.importance[model.column[number]]) * low[number] for number in moved), 9)

    return tuple(
        sorted((one for one in actions.load(model.version) if use(one) > 0), key=lambda one: -use(one))
    )

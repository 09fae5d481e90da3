"""The model as versioned data: indicators, components, importances, texts and references."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from readiness.core import delphi
from readiness.core.fuzzy import Floats

CURRENT = "rezvani-2024"
VERSIONS = (CURRENT,)
#: The data lie beside the code; importlib.resources would cost more than reading them.
DATA = Path(__file__).parent / "data"
#: Languages that the current model has texts in, English first.
LANGUAGES = tuple(
    sorted(
        (path.name.split(".")[1] for path in (DATA / CURRENT).glob("text.*.toml")),
        key=lambda code: (code != "en", code),
    )
)


class UnknownModel(ValueError):
    """The data name a model version that this program does not hold."""


@dataclass(frozen=True)
class Indicator:
    """One row of the paper's tables 6 and 7, with what was made of it."""

    number: int
    component: str
    statement: str
    table6: tuple[int, ...]
    """Counts in the column order of the printed page."""
    counts: tuple[int, ...]
    """Counts of (VL, L, M, H, VH) that this product uses."""
    confirmed_by: str
    table7: Mapping[str, float]
    """m, u and crisp as printed; l where the scan kept it."""


@dataclass(frozen=True)
class Judgement:
    """Thresholds that are judgement, not findings (docs/model.md, section 8)."""

    least_answered: int
    least_coverage: float
    provisional_below: float
    bordering_within: float
    least_components: int
    overall_coverage: float
    disagreement_above: float
    route_difference: float
    route_strong: float
    route_gate: float
    robust_from: float
    stable_from: float


@dataclass(frozen=True)
class AdviceRules:
    """Judgement in choosing actions: how many, and when to stop."""

    least: int
    most: int
    further_from: float
    """Beyond the least, a gap must be so large a part of the largest."""
    first_phase: int
    """Networking actions before the first coopetition action of `networking-first`."""
    most_high_effort: int


@dataclass(frozen=True)
class PatternRules:
    """Judgement in telling the patterns of internationalisation apart (years, percent, countries)."""

    early_years: int
    global_share: int
    regional_countries: int
    home_years: int
    rapid_years: int


@dataclass(frozen=True)
class PatternNotes:
    """What a pattern of internationalisation points to."""

    focus: tuple[int, ...]
    """Numbers of the indicators that it asks for first."""
    sources: tuple[int, ...]
    """Numbers in the paper's reference list."""


@dataclass(frozen=True)
class Model:
    """A model version. Arrays run over the validated indicators in the order of their numbers."""

    version: str
    source: str
    experts: int
    threshold: float
    components: tuple[str, ...]
    paper: tuple[Indicator, ...]
    """All rows of the paper, the rejected one included."""
    judgement: Judgement
    advice: AdviceRules
    patterns: PatternRules
    paths: Mapping[str, PatternNotes]
    """By the name of the pattern."""
    gate: tuple[int, ...]
    """Numbers of the indicators that form the gate of the route."""
    reversed: frozenset[int]
    """Numbers of the indicators asked in the negative sense."""
    contradictions: tuple[tuple[int, int], ...]
    """Pairs of indicators of which the first is hardly high where the second is very low."""
    disagreements: tuple[Mapping[str, Any], ...]
    """What the reconciliation of the scanned tables is known to find."""

    @cached_property
    def screening(self) -> delphi.Screening:
        """The experts' screening of every row of the paper."""
        return delphi.screen(np.array([row.counts for row in self.paper]), self.threshold)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The validated indicators: those the experts accepted."""
        return tuple(row for row, kept in zip(self.paper, self.screening.accepted, strict=True) if kept)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the validated indicators in the paper."""
        return tuple(row.number for row in self.indicators)

    @cached_property
    def column(self) -> Mapping[int, int]:
        """Position in the arrays of each indicator number."""
        return MappingProxyType({number: at for at, number in enumerate(self.numbers)})

    @cached_property
    def column_by_name(self) -> Mapping[str, int]:
        """The same by the number as it is written in an answers file."""
        return MappingProxyType({str(number): at for number, at in self.column.items()})

    @cached_property
    def importance_tfn(self) -> Floats:
        """Experts' mean importance of each validated indicator as TFN, (n, 3)."""
        return self.screening.tfn[self.screening.accepted]

    @cached_property
    def importance(self) -> Floats:
        """Crisp importance c of each validated indicator, (n,)."""
        return self.screening.crisp[self.screening.accepted]

    @cached_property
    def table7_importance(self) -> Floats:
        """Table 7's crisp column as printed, (n,)."""
        return np.array([row.table7["crisp"] for row in self.indicators])

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Position of each component's first indicator; components are contiguous."""
        owners = [row.component for row in self.indicators]
        return np.array([owners.index(key) for key in self.components])

    @cached_property
    def component_importance(self) -> Floats:
        """W: mean crisp importance of each component's validated indicators, (components,)."""
        return self.per_component(self.importance) / self.per_component(np.ones(len(self.indicators)))

    @cached_property
    def relational_spans(self) -> tuple[slice, slice]:
        """Positions of the networking and of the coopetition indicators; they come first."""
        return self.span("networking"), self.span("coopetition")

    @cached_property
    def relational(self) -> slice:
        """Positions of the indicators of both relational capabilities, none of them reversed."""
        return slice(0, self.relational_spans[1].stop)

    @cached_property
    def relational_weights(self) -> tuple[float, float]:
        """W of networking and of coopetition."""
        at = [self.components.index(key) for key in ("networking", "coopetition")]
        networking, coopetition = self.component_importance[at].tolist()
        return networking, coopetition

    @cached_property
    def gate_columns(self) -> NDArray[np.intp]:
        """Positions of the indicators that form the gate of the route."""
        return np.array([self.column[number] for number in self.gate])

    @cached_property
    def is_reversed(self) -> NDArray[np.bool_]:
        """Which validated indicators are asked in the negative sense, (n,)."""
        return np.array([number in self.reversed for number in self.numbers])

    def per_component(self, values: Floats) -> Floats:
        """Sums over each component's indicators: (..., n) to (..., components)."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=-1))

    def of_component(self, key: str) -> tuple[Indicator, ...]:
        """The validated indicators of a component."""
        return self._by_component[key]

    @cached_property
    def _by_component(self) -> Mapping[str, tuple[Indicator, ...]]:
        return {key: tuple(row for row in self.indicators if row.component == key) for key in self.components}

    def span(self, key: str) -> slice:
        """Positions in the arrays of a component's indicators."""
        start = int(self.starts[self.components.index(key)])
        return slice(start, start + len(self.of_component(key)))


def _read(version: str, name: str) -> dict[str, Any]:
    if version not in VERSIONS:
        known = ", ".join(VERSIONS)
        raise UnknownModel(f'model "{version}" is not known; this program holds: {known}')
    text = (DATA / version / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def load(version: str = CURRENT) -> Model:
    """The model of a version; raises UnknownModel."""
    return _load(version)


def _share(fraction: str) -> float:
    """A share written as a fraction, such as 2/3."""
    part, whole = fraction.split("/")
    return int(part) / int(whole)


@cache
def _load(version: str) -> Model:
    data = _read(version, "model.toml")
    judgement = dict(data["judgement"], least_coverage=_share(data["judgement"]["least_coverage"]))
    advice = dict(data["advice"], further_from=_share(data["advice"]["further_from"]))
    return Model(
        version=data["version"],
        source=data["source"],
        experts=data["experts"],
        threshold=data["screening"]["threshold"],
        components=tuple(data["components"]),
        paper=tuple(
            Indicator(**{**row, "table6": tuple(row["table6"]), "counts": tuple(row["counts"])})
            for row in data["indicators"]
        ),
        judgement=Judgement(**judgement),
        advice=AdviceRules(**advice),
        patterns=PatternRules(**data["patterns"]),
        paths={
            name: PatternNotes(tuple(notes["focus"]), tuple(notes["sources"]))
            for name, notes in data["paths"].items()
        },
        gate=tuple(data["relational"]["gate"]),
        reversed=frozenset(data["reversed"]["indicators"]),
        contradictions=tuple((high, low) for high, low in data["contradictions"]["pairs"]),
        disagreements=tuple(data["disagreements"]),
    )


@cache
def texts(version: str, language: str) -> Mapping[str, Any]:
    """Words of a model version in a language: terms, levels, components, indicators, routes.

    Raises UnknownModel for the version, ValueError for a language without texts.
    """
    if language not in LANGUAGES:
        raise ValueError(f'the model has no texts in "{language}"; it has: {", ".join(LANGUAGES)}')
    return MappingProxyType(_read(version, f"text.{language}.toml"))


@cache
def references(version: str = CURRENT) -> Mapping[str, Any]:
    """The paper's reference list, and which entries each indicator's reason rests on."""
    return MappingProxyType(_read(version, "references.toml"))

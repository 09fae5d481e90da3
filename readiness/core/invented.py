"""A programme of invented firms, to look at what a programme shows: the same for the same seed and day.

Three cohorts, 240 firms, two rounds a year apart. The words and numbers that it is made of stand in
data/invented.toml. Every firm's name says that it is a sample.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from readiness.core.answers import UNANSWERED, Codes, blank
from readiness.core.inventedanswers import Source, Strengths
from readiness.core.model import DATA, Model

SEED = 2024
_YEAR = timedelta(days=365)
#: Shares of the firms that joined: only joined, broke off; of the rest, those with several raters.
_ONLY_JOINED, _BROKE_OFF, _SEVERAL = 0.07, 0.08, 0.28
#: Of the firms that do not finish a second round, those that began one.
_BEGAN_SECOND = 0.3
_PARTNERS, _ALSO_NEXT = 0.34, 0.07
#: Invited to each cohort, and never came.
_NEVER_CAME = 14


@dataclass(frozen=True)
class InventedResponse:
    """What one rater answered."""

    rater: str
    codes: Codes

    @property
    def started(self) -> bool:
        """Whether anything is answered."""
        return bool((self.codes != UNANSWERED).any())


@dataclass(frozen=True)
class InventedRound:
    """A round of a firm; what it only began has no last day."""

    begun: date
    finished: date | None
    responses: tuple[InventedResponse, ...]


@dataclass(frozen=True)
class InventedFirm:
    """A firm that joined."""

    language: str
    facts: Mapping[str, Any]
    """By the fields of a firm."""
    cohorts: tuple[int, ...]
    """Places of the cohorts that it is in."""
    joined: date
    partner: bool
    """Whether it is open to meet others."""
    rounds: tuple[InventedRound, ...]
    """A firm that only joined has one in which nothing is answered."""


@dataclass(frozen=True)
class InventedCohort:
    """When a cohort runs, and firms that were invited to it and never came."""

    starts: date
    ends: date
    never_came: tuple[tuple[str, str], ...]
    """Name and language of each."""


@dataclass(frozen=True)
class Programme:
    """Everything that was invented."""

    cohorts: tuple[InventedCohort, ...]
    firms: tuple[InventedFirm, ...]


def programme(model: Model, today: date, seed: int = SEED) -> Programme:
    """A programme that has been running for two years until today."""
    about = tomllib.loads((DATA / "invented.toml").read_text(encoding="utf-8"))
    return _Inventor(model, today, about, np.random.default_rng(seed)).invent()


class _Inventor:
    def __init__(
        self, model: Model, today: date, about: Mapping[str, Any], random: np.random.Generator
    ) -> None:
        self._rules, self._blank = model.patterns, blank(model)
        self._today, self._about, self._random = today, about, random
        self._source = Source(model, random, about["components"])
        self._used: set[str] = set()

    def invent(self) -> Programme:
        cohorts, firms = [], []
        for place, plan in enumerate(self._about["cohorts"]):
            starts = self._today - timedelta(days=plan["starts"])
            never = tuple(self._name(self._kind("sectors"))[::-1] for _ in range(_NEVER_CAME))
            cohorts.append(InventedCohort(starts, starts + timedelta(days=plan["days"]), never))
            firms += [self._firm(place, starts, plan["second"]) for _ in range(plan["firms"])]
        return Programme(tuple(cohorts), tuple(firms))

    def _chance(self, share: float) -> bool:
        return bool(self._random.random() < share)

    def _whole(self, low: int, high: int) -> int:
        """A whole number from low to high, or low where there is none between."""
        return int(self._random.integers(low, max(low, high) + 1))

    def _kind(self, table: str) -> str:
        """One of a table, by the shares that it gives."""
        shares = {name: values["share"] for name, values in self._about[table].items()}
        weights = np.array([*shares.values()])
        return str(self._random.choice([*shares], p=weights / weights.sum()))

    def _name(self, sector: str) -> tuple[str, str]:
        """Language and name of a new firm."""
        code = "fa" if self._chance(0.6) else "en"
        words, names = self._about["sectors"][sector][code], self._about["names"]
        while True:
            parts = [str(self._random.choice(names[code])), str(self._random.choice(words))]
            name = " ".join([*parts, names["mark"][code]])
            if name not in self._used:
                self._used.add(name)
                return code, name

    def _firm(self, place: int, starts: date, second: float) -> InventedFirm:
        sector, path = self._kind("sectors"), self._kind("paths")
        code, name = self._name(sector)
        joined = starts + timedelta(days=self._whole(0, 35))
        facts = self._facts(path, joined.year) | {
            "name": name,
            "sector": sector if self._chance(0.96) else None,
            "country": str(self._random.choice(self._about["countries"][code])),
        }
        both = place + 1 < len(self._about["cohorts"]) and self._chance(_ALSO_NEXT)
        found = InventedFirm(
            language=code,
            facts=facts,
            cohorts=(place, place + 1) if both else (place,),
            joined=joined,
            partner=self._chance(_PARTNERS),
            rounds=(),
        )
        return replace(found, rounds=self._rounds(found, path, second))

    def _facts(self, path: str, year: int) -> dict[str, Any]:
        """Facts by which a firm is on a path in a year."""
        lag, abroad, share, countries, regions = self._abroad(path)
        founded = year - (self._whole(1, 14) if lag is None else lag + abroad)
        people = np.exp(self._random.normal(np.log(5 + 1.4 * (year - founded)), 0.6))
        facts: dict[str, Any] = {
            "founded": founded,
            "employees": int(np.clip(np.rint(people), 2, 240)) if self._chance(0.95) else None,
            "first_foreign_sale": None if lag is None else founded + lag,
            "foreign_share": share,
            "countries": countries,
            "regions": regions,
        }
        if path == "unknown":
            facts |= {"founded": None} if self._chance(0.5) else {"first_foreign_sale": None}
        return facts

    def _abroad(self, path: str) -> tuple[int | None, int, int, int, list[str]]:
        """Years to the first sale abroad and since, share, countries and regions of a path."""
        rules, most = self._rules, 80
        if path == "not_yet":
            return None, 0, 0, 0, []
        late = self._whole(rules.early_years + 1, 12)
        if path == "born_global":
            share = self._whole(rules.global_share, most)
            return self._whole(0, rules.early_years), self._whole(1, 9), share, *self._where(2, 5)
        if path == "born_again_global":
            home, since = self._whole(rules.home_years, rules.home_years + 9), rules.rapid_years - 1
            return home, self._whole(0, since), self._whole(rules.global_share, most), *self._where(2, 4)
        if path == "regional":
            countries = self._whole(rules.regional_countries, rules.regional_countries + 3)
            return late, self._whole(1, 10), self._whole(4, 45), countries, self._where(1, 1)[1]
        return late, self._whole(1, 12), self._whole(2, rules.global_share - 1), *self._where(2, 3)

    def _where(self, least: int, most: int) -> tuple[int, list[str]]:
        """How many countries, and regions: the near ones first."""
        regions, many = self._about["regions"], self._whole(least, most)
        near = [str(key) for key in self._random.permutation(regions["near"])]
        far = [str(key) for key in self._random.permutation(regions["far"])]
        return many + self._whole(0, 2 * many), [*near, *far][:many]

    def _rounds(self, firm: InventedFirm, path: str, second: float) -> tuple[InventedRound, ...]:
        fate = self._random.random()
        if fate < _ONLY_JOINED:
            return (self._left(firm, firm.joined, self._blank),)
        begun = firm.joined + timedelta(days=self._whole(0, 6))
        strengths = self._strengths(firm.facts, path)
        if fate < _ONLY_JOINED + _BROKE_OFF:
            return (self._left(firm, begun, self._broken(strengths)),)
        first = self._round(firm, begun, strengths)
        assert first.finished is not None
        begun = first.finished + _YEAR - timedelta(days=self._whole(2, 6))
        later = self._source.after_a_year(strengths, float(np.clip(self._random.normal(1, 0.45), 0, 2)))
        if self._chance(second):
            return first, self._round(firm, begun, later, len(first.responses))
        if self._chance(_BEGAN_SECOND):
            return first, self._left(firm, begun, self._broken(later))
        return (first,)

    def _strengths(self, facts: Mapping[str, Any], path: str) -> Strengths:
        size = (np.log(facts["employees"]) - 2.7) if facts["employees"] else 0.0
        age = (self._today.year - facts["founded"] - 9) / 6 if facts["founded"] else 0.0
        strength = self._random.normal(self._about["paths"][path]["strength"], 0.9) + 0.2 * size
        lean = self._about["sectors"][facts["sector"] or "other"]["lean"]
        return self._source.begin(strength, float(np.clip(age, -1.5, 2.5)), lean)

    def _round(self, firm: InventedFirm, begun: date, strengths: Strengths, raters: int = 0) -> InventedRound:
        """A finished round; by so many raters, or one or several."""
        raters = raters or (self._whole(2, 4) if self._chance(_SEVERAL) else 1)
        roles = self._about["raters"][firm.language][:raters]
        strays = 0.15 if raters == 1 else float(self._random.gamma(2, 0.3))
        given = tuple(InventedResponse(role, self._source.rate(strengths, strays)) for role in roles)
        return InventedRound(begun, begun + timedelta(days=self._whole(0, 9)), given)

    def _broken(self, strengths: Strengths) -> Codes:
        return self._source.break_off(self._source.rate(strengths))

    def _left(self, firm: InventedFirm, begun: date, codes: Codes) -> InventedRound:
        """A round that nobody finished."""
        role = self._about["raters"][firm.language][0]
        return InventedRound(begun, None, (InventedResponse(role, codes),))

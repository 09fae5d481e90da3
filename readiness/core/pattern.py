"""The firm's path so far, as one of the patterns of internationalisation that the paper reports.

The words are those of its literature review (Kuivalainen et al. 2012; Olejnik & Swoboda 2012; Aghazadeh &
Zandi 2022); the numbers that tell the patterns apart are judgement and stand in the model's data. What is not
known is tried with every value that would make a difference: only what comes out the same is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from readiness.core.model import PatternRules

PATTERNS = ("not_yet", "stage_wise", "born_global", "born_again_global", "regional")
#: What the patterns are told apart by.
FIELDS = ("founded", "first_foreign_sale", "foreign_share", "countries", "regions")


@dataclass(frozen=True)
class Pattern:
    """What the facts say about the path so far."""

    name: str | None
    """One of PATTERNS, or None where the facts do not decide."""
    reason: str
    """decided; silent (nothing is said of sales abroad); stopped (earlier sales, none now); between (no
    pattern describes the facts); contradictory (a sale before the foundation); missing (facts are)."""
    possible: tuple[str, ...] = ()
    """Patterns that the missing facts leave open."""
    missing: tuple[str, ...] = ()
    """Facts that would decide, of FIELDS."""
    years_to_first_sale: int | None = None


@dataclass(frozen=True)
class _Facts:
    home_years: int
    """Years from foundation to the first foreign sale."""
    abroad_years: int
    """Years since."""
    share: float
    countries: int
    regions: int


def _classify(facts: _Facts, rules: PatternRules) -> str | None:
    """The pattern of complete facts; None between two."""
    considerable = facts.share >= rules.global_share
    if facts.regions == 1 and (considerable or facts.countries >= rules.regional_countries):
        return "regional"
    if facts.home_years <= rules.early_years:
        return "born_global" if considerable and facts.regions > 1 else None
    rapid = considerable and facts.abroad_years <= rules.rapid_years
    if rapid and facts.home_years >= rules.home_years:
        return "born_again_global"
    return None if rapid else "stage_wise"


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _deciding(found: Mapping[tuple[float, int, int], str | None]) -> tuple[str, ...]:
    """Facts of which another value, all else alike, makes another pattern."""

    def decides(at: int) -> bool:
        others = {(facts[:at] + facts[at + 1 :], name) for facts, name in found.items()}
        return len(others) > len({facts for facts, _ in others})

    return tuple(name for at, name in enumerate(FIELDS[2:]) if decides(at))


def _sells(share: float | None, countries: int | None, regions: int, first: int | None) -> str:
    """Whether the firm sells abroad: yes, no, stopped or silent."""
    now = bool(share) or (share is None and (bool(countries) or regions > 0))
    if now:
        return "yes"
    if first is None:
        return "no" if 0 in (share, countries) else "silent"
    return "stopped" if 0 in (share, countries) else "yes"


def recognise(firm: Mapping[str, Any], year: int, rules: PatternRules) -> Pattern:
    """The pattern of a firm from what is known of it in a (Gregorian) year."""
    founded, first, countries = (_whole(firm.get(name)) for name in (*FIELDS[:2], "countries"))
    share = _number(firm.get("foreign_share"))  # in full: less than one percent is not nothing
    known = firm.get("regions")
    regions = len(set(known)) if isinstance(known, list | tuple) else 0
    sells = _sells(share, countries, regions, first)
    if sells == "no":
        return Pattern("not_yet", "decided")
    if sells in ("silent", "stopped"):
        return Pattern(
            None, sells, missing=("first_foreign_sale", "foreign_share") if sells == "silent" else ()
        )
    if founded is None or first is None:
        missing = tuple(name for name, known in zip(FIELDS, (founded, first), strict=False) if known is None)
        return Pattern(None, "missing", possible=PATTERNS[1:], missing=missing)
    if first < founded or first > year:
        return Pattern(None, "contradictory")
    # Each unknown fact stands in for itself at either side of every border; one country is one region.
    shares = [share] if share is not None else [0, 100]
    many = [countries] if countries is not None else [1, rules.regional_countries]
    spread = [regions] if regions else [1] if countries == 1 else [1, 2]
    lag = first - founded
    found = {
        facts: _classify(_Facts(lag, year - first, *facts), rules) for facts in product(shares, many, spread)
    }
    names = set(found.values())
    if len(names) == 1:
        (name,) = names
        return Pattern(name, "decided" if name else "between", years_to_first_sale=lag)
    possible = tuple(name for name in PATTERNS if name in names)
    return Pattern(None, "missing", possible, _deciding(found), lag)

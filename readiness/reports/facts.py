"""What is known of a firm, in words: for the cover, the page and the form's choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness.reports.language import Language


def N_(message: str) -> str:
    """Mark a message for translation without translating it yet."""
    return message


SECTORS = {
    "software": N_("Software and information technology"),
    "manufacturing": N_("Advanced manufacturing"),
    "biotech": N_("Biotechnology and health technology"),
    "energy": N_("Renewable energy and environment"),
    "electronics": N_("Electronics and telecommunications"),
    "materials": N_("Advanced materials and nanotechnology"),
    "other": N_("Another field of high technology"),
}

#: The routes in a word or two, for lists.
ROUTES = {
    "sustain": N_("keep both strong"),
    "coopetition": N_("coopetition first"),
    "networking": N_("networking first"),
    "both": N_("both side by side"),
    "networking-first": N_("networking, then coopetition"),
}

REGIONS = {
    "western_asia": N_("Western Asia and the Gulf"),
    "central_asia": N_("Central Asia and the Caucasus"),
    "south_asia": N_("South Asia"),
    "east_asia": N_("East and South-East Asia"),
    "europe": N_("Europe"),
    "africa": N_("Africa"),
    "north_america": N_("North America"),
    "latin_america": N_("Latin America"),
    "oceania": N_("Australia and Oceania"),
}

LABELS = {
    "sector": N_("Sector"),
    "country": N_("Country"),
    "founded": N_("Founded"),
    "employees": N_("Employees"),
    "first_foreign_sale": N_("First foreign sale"),
    "foreign_share": N_("Share of foreign sales"),
    "countries": N_("Countries sold to"),
    "regions": N_("World regions sold to"),
}


def firm_facts(firm: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Label and value of everything known of a firm but its name."""
    facts = []
    for key, label in LABELS.items():
        value = firm.get(key)
        if value is None or value in ("", []):
            continue
        facts.append((language.words(label), firm_value(key, value, language)))
    return facts


def firm_value(key: str, value: Any, language: Language) -> str:
    """One field of a firm in words; an unknown one is a dash."""
    if value is None or value in ("", [], ()):
        return "–"
    if key == "sector":
        return language.words(SECTORS[value]) if isinstance(value, str) and value in SECTORS else str(value)
    if key == "regions" and isinstance(value, list | tuple):
        named = [language.words(REGIONS[item]) if item in REGIONS else str(item) for item in value]
        return language.listing(named)
    if key == "foreign_share" and isinstance(value, int | float):
        return language.percent(value / 100)
    if key in ("founded", "first_foreign_sale") and isinstance(value, int):
        return language.year(value)
    return language.digits(str(value))

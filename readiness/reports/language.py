"""A language of the interface: its words, direction, digits and dates."""

from __future__ import annotations

import gettext
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from readiness.core import model as models

_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٪", "01234567890123456789.%")
#: Years that can only be Solar Hijri, and what makes the Gregorian year in which most of one lies.
SOLAR_YEARS = range(1300, 1460)
SOLAR_OFFSET = 621
CALENDARS = ("gregorian", "solar_hijri")


def latin_digits(text: str) -> str:
    """Persian and Arabic digits of a typed text as ASCII digits."""
    return text.translate(_LATIN_DIGITS)


def jalali(day: date) -> tuple[int, int, int]:
    """Year, month and day of the Solar Hijri calendar, by its 33-year rule (good for 1950-2099)."""
    days = day.toordinal() - date(1924, 3, 21).toordinal()
    year = 1303
    while True:
        length = 366 if year % 33 in (1, 5, 9, 13, 17, 22, 26, 30) else 365
        if days < length:
            break
        days -= length
        year += 1
    month, rest = divmod(days, 31) if days < 186 else divmod(days - 186, 30)
    return year, month + (1 if days < 186 else 7), rest + 1


def read_day(text: str) -> str:
    """The Gregorian day, ISO 8601, of year-month-day in Latin digits; a Solar Hijri one is converted.

    Raises ValueError where there is no such day.
    """
    year, month, number = (int(part) for part in text.split("-"))
    if year not in SOLAR_YEARS:
        return date(year, month, number).isoformat()
    elapsed = (month - 1) * 31 if month < 7 else 186 + (month - 7) * 30
    first = date(year + SOLAR_OFFSET, 3, 19) + timedelta(elapsed + number - 1)
    for shift in range(5):
        if jalali(first + timedelta(shift)) == (year, month, number):
            return (first + timedelta(shift)).isoformat()
    raise ValueError(f"no such day: {text}")


@dataclass(frozen=True)
class Language:
    """A language that pages and reports are written in."""

    code: str
    name: str
    """Its name in itself, for the switch."""
    direction: str
    """ltr or rtl."""
    digits_of: str
    """Its ten digits from nought to nine."""
    decimal: str
    percent_sign: str
    comma: str
    semicolon: str
    counters: str
    """Its digits in the words of a stylesheet: decimal, persian, arabic-indic."""
    calendar: str
    months: tuple[str, ...]

    @property
    def mirrored(self) -> bool:
        """Whether scales run from the right."""
        return self.direction == "rtl"

    @cached_property
    def catalogue(self) -> gettext.NullTranslations:
        """The gettext catalogue."""
        folder = Path(str(files("readiness.translations")))
        return gettext.translation("messages", folder, [self.code], fallback=True)

    def words(self, message: str, **values: object) -> str:
        """The message in this language, with %(name)s placeholders filled."""
        text = self.catalogue.gettext(message)
        return text % values if values else text

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """The singular or plural message with %(count)s and other placeholders filled."""
        text = self.catalogue.ngettext(one, many, count)
        return text % {"count": self.number(count), **values}

    def digits(self, text: str) -> str:
        """Latin digits, decimal points and percent signs of a text as this language writes them."""
        return text.translate(self._digits)

    @cached_property
    def _digits(self) -> dict[int, str]:
        return str.maketrans(
            dict(zip("0123456789.%", (*self.digits_of, self.decimal, self.percent_sign), strict=True))
        )

    def number(self, value: float, places: int = 0) -> str:
        """A number rounded to a fixed number of places; -0 is 0."""
        text = f"{value:.{places}f}"
        if not text.strip("-0."):
            text = text.lstrip("-")
        return self.digits(text.replace("-", "\N{MINUS SIGN}"))

    def gain(self, value: float, places: int = 0) -> str:
        """A number with its sign before it in either direction of reading."""
        signed = self.number(value, places) if value < 0 else f"+{self.number(value, places)}"
        return f"\N{LEFT-TO-RIGHT ISOLATE}{signed}\N{POP DIRECTIONAL ISOLATE}" if self.mirrored else signed

    def percent(self, share: float) -> str:
        """A share of one as a percentage without places."""
        return self.digits(f"{share * 100:.0f}%")

    def span(self, low: float, high: float, places: int = 0) -> str:
        """A range of two rounded numbers; one number where they round to the same."""
        first, last = self.number(low, places), self.number(high, places)
        return first if first == last else self.words("%(low)s–%(high)s", low=first, high=last)

    def triple(self, tfn: tuple[float, float, float], places: int) -> str:
        """A TFN in brackets, read from its lower bound in every language."""
        inner = f"{self.comma}\u00a0".join(self.number(x, places) for x in tfn)
        return f"({inner})"

    def year(self, year: int) -> str:
        """A Gregorian year in this language's calendar (the Solar Hijri year that begins in it)."""
        return self.digits(str(year - SOLAR_OFFSET if self.calendar == "solar_hijri" else year))

    @cached_property
    def page_number(self) -> tuple[str, ...]:
        """What stands before, between and after the two numbers of "3 of 11"."""
        return tuple(re.split(r"{\w+}", self.words("{page} of {pages}")))

    def reading(self, text: str, without_letters: str = "") -> str:
        """The direction in which a typed text is read: that of its first letter, else this language's.

        A telephone number has no letter and is read from the left: there another direction can be named.
        """
        for character in text:
            kind = unicodedata.bidirectional(character)
            if kind in ("L", "R", "AL"):
                return "ltr" if kind == "L" else "rtl"
        return without_letters or self.direction

    @staticmethod
    def isolate(text: str) -> str:
        """A typed text for the middle of a sentence, whose order it then cannot disturb."""
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"

    def indicator(self, number: int, label: str) -> str:
        """An indicator by number and name, told apart as each language does it."""
        return self.words("%(number)s %(label)s", number=self.number(number), label=label)

    def listing(self, items: list[str]) -> str:
        """Items joined by this language's comma."""
        return f"{self.comma} ".join(items)

    def day_of(self, moment: str) -> str:
        """The day of a kept moment or day (ISO 8601)."""
        return self.day(date.fromisoformat(moment[:10]))

    def day_typed(self, day: str) -> str:
        """A kept day (ISO 8601) as it is typed into a form: in this language's calendar and digits."""
        if self.calendar == "solar_hijri":
            year, month, number = jalali(date.fromisoformat(day))
            day = f"{year}-{month:02}-{number:02}"
        return self.digits(day)

    def day(self, day: date) -> str:
        """A date in this language's calendar, written out."""
        year, month, number = (
            jalali(day) if self.calendar == "solar_hijri" else (day.year, day.month, day.day)
        )
        return self.digits(f"{number} {self.months[month - 1]} {year}")


def _read(folder: Traversable) -> Language:
    data = tomllib.loads((folder / "language.toml").read_text(encoding="utf-8"))
    return Language(
        code=folder.name,
        name=data["name"],
        direction=data["direction"],
        digits_of=data["digits"],
        decimal=data["decimal"],
        percent_sign=data["percent"],
        comma=data["comma"],
        semicolon=data["semicolon"],
        counters=data["counters"],
        calendar=data["calendar"],
        months=tuple(data["months"]),
    )


def _all() -> dict[str, Language]:
    """Every language that has a folder here and the model's texts; English, which all fall back to, first."""
    folders = {folder.name: folder for folder in files("readiness.translations").iterdir()}
    return {code: _read(folders[code]) for code in models.LANGUAGES if code in folders}


LANGUAGES = _all()


@cache
def language(code: str) -> Language:
    """The language of a code; raises ValueError for an unknown one."""
    if code not in LANGUAGES:
        raise ValueError(f'unknown language "{code}"; use one of {", ".join(LANGUAGES)}')
    return LANGUAGES[code]

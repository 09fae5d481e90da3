"""Forms with fields. The questionnaire has its own reader, because it must be quick."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, StopValidation

from readiness.core.answers import NAME_LENGTH
from readiness.core.typed import EMAIL
from readiness.core.typed import storable as storable
from readiness.core.typed import tidy as tidy
from readiness.reports.facts import REGIONS, SECTORS
from readiness.reports.language import SOLAR_OFFSET, SOLAR_YEARS, latin_digits, read_day
from readiness.web import locale

_THOUSANDS = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")


def problem_of(text: str, most: int) -> str:
    """Why a typed text cannot be kept, or nothing."""
    if len(text) > most:
        number = locale.current().number
        count = len(text)
        return str(
            _("At most %(most)s characters; this has %(count)s.", most=number(most), count=number(count))
        )
    if not storable(text):
        return str(_("This contains a character that cannot be stored; please type it anew."))
    return ""


class AtMost:
    """Refuses a longer text, and says how long it is."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: FlaskForm, field: Field) -> None:  # noqa: ARG002
        """Validate."""
        if len(field.data or "") > self.most:
            raise StopValidation(problem_of(field.data, self.most))


def named(field: str) -> str:
    """What a form names by its id; 404 for what no id can be."""
    value = request.form.get(field, "")
    if not storable(value):
        abort(404)
    return value


def page_number() -> int:
    """Which page of a list the address asks for, from 1; what is no number asks for the first."""
    page = request.args.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 and int(page) else 1


def visitor_hash() -> str:
    """The caller's network in a form that cannot be turned back."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, _network(request.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:24]


def _network(address: str) -> str:
    """An IPv4 address, or the network of an IPv6 one: one caller has 2 to the power of 64 of those."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def email_address(form: FlaskForm, field: Field) -> None:
    """Refuses what cannot be an e-mail address; whether it is one only a mail can tell."""
    del form
    typed = tidy(field.data)
    if typed and not EMAIL.fullmatch(typed):
        raise ValidationError(_l("Please enter an e-mail address, such as name@example.org."))


class DayField(StringField):
    """A day as 2026-11-26, Gregorian or Solar Hijri, in any digits; `day` is ISO 8601 or None."""

    @property
    def day(self) -> str | None:
        """The day; only after validation."""
        typed = latin_digits(tidy(self.data)).replace("/", "-")
        return read_day(typed) if typed else None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse what is no day."""
        try:
            self.day  # noqa: B018
        except ValueError as error:
            raise StopValidation(_("Please enter a day, such as 2026-11-26 or 1405-09-05.")) from error


def clean(form: FlaskForm, field: Field) -> None:
    """Refuses control characters."""
    del form
    if field.data and not storable(field.data):
        raise ValidationError(_l("This contains a character that cannot be stored; please type it anew."))


class WholeNumberField(StringField):
    """A whole number in Latin, Persian or Arabic digits; `number` is None where it is empty."""

    not_whole = _l("Please enter a whole number, such as 12.")

    def __init__(self, *args: Any, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.low, self.high = low, high

    @property
    def number(self) -> int | None:
        """The number; only after validation."""
        text = self._digits()
        return int(text) if text else None

    def _digits(self) -> str:
        text = latin_digits(tidy(None if self.data is None else str(self.data)))
        return _THOUSANDS.sub("", text).removesuffix("%").strip()

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse what is no whole number within the bounds."""
        text = self._digits()
        if text and not (text.isascii() and text.isdigit() and len(text) < 12):
            raise StopValidation(self.not_whole)
        number = self.number
        if number is not None and not self.low <= number <= self.high:
            raise StopValidation(
                _(
                    "Please enter a number from %(low)s to %(high)s.",
                    low=locale.current().digits(str(self.low)),
                    high=locale.current().digits(str(self.high)),
                )
            )


class YearField(WholeNumberField):
    """A Gregorian year; a Solar Hijri one is understood and converted."""

    not_whole = _l("Please enter a year, such as 2012 or 1391.")

    @property
    def number(self) -> int | None:
        """The Gregorian year in which most of the typed year lies."""
        year = super().number
        return year + SOLAR_OFFSET if year is not None and year in SOLAR_YEARS else year


class FirmForm(FlaskForm):
    """About the firm: all but the name optional."""

    name = StringField(
        _l("Name of the firm"),
        [InputRequired(_l("Please enter the name of the firm.")), AtMost(NAME_LENGTH), clean],
    )
    sector = SelectField(_l("Sector"), default="")
    country = StringField(_l("Country"), [AtMost(80), clean])
    founded = YearField(_l("Year of foundation"), low=1800, high=2200)
    employees = WholeNumberField(_l("Number of employees"), low=0, high=10_000_000)
    first_foreign_sale = YearField(_l("Year of the first sale abroad"), low=1800, high=2200)
    foreign_share = WholeNumberField(_l("Share of sales made abroad, in percent"), low=0, high=100)
    countries = WholeNumberField(_l("Number of countries sold to"), low=0, high=300)
    regions = SelectMultipleField(_l("World regions sold to"))
    rater = StringField(_l("Your role in the firm"), [AtMost(80), clean])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sector.choices = [("", ""), *((key, _l(label)) for key, label in SECTORS.items())]
        self.regions.choices = [(key, _l(label)) for key, label in REGIONS.items()]

    def validate_name(self, field: Field) -> None:
        """A name of blanks is no name."""
        if not tidy(field.data):
            raise ValidationError(_l("Please enter the name of the firm."))

    def validate_founded(self, field: YearField) -> None:
        """No foundation in the future."""
        _not_in_future(field)

    def validate_first_foreign_sale(self, field: YearField) -> None:
        """Neither in the future nor before the firm."""
        _not_in_future(field)
        founded = None if self.founded.errors else self.founded.number
        if field.number is not None and founded is not None and field.number < founded:
            raise ValidationError(_l("The first sale abroad cannot be before the foundation."))

    def values(self) -> dict[str, Any]:
        """The firm's fields as readiness.storage.firms keeps them."""
        return {
            "name": tidy(self.name.data),
            "sector": self.sector.data or None,
            "country": tidy(self.country.data) or None,
            "founded": self.founded.number,
            "employees": self.employees.number,
            "first_foreign_sale": self.first_foreign_sale.number,
            "foreign_share": self.foreign_share.number,
            "countries": self.countries.number,
            "regions": tuple(key for key in REGIONS if key in (self.regions.data or ())),
        }


def _not_in_future(field: YearField) -> None:
    if field.number is not None and field.number > datetime.now(UTC).year:
        raise ValidationError(_l("This year is in the future."))

"""Digits, numbers and dates of both languages."""

from datetime import date

import jdatetime
import pytest

from readiness.reports.language import LANGUAGES, jalali, language, latin_digits

ENGLISH, PERSIAN = language("en"), language("fa")


def test_every_day_from_1950_to_2099_has_its_solar_hijri_date() -> None:
    first, last = date(1950, 1, 1).toordinal(), date(2099, 12, 31).toordinal()

    wrong = [
        day
        for day in map(date.fromordinal, range(first, last + 1))
        if jalali(day) != ((theirs := jdatetime.date.fromgregorian(date=day)).year, theirs.month, theirs.day)
    ]

    assert not wrong


@pytest.mark.parametrize(
    ("day", "english", "persian"),
    [
        (date(2026, 3, 2), "2 March 2026", "۱۱ اسفند ۱۴۰۴"),
        (date(2026, 3, 21), "21 March 2026", "۱ فروردین ۱۴۰۵"),
        (date(2025, 3, 20), "20 March 2025", "۳۰ اسفند ۱۴۰۳"),
        (date(1979, 2, 11), "11 February 1979", "۲۲ بهمن ۱۳۵۷"),
        (date(2024, 9, 21), "21 September 2024", "۳۱ شهریور ۱۴۰۳"),
    ],
)
def test_a_date_is_written_out_in_its_own_calendar(day: date, english: str, persian: str) -> None:
    assert ENGLISH.day(day) == english
    assert PERSIAN.day(day) == persian


def test_a_gregorian_year_is_shown_in_persian_as_the_solar_hijri_year_that_begins_in_it() -> None:
    assert ENGLISH.year(2011) == "2011"
    assert PERSIAN.year(2011) == "۱۳۹۰"


def test_persian_numbers_have_persian_digits_and_a_persian_decimal_separator() -> None:
    assert PERSIAN.number(1234567890) == "۱۲۳۴۵۶۷۸۹۰"
    assert PERSIAN.number(48.614, 2) == "۴۸٫۶۱"
    assert PERSIAN.percent(0.14) == "۱۴٪"
    assert PERSIAN.digits("rezvani-2024") == "rezvani-۲۰۲۴"


def test_english_numbers_have_latin_digits() -> None:
    assert ENGLISH.number(48.614, 2) == "48.61"
    assert ENGLISH.percent(2 / 3) == "67%"
    assert ENGLISH.digits("12") == "12"


@pytest.mark.parametrize(
    ("value", "places", "text"), [(-0.04, 1, "0.0"), (-0.0, 0, "0"), (-6, 0, "−6"), (-0.06, 1, "−0.1")]
)
def test_a_negative_number_has_a_minus_sign_and_nothing_is_minus_zero(
    value: float, places: int, text: str
) -> None:
    assert ENGLISH.number(value, places) == text


@pytest.mark.parametrize("typed", ["۰۱۲۳۴۵۶۷۸۹٫٪", "٠١٢٣٤٥٦٧٨٩٫٪", "0123456789.%"])
def test_digits_typed_on_any_keyboard_are_understood(typed: str) -> None:
    assert latin_digits(typed) == "0123456789.%"


def test_digits_survive_the_way_to_persian_and_back() -> None:
    assert latin_digits(PERSIAN.digits("2024, 3.14 and 14%")) == "2024, 3.14 and 14%"


@pytest.mark.parametrize(
    ("low", "high", "english"),
    [(46, 51, "46–51"), (0, 100, "0–100"), (55.6, 56.4, "56"), (50, 50, "50"), (49.4, 49.6, "49–50")],
)
def test_a_range_that_rounds_to_one_number_is_one_number(low: float, high: float, english: str) -> None:
    assert ENGLISH.span(low, high) == english


def test_a_persian_range_says_its_ends_from_low_to_high() -> None:
    text = PERSIAN.span(46, 51)

    assert text.index("۴۶") < text.index("۵۱")
    assert "–" not in text, "a dash between two numbers reads backwards in Persian"


def test_a_triple_is_read_from_its_lower_bound_and_stays_on_one_line() -> None:
    assert ENGLISH.triple((0, 0.25, 0.5), 2) == "(0.00,\u00a00.25,\u00a00.50)"
    assert PERSIAN.triple((0, 0.25, 0.5), 2) == "(۰٫۰۰،\u00a0۰٫۲۵،\u00a0۰٫۵۰)"


def test_a_list_is_joined_by_the_comma_of_its_language() -> None:
    assert ENGLISH.listing(["a", "b", "c"]) == "a, b, c"
    assert PERSIAN.listing(["آ", "ب"]) == "آ، ب"
    assert PERSIAN.listing([]) == ""


def test_a_plural_carries_its_count_in_the_digits_of_the_language() -> None:
    one, many = "About %(count)s minute", "About %(count)s minutes"

    assert ENGLISH.plural(one, many, 1) == "About 1 minute"
    assert ENGLISH.plural(one, many, 15) == "About 15 minutes"
    assert "۱۵" in PERSIAN.plural(one, many, 15)


def test_words_without_values_keep_their_percent_signs() -> None:
    assert ENGLISH.words("100% sure") == "100% sure"
    assert ENGLISH.words("%(n)s of 100", n=5) == "5 of 100"


def test_only_persian_runs_from_the_right() -> None:
    assert {code: spoken.mirrored for code, spoken in LANGUAGES.items()} == {"en": False, "fa": True}


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r'"de".*en, fa'):
        language("de")


def test_a_typed_text_is_read_in_the_direction_of_its_first_letter() -> None:
    assert PERSIAN.reading("1. Seen in Hannover") == ENGLISH.reading("Seen") == "ltr"
    assert ENGLISH.reading("(در هانوفر دیدیم)") == "rtl"
    assert (ENGLISH.reading("12"), PERSIAN.reading("12")) == ("ltr", "rtl")


def test_a_gain_has_its_sign_before_it_in_either_direction() -> None:
    assert ENGLISH.gain(3.24, 1) == "+3.2"
    assert PERSIAN.gain(3.24, 1) == "\u2066+۳٫۲\u2069"

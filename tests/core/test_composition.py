"""Whom a cohort is made of."""

from readiness.core.composition import by_band, by_kind

BANDS = {"0-9": (0, 9), "10-49": (10, 49), "50": (50, None)}


def test_kinds_are_counted_in_their_order_and_what_is_unknown_last() -> None:
    found = by_kind(["b", None, "a", "b", "strange"], ("a", "b", "c"))

    assert found == (("a", 1), ("b", 2), ("c", 0), (None, 2))


def test_bands_hold_their_ends_and_the_last_is_open() -> None:
    found = by_band([0, 9, 10, 49, 50, 7000, None, -3], BANDS)

    assert found == (("0-9", 2), ("10-49", 2), ("50", 2), (None, 2))


def test_no_firm_is_no_count() -> None:
    assert by_band([], BANDS) == (("0-9", 0), ("10-49", 0), ("50", 0), (None, 0))

"""Interval plots: what stands where on a scale with nought in its middle."""

import math

import pytest

from readiness.reports.comparisoncharts import WIDTH, interval, reach


@pytest.mark.parametrize(
    ("ends", "most"),
    [([], 10), ([0.0], 10), ([3, -9.9], 10), ([10.1, -2], 20), ([math.inf, -4], 10), ([130], 100)],
)
def test_a_scale_ends_at_tens_and_holds_every_end(ends: list[float], most: float) -> None:
    assert reach(ends) == most


def test_nought_is_in_the_middle_and_a_mirrored_scale_runs_from_the_right() -> None:
    plain, turned = interval(0.5, 0.25, 1, 1, False), interval(0.5, 0.25, 1, 1, True)

    assert plain.zero == turned.zero == WIDTH / 2
    assert plain.zero < plain.start < plain.mark < plain.end
    assert turned.start < turned.mark < turned.end < turned.zero
    assert (turned.start, turned.mark, turned.end) == (
        WIDTH - plain.end,
        WIDTH - plain.mark,
        WIDTH - plain.start,
    )


def test_what_goes_on_beyond_the_scale_is_open_there() -> None:
    plain, turned = interval(0, -math.inf, 5, 10, False), interval(0, -math.inf, 5, 10, True)

    assert (plain.open_start, plain.open_end) == (True, False)
    assert (turned.open_start, turned.open_end) == (False, True)
    assert plain.start > 0 and turned.end < WIDTH

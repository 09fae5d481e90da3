"""The shapes of the charts, worked by hand."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness import paths
from readiness.reports import charts
from readiness.reports.charts import Span


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (charts.span(20, 50, 35, mirrored=False), Span(200, 300, 350)),
        (charts.span(20, 50, 35, mirrored=True), Span(500, 300, 650)),
        (charts.span(0, 100, None, mirrored=False), Span(0, 1000, None)),
        (charts.span(0, 100, None, mirrored=True), Span(0, 1000, None)),
        (charts.span(0, 0, 0, mirrored=True), Span(1000, 0, 1000)),
        (charts.span(33.333, 66.666, 50, mirrored=False), Span(333.3, 333.3, 500)),
        (charts.span(55.7, 55.7, 55.7, mirrored=True), Span(443, 0, 443)),
    ],
)
def test_a_range_runs_from_the_side_one_starts_to_read(drawn: Span, expected: Span) -> None:
    assert drawn == expected


def test_a_range_whose_ends_are_swapped_by_rounding_has_no_negative_length() -> None:
    assert charts.span(50.0000001, 50, 50, mirrored=False).length == 0


def test_a_radar_of_four_full_axes_is_a_square_on_its_corner() -> None:
    radar = charts.radar([100, 100, 100, 100], mirrored=False)

    assert radar.outline == "200.0,50.0 350.0,200.0 200.0,350.0 50.0,200.0"
    assert radar.spokes == radar.dots


def test_a_radar_goes_clockwise_in_english_and_the_other_way_round_in_persian() -> None:
    english = charts.radar([100, 50, 0, 50], mirrored=False)
    persian = charts.radar([100, 50, 0, 50], mirrored=True)

    assert english.dots == ((200, 50), (275, 200), (200, 200), (125, 200))
    assert persian.dots == ((200, 50), (125, 200), (200, 200), (275, 200))


def test_the_rings_of_a_radar_stand_at_quarters_and_the_threshold_at_half() -> None:
    radar = charts.radar([50] * 9, mirrored=False)

    assert radar.rings == (37.5, 112.5, 150)
    assert radar.threshold == 75
    assert {round(math.dist(dot, (radar.centre, radar.centre))) for dot in radar.dots} == {75}


def test_an_axis_without_a_score_has_a_spoke_but_no_point() -> None:
    radar = charts.radar([80, None, 20], mirrored=False)

    assert len(radar.spokes) == 3
    assert len(radar.dots) == 2
    assert len(radar.outline.split()) == 2


def test_a_radar_without_any_score_is_empty() -> None:
    radar = charts.radar([None] * 9, mirrored=True)

    assert radar.dots == ()
    assert radar.outline == ""


# Colours


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb colour, as the web's contrast rules define it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colours() -> Iterator[tuple[str, str]]:
    """Each shape's place in the chart templates and its fill."""
    source = Path(paths.templates() / "components" / "charts.html").read_text(encoding="utf-8")
    for macro, body in re.findall(r"{% macro (\w+).*?-%}(.*?){%- endmacro", source, flags=re.DOTALL):
        for place, colour in enumerate(re.findall(r'fill="(#[0-9a-f]{6})"', body)):
            yield f"{macro} {place}", colour


def test_the_colours_that_stand_on_each_other_in_a_chart_differ_in_grey_scale() -> None:
    fill = dict(colours())
    track, line, band, mark = (fill[f"range_bar {place}"] for place in range(4))
    groove, bar, threshold = (fill[f"filled_bar {place}"] for place in range(3))
    touching = [(mark, band), (mark, track), (line, track), (line, band), (bar, groove), (threshold, groove)]

    assert {pair: round(contrast(*pair), 1) for pair in touching if contrast(*pair) < 3} == {}
    assert contrast(band, track) > 1.4, "the band is wider than the track, which carries no number"


def test_the_line_that_crosses_a_filled_bar_reaches_beyond_it() -> None:
    source = (paths.templates() / "components" / "charts.html").read_text(encoding="utf-8")
    macro = re.search(r"macro filled_bar.*?endmacro", source, flags=re.DOTALL)
    assert macro
    bar, line = re.findall(r'y="(\d+)" width="[^"]+" height="(\d+)"', macro[0])[1:]

    assert int(line[0]) + 8 <= int(bar[0])
    assert int(line[0]) + int(line[1]) >= int(bar[0]) + int(bar[1]) + 8

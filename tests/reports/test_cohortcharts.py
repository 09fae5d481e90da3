"""The shapes of the charts of many firms."""

import re

import numpy as np
import pytest

from readiness import paths
from readiness.reports import cohortcharts
from readiness.reports.cohortcharts import HEIGHT, MARGIN, MOST_DOTS, WIDTH, draw
from readiness.reports.language import language
from readiness.reports.pdf import environment
from tests.reports.test_charts import contrast

EN, FA = language("en"), language("fa")


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h", path)]


def test_a_firm_is_a_dot_at_its_index_and_the_scale_runs_from_where_one_starts_to_read() -> None:
    values = np.array([0.0, 25, 100])

    english, persian = draw(values, None, mirrored=False), draw(values, None, mirrored=True)

    assert points(english.dots) == [(MARGIN, 24), (153, 24), (WIDTH - MARGIN, 24)]
    assert points(persian.dots) == [(WIDTH - MARGIN, 24), (447, 24), (MARGIN, 24)]
    assert (english.bins, english.band, english.median) == ("", None, None)


def test_firms_of_one_index_are_stacked_within_the_drawing() -> None:
    for many in (2, 7, MOST_DOTS):
        found = points(draw(np.full(many, 40.0), None, mirrored=False).dots)

        assert len(found) == many == len(set(found)) or many == MOST_DOTS == len(found)
        heights = [y for _, y in found]
        assert sum(heights) / many == pytest.approx(HEIGHT / 2, abs=0.1)
        assert min(heights) >= 4.5 and max(heights) <= HEIGHT - 4.5


def test_band_and_median_stand_where_the_quartiles_are() -> None:
    values = np.linspace(0, 100, 21)

    english, persian = (draw(values, (25, 50, 80), mirrored) for mirrored in (False, True))

    assert english.band == (153, 323.4) and persian.band == (123.6, 323.4)
    assert english.median == persian.median == english.middle == 300


def test_many_firms_become_bins_whose_heights_are_their_numbers() -> None:
    values = np.concatenate([np.full(100, 10.0), np.full(50, 90.0), np.array([100.0])])

    drawn = draw(values, None, mirrored=False)

    assert drawn.dots == ""
    bars = re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v([\d.]+)", drawn.bins)
    assert [(float(x), float(height)) for x, _, height in bars] == [(64.8, 44), (535.2, 22), (582.2, 0.4)]


def rendered(chart: cohortcharts.Distribution, code: str = "en") -> str:
    made = environment(code).from_string(
        '{% from "components/cohortcharts.html" import distribution, distribution_numbers with context %}'
        '{{ distribution(chart, "All") }}{{ distribution_numbers(chart, "All") }}'
    )
    return made.render(chart=chart, lang=language(code))


@pytest.mark.parametrize("firms", [MOST_DOTS, 10_000])
def test_a_chart_stays_small_however_many_firms_it_is_of(firms: int) -> None:
    luck = np.random.default_rng(1)
    rows = [(f"Component {at}", luck.uniform(0, 100, firms), (25.0, 50.0, 75.0)) for at in range(10)]

    made = cohortcharts.distribution(rows, 5, EN)

    assert made.dotted == (firms == MOST_DOTS)
    assert len(rendered(made)) < 50_000


def test_a_row_is_drawn_and_said_without_a_stylesheet_in_the_drawing() -> None:
    row = ("شبکه‌سازی", np.array([10.0, 20, 30, 40, 50]), (20.0, 30.0, 40.0))

    page = rendered(cohortcharts.distribution([row], 5, FA), "fa")

    assert "style=" not in page and page.count("<svg") == page.count("<desc>") == 1
    assert not re.search(r"[0-9]", re.sub(r"<[^>]+>", "", page))


def test_a_row_says_in_words_what_it_draws() -> None:
    values = np.array([10.0, 20, 30, 40, 50, np.nan])

    (row,) = cohortcharts.distribution([("Networking", values, (20, 30, 40))], 5, EN).rows
    (persian,) = cohortcharts.distribution([("شبکه‌سازی", values, (20, 30, 40))], 5, FA).rows
    (nobody,) = cohortcharts.distribution([("Assets", np.full(3, np.nan), None)], 5, EN).rows

    assert (row.title, row.count, row.lowest, row.highest) == ("Networking: 5 firms", 5, 10, 50)
    assert row.description == (
        "From 10 to 50. The median is 30; the middle half of the firms lies between 20 and 40."
    )
    assert "۵" in persian.title and not re.search(r"[0-9]", persian.title + persian.description)
    assert nobody.description == "No firm has this index." and nobody.drawing.dots == ""


def test_shares_are_of_all_kinds_or_of_a_total() -> None:
    rows = cohortcharts.shares([("A", 3), ("B", 1), ("C", 0)], EN)

    assert [row.share for row in rows] == [0.75, 0.25, 0]
    assert [row.span.length for row in rows] == [750, 250, 0]
    assert rows[0].title == "A: 3 of 4 firms"
    assert cohortcharts.shares([("A", 3)], EN, total=12)[0].share == 0.25
    assert [row.share for row in cohortcharts.shares([("A", 0)], EN)] == [0]
    assert cohortcharts.shares([("A", 3), ("B", 1)], FA)[1].span.start == 750


def test_the_colours_that_stand_on_each_other_differ_in_grey_scale() -> None:
    band, dots, middle, median, white = "#d7e8e6", "#2f8583", "#8a4b08", "#083233", "#ffffff"
    source = (paths.templates() / "components" / "cohortcharts.html").read_text(encoding="utf-8")
    assert all(f'"{colour}"' in source for colour in (band, dots, middle, median, white))
    for pair in ((dots, band), (dots, white), (middle, band), (median, white), (median, band)):
        assert contrast(*pair) >= 3, pair

"""The importance-performance map: every indicator stands where its numbers put it."""

from __future__ import annotations

from tests.reports.tools import MODEL, given, profile_of, sample


def placed(document: dict[str, object]) -> dict[int, tuple[int, int]]:
    found = profile_of(document).map
    return {
        number: (row, column)
        for row, band in enumerate(found.rows)
        for column, cell in enumerate(band.cells)
        for number in cell.numbers
    }


def test_every_answered_indicator_stands_on_the_map_once_and_the_others_are_named() -> None:
    profile = profile_of(sample("en"))
    numbers = [number for row in profile.map.rows for cell in row.cells for number in cell.numbers]

    assert sorted([*numbers, *profile.map.unplaced]) == list(MODEL.numbers)
    assert profile.map.unplaced == (36, 47)


def test_a_term_is_a_column_and_barriers_stand_where_they_count() -> None:
    terms = ("VL", "L", "M", "H", "VH")
    for column, term in enumerate(terms):
        where = placed(given(dict.fromkeys(range(1, 48), term)))
        assert {at for number, (_, at) in where.items() if number != 44} == {column}
        assert where[44][1] == 4 - column


def test_a_row_is_a_band_of_importance() -> None:
    where = placed(given(dict.fromkeys(range(1, 48), "M")))

    # .833, .75 (not below it), .728, .7 (not below it), .694, .65, .633
    assert [where[number][0] for number in (3, 5, 2, 37, 7, 23, 31)] == [0, 0, 1, 1, 2, 2, 3]


def test_important_and_weak_calls_for_action_and_strong_for_protection() -> None:
    rows = profile_of(sample("en")).map.rows

    kinds = [[cell.kind for cell in row.cells] for row in rows]
    assert kinds[0] == kinds[1] == ["act", "act", "", "protect", "protect"]
    assert kinds[2] == kinds[3] == ["", "", "", "protect", "protect"]


def test_the_strong_mark_itself_is_strong() -> None:
    """Two raters at medium and high give 65."""
    number = 3
    half = profile_of(given({number: "M"}, {number: "H"}))

    assert half.indicators[number].index == 65
    (cell,) = [cell for row in half.map.rows for cell in row.cells if number in cell.numbers]
    assert cell.kind == "protect"
    assert half.ranking == ()

"""The sample reports look as they did when somebody last looked at them.

After a change of the look that is meant: look at the pages, then `.venv/bin/python -m tests.reports.approve`.
"""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.reports.approve import APPROVED, looks, place
from tests.reports.tools import CODES, NEEDS_A_PRESS

pytestmark = NEEDS_A_PRESS

#: Pages are compared in squares of so many dots, about a line high: letters of another version of the
#: renderer, or a digit more, differ less than this many of 255 levels; a line that moved differs more.
SQUARE = 8
TOLERANCE = 30
RENEW = "Look at the pages; if they are right, run .venv/bin/python -m tests.reports.approve"


def squares(page: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean grey of each square."""
    height, width = (size // SQUARE * SQUARE for size in page.shape)
    whole = page[:height, :width].astype(float)
    return whole.reshape(height // SQUARE, SQUARE, width // SQUARE, SQUARE).mean(axis=(1, 3))


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The largest difference of two squares, in levels."""
    return 255 if one.shape != other.shape else float(np.abs(squares(one) - squares(other)).max())


@CODES
def test_every_page_of_the_sample_looks_as_approved(code: str, tmp_path: Path) -> None:
    now = looks(code)
    then = [np.asarray(Image.open(path).convert("L")) for path in sorted(APPROVED.glob(f"{code}-*.png"))]
    assert len(now) == len(then), f"{len(now)} pages, {len(then)} approved. {RENEW}"

    changed = []
    for number, (page, approved) in enumerate(zip(now, then, strict=True), start=1):
        if difference(page, approved) > TOLERANCE:
            changed.append(number)
            Image.fromarray(np.hstack([approved, page])).save(tmp_path / place(code, number).name)
    assert not changed, f"pages {changed} differ: approved and new side by side in {tmp_path}. {RENEW}"


def test_a_line_that_moved_is_noticed_and_a_change_of_smoothing_is_not() -> None:
    page = looks("en")[2]
    lower = np.roll(page, 6, axis=0)
    smoother = ((page.astype(float) + np.roll(page, 1, axis=1)) / 2).astype(np.uint8)

    assert difference(page, lower) > TOLERANCE
    assert difference(page, smoother) < TOLERANCE


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_approved_pictures_are_small(code: str) -> None:
    assert sum(path.stat().st_size for path in APPROVED.glob(f"{code}-*.png")) < 150_000

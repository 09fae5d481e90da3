"""Approve how the sample reports look now: write their pages as small grey pictures to `approved`.

    .venv/bin/python -m tests.reports.approve

Look at the pictures, or at the PDFs, before committing them: test_look.py compares with them.
"""

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.reports.tools import pictures, sample_pdf

APPROVED = Path(__file__).parent / "approved"
#: Dots per inch: enough to see that something moved, too few to tell one letter from another.
RESOLUTION = 36


def looks(code: str) -> list[NDArray[np.uint8]]:
    """The pages of a sample report as grey pictures."""
    with tempfile.TemporaryDirectory(prefix="looks-") as folder:
        found = pictures(sample_pdf(code), Path(folder), RESOLUTION)
        return [np.asarray(Image.open(path)) for path in found]


def place(code: str, number: int) -> Path:
    return APPROVED / f"{code}-{number:02}.png"


def approve() -> None:
    APPROVED.mkdir(exist_ok=True)
    for old in APPROVED.glob("*.png"):
        old.unlink()
    for code in ("en", "fa"):
        for number, page in enumerate(looks(code), start=1):
            levels = Image.fromarray(
                ((page + 8.5) // 17 * 17).astype(np.uint8)
            )  # sixteen greys make small files
            levels.save(place(code, number), optimize=True, bits=4)
            print(place(code, number).name)


if __name__ == "__main__":
    approve()

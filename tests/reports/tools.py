"""Answers made by hand, their profiles, and what a PDF says when it is read back."""

import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping
from ctypes.util import find_library
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from readiness.core import answers as answering
from readiness.core import model as models
from readiness.core.answers import Answers
from readiness.reports.language import language
from readiness.reports.pdf import make_pdf
from readiness.reports.profile import Profile, make_profile

MODEL = models.load()
DAY = date(2026, 3, 2)

ROOT = Path(__file__).resolve().parents[2]
CODES = pytest.mark.parametrize("code", ["en", "fa"])

#: For the files that make PDFs and read them back.
NEEDS_A_PRESS = [
    pytest.mark.skipif(not find_library("pango-1.0"), reason="PDFs need Pango: run bin/setup --dev"),
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils: run bin/setup --dev"),
]

Sheet = Mapping[int, str]


def given(
    *sheets: Sheet, firm: Mapping[str, Any] | None = None, **remarks: Mapping[int, str]
) -> dict[str, Any]:
    """A firm's answers in the exchange format: a sheet a rater; `notes` and `reasons` are the first one's."""
    responses: list[dict[str, Any]] = [
        {"rater": f"Rater {place}", "answers": {str(number): word for number, word in sheet.items()}}
        for place, sheet in enumerate(sheets, start=1)
    ]
    for kind, texts in remarks.items():
        responses[0][kind] = {str(number): text for number, text in texts.items()}
    return {"model": MODEL.version, "firm": {"name": "Alborz"} | dict(firm or {}), "responses": responses}


def profile_of(document: Mapping[str, Any] | Answers, code: str = "en", draft: bool = False) -> Profile:
    answers = document if isinstance(document, Answers) else answering.parse(document)
    return make_profile(answers, language(code), DAY, draft)


@cache
def sample(code: str) -> Answers:
    text = files("readiness.core.data").joinpath(f"sample.{code}.json").read_text(encoding="utf-8")
    return answering.read(text)


@cache
def sample_pdf(code: str) -> bytes:
    """The sample's PDF; made once a run."""
    return make_pdf(profile_of(sample(code), code))


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def pdftotext(pdf: bytes, *options: str) -> bytes:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout


def text_of(pdf: bytes, *options: str) -> str:
    """The text in reading order."""
    return pdftotext(pdf, *options).decode("utf-8")


def one_line(text: str) -> str:
    """With every run of blanks and line ends as one blank."""
    return re.sub(r"\s+", " ", text)


def bare(text: str) -> str:
    """Without marks above letters, without zero-width and direction characters."""
    kept = (x for x in unicodedata.normalize("NFD", text) if unicodedata.category(x) not in ("Mn", "Cf"))
    return one_line("".join(kept))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return text_of(pdf).split("\f")[:-1]


def words(pdf: bytes) -> Iterator[tuple[int, str, tuple[float, float, float, float], tuple[float, float]]]:
    """Page, word, its box (left, top, right, bottom) and the page's size, in points."""
    xml = re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", pdftotext(pdf, "-bbox"))
    space = "{http://www.w3.org/1999/xhtml}"
    for place, page in enumerate(ElementTree.fromstring(xml).iter(f"{space}page"), start=1):
        size = float(page.attrib["width"]), float(page.attrib["height"])
        for word in page.iter(f"{space}word"):
            box = tuple(float(word.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax"))
            yield place, word.text or "", box, size  # type: ignore[misc]


def pictures(pdf: bytes, folder: Path, resolution: int) -> list[Path]:
    """Each page as a grey picture (PGM), in order."""
    file = folder / "pages.pdf"
    file.write_bytes(pdf)
    options = ["-r", str(resolution), "-gray", str(file), str(folder / "page")]
    subprocess.run(["pdftoppm", *options], check=True)
    return sorted(folder.glob("page-*.pgm"))

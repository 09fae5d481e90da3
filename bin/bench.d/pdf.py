"""One report, warm: against WeasyPrint as it comes, and against headless Chromium."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import weasyprint
from pairs import line, ratio
from playwright.sync_api import sync_playwright

from readiness import paths
from readiness.core import answers
from readiness.reports import pdf
from readiness.reports.language import language
from readiness.reports.profile import make_profile

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "docs" / "samples").glob("*.json"))
DAY = date(2026, 3, 2)

#: What a page of ours tells a browser of its fonts, and so what "the defaults" load.
FACES = "".join(
    f"@font-face {{ font-family: Vazirmatn; font-weight: {weight};"
    f' src: url("fonts/Vazirmatn-{name}.woff2") format("woff2"); }}'
    for name, weight in (("Regular", 400), ("Bold", 700))
)


def _whole(html: str) -> str:
    """The report with its stylesheet and fonts, for an engine that knows neither."""
    css = (paths.static() / "style.css").read_text(encoding="utf-8")
    return html.replace("</head>", f"<style>{FACES}{css}</style></head>")


RUNS = 9
WORDS = ("we", "sell", "abroad", "since", "then", "twice")


@cache
def _firms(code: str) -> list[tuple[str, str]]:
    """HTML and answers of firms that nobody has printed yet, each as long as the longest sample.

    The sample's answers are changed in every third place, and a note of its own stands at every eighth.
    """
    luck, found = random.Random(47), []
    longest = max(
        (answers.read(path.read_text(encoding="utf-8")) for path in SAMPLES),
        key=lambda one: len(pdf.report_html(make_profile(one, language(code), DAY))),
    )
    for at in range(RUNS + 3):
        document = json.loads(json.dumps(answers.export(longest)))
        document["firm"]["name"] = f"Firm {luck.randrange(10**6)}"
        given = document["responses"][0]["answers"]
        for number in given:
            if luck.random() < 1 / 3 and at:
                given[number] = luck.choice(("VL", "L", "M"))
        document["responses"][0]["notes"] = {
            number: " ".join(luck.choice(WORDS) for _ in range(20)) for number in list(given)[::8]
        }
        profile = make_profile(answers.parse(document), language(code), DAY)
        found.append((pdf.report_html(profile), profile.document))
    return found


class _Turns:
    """The firms one after the other: ours prints the next one, the other engine the same one again."""

    def __init__(self, code: str, other: Callable[[str], object]) -> None:
        self._firms, self._other = iter(_firms(code)), other
        self._html = ""

    def ours(self) -> bytes:
        self._html, attached = next(self._firms)
        return pdf.html_to_pdf(self._html, attached)

    def other(self) -> object:
        return self._other(_whole(self._html))


def measure() -> Iterator[str]:
    base = paths.static().as_uri() + "/"
    for code in ("en", "fa"):
        turns = _Turns(code, lambda whole: weasyprint.HTML(string=whole, base_url=base).write_pdf())
        found = ratio(turns.ours, turns.other, runs=RUNS)
        yield line(f"PDF of a new firm, warm ({code}) / the same by WeasyPrint's defaults", found, "<= 0.4")
        yield from _over_chromium(code, base)


def _over_chromium(code: str, base: str) -> Iterator[str]:
    chromium = shutil.which("chromium")
    if chromium is None:
        yield "chromium is not installed: no comparison with it"
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(base + "style.css")

        def printed(whole: str) -> bytes:
            page.set_content(whole)
            return page.pdf(format="A4", tagged=True, outline=True)

        turns = _Turns(code, printed)
        found = ratio(turns.ours, turns.other, runs=RUNS)
        yield line(f"PDF of a new firm, warm ({code}) / headless Chromium, the same HTML", found, "<= 2")
        browser.close()

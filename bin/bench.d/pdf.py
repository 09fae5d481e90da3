"""One report, warm: against WeasyPrint as it comes, and against headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date

import weasyprint
from pairs import line, ratio
from playwright.sync_api import sync_playwright

from readiness import paths
from readiness.reports import pdf
from readiness.reports.language import language
from readiness.reports.profile import make_profile
from readiness.web.pages import sample_answers

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


def measure() -> Iterator[str]:
    base = paths.static().as_uri() + "/"
    for code in ("en", "fa"):
        profile = make_profile(sample_answers(code), language(code), date(2026, 3, 2))
        html = pdf.report_html(profile)
        whole = _whole(html)

        def ours(html: str = html, attached: str = profile.document) -> bytes:
            return pdf.html_to_pdf(html, attached)

        def plain(whole: str = whole) -> bytes:
            return weasyprint.HTML(string=whole, base_url=base).write_pdf()

        found = ratio(ours, plain, runs=7)
        yield line(f"the PDF, warm ({code}) / the same HTML by WeasyPrint's defaults", found, "<= 0.4")
        yield from _over_chromium(code, ours, whole, base)


def _over_chromium(code: str, ours, whole: str, base: str) -> Iterator[str]:  # type: ignore[no-untyped-def]
    chromium = shutil.which("chromium")
    if chromium is None:
        yield "chromium is not installed: no comparison with it"
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(base + "style.css")

        def printed() -> bytes:
            page.set_content(whole)
            return page.pdf(format="A4", tagged=True, outline=True)

        yield line(
            f"the PDF, warm ({code}) / headless Chromium printing the same HTML",
            ratio(ours, printed, runs=7),
            "<= 2",
        )
        browser.close()

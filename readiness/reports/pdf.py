"""The PDF profile: template to tagged PDF, with nothing fetched from anywhere.

WeasyPrint needs Pango from the system, which pip cannot give; it is imported only when a PDF is
made, so that everything else works without it.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from readiness import paths
from readiness.reports.colour import is_colour
from readiness.reports.facts import firm_facts
from readiness.reports.language import Language, language
from readiness.reports.profile import Profile

ATTACHMENT = "answers.json"
#: Under this address a report finds its adviser's logo; it is no address of anything else.
LOGO = "report:logo"
NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})
_RENDERING = threading.Lock()


class PdfError(RuntimeError):
    """The PDF cannot be made; the message says why and what to do."""


class PdfUnavailable(PdfError):
    """No PDF can be made on this machine until something is installed."""


@cache
def environment(code: str) -> Environment:
    """The template environment of a language."""
    spoken: Language = language(code)
    made = Environment(
        loader=FileSystemLoader(paths.templates()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(spoken.catalogue, newstyle=True)  # type: ignore[attr-defined]
    made.globals["lang"] = spoken
    return made


def report_html(profile: Profile) -> str:
    """The report as one HTML document, without its stylesheet."""
    shortest = sorted(profile.sums, key=lambda total: len(total.terms))
    shown = [total.key for total in shortest[:1]]
    return (
        environment(profile.language.code)
        .get_template("reports/profile.html")
        .render(
            profile=profile,
            facts=firm_facts(profile.answers.firm, profile.language),
            sums_shown=shown,
            logo=LOGO,
        )
    )


@dataclass(frozen=True)
class _Engine:
    """WeasyPrint with its fonts and the parsed stylesheet, kept warm."""

    weasyprint: Any
    html: Any
    hurried: Any
    fonts: Any
    stylesheet: Any
    fetcher: Any


def _fontconfig(folder: Path) -> Path:
    """A font configuration that knows our own fonts first and the system's as a fallback."""
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(paths.static() / 'fonts'))}</dir>"
        '<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><dir prefix="xdg">fonts</dir>'
        f"<cachedir>{escape(str(folder))}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return path


#: What our quick ways were written for; tests/reports/test_engine.py says when they need a look.
QUICK_WITH = {"weasyprint": "70.0", "pydyf": "0.13.0", "cssselect2": "0.10.1"}


def _ways() -> tuple[Any, Any]:
    """How a report is read, and in what surroundings it is laid out."""
    if {name: version(name) for name in QUICK_WITH} == QUICK_WITH:
        from readiness.reports.engine import ReportHtml, hurried

        return ReportHtml, hurried

    def plain(html: str, stylesheet: Any, fetcher: Any) -> Any:  # noqa: ARG001
        return import_module("weasyprint").HTML(string=html, base_url=None, url_fetcher=fetcher)

    return plain, nullcontext


@cache
def _engine() -> _Engine:
    folder = tempfile.mkdtemp(prefix="readiness-fonts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["FONTCONFIG_FILE"] = str(_fontconfig(Path(folder)))
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        raise PdfUnavailable(
            "PDFs need the Pango library, which is missing here. On Debian or Ubuntu type:"
            " apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from error

    class NothingFetcher(URLFetcher):  # type: ignore[misc]
        """Refuses every address: a report is made of what it is given and of nothing else."""

        given: Mapping[str, bytes] = {}

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            if url in self.given:
                return URLFetcherResponse(url, self.given[url], {"Content-Type": "image/png"})
            raise ValueError(f"a report fetches nothing, and so not {url}")

        @contextmanager
        def giving(self, pictures: Mapping[str, bytes]) -> Iterator[None]:
            """Let the report inside have these pictures, and no other report."""
            self.given = pictures
            try:
                yield
            finally:
                self.given = {}

    fonts, fetcher = FontConfiguration(), NothingFetcher()
    stylesheet = weasyprint.CSS(filename=paths.static() / "style.css", font_config=fonts, url_fetcher=fetcher)
    gc.collect()
    gc.freeze()  # what is loaded by now stays; later collections need not look at it
    return _Engine(weasyprint, *_ways(), fonts, stylesheet, fetcher)


#: Layout makes a great many objects that live until its end. Looking for garbage meanwhile costs
#: a fifth of the time and finds nothing, so it is done once after every few reports.
_COLLECT_EVERY = 6


class _Garbage:
    """Garbage collection put off while reports are laid out."""

    def __init__(self) -> None:
        self._since = 0

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """No collection inside; now and then one afterwards."""
        was = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            self._since += 1
            if self._since >= _COLLECT_EVERY:
                self._since = 0
                gc.collect()
            if was:
                gc.enable()


_GARBAGE = _Garbage()


def make_pdf(profile: Profile) -> bytes:
    """The report as PDF/UA with the answers attached; raises PdfError."""
    brand = profile.supplement.brand
    logo = brand.logo if brand else None
    return html_to_pdf(
        report_html(profile), profile.document, brand.colour if brand else "", {LOGO: logo} if logo else {}
    )


@lru_cache(maxsize=100)
def _coloured(colour: str) -> Any:
    """The stylesheet of a brand: what is in our colour elsewhere, in the brand's."""
    if not is_colour(colour):
        raise PdfError(f"no colour: {colour}")
    rules = f"h1, h2, h3, .big {{ color: {colour} }} .report .cover {{ border-inline-start-color: {colour} }}"
    engine = _engine()
    return engine.weasyprint.CSS(string=rules, font_config=engine.fonts, url_fetcher=engine.fetcher)


def html_to_pdf(
    html: str, attached: str | None, colour: str = "", pictures: Mapping[str, bytes] = NO_PICTURES
) -> bytes:
    """Lay out a report's HTML with its pictures by address and attach the answers, if there are any.

    Raises PdfError.
    """
    engine = _engine()
    weasyprint = engine.weasyprint
    sheets = [engine.stylesheet, *([_coloured(colour)] if colour else [])]
    with _RENDERING, _GARBAGE.put_off(), engine.hurried(), engine.fetcher.giving(pictures):
        try:
            document = engine.html(html, engine.stylesheet, engine.fetcher)
            carried = [] if attached is None else [_attachment(weasyprint, attached)]
            made = document.render(
                font_config=engine.fonts,
                stylesheets=sheets,
                attachments=carried,
                pdf_variant="pdf/ua-1",
            ).write_pdf(attachments=carried, pdf_variant="pdf/ua-1", pdf_tags=True)
        except Exception as error:
            raise PdfError(f"the PDF could not be laid out: {error}") from error
    return bytes(made)


def _attachment(weasyprint: Any, answers: str) -> Any:
    return weasyprint.Attachment(
        file_obj=io.BytesIO(answers.encode()),
        name=ATTACHMENT,
        description="answers",
        relationship="Source",
    )


def attached_answers(pdf: bytes) -> str:
    """The answers that a report carries; raises PdfError for a PDF without them."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is said once, by the error

    try:
        found = PdfReader(io.BytesIO(pdf)).attachments.get(ATTACHMENT)
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise PdfError(f"this PDF cannot be read: {error}") from error
    if not found:
        raise PdfError(f"this PDF carries no {ATTACHMENT}; it is not a report of this program")
    return found[0].decode("utf-8")

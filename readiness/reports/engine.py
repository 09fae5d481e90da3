"""What WeasyPrint does for a report, done with less work; imported only when a PDF is made.

Everything here hangs on one version of WeasyPrint. With any other, `quick` is false and a report
is laid out as the library does it, only more slowly.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any
from xml.etree import ElementTree

import cssselect2
import weasyprint

quick: bool = weasyprint.__version__.split(".")[0] == "70"

#: How a document begins that is XML as well as HTML. It leaves no place to declare an entity.
_POLYGLOT = "<!DOCTYPE html>\n<html "


class ReportHtml(weasyprint.HTML):  # type: ignore[misc]
    """A report's document: read as XML by the C parser where it is XML, and as HTML elsewhere."""

    def __init__(self, html: str, url_fetcher: Any) -> None:
        root = _as_xml(html) if quick else None
        if root is None:
            super().__init__(string=html, base_url=None, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        sheets: list[Any] = super()._ua_stylesheets(forms)
        return [_without_notes(sheet) for sheet in sheets] if quick else sheets


def _as_xml(html: str) -> ElementTree.Element | None:
    """The tree that an HTML parser would make of it, or nothing where that is not sure."""
    if not html.startswith(_POLYGLOT):
        return None
    try:
        return ElementTree.fromstring(html)  # noqa: S314 - ours, and without entities
    except ElementTree.ParseError:
        return None


#: What the library's own stylesheet gives to every element in case it has footnotes or margin
#: notes. A report has none, and six styles less for each element are a tenth of the work.
_UNUSED = {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}


@cache
def _without_notes(sheet: Any) -> Any:
    made = copy(sheet)
    made.matcher = copy(sheet.matcher)
    made.matcher.other_selectors = [
        entry for entry in sheet.matcher.other_selectors if entry[3] not in _UNUSED
    ]
    return made

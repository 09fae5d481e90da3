"""People who open pages, fill forms in and send them; every page that comes back is audited.

A person fills in only what the page holds and sends what a browser would send, with the CSRF token
that stands in the form. What no browser would send goes through `Person.client`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.pofile import read_po
from flask import Flask
from werkzeug.test import TestResponse

from readiness.paths import PACKAGE

Sent = list[tuple[str, str]]

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DIRECTIONS = {"en": "ltr", "fa": "rtl"}
#: Latin words that a Persian page may hold.
LATIN = {"json", "html", "docx", "jpeg"}
#: Beginnings of the addresses that show something of somebody.
PRIVATE = ("/a/", "/portfolio", "/programmes", "/organisation", "/account")
HARDENED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass
class Control:
    """A form control as the page holds it."""

    tag: str
    kind: str
    name: str
    value: str
    chosen: bool
    form: str | None
    """Id of the form it names, or None where it stands in its form."""
    named: bool
    """Whether a label, a wrapping label or aria-label says what it is."""
    id: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form and everything in it."""

    id: str
    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def filled(self) -> Sent:
        """What the form sends as it stands, without a button."""
        return [
            (control.name, control.value)
            for control in self.controls
            if control.name and control.chosen and control.tag != "button"
        ]

    def names(self) -> set[str]:
        """Every name that can be filled in."""
        return {control.name for control in self.controls if control.name}

    def choices(self, name: str) -> list[str] | None:
        """What may be chosen for a name; None where anything may be typed."""
        found = [control for control in self.controls if control.name == name]
        if found and found[0].tag == "select":
            return found[0].options
        if found and found[0].kind in ("radio", "checkbox"):
            return [control.value for control in found]
        return None

    def button(self, value: str) -> tuple[str, str]:
        """The button with this value."""
        found = [item for item in self.controls if item.tag == "button" and item.value == value]
        assert found, f"no button {value!r} on this form"
        return found[0].name, value


class Reader(HTMLParser):
    """Reads a page: its forms, its text, and what an audit wants to know."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.forms: list[Form] = []
        self.loose: list[Control] = []
        self.texts: list[tuple[str, str]] = []
        """Every text with the language it stands in."""
        self.addresses: list[tuple[str, str]] = []
        """Every href, src and action with its tag."""
        self.evidence: list[str] = []
        """Addresses elsewhere, each given by somebody as an evidence."""
        self.refers: list[str] = []
        """Ids that an attribute refers to."""
        self.headings: list[str] = []
        self.title = ""
        self.values: list[str] = []
        """Values of attributes that a person reads or hears."""
        self.faults: list[str] = []
        self.form: Form | None = None
        self.select: Control | None = None

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            self.faults.append(f"<{tag}> names an attribute twice: {names}")
        attributes = {name: value or "" for name, value in pairs}
        self._inspect(tag, attributes)
        if tag == "form":
            self.form = Form(attributes.get("id", ""), attributes.get("action", ""), attributes["method"])
            self.forms.append(self.form)
        elif tag in ("input", "textarea", "select", "button"):
            self._control(tag, attributes)
        elif tag == "option" and self.select:
            self.select.options.append(attributes.get("value", ""))
            if "selected" in attributes or len(self.select.options) == 1:
                self.select.value = attributes.get("value", "")
        if tag == "h1":
            self.headings.append("")
        if tag not in VOID:
            self.open.append((tag, attributes))

    def _inspect(self, tag: str, attributes: dict[str, str]) -> None:
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "label" and "for" in attributes:
            self.labels.add(attributes["for"])
            self.refers.append(attributes["for"])
        for name in ("aria-describedby", "aria-labelledby", "form"):
            self.refers += attributes.get(name, "").split()
        if tag == "a" and attributes.get("class") == "evidence":
            self._evidence(attributes)
            return
        for name in ("href", "src", "action", "formaction"):
            if name in attributes:
                self.addresses.append((tag, attributes[name]))
        for name in ("value", "aria-label", "title", "alt", "placeholder", "content"):
            if name in attributes:
                self.values.append(attributes[name])
        self.faults += [f"<{tag} {name}>" for name in attributes if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in attributes):
            self.faults.append(f"inline <{tag}>")
        if tag in ("iframe", "object", "embed", "base"):
            self.faults.append(f"<{tag}>")

    def _evidence(self, attributes: dict[str, str]) -> None:
        """The only link that leads elsewhere: what somebody gave as evidence, and nothing goes along."""
        self.evidence.append(attributes["href"])
        if not re.match(r"https?://[^\s/@]+(/|$)", attributes["href"]):
            self.faults.append(f"an evidence leads to {attributes['href']!r}")
        if set(attributes) != {"class", "href", "rel"} or attributes["rel"] != "noopener noreferrer nofollow":
            self.faults.append(f"a link to an evidence gives away where it stands: {attributes}")

    def _control(self, tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "submit" if tag == "button" else "text")
        control = Control(
            tag,
            kind,
            attributes.get("name", ""),
            attributes.get("value", "on" if kind in ("radio", "checkbox") else ""),
            "checked" in attributes if kind in ("radio", "checkbox") else True,
            attributes.get("form"),
            any(item == "label" for item, _ in self.open) or bool(attributes.get("aria-label")),
            attributes.get("id", ""),
        )
        if tag == "select":
            self.select = control
        if self.form and control.form is None:
            self.form.controls.append(control)
        else:
            self.loose.append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'}")
            return
        self.open.pop()
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if "script" in tags:
            return
        if "textarea" in tags:
            area = (self.form.controls if self.form else self.loose)[-1]
            area.value += data
            return
        if "title" in tags and "svg" not in tags:
            self.title += data
        if tags and "h1" in tags:
            self.headings[-1] += data
        language = next((item["lang"] for _, item in reversed(self.open) if "lang" in item), "")
        if data.strip():
            self.texts.append((data, language))

    def close(self) -> None:
        super().close()
        by_id = {form.id: form for form in self.forms if form.id}
        for control in self.loose:
            if control.form in by_id:
                by_id[control.form].controls.append(control)
        for control in self.controls():
            if control.tag == "textarea":
                control.value = control.value.removeprefix("\n")

    def controls(self) -> list[Control]:
        inside = [control for form in self.forms for control in form.controls]
        return inside + [control for control in self.loose if control not in inside]


@cache
def untranslated() -> frozenset[str]:
    """Messages whose English never stands on a Persian page."""
    path = PACKAGE / "translations" / "fa" / "LC_MESSAGES" / "messages.po"
    with Path(path).open("rb") as file:
        catalogue = read_po(file, locale="fa")
    whole = (item for item in catalogue if isinstance(item.id, str) and item.id)
    return frozenset(item.id for item in whole if re.search("[A-Za-z]{3}", item.id))


def seen(text: str) -> str:
    """A text as it is seen: without runs of blanks and without the marks that keep typed words in order."""
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


class Page:
    """An answer of the application; an HTML one is audited as soon as it is here."""

    def __init__(self, response: TestResponse, typed: Iterable[str] = ()) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        query = response.request.environ.get("QUERY_STRING", "")
        self.address = f"{self.path}?{query}" if query else self.path
        """Where a form without an action is sent."""
        self.body = response.get_data()
        answered = response.request.method not in ("GET", "HEAD")
        self.private = self.path.startswith(PRIVATE) or self.status >= 400 or answered
        audit_headers(self)
        if response.mimetype == "text/html" and not 300 <= self.status < 400:
            self.html = self.body.decode()
            self.read = Reader()
            self.read.feed(self.html)
            self.read.close()
            self.text = seen(" ".join(text for text, _ in self.read.texts))
            audit(self, typed)

    @property
    def heading(self) -> str:
        return self.read.headings[0].strip()

    @property
    def language(self) -> str:
        return re.search(r'<html lang="(\w+)"', self.html)[1]

    def form(self, id: str = "") -> Form:
        """The form with this id, or the only one, or the only one without an id."""
        found = [form for form in self.read.forms if not id or form.id == id]
        if len(found) > 1:
            found = [form for form in found if not form.id]
        assert len(found) == 1, f"{len(found)} forms on {self.path}"
        return found[0]

    def holds(self, name: str) -> str | list[str]:
        """What stands in a field: its text, the chosen one, or the ticked ones."""
        found = [item for form in self.read.forms for item in form.controls if item.name == name]
        assert found, f"no field {name!r} on {self.path}"
        if found[0].kind == "checkbox":
            return [item.value for item in found if item.chosen]
        if found[0].kind == "radio":
            return next((item.value for item in found if item.chosen), "")
        return found[0].value

    def links(self) -> list[str]:
        """Addresses that the page links to."""
        return [address for tag, address in self.read.addresses if tag == "a"]

    @property
    def private_link(self) -> str:
        """The private link that the page shows to keep."""
        return next(item.value for item in self.read.controls() if item.id == "private-link")


def audit_headers(page: Page) -> None:
    """What every answer carries, whatever it is."""
    headers = page.response.headers
    for name, value in HARDENED.items():
        assert headers[name] == value, f"{name} on {page.path}"
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}, policy
    if page.private:
        assert headers["Cache-Control"] == "no-store", f"{page.path} may be kept by a cache"
        assert "ETag" not in headers and "Last-Modified" not in headers and "Expires" not in headers
    assert "Server" not in headers and "X-Powered-By" not in headers
    if page.response.mimetype.startswith("text/"):
        assert page.response.content_type.endswith("; charset=utf-8")


def audit(page: Page, typed: Iterable[str]) -> None:
    """What holds for every page. `typed` is what people wrote; it may say anything."""
    read, at = page.read, f"{page.path} ({page.status})"
    assert page.html.startswith("<!doctype html>"), at
    assert not read.faults and not read.open, f"{at}: {read.faults} {read.open}"
    assert f'<html lang="{page.language}" dir="{DIRECTIONS[page.language]}">' in page.html, at
    assert read.title.strip(" –") and read.title.count("–") >= 1, f"{at}: title {read.title!r}"
    assert len(read.headings) == 1 and read.headings[0].strip(), f"{at}: headings {read.headings}"
    twice = {id for id in read.ids if read.ids.count(id) > 1}
    assert not twice, f"{at}: ids twice: {twice}"
    lost = {id for id in read.refers if id not in read.ids}
    lost |= {href[1:] for _, href in read.addresses if href.startswith("#") and href[1:] not in read.ids}
    assert not lost, f"{at}: refers to ids that are not there: {lost}"
    for control in read.controls():
        labelled = control.named or control.id in read.labels
        assert labelled or control.tag == "button" or control.kind == "hidden", (
            f"{at}: {control} has no label"
        )
    for form in read.forms:
        if form.method == "get":  # a search stands in the address, and changes nothing
            assert "csrf_token" not in form.names(), at
            continue
        assert form.method == "post", at
        assert [item.kind for item in form.controls if item.name == "csrf_token"] == ["hidden"], at
    outside = [address for _, address in read.addresses if urlsplit(address).scheme or address[:2] == "//"]
    assert not outside, f"{at}: leads elsewhere: {outside}"
    audit_words(page, typed, at)


def audit_words(page: Page, typed: Iterable[str], at: str) -> None:
    """No trace of the machinery, and on a Persian page no English."""
    whole = " ".join(" ".join([*(text for text, _ in page.read.texts), *page.read.values]).split())
    words = {" ".join(text.split()) for text in typed} - {""}
    words = sorted((word for word in words if word in whole), key=len, reverse=True)

    def ours(text: str) -> str:
        text = " ".join(text.split())
        for word in words:
            text = text.replace(word, " ")
        return text

    texts = [(ours(text), language) for text, language in page.read.texts]
    values = [ours(value) for value in page.read.values]
    for text in [*(text for text, _ in texts), *values]:
        assert not re.search(r"\{[{%]|[%}]\}|%\(|\bUndefined\b|\bNone\b(?! of)|\bnan\b|<", text), (
            f"{at}: {text!r}"
        )
    if page.language == "fa":
        english = [text for text, language in texts if language == "fa" and text in untranslated()]
        english += [
            text
            for text, language in texts
            if language == "fa" and {word.lower() for word in re.findall("[A-Za-z]{4,}", text)} - LATIN
        ]
        assert not english, f"{at}: not translated: {english}"


class Person:
    """Somebody with a browser: own cookies, own address, a preferred language."""

    def __init__(self, app: Flask, address: str, prefers: str = "en", typed: set[str] | None = None) -> None:
        self.app = app
        self.prefers = prefers
        self.address = address
        self.typed: set[str] = set() if typed is None else typed
        self.client = app.test_client()
        self.client.environ_base |= {"REMOTE_ADDR": address, "HTTP_ACCEPT_LANGUAGE": prefers}

    def open(self, path: str, status: int = 200) -> Page:
        """Go to an address, through its redirects."""
        return self.arrive(self.client.get(path, follow_redirects=True), status)

    def send(
        self,
        page: Page,
        values: Mapping[str, str | list[str]] | None = None,
        button: str = "",
        form: str = "",
        status: int = 200,
    ) -> Page:
        """Fill in a form of the page, press its button, and see where that leads."""
        sent = self.fill(page, values or {}, button, form)
        target = page.form(form).action or page.address
        return self.post(target, sent, status)

    def fill(
        self, page: Page, values: Mapping[str, str | list[str]], button: str = "", form: str = ""
    ) -> Sent:
        """What the browser would send."""
        chosen = page.form(form)
        for name, value in values.items():
            assert name in chosen.names(), f"the form has no field {name!r}, but {sorted(chosen.names())}"
            offered = chosen.choices(name)
            for item in [value] if isinstance(value, str) else value:
                assert offered is None or item in offered, f"{name} does not offer {item!r}"
        kept = [(name, value) for name, value in chosen.filled() if name not in values]
        filled = [
            (name, item)
            for name, value in values.items()
            for item in ([value] if isinstance(value, str) else value)
        ]
        return kept + filled + ([chosen.button(button)] if button else [])

    def post(self, path: str, sent: Sent, status: int = 200) -> Page:
        """Send what no form need hold, and see where that leads."""
        self.typed |= {value for name, value in sent if name != "csrf_token" and len(value) > 1}
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        return self.arrive(self.client.post(path, data=data, follow_redirects=True), status)

    def script(self, page: Page, values: Mapping[str, str], numbers: Iterable[int]) -> TestResponse:
        """Save some questions of a page as its script does while the person answers."""
        wanted = {"csrf_token"} | {f"{part}-{number}" for part in "anrs" for number in numbers}
        sent = [(name, value) for name, value in self.fill(page, values) if name in wanted]
        self.typed |= {value for _, value in sent if len(value) > 1}
        return self.client.post(page.path, data=dict(sent), headers={"Accept": "application/json"})

    def token(self) -> str:
        """A CSRF token that belongs to this person's cookie."""
        return str(self.open("/start").holds("csrf_token"))

    def elsewhere(self) -> "Person":
        """The same person at another device: no cookie, the same words."""
        return Person(self.app, self.address, self.prefers, self.typed)

    def arrive(self, response: TestResponse, status: int | None) -> Page:
        """Look at what came back; with what status does not matter if it is None."""
        for step in response.history:
            target = step.headers["Location"]
            assert re.match(r"/(?![/\\\s])", target), f"{step.request.path} redirects to {target}"
        page = Page(response, self.typed)
        assert status in (None, page.status), f"{page.path}: {page.status}\n{page.body[:600]!r}"
        return page

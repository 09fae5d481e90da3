"""An organisation with firms to work on, made in seconds: imported, not filled in by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import APIResponse, Browser, BrowserContext

from readiness.core.merge import digest
from readiness.storage.verified import NOTHING
from tests.browser.founder import MODEL, word_for
from tests.browser.member import printed_link

NAMES = {"done": "Alborz Sensors", "open": "Nanotech Pars", "other": "Karun Textiles"}
RATERS = ("Founder", "Head of sales", "Chief engineer")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Office:
    """Where things are, as paths; `state` signs a browser in."""

    state: Any
    firm: str
    """A firm of two finished rounds, three raters, a kept plan."""
    earlier: str
    latest: str
    items: tuple[str, ...]
    """Ids of what is in its plan."""
    open_firm: str
    open_round: str
    """Three raters, not finished."""
    batch: str = ""
    """Reports that are being made, or were."""


def post(context: BrowserContext, form_at: str, to: str = "", **sent: Any) -> APIResponse:
    """Send a form as its page would: with the token that stands there."""
    found = TOKEN.search(context.request.get(form_at).text())
    assert found, f"{form_at} has no form"
    response = context.request.post(to or form_at, multipart={"csrf_token": found[1]} | sent)
    assert response.ok, f"{response.status} {form_at} {response.text()[:2000]}"
    return response


def document(name: str, finished: str, shift: int, raters: tuple[str, ...] = RATERS) -> dict[str, Any]:
    """A round of a firm in the exchange format; raters differ here and there."""
    responses = []
    for place, rater in enumerate(raters):
        answers = {
            str(n): word_for(n + (shift + place if n % 5 == 2 else shift)) for n in MODEL.numbers if n % 23
        }
        responses.append({"rater": rater, "answers": answers, "notes": {"3": "https://alborz.ir/fair"}})
    facts = {"name": name, "sector": "manufacturing", "country": "Iran", "finished": finished}
    return {"model": MODEL.version, "firm": facts, "responses": responses}


def upload(context: BrowserContext, documents: list[dict[str, Any]]) -> APIResponse:
    """Put a file before the import; the page that looks it over."""
    content = json.dumps(documents, ensure_ascii=False).encode()
    file = {"name": "answers.json", "mimeType": "application/json", "buffer": content}
    return post(context, "/portfolio/import", file=file)


def sign_in(
    context: BrowserContext,
    instance: str,
    email: str,
    organisation: str,
    code: str,
    role: str = "administrator",
) -> None:
    """Open the printed link and press its button."""
    link = printed_link(instance, email, organisation, role, "en")
    post(context, link)
    context.request.get(f"/portfolio?lang={code}")


def found(context: BrowserContext, path: str, pattern: str) -> list[str]:
    """What a page says that looks like this, each once."""
    return list(dict.fromkeys(re.findall(pattern, context.request.get(path).text())))


def make(
    browser: Browser, server: str, instance: str, email: str, organisation: str, code: str, wide: str = ""
) -> Office:
    """An administrator at an office where there is something to do; `wide` makes all names longer."""
    context = browser.new_context(base_url=server, locale=code)
    sign_in(context, instance, email, organisation, code)
    names = {key: name + wide for key, name in NAMES.items()}
    raters = tuple(rater + wide[:40] for rater in RATERS)
    documents = [
        document(names["done"], "2026-03-02", 0, raters),
        document(names["done"], "2026-09-02", 1, raters),
        document(names["open"], "open", 2, raters),
        document(names["other"], "2026-05-02", 3, raters[:1]),
    ]
    page = upload(context, documents)
    post(context, page.url, way="skip")
    firms = {
        key: found(context, f"/portfolio?q={name[:40]}", r'href="(/portfolio/\w{16,})"')[0]
        for key, name in names.items()
    }
    latest, earlier = found(context, firms["done"], r'<li>.*?href="(/a/[^"/]+)[^"]*"')[:2]
    begun = found(context, firms["open"], r'<li>.*?href="(/a/[^"/]+)[^"]*"')[0]
    post(context, f"{latest}/plan", f"{latest}/plan/take", action="all")
    items = found(context, f"{latest}/plan", r'id="item-([^"]+)"')
    seen = digest(NOTHING.value())
    post(context, f"{latest}/verify", **{"answer-5": "M", "note-5": "", "seen-5": seen})
    state = context.storage_state()
    context.close()
    return Office(state, firms["done"], earlier, latest, tuple(items), firms["open"], begun)


def with_batch(browser: Browser, server: str, office: Office) -> Office:
    """The same with the report of one firm under way."""
    context = browser.new_context(base_url=server, storage_state=office.state)
    firm = office.firm.rpartition("/")[2]
    page = post(context, "/portfolio/reports", language="en", kind="final", firm=firm)
    path = page.url.removeprefix(server)
    context.close()
    return replace(office, batch=path)


def manager(browser: Browser, server: str, instance: str, email: str, organisation: str) -> Any:
    """What signs a browser in as somebody who may look only."""
    context = browser.new_context(base_url=server)
    sign_in(context, instance, email, organisation, "en", "manager")
    state = context.storage_state()
    context.close()
    return state


#: The organisation of the demonstration.
DEMONSTRATION = "Demonstration (invented firms)"


def demonstrate(instance: str) -> None:
    """Put in the programme of invented firms of `readiness demo`, unless it is there."""
    command = [sys.executable, "-m", "readiness.cli", "demo", "--instance", instance]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 or "already" in done.stderr, done.stderr


def cohort_named(browser: Browser, server: str, state: Any, name: str) -> str:
    """The path of the cohort with this in its name."""
    context = browser.new_context(base_url=server, storage_state=state)
    text = context.request.get("/programmes").text()
    context.close()
    found = re.search(rf'href="(/programmes/\w+)[^"]*"><bdi>{name}', text)
    assert found, text[:3000]
    return found[1]

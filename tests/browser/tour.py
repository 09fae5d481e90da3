"""Every page that only signed-in people and colleagues see, one after the other; whoever leads looks at each.

The way goes by addresses and selectors, never by words, so that it is the same in every language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.office import Office, document

#: An address nobody has, and a link that never was.
NOBODY, NOWHERE = "nobody@pardis.ir", "/a/0123456789abcdef0123456789abcdef"
Stops = Iterator[str]


def send(page: Page, button: str) -> None:
    """Press a button and wait for the page that comes."""
    with page.expect_navigation():
        page.locator(button).first.click()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def doors(page: Page, link: str) -> Stops:
    """From asking for a link to being in; for who is not signed in yet."""
    page.goto("/sign-in")
    yield "sign in"
    page.fill("#email", "no address")
    send(page, "main form .button")
    yield "sign in, refused"
    page.fill("#email", NOBODY)
    send(page, "main form .button")
    yield "asked"
    page.goto("/sign-in/open/0123456789")
    send(page, "main form .button")
    yield "a link that leads nowhere"
    page.goto(link)
    if page.locator("main form .button").count():
        yield "open link"
        send(page, "main form .button")
    yield "empty portfolio"
    for path in (
        "/portfolio?archived=yes",
        "/portfolio/reports",
        "/portfolio/export",
        "/organisation/tokens",
    ):
        page.goto(path)
        yield f"{path}, empty"


def portfolio(page: Page, office: Office) -> Stops:
    """The list and what is done with it as a whole."""
    for path in ("/account", "/portfolio", "/portfolio?q=zzz", "/portfolio?sector=manufacturing&sort=index"):
        page.goto(path)
        yield path
    page.goto("/portfolio?archived=yes")
    yield "archive"
    page.goto("/portfolio/new")
    page.fill("#founded", "soon")
    send(page, "main form .button")
    yield "new firm, with errors"
    page.goto("/portfolio/take-over")
    page.fill("#link", f"https://ready.example{NOWHERE}")
    send(page, "main form .button")
    yield "take over, refused"
    for path in ("/portfolio/export", "/portfolio/reports", office.batch):
        page.goto(path)
        yield path


def intake(page: Page) -> Stops:
    """Import: a good file, a bad one, none."""
    page.goto("/portfolio/import")
    yield "import"
    bad = document("Arvand Foods", "someday", 0)
    bad["responses"][0]["answers"]["99"] = "XX"
    for name, content in (
        ("bad.json", json.dumps([bad])),
        ("bad.csv", "firm,1,2\nArvand,H,ZZ\n,L,M\n"),
        (
            "good.json",
            json.dumps([document("Arvand Foods", "open", 1), document("Alborz Sensors", "open", 1)]),
        ),
    ):
        page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": content.encode()})
        send(page, "#upload .button")
        yield f"import of {name}"
    send(page, "#discard button")


def firm(page: Page, office: Office) -> Stops:
    """One firm in the portfolio."""
    page.goto(office.firm)
    yield "firm"
    page.goto(office.open_firm)
    send(page, "#link button[value=show]")
    yield "firm with a link shown"
    page.goto(f"{office.firm}/care")
    page.fill("#next_review", "soon")
    send(page, "main form .button")
    yield "care, refused"
    for path in ("delete", "trend"):
        page.goto(f"{office.firm}/{path}")
        yield path


def organisation(page: Page) -> Stops:
    """The pages of an administrator."""
    page.goto("/organisation/people")
    send(page, "form[id^=link-] button")
    yield "people, with a link shown"
    send(page, "form[action$=people] .button")
    yield "people, refused"
    for path in ("/organisation/audit", "/organisation/mail", "/organisation/settings"):
        page.goto(path)
        yield path
    page.fill("#colour", "#ffee00")
    send(page, "#settings .button")
    yield "settings, too light a colour"
    send(page, "#settings button[name=take]")
    yield "settings, saved"
    send(page, "#logo-form .button")
    yield "settings, no logo chosen"
    page.goto("/organisation/tokens")
    send(page, "#token .button")
    yield "tokens, refused"
    page.fill("#name", "Dashboard")
    page.locator("#token input[type=checkbox]").first.check()
    send(page, "#token .button")
    yield "tokens, with one just made"


def finished(page: Page, office: Office) -> Stops:
    """A finished round of several raters, with all that a consultant adds to it."""
    at = office.latest
    page.goto(f"{at}/comments")
    page.fill("#comment-networking", "Two partners abroad are enough.")
    send(page, "#comments .button")
    yield "comments"
    page.goto(f"{at}/verify")
    page.locator("#answer-1").select_option("VL")
    page.fill("[name=note-1]", "Seen in the books")
    page.fill("[name=note-2]", "A note alone")
    send(page, "#verify .button")
    yield "verified answers, refused"
    page.fill("[name=note-2]", "")
    send(page, "#verify .button")
    yield "verified answers"
    page.goto(f"{at}/reconcile/2")
    page.locator("[name=code][value=H]").check()
    page.fill("#note", "Agreed in May")
    page.fill("#minority", "Head of sales sees it otherwise")
    send(page, "#agree button[value=list]")
    yield "reconcile"
    for path in ("raters", "again", f"plan/items/{office.items[0]}", f"plan/items/{office.items[0]}/delete"):
        page.goto(f"{at}/{path}")
        yield path
    page.goto(f"{office.earlier}/again")
    yield "again, but there is a newer round"
    page.goto(f"{at}/plan")
    yield "plan"
    page.goto(f"{at}/profile")
    unfold(page)
    yield "profile"


def begun(page: Page, office: Office) -> Stops:
    """A round that is still being answered, by several."""
    at = office.open_round
    for path in ("questions/networking", "together/12", "check", "firm", "reconcile", "raters"):
        page.goto(f"{at}/{path}")
        unfold(page)
        yield path
    send(page, "#invite .button")
    yield "raters, refused"
    page.goto(f"{at}/raters")
    page.locator(".people a").first.click()
    yield "removing a rater"
    page.goto(f"{at}/reconcile/7")
    yield "one indicator"
    page.goto(f"{at}/type")
    page.fill("#t-23", "9")
    send(page, "#typein .button")
    yield "typing in, refused"


def looking(page: Page, office: Office) -> Stops:
    """What looks otherwise to a programme manager, who may change nothing."""
    for path in ("/portfolio", "/portfolio/reports", office.batch, office.firm, office.open_firm):
        page.goto(path)
        yield path
    for path in ("comments", "verify", "plan", "raters", "reconcile/2", "profile"):
        page.goto(f"{office.latest}/{path}")
        yield path
    for path in ("together/12", "check", "reconcile/7"):
        page.goto(f"{office.open_round}/{path}")
        yield path


def programme(page: Page, cohort: str) -> Stops:
    """A cohort of a programme, with all that is known of it."""
    page.goto("/programmes")
    yield "programmes"
    page.goto("/programmes/new")
    page.fill("#starts", "soon")
    send(page, "main form .button")
    yield "new cohort, refused"
    page.goto(cohort)
    unfold(page)
    yield "dashboard"
    page.goto(f"{cohort}?sector=software&path=born_global&size=250")
    yield "dashboard of hardly anybody"
    for path in (
        "firms",
        "firms?q=zzz",
        "firms/add",
        "comparison?with=rounds",
        "reliability",
        "partners",
        "data",
    ):
        page.goto(f"{cohort}/{path}")
        yield path
    page.goto(f"{cohort}/comparison")
    page.locator("#with").select_option(index=1)
    send(page, "#choose .button")
    yield "comparison with another cohort"
    page.goto(f"{cohort}/data/dictionary")
    yield "dictionary"
    page.goto(f"{cohort}/firms")
    page.goto(str(page.locator("a[href$='/remove']").first.get_attribute("href")))
    yield "taking a firm out"
    page.goto(f"{cohort}/invitations")
    page.fill("#people", "no address, Firm, Klingon")
    send(page, "#invite .button")
    yield "invitations, refused"
    page.goto(f"{cohort}/partners")
    page.goto(str(page.locator("a[href*='/introduce?']").first.get_attribute("href")))
    yield "introduction"
    page.goto(f"{cohort}/publication")
    yield "publication"
    page.goto(f"{cohort}/settings")
    page.fill("#name", " ")
    send(page, "#settings .button")
    yield "settings, refused"
    page.goto(f"{cohort}/delete")
    yield "deleting a cohort"


def joining(page: Page, link: str, name: str) -> Stops:
    """A firm joins a cohort, looks at what it agreed to, and leaves; for who is not signed in."""
    page.goto(link)
    page.fill("#name", name)
    send(page, "main form .button")
    yield "joining, refused"
    page.locator("#agree").check()
    send(page, "main form .button")
    at = "/".join(page.url.split("/")[:5])
    page.goto(f"{at}/programmes")
    unfold(page)
    yield "memberships"
    page.goto(str(page.locator("a[href$='/leave']").first.get_attribute("href")))
    yield "leaving"
    send(page, "main form .button")
    yield "no membership"


def invite(page: Page, office: Office, role: str) -> str:
    """The private link of a new colleague, from the page that shows it."""
    page.goto(f"{office.open_round}/raters")
    page.fill("#role", role)
    send(page, "#invite .button")
    return page.locator("#private-link").input_value()


def blind(page: Page, link: str) -> Stops:
    """What a colleague sees, who is not signed in."""
    page.goto(f"{link}/questions/networking")
    yield "blind questions"
    page.locator("[name=a-1][value=H]").check()
    send(page, "#answers button[value=check]")
    yield "blind check"
    send(page, "form[action$=done] .button")
    yield "thanks"

"""Who works for an organisation, and what they did."""

import re

import pytest
from flask import Flask

from readiness.paths import PACKAGE
from readiness.storage import users
from readiness.web.people import DEEDS
from tests.web.conftest import Visitor
from tests.web.members import add_firm, join, member, sign_in
from tests.web.pages import Page, Person


@pytest.fixture
def place(visitor: Visitor) -> str:
    """Name of an organisation of the test's own."""
    return f"Place{visitor().address.replace('.', '')}"


@pytest.fixture
def ada(visitor: Visitor, place: str) -> Person:
    """Its administrator."""
    return member(visitor(), "administrator", place, f"ada@{place.lower()}.org")


def add(ada: Person, name: str, email: str, role: str = "consultant") -> Page:
    return ada.send(ada.open("/organisation/people"), {"name": name, "email": email, "role": role})


def forms_of(page: Page, app: Flask, email: str) -> dict[str, str]:
    """The hidden field that names somebody on the page of people."""
    user = users.by_email(app.extensions["store"], email)
    assert user and user.id in page.html
    return {"user": user.id, "csrf_token": token(page)}


def token(page: Page) -> str:
    return next(item.value for form in page.read.forms for item in form.controls if item.name == "csrf_token")


def test_somebody_is_added_gets_a_link_and_signs_in(ada: Person, app: Flask, visitor: Visitor) -> None:
    page = add(ada, "Bob", "bob@place.org")
    assert "bob@place.org can sign in now" in page.text

    shown = ada.post("/organisation/people/link", list(forms_of(page, app, "bob@place.org").items()))
    link = next(item.value for item in shown.read.controls() if item.id == "sign-in-link")
    bob = visitor()
    bob.typed |= ada.typed
    sign_in(bob, link.removeprefix("http://localhost"))

    assert bob.open("/portfolio").status == 200
    bob.open("/organisation/people", status=403)


def test_a_changed_role_and_a_removal_take_effect_at_once(
    ada: Person, app: Flask, visitor: Visitor, place: str
) -> None:
    email = f"carl@{place.lower()}.org"
    carl = member(visitor(), "consultant", place, email)
    page = ada.open("/organisation/people")
    ada.typed |= carl.typed
    ada.post(
        "/organisation/people/role",
        [*forms_of(ada.open("/organisation/people"), app, email).items(), ("role", "manager")],
    )
    assert carl.open("/portfolio").path == "/sign-in"

    sign_in(carl, join(app, email, "manager", place))
    ada.post("/organisation/people/role", [*forms_of(page, app, email).items(), ("role", "none")])
    assert carl.open("/portfolio").path == "/sign-in"
    assert email not in ada.open("/organisation/people").text


def test_the_last_administrator_cannot_be_removed(ada: Person, app: Flask, place: str) -> None:
    sent = forms_of(ada.open("/organisation/people"), app, f"ada@{place.lower()}.org")
    for role in ("none", "consultant"):
        page = ada.post("/organisation/people/role", [*sent.items(), ("role", role)], status=409)
        assert "nobody could administer" in page.text


def test_nobody_of_another_organisation_can_be_changed_or_given_a_link(
    ada: Person, app: Flask, visitor: Visitor
) -> None:
    member(visitor(), "administrator", "Elsewhere", "eve@elsewhere.org")
    eve = users.by_email(app.extensions["store"], "eve@elsewhere.org")
    assert eve
    known = token(ada.open("/organisation/people"))
    for path, more in (("role", [("role", "none")]), ("link", [])):
        for user in (eve.id, "0" * 24, ""):
            sent = [("csrf_token", known), ("user", user), *more]
            ada.post(f"/organisation/people/{path}", sent, status=404)

    assert users.memberships(app.extensions["store"], eve.id)


def test_an_administrator_cannot_make_a_link_into_another_organisation(
    ada: Person, app: Flask, place: str
) -> None:
    join(app, "two@places.org", "administrator", "Elsewhere")
    join(app, "two@places.org", "consultant", place)
    page = ada.open("/organisation/people")
    sent = forms_of(page, app, "two@places.org")

    assert f"link-{sent['user']}" not in {form.id for form in page.read.forms}
    ada.post("/organisation/people/link", list(sent.items()), status=403)


def test_a_role_that_does_not_exist_is_refused(ada: Person, app: Flask, place: str) -> None:
    sent = forms_of(ada.open("/organisation/people"), app, f"ada@{place.lower()}.org")

    ada.post("/organisation/people/role", [*sent.items(), ("role", "owner")], status=400)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_list_says_who_did_what(ada: Person, language: str) -> None:
    ada.open(f"/portfolio?lang={language}")
    firm = add_firm(ada, "Listed firm")
    ada.send(ada.open(firm), button="show", form="link")
    ada.send(ada.open(firm), form="archive")
    ada.send(ada.open(f"{firm}/delete"))

    text = ada.open("/organisation/audit").text

    deeds = {
        "en": ("Firm added", "Private link made", "Firm archived", "Firm deleted for good"),
        "fa": ("شرکت افزوده شد", "پیوند خصوصی ساخته شد", "شرکت بایگانی شد", "شرکت برای همیشه پاک شد"),
    }[language]
    places = [text.index(deed) for deed in deeds]
    assert all(place > 0 for place in places) and text.count("Listed firm") == 4


def test_the_list_of_deeds_is_the_organisations_own(ada: Person, visitor: Visitor) -> None:
    other = member(visitor(), "administrator", "Elsewhere", "eve@elsewhere.org")
    add_firm(other, "Their firm")

    assert "Their firm" not in ada.open("/organisation/audit").text
    for odd in ("page=0", "page=2", "page=x", "page=99999"):
        ada.open(f"/organisation/audit?{odd}")


def test_the_page_that_shows_a_link_goes_on_like_any_other(ada: Person, app: Flask, place: str) -> None:
    people = add(ada, "Bob", f"bob@{place.lower()}.org")
    who = forms_of(people, app, f"bob@{place.lower()}.org")["user"]
    shown = ada.send(people, form=f"link-{who}")

    assert "/organisation/people?lang=fa" in shown.links()
    added = ada.send(shown, {"name": "Eve", "email": f"eve@{place.lower()}.org", "role": "manager"})
    assert added.path == "/organisation/people" and "eve@" in added.html
    assert ada.open("/organisation/people?lang=fa").language == "fa"


@pytest.mark.parametrize("late", ["administrator", "none"])
def test_a_role_that_was_changed_meanwhile_is_not_changed_unseen(
    ada: Person, app: Flask, place: str, late: str
) -> None:
    email = f"dora@{place.lower()}.org"
    stale = add(ada, "Dora", email)
    form = f"role-{forms_of(stale, app, email)['user']}"
    ada.send(stale, {"role": "manager"}, form=form)

    shown = ada.send(stale, {"role": late}, form=form, status=409)
    assert "changed meanwhile" in shown.text
    assert ("role", "manager") in shown.form(form).filled()
    ada.send(shown, {"role": late}, form=form)
    user = users.by_email(app.extensions["store"], email)
    found = users.memberships(app.extensions["store"], user.id) if user else []
    assert [one.role for one in found] == ([] if late == "none" else [late])


def test_everything_that_is_noted_has_words(app: Flask) -> None:
    kinds = "|".join(sorted({deed.partition(".")[0] for deed in DEEDS}))
    noted: set[str] = set()
    for path in (*(PACKAGE / "storage").rglob("*.py"), *(PACKAGE / "web").rglob("*.py")):
        if path.name != "people.py":
            noted |= set(re.findall(rf'"((?:{kinds})\.[a-z_]+)"', path.read_text(encoding="utf-8")))

    assert noted - set(app.view_functions) <= set(DEEDS)
    assert len(noted) > 30

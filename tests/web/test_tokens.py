"""The page where an administrator makes tokens for programs."""

import re

import pytest
from flask import Flask

from readiness.storage import audit, organisations, tokens
from tests.web.conftest import Visitor
from tests.web.hostile import TEXTS
from tests.web.members import member
from tests.web.pages import Page, Person
from tests.web.programs import API, Program
from tests.web.tools import everything

PATH = "/organisation/tokens"
MADE = {"name": "Registry", "scopes": ["firms:read", "results:read"], "lifetime": "30"}


@pytest.fixture
def ada(visitor: Visitor) -> Person:
    return member(visitor(), "administrator", "Tokens")


def key_of(page: Page) -> str:
    return next(item.value for item in page.read.controls() if item.id == "new-token")


def kept(app: Flask, organisation: str = "Tokens") -> list[tokens.Token]:
    store = app.extensions["store"]
    return tokens.listing(store, organisations.named(store, organisation)[0].id)


def deeds(app: Flask) -> list[tuple[str, str, str]]:
    store = app.extensions["store"]
    place = organisations.named(store, "Tokens")[0].id
    return [(item.who, item.deed, item.about) for item in audit.listing(store, place, 0, 99)]


def make(person: Person, **values: object) -> Page:
    return person.send(person.open(PATH), MADE | values, form="token")  # type: ignore[arg-type]


def use(app: Flask, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return app.test_client().get(f"{API}/firms", headers=headers).status_code


def test_a_token_is_shown_once_and_kept_as_a_hash(app: Flask, ada: Person) -> None:
    page = make(ada, name="Shown once")

    key = key_of(page)
    assert re.fullmatch(r"rdy_[\w-]{32}", key)
    again = ada.open(PATH)
    assert "Shown once" in again.text and key not in again.html
    assert key not in "".join(everything(app))
    assert use(app, key) == 200


def test_a_token_may_do_what_was_ticked_for_as_long_as_was_chosen(app: Flask, ada: Person) -> None:
    make(ada, name="A month")
    made = next(item for item in kept(app) if item.name == "A month")

    assert made.scopes == ("firms:read", "results:read") and made.made_by == "Administrator"
    days = {"30": "30", "90": "90", "365": "365"}
    assert set(ada.open(PATH).form("token").choices("lifetime") or ()) == set(days)
    assert not made.expired and made.used_at is None


def test_the_list_tells_of_the_last_use(app: Flask, ada: Person) -> None:
    key = key_of(make(ada, name="Used"))
    assert "never yet" in ada.open(PATH).text

    use(app, key)

    assert next(item for item in kept(app) if item.name == "Used").used_at is not None


def test_a_revoked_token_opens_nothing_from_then_on(app: Flask, ada: Person) -> None:
    key = key_of(make(ada, name="Leaked"))
    made = next(item for item in kept(app) if item.name == "Leaked")

    page = ada.post(f"{PATH}/remove", [("csrf_token", ada.token()), ("token", made.id)])

    assert page.path == PATH and "opens nothing any more" in page.text
    assert use(app, key) == 401
    assert ("Administrator", "token.add", "Leaked") in deeds(app)
    assert ("Administrator", "token.remove", "Leaked") in deeds(app)
    words = ada.open("/organisation/audit").text
    assert "Token for a program made" in words and "Token for a program revoked" in words


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": " "}, "Please say what it is for."),
        ({"name": "x" * 81}, "At most 80 characters"),
        ({"scopes": []}, "Please choose at least one."),
    ],
)
def test_a_token_needs_a_name_and_a_purpose(
    app: Flask, ada: Person, values: dict[str, object], problem: str
) -> None:
    before = len(kept(app))

    page = ada.send(ada.open(PATH), MADE | values, form="token", status=400)  # type: ignore[arg-type]

    assert problem in page.text
    assert page.holds("name") == (MADE | values)["name"] and page.holds("scopes") == (MADE | values)["scopes"]
    assert len(kept(app)) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scopes", "everything"),
        ("scopes", "firms:read results:read"),
        ("lifetime", "36500"),
        ("lifetime", "-1"),
    ],
)
def test_no_scope_and_no_lifetime_is_had_that_is_not_offered(
    app: Flask, ada: Person, name: str, value: str
) -> None:
    before = len(kept(app))
    sent = [("csrf_token", ada.token()), ("name", "X"), ("scopes", "firms:read"), ("lifetime", "30")]
    others = [(key, item) for key, item in sent if key != name]

    ada.post(PATH, [*others, (name, value)], status=400)

    assert len(kept(app)) == before


def test_what_no_form_asks_for_changes_nothing(app: Flask, ada: Person, visitor: Visitor) -> None:
    member(visitor(), "administrator", "Token thieves")
    place = organisations.named(app.extensions["store"], "Token thieves")[0].id
    sent = [("csrf_token", ada.token()), *((key, value) for key, value in MADE.items() if key != "scopes")]
    sent += [("scopes", "firms:read"), ("organisation_id", place), ("made_by", "Eve"), ("id", "x")]

    ada.post(PATH, [*sent, ("expires_at", "2999-01-01T00:00:00Z"), ("key", "rdy_mine")])  # type: ignore[list-item]

    assert kept(app, "Token thieves") == [] and use(app, "rdy_mine") == 401
    assert all(item.made_by == "Administrator" and item.expires_at < "2100" for item in kept(app))


def test_nobody_revokes_a_token_of_another_organisation(app: Flask, ada: Person) -> None:
    theirs = Program(app, "Token neighbours")
    answers = [
        ada.post(f"{PATH}/remove", [("csrf_token", ada.token()), ("token", which)], status=404)
        for which in (theirs.token.id, "0" * 24)
    ]

    assert answers[0].text == answers[1].text
    assert theirs.get(f"{API}/firms").status_code == 200


@pytest.mark.parametrize("role", ["consultant", "manager"])
def test_only_administrators_see_the_page(visitor: Visitor, role: str) -> None:
    member(visitor(), role, "Tokens").open(PATH, status=403)


def test_any_name_is_only_text(app: Flask, visitor: Visitor) -> None:
    person = member(visitor(), "administrator", "Hostile tokens")
    for text in TEXTS:
        name = text[:80].strip()
        person.typed |= {name, f"API: {name}"}

        page = make(person, name=name)

        assert name in [item.name for item in kept(app, "Hostile tokens")]
        headers = {"Authorization": f"Bearer {key_of(page)}"}
        added = app.test_client().post(f"{API}/firms", headers=headers, json={"name": "Any"})
        assert added.status_code == 403
    person.open(PATH)
    person.open("/organisation/audit")


def test_the_page_is_there_in_persian(visitor: Visitor) -> None:
    person = member(visitor("fa"), "administrator", "توکن‌ها", "fa@tokens.org")
    page = person.send(person.open(f"{PATH}?lang=fa"), MADE | {"name": "سامانه"}, form="token")

    assert page.language == "fa" and key_of(page).startswith("rdy_")

"""Who may do what: every route for every kind of caller with every method, from the URL map."""

import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from readiness.web import access, create_app
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.pages import Person
from tests.web.tools import address, database, everything

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND")
READ = {"GET", "HEAD", "OPTIONS"}
WRITE = {"POST", "OPTIONS"}

#: What each route is meant to be: for anybody or for the link's holder, and how it is called.
#: A new route fails here until somebody says who may call it.
ANYBODY = {
    "static": READ,
    "pages.landing": READ,
    "pages.sample": READ,
    "pages.sample_pdf": READ,
    "pages.method": READ,
    "pages.health": READ,
    "firm.start": READ | WRITE,
    "profile.deleted": READ,
    "paper.pdf": READ,
}
HOLDER = {
    "firm.edit": READ | WRITE,
    "questionnaire.resume": READ,
    "questionnaire.component": READ,
    "questionnaire.save": WRITE,
    "questionnaire.check": READ,
    "questionnaire.finish": WRITE,
    "questionnaire.reopen": WRITE,
    "profile.show": READ,
    "profile.confirm_delete": READ,
    "profile.delete": WRITE,
    "downloads.pdf": READ,
    "downloads.answers": READ,
    "downloads.scores": READ,
    "typein.page": READ,
    "typein.save": WRITE,
}


def call(person: Person, method: str, path: str, token: str) -> TestResponse:
    """A request as its sender would have liked it: with a valid token of its own."""
    data = {"csrf_token": token} if method in ("POST", "PUT", "PATCH", "DELETE") else None
    with person.client.open(path, method=method, data=data, buffered=True) as answer:
        return answer


def allowed(app: Flask, path: str) -> set[str]:
    """The methods that some route has for this path; several routes may share it."""
    with app.test_request_context("/"):
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    return set(adapter.allowed_methods(path)) if adapter else set()


def test_every_route_declares_a_rule_and_this_file_knows_it(app: Flask) -> None:
    declared = {rule.endpoint: access.rule_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}

    meant = dict.fromkeys(ANYBODY, access.PUBLIC) | dict.fromkeys(HOLDER, access.HOLDER)
    assert declared == meant
    for rule in app.url_map.iter_rules():
        assert ("key" in rule.arguments) == (rule.endpoint in HOLDER), rule


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_a_route_added_without_a_rule_answers_nobody(
    make_app: Callable[..., Flask], visitor: Visitor, method: str
) -> None:
    app = make_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret", methods=["GET", "POST", "DELETE"])
    anybody = visitor(of=app)
    token = anybody.token()

    answer = call(anybody, method, "/forgotten", token)

    assert answer.status_code == 403 and b"secret" not in answer.data


def expected(app: Flask, rule: Rule, method: str, actor: str, path: str) -> set[int]:
    """The statuses that a caller may get."""
    there = allowed(app, path)
    if not there:
        return {404}
    if method not in there | {"OPTIONS"}:
        return {405}
    if rule.endpoint not in HOLDER or actor == "holder":
        return {200} if method == "OPTIONS" else {200, 302, 303, 400}
    return {404}


class Scene:
    """One assessment with its holder, and everybody who should not get at it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.holder, self.other, self.nobody = (Person(app, f"10.0.0.{at}") for at in range(3))
        self.key = ""
        self.other_key = founders.key(founders.start(self.other, "Other firm"))
        founders.finish(self.other, f"/a/{self.other_key}")
        self.deleted = founders.key(founders.start(self.other, "Deleted firm"))
        self.other.send(self.other.open(f"/a/{self.deleted}/delete"))
        self.tokens = {id(one): one.token() for one in (self.holder, self.other, self.nobody)}

    def new(self) -> str:
        """An assessment of the holder with one page answered."""
        link = founders.start(self.holder, "Target firm")
        founders.answer(self.holder, self.holder.open(link))
        return founders.key(link)

    def actors(self) -> dict[str, tuple[Person, str]]:
        return {
            "anonymous": (self.nobody, ""),
            "other holder": (self.other, secrets.token_urlsafe(24)),
            "unknown key": (self.nobody, secrets.token_urlsafe(24)),
            "deleted key": (self.other, self.deleted),
            "holder": (self.holder, self.key),
        }

    def call(self, person: Person, method: str, path: str) -> TestResponse:
        return call(person, method, path, self.tokens[id(person)])


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    app = create_app(tmp_path_factory.mktemp("access"), STARTS_PER_HOUR=1000)
    yield Scene(app)
    app.extensions["printer"].close()


@pytest.fixture
def scene(stage: Scene) -> Scene:
    """The scene with a target that nobody has touched."""
    stage.key = stage.new()
    return stage


def test_every_caller_gets_on_every_route_with_every_method_what_is_due(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, cells = [], 0
    rules = sorted(scene.app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
    for actor in scene.actors():
        before = everything(scene.app)
        for rule in rules:
            for method in METHODS:
                person, key = scene.actors()[actor]
                path = address(scene.app, rule, key)
                if actor == "holder" and rule.endpoint == "downloads.pdf":
                    continue  # the journey makes real ones
                got, due = scene.call(person, method, path), expected(scene.app, rule, method, actor, path)
                cells += 1
                if actor == "holder" and rule.endpoint in HOLDER and method == "POST":
                    scene.key = scene.new()
                if got.status_code not in due:
                    wrong.append(f"{actor} {method} {rule.endpoint}: {got.status_code}, not {due}")
                if got.status_code == 405 and not got.allow:
                    wrong.append(f"{actor} {method} {rule.endpoint}: does not say what is allowed")
                if rule.endpoint in HOLDER and actor != "holder" and b"Target firm" in got.data:
                    wrong.append(f"{actor} {method} {rule.endpoint}: shows the target")
        if actor != "holder":
            assert everything(scene.app) == before, f"{actor} changed something"
    with capsys.disabled():
        print(f"\naccess matrix: {len(rules)} routes, {cells} cells")
    assert not wrong, "\n".join(wrong)
    assert cells > 800


def near(scene: Scene) -> dict[str, str]:
    """Keys that resemble the right one, and what a database would give away."""
    key = scene.key
    with sqlite3.connect(database(scene.app)) as connection:
        row = connection.execute(
            "SELECT a.id, a.firm_id, a.key_hash, r.id FROM assessments a"
            " JOIN responses r ON r.assessment_id = a.id WHERE a.key_hash = ?",
            (hashlib.sha256(key.encode()).hexdigest(),),
        ).fetchone()
    return {
        "id of the assessment": row[0],
        "id of the firm": row[1],
        "hash of the key": row[2],
        "id of the response": row[3],
        "cut short": key[:-1],
        "longer": f"{key}A",
        "in other case": key.swapcase(),
        "with a blank": f"{key}%20",
        "with a NUL": f"{key}%00",
        "with a wildcard": "%25",
        "with SQL": "'%20OR%20'1'='1",
        "deleted": scene.deleted,
    }


def likeness(answer: TestResponse) -> tuple[object, ...]:
    headers = sorted((n, v) for n, v in answer.headers if n not in ("Date", "Set-Cookie"))
    return answer.status_code, headers, answer.data, [n for n, _ in answer.headers if n == "Set-Cookie"]


def test_no_other_key_can_be_told_from_an_unknown_one(scene: Scene) -> None:
    keys = near(scene)
    before = everything(scene.app)
    for rule in scene.app.url_map.iter_rules():
        if rule.endpoint not in HOLDER:
            continue
        for method in ("GET", "OPTIONS", "POST"):
            unknown = address(scene.app, rule, secrets.token_urlsafe(24))
            due = likeness(scene.call(scene.other, method, unknown))
            for what, key in keys.items():
                path = unknown.replace(unknown.split("/")[2], key)
                assert likeness(scene.call(scene.other, method, path)) == due, (what, method, rule.endpoint)

    assert everything(scene.app) == before


def test_a_holder_reaches_the_own_firm_only(scene: Scene) -> None:
    own = scene.other.open(f"/a/{scene.other_key}/answers.json")

    assert b"Other firm" in own.body and b"Target firm" not in own.body


def test_a_private_link_works_on_a_device_without_cookies(scene: Scene) -> None:
    elsewhere = scene.holder.elsewhere()

    page = founders.answer(elsewhere, elsewhere.open(f"/a/{scene.key}"))

    assert page.path.startswith(f"/a/{scene.key}/questions/")


def test_the_key_is_kept_nowhere(scene: Scene) -> None:
    assert scene.key not in "".join(everything(scene.app))
    assert len(scene.key) >= 32, "192 bits"


def test_keys_do_not_repeat(founder: Person) -> None:
    assert len({founders.start(founder) for _ in range(10)}) == 10

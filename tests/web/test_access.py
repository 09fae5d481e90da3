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
from tests.web.cohorts import add_cohort, cohort_id
from tests.web.conftest import Visitor
from tests.web.members import add_firm, join, member, sign_in
from tests.web.pages import Person
from tests.web.tools import NO_ID, address, database, everything

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND")
READ = {"GET", "HEAD", "OPTIONS"}
WRITE = {"POST", "OPTIONS"}

#: What each route is meant to be, and how it is called.
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
    "signin.ask": READ | WRITE,
    "signin.asked": READ,
    "signin.opened": READ,
    "signin.redeem": WRITE,
    "signin.sign_out": WRITE,
    "api.description": READ,
    "paper.pdf": READ,
    "joining.page": READ | WRITE,
    "joining.invited": READ | WRITE,
    "releases.show": READ,
    "releases.csv": READ,
    "releases.data": READ,
    "releases.pdf": READ,
}
HOLDER = {
    "firm.edit": READ | WRITE,
    "firm.let_go": WRITE,
    "questionnaire.finish": WRITE,
    "questionnaire.reopen": WRITE,
    "profile.show": READ,
    "profile.confirm_delete": READ,
    "profile.delete": WRITE,
    "downloads.pdf": READ,
    "downloads.docx": READ,
    "downloads.answers": READ,
    "downloads.scores": READ,
    "change.again": READ | WRITE,
    "together.begin": READ,
    "together.ask": READ,
    "together.answer": WRITE,
    "actionplan.index": READ,
    "actionplan.take": WRITE,
    "actionplan.new": READ | WRITE,
    "actionplan.edit": READ | WRITE,
    "actionplan.set_status": WRITE,
    "actionplan.delete": READ | WRITE,
    "planfiles.csv": READ,
    "planfiles.xlsx": READ,
    "planfiles.ics": READ,
    "raters.index": READ | WRITE,
    "raters.further_link": WRITE,
    "raters.remove": READ | WRITE,
    "reconcile.index": READ,
    "reconcile.indicator": READ | WRITE,
    "typein.page": READ,
    "typein.save": WRITE,
    "joining.memberships": READ,
    "joining.set_partner": WRITE,
    "joining.leave": READ | WRITE,
}
#: As HOLDER, and for a colleague's link too.
RATER = {
    "questionnaire.resume": READ,
    "questionnaire.component": READ,
    "questionnaire.save": WRITE,
    "questionnaire.check": READ,
    "raters.declare": WRITE,
    "raters.thanks": READ,
}
#: Who looks after the firm, and nobody by a private link; only consultants and administrators may send.
ADVISER = {
    "comments.edit": READ,
    "comments.save": WRITE,
    "verify.edit": READ,
    "verify.save": WRITE,
}
#: Anybody who is signed in.
MEMBER = {
    "signin.account": READ,
    "signin.end_others": WRITE,
    "signin.change_organisation": WRITE,
    "portfolio.index": READ,
    "portfolio.firm": READ,
    "change.trend": READ,
    "exports.page": READ,
    "exports.file": READ,
    "settings.logo": READ,
    "batches.show": READ,
    "batches.download": READ,
}
#: Who is signed in may look; only consultants and administrators may send.
CONSULTANT = {
    "portfolio.new": READ | WRITE,
    "portfolio.take_over": READ | WRITE,
    "portfolio.send_link": WRITE,
    "portfolio.care": READ | WRITE,
    "portfolio.archive": WRITE,
    "portfolio.confirm_delete": READ,
    "portfolio.delete": WRITE,
    "imports.upload": READ | WRITE,
    "imports.template": READ,
    "imports.preview": READ,
    "imports.confirm": WRITE,
    "imports.discard": WRITE,
    "batches.index": READ | WRITE,
    "batches.go_on": WRITE,
    "batches.remove": WRITE,
}
#: Who runs programmes, a consultant not.
MANAGER = {
    "cohorts.index": READ,
    "cohorts.new": READ | WRITE,
    "cohorts.edit": READ | WRITE,
    "cohorts.set_joining": WRITE,
    "cohorts.delete": READ | WRITE,
    "members.index": READ,
    "members.add": READ | WRITE,
    "members.remove": READ | WRITE,
    "invitations.index": READ,
    "invitations.invite": WRITE,
    "invitations.remind": WRITE,
    "invitations.remove": WRITE,
    "invitations.template": READ,
    "partners.index": READ,
    "partners.confirm": READ,
    "partners.introduce": WRITE,
    "cohortreport.pdf": READ,
    "releases.index": READ,
    "releases.publish": WRITE,
    "releases.withdraw": WRITE,
    "dashboard.show": READ,
    "comparison.page": READ,
    "reliability.page": READ,
    "cohortdata.page": READ,
    "cohortdata.file": READ,
    "cohortdata.dictionary": READ,
    "cohortdata.dictionary_file": READ,
}
ADMINISTRATOR = {
    "people.index": READ | WRITE,
    "people.change_role": WRITE,
    "people.make_link": WRITE,
    "people.audited": READ,
    "people.posted": READ,
    "settings.index": READ | WRITE,
    "settings.set_logo": WRITE,
    "tokens.index": READ | WRITE,
    "tokens.remove": WRITE,
}
#: Programs with a token of the organisation, and nobody here: tests/web/test_api_access.py.
TOKEN = {
    "api.list_firms": READ,
    "api.add_firm": WRITE,
    "api.show_firm": READ,
    "api.change_firm": {"PATCH", "OPTIONS"},
    "api.delete_firm": {"DELETE", "OPTIONS"},
    "api.list_assessments": READ,
    "api.add_assessment": WRITE,
    "api.show_assessment": READ,
    "api.show_answers": READ,
    "api.show_scores": READ,
}
MEANT = {
    access.PUBLIC: ANYBODY,
    access.HOLDER: HOLDER,
    access.RATER: RATER,
    access.ADVISER: ADVISER,
    access.MEMBER: MEMBER,
    access.CONSULTANT: CONSULTANT,
    access.MANAGER: MANAGER,
    access.ADMINISTRATOR: ADMINISTRATOR,
    access.TOKEN: TOKEN,
}
BY_KEY = HOLDER | RATER | ADVISER
#: What a form names inside of it is looked for too, and is not there when nothing is named.
NAMES_SOMETHING = {
    *("people.change_role", "people.make_link", "signin.change_organisation", "settings.logo"),
    *("actionplan.edit", "actionplan.set_status", "actionplan.delete"),
    *("raters.further_link", "raters.remove", "tokens.remove"),
    *("imports.preview", "imports.confirm", "imports.discard", "imports.template"),
    *("joining.page", "joining.invited", "joining.set_partner", "joining.leave"),
    *("members.remove", "invitations.remove", "partners.confirm", "partners.introduce"),
    *("releases.withdraw", "releases.show", "releases.csv", "releases.data", "releases.pdf"),
    *("batches.show", "batches.download", "batches.go_on", "batches.remove"),
}
#: Not for who holds no private link: nothing of the portfolio ends its own care.
BY_LINK_ONLY = {"firm.let_go"}
#: Pages that lead to a change, and are there for nobody who may not make it.
LEADS_TO_A_CHANGE = {"portfolio.confirm_delete", "portfolio.delete"}
LEADS_TO_A_CHANGE |= {"actionplan.new", "actionplan.edit", "actionplan.delete", "change.again"}
LEADS_TO_A_CHANGE |= {
    "imports.upload",
    "imports.preview",
    "imports.confirm",
    "imports.discard",
    "joining.leave",
}
#: 409: there is no mail here to send a reminder by.
DONE = {200, 302, 303, 400, 409}


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

    assert declared == {endpoint: rule for rule, endpoints in MEANT.items() for endpoint in endpoints}
    for rule in app.url_map.iter_rules():
        assert ("key" in rule.arguments) == (rule.endpoint in BY_KEY), rule
        if "firm_id" in rule.arguments:
            assert rule.endpoint in MEMBER | CONSULTANT | ADMINISTRATOR | TOKEN, rule
        assert ("cohort_id" in rule.arguments) <= (rule.endpoint in MANAGER), rule


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


class Actor:
    """Somebody who calls, and how: with a private link, or by the ids of a portfolio."""

    def __init__(self, person: Person, role: str = "", ours: bool = False) -> None:
        self.person, self.role, self.ours = person, role, ours
        """The role in an organisation, and whether it is the one that looks after the target."""
        self.token = person.token()


class Scene:
    """A firm of an organisation with its holder, its colleagues, and everybody who should not get at it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.people = (Person(app, f"10.0.0.{at}") for at in range(100))
        self.owner = self._member("administrator", "Hub", "owner@hub.org")
        self.other = next(self.people)
        self.other_key = founders.key(founders.start(self.other, "Other firm"))
        founders.finish(self.other, f"/a/{self.other_key}")
        self.deleted = founders.key(founders.start(self.other, "Deleted firm"))
        self.other.send(self.other.open(f"/a/{self.deleted}/delete"))
        self.holder, self.nobody = Actor(next(self.people)), Actor(next(self.people))
        self.members = {
            f"{role} of {place}": Actor(self._member(role, place), role, place == "Hub")
            for role in ("consultant", "manager", "administrator")
            for place in ("Hub", "Elsewhere")
        }
        self.colleague = Actor(next(self.people))
        self.key = self.colleague_key = self.firm_id = self.assessment_id = self.cohort_id = ""

    def _member(self, role: str, place: str, email: str = "") -> Person:
        return member(next(self.people), role, place, email)

    def again(self, actor: Actor) -> None:
        """Sign somebody in anew whose session may have ended."""
        place = "Hub" if actor.ours else "Elsewhere"
        if actor.role:
            sign_in(actor.person, join(self.app, f"{actor.role}@{place.lower()}.org", actor.role, place))
            actor.token = actor.person.token()

    def new(self) -> None:
        """A firm of the organisation with one page answered, and a private link to it."""
        page = add_firm(self.owner, "Target firm")
        shown = self.owner.send(self.owner.open(page), button="show", form="link")
        self.firm_id = founders.key(page)
        self.key = founders.key(shown.private_link)
        founders.answer(self.holder.person, self.holder.person.open(f"/a/{self.key}"))
        with sqlite3.connect(database(self.app)) as connection:
            sql = "SELECT id FROM assessments WHERE firm_id = ?"
            (self.assessment_id,) = connection.execute(sql, (self.firm_id,)).fetchone()

        shown = self.holder.person.open(f"/a/{self.key}/raters")
        asked = self.holder.person.send(shown, {"role": "CFO"})
        self.colleague_key = founders.key(asked.private_link)
        self.cohort_id = cohort_id(add_cohort(self.owner, "Target cohort"))

    def ids(self) -> dict[str, str]:
        """The target, for addresses."""
        return {"firm_id": self.firm_id, "cohort_id": self.cohort_id}

    def cells(self) -> dict[str, tuple[Actor, str]]:
        """Every caller with what stands where a route wants a key."""
        unknown = secrets.token_urlsafe(24)
        by_link = {
            "anonymous": (self.nobody, ""),
            "anonymous with the id": (self.nobody, self.assessment_id),
            "unknown key": (self.nobody, unknown),
            "deleted key": (self.nobody, self.deleted),
            "holder": (self.holder, self.key),
            "colleague": (self.colleague, self.colleague_key),
        }
        return by_link | {name: (actor, self.assessment_id) for name, actor in self.members.items()}

    def call(self, actor: Actor, method: str, path: str) -> TestResponse:
        return call(actor.person, method, path, actor.token)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    app = create_app(tmp_path_factory.mktemp("access"), STARTS_PER_HOUR=10_000)
    yield Scene(app)
    app.extensions["printer"].close()


@pytest.fixture
def scene(stage: Scene) -> Scene:
    """The scene with a target that nobody has touched."""
    stage.new()
    return stage


def expected(app: Flask, rule: Rule, method: str, cell: str, actor: Actor, path: str) -> set[int]:
    """The statuses that a caller may get."""
    there = allowed(app, path)
    if not there:
        return {404}
    if method not in there | {"OPTIONS"}:
        return {405}
    due = _due(rule, method, cell, actor)
    if method == "OPTIONS" and due == DONE:
        return {200}
    return due | {404} if rule.endpoint in NAMES_SOMETHING and due == DONE else due


def _due(rule: Rule, method: str, cell: str, actor: Actor) -> set[int]:
    endpoint, sends = rule.endpoint, method == "POST"
    if endpoint in ANYBODY:
        return DONE
    if endpoint in TOKEN:
        return {401}
    if endpoint in BY_KEY:
        if cell == "colleague":
            return DONE if endpoint in RATER else {404}
        if cell == "holder":
            return {404} if endpoint in ADVISER else DONE
        if not actor.ours:
            return {404}
        if actor.role == "manager" and (sends or endpoint in LEADS_TO_A_CHANGE):
            return {403} if method != "OPTIONS" else {200}
        return {404} if endpoint in BY_LINK_ONLY and method != "OPTIONS" else DONE
    if not actor.role:
        return {302}
    if endpoint in ADMINISTRATOR and actor.role != "administrator":
        return {403}
    if endpoint in MANAGER and actor.role == "consultant":
        return {403}
    if rule.arguments & {"firm_id", "cohort_id"} and not actor.ours:
        return {404}
    if actor.role == "manager" and ((endpoint in CONSULTANT and sends) or endpoint in LEADS_TO_A_CHANGE):
        return {403} if method != "OPTIONS" else {200}
    return DONE


def test_every_caller_gets_on_every_route_with_every_method_what_is_due(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    wrong, cells = [], 0
    rules = sorted(scene.app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
    for cell in scene.cells():
        actor = scene.cells()[cell][0]
        reaches = cell in ("holder", "colleague") or actor.ours
        before = firms_and_answers(scene.app)
        for rule in rules:
            for method in METHODS:
                _, key = scene.cells()[cell]
                path = address(scene.app, rule, key, **scene.ids())
                if reaches and rule.endpoint == "downloads.pdf":
                    continue  # the journey makes real ones
                due = expected(scene.app, rule, method, cell, actor, path)
                got = scene.call(actor, method, path)
                cells += 1
                if reaches and method == "POST" and got.status_code in DONE and rule.endpoint not in ANYBODY:
                    scene.new()
                if rule.endpoint.startswith("signin.") and method == "POST":
                    scene.again(actor)
                if got.status_code not in due:
                    wrong.append(f"{cell} {method} {rule.endpoint}: {got.status_code}, not {due}")
                if got.status_code == 405 and not got.allow:
                    wrong.append(f"{cell} {method} {rule.endpoint}: does not say what is allowed")
                if not reaches and (b"Target firm" in got.data or b"Target cohort" in got.data):
                    wrong.append(f"{cell} {method} {rule.endpoint}: shows the target")
        if not reaches:
            assert firms_and_answers(scene.app) == before, f"{cell} changed something"
    record_property(
        "says", f"access matrix: {len(rules)} routes, {len(scene.cells())} callers, {cells} cells"
    )
    assert not wrong, "\n".join(wrong)
    assert cells > 3500


def firms_and_answers(app: Flask) -> list[str]:
    """All that is kept but who is signed in and how often somebody asked."""
    mere = ("sessions", "sign_in_links", "users", "allowances")
    return [line for line in everything(app) if not any(f'INTO "{name}"' in line for name in mere)]


def near(scene: Scene) -> dict[str, str]:
    """Keys that resemble the right one, and what a database would give away."""
    key = scene.key
    with sqlite3.connect(database(scene.app)) as connection:
        row = connection.execute(
            "SELECT a.id, a.firm_id, l.key_hash, r.id FROM assessments a"
            " JOIN responses r ON r.assessment_id = a.id"
            " JOIN links l ON l.assessment_id = a.id WHERE l.key_hash = ?",
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
        if rule.endpoint not in BY_KEY:
            continue
        for method in ("GET", "OPTIONS", "POST"):
            unknown = address(scene.app, rule, secrets.token_urlsafe(24))
            due = likeness(scene.call(scene.nobody, method, unknown))
            for what, key in keys.items():
                path = unknown.replace(unknown.split("/")[2], key)
                assert likeness(scene.call(scene.nobody, method, path)) == due, (what, method, rule.endpoint)

    assert everything(scene.app) == before


@pytest.mark.parametrize("role", ["consultant", "manager", "administrator"])
def test_another_organisations_ids_cannot_be_told_from_missing_ones(scene: Scene, role: str) -> None:
    stranger = scene.members[f"{role} of Elsewhere"]
    before = firms_and_answers(scene.app)
    for rule in scene.app.url_map.iter_rules():
        if not rule.arguments & {"key", "firm_id", "cohort_id"}:
            continue
        for method in ("GET", "OPTIONS", "POST"):
            missing = address(scene.app, rule, NO_ID)
            due = likeness(scene.call(stranger, method, missing))
            theirs = address(scene.app, rule, scene.assessment_id, **scene.ids())
            assert likeness(scene.call(stranger, method, theirs)) == due, (method, rule.endpoint)

    assert firms_and_answers(scene.app) == before


def test_a_holder_reaches_the_own_firm_only(scene: Scene) -> None:
    own = scene.other.open(f"/a/{scene.other_key}/answers.json")

    assert b"Other firm" in own.body and b"Target firm" not in own.body


def test_a_private_link_works_on_a_device_without_cookies(scene: Scene) -> None:
    elsewhere = scene.holder.person.elsewhere()

    page = founders.answer(elsewhere, elsewhere.open(f"/a/{scene.key}"))

    assert page.path.startswith(f"/a/{scene.key}/questions/")


def test_the_key_is_kept_nowhere(scene: Scene) -> None:
    assert scene.key not in "".join(everything(scene.app))
    assert len(scene.key) >= 32, "192 bits"


def test_keys_do_not_repeat(founder: Person) -> None:
    assert len({founders.start(founder) for _ in range(10)}) == 10

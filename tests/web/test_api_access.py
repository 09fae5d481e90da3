"""Which token may do what: every route of the API for every token with every method, from the URL map.

And the routes against their description, both ways.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from readiness.core import answers as answering
from readiness.core import model as models
from readiness.reports.facts import REGIONS, SECTORS
from readiness.reports.language import LANGUAGES
from readiness.storage import firms, tokens
from readiness.web import access, create_app
from readiness.web.forms import AtMost, FirmForm, WholeNumberField
from tests.web.pages import Person
from tests.web.programs import REFUSED, Program, check, document, resolve, sample
from tests.web.tools import address, everything

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND")
IMPLIED = {"HEAD", "OPTIONS"}
NO_ID = "0" * 24
#: What a request needs beside its address to be right.
BODIES: dict[str, Any] = {
    "api.add_firm": {"name": "New"},
    "api.change_firm": {},
    "api.add_assessment": sample(),
}


class Scene:
    """A firm of an organisation, assessed once, and every kind of token."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.owner = Program(app, name="Owner")
        self.firm, self.assessment = "", ""
        self.programs: dict[str, Program | None] = {
            "nobody": None,
            "expired": Program(app, lifetime=timedelta(seconds=-2)),
            "revoked": Program(app),
            "another organisation's": Program(app, "Elsewhere"),
            "one with every scope": Program(app),
            **{f"one with {scope}": Program(app, scopes=[scope]) for scope in tokens.SCOPES},
        }
        revoked = self.programs["revoked"]
        assert revoked is not None
        with app.extensions["store"].write() as transaction:
            tokens.remove(transaction, revoked.token.organisation_id, revoked.token.id)

    def new(self) -> None:
        """A target that nobody has touched."""
        path = self.owner.add_firm("Target firm")
        self.firm, self.assessment = Path(path).name, Path(self.owner.hand_in(path)).name

    def path(self, rule: Rule, **ids: str) -> str:
        return address(self.app, rule, "", **({"firm_id": self.firm, "assessment_id": self.assessment} | ids))

    def call(self, program: Program | None, method: str, rule: Rule, path: str) -> TestResponse:
        """A request as right as it can be."""
        headers = {"If-Match": "*"} | ({"Authorization": f"Bearer {program.key}"} if program else {})
        body = {"json": BODIES[rule.endpoint]} if rule.endpoint in BODIES else {}
        return self.app.test_client().open(path, method=method, headers=headers, buffered=True, **body)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    app = create_app(tmp_path_factory.mktemp("tokens"), API_PER_MINUTE=100_000)
    yield Scene(app)
    app.extensions["printer"].close()


@pytest.fixture
def scene(stage: Scene) -> Scene:
    stage.new()
    return stage


def rules(app: Flask) -> list[Rule]:
    """Every route for programs."""
    found = [rule for rule in app.url_map.iter_rules() if access.rule_of(app, rule.endpoint) == access.TOKEN]
    return sorted(found, key=lambda rule: rule.endpoint)


def due(app: Flask, rule: Rule, method: str, who: str, own: bool) -> set[int]:
    """The statuses that are right for a method which the route has."""
    scope = access.scope_of(app, rule.endpoint)
    if who in ("nobody", "expired", "revoked"):
        return {401}
    if who not in ("another organisation's", "one with every scope", f"one with {scope}"):
        return {403}
    if rule.arguments and not (own and who != "another organisation's"):
        return {404}
    return {200} if method == "OPTIONS" else {200, 201, 204}


def answering_route(app: Flask, path: str, method: str) -> str | None:
    """The endpoint that answers a method at an address; None where there is none."""
    with app.test_request_context("/"):
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        try:
            return str(adapter.match(path, method)[0])
        except MethodNotAllowed:
            return None


def test_every_token_gets_on_every_route_with_every_method_what_is_due(scene: Scene) -> None:
    wrong, cells = [], 0
    for who, program in scene.programs.items():
        for rule in rules(scene.app):
            for method in METHODS:
                for own in (True, False):
                    path = scene.path(rule, **({} if own else {"firm_id": NO_ID, "assessment_id": NO_ID}))
                    endpoint = answering_route(scene.app, path, method)
                    if endpoint not in (rule.endpoint, None):
                        continue  # another route at the same address
                    before = kept(scene.app)
                    got = scene.call(program, method, rule, path)
                    right = due(scene.app, rule, method, who, own) if endpoint else {405}
                    cells += 1
                    if got.status_code not in right:
                        wrong.append(f"{who} {method} {rule.endpoint}: {got.status_code}, not {right}")
                    if got.status_code >= 400 and (b"Target firm" in got.data or got.content_type != REFUSED):
                        wrong.append(f"{who} {method} {rule.endpoint}: {got.data!r}")
                    if got.status_code >= 400 and kept(scene.app) != before:
                        wrong.append(f"{who} {method} {rule.endpoint}: changed something")
                    if got.status_code == 405 and not got.allow:
                        wrong.append(f"{who} {method} {rule.endpoint}: does not say what is allowed")
                    if got.status_code in (200, 201, 204) and method not in ("GET", "HEAD", "OPTIONS"):
                        scene.new()
    assert not wrong, "\n".join(wrong)
    assert cells > 900


def kept(app: Flask) -> list[str]:
    """All that is kept but when a token was used and how often."""
    return [
        line for line in everything(app) if "allowances" not in line and 'INSERT INTO "tokens"' not in line
    ]


def likeness(answer: TestResponse) -> tuple[object, ...]:
    return answer.status_code, sorted(item for item in answer.headers if item[0] != "Date"), answer.data


def test_what_another_organisation_has_cannot_be_told_from_what_nobody_has(scene: Scene) -> None:
    other = scene.programs["another organisation's"]
    for rule in rules(scene.app):
        if not rule.arguments:
            continue
        for method in sorted((rule.methods or set()) | {"OPTIONS"}):
            theirs = scene.call(other, method, rule, scene.path(rule))
            nobodys = scene.call(other, method, rule, scene.path(rule, firm_id=NO_ID, assessment_id=NO_ID))
            assert theirs.status_code == 404
            assert likeness(theirs) == likeness(nobodys), (method, rule)


@pytest.mark.parametrize("end", ["", "A", "%20", "%00", "%0a", "%27%20OR%201=1", "..", "%2e%2e"])
def test_no_id_but_the_whole_one_opens_anything(scene: Scene, end: str) -> None:
    for rule in rules(scene.app):
        if rule.arguments and "GET" in (rule.methods or set()):
            cut = {"firm_id": scene.firm[:-1], "assessment_id": scene.assessment[:-1]}
            path = scene.path(rule, **cut)
            for name in cut.values():
                path = path.replace(name, name + end)
            got = scene.call(scene.owner, "GET", rule, path)
            assert got.status_code == 404 and got.content_type == REFUSED


def test_no_session_and_no_private_link_opens_a_route_for_programs(scene: Scene) -> None:
    person = Person(scene.app, "10.255.255.1")
    token = person.token()
    for rule in rules(scene.app):
        for method in (rule.methods or set()) - IMPLIED:
            answer = person.client.open(scene.path(rule), method=method, data={"csrf_token": token})
            assert answer.status_code == 401


def test_only_routes_for_programs_do_without_a_csrf_token(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or access.rule_of(app, rule.endpoint) == access.TOKEN:
            continue
        answer = client.post(address(app, rule, "none"), headers={"Authorization": "Bearer rdy_x"})
        assert answer.status_code in (302, 400, 404), rule
        if access.rule_of(app, rule.endpoint) == access.PUBLIC:
            assert answer.status_code == 400, rule


# The description


def described() -> dict[tuple[str, str], dict[str, Any]]:
    """Every operation by address and method."""
    return {
        (path, method.upper()): operation
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def test_the_description_is_openapi() -> None:
    assert document()["openapi"] == "3.1.0"
    assert [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(document())] == []
    for schema in document()["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_every_reference_leads_somewhere_and_every_component_is_referred_to() -> None:
    text = json.dumps(document())
    for kind in ("schemas", "responses", "parameters"):
        for name in document()["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name
    for part in text.split('"$ref": "')[1:]:
        assert resolve({"$ref": part.partition('"')[0]})


def test_the_description_names_every_route_and_no_other(app: Flask) -> None:
    there = {
        (rule.rule.replace("<", "{").replace(">", "}"), method): rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - IMPLIED
    }

    assert there.keys() == described().keys()
    for place, operation in described().items():
        rule = there[place]
        assert operation["operationId"] == rule.endpoint.removeprefix("api.")
        scope = access.scope_of(app, rule.endpoint)
        assert operation["security"] == ([{"token": [scope]}] if scope else [])
        common = [resolve(item) for item in document()["paths"][place[0]].get("parameters", [])]
        assert {item["name"] for item in common} == rule.arguments


def test_the_description_is_served_to_everybody(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")

    assert answer.status_code == 200 and answer.json == document()
    assert answer.content_type == "application/json" and answer.headers["Cache-Control"] == "no-cache"


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program that has used up its minute."""
    app = create_app(tmp_path_factory.mktemp("hurried"), API_PER_MINUTE=0)
    yield Program(app)
    app.extensions["printer"].close()


def test_every_described_refusal_and_success_is_met_and_no_other(scene: Scene, hurried: Program) -> None:
    for rule in rules(scene.app):
        for method in (rule.methods or set()) - IMPLIED:
            pattern = rule.rule.replace("<", "{").replace(">", "}")
            wanted = {int(status) for status in described()[pattern, method]["responses"]} - {500, 503}
            assert provoked(scene, hurried, rule, method) == wanted, (method, pattern)


def provoked(scene: Scene, hurried: Program, rule: Rule, method: str) -> set[int]:
    """The statuses that all kinds of requests get."""
    owner, path = scene.owner, scene.path(rule)
    missing = scene.path(rule, firm_id=NO_ID, assessment_id=NO_ID)
    got = {scene.call(program, method, rule, path).status_code for program in scene.programs.values()}
    got |= {hurried.call(method, path).status_code}
    scene.new()
    path = scene.path(rule)
    got |= {owner.call(method, path, base_url="http://evil.example/").status_code}
    got |= {scene.call(owner, method, rule, missing).status_code}
    if rule.endpoint in BODIES:
        bodies = [(b"x", "text/plain"), (b"x", "application/json"), (b"[]", "application/json")]
        bodies += [(b"x" * 600_000, "application/json")]
        got |= {owner.call(method, path, data=data, content_type=kind).status_code for data, kind in bodies}
    if rule.endpoint == "api.change_firm":
        got |= {owner.call(method, path, json={}).status_code, owner.change(path, {}, '"x"').status_code}
    if rule.endpoint == "api.add_assessment":
        got |= {owner.post(path, {}).status_code for _ in range(2)}
    got |= {scene.call(owner, method, rule, scene.path(rule)).status_code}
    return got


def test_every_example_is_what_its_schema_says() -> None:
    count = 0
    for media in media_types(document()):
        examples = [item["value"] for item in media.get("examples", {}).values()]
        for example in [*examples, *([media["example"]] if "example" in media else [])]:
            check(example, media["schema"])
            count += 1
    assert count > 20
    body = described()["/api/v1/firms/{firm_id}/assessments", "POST"]["requestBody"]
    answering.parse(body["content"]["application/json"]["examples"]["finished"]["value"])


def media_types(part: Any) -> Iterator[dict[str, Any]]:
    """Everything in the description that has a schema, and maybe examples of it."""
    if isinstance(part, list):
        for item in part:
            yield from media_types(item)
    elif isinstance(part, dict):
        if "schema" in part:
            yield part
        for item in part.values():
            yield from media_types(item)


def test_the_bounds_of_the_facts_are_those_of_the_form(app: Flask) -> None:
    schemas = document()["components"]["schemas"]
    with app.test_request_context("/"):
        form = FirmForm(meta={"csrf": False})
    for schema in ("Firm", "NewFirm", "FirmChange"):
        facts = schemas[schema]["properties"]
        assert set(firms.FIELDS) <= set(facts) and not schemas[schema]["additionalProperties"]
        for name in {*firms.FIELDS, "rater"} & set(facts):
            field = form[name]
            if isinstance(field, WholeNumberField):
                assert (facts[name]["minimum"], facts[name]["maximum"]) == (field.low, field.high)
            most = [item.most for item in field.validators if isinstance(item, AtMost)]
            assert [facts[name]["maxLength"]] == most if most else "maxLength" not in facts[name]
        assert facts["sector"]["enum"] == [*SECTORS, None]
        assert facts["regions"]["items"]["enum"] == list(REGIONS)
    assert schemas["NewFirm"]["properties"]["language"]["enum"] == sorted(LANGUAGES)


def test_the_bounds_of_the_answers_are_those_of_the_model() -> None:
    schemas, model = document()["components"]["schemas"], models.load()
    given = schemas["Response"]["properties"]

    assert schemas["Answers"]["properties"]["model"]["enum"] == list(models.VERSIONS)
    assert schemas["Answers"]["properties"]["responses"]["maxItems"] == answering.RATERS
    assert schemas["Scores"]["properties"]["components"]["required"] == list(model.components)
    assert given["rater"]["maxLength"] == answering.NAME_LENGTH
    for name, most in (("notes", answering.NOTE_LENGTH), ("reasons", answering.REASON_LENGTH)):
        (texts,) = given[name]["patternProperties"].values()
        assert texts["maxLength"] == most
    (terms,) = given["answers"]["patternProperties"].values()
    assert terms["enum"] == [word for word in answering.WORDS if word]
    for number in range(60):
        right = jsonschema_rs.is_valid(given["answers"], {str(number): "H"})
        assert right == (number in model.numbers), number

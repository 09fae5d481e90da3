"""The API as a program uses it: firms, assessments, answers, scores, and what is refused."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from readiness.core import answers as answering
from readiness.core import scoring
from readiness.storage import audit
from readiness.storage.firms import FIELDS
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.hostile import TEXTS
from tests.web.members import member
from tests.web.programs import API, REFUSED, Program, sample
from tests.web.tools import everything

FACTS = {
    "name": "Alborz Sensors",
    "sector": "manufacturing",
    "country": "Iran",
    "founded": 2011,
    "employees": 38,
    "first_foreign_sale": 2017,
    "foreign_share": 14,
    "countries": 4,
    "regions": ["western_asia", "central_asia"],
}
MakeApp = Callable[..., Flask]


@pytest.fixture
def program(app: Flask) -> Program:
    """A program of an organisation of its own."""
    return Program(app, f"Hub {datetime.now(UTC).timestamp()}")


def places(answer: TestResponse) -> list[str]:
    """The places that a refusal names."""
    assert answer.content_type == REFUSED
    return [error["place"] for error in json.loads(answer.data)["errors"]]


def deeds(program: Program) -> list[tuple[str, str, str]]:
    listed = audit.listing(program.app.extensions["store"], program.token.organisation_id, 0, 99)
    return sorted((item.who, item.deed, item.about) for item in listed)


# Firms


def test_a_firm_is_read_as_it_was_added(program: Program) -> None:
    added = program.post(f"{API}/firms", FACTS)

    read = program.get(added.headers["Location"])
    assert added.status_code == 201 and read.json == added.json
    assert read.json == FACTS | {"id": Path(added.headers["Location"]).name, "archived": False}
    assert read.headers["ETag"] == added.headers["ETag"]
    assert deeds(program) == [("API: Registry", "firm.add", "Alborz Sensors")]


def test_what_is_not_known_of_a_firm_is_null(program: Program) -> None:
    firm = program.get(program.add_firm("Only a name", country="", rater=None)).json

    assert {name: firm[name] for name in FIELDS} == dict.fromkeys(FIELDS) | {
        "name": "Only a name",
        "regions": [],
    }


def test_a_new_firm_has_an_open_assessment_in_the_chosen_language(program: Program) -> None:
    firm = program.add_firm("آسان‌پرداز", language="fa", rater="مدیرعامل")

    (first,) = program.get(f"{firm}/assessments").json["assessments"]
    assert (first["round"], first["status"], first["language"]) == (1, "open", "fa")
    answers = program.get(f"{API}/assessments/{first['id']}/answers").json
    assert answers["responses"] == [{"rater": "مدیرعامل", "answers": {}}]


def test_a_consultant_finds_the_firm_in_the_portfolio(app: Flask, visitor: Visitor) -> None:
    Program(app, "Both ways").add_firm("Handed over")

    page = member(visitor(), "consultant", "Both ways").open("/portfolio")

    assert "Handed over" in page.text


def test_firms_are_searched_filtered_and_paged(program: Program) -> None:
    for number in range(51):
        program.add_firm(f"Firm {number:02}", sector="software" if number % 2 else "energy")
    program.add_firm("كيميا صنعت")

    def names(query: str) -> list[str]:
        return [firm["name"] for firm in program.get(f"{API}/firms?{query}").json["firms"]]

    assert names("search=کیمیا") == ["كيميا صنعت"] and names("search=fIRM 07") == ["Firm 07"]
    assert len(names("sector=software")) == 25 and names("archived=true") == [] and names("search=%25") == []
    assert len(names("")) == 50 and names("page=2") == ["Firm 50", "كيميا صنعت"] and names("page=3") == []
    page = program.get(f"{API}/firms?page=2").json
    assert (page["page"], page["pages"], page["total"]) == (2, 2, 52)


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=100000",
        "page=1&page=2",
        "page=۲",
        "page=1_0",
        "sector=none",
        "sector=",
        "archived=yes",
        "archived=",
        "search=" + "x" * 101,
        "search=%00",
        "lang=fa",
        "organisation=x",
        "page[]=1",
    ],
)
def test_a_query_that_is_not_understood_is_refused(program: Program, query: str) -> None:
    answer = program.get(f"{API}/firms?{query}")

    assert answer.status_code == 400 and len(places(answer)) == 1


def test_a_query_that_is_no_text_is_refused(program: Program) -> None:
    answer = program.get(f"{API}/firms", environ_overrides={"QUERY_STRING": "search=\xff"})

    assert answer.status_code in (200, 400)


def test_facts_are_changed_one_by_one(program: Program) -> None:
    firm = program.add_firm(**FACTS | {"name": "Before"})
    tag = program.get(firm).headers["ETag"]

    changed = program.change(firm, {"name": "After", "country": None, "regions": []}, tag)

    assert changed.json == program.get(firm).json
    assert changed.json == FACTS | {"name": "After", "country": None, "regions": []} | {
        "id": Path(firm).name,
        "archived": False,
    }
    assert changed.headers["ETag"] == program.get(firm).headers["ETag"] != tag
    assert ("API: Registry", "firm.facts", "After") in deeds(program)


def test_a_change_that_changes_nothing_is_not_noted(program: Program) -> None:
    firm = program.add_firm()

    assert program.change(firm, {}).status_code == program.change(firm, {"country": ""}).status_code == 200

    assert [deed for _, deed, _ in deeds(program)] == ["firm.add"]


def test_a_firm_that_was_changed_meanwhile_is_not_overwritten(program: Program) -> None:
    firm = program.add_firm()
    tag = program.get(firm).headers["ETag"]
    program.change(firm, {"employees": 40}, tag)

    late = program.change(firm, {"employees": 50}, tag)

    assert late.status_code == 412 and program.get(firm).json["employees"] == 40


@pytest.mark.parametrize("tag", ['"none"', 'W/"none"', "none", '""', "x" * 5000, '"a", "b"'])
def test_no_other_tag_will_do(program: Program, tag: str) -> None:
    firm = program.add_firm()

    assert program.change(firm, {"employees": 1}, tag).status_code == 412
    assert program.change(firm, {"employees": 1}, f"W/{program.get(firm).headers['ETag']}").status_code == 412


def test_who_does_not_say_what_was_seen_changes_nothing(program: Program) -> None:
    firm = program.add_firm()

    assert program.call("PATCH", firm, json={"employees": 1}).status_code == 428
    assert program.get(firm).json["employees"] is None


def test_a_deleted_firm_is_gone_with_all_that_hangs_on_it(program: Program) -> None:
    firm = program.add_firm("Short-lived")
    assessment = program.hand_in(firm)

    assert program.call("DELETE", firm).status_code == 204

    for path in (firm, f"{firm}/assessments", assessment, f"{assessment}/answers", f"{assessment}/scores"):
        assert program.get(path).status_code == 404
    assert program.call("DELETE", firm).status_code == 404
    assert ("API: Registry", "firm.delete", "Short-lived") in deeds(program)


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"name": ""}, "name"),
        ({"name": " \n"}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": ["A"]}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"country": "x" * 81}, "country"),
        ({"country": {}}, "country"),
        ({"sector": "none"}, "sector"),
        ({"sector": ""}, "sector"),
        ({"sector": []}, "sector"),
        ({"founded": 1799}, "founded"),
        ({"founded": 2201}, "founded"),
        ({"founded": 2150}, "founded"),
        ({"founded": 1391}, "founded"),
        ({"founded": "2011"}, "founded"),
        ({"founded": 2011.5}, "founded"),
        ({"employees": -1}, "employees"),
        ({"employees": 10_000_001}, "employees"),
        ({"employees": 10**400}, "employees"),
        ({"employees": 1e308}, "employees"),
        ({"employees": True}, "employees"),
        ({"founded": 2012, "first_foreign_sale": 2011}, "first_foreign_sale"),
        ({"foreign_share": 101}, "foreign_share"),
        ({"countries": 301}, "countries"),
        ({"regions": "europe"}, "regions"),
        ({"regions": None}, "regions"),
        ({"regions": ["moon"]}, "regions"),
        ({"regions": [["europe"]]}, "regions"),
        ({"regions": [7]}, "regions"),
    ],
)
def test_facts_are_checked_by_the_rules_of_the_form(
    program: Program, facts: dict[str, Any], place: str
) -> None:
    firm = program.add_firm()
    before = everything(program.app)

    added = program.post(f"{API}/firms", {"name": "A"} | facts)
    changed = program.change(firm, facts)

    assert added.status_code == changed.status_code == 422
    assert places(added) == places(changed) == [place]
    assert without_allowances(everything(program.app)) == without_allowances(before)


def without_allowances(lines: list[str]) -> list[str]:
    return [line for line in lines if 'INTO "allowances"' not in line]


@pytest.mark.parametrize(
    "entry",
    [
        "id",
        "organisation",
        "organisation_id",
        "archived",
        "archived_at",
        "email",
        "next_review",
        "search",
        "score",
        "overall",
        "route",
        "status",
        "round",
        "created_at",
        "csrf_token",
        "__class__",
        "",
        "نام",
    ],
)
def test_what_is_not_a_fact_is_refused_and_changes_nothing(program: Program, entry: str) -> None:
    firm = program.add_firm()
    before = program.get(firm).json

    added = program.post(f"{API}/firms", {"name": "A", entry: "x"})
    changed = program.change(firm, {entry: "x"})

    assert added.status_code == changed.status_code == 422
    assert places(added) == places(changed) == [entry]
    assert program.get(firm).json == before and program.get(f"{API}/firms").json["total"] == 1


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_kept_as_it_is_and_is_only_text(program: Program, text: str) -> None:
    name = text[:200].strip()

    firm = program.get(program.add_firm(name, country=text[:80])).json

    assert firm["name"] == name and firm["country"] == text[:80].strip()
    refused = program.post(f"{API}/firms", {"name": "A", text[:100]: text})
    assert refused.status_code == 422 and refused.headers["X-Content-Type-Options"] == "nosniff"


# Assessments


def test_answers_are_handed_in_and_read_back_with_their_scores(program: Program) -> None:
    firm = program.add_firm(**FACTS)

    assessment = program.hand_in(firm)

    assert program.get(assessment).json["status"] == "finished"
    document = program.get(f"{assessment}/answers").json
    assert document["responses"] == sample()["responses"] and document["firm"] == FACTS
    given = answering.parse(document)
    expected = json.loads(json.dumps(scoring.export(scoring.score(given), given.firm)))
    assert program.get(f"{assessment}/scores").json == expected
    assert ("API: Registry", "assessment.import", "Alborz Sensors") in deeds(program)


def test_what_was_handed_in_stands_in_the_portfolio_with_its_result(app: Flask, visitor: Visitor) -> None:
    program = Program(app, "Results")
    firm = program.add_firm("Scored firm")
    assessment = program.hand_in(firm)
    person = member(visitor(), "consultant", "Results")

    index = program.get(f"{assessment}/scores").json["overall"]["index"]
    assert f"{index:.0f}" in person.open("/portfolio").text
    person.open(f"/a/{Path(assessment).name}/profile")


def test_answers_do_not_change_the_firm(program: Program) -> None:
    firm = program.add_firm("Own name")
    before = program.get(firm).json

    program.post(f"{firm}/assessments", sample() | {"firm": {"name": "Other", "id": "x", "employees": 7}})

    assert program.get(firm).json == before


def test_the_first_answers_fill_the_open_assessment_and_later_ones_make_new_rounds(program: Program) -> None:
    firm = program.add_firm()
    assert program.post(f"{firm}/assessments", {}).status_code == 409

    program.hand_in(firm)
    program.hand_in(firm)
    begun = program.post(f"{firm}/assessments", {})

    assert begun.status_code == 201 and begun.json["status"] == "open"
    listed = program.get(f"{firm}/assessments").json["assessments"]
    assert [(item["round"], item["status"]) for item in listed] == [
        (3, "open"),
        (2, "finished"),
        (1, "finished"),
    ]


def test_answers_that_somebody_is_giving_are_not_overwritten(app: Flask, visitor: Visitor) -> None:
    program, person = Program(app, "Busy"), member(visitor(), "consultant", "Busy")
    firm = program.add_firm()
    (first,) = program.get(f"{firm}/assessments").json["assessments"]
    founders.answer(person, person.open(f"/a/{first['id']}/questions/networking"))

    assert program.post(f"{firm}/assessments", sample()).status_code == 409

    answers = program.get(f"{API}/assessments/{first['id']}/answers").json["responses"][0]["answers"]
    assert answers and set(answers.values()) == {"H"}
    assert program.get(f"{API}/assessments/{first['id']}/scores").json["overall"] is None


RATER = {"rater": "CEO", "answers": {"1": "H"}}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"model": "none"}, "model"),
        ({"model": None}, "model"),
        ({"responses": []}, "responses"),
        ({"responses": {}}, "responses"),
        ({"responses": [RATER, RATER]}, "responses[1].rater"),
        ({"responses": [RATER | {"answers": {"48": "H"}}]}, "responses[0].answers.48"),
        ({"responses": [RATER | {"answers": {"1": "h"}}]}, "responses[0].answers.1"),
        ({"responses": [RATER | {"answers": {"1": 3}}]}, "responses[0].answers.1"),
        ({"responses": [RATER | {"answers": {"1": "DK", "2": "NA"}}]}, "responses"),
        ({"responses": [RATER | {"rater": " "}]}, "responses[0].rater"),
        ({"responses": [RATER | {"notes": {"1": "x" * 2001}}]}, "responses[0].notes.1"),
        ({"responses": [RATER | {"score": 100}]}, "responses[0].score"),
        ({"responses": [{"rater": f"R{at}", "answers": {"1": "H"}} for at in range(201)]}, "responses"),
        ({"firm": {"employees": 10**15}}, "firm.employees"),
        ({"firm": []}, "firm"),
        ({"overall": 100}, "overall"),
        ({"status": "finished"}, "status"),
        ({"id": "x"}, "id"),
    ],
)
def test_answers_that_cannot_be_meant_are_refused_with_their_place(
    program: Program, change: dict[str, Any], place: str
) -> None:
    firm = program.add_firm()

    answer = program.post(f"{firm}/assessments", {"model": "rezvani-2024", "responses": [RATER]} | change)

    assert answer.status_code == 422 and places(answer) == [place]
    (first,) = program.get(f"{firm}/assessments").json["assessments"]
    assert first["status"] == "open"


def test_hostile_texts_in_answers_come_back_as_they_were(program: Program) -> None:
    firm = program.add_firm()
    given = [{"rater": text, "answers": {"1": "H"}, "notes": {"1": text}} for text in TEXTS]

    made = program.post(f"{firm}/assessments", {"model": "rezvani-2024", "responses": given})

    assert program.get(f"{made.headers['Location']}/answers").json["responses"] == given


# Bodies

RAW = {
    "twice": b'{"name": "A", "name": "B"}',
    "twice, half a character": rb'{"\ud800": 1, "\ud800": 2}',
    "not a number": b'{"name": "A", "founded": NaN}',
    "infinity": b'{"name": "A", "founded": -Infinity}',
    "huge exponent": b'{"name": "A", "founded": 1e400}',
    "endless number": b'{"name": "A", "founded": ' + b"9" * 5000 + b"}",
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "deep but closed": b"[" * 500 + b"]" * 500,
    "NUL escaped": rb'{"name": "a\u0000b"}',
    "NUL raw": b'{"name": "a\x00b"}',
    "NUL in a name": rb'{"na\u0000me": "a"}',
    "bell": rb'{"name": "a\u0007"}',
    "half a character": rb'{"name": "\ud800"}',
    "half a character in a name": rb'{"\udfff": "a"}',
    "not UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "A"}'.encode("utf-16"),
    "nothing": b"",
    "blanks": b" \n ",
    "cut": b'{"name": "A"',
    "two": b'{"name": "A"}{"name": "B"}',
    "single quotes": b"{'name': 'A'}",
    "comment": b'{"name": "A"} // x',
    "trailing comma": b'{"name": "A",}',
    "form": b"name=A",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}


@pytest.mark.parametrize("what", RAW)
def test_what_is_no_proper_json_is_refused(program: Program, what: str) -> None:
    firm = program.add_firm()
    before = without_allowances(everything(program.app))

    for method, path in (("POST", f"{API}/firms"), ("PATCH", firm), ("POST", f"{firm}/assessments")):
        answer = program.call(method, path, data=RAW[what], content_type="application/json")
        assert answer.status_code == 400 and places(answer), (method, path)

    assert without_allowances(everything(program.app)) == before


@pytest.mark.parametrize("body", ["[]", "[{}]", '"name"', "7", "null", "true"])
def test_json_that_is_no_object_is_refused(program: Program, body: str) -> None:
    firm = program.add_firm()
    for method, path in (("POST", f"{API}/firms"), ("PATCH", firm), ("POST", f"{firm}/assessments")):
        answer = program.call(method, path, data=body, content_type="application/json")
        assert answer.status_code == 422 and places(answer) == ["body"]


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/jsonp",
        "application/merge-patch+json",
        "x" * 10_000,
        "application/json application/json",
    ],
)
def test_another_type_of_body_is_refused(program: Program, kind: str) -> None:
    answer = program.call("POST", f"{API}/firms", data=b'{"name": "A"}', content_type=kind)

    assert answer.status_code == 415


def test_a_compressed_body_is_refused(program: Program) -> None:
    headers = {"Content-Encoding": "gzip"}

    answer = program.call(
        "POST", f"{API}/firms", data=b"\x1f\x8b", content_type="application/json", headers=headers
    )

    assert answer.status_code == 415


def test_a_body_with_a_charset_and_a_byte_order_mark_is_read(program: Program) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"name": "نانو"}, ensure_ascii=False).encode()

    answer = program.call("POST", f"{API}/firms", data=body, content_type="application/json; charset=utf-8")

    assert answer.status_code == 201 and answer.json["name"] == "نانو"


def test_a_body_over_the_cap_is_refused(make_app: MakeApp) -> None:
    program = Program(make_app(MAX_CONTENT_LENGTH=600))
    firm = program.add_firm()

    big = {"name": "x" * 1000}
    assert program.post(f"{API}/firms", big).status_code == 413
    assert program.change(firm, big).status_code == 413
    assert program.post(f"{firm}/assessments", sample()).status_code == 413
    claimed = program.call(
        "POST",
        f"{API}/firms",
        data=b"{}",
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": str(10**12)},
    )
    assert claimed.status_code == 413


def test_a_refusal_repeats_no_more_than_a_little_of_what_was_sent(program: Program) -> None:
    answer = program.post(f"{API}/firms", {"name": "A", "x" * 400_000: 1})

    assert answer.status_code == 422 and len(answer.data) < 3000


# Tokens and what is not one


def test_the_requests_of_a_minute_are_counted_for_each_token(make_app: MakeApp) -> None:
    app = make_app(API_PER_MINUTE=3)
    one, other = Program(app), Program(app)

    got = [one.get(f"{API}/firms") for _ in range(5)]

    assert [answer.status_code for answer in got] == [200, 200, 200, 429, 429]
    assert got[3].headers["Retry-After"] == "60" and "3 requests" in got[3].text
    assert other.get(f"{API}/firms").status_code == 200


def test_a_revoked_and_an_expired_token_are_as_good_as_none(app: Flask) -> None:
    expired = Program(app, lifetime=timedelta(seconds=-2))

    answer = expired.get(f"{API}/firms")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="readiness", error="invalid_token"'


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer  {key}",
        "Bearer {key} x",
        "Basic {key}",
        "Token {key}",
        "{key}",
        "Bearer {KEY}",
        "Bearer \xff",
        "Basic !!!",
        "Digest x",
        "Bearer " + "x" * 50_000,
        "Bearer %",
        "Bearer a=b",
    ],
)
def test_only_a_whole_token_opens_the_api(program: Program, header: str) -> None:
    sent = header.replace("{key}", program.key).replace("{KEY}", program.key.upper())
    answer = program.call("GET", f"{API}/firms", headers={"Authorization": sent})

    assert answer.status_code == (200 if header == "Bearer  {key}" else 401), answer.data


def test_a_token_in_address_cookie_or_body_opens_nothing(program: Program) -> None:
    client = program.app.test_client()
    client.set_cookie("Authorization", f"Bearer {program.key}")
    key = program.key

    for query in (f"?access_token={key}", f"?token={key}", f"?api_key={key}"):
        assert client.get(f"{API}/firms{query}").status_code == 401
    assert client.post(f"{API}/firms", data={"access_token": key}).status_code == 401
    assert client.get(f"{API}/firms", headers={"X-Api-Key": key}).status_code == 401


def test_who_is_signed_in_gets_nothing_here_without_a_token(app: Flask, visitor: Visitor) -> None:
    person = member(visitor(), "administrator", "Signed in")
    firm = Program(app, "Signed in").add_firm()
    form = {"csrf_token": person.token()}

    for method, path in (("GET", f"{API}/firms"), ("GET", firm), ("DELETE", firm), ("POST", f"{API}/firms")):
        answer = person.client.open(path, method=method, data=form)
        assert answer.status_code == 401 and "Set-Cookie" not in answer.headers


def test_a_token_is_needed_and_nothing_else_even_beside_somebody_elses_cookie(
    app: Flask, visitor: Visitor
) -> None:
    person, program = member(visitor(), "manager", "Someone else"), Program(app, "Cookie jar")
    headers = {"Authorization": f"Bearer {program.key}", "Origin": "https://evil.example"}

    answer = person.client.post(f"{API}/firms", json={"name": "By token"}, headers=headers)

    assert answer.status_code == 201 and "Access-Control-Allow-Origin" not in answer.headers
    assert program.get(f"{API}/firms").json["total"] == 1
    assert Program(app, "Someone else").get(f"{API}/firms").json["total"] == 0


def test_a_token_opens_no_page_and_stands_for_no_csrf_token(app: Flask, program: Program) -> None:
    headers = {"Authorization": f"Bearer {program.key}"}
    client = app.test_client()

    assert client.get("/portfolio", headers=headers).status_code == 302
    assert client.post("/sign-in", data={"email": "a@b.org"}, headers=headers).status_code == 400
    assert client.post("/start", json={"name": "A"}, headers=headers).status_code == 400


def test_answers_are_for_nobody_to_keep_and_speak_english_without_a_cookie(program: Program) -> None:
    for path in (f"{API}/firms", f"{API}/firms/{'0' * 24}", f"{API}/none"):
        answer = program.get(path, headers={"Accept-Language": "fa", "Cookie": "readiness=x"})
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Vary"] == "Authorization"
        assert "Set-Cookie" not in answer.headers and answer.data.isascii()
    refused = program.post(
        f"{API}/firms", {"name": "A", "country": "x" * 81}, headers={"Accept-Language": "fa"}
    )
    assert refused.json["errors"][0]["problem"] == "At most 80 characters; this has 81."


# Whatever goes wrong


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/", 404),
        ("GET", "/api/v2/firms", 404),
        ("GET", f"{API}/firms/", 404),
        ("GET", f"{API}/firms/a/b", 404),
        ("POST", f"{API}/none", 404),
        ("PUT", f"{API}/firms", 405),
        ("DELETE", f"{API}/firms", 405),
        ("POST", f"{API}/openapi.json", 405),
        ("PROPFIND", f"{API}/firms", 405),
    ],
)
def test_an_address_or_method_that_is_none_is_a_problem_and_no_page(
    program: Program, method: str, path: str, status: int
) -> None:
    answer = program.client.open(path, method=method, headers={"Accept": "text/html"})

    assert (answer.status_code, answer.content_type) == (status, REFUSED)
    assert answer.json["status"] == status and answer.json["detail"]
    assert status == 404 or answer.allow


def test_another_host_name_is_a_problem(program: Program) -> None:
    answer = program.get(f"{API}/firms", base_url="http://evil.example/")

    assert answer.status_code == 400 and "evil" not in answer.text


def test_a_failure_is_a_problem_that_tells_nothing(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    program = Program(app)
    app.config["API_PER_MINUTE"] = "many"

    with caplog.at_level(logging.CRITICAL):
        answer = program.get(f"{API}/firms")

    assert answer.status_code == 500 and "many" not in answer.text


def test_a_database_that_does_not_answer_is_a_problem(make_app: MakeApp) -> None:
    app = make_app()
    program = Program(app)
    store = app.extensions["store"]
    with store.write() as transaction:
        transaction.run("ALTER TABLE tokens RENAME TO elsewhere")

    answer = program.get(f"{API}/firms")

    assert answer.status_code == 503 and "elsewhere" not in answer.text

"""The API against its description: requests made from the description, right ones and wrong ones."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.transport import Response
from schemathesis.openapi import from_wsgi
from schemathesis.schemas import BaseSchema

from readiness.web import create_app
from tests.web.programs import API, Program, document

POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
OPERATIONS = [
    (path, method, mode)
    for path, item in document()["paths"].items()
    for method, operation in item.items()
    for mode in (POSITIVE, NEGATIVE)
    if method != "parameters" and operation["security"]
    # Where there is no query and no body, there is nothing to get wrong but the token.
    if mode is POSITIVE or "requestBody" in operation or (method == "get" and "parameters" in operation)
]
ABOUT_ONE = [item for item in OPERATIONS if "{" in item[0] and item[1] != "delete"]
#: What is right by itself, but not together: the description has no words for that.
TOGETHER = ("founded", "first_foreign_sale", "responses")
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

Ids = dict[str, str]

load_all_checks()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program that has one firm, assessed once."""
    app = create_app(tmp_path_factory.mktemp("schema"), API_PER_MINUTE=100_000)
    yield Program(app)
    app.extensions["printer"].close()


@pytest.fixture(scope="module")
def anything(program: Program) -> BaseSchema:
    return from_wsgi(f"{API}/openapi.json", program.app)


@pytest.fixture(scope="module")
def ids(program: Program) -> Ids:
    """Ids of what is there."""
    firm = program.add_firm()
    return {"firm_id": Path(firm).name, "assessment_id": Path(program.hand_in(firm)).name}


def send_many(
    program: Program, schema: BaseSchema, operation: tuple[str, str, GenerationMode], count: int, ids: Ids
) -> Counter[int]:
    """Send requests, the same in every run; how often which status came back."""
    path, method, mode = operation
    got: Counter[int] = Counter()
    headers = {"Authorization": f"Bearer {program.key}"}
    fixed = headers | ({"If-Match": "*"} if method == "patch" else {})
    place = {"path_parameters": {name: value for name, value in ids.items() if name in path}} if ids else {}
    cases = schema[path][method].as_strategy(mode, headers=fixed, **place)

    @settings(max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=SLOW)
    @given(case=cases)
    def send(case: Case) -> None:
        answer = case.call()
        got[answer.status_code] += 1
        unfair = ["positive_data_acceptance"] if together(answer) else []
        case.validate_response(answer, excluded_checks=CHECKS.get_by_names(unfair), headers=headers)

    send()
    return got


def together(answer: Response) -> bool:
    """Whether entries were refused that do not go together."""
    if answer.status_code != 422:
        return False
    return all(error["place"].startswith(TOGETHER) for error in answer.json()["errors"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_breaks_the_api_or_its_description(
    program: Program, anything: BaseSchema, operation: tuple[str, str, GenerationMode]
) -> None:
    send_many(program, anything, operation, 12, {})


@pytest.mark.parametrize("operation", ABOUT_ONE)
def test_no_request_about_an_own_firm_breaks_the_api_or_its_description(
    program: Program, anything: BaseSchema, ids: Ids, operation: tuple[str, str, GenerationMode]
) -> None:
    got = send_many(program, anything, operation, 18, ids)

    if operation[2] is POSITIVE:
        assert got[200] + got[201] > sum(got.values()) / 3, got

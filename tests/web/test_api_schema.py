"""The API against its description: requests made from the description, right ones and wrong ones."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.transport import Response
from schemathesis.openapi import from_wsgi
from schemathesis.schemas import BaseSchema

from readiness.web import create_app
from tests.web.programs import API, Program, document

OPERATIONS = [
    (path, method)
    for path, item in document()["paths"].items()
    for method in item
    if method != "parameters" and item[method]["security"]
]
ABOUT_ONE = [(path, method) for path, method in OPERATIONS if "{" in path and method != "delete"]
MODES = list(GenerationMode)
#: What is right by itself, but not together: the description has no words for that.
TOGETHER = ("founded", "first_foreign_sale", "responses")
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

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
def ids(program: Program) -> dict[str, str]:
    """Ids of what is there."""
    firm = program.add_firm()
    return {"firm_id": Path(firm).name, "assessment_id": Path(program.hand_in(firm)).name}


def send_many(program: Program, cases: SearchStrategy[Case], count: int) -> Counter[int]:
    """Send requests, the same in every run; how often which status came back."""
    got: Counter[int] = Counter()

    @settings(max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=SLOW)
    @given(case=cases)
    def send(case: Case) -> None:
        headers = {"Authorization": f"Bearer {program.key}"}
        answer = case.call(headers=headers)
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


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_breaks_the_api_or_its_description(
    program: Program, anything: BaseSchema, path: str, method: str, mode: GenerationMode
) -> None:
    send_many(program, anything[path][method].as_strategy(mode), 12)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("path", "method"), ABOUT_ONE)
def test_no_request_about_an_own_firm_breaks_the_api_or_its_description(
    program: Program, anything: BaseSchema, ids: dict[str, str], path: str, method: str, mode: GenerationMode
) -> None:
    place = {name: value for name, value in ids.items() if name in path}
    condition = {"headers": {"If-Match": "*"}} if method == "patch" else {}
    cases = anything[path][method].as_strategy(mode, path_parameters=place, **condition)

    got = send_many(program, cases, 18)

    if mode is GenerationMode.POSITIVE:
        assert got[200] + got[201] > sum(got.values()) / 3, got

"""The examples of docs/api.md, sent one after the other as they stand there."""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask

from tests.web.programs import Program

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def examples() -> Iterator[tuple[str, str]]:
    """What each example promises, and its command."""
    for block in re.findall(r"(?:^    .*\n)+", GUIDE, flags=re.MULTILINE):
        first, _, rest = block.partition("\n")
        if first.startswith("    # "):
            yield first.removeprefix("    # "), rest.replace("\\\n", " ")


def arguments(command: str, values: dict[str, str]) -> list[str]:
    """The words of a command with variables filled in, as a shell reads them."""

    def fill(word: str) -> str:
        return re.sub(r"\$([A-Z]+)", lambda found: values[found[1]], word)

    # Between single quotes a shell fills in nothing; ours hold no variable.
    return [fill(word) for word in shlex.split(command)]


def send(program: Program, words: list[str]) -> object:
    """What curl would send."""
    assert words.pop(0) == "curl"
    method, body, headers, address = "", None, {}, ""
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        elif word != "-i":
            address = word
    return program.call(method or ("GET" if body is None else "POST"), address, headers=headers, data=body)


def test_every_example_of_the_guide_does_what_it_says(make_app: Callable[..., Flask]) -> None:
    program = Program(make_app())
    values = {"SITE": "", "AUTH": f"Bearer {program.key}", "JSON": "Content-Type: application/json"}
    values["AUTH"] = f"Authorization: {values['AUTH']}"
    count = 0
    for promise, command in examples():
        answer = send(program, arguments(command, values))
        assert promise.startswith(str(answer.status_code)), (promise, answer.data)
        kept = re.search(r"its (\w+) is ([A-Z]+)", promise)
        if kept:
            values[kept[2]] = answer.headers[kept[1]]
        for place in re.findall(r"errors: (\S+)", promise):
            assert place in [error["place"] for error in answer.json["errors"]]
        count += 1
    assert count > 10


def test_the_guide_names_the_limit_and_the_scopes(app: Flask) -> None:
    assert f"more than {app.config['API_PER_MINUTE']} requests" in GUIDE
    assert f"({app.config['MAX_CONTENT_LENGTH'] // 1024} KiB)" in GUIDE

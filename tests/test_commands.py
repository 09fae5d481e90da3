"""The commands as typed: the plan in words and for a machine, and what is refused before work begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readiness.cli import main

SAMPLES = Path(__file__).resolve().parents[1] / "docs" / "samples"


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["advise", *arguments]) == 0
    return capsys.readouterr().out


def test_the_plan_is_printed_and_explained_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(SAMPLES / "software-start-up.json")
    plain, explained = say(capsys, file), say(capsys, file, "--explain")

    assert plain.count("First step:") == 7
    assert "Aims at your largest gap" in plain
    assert explained.startswith(plain.rstrip("\n"))
    assert "How the actions were chosen:" in explained and "How the actions were chosen:" not in plain


def test_persian_is_printed_in_persian(capsys: pytest.CaptureFixture[str]) -> None:
    text = say(capsys, str(SAMPLES / "machine-builder.json"), "--lang", "fa", "--explain")

    assert "گام اول" in text and "First step" not in text
    assert "۱." in text


def test_a_machine_gets_ids_numbers_and_every_decision(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(say(capsys, str(SAMPLES / "biotech-born-global.json"), "--json"))

    assert document["route"] == "coopetition"
    assert [set(action) >= {"id", "indicator", "moves", "gains"} for action in document["actions"]] == [
        True
    ] * 5
    assert {step["rule"] for step in document["trace"]} <= {"closes", "builds", "instead", "waits", "stops"}


def test_a_file_that_cannot_be_read_is_refused_with_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text('{"model": "rezvani-2024"}')

    assert main(["advise", str(tmp_path / "bad.json")]) == 2
    assert "bad.json: responses: " in capsys.readouterr().err


def test_a_refusal_is_in_the_language_of_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.json").write_text('{"model": "rezvani-2024", "responses": []}')
    monkeypatch.setenv("LC_ALL", "fa_IR.UTF-8")

    assert main(["score", str(tmp_path / "bad.json")]) == 2
    assert "responses: پاسخی نیست؛ دست‌کم یک پاسخ‌دهنده لازم است" in capsys.readouterr().err
    assert "مسیر" in say(capsys, str(SAMPLES / "machine-builder.json"))


@pytest.mark.parametrize("spoken", ["", "C", "C.UTF-8", "de_DE", "en_GB.UTF-8"])
def test_without_a_language_of_ours_the_command_speaks_english(
    spoken: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, spoken)

    assert "First step:" in say(capsys, str(SAMPLES / "machine-builder.json"))


def test_a_report_is_never_written_over_the_answers_it_is_made_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, link = tmp_path / "answers.json", tmp_path / "link.json"
    answers.write_bytes((SAMPLES / "machine-builder.json").read_bytes())
    link.symlink_to(answers)
    before = answers.read_bytes()

    for target in (answers, link):
        assert main(["report", str(answers), "-o", str(target)]) == 2
        assert "is the file to read" in capsys.readouterr().err
    assert answers.read_bytes() == before


@pytest.mark.parametrize("port", ["65536", "-1", "http", "8000.0"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["serve", "--port", port])

    assert refused.value.code == 2
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize("sought", [["--indicator", "99"], ["--indicator", "0"], ["--partner", "nobody"]])
def test_actions_that_nothing_can_match_are_refused(
    sought: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["actions", *sought]) == 2
    said = capsys.readouterr().err
    assert sought[1] in said or "no such kind of partner" in said


def test_a_person_is_added_with_a_new_organisation_and_gets_a_link(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--instance", str(tmp_path)]
    add = ["user", "add", "Ada@Hub.org", "--organisation", "Hub", "--role", "administrator", *where]
    assert main(add) == 0
    first = capsys.readouterr().out
    assert main(["user", "link", "ada@hub.org", *where]) == 0
    second = capsys.readouterr().out

    assert first.startswith(
        "New organisation: Hub\nada@hub.org: administrator, Hub\nhttp://localhost:8000/sign-in/"
    )
    assert second.startswith("http://localhost:8000/sign-in/open/") and second.strip() not in first


def test_a_person_joins_an_organisation_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READINESS_BASE_URL", "https://readiness.example.org")
    for name in ("ada", "bob"):
        command = [
            "user",
            "add",
            f"{name}@hub.org",
            "--organisation",
            "مرکز رشد",
            "--instance",
            str(tmp_path),
        ]
        assert main(command) == 0

    out = capsys.readouterr().out
    assert (
        out.count("New organisation") == 1 and out.count("https://readiness.example.org/sign-in/open/") == 2
    )
    assert "bob@hub.org: consultant, مرکز رشد" in out


def test_a_link_for_nobody_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "link", "eve@hub.org", "--instance", str(tmp_path)]) == 2
    assert "nobody has the address eve@hub.org" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["eve", "eve@", "a b@c.org", "x" * 200 + "@c.org"])
def test_what_is_no_address_adds_nobody(
    typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["user", "add", typed, "--organisation", "Hub", "--instance", str(tmp_path)])
    assert "name@example.org" in capsys.readouterr().err

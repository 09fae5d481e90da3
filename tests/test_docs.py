"""What the documentation says is so."""

from __future__ import annotations

import argparse
import doctest
from pathlib import Path

import pytest

from readiness import __version__
from readiness.cli import parser
from readiness.core import model
from readiness.reports import actionlist

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_worked_examples_of_the_model_run_as_printed() -> None:
    outcome = doctest.testfile(str(ROOT / "docs" / "model.md"), module_relative=False)

    assert outcome.attempted > 10
    assert outcome.failed == 0


def commands(made: argparse.ArgumentParser, name: str = "readiness") -> list[tuple[str, str]]:
    """Every command with its help."""
    found = []
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, child in action.choices.items():
                below = commands(child, f"{name} {word}")
                found += below or [(f"{name} {word}", child.format_help())]
    return found


@pytest.mark.parametrize(("command", "words"), commands(parser()))
def test_every_command_has_help_and_a_line_in_the_readme(command: str, words: str) -> None:
    assert len(words.splitlines()) > 3
    assert command in README


def test_the_changelog_begins_with_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"## {__version__}" in changes


def test_every_picture_of_the_readme_exists() -> None:
    pictures = [part.partition(")")[0] for part in README.split("](docs/")[1:]]

    assert len(pictures) >= 3
    assert all((ROOT / "docs" / name.partition("#")[0]).is_file() for name in pictures)


def test_the_page_of_actions_is_made_from_the_library() -> None:
    page = (ROOT / "docs" / "actions.md").read_text(encoding="utf-8")

    assert page == actionlist.document(model.CURRENT), "readiness actions --markdown > docs/actions.md"

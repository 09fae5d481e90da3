"""The real application over a real database, and people who use it."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from readiness.web import create_app
from tests.web.pages import Person

Visitor = Callable[..., Person]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all, as in life: everybody brings an own firm."""
    made = create_app(tmp_path_factory.mktemp("instance"))
    yield made
    made.extensions["printer"].close()


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes an application of the test's own, with other settings."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        made.append(create_app(tmp_path / f"instance-{len(made)}", **settings))
        return made[-1]

    yield make
    for one in made:
        one.extensions["printer"].close()


_ADDRESSES = (f"10.{a}.{b}.{c}" for a, b, c in itertools.product(range(256), repeat=3))


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Makes people, each from an address of their own."""

    def visit(prefers: str = "en", of: Flask = app) -> Person:
        return Person(of, next(_ADDRESSES), prefers)

    return visit


@pytest.fixture
def founder(visitor: Visitor) -> Person:
    """Somebody who comes for the first time."""
    return visitor()

"""`readiness demo` as typed, and what its link leads to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from readiness.cli import main
from readiness.storage import cohorts, demonstration, users
from tests.web.conftest import Visitor

MakeApp = Callable[..., Flask]


@pytest.fixture
def place(make_app: MakeApp) -> tuple[Flask, list[str]]:
    app = make_app()
    return app, ["--instance", app.instance_path]


def test_a_demonstration_is_made_once_leads_to_a_sign_in_and_goes_again(
    place: tuple[Flask, list[str]], visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    app, where = place

    assert main(["demo", "--lang", "en", "--seed", "3", *where]) == 0
    made, link = capsys.readouterr().out.splitlines()
    assert made == "Made: 3 cohorts with 240 firms, all of them invented."
    person = visitor(of=app)
    person.typed |= {"Demonstration", "Demonstration (invented firms)"}
    person.send(person.open("/" + link.split("/", 3)[3]))
    assert "First cohort (invented)" in person.open("/programmes").text
    assert "(Sample)" in person.open("/portfolio").text

    assert main(["demo", *where]) == 2
    assert "readiness demo --remove takes it away" in capsys.readouterr().err
    assert main(["demo", "--remove", *where]) == 0
    assert "gone, with 240 invented firms" in capsys.readouterr().out
    assert main(["demo", "--remove", *where]) == 2
    assert "there is no demonstration; readiness demo makes one" in capsys.readouterr().err


def test_who_looks_at_it_is_not_the_first_administrator(
    place: tuple[Flask, list[str]], visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    app, where = place
    store = app.extensions["store"]
    main(["demo", *where])
    person = visitor(of=app)
    person.typed |= {"Demonstration", "Demonstration (invented firms)"}
    person.send(person.open("/" + capsys.readouterr().out.splitlines()[-1].split("/", 3)[3]))

    assert users.anybody(store)
    assert not users.anybody(store, but=demonstration.EMAIL)


def test_the_demonstration_speaks_persian(place: tuple[Flask, list[str]]) -> None:
    app, where = place
    assert main(["demo", "--lang", "fa", *where]) == 0

    store = app.extensions["store"]
    organisation = demonstration.find(store)
    assert organisation is not None
    assert all("ساختگی" in cohort.name for cohort in cohorts.listing(store, organisation))


def test_a_seed_is_a_whole_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--seed", "-1", "--instance", str(tmp_path)])

    assert "a seed is a whole number from 0 on" in capsys.readouterr().err

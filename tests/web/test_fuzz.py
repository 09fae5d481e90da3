"""Valid forms, sent slightly wrong a few hundred times: nothing fails, and what is kept stays sound."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask

from readiness.core import answers as answering
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.hostile import TEXTS
from tests.web.pages import Person, Sent

SEED = 20240721
CASES = 360
#: Of the cases with an intact token, at least this share must reach the database.
HEALTHY = 0.35

ODD = [
    "",
    " ",
    "\u00a0",
    "\u200b",
    "\u200c",
    "\u202e",
    "\ufeff",
    "\ufffd",
    "\ufffe",
    "\x00",
    "\x7f",
    "\x85",
    "\n",
    "\r\n",
    "\t",
    "۱۳۹۴",
    "٢٠١٥",
    "１２",
    "-1",
    "1_0",
    "1e3",
    "NaN",
    "∞",
    "0",
    "2015",
    "VL",
    "NA",
    "DK",
    "europe",
    "fa",
    "back",
    "x" * 81,
    "x" * 201,
    "x" * 2001,
    "ی" * 5000,
    *TEXTS,
]


def drop(sent: Sent, dice: random.Random) -> None:
    sent.pop(dice.randrange(len(sent)))


def double(sent: Sent, dice: random.Random) -> None:
    sent.append(dice.choice(sent))


def contradict(sent: Sent, dice: random.Random) -> None:
    sent.insert(dice.randrange(len(sent)), (dice.choice(sent)[0], dice.choice(ODD)))


def swap(sent: Sent, dice: random.Random) -> None:
    here, there = dice.randrange(len(sent)), dice.randrange(len(sent))
    (a, left), (b, right) = sent[here], sent[there]
    sent[here], sent[there] = (a, right), (b, left)


def replace(sent: Sent, dice: random.Random) -> None:
    place = dice.randrange(len(sent))
    sent[place] = (sent[place][0], dice.choice(ODD))


def append(sent: Sent, dice: random.Random) -> None:
    place = dice.randrange(len(sent))
    sent[place] = (sent[place][0], sent[place][1] + dice.choice(ODD))


def rename(sent: Sent, dice: random.Random) -> None:
    place = dice.randrange(len(sent))
    name = sent[place][0]
    sent[place] = (
        dice.choice([name.upper(), f"{name}[]", f"{name} ", name[:-1], f"{name}0"]),
        sent[place][1],
    )


def oversize(sent: Sent, dice: random.Random) -> None:
    place = dice.randrange(len(sent))
    sent[place] = (sent[place][0], (sent[place][1] * 5000)[:200_000] + "9" * 20_000)


def shuffle(sent: Sent, dice: random.Random) -> None:
    dice.shuffle(sent)


MUTATIONS = [drop, double, contradict, swap, replace, replace, append, append, rename, oversize, shuffle]


def mutated(sent: Sent, dice: random.Random) -> Sent:
    """The form with one to three faults; mostly its token is spared."""
    token = [pair for pair in sent if pair[0] == "csrf_token"]
    rest = [pair for pair in sent if pair[0] != "csrf_token"]
    spared = dice.random() < 0.95
    target = rest if spared else rest + token
    for _ in range(dice.randint(1, 3)):
        if target:
            dice.choice(MUTATIONS)(target, dice)
    return target + (token if spared else [])


class Writes:
    """Whether anything was written to a database since one last asked."""

    def __init__(self, app: Flask) -> None:
        path = app.config["DATABASE"].removeprefix("sqlite:///")
        self.connection = sqlite3.connect(path)
        self.version = self.now()

    def now(self) -> int:
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def happened(self) -> bool:
        before, self.version = self.version, self.now()
        return before != self.version


def valid(person: Person, link: str, dice: random.Random) -> tuple[str, Sent]:
    """One of the forms, filled in as it should be."""
    component = dice.choice(founders.components())
    path = dice.choice(["/start", f"{link}/firm", *[f"{link}/questions/{component}"] * 3])
    page = person.open(path)
    values: dict[str, str | list[str]] = dict(founders.FIRM)
    if "questions" in path:
        values = {f"a-{number}": dice.choice(founders.TERMS) for number in founders.numbers(component)}
        number = dice.choice(founders.numbers(component))
        values |= {f"n-{number}": "a note", f"a-{number}": "NA", f"r-{number}": "a reason"}
    form = "answers" if "questions" in path else "firm"
    return path, person.fill(page, values, dice.choice(["next", "check"]) if form == "answers" else "", form)


def send(person: Person, path: str, form: Sent, dice: random.Random) -> int:
    data: dict[str, list[str]] = {}
    for name, value in form:
        data.setdefault(name, []).append(value)
    kind = dice.choice(["application/x-www-form-urlencoded", "multipart/form-data"])
    accept = {"Accept": "application/json"} if dice.random() < 0.3 else {}
    return person.client.post(path, data=data, content_type=kind, headers=accept).status_code


@pytest.mark.parametrize("language", ["en", "fa"])
def test_valid_forms_with_faults_never_fail_and_often_reach_the_database(
    make_app: Callable[..., Flask], visitor: Visitor, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(STARTS_PER_HOUR=CASES)
    founder = visitor(language, of=app)
    founder.typed |= {*ODD}
    link = founders.start(founder)
    dice, writes = random.Random(SEED + len(language) + ord(language[0])), Writes(app)
    got: Counter[int] = Counter()
    reached = 0
    for case in range(CASES // 2):
        path, form = valid(founder, link, dice)
        form = mutated(form, dice)
        founder.typed |= {value for _, value in form if len(value) > 1}

        status = send(founder, path, form, dice)

        assert status in (200, 302, 400, 409, 413), f"case {case}: {status} for {path}: {form!r}"
        got[status] += 1
        wrote = writes.happened()
        reached += wrote
        assert not (wrote and status == 413)
        kept = answering.read(founder.client.get(f"{link}/answers.json").get_data(as_text=True))
        assert kept.firm["name"].strip() and len(kept.firm["name"]) <= answering.NAME_LENGTH

    with capsys.disabled():
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(got.items()))
        print(f"\nfuzz {language}: {CASES // 2} forms, {reached} reached the database ({counts})")
    assert reached > HEALTHY * CASES / 2
    assert founder.open(f"{link}/check").status == 200
    founder.open(f"{link}/firm")
    writes.connection.close()

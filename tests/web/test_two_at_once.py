"""Several people at the same pages at the same moment: nothing is lost silently."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.pages import Person, Sent

Result = TypeVar("Result")
COMPONENT = founders.components()[0]
NUMBERS = founders.numbers(COMPONENT)
ONE = NUMBERS[0]
#: What a request may answer; 413, 429 and the like would be wrong here.
ACCEPTED, CONFLICT, GONE = 302, 409, 404


def together(count: int, deed: Callable[[int], Result]) -> list[Result]:
    """Let `count` threads do it at the same moment."""
    gate = Barrier(count)

    def one(place: int) -> Result:
        gate.wait()
        return deed(place)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def people(founder: Person, count: int) -> list[Person]:
    return [founder.elsewhere() for _ in range(count)]


def filled(person: Person, path: str, **values: str) -> Sent:
    """The form of a page as the person would send it."""
    page = person.open(path)
    form = "firm" if path.endswith("firm") else "answers"
    return person.fill(page, {name.replace("_", "-", 1): text for name, text in values.items()}, form=form)


def sent(person: Person, path: str, form: Sent) -> int:
    return person.client.post(path, data=dict(form)).status_code


def response(person: Person, link: str) -> dict[str, dict[str, str]]:
    return dict(json.loads(person.open(f"{link}/answers.json").body)["responses"][0])


def test_of_different_answers_to_one_question_one_is_kept_and_the_others_hear_of_it(founder: Person) -> None:
    link = founders.start(founder)
    path = f"{link}/questions/{COMPONENT}"
    crowd = people(founder, 5)
    forms = [
        filled(person, path, **{f"a_{ONE}": term}) for person, term in zip(crowd, founders.TERMS, strict=True)
    ]

    got = together(5, lambda place: sent(crowd[place], path, forms[place]))

    assert Counter(got) == {ACCEPTED: 1, CONFLICT: 4}
    assert response(founder, link)["answers"] == {str(ONE): founders.TERMS[got.index(ACCEPTED)]}


def test_answers_to_different_questions_are_all_kept(founder: Person) -> None:
    link = founders.start(founder)
    path = f"{link}/questions/{COMPONENT}"
    crowd = people(founder, len(NUMBERS))
    forms = [
        filled(person, path, **{f"a_{number}": "H", f"n_{number}": f"note {number}"})
        for person, number in zip(crowd, NUMBERS, strict=True)
    ]

    got = together(len(crowd), lambda place: sent(crowd[place], path, forms[place]))

    assert set(got) == {ACCEPTED}
    assert response(founder, link)["answers"] == {str(number): "H" for number in NUMBERS}
    assert response(founder, link)["notes"] == {str(number): f"note {number}" for number in NUMBERS}


def test_whoever_tries_again_after_a_conflict_gets_every_word_in(founder: Person) -> None:
    link = founders.start(founder)
    path = f"{link}/questions/{COMPONENT}"
    crowd, rounds = people(founder, 4), 4

    def write(place: int) -> None:
        for turn in range(rounds):
            while True:
                page = crowd[place].open(path)
                words = f"{page.holds(f'n-{ONE}')} {place}.{turn}"
                if sent(crowd[place], path, crowd[place].fill(page, {f"n-{ONE}": words})) == ACCEPTED:
                    break

    together(4, write)

    words = response(founder, link)["notes"][str(ONE)].split()
    assert sorted(words) == sorted(f"{place}.{turn}" for place in range(4) for turn in range(rounds))


def test_nor_is_a_word_lost_in_the_firm_s_form(founder: Person) -> None:
    link = founders.start(founder)
    path = f"{link}/firm"
    crowd, rounds = people(founder, 4), 4

    def write(place: int) -> None:
        for turn in range(rounds):
            while True:
                page = crowd[place].open(path)
                words = f"{page.holds('country')} {place}.{turn}"
                form = crowd[place].fill(page, {"country": words}, form="firm")
                if sent(crowd[place], path, form) == ACCEPTED:
                    break

    together(4, write)

    words = json.loads(founder.open(f"{link}/answers.json").body)["firm"]["country"].split()
    assert sorted(words) == sorted(f"{place}.{turn}" for place in range(4) for turn in range(rounds))


def test_deleting_while_others_save_fails_for_nobody_and_leaves_nothing(app: Flask, founder: Person) -> None:
    link = founders.start(founder, "Deleted meanwhile")
    path = f"{link}/questions/{COMPONENT}"
    crowd = people(founder, 5)
    forms = [filled(person, path, **{f"a_{ONE}": "H"}) for person in crowd]
    asked = founder.open(f"{link}/delete")

    def act(place: int) -> set[int]:
        if place == 5:
            return {founder.client.post(asked.path, data=dict(founder.fill(asked, {}))).status_code}
        return {sent(crowd[place], path, forms[place]) for _ in range(6)}

    got = together(6, act)

    assert set().union(*got) <= {ACCEPTED, GONE}
    founder.open(link, status=GONE)
    with sqlite3.connect(app.config["DATABASE"].removeprefix("sqlite:///")) as connection:
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        assert not [line for line in connection.iterdump() if "Deleted meanwhile" in line]


def test_finishing_at_the_same_moment_finishes_once(founder: Person) -> None:
    link = founders.start(founder)
    founders.answer(founder, founder.open(link))
    crowd = people(founder, 4)
    tokens = [person.token() for person in crowd]

    got = together(
        4,
        lambda place: crowd[place].client.post(f"{link}/finish", data={"csrf_token": tokens[place]}).location,
    )

    assert set(got) == {f"{link}/profile"}


def test_many_who_start_at_once_get_a_link_each(visitor: Visitor) -> None:
    crowd = [visitor() for _ in range(8)]
    names = [f"Firm {place}" for place in range(8)]

    links = together(8, lambda place: founders.start(crowd[place], names[place]))

    assert len(set(links)) == 8
    for person, link, name in zip(crowd, links, names, strict=True):
        assert json.loads(person.open(f"{link}/answers.json").body)["firm"] == {"name": name}


def test_a_limit_holds_for_starts_at_the_same_moment(
    make_app: Callable[..., Flask], visitor: Visitor
) -> None:
    app = make_app(STARTS_PER_HOUR=3)
    founder = visitor(of=app)
    data = dict(founder.fill(founder.open("/start"), {"name": "Rush"}))
    crowd = people(founder, 8)
    forms = [data | {"csrf_token": person.token()} for person in crowd]

    got = together(8, lambda place: crowd[place].client.post("/start", data=forms[place]).status_code)

    assert Counter(got) == {ACCEPTED: 3, 429: 5}


def test_two_languages_at_once_do_not_mix(visitor: Visitor) -> None:
    crowd = [visitor(language) for language in ("en", "fa") * 3]
    links = [founders.start(person) for person in crowd]

    def look(place: int) -> set[str]:
        paths = ("/start", "/method", links[place], f"{links[place]}/firm", f"{links[place]}/check")
        return {crowd[place].open(path).language for path in paths * 2}

    assert together(6, look) == [{"en"}, {"fa"}] * 3

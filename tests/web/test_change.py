"""Assess again: a founder by link, a consultant by way of the portfolio, and what the pages then say."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.members import add_firm, member, round_of
from tests.web.pages import Page, Person

FIRST = founders.components()[0]


def first_round(person: Person, term: str = "M", name: str = "Nanotech Pars") -> str:
    """A finished first round with every question answered the same; its private link."""
    link = founders.start(person, name)
    person.send(founders.answer_everything(person, link, term))
    return link


def again(person: Person, link: str, begin: str = "last") -> Page:
    """Press "assess again"; the page that this leads to."""
    return person.send(person.open(f"{link}/again"), {"answers": begin}, form="again")


def answers(person: Person, link: str) -> dict[str, dict[str, str]]:
    return dict(json.loads(person.open(f"{link}/answers.json").body)["responses"][0])


def taken_over(page: Page) -> int:
    """How many questions of a page stand as they did last time."""
    return page.html.count('class="tag"')


# A founder by link


def test_a_new_round_has_a_new_link_to_keep_and_the_old_one_keeps_the_old_round(founder: Person) -> None:
    old = first_round(founder)

    page = again(founder, old)

    new = founders.home(page)
    assert new != old and page.path == f"{new}/questions/{FIRST}"
    assert page.private_link.endswith(new)
    assert "This is round 2, and its link is a new one to keep." in page.text
    assert re.search(r'<details class="keep no-print" open>', page.html)
    assert founder.open(old).path == f"{old}/profile"
    assert answers(founder, old)["answers"] == answers(founder, new)["answers"]


def test_the_old_round_says_that_there_is_a_newer_one_and_not_where(founder: Person) -> None:
    old = first_round(founder)
    new = founders.home(again(founder, old))

    page = founder.open(old)

    assert "There is a newer round of this assessment." in page.text
    assert founders.key(new) not in page.html
    assert f"{old}/again" not in page.links()
    asked = founder.open(f"{old}/again")
    assert "There is a newer round" in asked.text and founders.key(new) not in asked.html
    assert [form.id for form in asked.read.forms] == []


def test_answers_from_last_time_are_marked_until_they_are_saved_again(founder: Person) -> None:
    page = again(founder, first_round(founder))
    new, count = founders.home(page), len(founders.numbers(FIRST))

    assert taken_over(page) == count
    assert "Look at each: does it still hold?" in page.text
    assert "0 of 47 answered or looked at again" in page.text
    assert "47 answers are from last time" in founder.open(f"{new}/check").text

    founder.send(page, button="next", form="answers")
    back = founder.open(f"{new}/questions/{FIRST}")
    assert taken_over(back) == 0 and "does it still hold" not in back.text
    assert f"{47 - count} answers are from last time" in founder.open(f"{new}/check").text
    assert founder.open(new).path == f"{new}/questions/{founders.components()[1]}"


def test_going_back_or_switching_the_language_is_no_look_at_the_answers(founder: Person) -> None:
    new = founders.home(again(founder, first_round(founder)))
    second = f"{new}/questions/{founders.components()[1]}"

    founder.send(founder.open(second), button="back", form="answers")

    assert taken_over(founder.open(second)) == len(founders.numbers(founders.components()[1]))


def test_what_the_script_saves_is_looked_at_and_the_rest_is_not(founder: Person) -> None:
    page = again(founder, first_round(founder))
    one = founders.numbers(FIRST)[0]

    saved = founder.script(page, {f"a-{one}": "VH"}, [one])

    assert saved.status_code == 200
    assert "1 of 47 answered or looked at again" in saved.json["progress"]["line"]
    assert taken_over(founder.open(page.path)) == len(founders.numbers(FIRST)) - 1


def test_a_blank_round_shows_nothing_of_the_last_one(founder: Person) -> None:
    page = again(founder, first_round(founder), "blank")

    assert taken_over(page) == 0 and "0 of 47 answered ·" in page.text
    assert answers(founder, founders.home(page))["answers"] == {}


def test_a_round_is_followed_only_when_it_is_finished(founder: Person) -> None:
    link = founders.start(founder)

    assert founder.open(f"{link}/again").path == f"{link}/questions/{FIRST}"


def test_nothing_is_begun_by_what_no_form_offers(founder: Person) -> None:
    old = first_round(founder)
    page = founder.open(f"{old}/again")
    sent = [(name, value) for name, value in founder.fill(page, {}, form="again") if name != "answers"]

    founder.post(f"{old}/again", [*sent, ("answers", "everything")], status=400)

    assert "There is a newer round" not in founder.open(old).text


def test_a_double_click_leads_to_one_new_round_and_to_its_link(founder: Person) -> None:
    old = first_round(founder)
    form = founder.fill(founder.open(f"{old}/again"), {}, form="again")
    gate = Barrier(4)

    def click(_place: int) -> str:
        gate.wait()
        return founder.client.post(f"{old}/again", data=dict(form)).headers["Location"]

    with ThreadPoolExecutor(4) as pool:
        led = set(pool.map(click, range(4)))

    assert len(led) == 1
    assert founder.open(led.pop()).path.endswith(f"/questions/{FIRST}")


def test_of_two_people_at_once_the_second_hears_that_the_first_has_the_link(founder: Person) -> None:
    old, other = first_round(founder), founder.elsewhere()
    here, there = founder.open(f"{old}/again"), other.open(f"{old}/again")
    new = founders.home(founder.send(here, form="again"))

    late = other.send(there, form="again", status=409)

    assert "whoever began it has that link" in late.text
    assert founders.key(new) not in late.html


def test_new_rounds_count_among_the_starts_that_an_address_may_make(
    make_app: Callable[..., Flask], visitor: Visitor
) -> None:
    person = visitor(of=make_app(STARTS_PER_HOUR=1))
    old = first_round(person)

    person.send(person.open(f"{old}/again"), form="again", status=429)

    assert "There is a newer round" not in person.open(old).text


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_profile_of_the_new_round_says_what_changed(visitor: Visitor, language: str) -> None:
    person = visitor(language)
    page = again(person, first_round(person, "M"))
    new = founders.home(page)
    person.send(person.open(f"{new}/firm"), {"countries": "7"}, form="firm")
    page = founders.answer(person, person.open(f"{new}/questions/{FIRST}"), "VH")
    profile = person.send(person.open(f"{new}/check"))

    part = profile.html[profile.html.index('id="change"') : profile.html.index('id="components"')]
    changed = len(founders.numbers(FIRST))
    if language == "en":
        assert f"{changed} of 47 answers changed." in profile.text
        assert f"{47 - changed} answers were taken over from last time" in profile.text
        assert "Countries sold to: – then, 7 now" in profile.text
    else:
        assert "تغییر از دور پیش" in profile.text and "از دور پیش آمده و دوباره دیده نشده است" in profile.text
    assert part.count('class="mark"') == 2, "networking and with it the whole"


def test_the_first_round_has_no_such_part(founder: Person) -> None:
    assert 'id="change"' not in founder.open(first_round(founder)).html


def test_a_founder_deletes_one_round_or_the_firm_with_all_of_them(founder: Person) -> None:
    old = first_round(founder)
    new = founders.home(again(founder, old))

    founder.send(founder.open(f"{new}/delete"), button="round")
    founder.open(new, status=404)
    assert founder.open(old).path == f"{old}/profile"

    new = founders.home(again(founder, old))
    page = founder.open(f"{new}/delete")
    assert "You can delete round 2 alone" in page.text
    founder.send(page, button="firm")
    founder.open(old, status=404)
    founder.open(new, status=404)


# A consultant by way of the portfolio


def of_portfolio(app: Flask, person: Person, term: str = "M") -> str:
    """A firm of the portfolio with a finished round; the path of its page."""
    firm = add_firm(person)
    one = round_of(person, firm)
    person.send(founders.answer_everything(person, one, term))
    return firm


def test_a_consultant_begins_the_next_round_from_the_firm_s_page(app: Flask, visitor: Visitor) -> None:
    ada = member(visitor(), organisation="Again")
    firm = of_portfolio(app, ada)
    old = round_of(ada, firm)
    assert f"{old}/again" in ada.open(firm).links()

    page = again(ada, old)

    assert page.path == firm and "A new round has begun." in page.text
    new = round_of(ada, firm)
    assert new != old
    assert new in ada.open(old).links(), "the old profile leads to the newer round"
    assert "New round begun" not in page.text
    assert taken_over(ada.open(new)) == len(founders.numbers(FIRST))
    assert f"{old}" in ada.open(firm).links(), "the old round stays readable"
    assert [item.value for item in ada.open(f"{new}/delete").form().controls if item.name == "what"] == [
        "round"
    ], "the whole firm is deleted from its own page"


def test_a_second_consultant_is_led_to_the_round_that_exists(app: Flask, visitor: Visitor) -> None:
    ada = member(visitor(), organisation="Twice", email="ada@twice.org")
    bob = member(visitor(), organisation="Twice", email="bob@twice.org")
    bob.typed |= ada.typed
    firm = of_portfolio(app, ada)
    old = round_of(ada, firm)
    late = bob.open(f"{old}/again")
    again(ada, old)

    page = bob.send(late, form="again")

    assert page.path == firm and "Somebody had begun the new round already." in page.text
    assert "Round 3" not in page.text


def test_a_manager_looks_at_rounds_and_begins_none(app: Flask, visitor: Visitor) -> None:
    ada = member(visitor(), organisation="Look")
    firm = of_portfolio(app, ada)
    mara = member(visitor(), "manager", "Look")
    mara.typed |= ada.typed | {"Nanotech Pars"}
    old = round_of(ada, firm)

    assert f"{old}/again" not in [*mara.open(firm).links(), *mara.open(old).links()]
    mara.open(f"{old}/again", status=403)


def test_what_a_consultant_began_stands_in_the_list_of_deeds(app: Flask, visitor: Visitor) -> None:
    ada = member(visitor(), "administrator", "Deeds")
    again(ada, round_of(ada, of_portfolio(app, ada)))

    assert "New round begun" in ada.open("/organisation/audit").text


# The trend


def two_rounds(app: Flask, person: Person) -> str:
    firm = of_portfolio(app, person, "M")
    again(person, round_of(person, firm), "blank")
    person.send(founders.answer_everything(person, round_of(person, firm), "H"))
    return firm


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_trend_shows_every_component_over_all_rounds(app: Flask, visitor: Visitor, language: str) -> None:
    ada = member(visitor(language), organisation=f"Trend-{language}")
    firm = two_rounds(app, ada)
    ada.open(f"/?lang={language}")

    page = ada.open(f"{firm}/trend")

    assert page.language == language
    assert page.html.count('<svg xmlns="http://www.w3.org/2000/svg" class="course"') == 10
    assert page.html.count("<polyline") == 10
    if language == "en":
        assert "Round 1" in page.text and "Round 2" in page.text
        assert "Against the round before: higher." in page.text
        assert "50.0" in page.text and "80.0" in page.text
    assert f"{firm}/trend" in ada.open(firm).links()


def test_a_firm_with_one_round_has_no_trend_yet(app: Flask, visitor: Visitor) -> None:
    ada = member(visitor(), organisation="Single")
    firm = of_portfolio(app, ada)

    assert f"{firm}/trend" not in ada.open(firm).links()
    assert "A trend needs two finished rounds." in ada.open(f"{firm}/trend").text


def test_the_trend_of_a_firm_of_another_organisation_is_not_there(app: Flask, visitor: Visitor) -> None:
    firm = of_portfolio(app, member(visitor(), organisation="Ours"))

    member(visitor(), organisation="Theirs").open(f"{firm}/trend", status=404)


def test_the_list_and_the_firm_agree_with_the_trend(app: Flask, visitor: Visitor) -> None:
    ada = member(visitor(), organisation="Agree")
    firm = two_rounds(app, ada)

    assert "higher" in ada.open("/portfolio").text
    assert "higher" in ada.open(firm).text

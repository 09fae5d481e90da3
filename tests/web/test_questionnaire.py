"""Answering: saved as you go, never overwritten, never lost."""

import json

import pytest

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.pages import Page, Person

COMPONENT = founders.components()[0]
ONE, TWO, THREE = founders.numbers(COMPONENT)[:3]


@pytest.fixture
def link(founder: Person) -> str:
    return founders.start(founder)


def questions(person: Person, link: str, component: str = COMPONENT) -> Page:
    return person.open(f"{link}/questions/{component}")


def stored(person: Person, link: str) -> dict[str, dict[str, str]]:
    """Answers, notes and reasons as they are kept."""
    response = json.loads(person.open(f"{link}/answers.json").body)["responses"][0]
    return {part: response.get(part, {}) for part in ("answers", "notes", "reasons")}


def test_save_and_continue_keeps_answers_notes_and_reasons(founder: Person, link: str) -> None:
    page = founder.send(
        questions(founder, link),
        {
            f"a-{ONE}": "VH",
            f"n-{ONE}": "  two lines\r\nof evidence ",
            f"a-{TWO}": "NA",
            f"r-{TWO}": "We sell services only.",
        },
        button="next",
    )

    assert page.path == f"{link}/questions/{founders.components()[1]}"
    assert stored(founder, link) == {
        "answers": {str(ONE): "VH", str(TWO): "NA"},
        "notes": {str(ONE): "two lines\nof evidence"},
        "reasons": {str(TWO): "We sell services only."},
    }
    again = questions(founder, link)
    assert (again.holds(f"a-{ONE}"), again.holds(f"a-{TWO}")) == ("VH", "NA")
    assert (again.holds(f"n-{ONE}"), again.holds(f"r-{TWO}")) == (
        "two lines\nof evidence",
        "We sell services only.",
    )


def test_every_answer_can_be_given_and_comes_back(founder: Person, link: str) -> None:
    for component in founders.components():
        names = [f"a-{number}" for number in founders.numbers(component)]
        given = {name: ("VL", "L", "M", "H", "VH", "DK", "NA")[at % 7] for at, name in enumerate(names)}

        founder.send(questions(founder, link, component), given, button="check")

        page = questions(founder, link, component)
        assert {name: page.holds(name) for name in names} == given


@pytest.mark.parametrize(
    ("button", "component", "leads"),
    [
        ("next", 0, "questions/1"),
        ("next", 8, "check"),
        ("back", 4, "questions/3"),
        ("check", 4, "check"),
    ],
)
def test_buttons_save_and_lead(founder: Person, link: str, button: str, component: int, leads: str) -> None:
    parts = founders.components()
    number = founders.numbers(parts[component])[0]

    page = founder.send(questions(founder, link, parts[component]), {f"a-{number}": "L"}, button=button)

    where, _, place = leads.partition("/")
    assert page.path == f"{link}/{where}" + (f"/{parts[int(place)]}" if place else "")
    assert stored(founder, link)["answers"] == {str(number): "L"}


def test_there_is_no_way_back_from_the_first_page(founder: Person, link: str) -> None:
    buttons = [item.value for item in questions(founder, link).form().controls if item.name == "go"]

    assert buttons == ["next", "check"]


def test_not_applicable_asks_why_and_the_check_page_says_where_no_reason_is(
    founder: Person, link: str
) -> None:
    page = questions(founder, link)
    assert page.text.count("Why is this not applicable to your firm?") == len(founders.numbers(COMPONENT))

    founder.send(page, {f"a-{ONE}": "NA", f"r-{ONE}": "No hardware", f"a-{TWO}": "NA"}, button="next")

    assert founder.open(f"{link}/check").text.count("no reason given") == 1


def test_the_check_page_counts_what_is_missing(founder: Person, link: str) -> None:
    asked = len(founders.model().numbers)
    assert "questions are not answered yet" not in founder.open(f"{link}/check").text, "nothing to finish"
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")
    assert f"{asked - 1} questions are not answered yet" in founder.open(f"{link}/check").text

    page = founders.answer_everything(founder, link)

    assert "All questions are answered." in page.text


def test_from_a_row_of_the_check_page_one_comes_back_to_that_row(founder: Person, link: str) -> None:
    founders.answer_everything(founder, link)
    there = next(way for way in founder.open(f"{link}/check").links() if f"row={TWO}" in way)

    page = founder.open(there)
    assert "Save and go back to all answers" in page.text
    answer = founder.client.post(
        there.partition("#")[0], data={"csrf_token": page.holds("csrf_token"), f"a-{TWO}": "L", "go": "check"}
    )

    assert answer.headers["Location"].endswith(f"/check#row-{TWO}")


def test_a_barrier_is_said_to_count_in_reverse(founder: Person, link: str) -> None:
    barrier = next(iter(founders.model().reversed))
    assert "counts in reverse" not in founder.open(f"{link}/check").text

    page = founders.answer_everything(founder, link)

    assert page.html.count("counts in reverse") == 1
    assert f'id="row-{barrier}"' in page.html.partition("counts in reverse")[0].rpartition("<tr")[2]


# The script


def test_the_script_saves_what_was_touched_and_nothing_else(founder: Person, link: str) -> None:
    page = questions(founder, link)

    answer = founder.script(page, {f"a-{ONE}": "M", f"n-{ONE}": "why", f"a-{TWO}": "L"}, [ONE])

    assert answer.status_code == 200 and answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.json["seen"]) == [str(ONE)] and not answer.json["conflicts"]
    assert answer.json["progress"]["done"] == 1
    assert stored(founder, link)["answers"] == {str(ONE): "M"}


def test_what_the_script_was_told_lets_the_page_be_sent_without_a_conflict(
    founder: Person, link: str
) -> None:
    page = questions(founder, link)
    told = founder.script(page, {f"a-{ONE}": "M"}, [ONE]).json["seen"]

    founder.send(page, {f"a-{ONE}": "H", f"s-{ONE}": told[str(ONE)]}, button="next")

    assert stored(founder, link)["answers"] == {str(ONE): "H"}


def test_the_script_hears_of_a_conflict_and_overwrites_nothing(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")

    answer = founder.script(stale, {f"a-{ONE}": "VL"}, [ONE])

    assert answer.status_code == 409 and answer.json["conflicts"] == [ONE]
    assert stored(founder, link)["answers"] == {str(ONE): "VH"}


def test_the_script_cannot_lose_another_tabs_answer_by_saving_twice(founder: Person, link: str) -> None:
    """Touched and put back: the script learns no digest of what its page does not show."""
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")
    told = founder.script(stale, {f"n-{ONE}": ""}, [ONE])
    assert told.status_code == 200, "nothing was changed, so nothing conflicts"

    page = {f"n-{ONE}": "a note", f"s-{ONE}": told.json["seen"][str(ONE)]}
    founder.send(stale, page, button="next", status=409)

    assert stored(founder, link)["answers"] == {str(ONE): "VH"}


def test_the_script_hears_what_is_too_long(founder: Person, link: str) -> None:
    answer = founder.script(questions(founder, link), {f"n-{ONE}": "n" * 2001, f"a-{TWO}": "L"}, [ONE, TWO])

    assert answer.status_code == 400 and answer.json["problems"] == {str(ONE): "note"}
    assert stored(founder, link)["answers"] == {str(TWO): "L"}, "the rest is saved"


def test_the_script_of_a_deleted_assessment_hears_that_it_is_gone(founder: Person, link: str) -> None:
    page = questions(founder, link)
    founder.send(founder.open(f"{link}/delete"))

    answer = founder.script(page, {f"a-{ONE}": "M"}, [ONE])

    assert answer.status_code == 404 and "error" in answer.json


def test_the_script_without_a_token_hears_what_to_do(founder: Person, link: str) -> None:
    answer = founder.client.post(
        f"{link}/questions/{COMPONENT}", data={f"s-{ONE}": ""}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 400 and "reload the page" in answer.json["error"]


# Two tabs


def test_a_stale_tab_shows_both_values_and_overwrites_nothing(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"a-{ONE}": "VH", f"n-{ONE}": "from there"}, button="next")

    page = founder.send(
        stale, {f"a-{ONE}": "VL", f"n-{ONE}": "from here", f"a-{TWO}": "M"}, button="next", status=409
    )

    assert (page.holds(f"a-{ONE}"), page.holds(f"n-{ONE}")) == ("VL", "from here")
    assert "from there" in page.text and "Very high" in page.text
    assert f"#q-{ONE}" in page.links() and f"#q-{TWO}" not in page.links()
    assert stored(founder, link)["answers"] == {str(ONE): "VH", str(TWO): "M"}
    assert stored(founder, link)["notes"] == {str(ONE): "from there"}


def test_saving_again_after_a_conflict_keeps_mine(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")
    page = founder.send(stale, {f"a-{ONE}": "VL"}, button="next", status=409)

    page = founder.send(page, button="next")

    assert page.path == f"{link}/questions/{founders.components()[1]}"
    assert stored(founder, link)["answers"] == {str(ONE): "VL"}


def test_a_third_change_after_a_conflict_is_a_conflict_again(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")
    page = founder.send(stale, {f"a-{ONE}": "VL"}, button="next", status=409)
    founder.send(questions(founder, link), {f"a-{ONE}": "M"}, button="next")

    founder.send(page, button="next", status=409)

    assert stored(founder, link)["answers"] == {str(ONE): "M"}


def test_the_same_answer_in_both_tabs_is_no_conflict(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    for page in (questions(founder, link), stale):
        founder.send(page, {f"a-{ONE}": "VH", f"n-{ONE}": "same"}, button="next")

    assert stored(founder, link)["answers"] == {str(ONE): "VH"}


def test_what_a_stale_tab_did_not_touch_never_overwrites(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    founder.send(
        questions(founder, link), {f"a-{ONE}": "VH", f"n-{ONE}": "note", f"a-{TWO}": "L"}, button="next"
    )

    founder.send(stale, {f"a-{THREE}": "M"}, button="next")

    assert stored(founder, link)["answers"] == {str(ONE): "VH", str(TWO): "L", str(THREE): "M"}
    assert stored(founder, link)["notes"] == {str(ONE): "note"}


def test_what_was_not_touched_does_not_overwrite_after_a_conflict_elsewhere_either(
    founder: Person, link: str
) -> None:
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"a-{ONE}": "VH", f"a-{TWO}": "L"}, button="next")
    page = founder.send(stale, {f"a-{ONE}": "VL"}, button="next", status=409)
    assert page.holds(f"a-{TWO}") == "L", "the page shows what is stored by now"

    founder.send(page, button="next")

    assert stored(founder, link)["answers"] == {str(ONE): "VL", str(TWO): "L"}


def test_what_was_not_touched_does_not_overwrite_after_an_error_elsewhere_either(
    founder: Person, link: str
) -> None:
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"a-{TWO}": "L"}, button="next")
    page = founder.send(stale, {f"n-{ONE}": "n" * 2001}, button="next", status=400)

    founder.send(page, {f"n-{ONE}": "short"}, button="next")

    assert stored(founder, link)["answers"] == {str(TWO): "L"}
    assert stored(founder, link)["notes"] == {str(ONE): "short"}


def test_a_text_that_was_too_long_still_meets_the_other_tabs_change(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"n-{ONE}": "from there"}, button="next")
    page = founder.send(stale, {f"n-{ONE}": "n" * 2001}, button="next", status=400)

    page = founder.send(page, {f"n-{ONE}": "from here"}, button="next", status=409)

    assert "from there" in page.text and page.holds(f"n-{ONE}") == "from here"
    assert stored(founder, link)["notes"] == {str(ONE): "from there"}


def test_an_answer_that_was_cleared_elsewhere_is_a_conflict_too(founder: Person, link: str) -> None:
    founder.send(questions(founder, link), {f"n-{ONE}": "note"}, button="next")
    stale = questions(founder, link)
    founder.send(questions(founder, link), {f"n-{ONE}": ""}, button="next")

    page = founder.send(stale, {f"n-{ONE}": "longer note"}, button="next", status=409)

    assert "not answered" in page.text


def test_a_question_without_its_digest_is_left_alone(founder: Person, link: str) -> None:
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")

    founder.post(
        f"{link}/questions/{COMPONENT}",
        [("csrf_token", founder.token()), (f"a-{ONE}", "L"), (f"a-{TWO}", "L")],
    )

    assert stored(founder, link)["answers"] == {str(ONE): "VH"}


@pytest.mark.parametrize("digest", ["", "x", "0" * 12, "'", "\u0000"])
def test_a_made_up_digest_overwrites_nothing(founder: Person, link: str, digest: str) -> None:
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")
    page = questions(founder, link)

    founder.post(page.path, founder.fill(page, {f"a-{ONE}": "L", f"s-{ONE}": digest}, "next"), status=409)

    assert stored(founder, link)["answers"] == {str(ONE): "VH"}


# Whose text


def test_what_one_firm_wrote_never_stands_on_another_s_page(visitor: Visitor) -> None:
    first, second = visitor(), visitor()
    links = [founders.start(first, "First firm"), founders.start(second, "Second firm")]
    for person, link, word in zip((first, second), links, ("alpha", "omega"), strict=True):
        values = {f"a-{ONE}": "NA", f"n-{ONE}": f"{word} note", f"r-{ONE}": f"{word} reason"}
        person.send(questions(person, link), values, button="next")

    for person, link, other in zip((first, second), links, ("omega", "alpha"), strict=True):
        for path in (f"/questions/{COMPONENT}", "/check", "/firm", "/delete", "/answers.json"):
            assert other.encode() not in person.open(f"{link}{path}").body
    fresh = visitor()
    assert questions(fresh, founders.start(fresh)).holds(f"n-{ONE}") == ""


# Texts that cannot be kept


@pytest.mark.parametrize(("field", "limit"), [("n", 2000), ("r", 500)])
def test_a_text_that_is_too_long_stays_on_the_page_and_the_rest_is_saved(
    founder: Person, link: str, field: str, limit: int
) -> None:
    text = "x" * (limit + 1)

    page = founder.send(
        questions(founder, link),
        {f"a-{ONE}": "NA", f"{field}-{ONE}": text, f"a-{TWO}": "H"},
        button="next",
        status=400,
    )

    assert page.holds(f"{field}-{ONE}") == text and page.holds(f"a-{ONE}") == "NA"
    assert f"At most {limit} characters; this has {limit + 1}." in page.text
    assert stored(founder, link)["answers"] == {str(TWO): "H"}
    page = founder.send(page, {f"{field}-{ONE}": text[:-1]}, button="next")
    assert stored(founder, link)["answers"] == {str(ONE): "NA", str(TWO): "H"}


@pytest.mark.parametrize("field", ["n", "r"])
def test_the_limit_itself_is_kept_in_any_script(founder: Person, link: str, field: str) -> None:
    text = "ی" * {"n": 2000, "r": 500}[field]

    founder.send(questions(founder, link), {f"a-{ONE}": "NA", f"{field}-{ONE}": text}, button="next")

    assert questions(founder, link).holds(f"{field}-{ONE}") == text


@pytest.mark.parametrize("field", ["n", "r"])
@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b"])
def test_a_character_that_cannot_be_stored_is_named_as_such(
    founder: Person, link: str, field: str, character: str
) -> None:
    sent = founder.fill(questions(founder, link), {f"a-{ONE}": "NA"}, "next")
    sent = [(name, value) for name, value in sent if name != f"{field}-{ONE}"]

    page = founder.post(
        f"{link}/questions/{COMPONENT}", [*sent, (f"{field}-{ONE}", f"a{character}b")], status=400
    )

    assert "contains a character that cannot be stored" in page.text and "At most" not in page.text
    assert not stored(founder, link)["notes"]


def test_a_note_keeps_its_inner_shape(founder: Person, link: str) -> None:
    note = "one\n\n\ttabbed <b>& “quoted”</b>\n</textarea>{{7*7}}"

    founder.send(questions(founder, link), {f"n-{ONE}": note}, button="next")

    assert questions(founder, link).holds(f"n-{ONE}") == note


@pytest.mark.parametrize("word", ["VVH", "vh", "5", "None", "VH ", "-", "\u0000", "H" * 100_000])
def test_an_unknown_answer_is_refused_whole(founder: Person, link: str, word: str) -> None:
    page = questions(founder, link)
    sent = [*founder.fill(page, {f"a-{TWO}": "L"}), (f"a-{ONE}", word)]

    founder.post(page.path, sent, status=400)

    assert not stored(founder, link)["answers"]


@pytest.mark.parametrize("component", ["nothing", "Networking", "..", "%00", "networking/x"])
def test_a_component_that_is_not_there_is_not_found(founder: Person, link: str, component: str) -> None:
    founder.open(f"{link}/questions/{component}", status=404)
    founder.post(f"{link}/questions/{component}", [("csrf_token", founder.token())], status=404)


def test_questions_of_another_page_are_left_alone(founder: Person, link: str) -> None:
    page = questions(founder, link)
    other = founders.numbers(founders.components()[1])[0]
    digest = questions(founder, link, founders.components()[1]).holds(f"s-{other}")

    founder.post(page.path, [*founder.fill(page, {}), (f"s-{other}", digest), (f"a-{other}", "H")])

    assert not stored(founder, link)["answers"]


# Finishing


def test_a_stale_tab_cannot_change_a_finished_assessment(founder: Person, link: str) -> None:
    stale = questions(founder, link)
    founders.finish(founder, link)
    before = stored(founder, link)

    page = founder.post(stale.path, founder.fill(stale, {f"a-{ONE}": "VL"}, "next"), status=409)
    told = founder.script(stale, {f"a-{ONE}": "VL"}, [ONE])

    assert page.holds(f"a-{ONE}") == "VL", "what was typed still stands there"
    assert told.status_code == 409 and told.json == {"error": "finished"}
    assert stored(founder, link) == before


def test_every_page_of_a_finished_assessment_leads_to_the_profile(founder: Person, link: str) -> None:
    founders.finish(founder, link)

    for path in ("", "/check", f"/questions/{COMPONENT}"):
        assert founder.open(f"{link}{path}").path == f"{link}/profile"


def test_finishing_twice_is_finishing_once(founder: Person, link: str) -> None:
    founders.answer(founder, questions(founder, link))
    check = founder.open(f"{link}/check")

    profiles = [founder.send(check) for _ in range(2)]

    assert profiles[0].path == f"{link}/profile" and profiles[0].text == profiles[1].text


def test_reopening_twice_is_reopening_once(founder: Person, link: str) -> None:
    profile = founders.finish(founder, link)

    assert {founder.send(profile).path for _ in range(2)} == {f"{link}/check"}


def test_sending_a_page_twice_changes_nothing_more(founder: Person, link: str) -> None:
    page = questions(founder, link)
    for _ in range(2):
        where = founder.send(page, {f"a-{ONE}": "VH", f"n-{ONE}": "note"}, button="next")
        assert where.path == f"{link}/questions/{founders.components()[1]}"

    assert stored(founder, link)["answers"] == {str(ONE): "VH"}


def test_deleting_twice_says_that_there_is_nothing(founder: Person, link: str) -> None:
    asked = founder.open(f"{link}/delete")
    founder.send(asked)

    founder.send(asked, status=404)


# Language


def test_switching_the_language_in_the_form_saves_first(founder: Person, link: str) -> None:
    page = founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="fa")

    assert page.path == f"{link}/questions/{COMPONENT}" and page.language == "fa"
    assert page.holds(f"a-{ONE}") == "VH"


def test_switching_the_language_with_a_text_too_long_keeps_the_text(founder: Person, link: str) -> None:
    page = founder.send(questions(founder, link), {f"n-{ONE}": "x" * 2001}, button="fa", status=400)

    assert page.holds(f"n-{ONE}") == "x" * 2001


def test_both_languages_share_the_answers(visitor: Visitor, founder: Person, link: str) -> None:
    founder.send(questions(founder, link), {f"a-{ONE}": "VH"}, button="next")
    persian = visitor("fa")

    assert questions(persian, link).language == "en", "the language it was begun in, until another is chosen"
    persian.open("/?lang=fa")
    page = questions(persian, link)

    assert page.language == "fa" and page.holds(f"a-{ONE}") == "VH"

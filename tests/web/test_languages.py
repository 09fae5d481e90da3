"""In which language a page comes: by its address, by an earlier choice, by the browser's preference."""

import pytest

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Person


@pytest.mark.parametrize(
    ("prefers", "language"),
    [
        ("fa", "fa"),
        ("fa-IR", "fa"),
        ("fa-IR, en;q=0.5", "fa"),
        ("en-GB, fa;q=0.9", "en"),
        ("de, fa;q=0.5, en;q=0.4", "fa"),
        ("de-DE", "en"),
        ("*", "en"),
        ("", "en"),
        (",;q=,;;", "en"),
        ("fa;q=0, en", "en"),
        ("fa;q=nan", "en"),
        ("\xff\xfe", "en"),
        ("xx," * 20_000, "en"),
    ],
)
def test_the_browser_s_preference_decides_first(visitor: Visitor, prefers: str, language: str) -> None:
    assert visitor(prefers).open("/").language == language


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_choice_in_the_address_is_kept_for_later_and_leaves_the_address(
    visitor: Visitor, language: str
) -> None:
    anybody = visitor("en" if language == "fa" else "fa")
    assert anybody.open("/").language != language

    chosen = anybody.open(f"/method?lang={language}")

    assert chosen.language == language
    assert chosen.path == "/method" and not chosen.response.request.query_string
    assert anybody.open("/").language == language


def test_every_page_offers_the_other_language_and_comes_back_to_itself(founder: Person) -> None:
    link = founders.start(founder)
    founders.answer(founder, founder.open(link))
    for path in ("/", "/sample", "/method", "/deleted", f"{link}/check", f"{link}/delete"):
        page = founder.open(path)
        offered = [address for address in page.links() if "lang=" in address]

        assert offered == ["?lang=fa"]
        other = founder.open(path + offered[0])
        assert (other.language, other.path) == ("fa", path)
        founder.open("/?lang=en")


def test_a_filtered_list_stays_filtered_in_the_other_language(founder: Person) -> None:
    ada = member(founder.elsewhere(), "administrator", "Filters")
    ada.typed |= {"solar & wind"}
    page = ada.open("/portfolio?q=solar+%26+wind&sort=index")
    other = ada.open("/portfolio" + next(link for link in page.links() if "lang=fa" in link))

    assert other.language == "fa"
    assert (other.holds("q"), other.holds("sort")) == ("solar & wind", "index")


def test_forms_offer_the_other_language_by_a_button_that_loses_nothing(founder: Person) -> None:
    link = founders.start(founder)
    for path in ("/start", f"{link}/firm", f"{link}/questions/{founders.components()[0]}"):
        page = founder.open(path)

        assert not [address for address in page.links() if "lang=" in address]
        assert [item.value for item in page.read.controls() if item.name == "language"] == ["fa"]


def test_a_page_that_is_not_there_can_be_read_in_the_other_language(founder: Person) -> None:
    page = founder.open("/nothing?lang=fa", status=404)

    assert page.language == "fa" and page.path == "/nothing"


@pytest.mark.parametrize(
    "query",
    [
        "lang=de",
        "lang=FA",
        "lang=fa-IR",
        "lang=",
        "lang",
        "lang=../fa",
        "lang=fa%00",
        "lang=fa%0d%0aX:y",
        "lang=%ED%A0%80",
        "lang=%ff%fe",
        "lang[]=fa",
        "lang=fa,en",
        "lang=%D9%81%D8%A7",
        "lang=" + "f" * 100_000,
        "lang=<script>alert(1)</script>",
        "lang={{7*7}}",
        "lang=None",
    ],
)
def test_only_our_languages_can_be_chosen(founder: Person, query: str) -> None:
    answer = founder.client.get(f"/?{query}")

    assert answer.status_code == 200 and b'<html lang="en" dir="ltr">' in answer.data
    assert founder.open("/").language == "en"


@pytest.mark.parametrize("query", ["lang=fa&lang=en", "lang=fa&lang=xx", "x=1&lang=fa"])
def test_of_several_the_first_counts(founder: Person, query: str) -> None:
    assert founder.open(f"/?{query}").language == "fa"


@pytest.mark.parametrize("value", ["xx", "", "FA", "<b>", "x" * 10_000])
def test_a_form_cannot_choose_another_language_either(founder: Person, value: str) -> None:
    link = founders.start(founder)
    page = founder.open(f"{link}/firm")

    page = founder.post(page.path, [*founder.fill(page, {}), ("language", value)])

    assert page.language == "en"


def test_a_choice_survives_and_a_forged_one_does_not(founder: Person) -> None:
    founder.open("/?lang=fa")
    cookie = founder.client.get_cookie("readiness")
    assert cookie is not None

    founder.client.set_cookie("readiness", cookie.value[:-2] + "xx")

    assert founder.open("/").language == "en"


def test_the_persian_page_runs_from_the_right_and_latin_parts_do_not(visitor: Visitor) -> None:
    persian = visitor("fa")
    link = founders.start(persian)

    page = persian.open(link)

    assert '<html lang="fa" dir="rtl">' in page.html
    assert 'id="private-link" readonly value="http://localhost' in page.html
    assert page.html.count('dir="auto"') == 2 * len(founders.numbers(founders.components()[0]))
    assert "۴۷" in page.text and "47" not in page.text


def test_persian_digits_are_only_on_persian_pages(founder: Person) -> None:
    assert not set("۰۱۲۳۴۵۶۷۸۹") & set(founder.open("/").text.replace("فارسی", ""))


def test_the_language_of_the_pdf_is_that_of_its_address_not_of_the_reader(visitor: Visitor) -> None:
    persian = visitor("fa")
    link = founders.start(persian)

    profile = founders.finish(persian, link)

    assert f"{link}/profile.fa.pdf" in profile.links()
    persian.open("/?lang=en")
    assert f"{link}/profile.en.pdf" in persian.open(f"{link}/profile").links()


def test_a_link_opens_in_the_language_it_was_begun_in_until_another_is_chosen(visitor: Visitor) -> None:
    link = founders.start(visitor("fa"))
    elsewhere = visitor("en")

    assert elsewhere.open(link).language == "fa"
    assert elsewhere.open("/").language == "en", "only the pages of that assessment"
    elsewhere.open("/?lang=en")
    assert elsewhere.open(link).language == "en"

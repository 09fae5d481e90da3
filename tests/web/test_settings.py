"""What stands on an organisation's reports: who may change it, and what is refused."""

import io

import pytest
from flask import Flask
from PIL import Image

from readiness.storage import audit, organisations
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.pages import Page, Person

PATH = "/organisation/settings"


def png(colour: str = "#c00", size: tuple[int, int] = (60, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def boss(visitor: Visitor) -> Person:
    return member(visitor(), "administrator", "Brand Hub")


def upload(
    person: Person, content: bytes, name: str = "logo.png", page: Page | None = None, status: int = 200
) -> Page:
    """Choose a file and press the button."""
    shown = page or person.open(PATH)
    fields = dict(person.fill(shown, {}, form="logo-form", button="replace"))
    fields["logo"] = (io.BytesIO(content), name)
    answer = person.client.post(f"{PATH}/logo", data=fields, follow_redirects=True)
    answer.request.environ["wsgi.input"].close()  # the test client leaves what it sent on disk
    return person.arrive(answer, status)


def stored(person: Person, name: str = "Brand Hub") -> organisations.Organisation:
    (found,) = organisations.named(person.app.extensions["store"], name)
    return found


def test_name_contact_and_colour_are_kept_and_noted(visitor: Visitor) -> None:
    boss = member(visitor(), "administrator", "Keeping Hub")
    place = stored(boss, "Keeping Hub").id
    sent = {"name": "Keeping Hub", "contact": "Ada\r\nTel. 0000", "colour": "8A4B08"}
    page = boss.send(boss.open(PATH), sent, form="settings")

    assert "Saved." in page.text
    assert (page.holds("contact"), page.holds("colour")) == ("Ada\nTel. 0000", "#8a4b08")
    found = stored(boss, "Keeping Hub")
    assert (found.contact, found.colour) == ("Ada\nTel. 0000", "#8a4b08")
    assert [item.deed for item in audit.listing(boss.app.extensions["store"], place, 0, 9)] == [
        "organisation.settings"
    ]
    assert "Name, contact or colour changed" in boss.open("/organisation/audit").text


def test_a_colour_too_light_is_refused_with_its_contrast_and_a_darker_one_is_offered(boss: Person) -> None:
    page = boss.send(boss.open(PATH), {"colour": "#FF9900", "contact": "typed"}, form="settings", status=400)

    assert "its contrast is 2.14 to 1, and 4.5 to 1 is needed" in page.text
    assert page.holds("colour") == "#FF9900" and page.holds("contact") == "typed"
    (offer,) = [item.value for item in page.form("settings").controls if item.name == "take"]
    assert stored(boss).colour != offer
    taken = boss.send(page, button=offer, form="settings")
    assert taken.holds("colour") == offer == stored(boss).colour


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("colour", "dark red", "six hexadecimal digits"),
        ("colour", "url(https://example.org)", "At most 20 characters"),
        ("colour", "#0d4a4b;x:y", "six hexadecimal digits"),
        ("name", "   ", "Please enter a name."),
        ("contact", "a\nb\nc\nd\ne\nf", "At most 5 lines"),
        ("contact", "x" * 301, "At most 300 characters; this has 301."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    boss: Person, field: str, text: str, said: str
) -> None:
    before = stored(boss)
    page = boss.send(boss.open(PATH), {field: text}, form="settings", status=400)

    assert said in page.text and page.holds(field) == text
    assert stored(boss) == before


def test_two_who_change_the_same_at_once_see_both(boss: Person) -> None:
    first, second = boss.open(PATH), boss.open(PATH)
    boss.send(first, {"contact": "first"}, form="settings")
    page = boss.send(second, {"contact": "second"}, form="settings", status=409)

    assert "first" in page.text and page.holds("contact") == "second"
    assert stored(boss).contact == "first"
    boss.send(page, form="settings")
    assert stored(boss).contact == "second"


def test_a_logo_is_shown_to_members_alone(boss: Person, visitor: Visitor) -> None:
    page = upload(boss, png())

    assert "The logo is in place." in page.text
    picture = boss.open("/organisation/logo.png")
    assert picture.response.mimetype == "image/png" and picture.body.startswith(b"\x89PNG")
    colleague = member(visitor(), "manager", "Brand Hub")
    assert colleague.open("/organisation/logo.png").body == picture.body
    other = member(visitor(), "administrator", "Other Hub")
    other.open("/organisation/logo.png", 404)
    assert visitor().open("/organisation/logo.png").path == "/sign-in"

    boss.send(page, button="remove", form="logo-form")
    boss.open("/organisation/logo.png", 404)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "logo.png", "Please choose a file."),
        (b"\x89PNG\r\n\x1a\nnonsense", "logo.png", "damaged or incomplete"),
        (b"MZ\x90", "logo.png", "neither a PNG nor a JPEG nor an SVG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000, "logo.png", "larger than 1 MB"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><script/></svg>",
            "a.svg",
            "holds “script”",
        ),
    ],
)
def test_a_file_that_makes_no_logo_is_refused_and_the_old_one_stays(
    boss: Person, content: bytes, name: str, said: str
) -> None:
    upload(boss, png("#00c"))
    before = boss.open("/organisation/logo.png").body
    page = upload(boss, content, name, status=400)

    assert said in page.text
    assert boss.open("/organisation/logo.png").body == before


def test_a_logo_replaced_meanwhile_by_somebody_else_is_not_lost(boss: Person) -> None:
    old = boss.open(PATH)
    upload(boss, png("#111111"))
    theirs = boss.open("/organisation/logo.png").body
    page = upload(boss, png("#222222"), page=old, status=409)

    assert "changed meanwhile elsewhere" in page.text
    assert boss.open("/organisation/logo.png").body == theirs


def test_an_endless_file_is_refused(boss: Person) -> None:
    upload(boss, b"0" * 9_000_000, status=413)


@pytest.mark.parametrize("role", ["consultant", "manager"])
def test_only_administrators_change_it(visitor: Visitor, role: str) -> None:
    somebody = member(visitor(), role, "Brand Hub")
    somebody.open(PATH, 403)
    token = somebody.token()
    assert somebody.client.post(PATH, data={"csrf_token": token, "name": "Mine"}).status_code == 403
    sent = {"csrf_token": token, "logo": (io.BytesIO(png()), "logo.png")}
    assert somebody.client.post(f"{PATH}/logo", data=sent).status_code == 403


def test_no_other_form_takes_as_much(app: Flask, boss: Person) -> None:
    token = boss.token()
    sent = {"csrf_token": token, "email": "x" * 600_000}
    assert boss.client.post("/organisation/people", data=sent).status_code == 413
    assert app.config["MAX_CONTENT_LENGTH"] == 512 * 1024


def test_the_page_is_persian_too(visitor: Visitor) -> None:
    boss = member(visitor("fa"), "administrator", "Brand Hub")
    page = boss.open(f"{PATH}?lang=fa")
    assert page.language == "fa"
    upload(boss, b"MZ", status=400)
    boss.send(boss.open(PATH), {"colour": "#ffff00"}, form="settings", status=400)
    boss.client.get("/?lang=en")

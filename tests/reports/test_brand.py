"""Whose report it is: name, contact, colour and logo, on this report and on no other."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from readiness.reports import colour as colours
from readiness.reports.language import language
from readiness.reports.pdf import LOGO, PdfError, html_to_pdf, make_pdf, report_html
from readiness.reports.profile import Profile, make_profile
from readiness.reports.supplement import NOTHING, Brand, Supplement
from tests.reports.test_engine import flat, told
from tests.reports.tools import CODES, DAY, NEEDS_A_PRESS, one_line, opened, pages_of, sample

pytestmark = NEEDS_A_PRESS

COLOUR = "#7a1fa2"
#: As the PDF writes it to fill and to stroke.
IN_PDF = b"0.478431 0.121569 0.635294"


def logo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (450, 150), COLOUR).save(file, "PNG")
    return file.getvalue()


BRAND = Brand("Sepehr Export Advice", "Ada Karimi\n+98 21 5550 1234\nada@example.org", COLOUR, logo())


def branded(code: str, brand: Brand | None, draft: bool = False) -> Profile:
    return make_profile(sample(code), language(code), DAY, draft, Supplement(brand=brand))


def paint(pdf: bytes) -> list[bytes]:
    """Every place where a colour is chosen, page by page."""
    found = []
    for page in opened(pdf).pages:
        lines = page.get_contents().get_data().splitlines()  # type: ignore[union-attr]
        found += [line for line in lines if line.endswith((b" rg", b" RG", b" scn", b" SCN"))]
    return found


def pictures(pdf: bytes) -> int:
    """How many pictures its pages share."""
    return len(opened(pdf).pages[0].images)


def described(pdf: bytes) -> list[str]:
    """What is said of each picture of its first page."""
    reader = opened(pdf)
    things = (reader.get_object(number) for number in range(1, int(reader.trailer["/Size"])))  # type: ignore[call-overload]
    figures = (
        one for one in things if isinstance(one, dict) and one.get("/S") == "/Figure" and "/Alt" in one
    )
    return [str(one["/Alt"]) for one in figures if "Sepehr" in str(one["/Alt"])]


@CODES
def test_the_cover_shows_who_prepared_the_report(code: str) -> None:
    pdf = make_pdf(branded(code, BRAND))
    cover = one_line(pages_of(pdf)[0])

    assert "Sepehr Export Advice" in cover and "Ada Karimi" in cover and "ada@example.org" in cover
    assert "+98 21 5550 1234" in cover, "a number is read from the left in every language"
    assert pictures(pdf) == 1
    assert any(IN_PDF in line for line in paint(pdf))
    assert described(pdf) == [language(code).words("Logo of %(name)s", name=BRAND.name)]


@CODES
def test_without_a_logo_contact_or_colour_the_cover_holds_what_there_is(code: str) -> None:
    pdf = make_pdf(branded(code, Brand("Only a name", "", "", None)))

    assert "Only a name" in one_line(pages_of(pdf)[0])
    assert not pictures(pdf)
    assert set(paint(pdf)) == set(paint(make_pdf(branded(code, None))))


def test_no_colour_logo_or_name_gets_into_the_report_made_next() -> None:
    plain = make_pdf(branded("en", None))
    first = make_pdf(branded("en", BRAND))
    other = make_pdf(branded("en", replace(BRAND, name="Other", colour="#005a2b", logo=None)))
    again, first_again = make_pdf(branded("en", None)), make_pdf(branded("en", BRAND))

    assert told(plain) == told(again) and paint(plain) == paint(again)
    assert paint(first) == paint(first_again) and told(first) == told(first_again)
    assert not any(IN_PDF in line for line in paint(again) + paint(other))
    assert pictures(again) == pictures(other) == 0 and pictures(first_again) == 1
    assert "Sepehr" not in "".join(pages_of(again) + pages_of(other))


def test_a_brand_changes_the_fingerprint() -> None:
    prints = {
        branded("en", brand).fingerprint
        for brand in (
            None,
            BRAND,
            replace(BRAND, logo=None),
            replace(BRAND, colour=""),
            replace(BRAND, name="X"),
        )
    }
    assert len(prints) == 5
    assert make_profile(sample("en"), language("en"), DAY, supplement=NOTHING).fingerprint in prints


def test_a_report_gets_its_own_pictures_and_nothing_else() -> None:
    page = f'<html lang="en"><title>x</title><p><img src="{LOGO}" alt="x"><img src="report:other" alt="y">'

    assert pictures(html_to_pdf(page, "{}", pictures={LOGO: logo()})) == 1
    assert pictures(html_to_pdf(page, "{}")) == 0


def test_a_colour_is_a_colour_or_no_report_is_made() -> None:
    with pytest.raises(PdfError, match="no colour"):
        html_to_pdf("<html lang='en'><title>x</title>", "{}", "red } @import url(https://example.org); a {")


@CODES
def test_hostile_texts_of_an_organisation_stay_text(code: str) -> None:
    brand = Brand(
        "<script>alert(1)</script>{{7*7}}", "<img src='file:///etc/passwd'>\n&lt; & \u202e", "", None
    )
    html = report_html(branded(code, brand))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in html and "<img" not in html
    assert "<script>" in one_line(pages_of(make_pdf(branded(code, brand)))[0])


@CODES
def test_a_branded_report_is_xml_and_both_parsers_read_the_same(code: str) -> None:
    import weasyprint

    from readiness.reports import engine

    html = report_html(branded(code, BRAND))
    quick = engine._as_xml(html)
    assert quick is not None
    assert list(flat(quick)) == list(flat(weasyprint.HTML(string=html).etree_element))


@pytest.mark.parametrize(
    ("colour", "found"),
    [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48), ("#ff0000", 4.0)],
)
def test_contrast_is_that_of_the_guidelines(colour: str, found: float) -> None:
    assert colours.contrast(colour) == pytest.approx(found, abs=0.005)


@pytest.mark.parametrize("colour", ["#ffffff", "#ffff00", "#ff9900", "#00ff00", "#777777", "#f0f8ff"])
def test_the_colour_offered_can_be_read_and_hardly_differs(colour: str) -> None:
    offered = colours.readable(colour)

    assert 4.5 <= colours.contrast(offered) < 4.7
    assert colours.readable(offered) == offered


def test_a_colour_that_can_be_read_is_left_as_it_is() -> None:
    assert colours.readable("#0d4a4b") == "#0d4a4b"
    assert not any(
        map(colours.is_colour, ("", "#0d4a4", "#0D4A4B", "red", "#0d4a4b ", "#0d4a4b;", "#۰d4a4b"))
    )

"""The questionnaire to print, for everybody."""

import pytest

from tests.reports.tools import NEEDS_A_PRESS
from tests.web.pages import Person

pytestmark = NEEDS_A_PRESS


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_questionnaire_can_be_printed_by_anybody(founder: Person, code: str) -> None:
    landing = founder.open("/")
    assert "/questionnaire.en.pdf" in landing.links()

    answer = founder.client.get(f"/questionnaire.{code}.pdf")

    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert founder.client.get(f"/questionnaire.{code}.pdf").data == answer.data


def test_there_is_none_in_another_language(founder: Person) -> None:
    founder.open("/questionnaire.de.pdf", status=404)

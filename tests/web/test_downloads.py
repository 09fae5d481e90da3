"""What is taken away of one firm: drafts and final reports, and the document to edit."""

import io

import pytest
from docx import Document
from pypdf import PdfReader

from readiness.storage import assessments
from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.members import add_firm, member
from tests.web.pages import Page, Person


@pytest.fixture
def ada(visitor: Visitor) -> Person:
    return member(visitor(), organisation="Draft Hub")


def firm(ada: Person, name: str) -> tuple[str, str]:
    """A firm with one page answered: where the consultant finds it, and where its founder does."""
    page = ada.open(add_firm(ada, name))
    own = next(link for link in page.links() if link.startswith("/a/"))
    shown = ada.send(page, button="show", form="link")
    founders.answer(ada, ada.open(own))
    return own, f"/a/{founders.key(shown.private_link)}"


def text(page: Page, at: int = 0) -> str:
    return " ".join(PdfReader(io.BytesIO(page.body)).pages[at].extract_text().split())


def named(page: Page) -> str:
    return page.response.headers["Content-Disposition"]


def test_a_consultant_has_a_draft_before_the_answers_are_finished(ada: Person, visitor: Visitor) -> None:
    own, link = firm(ada, "Open Firm")
    check = ada.open(f"{own}/check")
    (address,) = [item for item in check.links() if "draft=yes" in item]
    draft = ada.open(address)

    assert draft.body.startswith(b"%PDF-") and 'filename="Open Firm profile draft.pdf"' in named(draft)
    assert "Draft ·" in text(draft) and "· Draft" in text(draft, 1)
    assert "Draft Hub" in text(draft), "prepared by the organisation"
    assert ada.open(f"{own}/profile.en.pdf").path != f"{own}/profile.en.pdf", "no final one yet"
    founder = visitor()
    assert founder.open(f"{link}/profile.en.pdf?draft=yes").path.startswith(f"{link}/"), (
        "the link's holder answers"
    )
    assert "draft=yes" not in founder.open(f"{link}/check").html


def test_a_finished_assessment_has_both_and_a_draft_replaces_nothing(ada: Person, visitor: Visitor) -> None:
    own, link = firm(ada, "Both Firm")
    ada.send(ada.open(f"{own}/check"))
    shown = ada.open(f"{own}/profile")
    assert "Prepared by Draft Hub" in shown.text
    assert any("draft=yes" in item for item in shown.links())

    final, draft = ada.open(f"{own}/profile.en.pdf"), ada.open(f"{own}/profile.en.pdf?draft=yes")
    assert "Final ·" in text(final) and "Draft ·" in text(draft)
    assert ada.open(f"{own}/profile.en.pdf").body == final.body, "the one that was kept"
    founder = visitor()
    founder.typed |= {"Both Firm", "Draft Hub"}
    assert founder.open(f"{link}/profile.en.pdf?draft=yes").body == final.body
    page = founder.open(f"{link}/profile")
    assert "draft=yes" not in page.html and "Prepared by Draft Hub" in page.text


@pytest.mark.parametrize("code", ["en", "fa"])
def test_the_profile_comes_as_a_document_to_edit(ada: Person, visitor: Visitor, code: str) -> None:
    own, link = firm(ada, "Word Firm")
    assert ada.open(f"{own}/profile.{code}.docx").path != f"{own}/profile.{code}.docx"
    draft = ada.open(f"{own}/profile.{code}.docx?draft=yes")
    assert Document(io.BytesIO(draft.body)).tables
    ada.send(ada.open(f"{own}/check"))

    for page in (ada.open(f"{own}/profile.{code}.docx"), visitor().open(f"{link}/profile.{code}.docx")):
        assert page.response.mimetype.endswith("wordprocessingml.document")
        document = Document(io.BytesIO(page.body))
        assert document.paragraphs and any(item.text == "Word Firm" for item in document.paragraphs)
        assert named(page).startswith("attachment;") and ".docx" in named(page)


def test_a_language_that_is_none_leads_back(ada: Person) -> None:
    own, _ = firm(ada, "No Language")
    for ending in ("pdf", "docx"):
        assert ada.open(f"{own}/profile.xx.{ending}?draft=yes").path.startswith(f"{own}/questions")


def test_who_ends_the_care_ends_the_brand_on_the_report(ada: Person, visitor: Visitor) -> None:
    own, link = firm(ada, "Free Firm")
    ada.send(ada.open(f"{own}/check"))
    founder = visitor()
    founder.typed |= {"Free Firm", "Draft Hub"}
    founder.send(founder.open(f"{link}/profile"), form="let-go")

    assert "Draft Hub" not in founder.open(f"{link}/profile").text
    assert "Draft Hub" not in text(founder.open(f"{link}/profile.en.pdf"))
    ada.open(f"{own}/profile.en.pdf", 404)
    assert assessments.find(ada.app.extensions["store"], founders.key(link))

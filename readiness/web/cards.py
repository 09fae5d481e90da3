"""The questions of a page, each rendered once for every plain answer it can show.

Rendering ten questions anew would cost most of a page's time; a question without a note, a reason
or anything wrong depends on its indicator, the language and the chosen answer alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flask import render_template
from markupsafe import Markup

from readiness.core import model as models
from readiness.core.answers import NOTE_LENGTH, REASON_LENGTH, WORDS
from readiness.core.merge import digest
from readiness.storage.responses import Answer


@dataclass(frozen=True)
class Card:
    """One question as the page shows it."""

    number: int
    answer: Answer
    seen: str
    """Digest of the answer that the form is filled with."""
    problem: str = ""
    """note or reason, if what was sent of it cannot be stored."""
    other: Answer | None = None
    """What is stored meanwhile, where it conflicts with what was sent."""
    taken_over: bool = False
    """Whether it stands as it was taken over from the last round."""

    @property
    def plain(self) -> bool:
        """Whether nothing on the card is peculiar to one firm or one visitor."""
        typed = self.answer.note or self.answer.reason
        return not (self.problem or self.other or typed) and self.seen == digest(self.answer.value())


def render(version: str, code: str, card: Card) -> Markup:
    """A question's HTML, in the language of this request, which is `code`."""
    return _plain(version, code, card) if card.plain else _render(version, code, card)


@cache
def _plain(version: str, code: str, card: Card) -> Markup:
    return _render(version, code, card)


def _render(version: str, code: str, card: Card) -> Markup:
    texts, listed = models.texts(version, code), models.references(version)
    number = str(card.number)
    word = WORDS[card.other.code] if card.other else None
    return Markup(  # noqa: S704 - our own template, escaped there
        render_template(
            "questionnaire/card.html",
            card=card,
            texts=texts["indicators"][number],
            terms=texts["terms"],
            chosen=WORDS[card.answer.code],
            other_word=texts["terms"][word] if word else "",
            sources=[listed["references"][str(item)]["short"] for item in listed["why"][number]],
            note_length=NOTE_LENGTH,
            reason_length=REASON_LENGTH,
        )
    )

"""Cronbach's alpha of each component of a cohort, from thirty firms on."""

import numpy as np
import pytest

from readiness.core import comparison
from readiness.core.answers import DONT_KNOW
from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import member
from tests.web.programmes import MODEL, add_rounds, blend


def test_below_thirty_it_says_how_many_there_are(visitor: Visitor) -> None:
    person = member(visitor(), "manager", "Few")
    path = add_cohort(person)
    add_rounds(person, path, [blend(at) for at in range(3)])

    page = person.open(f"{path}/reliability")

    assert page.text.count("Not given: it needs 30 firms") == 9 and page.text.count("there are 3.") == 9


@pytest.mark.parametrize("language", ["en", "fa"])
def test_each_alpha_stands_with_its_interval_and_what_it_says(visitor: Visitor, language: str) -> None:
    person = member(visitor(), "manager", f"Many {language}")
    path = add_cohort(person)
    answers = [blend(at, seed=at) for at in range(32)]
    noise = np.random.default_rng(7)
    for codes in answers:
        codes[MODEL.span("technology")] = noise.integers(0, 5, 6)
        codes[MODEL.span("environment")] = (2, 2)
    for codes in answers[:3]:
        codes[MODEL.span("assets").start] = DONT_KNOW
    add_rounds(person, path, answers)
    person.client.get(f"/?lang={language}")

    page = person.open(f"{path}/reliability")

    assert page.language == language
    if language == "en":
        found = comparison.reliability(MODEL, np.array(answers).T)
        for key, alpha in zip(MODEL.components, found, strict=True):
            assert (alpha is None) == (key in ("environment", "assets"))
            assert alpha is None or f"{alpha.alpha:.2f}".replace("-", "−") in page.text
        assert "there are 29." in page.text and "hardly differ from firm to firm" in page.text
        assert "even the low end of the interval reaches 0.7" in page.text
        assert "the whole interval is below 0.7" in page.text

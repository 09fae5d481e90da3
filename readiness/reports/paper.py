"""The questionnaire on paper: instructions, the firm, and every question with its boxes."""

from __future__ import annotations

from readiness import __version__
from readiness.core import model as models
from readiness.core.fuzzy import TERMS
from readiness.reports.facts import REGIONS, SECTORS
from readiness.reports.language import language
from readiness.reports.pdf import environment

#: What is typed for the two answers beside the scale, when the paper is typed in.
OTHERS = {"DK": "d", "NA": "n"}


def html(code: str) -> str:
    """The questionnaire in a language as one HTML document, without its stylesheet."""
    model = models.load()
    return (
        environment(language(code).code)
        .get_template("reports/paper.html")
        .render(
            model=model,
            texts=models.texts(model.version, code),
            terms=TERMS,
            others=OTHERS,
            sectors=SECTORS,
            regions=REGIONS,
            software=__version__,
        )
    )

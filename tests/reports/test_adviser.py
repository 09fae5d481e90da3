"""What a consultant adds to a report: comments, and verified answers beside the firm's own."""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from readiness.core import scoring
from readiness.reports.language import language
from readiness.reports.pdf import make_pdf
from readiness.reports.profile import Profile, make_profile
from readiness.reports.supplement import Remark, Supplement
from tests.reports.tools import (
    CODES,
    DAY,
    MODEL,
    NEEDS_A_PRESS,
    bare,
    given,
    opened,
    profile_of,
    sample,
    text_of,
)

Test = Callable[[str], None]


def needs_a_press(test: Test) -> Test:
    """This one makes a PDF."""
    for mark in NEEDS_A_PRESS:
        test = mark(test)
    return test


ADVISERS = {"en": "Export Hub", "fa": "مرکز رشد"}
COMMENTS = {
    "en": "Your partners in Oman trust you.\nKeep both distributors close.\n\nName who writes to them.",
    "fa": "شرکای شما در عمان به شما اعتماد دارند.\nهر دو توزیع‌کننده را نگه دارید.\n\nمسئول نامه‌ها کیست؟",
}
SEEN = {2: Remark("VH", "Two signed contracts"), 11: Remark("VL", ""), 44: Remark("H", "")}


def advised(code: str, comments: Mapping[str, str], verified: Mapping[int, Remark] = SEEN) -> Profile:
    added = Supplement(adviser=ADVISERS[code], comments=comments, verified=verified)
    return make_profile(sample(code), language(code), DAY, supplement=added)


def simple(verified: Mapping[int, Remark], **sheet: str) -> Profile:
    """A firm that answers medium everywhere but where the sheet says otherwise."""
    answers = dict.fromkeys(MODEL.numbers, "M") | {int(name[1:]): word for name, word in sheet.items()}
    made = profile_of(given(answers))
    return make_profile(made.answers, made.language, DAY, supplement=Supplement(verified=verified))


@cache
def advised_pdf(code: str) -> bytes:
    return make_pdf(advised(code, {"networking": COMMENTS[code], "technology": COMMENTS[code]}))


# Comments


def test_a_comment_keeps_its_lines_and_paragraphs() -> None:
    made = advised("en", {"assets": COMMENTS["en"]})

    assert made.comments == {
        "assets": (
            "Your partners in Oman trust you.\nKeep both distributors close.",
            "Name who writes to them.",
        )
    }


def test_line_breaks_alone_fill_no_pages() -> None:
    made = advised("en", dict.fromkeys(MODEL.components, "a\n" * 999 + "b"), {})

    assert made.comments["assets"] == ("a " * 999 + "b",)


@needs_a_press
@CODES
def test_a_comment_stands_in_the_pdf_below_its_component_under_the_name_of_the_adviser(
    code: str,
) -> None:
    text = bare(text_of(advised_pdf(code)))
    head = bare(language(code).words("Adviser’s comment – %(name)s", name=ADVISERS[code]))
    names = made_names(code)
    detail = text[text.rindex(bare(language(code).words("The nine components in detail"))) :]

    assert text.count(head) == 2
    for key in ("networking", "technology"):
        at = detail.index(names[key])
        assert 0 < detail.index(head, at) - at < 60, "right below the heading"
    for line in filter(None, COMMENTS[code].splitlines()):
        assert text.count(bare(line)) == 2


def made_names(code: str) -> dict[str, str]:
    return {part.key: bare(part.name) for part in profile_of(sample(code), code).components}


@needs_a_press
@CODES
def test_with_comments_and_verified_answers_the_report_keeps_to_12_pages(code: str) -> None:
    assert 8 <= len(opened(advised_pdf(code)).pages) <= 12


# Verified answers


def test_the_scores_stay_those_of_the_firms_own_answers() -> None:
    made, plain = advised("en", {}), profile_of(sample("en"))

    assert scoring.export(made.scores, {}) == scoring.export(plain.scores, {})
    assert made.document == plain.document
    assert made.fingerprint != plain.fingerprint


def test_both_answers_stand_in_the_line_of_the_indicator() -> None:
    made = simple(SEEN, n2="L")

    assert (made.indicators[2].answer, made.indicators[2].verified) == ("Low", "Very high")
    assert made.indicators[2].seen == "Two signed contracts" and made.indicators[2].remarked
    assert made.indicators[3].verified == "" and not made.indicators[3].remarked


def test_the_table_says_what_each_component_would_come_to() -> None:
    """Worked by hand: networking of ten indicators at index 50, one of them at 100 instead."""
    made = simple({2: Remark("VH", "")})
    weights = {number: MODEL.importance[MODEL.column[number]] for number in range(1, 11)}
    beside = made.verified
    assert beside is not None

    (networking,) = beside.components
    assert networking.name == "Networking" and networking.count == beside.count == 1
    assert networking.own == pytest.approx(50)
    assert networking.other == pytest.approx(50 + 50 * weights[2] / sum(weights.values()))
    assert networking.gain == pytest.approx(round(networking.other, 1) - 50)
    assert beside.overall.own == pytest.approx(50)
    assert beside.overall.other is not None and 50 < beside.overall.other < networking.other
    assert beside.route == beside.other_route


def test_a_component_that_would_no_longer_be_scored_has_no_number() -> None:
    made = simple({43: Remark("DK", "")})
    assert made.verified is not None

    (environment,) = made.verified.components
    assert environment.own is not None and environment.other is None and environment.gain is None


def test_a_route_that_would_change_is_named() -> None:
    made = simple({number: Remark("VH", "") for number in range(1, 11)})
    assert made.verified is not None

    assert made.verified.route != made.verified.other_route


def test_without_verified_answers_nothing_is_said_of_them() -> None:
    assert simple({}).verified is None


def test_a_verified_answer_to_what_the_model_does_not_ask_is_left_out() -> None:
    assert simple({48: Remark("H", "")}).verified is None


@needs_a_press
@CODES
def test_the_pdf_shows_the_verified_answers_and_what_they_would_change(code: str) -> None:
    spoken, made = language(code), advised(code, {})
    text = bare(text_of(advised_pdf(code)))
    close = text.replace(" ", "")  # blanks beside a colon move in Persian

    verified = spoken.words("verified: %(answer)s", answer=made.texts["terms"]["VH"])
    assert bare(verified).replace(" ", "") in close
    assert bare(spoken.words("Seen when verified: %(note)s", note="").strip(" :")) in text
    assert SEEN[2].note in text
    table = text[text.index(bare(spoken.words("What the verified answers would change"))) :]
    assert made.verified is not None
    for row in made.verified.rows:
        for index in (row.own, row.other):
            assert index is not None and spoken.number(index, 1) in table, row.name

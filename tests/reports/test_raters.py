"""Several raters in the report: by role, where they are apart, and what they agreed on."""

import re
from datetime import date
from pathlib import Path

import pytest

from readiness.core import answers as answering
from readiness.reports.language import LANGUAGES, language
from readiness.reports.pdf import make_pdf, report_html
from readiness.reports.profile import Profile, make_profile
from readiness.reports.raters import FEW, PRINTED, Panel
from readiness.reports.supplement import Remark, Supplement
from tests.reports.tools import CODES, NEEDS_A_PRESS, Sheet, bare, given, pages_of, profile_of, sample

ALL = range(1, 48)


def same(word: str, **others: str) -> dict[int, str]:
    return dict.fromkeys(ALL, word) | {int(key[1:]): term for key, term in others.items()}


def panel(*sheets: Sheet, agreed: dict[int, Remark] | None = None, code: str = "en") -> Panel:
    answers = answering.parse(given(*sheets))
    found = make_profile(
        answers, language(code), date(2026, 3, 2), supplement=Supplement(agreed=agreed or {})
    ).panel
    assert found
    return found


def marks(found: Panel, number: int) -> str:
    return " ".join(cell.mark for cell in found.line(number).cells)


def test_one_rater_is_no_panel_and_has_no_part() -> None:
    alone = profile_of(given(same("M")))
    beside_silence = profile_of(given(same("M"), {}))

    for profile in (alone, beside_silence):
        assert profile.panel is None and "raters" not in profile.parts
        assert "part-raters" not in report_html(profile)


def test_several_raters_have_a_part_before_the_components() -> None:
    profile = profile_of(given(same("M"), same("H")))

    assert profile.parts.index("raters") == profile.parts.index("components") - 1
    assert ("raters", "Raters") in profile.contents


def test_every_answer_has_its_mark() -> None:
    found = panel({1: "VL", 2: "M", 3: "DK", 4: "NA"}, {1: "VH", 2: "M", 5: "L"})

    assert [marks(found, number) for number in (1, 2, 3, 4, 5)] == ["1 5", "3 3", "? ·", "– ·", "· 2"]
    assert [cell.words for cell in found.line(3).cells] == ["Don't know", "Not answered"]
    assert [cell.kind for cell in found.line(1).cells] == ["term-0", "term-4"]


def test_the_largest_disagreement_stands_first_and_only_those_far_apart_are_printed() -> None:
    found = panel(same("M", n3="VL", n9="L"), same("M", n3="VH", n9="H"), same("M"))

    assert [line.number for line in found.apart] == [3]
    assert found.line(9).distance and found.line(9).distance < 0.2
    assert found.ranked[:2] == (3, 9)
    many = panel(same("VL"), same("VH"))
    assert len(many.apart) == 47 and len(many.printed) == PRINTED


def test_where_fewer_than_two_gave_a_term_there_is_no_number() -> None:
    found = panel({1: "M", 2: "M"}, {1: "H", 2: "DK"})

    assert found.line(2).distance is None and found.line(2).mean == pytest.approx(50)
    assert [part.key for part in found.distances] == ["networking"]


def test_of_many_raters_the_map_counts_the_terms() -> None:
    sheets = [same("L") for _ in range(FEW)] + [same("H", n1="DK")]
    found = panel(*sheets)

    assert not found.few and all(seat.letter == "" for seat in found.seats)
    assert [cell.mark for cell in found.line(1).cells] == ["", "8", "", "", "", "1"]
    assert [cell.mark for cell in found.line(2).cells] == ["", "8", "", "1", "", ""]


def test_agreed_answers_are_shown_beside_and_with_what_they_would_change() -> None:
    agreed = {17: Remark("VH", "the bank's letter", "CFO: not signed yet")}
    before, after = panel(same("M"), same("M")), panel(same("M"), same("M"), agreed=agreed)

    assert before.changed == () and before.agreed == ()
    line = after.line(17).agreed
    assert line and (line.answer, line.note, line.minority) == (
        "Very high",
        "the bank's letter",
        "CFO: not signed yet",
    )
    assert [part.key for part in after.changed] == ["resources", "overall"]
    resources = after.changed[0]
    assert resources.before == pytest.approx(50)
    # 0.6889 of 2.0778 of the component's importance goes from 50 to 100.
    assert resources.after == pytest.approx(50 + 50 * 0.68889 / 2.07778, abs=1e-3)


def test_agreed_answers_move_no_score_but_make_another_report() -> None:
    answers = answering.parse(given(same("M"), same("H")))
    plain = make_profile(answers, language("en"), date(2026, 3, 2))
    agreed = make_profile(
        answers, language("en"), date(2026, 3, 2), supplement=Supplement(agreed={1: Remark("VL", "")})
    )

    assert agreed.scores.overall and plain.scores.overall
    assert agreed.scores.overall.index == plain.scores.overall.index
    assert agreed.document == plain.document
    assert agreed.fingerprint != plain.fingerprint


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_a_letter_for_each_of_few_raters(code: str) -> None:
    found = panel(*[same("M") for _ in range(FEW)], code=code)
    letters = [seat.letter for seat in found.seats]

    assert len(set(letters)) == FEW and all(letters)


def several(code: str) -> Profile:
    """The sample firm with three more raters and two agreed answers."""
    base = sample(code)
    document = answering.export(base)
    first = document["responses"][0]["answers"]
    up = {"VL": "M", "L": "H", "M": "H", "H": "VH", "VH": "H"}
    down = {"VL": "VL", "L": "VL", "M": "L", "H": "M", "VH": "H"}
    for place, (shift, step) in enumerate([(up, 3), (down, 4), (up, 5)], start=2):
        changed = {
            number: shift.get(word, word) if int(number) % step == 0 else word
            for number, word in first.items()
        }
        document["responses"].append({"rater": f"نقش {place}", "answers": changed})
    note = "یادداشت جلسه" if code == "fa" else "A note of the meeting"
    agreed = {12: Remark("L", note, note), 14: Remark("M", note)}
    return make_profile(
        answering.parse(document), language(code), date(2026, 3, 2), supplement=Supplement(agreed=agreed)
    )


@CODES
def test_the_part_reads_well_in_both_languages(code: str) -> None:
    html = report_html(several(code))
    part = html[html.index('id="raters">') :].partition("<h2>")[2].partition("<section")[0]
    text = re.sub(r"\s+", " ", re.sub(r"<bdi.*?</bdi>|<[^>]+>", " ", part))

    assert "%(" not in text and "None" not in text and "nan" not in text
    if code == "fa":
        assert re.findall(r"[A-Za-z0-9]", text) == []
        assert re.findall(r"[آ-ی۰-۹»][,;?%]|[,;?] [آ-ی]", text) == []


class TestPdf:
    pytestmark = NEEDS_A_PRESS

    @CODES
    def test_a_report_of_several_raters_keeps_to_its_pages(self, code: str) -> None:
        pdf = make_pdf(several(code))
        pages = pages_of(pdf)

        assert 8 <= len(pages) <= 13
        title = {"en": "Raters, and where they differ", "fa": "توافق"}[code]
        assert any(title in bare(page) for page in pages)

    def test_a_file_of_several_raters_is_reported_with_the_part(self, tmp_path: Path) -> None:
        import json

        from readiness.cli import main

        file = tmp_path / "answers.json"
        file.write_text(json.dumps(given(same("VL"), same("VH"))), encoding="utf-8")
        made = tmp_path / "made.pdf"

        assert main(["report", str(file), "-o", str(made)]) in (0, None)
        assert any("Raters, and where they differ" in page for page in pages_of(made.read_bytes()))

"""The plan as it is read: every reason can be followed, and nothing is claimed that scoring does not say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from readiness.core import actions as library
from readiness.core import answers as answering
from readiness.core import model as models
from readiness.reports import plan as plans
from readiness.reports.facts import LABELS
from readiness.reports.language import language
from readiness.reports.pdf import report_html
from readiness.reports.profile import Profile
from tests.reports.tools import CODES, MODEL, ROOT, given, profile_of, sample

SAMPLES = sorted((ROOT / "docs" / "samples").glob("*.json"))
ALL = range(1, 48)


def sheet(default: str, **others: str) -> dict[int, str]:
    return dict.fromkeys(ALL, default) | {int(key[1:]): term for key, term in others.items()}


def of(path: Path, code: str) -> Profile:
    return profile_of(answering.read(path.read_text(encoding="utf-8")), code)


def test_a_reason_names_gap_indicator_importance_and_answer() -> None:
    profile = profile_of(sample("en"))
    by_target = {item.moves[0]: item.reason for item in profile.plan.items}

    assert by_target[14] == (
        "Aims at your largest gap: 14 Coopetition to create shared value (importance 0.81, answer: Very low)."
    )
    assert by_target[16].startswith("Aims at your second largest gap: 16 ")
    assert by_target[24].startswith(f"Aims at gap 4 of {len(profile.ranking)}: 24 ")


def test_the_gain_is_what_one_term_more_would_mean() -> None:
    profile = profile_of(sample("en"))
    item = next(item for item in profile.plan.items if item.moves == (16,))

    # 0.6889 of 4.2611 of the weights of coopetition, 20 points from very low to low.
    assert item.gain == (
        "Moves 16 Reaching markets via a rival's network. One term higher there would mean:"
        " Coopetition +3.2, overall index +0.4."
    )


@CODES
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_decision_can_be_read_in_both_languages(path: Path, code: str) -> None:
    profile = of(path, code)
    titles = [words["title"] for words in library.texts(MODEL.version, code).values()]

    assert len(profile.plan.trace) >= len(profile.plan.items)
    for item in profile.plan.items:
        assert item.title in titles
        assert any(item.title in line for line in profile.plan.trace)
    for line in profile.plan.trace:
        assert "%(" not in line and "None" not in line
        if code == "fa":
            assert not re.search(r"[A-Za-z]{4,}|[0-9]", line.replace("answers.json", "")), line


def test_a_plan_in_two_phases_shows_them_as_a_sequence() -> None:
    plan = of(ROOT / "docs" / "samples" / "weak-everywhere.json", "en").plan

    assert [lane.title for lane in plan.lanes] == [
        "Phase 1: Networking",
        "Phase 2, once the gate is open: Coopetition",
    ]
    assert plan.order.startswith("The route has two phases")
    listed = [item.number for lane in plan.lanes for cell in lane.cells for item in cell]
    assert listed == [item.number for item in plan.items] == list(range(1, len(plan.items) + 1))


def test_a_plan_side_by_side_has_a_lane_for_each_capability() -> None:
    plan = profile_of(given(sheet("M"))).plan

    assert [lane.title for lane in plan.lanes] == ["Networking", "Coopetition"]
    assert "side by side" in plan.order


def test_what_builds_the_ground_says_for_what() -> None:
    plan = of(ROOT / "docs" / "samples" / "weak-everywhere.json", "en").plan
    built = [item.reason for item in plan.items if item.reason.startswith("Builds")]

    assert built and "needs first: 12 Direct contact with competitors at “Medium” or above" in built[0]


def test_a_strong_firm_with_few_gaps_is_told_why_its_plan_is_short() -> None:
    few = profile_of(given(sheet("VH", n17="L", n44="VL"))).plan
    none = profile_of(given(sheet("VH", n44="VL"))).plan

    assert len(few.items) == 1 and few.shortage == (
        "There are fewer actions than 5, because so few gaps are left."
    )
    assert none.items == () and none.shortage == "No gap is left that an action could close."


def test_every_action_between_rivals_says_what_not_to_share_and_how_to_leave() -> None:
    for path in SAMPLES:
        for item in of(path, "en").plan.items:
            labels = [label for label, _ in item.cautions]
            if item.capability == "coopetition":
                assert labels == ["Risk", "Not to share", "Agreement", "Competition law", "Way out"]
            else:
                assert labels == ["Risk", "Safeguard"]


@CODES
def test_every_kind_of_the_library_has_words(code: str) -> None:
    words = language(code).words
    for kinds, named in (
        (library.PARTNERS, plans.PARTNERS),
        (library.EFFORTS, plans.EFFORTS),
        (library.HORIZONS, plans.TIMES),
    ):
        assert set(kinds) == set(named)
        said = [words(named[kind]) for kind in kinds]
        assert len(set(said)) == len(said)
        assert code == "en" or not any(re.search("[A-Za-z0-9]", word) for word in said)


def test_plain_text_holds_every_action_and_its_decisions_only_if_asked() -> None:
    profile = profile_of(sample("en"))
    short, long = ("\n".join(plans.lines(profile.plan, profile.language, one)) for one in (False, True))

    assert all(item.title in short and item.first_step in short for item in profile.plan.items)
    assert profile.plan.trace[-1] not in short
    assert all(line in long for line in profile.plan.trace)


# The path so far


def test_the_path_names_its_rule_and_the_actions_that_serve_it() -> None:
    pattern = of(ROOT / "docs" / "samples" / "biotech-born-global.json", "en").pattern

    assert pattern.title == "Born global"
    assert pattern.lag == 2
    assert "at most 3 years after the foundation, at least 25% of sales abroad" in pattern.rule
    assert "Kuivalainen et al. (2012)" in pattern.sources
    focus = set(MODEL.paths["born_global"].focus)
    assert pattern.serving and all(set(item.moves) & focus for item in pattern.serving)


@pytest.mark.parametrize(
    ("firm", "says"),
    [
        ({}, "Nothing is said about sales abroad"),
        ({"first_foreign_sale": 2010, "foreign_share": 0}, "There were sales abroad and there are none now"),
        ({"founded": 2015, "first_foreign_sale": 2010, "foreign_share": 5}, "The years do not fit together"),
        (
            {"founded": 2020, "first_foreign_sale": 2021, "foreign_share": 40},
            "leaves this possible: Born global, Regional.",
        ),
        (
            {"founded": 2020, "first_foreign_sale": 2021, "regions": ["europe", "africa"]},
            "leaves this possible: Born global.",
        ),
    ],
)
def test_an_open_path_says_why_and_claims_nothing(firm: dict[str, object], says: str) -> None:
    pattern = profile_of(given(sheet("M"), firm=firm)).pattern

    assert pattern.title == "Not decided"
    assert says in pattern.meaning
    assert (pattern.rule, pattern.next, pattern.serving) == ("", "", ())


@CODES
def test_every_sample_has_a_path_in_words(code: str) -> None:
    titles = {path.stem: of(path, code).pattern.title for path in SAMPLES}

    assert len(set(titles.values())) == 6
    words = models.texts(MODEL.version, code)["patterns"]
    assert set(titles.values()) - {language(code).words("Not decided")} == {
        words[name]["name"] for name in MODEL.paths
    }


@CODES
@pytest.mark.parametrize("value", [[], ["odd", "list"], "text", -(10**14), 10**14, 0.5, True, None])
def test_whatever_an_answers_file_says_of_a_firm_can_be_reported(value: object, code: str) -> None:
    firm = dict.fromkeys(LABELS, value)
    page = report_html(profile_of(given(sheet("M"), firm=firm), code))
    dated = firm | {"founded": -(10**14), "first_foreign_sale": 2010, "foreign_share": 30}

    assert "</html>" in page
    assert "</html>" in report_html(profile_of(given(sheet("M"), firm=dated), code))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_latin_mark_stands_beside_a_persian_word_in_a_report(path: Path) -> None:
    typed = r'<bdi[^>]*>.*?</bdi>|<tr class="remark">.*?</tr>|<table class="facts">.*?</table>'
    html = re.sub(typed, " ", report_html(of(path, "fa")), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))

    assert re.findall(r"[آ-ی۰-۹»][,;?%]|[,;?] [آ-ی]", text) == []
    assert re.findall(r"[0-9]", text.replace("rezvani-2024", "")) == []

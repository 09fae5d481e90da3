"""What holds for the scores of any firm."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from readiness.core import scoring
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes
from readiness.core.fuzzy import TERM_TFN, TERMS
from tests.core.firms import MODEL, differences, firm, same
from tests.core.strategies import INDICATORS, OWNER, complete, examples, firms, terms

BARRIERS = MODEL.column[44]
ENVIRONMENT = MODEL.components.index("environment")
somewhere = st.integers(0, INDICATORS - 1)


def scored(codes: Codes) -> scoring.Scores:
    return scoring.score_codes(MODEL, codes)


def exported(codes: Codes) -> dict[str, Any]:
    return scoring.export(scored(codes), {})


@pytest.mark.parametrize("raters", [1, 3])
@pytest.mark.parametrize("word", TERMS)
def test_one_term_throughout_gives_that_term(word: str, raters: int) -> None:
    found = exported(firm(*[same(word)] * raters))

    for key, part in found["components"].items():
        if key != "environment":
            assert part["tfn"] == pytest.approx(TERM_TFN[TERMS.index(word)], abs=1e-12)
            assert part["level"] == word
            assert part["bordering"] is None


@pytest.mark.parametrize("word", TERMS)
def test_one_term_throughout_and_its_opposite_for_barriers_gives_that_term_to_the_whole(word: str) -> None:
    opposite = TERMS[::-1][TERMS.index(word)]
    found = exported(firm(same(word) | {44: opposite}))

    for part in [*found["components"].values(), found["overall"]]:
        assert part["tfn"] == pytest.approx(TERM_TFN[TERMS.index(word)], abs=1e-12)


@examples(50)
@given(firms())
def test_every_score_lies_on_its_scale(codes: Codes) -> None:
    found = scored(codes)
    parts = found.components

    assert ((parts.tfn[parts.scored] > -1e-9) & (parts.tfn[parts.scored] < 1 + 1e-9)).all()
    assert ((parts.index[parts.scored] > -1e-9) & (parts.index[parts.scored] < 100 + 1e-9)).all()
    assert (np.diff(parts.tfn[parts.scored], axis=1) > -1e-9).all()
    assert ((parts.coverage >= 0) & (parts.coverage <= 1 + 1e-12))[parts.applicable > 0].all()
    if found.overall:
        assert -1e-9 < found.overall.index < 100 + 1e-9


@examples(50)
@given(firms())
def test_a_range_contains_its_index_and_is_as_wide_as_what_is_missing(codes: Codes) -> None:
    found = scored(codes)
    parts = found.components
    asked = parts.applicable > 0

    assert (parts.low[parts.scored] < parts.index[parts.scored] + 1e-9).all()
    assert (parts.high[parts.scored] > parts.index[parts.scored] - 1e-9).all()
    assert (parts.high - parts.low)[asked] == pytest.approx(100 * (1 - parts.coverage[asked]), abs=1e-9)
    if found.overall:
        assert found.overall.low - 1e-9 < found.overall.index < found.overall.high + 1e-9


@examples(50)
@given(firms(), somewhere, terms)
def test_a_missing_answer_that_comes_in_narrows_the_range(codes: Codes, at: int, term: int) -> None:
    less, more = codes.copy(), codes.copy()
    less[:, at] = more[:, at] = DONT_KNOW
    more[0, at] = term
    before, after = scored(less).components, scored(more).components

    assert before.low[OWNER[at]] - 1e-9 < after.low[OWNER[at]]
    assert after.high[OWNER[at]] < before.high[OWNER[at]] + 1e-9
    assert after.coverage[OWNER[at]] > before.coverage[OWNER[at]]


@examples(50)
@given(firms(raters=1))
def test_the_ends_of_a_range_are_reached_by_the_answers_still_missing(codes: Codes) -> None:
    parts = scored(codes).components
    missing = (codes == DONT_KNOW) | (codes == UNANSWERED)
    worst, best = np.zeros(INDICATORS, np.uint8), np.full(INDICATORS, 4, np.uint8)
    worst[BARRIERS], best[BARRIERS] = 4, 0

    lowest, highest = (scored(np.where(missing, filled, codes)).components for filled in (worst, best))

    asked = parts.applicable >= 2
    assert parts.low[asked] == pytest.approx(lowest.index[asked], abs=1e-9)
    assert parts.high[asked] == pytest.approx(highest.index[asked], abs=1e-9)


@examples(80)
@given(firms(), st.data())
def test_a_higher_answer_raises_its_component_or_lowers_it_for_barriers(
    codes: Codes, data: st.DataObject
) -> None:
    places = np.argwhere(codes < 4).tolist()
    assume(places)
    rater, at = data.draw(st.sampled_from(places))
    higher = codes.copy()
    higher[rater, at] += 1
    before, after = scored(codes), scored(higher)
    gain = after.components.index - before.components.index
    others = before.components.scored & (np.arange(len(gain)) != OWNER[at])

    assert (after.components.scored == before.components.scored).all()
    assert (gain[others] == 0).all()
    if before.components.scored[OWNER[at]]:
        assert gain[OWNER[at]] * (-1 if at == BARRIERS else 1) > 0
    if before.overall and after.overall:
        assert (after.overall.index - before.overall.index) * (-1 if at == BARRIERS else 1) > -1e-9


@examples(40)
@given(firms(raters=4), st.randoms(use_true_random=False))
def test_the_order_of_the_raters_does_not_matter(codes: Codes, luck: Any) -> None:
    order = list(range(len(codes)))
    luck.shuffle(order)
    one, other = exported(codes), exported(codes[order])
    # of two ways that are as short either may be named, and raters are named by their position
    steps = [found["route"] and found["route"].pop("counterfactual")["steps"] for found in (one, other)]

    assert list(differences(other, one)) == []
    assert steps[0] == steps[1]


@examples(30)
@given(firms())
def test_as_many_times_the_experts_of_the_same_opinion_change_nothing(codes: Codes) -> None:
    rows = tuple(replace(row, counts=tuple(7 * count for count in row.counts)) for row in MODEL.paper)
    crowded = replace(MODEL, paper=rows)

    assert list(differences(scoring.export(scoring.score_codes(crowded, codes), {}), exported(codes))) == []


@examples(40)
@given(firms(raters=1), st.integers(2, 4))
def test_raters_who_say_the_same_count_as_one(codes: Codes, times: int) -> None:
    one, many = scored(codes), scored(np.repeat(codes, times, axis=0))

    assert many.components.index == pytest.approx(one.components.index, abs=1e-9, nan_ok=True)
    assert many.components.low == pytest.approx(one.components.low, abs=1e-9, nan_ok=True)
    assert many.priorities == one.priorities
    assert (one.route and one.route.name) == (many.route and many.route.name)


@examples(50)
@given(firms())
def test_raters_disagree_exactly_where_their_terms_differ(codes: Codes) -> None:
    found = scored(codes).indicators

    for at in range(INDICATORS):
        given_terms = {int(code) for code in codes[:, at] if code <= 4}
        if given_terms:
            assert (found.disagreement[at] > 1e-9) == (len(given_terms) > 1)
        else:
            assert np.isnan(found.disagreement[at])


@examples(40)
@given(firms())
def test_dont_know_and_unanswered_are_the_same_to_the_scores(codes: Codes) -> None:
    silent = np.where(codes == DONT_KNOW, UNANSWERED, codes).astype(np.uint8)

    assert exported(silent) == exported(codes)


@examples(40)
@given(complete(raters=2), somewhere)
def test_leaving_out_is_not_missing(codes: Codes, at: int) -> None:
    without, unknown = codes.copy(), codes.copy()
    without[:, at], unknown[:, at] = NOT_APPLICABLE, DONT_KNOW
    left_out, missing = scored(without).components, scored(unknown).components
    owner = OWNER[at]

    assert left_out.coverage[owner] == 1
    assert missing.coverage[owner] < 1
    assert left_out.high[owner] == pytest.approx(left_out.low[owner])
    assert missing.high[owner] > missing.low[owner] + 1
    assert left_out.tfn[owner] == pytest.approx(missing.tfn[owner])


@examples(40)
@given(firms(), st.integers(0, 2))
def test_a_rater_who_knows_nothing_changes_nothing(codes: Codes, at: int) -> None:
    silent = np.full((1, INDICATORS), UNANSWERED, np.uint8)
    more = np.concatenate([codes[:at], silent, codes[at:]])
    before, after = exported(codes), exported(more)
    for found in (before, after):
        # the what-ifs and the raters' positions do change
        found["route"] = found["route"] and {
            key: found["route"][key] for key in ("name", "difference", "gate")
        }

    assert list(differences(after, before)) == []


@examples(40)
@given(firms())
def test_the_priorities_rank_every_answered_indicator_once_by_falling_gap(codes: Codes) -> None:
    found = exported(codes)
    centroids = [sum(found["indicators"][str(number)]["gap"]) / 3 for number in found["priorities"]]

    assert len(set(found["priorities"])) == len(found["priorities"])
    assert {str(number) for number in found["priorities"]} == {
        number for number, entry in found["indicators"].items() if entry["tfn"]
    }
    assert all(earlier > later - 1e-9 for earlier, later in pairwise(centroids))


@examples(40)
@given(complete(raters=2))
def test_turning_every_answer_round_mirrors_every_index(codes: Codes) -> None:
    mirrored = scored((4 - codes).astype(np.uint8))
    found = scored(codes)

    assert mirrored.components.index == pytest.approx(100 - found.components.index, abs=1e-9)
    assert found.overall
    assert mirrored.overall
    assert mirrored.overall.index == pytest.approx(100 - found.overall.index, abs=1e-9)

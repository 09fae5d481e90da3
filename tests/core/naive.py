"""Sections 2 to 5 of the scoring rules a second time: plain loops over exact fractions, slow and literal.

Answers are one dictionary a rater, from indicator number to a word of the exchange format; an absent number
is unanswered. Only the paper's rows are shared with the package: number, component, counts and Table 7.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from readiness.core import model

Triple = tuple[Fraction, Fraction, Fraction]
Sheet = Mapping[int, str]
Weights = Mapping[int, Fraction]

ZERO, ONE = Fraction(0), Fraction(1)
QUARTER, HALF, THREE_QUARTERS = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)
TERMS = ["VL", "L", "M", "H", "VH"]
TFN: dict[str, Triple] = {
    "VL": (ZERO, ZERO, QUARTER),
    "L": (ZERO, QUARTER, HALF),
    "M": (QUARTER, HALF, THREE_QUARTERS),
    "H": (HALF, THREE_QUARTERS, ONE),
    "VH": (THREE_QUARTERS, ONE, ONE),
}
REVERSED = {44}
GATE = [2, 8, 11, 15]
RELATIONAL = range(1, 17)


def crisp(tfn: Triple) -> Fraction:
    return sum(tfn, ZERO) / 3


def to_index(value: Fraction) -> Fraction:
    return 120 * value - 10


def mean_tfn(tfns: Sequence[Triple]) -> Triple:
    low, middle, high = (sum((tfn[at] for tfn in tfns), ZERO) / len(tfns) for at in range(3))
    return low, middle, high


def opposite(tfn: Triple) -> Triple:
    return 1 - tfn[2], 1 - tfn[1], 1 - tfn[0]


def root(square: Fraction) -> Decimal:
    """A square root to forty digits, with the last ten dropped."""
    with localcontext(prec=50):
        return (Decimal(square.numerator) / Decimal(square.denominator)).sqrt().quantize(Decimal(10) ** -40)


def squared_distance(one: Triple, other: Triple) -> Fraction:
    return sum(((a - b) ** 2 for a, b in zip(one, other, strict=True)), ZERO) / 3


def distance(one: Triple, other: Triple) -> Decimal:
    return root(squared_distance(one, other))


# The experts

ROWS = model.load().paper
EXPERT_TFN: dict[int, Triple] = {
    row.number: mean_tfn(
        [TFN[term] for term, count in zip(TERMS, row.counts, strict=True) for _ in range(count)]
    )
    for row in ROWS
}
ACCEPTED = [row.number for row in ROWS if crisp(EXPERT_TFN[row.number]) >= HALF]
IMPORTANCE: dict[int, Fraction] = {number: crisp(EXPERT_TFN[number]) for number in ACCEPTED}
PRINTED: dict[int, Fraction] = {row.number: Fraction(str(row.table7["crisp"])) for row in ROWS}
COMPONENTS: dict[str, list[int]] = {}
for _row in ROWS:
    if _row.number in IMPORTANCE:
        COMPONENTS.setdefault(_row.component, []).append(_row.number)
COMPONENT_WEIGHT: dict[str, Fraction] = {
    key: sum((IMPORTANCE[number] for number in numbers), ZERO) / len(numbers)
    for key, numbers in COMPONENTS.items()
}


# Indicators


def given_terms(sheets: Sequence[Sheet], number: int) -> list[Triple]:
    """The TFNs of the raters who gave a term, reversed where the indicator is."""
    tfns = [TFN[sheet[number]] for sheet in sheets if sheet.get(number) in TFN]
    return [opposite(tfn) for tfn in tfns] if number in REVERSED else tfns


def indicator_tfn(sheets: Sequence[Sheet], number: int) -> Triple | None:
    terms = given_terms(sheets, number)
    return mean_tfn(terms) if terms else None


def is_left_out(sheets: Sequence[Sheet], number: int) -> bool:
    """Not applicable for the firm: no rater gave a term and at least one said so."""
    return not given_terms(sheets, number) and any(sheet.get(number) == "NA" for sheet in sheets)


def disagreement(sheets: Sequence[Sheet], number: int) -> float | None:
    terms = given_terms(sheets, number)
    if not terms:
        return None
    return float(sum(distance(term, mean_tfn(terms)) for term in terms) / len(terms))


def gap(sheets: Sequence[Sheet], number: int) -> Triple | None:
    firm = indicator_tfn(sheets, number)
    if firm is None:
        return None
    weight = EXPERT_TFN[number]
    return weight[0] * (1 - firm[2]), weight[1] * (1 - firm[1]), weight[2] * (1 - firm[0])


def priorities(sheets: Sequence[Sheet]) -> list[int]:
    gaps = {number: gap(sheets, number) for number in ACCEPTED}
    ranked = [(-crisp(found), number) for number, found in gaps.items() if found is not None]
    return [number for _, number in sorted(ranked)]


# Components and the whole


def level(tfn: Triple) -> tuple[str, str | None]:
    ranked = sorted(TERMS, key=lambda term: (squared_distance(tfn, TFN[term]), TERMS.index(term)))
    apart = distance(tfn, TFN[ranked[1]]) - distance(tfn, TFN[ranked[0]])
    return ranked[0], ranked[1] if apart < Decimal("0.05") else None


def weighted_tfn(tfns: Sequence[Triple], weights: Sequence[Fraction]) -> Triple:
    total = sum(weights, ZERO)
    low, middle, high = (
        sum((weight * tfn[at] for tfn, weight in zip(tfns, weights, strict=True)), ZERO) / total
        for at in range(3)
    )
    return low, middle, high


def component(sheets: Sequence[Sheet], numbers: Sequence[int]) -> dict[str, Any]:
    applicable = [number for number in numbers if not is_left_out(sheets, number)]
    tfns = {number: tfn for number in applicable if (tfn := indicator_tfn(sheets, number)) is not None}
    all_weight = sum((IMPORTANCE[number] for number in applicable), ZERO)
    known = sum((IMPORTANCE[number] for number in tfns), ZERO)
    coverage = known / all_weight if all_weight else None
    scored = len(tfns) >= 2 and coverage is not None and coverage >= Fraction(2, 3)
    result: dict[str, Any] = dict.fromkeys(
        ("tfn", "crisp", "index", "level", "bordering", "range", "equal_weight_index")
    )
    result |= {
        "answered": len(tfns),
        "applicable": len(applicable),
        "coverage": coverage,
        "scored": scored,
        "provisional": scored and coverage is not None and coverage < Fraction(4, 5),
    }
    if applicable:
        ends = []
        for end in ("VL", "VH"):
            filled = [tfns.get(number, TFN[end]) for number in applicable]
            ends.append(to_index(crisp(weighted_tfn(filled, [IMPORTANCE[number] for number in applicable]))))
        result["range"] = ends
    if scored:
        tfn = weighted_tfn(list(tfns.values()), [IMPORTANCE[number] for number in tfns])
        result |= {"tfn": tfn, "crisp": crisp(tfn), "index": to_index(crisp(tfn))}
        result["level"], result["bordering"] = level(tfn)
        result["equal_weight_index"] = to_index(crisp(mean_tfn(list(tfns.values()))))
    return result


def overall(sheets: Sequence[Sheet], parts: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
    scored = [key for key, part in parts.items() if part["scored"]]
    applicable = [number for number in ACCEPTED if not is_left_out(sheets, number)]
    all_weight = sum((IMPORTANCE[number] for number in applicable), ZERO)
    known = sum((IMPORTANCE[number] for number in applicable if given_terms(sheets, number)), ZERO)
    if len(scored) < 7 or "networking" not in scored or "coopetition" not in scored:
        return None
    if known / all_weight < Fraction(4, 5):
        return None
    weights = [COMPONENT_WEIGHT[key] for key in scored]
    tfn = weighted_tfn([parts[key]["tfn"] for key in scored], weights)
    name, bordering = level(tfn)
    return {
        "tfn": tfn,
        "crisp": crisp(tfn),
        "index": to_index(crisp(tfn)),
        "level": name,
        "bordering": bordering,
        "coverage": known / all_weight,
        "range": [
            sum(
                (weight * parts[key]["range"][end] for key, weight in zip(scored, weights, strict=True)), ZERO
            )
            / sum(weights, ZERO)
            for end in (0, 1)
        ],
    }


# The route


def at_band_position(position: Fraction) -> Any:
    """The index of a TFN read at a position of its band."""

    def read(tfn: Triple) -> Fraction:
        return (1 - position) * (tfn[0] + tfn[1]) / 2 + position * (tfn[1] + tfn[2]) / 2

    return lambda tfn: 100 * (read(tfn) - read(TFN["VL"])) / (read(TFN["VH"]) - read(TFN["VL"]))


def at_centroid(tfn: Triple) -> Fraction:
    return to_index(crisp(tfn))


def mean_index(
    sheets: Sequence[Sheet], numbers: Sequence[int], weights: Weights, index_of: Any
) -> tuple[Fraction | None, int, Fraction | None]:
    """The weighted index over the answered indicators, how many are answered, and their coverage."""
    values = {
        number: index_of(tfn) for number in numbers if (tfn := indicator_tfn(sheets, number)) is not None
    }
    all_weight = sum((weights[number] for number in numbers if not is_left_out(sheets, number)), ZERO)
    known = sum((weights[number] for number in values), ZERO)
    if not values:
        return None, 0, None
    return (
        sum((weights[number] * values[number] for number in values), ZERO) / known,
        len(values),
        known / all_weight,
    )


def standing(
    sheets: Sequence[Sheet],
    weights: Weights = IMPORTANCE,
    index_of: Any = at_centroid,
    without: int | None = None,
) -> dict[str, Any] | None:
    """Route, difference and gate; None where a relational component is not scored."""
    indices = []
    for key in ("networking", "coopetition"):
        numbers = [number for number in COMPONENTS[key] if number != without]
        index, answered, coverage = mean_index(sheets, numbers, weights, index_of)
        if index is None or coverage is None or answered < 2 or coverage < Fraction(2, 3):
            return None
        indices.append(index)
    gate = mean_index(sheets, [number for number in GATE if number != without], weights, index_of)[0]
    return route_of(indices[0], indices[1], gate)


def route_of(networking: Fraction, coopetition: Fraction, gate: Fraction | None) -> dict[str, Any]:
    weight_n, weight_c = COMPONENT_WEIGHT["networking"], COMPONENT_WEIGHT["coopetition"]
    difference = (weight_c * (100 - coopetition) - weight_n * (100 - networking)) / (
        (weight_n + weight_c) / 2
    )
    return {"name": table(networking, coopetition, difference, gate), "difference": difference, "gate": gate}


def table(networking: Fraction, coopetition: Fraction, difference: Fraction, gate: Fraction | None) -> str:
    is_open = gate is not None and gate >= 35
    if networking >= 65 and coopetition >= 65:
        return "sustain"
    if difference >= 6:
        return "coopetition" if is_open else "networking-first"
    if difference <= -6:
        return "networking"
    return "both" if is_open else "networking-first"


def moved(sheets: Sequence[Sheet]) -> Iterator[list[dict[int, str]]]:
    """The sheets after each single step up or down of a term given to one of the indicators 1 to 16."""
    for rater, number, step in itertools.product(range(len(sheets)), RELATIONAL, (-1, 1)):
        word = sheets[rater].get(number)
        if word in TERMS and 0 <= TERMS.index(word) + step < len(TERMS):
            copies = [dict(sheet) for sheet in sheets]
            copies[rater][number] = TERMS[TERMS.index(word) + step]
            yield copies


def scenarios(sheets: Sequence[Sheet]) -> Iterator[dict[str, Any] | None]:
    for position in (ZERO, QUARTER, HALF, THREE_QUARTERS, ONE):
        yield standing(sheets, index_of=at_band_position(position))
    yield standing(sheets, weights=dict.fromkeys(IMPORTANCE, ONE))
    yield standing(sheets, weights=PRINTED)
    yield standing(sheets, weights={number: tfn[1] for number, tfn in EXPERT_TFN.items()})
    for number in RELATIONAL:
        yield standing(sheets, without=number)
    for copies in moved(sheets):
        yield standing(copies)
    if len(sheets) > 1:
        for rater in range(len(sheets)):
            yield standing([sheet for at, sheet in enumerate(sheets) if at != rater])


def route(sheets: Sequence[Sheet]) -> dict[str, Any] | None:
    """The route and how many what-ifs keep it, without the counterfactual."""
    now = standing(sheets)
    if now is None:
        return None
    outcomes = [other["name"] if other else None for other in scenarios(sheets)]
    return now | {
        "robustness": Fraction(outcomes.count(now["name"]), len(outcomes)),
        "scenarios": len(outcomes),
    }


def score(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """Everything of the exchange format but the counterfactual."""
    parts = {key: component(sheets, numbers) for key, numbers in COMPONENTS.items()}
    tfns = {number: indicator_tfn(sheets, number) for number in ACCEPTED}
    return {
        "components": parts,
        "overall": overall(sheets, parts),
        "indicators": {
            str(number): {
                "tfn": tfn,
                "crisp": None if tfn is None else crisp(tfn),
                "disagreement": disagreement(sheets, number),
                "gap": gap(sheets, number),
            }
            for number, tfn in tfns.items()
        },
        "priorities": priorities(sheets),
        "route": route(sheets),
    }

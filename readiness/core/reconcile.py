"""Recompute the paper's Table 7 from its Table 6 and name every disagreement.

Both tables are scanned and damaged. What `find` finds must equal the disagreements that the
model's data list; anything else means that the data or the arithmetic changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from readiness.core import fuzzy
from readiness.core.fuzzy import Floats
from readiness.core.model import Indicator, Model

_FIELDS = ("l", "m", "u", "crisp")
_HALF_DIGIT = 0.0005 + 1e-9
#: The page of Table 6 on which the last two columns are printed as (very high, high).
_FIRST_PAGE_ENDS = 24


def counts_of_print(row: Indicator) -> tuple[int, ...]:
    """Table 6 as printed, put into the order (VL, L, M, H, VH) of its page."""
    first = row.table6
    return (*first[:3], first[4], first[3]) if row.number <= _FIRST_PAGE_ENDS else first


def recovered_lower(row: Indicator) -> float:
    """Table 7's lower bound; where the scan lost it, 3 crisp - m - u gives it back."""
    printed = row.table7
    return printed.get("l", 3 * printed["crisp"] - printed["m"] - printed["u"])


def _values_off(row: Indicator, mean: Floats) -> int:
    """How many of a row's printed values are not the rounding of this mean TFN's."""
    exact = {"l": mean[0], "m": mean[1], "u": mean[2], "crisp": mean.mean()}
    return sum(abs(exact[name] - value) > _HALF_DIGIT for name, value in row.table7.items())


def find(model: Model) -> dict[str, list[int]]:
    """Rows of the paper on which its tables disagree, by kind of disagreement.

    damaged: the counts of Table 6 are not readable as printed. slip: one printed value of a row of
    Table 7 is off while its others fit. conflict: Table 7's row differs from its row of Table 6 and
    fits another one. orphan: it fits no row. shifted: it carries the row above. lost: a row of
    Table 6 displaced by the shift.
    """
    means = fuzzy.mean_of_counts(np.array([row.counts for row in model.paper]))
    found: dict[str, list[int]] = {
        kind: [] for kind in ("damaged", "slip", "conflict", "orphan", "shifted", "lost")
    }
    for at, row in enumerate(model.paper):
        off = [_values_off(row, mean) for mean in means]
        if counts_of_print(row) != row.counts:
            found["damaged"].append(row.number)
        if off[at] <= 1:
            fits = off[at]
        elif at and off[at - 1] <= 1:
            fits = off[at - 1]
            found["shifted"].append(row.number)
        else:
            fits = min(off)
            found["conflict" if fits <= 1 else "orphan"].append(row.number)
        if fits == 1:
            found["slip"].append(row.number)
    found["lost"] = [number for number in found["shifted"] if number + 1 not in found["shifted"]]
    return found


def known(model: Model) -> dict[str, list[int]]:
    """The disagreements that the model's data list, by kind."""
    return {entry["kind"]: list(entry["rows"]) for entry in model.disagreements}


def surprises(model: Model) -> list[str]:
    """One sentence for each way in which what is found differs from what is listed."""
    found, listed = find(model), known(model)
    lines = []
    for kind in sorted(found.keys() | listed.keys()):
        new = sorted(set(found.get(kind, [])) - set(listed.get(kind, [])))
        gone = sorted(set(listed.get(kind, [])) - set(found.get(kind, [])))
        lines += [f"{kind}: row {row} is found but not listed" for row in new]
        lines += [f"{kind}: row {row} is listed but not found" for row in gone]
    return lines


def notes(model: Model) -> Mapping[int, list[str]]:
    """For each row of the paper that disagrees, the kinds of disagreement found."""
    by_row: dict[int, list[str]] = {}
    for kind, rows in find(model).items():
        for row in rows:
            by_row.setdefault(row, []).append(kind)
    return by_row


def report(model: Model) -> Iterator[str]:
    """Every row of the paper with its verdict, each known disagreement, and anything unexpected."""
    marks, screening = notes(model), model.screening
    yield f"{model.version}: Table 7 recomputed from Table 6, threshold {model.threshold}"
    yield " no  l     m     u     crisp      as printed (l m u crisp)  verdict   disagreement"
    for at, row in enumerate(model.paper):
        values = "".join(f" {value:.3f}" for value in (*screening.tfn[at], screening.crisp[at]))
        printed = " ".join(f"{row.table7[name]:.3f}" for name in _FIELDS if name in row.table7)
        if "l" not in row.table7:
            printed = f"({recovered_lower(row):.3f}) {printed}"
        verdict = "accepted" if screening.accepted[at] else "rejected"
        line = f"{row.number:>3} {values}  {printed:>26}  {verdict}  {', '.join(marks.get(row.number, []))}"
        yield line.rstrip()
    accepted = int(screening.accepted.sum())
    yield f"{accepted} accepted, {len(model.paper) - accepted} rejected"
    yield "In brackets: what the scan lost, given back by 3 crisp - m - u."
    yield "Known disagreements:"
    for entry in model.disagreements:
        rows = ", ".join(str(row) for row in entry["rows"])
        yield f"  {entry['kind']}, rows {rows}: {entry['note']}"
    unexpected = surprises(model)
    yield from (f"UNEXPECTED {line}" for line in unexpected)
    yield "The data agree with what is known." if not unexpected else "The data DIFFER from what is known."

"""What changed since the round before, in words: for the profile on screen and on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from readiness.core import change as comparing
from readiness.core.answers import DONT_KNOW, NOT_APPLICABLE, Answers
from readiness.core.change import Change, ChangedAnswer, Difference, Point
from readiness.core.fuzzy import TERMS
from readiness.reports import charts
from readiness.reports.facts import LABELS, N_, firm_value
from readiness.reports.language import Language

#: So many changed answers are listed, the largest changes first.
LISTED = 8

VERDICTS = {
    comparing.UP: N_("higher"),
    comparing.DOWN: N_("lower"),
    comparing.SAME: N_("ranges touch"),
    comparing.NONE: N_("not scored in both"),
}


@dataclass(frozen=True)
class PointView:
    """An index of one round, and where it stands on a bar."""

    index: float | None
    low: float | None
    high: float | None
    span: charts.Span | None


@dataclass(frozen=True)
class LineView:
    """A component, or the whole firm, in two rounds."""

    key: str
    """Component key; overall for the whole firm."""
    name: str
    verdict: str
    says: str
    """The verdict in words."""
    title: str
    """The bar in words."""
    gain: str
    """Points of the index gained, or a dash."""
    before: PointView
    after: PointView
    then: PointView
    """The earlier round as it was scored then."""
    changed: int
    compared: int


@dataclass(frozen=True)
class AnswerView:
    """An indicator that is answered differently now."""

    number: int
    label: str
    before: str
    after: str
    gain: str
    """Points of the indicator's index gained, or a dash."""


@dataclass(frozen=True)
class FactView:
    """Something about the firm that changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeView:
    """Everything that the part shows."""

    overall: LineView
    lines: tuple[LineView, ...]
    """The components from the greatest gain to the greatest loss, those without a comparison last."""
    summary: str
    behind: str
    """How many answers changed, in a sentence."""
    answers: tuple[AnswerView, ...]
    more: int
    """Changed answers that are not listed."""
    facts: tuple[FactView, ...]
    raters: tuple[str, str] | None
    """Who answered then and who now, where they differ."""
    untouched: int
    """Answers taken over from the earlier round that nobody looked at again."""
    rescored: bool
    versions: tuple[str, str]
    left_out: str
    """Numbers of the indicators that only the later round asks; empty if none."""


def said(codes: Sequence[int], terms: Mapping[str, str], language: Language) -> str:
    """What the raters answered, in words: the terms that they gave, else why there is none."""
    given = sorted({code for code in codes if code < len(TERMS)})
    if len(given) > 3:
        low, high = terms[TERMS[given[0]]], terms[TERMS[given[-1]]]
        return language.words("%(low)s to %(high)s", low=low, high=high)
    if given:
        return language.listing([terms[TERMS[code]] for code in given])
    if NOT_APPLICABLE in codes:
        return terms["NA"]
    return terms["DK"] if DONT_KNOW in codes else language.words("Not answered")


def point_view(point: Point, mirrored: bool) -> PointView:
    """A point with its place on a bar."""
    if point.index is None or point.low is None or point.high is None:
        return PointView(None, point.low, point.high, None)
    drawn = charts.span(point.low, point.high, point.index, mirrored)
    return PointView(point.index, point.low, point.high, drawn)


def _summary(lines: Sequence[LineView], days: tuple[str, str], language: Language) -> str:
    count = Counter(line.verdict for line in lines)
    before, after = (language.day_of(day) for day in days)
    said = language.words("The round of %(before)s beside that of %(after)s.", before=before, after=after)
    up = language.plural(
        "%(count)s component stands higher.", "%(count)s components stand higher.", count[comparing.UP]
    )
    down = language.plural(
        "%(count)s component stands lower.", "%(count)s components stand lower.", count[comparing.DOWN]
    )
    same = language.plural(
        "For %(count)s component the ranges show no difference.",
        "For %(count)s components the ranges show no difference.",
        count[comparing.SAME],
    )
    none = language.plural(
        "%(count)s component was not scored in both rounds.",
        "%(count)s components were not scored in both rounds.",
        count[comparing.NONE],
    )
    sentences = {comparing.UP: up, comparing.DOWN: down, comparing.SAME: same, comparing.NONE: none}
    return " ".join([said, *(text for verdict, text in sentences.items() if count[verdict])])


def _index(point: Point, language: Language) -> str:
    return language.words("not scored") if point.index is None else language.number(point.index, 1)


def _gain(by: float | None, places: int, language: Language) -> str:
    if by is None:
        return "–"
    return language.gain(by, places) if round(by, places) else language.number(0)


def _line(found: Difference, then: Point, name: str, language: Language) -> LineView:
    return LineView(
        key=found.key or "overall",
        name=name,
        verdict=found.verdict,
        says=language.words(VERDICTS[found.verdict]),
        title=language.words(
            "%(name)s: then %(before)s, now %(after)s",
            name=name,
            before=_index(found.before, language),
            after=_index(found.after, language),
        ),
        gain=_gain(found.by, 1, language),
        before=point_view(found.before, language.mirrored),
        after=point_view(found.after, language.mirrored),
        then=point_view(then, language.mirrored),
        changed=found.changed,
        compared=found.compared,
    )


def _lines(found: Change, texts: Mapping[str, Any], language: Language) -> tuple[LineView, ...]:
    old = dict(zip(found.then.model.components, comparing.component_points(found.then), strict=True))
    ranked = sorted(found.components, key=lambda item: (item.by is None, -round(item.by or 0, 9)))
    nothing, names = Point(None, None, None), texts["components"]
    return tuple(
        _line(item, old.get(str(item.key), nothing), names[item.key]["short"], language) for item in ranked
    )


def _answer(item: ChangedAnswer, texts: Mapping[str, Any], language: Language) -> AnswerView:
    return AnswerView(
        number=item.number,
        label=texts["indicators"][str(item.number)]["label"],
        before=said(item.before, texts["terms"], language),
        after=said(item.after, texts["terms"], language),
        gain=_gain(item.by, 0, language),
    )


def _facts(before: Mapping[str, Any], after: Mapping[str, Any], language: Language) -> tuple[FactView, ...]:
    def value(firm: Mapping[str, Any], name: str) -> Any:
        found = firm.get(name)
        return sorted(found) if isinstance(found, list | tuple) else found

    names = {"name": N_("Name of the firm"), **LABELS}
    return tuple(
        FactView(
            language.words(label),
            firm_value(name, before.get(name), language),
            firm_value(name, after.get(name), language),
        )
        for name, label in names.items()
        if (value(before, name) or None) != (value(after, name) or None)
        or (before.get(name) == 0) != (after.get(name) == 0)
    )


def _raters(before: Answers, after: Answers, language: Language) -> tuple[str, str] | None:
    was, now = ([response.rater for response in each.responses] for each in (before, after))
    if sorted(was) == sorted(now):
        return None
    then, today = (language.listing([language.isolate(name) for name in each]) for each in (was, now))
    return then, today


def view_change(
    before: Answers,
    after: Answers,
    days: tuple[str, str],
    untouched: int,
    texts: Mapping[str, Any],
    language: Language,
) -> ChangeView:
    """Compare two rounds; `days` are those of the earlier and the later one, ISO 8601."""
    found = comparing.compare(before, after)
    lines = _lines(found, texts, language)
    then = comparing.overall_point(found.then)
    return ChangeView(
        overall=_line(found.overall, then, language.words("Overall index"), language),
        lines=lines,
        summary=_summary(lines, days, language),
        behind=language.words(
            "%(changed)s of %(all)s answers changed.",
            changed=language.number(found.overall.changed),
            all=language.number(found.overall.compared),
        ),
        answers=tuple(_answer(item, texts, language) for item in found.answers[:LISTED]),
        more=max(len(found.answers) - LISTED, 0),
        facts=_facts(before.firm, after.firm, language),
        raters=_raters(before, after, language),
        untouched=untouched,
        rescored=found.rescored,
        versions=(found.then.model.version, found.after.model.version),
        left_out=language.listing([language.number(number) for number in found.left_out]),
    )

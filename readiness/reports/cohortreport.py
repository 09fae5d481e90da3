"""The report of a cohort as PDF: what its dashboard shows, for a table in a meeting.

It is made of a CohortView alone: plain values that were computed before, and that travel to the process that
prints. A count that is None is one that must not be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from readiness import __version__
from readiness.core import comparison, statistics
from readiness.core import model as models
from readiness.core.standing import LEAST_FIRMS, Summary
from readiness.reports import charts, standing
from readiness.reports.charts import Span
from readiness.reports.cohortcharts import SpreadRow
from readiness.reports.facts import N_, SECTORS
from readiness.reports.language import Language, language
from readiness.reports.pdf import LOGO, environment, html_to_pdf
from readiness.reports.standing import StandingView
from readiness.reports.supplement import Brand

#: So many strong and weak components, gaps and offers stand on the first page, and so many in their lists.
TOP, MOST_GAPS, MOST_OFFERS = 3, 10, 6

Counts = tuple[tuple[str | None, int | None], ...]


@dataclass(frozen=True)
class Members:
    """Who took part; each count may be None."""

    invited: int | None
    joined: int | None
    started: int | None
    finished: int | None
    sectors: Counts
    """Firms behind the numbers by a key of readiness.reports.facts.SECTORS; None where it is not told."""
    sizes: Counts
    """By a band of employees such as 10-49 or 250."""
    ages: Counts
    """By a band of years since the foundation."""


@dataclass(frozen=True)
class Change:
    """One component, or the overall index, in two rounds of the same firms."""

    component: str | None
    """None for the overall index."""
    firms: int
    """That have this index in both rounds."""
    before: float | None
    """Median of the earlier round."""
    after: float | None
    shift: float | None
    """How far the middle firm moved; None where too few have two rounds."""
    low: float
    high: float
    """Ends of the interval of the shift."""
    verdict: str
    """too_few, none, higher or lower."""


@dataclass(frozen=True)
class Agreement:
    """How much the indicators of a component go together over the firms: Cronbach's alpha."""

    component: str
    firms: int
    """That answered every indicator of it."""
    alpha: float | None
    """None where they are too few."""
    low: float
    high: float


@dataclass(frozen=True)
class CohortView:
    """Everything that the report of a cohort says, in a language."""

    code: str
    """Of the language."""
    cohort: str
    starts: str | None
    """First day, ISO 8601."""
    ends: str | None
    made_on: date
    invented: bool
    inside: bool
    """Whether the report is for inside the organisation only."""
    brand: Brand
    members: Members
    firms: int | None
    """Firms behind the numbers: those with a finished assessment by this model."""
    left_out: int
    """Firms that were last assessed by another version of the model."""
    standing: StandingView | None
    """None where no firm has finished."""
    changes: tuple[Change, ...] = ()
    """None where no firm was assessed twice."""
    twice: int = 0
    """Firms that were assessed at least twice."""
    agreements: tuple[Agreement, ...] = ()
    model: str = models.CURRENT
    least: int = LEAST_FIRMS
    software: str = __version__


VERDICTS = {
    "higher": N_("higher"),
    "lower": N_("lower"),
    "none": N_("no difference shown"),
    "too-few": N_("too few firms"),
}


@dataclass(frozen=True)
class ChangeRow:
    """A change in words and drawn."""

    name: str
    change: Change
    verdict: str
    span: Span | None
    """From the median before to the median after, with a mark at the latter."""
    title: str


@dataclass(frozen=True)
class CountRow:
    """How many are of one kind."""

    name: str
    count: int | None
    title: str
    span: Span | None
    """The count as a bar; None where it is not told."""


def rows(counts: Counts, names: Mapping[str | None, str], total: int, spoken: Language) -> list[CountRow]:
    """Bars of counts, each a share of `total`; an empty kind of what is not known is left out."""

    def row(key: str | None, count: int | None) -> CountRow:
        name = names[key]
        if count is None:
            return CountRow(name, None, name, None)
        title = spoken.words(
            "%(name)s: %(count)s of %(total)s firms",
            name=name,
            count=spoken.number(count),
            total=spoken.number(total),
        )
        share = 100 * min(count, total) / max(total, 1)
        return CountRow(name, count, title, charts.span(0, share, None, spoken.mirrored))

    return [row(key, count) for key, count in counts if key is not None or count != 0]


def bands(counts: Counts, spoken: Language) -> dict[str | None, str]:
    """The names of bands such as 10-49 or 250, and of what is not told."""
    names: dict[str | None, str] = {None: spoken.words("not told")}
    for key, _ in counts:
        if key is not None:
            low, _, high = key.partition("-")
            more = spoken.words("%(low)s or more", low=spoken.digits(low))
            names[key] = spoken.span(float(low), float(high)) if high else more
    return names


def stages(members: Members, spoken: Language) -> list[CountRow]:
    """How far the cohort has come, each stage a share of the largest."""
    counts: Counts = (
        ("invited", members.invited),
        ("joined", members.joined),
        ("started", members.started),
        ("finished", members.finished),
    )
    names: dict[str | None, str] = {
        "invited": spoken.words("Invited"),
        "joined": spoken.words("Joined"),
        "started": spoken.words("Begun"),
        "finished": spoken.words("Finished"),
    }
    return rows(counts, names, max(count or 0 for _, count in counts), spoken)


def by_median(found: StandingView) -> list[SpreadRow]:
    """The components that have a median, the highest first; the overall index is none of them."""
    known = [row for row in found.spread.rows[:-1] if row.quartiles is not None]
    return sorted(known, key=lambda row: -row.quartiles[1] if row.quartiles else 0.0)


def changes(view: CohortView, spoken: Language) -> list[ChangeRow]:
    """What became of the firms that were assessed twice."""
    texts = models.texts(view.model, view.code)["components"]

    def row(change: Change) -> ChangeRow:
        name = texts[change.component]["name"] if change.component else spoken.words("Overall index")
        verdict, before, after = spoken.words(VERDICTS[change.verdict]), change.before, change.after
        if before is None or after is None:
            return ChangeRow(name, change, verdict, None, f"{name}: {verdict}")
        title = spoken.words(
            "%(name)s: median %(before)s before, %(after)s after",
            name=name,
            before=spoken.number(before),
            after=spoken.number(after),
        )
        span = charts.span(min(before, after), max(before, after), after, spoken.mirrored)
        return ChangeRow(name, change, verdict, span, title)

    return [row(change) for change in view.changes]


def html(view: CohortView) -> str:
    """The report as one HTML document, without its stylesheet."""
    spoken = language(view.code)
    members = view.members
    sectors: dict[str | None, str] = {key: spoken.words(name) for key, name in SECTORS.items()}
    total = view.firms or 0
    mixes = [
        (
            spoken.words("Sector"),
            rows(members.sectors, sectors | {None: spoken.words("not told")}, total, spoken),
        ),
        (spoken.words("Employees"), rows(members.sizes, bands(members.sizes, spoken), total, spoken)),
        (spoken.words("Age in years"), rows(members.ages, bands(members.ages, spoken), total, spoken)),
    ]
    ranked = by_median(view.standing) if view.standing else []
    return (
        environment(spoken.code)
        .get_template("reports/cohort.html")
        .render(
            view=view,
            found=view.standing,
            stages=stages(members, spoken),
            mixes=mixes,
            changes=changes(view, spoken),
            names=models.texts(view.model, view.code)["components"],
            paired=statistics.PAIRED_FROM,
            sure=0.95,
            level=comparison.SIGNIFICANT,
            alpha_from=statistics.ALPHA_FROM,
            strong=ranked[:TOP],
            weak=ranked[: -TOP - 1 : -1],
            rules=models.load(view.model).judgement,
            top=TOP,
            most_gaps=MOST_GAPS,
            most_offers=MOST_OFFERS,
            logo=LOGO,
        )
    )


def make_pdf(view: CohortView) -> bytes:
    """The report as PDF/UA; raises readiness.reports.pdf.PdfError."""
    logo = view.brand.logo
    return html_to_pdf(html(view), None, view.brand.colour, {LOGO: logo} if logo else {})


def words_of(found: Summary, code: str) -> StandingView | None:
    """A summary in the words of a report; None where it holds no firm."""
    return standing.view(found, language(code)) if found.firms else None

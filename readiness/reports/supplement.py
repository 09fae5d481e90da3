"""What a report holds beside the answers: its publisher, what a consultant adds, what was before.

Plain values that travel to the process that prints. Everything in it may be missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Brand:
    """Whose report it is."""

    name: str
    contact: str
    colour: str
    """#rrggbb, dark enough to be read on white, or empty."""
    logo: bytes | None
    """A PNG that this program wrote, or None."""

    @property
    def lines(self) -> list[str]:
        """The lines of the contact."""
        return [line for line in self.contact.splitlines() if line.strip()]


@dataclass(frozen=True)
class Remark:
    """An answer that stands beside the firm's own: verified by a consultant, or agreed in a meeting."""

    word: str
    """A word of the exchange format: a term, DK or NA."""
    note: str
    minority: str = ""
    """Who saw it otherwise, and how; only of agreed answers."""


@dataclass(frozen=True)
class Earlier:
    """The round before this one."""

    document: str
    """Its answers in the exchange format."""
    made_on: str
    """Day, ISO 8601."""
    untouched: int = 0
    """Answers of this round that stand as they were then, and that nobody looked at again."""


@dataclass(frozen=True)
class PlanItem:
    """A line of the firm's action plan."""

    title: str
    owner: str
    due: str | None
    status: str
    note: str
    evidence: str
    action: str | None = None
    """Id of an action of the library, unless it is one of the firm's own."""
    overdue: bool = False


@dataclass(frozen=True)
class Cohort:
    """A cohort that the firm is in, and what its programme lets the firms of it see."""

    name: str
    organisation: str
    shared: str
    """Content of the latest release as JSON; empty where there is none."""


@dataclass(frozen=True)
class Supplement:
    """Everything beside the answers."""

    brand: Brand | None = None
    adviser: str = ""
    """Name of the organisation that comments and verifies."""
    comments: Mapping[str, str] = field(default_factory=dict)
    """A consultant's comment by component key."""
    verified: Mapping[int, Remark] = field(default_factory=dict)
    """By indicator number."""
    agreed: Mapping[int, Remark] = field(default_factory=dict)
    """By indicator number."""
    earlier: Earlier | None = None
    cohorts: tuple[Cohort, ...] = ()
    plan: tuple[PlanItem, ...] = ()
    """The plan that the firm keeps, in the order in which it is read."""
    plan_on: str = ""
    """Day as of which the plan is so, ISO 8601."""

    def digest(self) -> str:
        """Changes when anything in it does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


NOTHING = Supplement()

"""The portfolio: the firms that an organisation looks after. Every statement names the organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from readiness.core.merge import Merged, digest, merge
from readiness.core.model import Model
from readiness.storage import assessments, cohorts, firms
from readiness.storage.audit import Author as Author
from readiness.storage.engine import Reader, Row, Store, Transaction, any_of, now
from readiness.storage.firms import Firm
from readiness.storage.keys import hash_key

OPEN, FINISHED = "open", "finished"
SORTS: Mapping[str, str] = {
    "name": "f.search, f.id",
    "newest": "f.created_at DESC, f.id",
    "review": "f.next_review IS NULL, f.next_review, f.search, f.id",
    "index": "coalesce((SELECT a.overall FROM assessments a WHERE a.firm_id = f.id"
    " ORDER BY a.round DESC LIMIT 1), -1) DESC, f.search, f.id",
}


class Round(NamedTuple):
    """One round of a firm, without its answers."""

    id: str
    firm_id: str
    round: int
    status: str
    language: str
    created_at: str
    finished_at: str | None
    overall: float | None
    low: float | None
    high: float | None
    route: str | None
    model: str = ""
    """Version of the model that it is answered by."""

    @property
    def finished(self) -> bool:
        """Whether it was declared complete."""
        return self.status == FINISHED


@dataclass(frozen=True)
class Query:
    """What of the portfolio is wanted."""

    search: str = ""
    sector: str = ""
    status: str = ""
    """open or finished, of the latest round; empty for both."""
    archived: bool = False
    sort: str = "name"
    page: int = 1


@dataclass(frozen=True)
class Line:
    """A firm of the portfolio with its rounds, the latest first."""

    firm: Firm
    rounds: tuple[Round, ...]

    @property
    def latest(self) -> Round | None:
        """The latest round."""
        return self.rounds[0] if self.rounds else None

    @property
    def finished(self) -> Round | None:
        """The latest finished round."""
        return next((item for item in self.rounds if item.finished), None)


PAGE = 50


def _where(query: Query) -> str:
    parts = ["f.organisation_id = :organisation"]
    parts.append("f.archived_at IS NOT NULL" if query.archived else "f.archived_at IS NULL")
    if query.search:
        parts.append("f.search LIKE :search ESCAPE '!'")
    if query.sector:
        parts.append("f.sector = :sector")
    if query.status:
        parts.append("a.status = :status")
    return " AND ".join(parts)


def _from(query: Query) -> str:
    latest = (
        " LEFT JOIN assessments a ON a.firm_id = f.id"
        " AND a.round = (SELECT max(round) FROM assessments b WHERE b.firm_id = f.id)"
    )
    return f"FROM firms f{latest if query.status else ''}"


def _values(organisation_id: str, query: Query) -> dict[str, Any]:
    """The values that the statement names, and no others: PostgreSQL cannot type an unused one."""
    values = {"organisation": organisation_id}
    values |= {"search": firms.like(query.search)} if query.search else {}
    values |= {"sector": query.sector} if query.sector else {}
    return values | ({"status": query.status} if query.status else {})


def count(store: Store, organisation_id: str, query: Query) -> int:
    """How many firms a query finds."""
    row = store.row(
        f"SELECT count(*) AS n {_from(query)} WHERE {_where(query)}",
        **_values(organisation_id, query),
    )
    assert row is not None
    return int(row["n"])


def listing(store: Store, organisation_id: str, query: Query, most: int = PAGE) -> list[Line]:
    """A page of the firms that a query finds."""
    rows = store.rows(
        f"SELECT f.* {_from(query)} WHERE {_where(query)}"
        f" ORDER BY {SORTS[query.sort]} LIMIT :most OFFSET :first",
        most=most,
        first=most * (query.page - 1),
        **_values(organisation_id, query),
    )
    rounds = rounds_of(store, [row["id"] for row in rows])
    return [Line(firms.from_row(row), rounds.get(row["id"], ())) for row in rows]


def rounds_of(store: Store, firm_ids: Sequence[str]) -> dict[str, tuple[Round, ...]]:
    """The rounds of some firms by firm, the latest first."""
    if not firm_ids:
        return {}
    places, ids = any_of(firm_ids)
    rows = store.rows(
        "SELECT id, firm_id, round, status, language, created_at, finished_at, overall,"  # noqa: S608
        " overall_low AS low, overall_high AS high, route, model FROM assessments"
        f" WHERE firm_id IN ({places}) ORDER BY round DESC",
        **ids,
    )
    found: dict[str, list[Round]] = {}
    for row in rows:
        found.setdefault(row["firm_id"], []).append(Round(**row))
    return {firm_id: tuple(rounds) for firm_id, rounds in found.items()}


def find(store: Reader, organisation_id: str, firm_id: str) -> Firm | None:
    """The firm with this id if the organisation looks after it, or None."""
    row = store.row(
        "SELECT * FROM firms WHERE id = :id AND organisation_id = :organisation",
        id=firm_id,
        organisation=organisation_id,
    )
    return None if row is None else firms.from_row(row)


def add(
    store: Store, author: Author, model: Model, language: str, values: Mapping[str, Any], rater: str
) -> tuple[Firm, str]:
    """A new firm with a first round; the firm and the key of the round's private link."""
    with store.write() as transaction:
        firm_id = firms.add(transaction, values, author.organisation_id)
        _, key = assessments.begin(transaction, firm_id, model, language, rater)
        firm = _held(transaction, author, firm_id)
        assert firm is not None
        author.record(transaction, "firm.add", firm)
    return firm, key


def _held(transaction: Transaction, author: Author, firm_id: str) -> Firm | None:
    """The author's firm, held against everybody else until the transaction ends."""
    row: Row | None = transaction.row(
        "UPDATE firms SET updated_at = :at WHERE id = :id AND organisation_id = :organisation RETURNING *",
        at=now(),
        id=firm_id,
        organisation=author.organisation_id,
    )
    return None if row is None else firms.from_row(row)


class Changed(RuntimeError):
    """Somebody else changed the firm since it was looked at; nothing is stored."""


def version(firm: Firm) -> str:
    """A fingerprint of what the firm's facts are now, to notice that somebody changed them."""
    return digest([firm.id, bool(firm.archived_at), *(getattr(firm, name) for name in firms.FIELDS)])


def set_facts(
    store: Store, author: Author, firm_id: str, values: Mapping[str, Any], seen: str
) -> Firm | None:
    """Set some facts of a firm whose version is `seen`; the firm, or None if it is gone. Raises Changed."""
    with store.write() as transaction:
        firm = _held(transaction, author, firm_id)
        if firm is None:
            return None
        if version(firm) != seen:
            raise Changed
        made = replace(firm, **values)
        if made != firm:
            firms.set_facts(transaction, firm_id, {name: getattr(made, name) for name in firms.FIELDS})
            author.record(transaction, "firm.facts", made)
    return made


CARE = ("email", "next_review")


def save_care(
    store: Store, author: Author, firm_id: str, sent: Mapping[str, str | None], seen: Mapping[str, str]
) -> Merged:
    """Merge where links are sent and the day of the next review; nothing is stored on a conflict."""
    with store.write() as transaction:
        firm = _held(transaction, author, firm_id)
        if firm is None:
            return Merged({}, {})
        result = merge({name: getattr(firm, name) for name in CARE}, sent, seen)
        if result.changed and not result.conflicts:
            values = {name: getattr(firm, name) for name in CARE} | dict(result.changed)
            transaction.run(
                "UPDATE firms SET email = :email, next_review = :next_review WHERE id = :id",
                id=firm_id,
                **values,
            )
            author.record(transaction, "firm.care", firm)
    return result


def archive(store: Store, author: Author, firm_id: str, away: bool) -> None:
    """Put a firm out of the list, or back."""
    with store.write() as transaction:
        firm = _held(transaction, author, firm_id)
        if firm is None or bool(firm.archived_at) == away:
            return
        transaction.run(
            "UPDATE firms SET archived_at = :at WHERE id = :id", id=firm_id, at=now() if away else None
        )
        author.record(transaction, "firm.archive" if away else "firm.restore", firm)


def new_link(store: Store, author: Author, firm_id: str, assessment_id: str) -> str | None:
    """The key of a further private link to a round of the firm; None if it is gone."""
    with store.write() as transaction:
        firm = _held(transaction, author, firm_id)
        if firm is None or not transaction.run(
            "UPDATE assessments SET updated_at = updated_at WHERE id = :id AND firm_id = :firm",
            id=assessment_id,
            firm=firm_id,
        ):
            return None
        author.record(transaction, "firm.link", firm)
        return assessments.add_link(transaction, assessment_id)


def take_over(store: Store, author: Author, firm_id: str) -> bool:
    """Look after a firm whose founder shared it; whether it was nobody's until now."""
    with store.write() as transaction:
        taken = transaction.run(
            "UPDATE firms SET organisation_id = :organisation, updated_at = :at"
            " WHERE id = :id AND organisation_id IS NULL",
            id=firm_id,
            organisation=author.organisation_id,
            at=now(),
        )
        if not taken:
            return False
        _forget_advice(transaction, firm_id)
        firm = _held(transaction, author, firm_id)
        assert firm is not None
        transaction.run(
            "UPDATE firms SET search = :search WHERE id = :id", id=firm_id, search=firms.fold(firm.name)
        )
        author.record(transaction, "firm.take_over", firm)
    return True


def let_go(store: Store, firm: Firm, who: str, key: str = "") -> list[tuple[int, str]]:
    """End an organisation's care of a firm, at the founder's wish, who came with this link.

    Every other link that the organisation made opens nothing any more. For other rounds that had one the
    founder gets a new link: their numbers and keys. What the organisation said of the firm goes with it.
    """
    with store.write() as transaction:
        row = transaction.row(
            "UPDATE firms SET organisation_id = NULL, archived_at = NULL, next_review = NULL, email = NULL"
            " WHERE id = :id AND organisation_id = :organisation RETURNING id",
            id=firm.id,
            organisation=firm.organisation_id,
        )
        if row is None or firm.organisation_id is None:
            return []
        Author(firm.organisation_id, who).record(transaction, "firm.let_go", firm)
        _forget_advice(transaction, firm.id)
        cohorts.leave_all(transaction, firm.organisation_id, firm.id)
        return _new_links(transaction, firm.id, hash_key(key))


def _forget_advice(transaction: Transaction, firm_id: str) -> None:
    """Delete what an organisation said of a firm: it must not stand under the name of the next one.

    The reports that were made hold it too; they are made again when somebody asks for them.
    """
    for table in ("comments", "verified", "reports"):
        transaction.run(
            f"DELETE FROM {table} WHERE assessment_id IN"  # noqa: S608
            " (SELECT id FROM assessments WHERE firm_id = :firm)",
            firm=firm_id,
        )


def _new_links(transaction: Transaction, firm_id: str, used: str) -> list[tuple[int, str]]:
    """Replace every link to a whole round but the used one; rounds with new ones, and their keys."""
    gone = transaction.rows(
        "DELETE FROM links WHERE response_id IS NULL AND key_hash <> :used AND assessment_id IN"
        " (SELECT id FROM assessments WHERE firm_id = :firm) RETURNING assessment_id",
        used=used,
        firm=firm_id,
    )
    places, ids = any_of(sorted({row["assessment_id"] for row in gone}) or [""])
    rounds = transaction.rows(
        f"SELECT a.id, a.round FROM assessments a WHERE a.id IN ({places}) AND a.key_hash <> :used"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM links l WHERE l.assessment_id = a.id AND l.key_hash = :used)"
        " ORDER BY a.round",
        used=used,
        **ids,
    )
    return [(row["round"], assessments.add_link(transaction, row["id"])) for row in rounds]


def delete(store: Store, author: Author, firm_id: str) -> None:
    """Delete a firm for good, with every round, answer, report and plan."""
    with store.write() as transaction:
        firm = _held(transaction, author, firm_id)
        if firm is not None:
            firms.changed(transaction, firm_id)
            transaction.run("DELETE FROM firms WHERE id = :id", id=firm_id)
            author.record(transaction, "firm.delete", firm)

"""The firms of an organisation, on either engine."""

import pytest

from readiness.core.merge import digest
from readiness.core.model import Model
from readiness.storage import (
    assessments,
    audit,
    comments,
    organisations,
    portfolio,
    raters,
    reports,
    verified,
)
from readiness.storage.assessments import Result
from readiness.storage.engine import Store, open_store
from readiness.storage.portfolio import Author, Query
from readiness.storage.verified import Verified
from tests.storage.tools import counts, found, together


def place(store: Store, name: str = "Hub") -> Author:
    """Somebody of a new organisation."""
    with store.write() as transaction:
        return Author(organisations.add(transaction, name).id, "Ada")


@pytest.fixture
def ada(store: Store) -> Author:
    return place(store)


def add(store: Store, author: Author, model: Model, name: str, **fields: object) -> str:
    firm, _ = portfolio.add(store, author, model, "en", {"name": name, **fields}, "Founder")
    return firm.id


def names(store: Store, author: Author, **query: object) -> list[str]:
    wanted = Query(**query)  # type: ignore[arg-type]
    listed = portfolio.listing(store, author.organisation_id, wanted)
    assert portfolio.count(store, author.organisation_id, wanted) >= len(listed)
    return [line.firm.name for line in listed]


def deeds(store: Store, author: Author) -> list[str]:
    return sorted(item.deed for item in audit.listing(store, author.organisation_id, 0, 99))


def test_a_new_firm_has_a_first_round_whose_link_works(store: Store, ada: Author, model: Model) -> None:
    firm, key = portfolio.add(store, ada, model, "fa", {"name": "آسان‌پرداز", "employees": 9}, "مدیرعامل")

    assessment = found(store, key)
    assert assessment.firm == firm and assessment.round == 1 and assessment.own.rater == "مدیرعامل"
    (line,) = portfolio.listing(store, ada.organisation_id, Query())
    assert line.firm == firm and [item.id for item in line.rounds] == [assessment.id]
    assert deeds(store, ada) == ["firm.add"]


def test_an_organisation_sees_its_own_firms_only(store: Store, ada: Author, model: Model) -> None:
    eve = place(store, "Other")
    mine, theirs = add(store, ada, model, "Mine"), add(store, eve, model, "Theirs")

    assert names(store, ada) == ["Mine"] and names(store, eve) == ["Theirs"]
    assert portfolio.find(store, ada.organisation_id, theirs) is None
    assert portfolio.find(store, eve.organisation_id, mine) is None
    (round_,) = portfolio.rounds_of(store, [theirs])[theirs]
    assert assessments.find_in(store, ada.organisation_id, round_.id) is None
    portfolio.archive(store, ada, theirs, True)
    portfolio.delete(store, ada, theirs)
    assert portfolio.new_link(store, ada, theirs, round_.id) is None
    assert portfolio.new_link(store, ada, mine, round_.id) is None
    assert not portfolio.save_care(store, ada, theirs, {"email": "x@y.org"}, {}).changed
    assert names(store, eve) == ["Theirs"] and deeds(store, eve) == ["firm.add"]


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("كيميا", ["کیمیا پارس"]),
        ("کیمیا", ["کیمیا پارس"]),
        ("PARS", ["Pars Nano"]),
        ("آسان پرداز", ["آسان‌پرداز"]),
        ("crème", ["Crème 100%"]),
        ("creme", ["Crème 100%"]),
        ("100%", ["Crème 100%"]),
        ("%", ["Crème 100%"]),
        ("_", []),
        ("!", []),
        ("nothing", []),
    ],
)
def test_a_firm_is_found_however_its_name_is_typed(
    store: Store, ada: Author, model: Model, typed: str, finds: list[str]
) -> None:
    for name in ("کیمیا پارس", "Pars Nano", "آسان‌پرداز", "Crème 100%"):
        add(store, ada, model, name)

    assert names(store, ada, search=typed) == finds


def test_a_renamed_firm_is_found_by_its_new_name(store: Store, ada: Author, model: Model) -> None:
    from readiness.storage import firms

    firm_id = add(store, ada, model, "Before")
    firms.save(store, firm_id, {"name": "After"}, {"name": digest("Before")})

    assert names(store, ada, search="after") == ["After"] and names(store, ada, search="before") == []


def test_the_list_is_filtered_and_sorted(store: Store, ada: Author, model: Model) -> None:
    for name, sector, index in (("B", "software", 40.0), ("A", "energy", 70.0), ("C", "software", None)):
        firm, key = portfolio.add(store, ada, model, "en", {"name": name, "sector": sector}, "CEO")
        if index is not None:
            assessment = found(store, key)
            assessments.finish(store, assessment.id)
            assessments.keep_result(store, assessment.id, Result(index, index, index, "networking"))
        if name != "A":
            day = {"B": "2027-01-01", "C": "2026-01-01"}[name]
            seen = {"email": digest(None), "next_review": digest(None)}
            portfolio.save_care(store, ada, firm.id, {"email": None, "next_review": day}, seen)

    assert names(store, ada) == ["A", "B", "C"]
    assert names(store, ada, sort="index") == ["A", "B", "C"]
    assert names(store, ada, sort="review") == ["C", "B", "A"]
    assert names(store, ada, sector="software") == ["B", "C"]
    assert names(store, ada, status="finished", sort="index") == ["A", "B"]
    assert names(store, ada, status="open") == ["C"]
    assert names(store, ada, search="b", sector="software", status="finished") == ["B"]


def test_a_long_list_comes_in_pages(store: Store, ada: Author, model: Model) -> None:
    for at in range(7):
        add(store, ada, model, f"Firm {at}")

    pages = [portfolio.listing(store, ada.organisation_id, Query(page=page), most=3) for page in (1, 2, 3, 4)]

    assert [[line.firm.name[-1] for line in page] for page in pages] == [list("012"), list("345"), ["6"], []]


def test_the_archive_is_a_list_of_its_own(store: Store, ada: Author, model: Model) -> None:
    firm_id = add(store, ada, model, "Old")
    portfolio.archive(store, ada, firm_id, True)
    portfolio.archive(store, ada, firm_id, True)

    assert names(store, ada) == [] and names(store, ada, archived=True) == ["Old"]
    portfolio.archive(store, ada, firm_id, False)
    assert names(store, ada) == ["Old"]
    assert deeds(store, ada) == ["firm.add", "firm.archive", "firm.restore"]


def test_of_two_who_change_the_same_field_the_second_is_told(store: Store, ada: Author, model: Model) -> None:
    firm_id = add(store, ada, model, "Firm")
    seen = {"email": digest(None), "next_review": digest(None)}
    first = portfolio.save_care(store, ada, firm_id, {"email": "a@x.org", "next_review": None}, seen)
    second = portfolio.save_care(store, ada, firm_id, {"email": "b@x.org", "next_review": "2027-01-01"}, seen)

    assert first.changed and second.conflicts == {"email": "a@x.org"}
    firm = portfolio.find(store, ada.organisation_id, firm_id)
    assert firm and (firm.email, firm.next_review) == ("a@x.org", None)

    third = portfolio.save_care(store, ada, firm_id, {"email": None, "next_review": "2027-01-01"}, seen)
    assert not third.conflicts, "the stale field was not touched"


def test_every_link_of_a_firm_works_and_none_can_be_read_in_the_database(
    store: Store, ada: Author, model: Model
) -> None:
    firm, first = portfolio.add(store, ada, model, "en", {"name": "Firm"}, "CEO")
    second = portfolio.new_link(store, ada, firm.id, found(store, first).id) or ""

    assert first != second and found(store, first) == found(store, second)
    assert found(store, second).response_id is None


def test_a_shared_assessment_is_taken_over_once_and_let_go_by_its_founder(
    store: Store, ada: Author, key: str
) -> None:
    eve = place(store, "Other")
    firm_id = found(store, key).firm.id

    assert portfolio.take_over(store, ada, firm_id)
    assert not portfolio.take_over(store, eve, firm_id) and not portfolio.take_over(store, ada, firm_id)
    assert names(store, ada, search="آسان پرداز") == ["آسان‌پرداز"] and names(store, eve) == []

    portfolio.let_go(store, found(store, key).firm, "CEO")
    assert names(store, ada) == [] and found(store, key).firm.organisation_id is None
    assert deeds(store, ada) == ["firm.let_go", "firm.take_over"]
    assert portfolio.take_over(store, eve, firm_id)


def test_what_one_organisation_said_of_a_firm_never_stands_under_the_name_of_another(
    store: Store, ada: Author, key: str
) -> None:
    eve, firm = place(store, "Other"), found(store, key).firm
    portfolio.take_over(store, ada, firm.id)
    comments.save(store, ada, found(store, key).id, {"drivers": "Weak"}, {"drivers": digest("")})
    verified.save(store, ada, found(store, key).id, {1: Verified("L", "seen")}, {1: digest(["", ""])})
    care = {name: digest(None) for name in portfolio.CARE}
    portfolio.save_care(store, ada, firm.id, {"email": "ceo@firm.org", "next_review": "2027-01-01"}, care)
    assert comments.of(store, found(store, key).id) and verified.of(store, found(store, key).id)

    reports.keep(store, found(store, key).id, "en", "fingerprint", b"with comments")
    portfolio.let_go(store, found(store, key).firm, "CEO", key)

    left = found(store, key)
    assert reports.find(store, left.id, "en", "fingerprint") is None
    assert not comments.of(store, left.id) and not verified.of(store, left.id)
    assert (left.firm.email, left.firm.next_review) == (None, None)

    with store.write() as transaction:  # as an earlier release may have left it
        transaction.run(
            "INSERT INTO comments (assessment_id, component, text, updated_at) VALUES (:id, 'x', 'old', '')",
            id=left.id,
        )
    assert portfolio.take_over(store, eve, firm.id) and not comments.of(store, left.id)


def test_who_lets_go_keeps_the_own_link_and_gets_new_ones_for_those_that_the_organisation_made(
    store: Store, ada: Author, model: Model
) -> None:
    firm, _ = portfolio.add(store, ada, model, "en", {"name": "Firm"}, "CEO")
    rounds = [portfolio.rounds_of(store, [firm.id])[firm.id][0].id]
    founder, kept = (portfolio.new_link(store, ada, firm.id, rounds[0]) or "" for _ in range(2))
    with store.write() as transaction:
        second, unused = assessments.begin(transaction, firm.id, model, "en", "CEO", 2)
        colleague = raters.invite(transaction, second, model, "CFO", "")
    later = portfolio.new_link(store, ada, firm.id, second) or ""

    made = portfolio.let_go(store, found(store, founder).firm, "CEO", founder)

    assert [number for number, _ in made] == [2] and found(store, made[0][1]).id == second
    assert found(store, founder).id == rounds[0] and found(store, unused).id == second
    assert found(store, colleague).response_id
    assert assessments.find(store, kept) is None and assessments.find(store, later) is None
    assert portfolio.let_go(store, found(store, founder).firm, "CEO", founder) == []


def comment(url: str, organisation: str, assessment: str) -> bool:
    author = Author(organisation, "Ada")
    return comments.save(open_store(url), author, assessment, {"x": "Weak"}, {"x": digest("")}) is not None


def let_go(url: str, key: str) -> bool:
    store = open_store(url)
    portfolio.let_go(store, found(store, key).firm, "CEO", key)
    return True


def test_nothing_is_said_of_a_firm_that_is_let_go_at_the_same_moment(database_url: str, model: Model) -> None:
    store = open_store(database_url)
    ada = place(store)
    for _ in range(3):
        key = assessments.start(store, model, "en", {"name": "Firm"}, "CEO")
        portfolio.take_over(store, ada, found(store, key).firm.id)
        store.close()

        together(both, [(database_url, "", key), (database_url, ada.organisation_id, found(store, key).id)])

        assert not comments.of(store, found(store, key).id)
        store.close()


def both(url: str, organisation: str, what: str) -> bool:
    return comment(url, organisation, what) if organisation else let_go(url, what)


def take_over(url: str, organisation: str, firm_id: str) -> bool:
    return portfolio.take_over(open_store(url), Author(organisation, "Ada"), firm_id)


def test_of_two_organisations_that_take_over_at_once_one_gets_the_firm(
    database_url: str, model: Model
) -> None:
    store = open_store(database_url)
    key = assessments.start(store, model, "en", {"name": "Firm"}, "CEO")
    firm_id = found(store, key).firm.id
    both = [place(store, name).organisation_id for name in ("Hub", "Other")]
    store.close()

    assert sorted(together(take_over, [(database_url, each, firm_id) for each in both])) == [False, True]


def test_deleting_leaves_nothing_but_the_audit_list(store: Store, ada: Author, model: Model) -> None:
    firm, key = portfolio.add(store, ada, model, "en", {"name": "Gone"}, "CEO")
    portfolio.new_link(store, ada, firm.id, found(store, key).id)

    portfolio.delete(store, ada, firm.id)

    assert assessments.find(store, key) is None and set(counts(store).values()) == {0}
    assert store.rows("SELECT * FROM links") == []
    (last, *_) = [item for item in audit.listing(store, ada.organisation_id, 0, 9) if "delete" in item.deed]
    assert (last.who, last.deed, last.about) == ("Ada", "firm.delete", "Gone")


def test_a_result_of_an_assessment_that_was_reopened_is_not_kept(store: Store, key: str) -> None:
    assessment = found(store, key)
    assessments.finish(store, assessment.id)
    assessments.reopen(store, assessment.id)
    assessments.keep_result(store, assessment.id, Result(50, 50, 50, "both"))

    (round_,) = portfolio.rounds_of(store, [assessment.firm.id])[assessment.firm.id]
    assert (round_.overall, round_.route, round_.status) == (None, None, "open")

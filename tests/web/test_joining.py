"""How a firm joins a cohort: by its link or an invitation, anew or as it is, and how it leaves again."""

from flask import Flask

from readiness.storage import audit, cohorts, members, organisations
from readiness.storage.cohorts import Cohort
from tests.web import founder as founders
from tests.web.cohorts import add_cohort
from tests.web.conftest import Visitor
from tests.web.members import add_firm, link_to, member
from tests.web.pages import Page, Person
from tests.web.programme import cohort_of

AGREED = {"agree": ["yes"]}


def programme(visitor: Visitor, app: Flask, organisation: str) -> tuple[Person, Cohort]:
    """A manager and a cohort."""
    person = member(visitor(), "manager", organisation)
    add_cohort(person)
    return person, cohort_of(app, organisation)


def members_of(app: Flask, cohort: Cohort) -> list[str]:
    return [one.name for one in members.listing(app.extensions["store"], cohort.id, "", 0, 99)]


def deeds(app: Flask, organisation: str) -> list[tuple[str, str]]:
    (place,) = organisations.named(app.extensions["store"], organisation)
    entries = audit.listing(app.extensions["store"], place.id, 0, 99)
    return [(entry.deed, entry.who) for entry in entries]


def join(person: Person, cohort: Cohort, **fields: str) -> Page:
    return person.send(person.open(f"/join/{cohort.code}"), {**AGREED, **fields})


def test_a_firm_joins_with_a_new_assessment(visitor: Visitor, app: Flask) -> None:
    _, cohort = programme(visitor, app, "Open house")
    founder = visitor()

    page = founder.open(f"/join/{cohort.code}")
    assert "Open house sees the answers" in page.text, "the consent is read before it is given"
    page = founder.send(page, {**AGREED, "name": "Joiner", "rater": "CEO"})

    assert page.path.startswith("/a/") and members_of(app, cohort) == ["Joiner"]
    mine = founder.open("/".join(page.path.split("/")[:3]) + "/programmes")
    assert "Spring" in mine.text and "CEO" in mine.text and "Open house" in mine.text
    assert ("member.join", "CEO") in deeds(app, "Open house")


def test_without_agreement_nobody_joins_and_nothing_typed_is_lost(visitor: Visitor, app: Flask) -> None:
    _, cohort = programme(visitor, app, "Strict")
    founder = visitor()

    page = founder.send(founder.open(f"/join/{cohort.code}"), {"name": "Joiner"}, status=400)

    assert "Without the firm" in page.text and page.holds("name") == "Joiner"
    page = founder.send(page, {**AGREED, "name": " "}, status=400)
    assert "Please enter the name of the firm, or the private link" in page.text
    assert members_of(app, cohort) == []


def test_nobody_agrees_to_words_that_were_not_on_the_page(visitor: Visitor, app: Flask) -> None:
    manager, cohort = programme(visitor, app, "Shifty")
    founder = visitor()
    page = founder.open(f"/join/{cohort.code}")
    manager.send(
        manager.open(f"/programmes/{cohort.id}/settings"), {"consent": "We sell them."}, form="settings"
    )

    page = founder.send(page, {**AGREED, "name": "Joiner"}, status=409)

    assert "was changed meanwhile" in page.text and "We sell them." in page.text
    assert page.holds("agree") == [] and page.holds("name") == "Joiner"
    assert members_of(app, cohort) == []
    founder.send(page, {**AGREED, "name": "Joiner"})
    assert members_of(app, cohort) == ["Joiner"]


def test_a_firm_joins_with_the_assessment_it_has(visitor: Visitor, app: Flask) -> None:
    _, cohort = programme(visitor, app, "Again")
    founder = visitor()
    home = founders.start(founder, "Old hand")

    page = join(founder, cohort, link=f"https://any.example{home}/questions/networking")

    assert page.path == f"{home}/programmes" and members_of(app, cohort) == ["Old hand"]
    join(founder, cohort, link=home)
    assert members_of(app, cohort) == ["Old hand"], "twice is once"


def test_a_colleagues_link_or_none_of_ours_joins_nothing(visitor: Visitor, app: Flask) -> None:
    _, cohort = programme(visitor, app, "Careful")
    founder = visitor()
    home = founders.start(founder, "Old hand")
    asked = founder.send(founder.open(f"{home}/raters"), {"role": "CFO"})

    for link in (asked.private_link, "https://any.example/a/unknown", "nonsense", "/a/"):
        page = founder.send(founder.open(f"/join/{cohort.code}"), {**AGREED, "link": link}, status=400)
        assert "No assessment has this link" in page.text
    assert members_of(app, cohort) == []


def test_a_closed_or_unknown_link_leads_nowhere(visitor: Visitor, app: Flask) -> None:
    manager, cohort = programme(visitor, app, "Closed")
    founder = visitor()
    seen = founder.open(f"/join/{cohort.code}")
    manager.send(manager.open(f"/programmes/{cohort.id}/settings"), form="joining")

    founder.open(f"/join/{cohort.code}", status=404)
    founder.open("/join/nothing", status=404)
    founder.send(seen, {**AGREED, "name": "Late"}, status=404)
    assert members_of(app, cohort) == []


def test_the_settings_show_the_link(visitor: Visitor, app: Flask) -> None:
    manager, cohort = programme(visitor, app, "Showers")

    page = manager.open(f"/programmes/{cohort.id}/settings")

    link = next(item.value for item in page.read.controls() if item.id == "join-link")
    assert link.endswith(f"/join/{cohort.code}")


def test_a_firm_leaves_and_is_gone_from_the_list(visitor: Visitor, app: Flask) -> None:
    manager, cohort = programme(visitor, app, "Parting")
    founder = visitor()
    home = founders.start(founder, "Leaver")
    page = join(founder, cohort, link=home)

    asked = founder.open(next(link for link in page.links() if link.endswith("/leave")))
    assert members_of(app, cohort) == ["Leaver"]
    page = founder.send(asked)

    assert "Your firm is in no cohort" in page.text and members_of(app, cohort) == []
    assert "No firm has joined yet" in manager.open(f"/programmes/{cohort.id}/firms").text
    founder.send(asked, status=404)
    assert [deed for deed, _ in deeds(app, "Parting")].count("member.leave") == 1


def test_a_firm_opens_itself_to_partners_and_closes_again(visitor: Visitor, app: Flask) -> None:
    _, cohort = programme(visitor, app, "Meeting")
    founder = visitor()
    page = join(founder, cohort, link=founders.start(founder, "Sociable"))
    store = app.extensions["store"]
    firm = members.listing(store, cohort.id, "", 0, 9)[0].firm_id

    page = founder.send(page, form=f"partner-{cohort.id}")
    assert cohorts.of_firm(store, firm)[0].partner and "is open to meet" in page.text
    founder.send(page, form=f"partner-{cohort.id}")
    assert not cohorts.of_firm(store, firm)[0].partner


def test_nobody_changes_a_membership_that_is_not_theirs(visitor: Visitor, app: Flask) -> None:
    _, cohort = programme(visitor, app, "Mine")
    founder, other = visitor(), visitor()
    join(founder, cohort, link=founders.start(founder, "Member"))
    theirs = founders.start(other, "Stranger")

    other.open(f"{theirs}/programmes/{cohort.id}/leave", status=404)
    token = ("csrf_token", other.token())
    other.post(f"{theirs}/programmes/{cohort.id}/leave", [token], status=404)
    sent = [token, ("cohort", cohort.id), ("partner", "yes")]
    other.post(f"{theirs}/programmes/partner", sent, status=404)
    assert members_of(app, cohort) == ["Member"]


def test_staff_act_for_a_firm_they_look_after_and_a_manager_looks(visitor: Visitor, app: Flask) -> None:
    manager, cohort = programme(visitor, app, "Carers")
    consultant = member(visitor(), "consultant", "Carers")
    firm = add_firm(consultant, "Cared for")
    join(visitor(), cohort, link=link_to(consultant, firm))
    path = next(link for link in consultant.open(firm).links() if link.endswith("/programmes"))

    assert not any(form.id.startswith("partner-") for form in manager.open(path).read.forms)
    manager.open(f"{path}/{cohort.id}/leave", status=403)
    consultant.send(consultant.open(f"{path}/{cohort.id}/leave"))
    assert members_of(app, cohort) == []
    assert ("member.leave", "Consultant") in deeds(app, "Carers")


def test_in_persian_everything_is_persian(visitor: Visitor, app: Flask) -> None:
    _, cohort = programme(visitor, app, "Hub fa")
    founder = visitor(prefers="fa")
    founder.typed |= {"Spring", "Hub fa", cohort.consent}
    page = join(founder, cohort, name="شرکت نو")

    founder.open("/".join(page.path.split("/")[:3]) + "/programmes")
    assert members_of(app, cohort) == ["شرکت نو"]

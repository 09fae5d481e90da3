"""Mail that waits, is sent, fails and is tried again, on either engine."""

from datetime import timedelta

from readiness.storage import organisations, outbox
from readiness.storage.engine import Store, open_store
from readiness.storage.outbox import Mail
from tests.storage.tools import everything, together

DAY = timedelta(days=1)


def post(store: Store, recipient: str = "ada@hub.org", lifetime: timedelta = DAY) -> str:
    """One mail of an organisation, whose id is given."""
    with store.write() as transaction:
        place = organisations.add(transaction, "Hub")
        outbox.put(transaction, recipient, "Subject", "the secret link", lifetime, place.id)
    return place.id


def due_now(store: Store) -> None:
    with store.write() as transaction:
        transaction.run("UPDATE outbox SET due_at = created_at WHERE status = 'waiting'")


def test_a_mail_is_taken_by_one_and_its_text_goes_when_it_is_sent(store: Store) -> None:
    place = post(store)

    mail = outbox.take(store)

    assert mail and (mail.recipient, mail.body, mail.attempts) == ("ada@hub.org", "the secret link", 1)
    assert outbox.take(store) is None
    outbox.sent(store, mail)
    assert "the secret link" not in everything(store)
    assert [(item.status, item.problem) for item in outbox.listing(store, place, 9)] == [("sent", "")]


def take(url: str) -> str | None:
    mail = outbox.take(open_store(url))
    return mail and mail.id


def test_of_many_who_look_at_once_one_takes_a_mail(database_url: str) -> None:
    store = open_store(database_url)
    post(store)
    store.close()

    assert len([id for id in together(take, [(database_url,)] * 6) if id]) == 1


def test_a_mail_that_failed_is_tried_again_and_at_last_given_up(store: Store) -> None:
    place = post(store)
    for attempt in range(1, len(outbox.WAITS) + 2):
        mail = outbox.take(store)
        assert mail and mail.attempts == attempt
        outbox.failed(store, mail, "refused")
        assert outbox.take(store) is None, "not at once"
        assert [item.problem for item in outbox.listing(store, place, 9)] == ["refused"]
        due_now(store)

    assert outbox.take(store) is None
    assert [(item.status, item.attempts) for item in outbox.listing(store, place, 9)] == [("failed", 5)]
    assert "the secret link" not in everything(store)


def test_a_mail_whose_time_is_over_is_not_sent(store: Store) -> None:
    place = post(store, lifetime=timedelta(seconds=-1))

    assert outbox.take(store) is None
    assert [(item.status, item.problem) for item in outbox.listing(store, place, 9)] == [
        ("failed", "expired")
    ]


def test_who_took_a_mail_and_was_killed_holds_it_up_for_a_while_only(store: Store) -> None:
    post(store)
    assert outbox.take(store)

    due_now(store)  # as it is two minutes later

    mail = outbox.take(store)
    assert mail and mail.attempts == 2


def test_an_organisation_sees_its_own_mail_only(store: Store) -> None:
    mine, theirs = post(store), post(store, "eve@other.org")

    assert [item.recipient for item in outbox.listing(store, mine, 9)] == ["ada@hub.org"]
    assert [item.recipient for item in outbox.listing(store, theirs, 9)] == ["eve@other.org"]


def test_a_mail_holds_what_was_posted(store: Store) -> None:
    post(store, "مریم@hub.org")

    mail = outbox.take(store)

    assert mail == Mail(mail.id if mail else "", "مریم@hub.org", "Subject", "the secret link", 1)


def test_whom_an_old_mail_went_to_is_forgotten(store: Store) -> None:
    for status, recipient in (("sent", "old@hub.org"), ("waiting", "waiting@hub.org")):
        post(store, recipient)
        with store.write() as transaction:
            transaction.run(
                "UPDATE outbox SET created_at = '2020-01-01', status = :status WHERE recipient = :to",
                status=status,
                to=recipient,
            )

    post(store, "new@hub.org")

    rows = store.rows("SELECT recipient FROM outbox ORDER BY recipient")
    assert [row["recipient"] for row in rows] == ["new@hub.org", "waiting@hub.org"]

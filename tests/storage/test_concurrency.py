"""Many processes at once: nothing is lost, nobody is told otherwise, and nobody meets a locked database."""

import time
from itertools import pairwise

from readiness.core.answers import UNANSWERED
from readiness.core.model import CURRENT, load
from readiness.storage import assessments, responses
from readiness.storage.engine import Store, open_store
from readiness.storage.responses import Answer
from tests.storage.tools import counts, digests, found, shown, term, together

MODEL = load(CURRENT)
PROCESSES, WRITES = 8, 50


def write_own(url: str, key: str, own: tuple[int, ...]) -> int:
    """Write indicators of one's own in turn; how many writes were acknowledged."""
    store = open_store(url)
    acknowledged = 0
    for at in range(WRITES):
        number = own[at % len(own)]
        response = found(store, key).own
        answer = term(at % 5, f"{own[0]}: {at}")
        result = responses.save(store, response.id, MODEL, {number: answer}, digests(response.answers))
        acknowledged += result.changed == {str(number): answer}
    store.close()
    return acknowledged


def test_processes_that_write_different_indicators_of_one_response_lose_nothing(
    database_url: str, store: Store, key: str
) -> None:
    parts = [MODEL.numbers[at : at + 5] for at in range(0, 5 * PROCESSES, 5)]

    acknowledged = together(write_own, [(database_url, key, part) for part in parts])

    assert acknowledged == [WRITES] * PROCESSES
    answers = found(store, key).own.answers
    for part in parts:
        last = range(WRITES - 5, WRITES)
        assert [answers[number] for number in part] == [term(at % 5, f"{part[0]}: {at}") for at in last]
    assert {answers[number].code for number in MODEL.numbers[5 * PROCESSES :]} == {UNANSWERED}
    assert store.row("SELECT version FROM responses") == {"version": PROCESSES * WRITES}


def race(url: str, key: str, me: int, stale: dict[int, str]) -> list[tuple[bool, Answer | None]]:
    """Change every indicator from the same stale form: whether it was stored, and what was instead."""
    store = open_store(url)
    response = found(store, key).own.id
    outcome = []
    for number in MODEL.numbers:
        result = responses.save(store, response, MODEL, {number: term(me, f"by {me}")}, stale)
        outcome.append((str(number) in result.changed, result.conflicts.get(str(number))))
    store.close()
    return outcome


def test_of_processes_that_change_one_indicator_exactly_one_wins_and_the_others_are_told(
    database_url: str, store: Store, key: str
) -> None:
    stale = shown(store, key)

    outcomes = together(race, [(database_url, key, me, stale) for me in range(4)])

    answers = found(store, key).own.answers
    for number, racers in zip(MODEL.numbers, zip(*outcomes, strict=True), strict=True):
        winners = [me for me, (stored, _) in enumerate(racers) if stored]
        assert len(winners) == 1
        winning = term(winners[0], f"by {winners[0]}")
        assert answers[number] == winning
        assert [instead for stored, instead in racers if not stored] == [winning] * 3


def start_many(url: str, who: int) -> list[str]:
    store = open_store(url)
    keys = [assessments.start(store, MODEL, "en", {"name": f"Firm {who}"}, "CEO") for _ in range(20)]
    for key in keys[::2]:
        assessments.delete(store, found(store, key).id)
    store.close()
    return keys[1::2]


def test_processes_start_and_delete_assessments_without_getting_in_each_others_way(
    database_url: str, store: Store
) -> None:
    kept = together(start_many, [(database_url, who) for who in range(PROCESSES)])

    for who, keys in enumerate(kept):
        assert {found(store, key).firm.name for key in keys} == {f"Firm {who}"}
    left = PROCESSES * 10
    assert counts(store) == {"firms": left, "assessments": left, "responses": left, "reports": 0}


def follow(url: str, key: str) -> list[str]:
    """What a reader sees of two answers that are always written together, until both are final."""
    store = open_store(url)
    seen: list[str] = []
    patience = time.monotonic() + 60
    while time.monotonic() < patience and seen[-1:] != ["49 49"]:
        answers = found(store, key).own.answers
        seen.append(f"{answers[1].note} {answers[2].note}")
    store.close()
    return seen


def write_pairs(url: str, key: str) -> list[str]:
    store = open_store(url)
    response = found(store, key).own.id
    for at in range(WRITES):
        pair = {1: term(1, str(at)), 2: term(2, str(at))}
        responses.save(store, response, MODEL, pair, shown(store, key))
    store.close()
    return []


def test_a_reader_never_sees_half_a_page_nor_an_older_one_after_a_newer(database_url: str, key: str) -> None:
    *seen, _ = together(either, [(follow, database_url, key)] * 2 + [(write_pairs, database_url, key)])

    for reader in seen:
        assert reader[-1] == "49 49"
        pairs = [line.split() for line in reader if line.strip()]
        assert all(first == second for first, second in pairs)
        assert all(int(one) <= int(other) for (one, _), (other, _) in pairwise(pairs))


def either(work: object, url: str, key: str) -> list[str]:
    assert callable(work)
    seen: list[str] = work(url, key)
    return seen

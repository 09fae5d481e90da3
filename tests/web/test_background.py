"""PDFs that are made beside the server, and what happens when they cannot be made."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from tests.web import founder as founders
from tests.web.conftest import Visitor
from tests.web.pages import Page, Person


def test_when_the_process_that_makes_pdfs_dies_the_reader_is_told_and_the_next_try_works(
    make_app: Callable[..., Flask], visitor: Visitor
) -> None:
    app = make_app()
    founder = visitor("fa", of=app)
    link = founders.start(founder)
    others = set(multiprocessing.active_children())
    founders.finish(founder, link)
    (child,) = set(multiprocessing.active_children()) - others

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(founder.client.get, f"{link}/profile.fa.pdf")
        time.sleep(0.3)  # let it wait for the process, which takes longer than that to start
        os.kill(child.pid or 0, signal.SIGKILL)
        page = Page(waiting.result(), founder.typed)

    assert page.status == 503 and page.language == "fa"
    assert founder.open(f"{link}/profile").heading == "Nanotech Pars", "everything else works"
    assert founder.open(f"{link}/profile.fa.pdf").body.startswith(b"%PDF-")


def test_two_who_ask_at_once_get_the_same_pdf(founder: Person) -> None:
    link = founders.start(founder)
    founders.finish(founder, link)
    both = [founder.elsewhere() for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda person: person.open(f"{link}/profile.en.pdf").body, both)

    assert first == second and first.startswith(b"%PDF-")


def time_for_a_pdf(person: Person) -> float:
    """Seconds from finishing to the PDF."""
    link = founders.start(person)
    began = time.perf_counter()
    founders.finish(person, link)
    assert person.open(f"{link}/profile.en.pdf").body.startswith(b"%PDF-")
    return time.perf_counter() - began


def test_a_founder_who_changes_the_answers_all_the_time_does_not_keep_others_waiting(
    make_app: Callable[..., Flask], visitor: Visitor
) -> None:
    app = make_app()
    busy, patient = visitor(of=app), visitor(of=app)
    link = founders.start(busy)
    founders.finish(busy, link)
    time_for_a_pdf(patient)  # from here on the process is warm
    alone = time_for_a_pdf(patient)

    for place in range(30):
        page = busy.open(f"{link}/firm")
        form = dict(busy.fill(page, {"name": f"Firm {place}"}))
        busy.client.post(page.path, data=form)
        busy.client.post(f"{link}/finish", data={"csrf_token": form["csrf_token"]})

    behind = time_for_a_pdf(patient)
    assert busy.open(f"{link}/profile.en.pdf").body.startswith(b"%PDF-")
    alone = max(alone, time_for_a_pdf(patient))  # the machine may have become busy meanwhile
    assert behind < 8 * alone + 1
    assert busy.open(link).heading == "Firm 29"

"""People who work for an organisation, at a browser."""

import subprocess
import sys

from tests.browser.founder import MODEL, Founder


def printed_link(instance: str, email: str, organisation: str, role: str, code: str) -> str:
    """The path of the link that `readiness user add` prints."""
    command = [sys.executable, "-m", "readiness.cli", "user", "add", email, "--organisation", organisation]
    command += ["--role", role, "--lang", code, "--instance", instance]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "/sign-in/open/" + said.rpartition("/sign-in/open/")[2].strip()


def sign_in(person: Founder, instance: str, email: str, organisation: str, role: str = "consultant") -> None:
    """From the printed link to the portfolio."""
    person.open(printed_link(instance, email, organisation, role, person.code))
    person.press("Sign in")
    person.heading("Portfolio")


def answer_all(person: Founder, link: str, word: str, besides: dict[int, str] | None = None) -> None:
    """Answer every question with a word, and some otherwise."""
    for component in MODEL.components:
        person.open(f"{link}/questions/{component}")
        for row in MODEL.of_component(component):
            person.choose(row.number, (besides or {}).get(row.number, word))
        person.saved()

"""Renew the pictures of the README: python tests/browser/screenshots.py (needs a dev set-up)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import waitress
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from readiness.web import create_app  # noqa: E402

PICTURES = ROOT / "docs" / "screenshots"


def shoot(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 900, "height": 1100})
        page.goto(f"{address}/start?lang=en")
        page.fill("#name", "Alborz Sensors")
        page.click("#firm .button")
        page.locator("details.keep summary").click()
        for number, term in ((1, "H"), (2, "M"), (3, "DK")):
            page.locator(f"#q-{number} input[value={term}]").check(force=True)
        page.locator("#saved").get_by_text("saved").wait_for()
        page.screenshot(path=PICTURES / "questionnaire.png")
        page.goto(f"{address}/sample")
        page.screenshot(path=PICTURES / "profile.png", clip={"x": 0, "y": 0, "width": 900, "height": 1100})
        browser.close()


def shoot_programme(address: str, instance: Path) -> None:
    """The dashboard of a cohort of invented firms."""
    command = [sys.executable, "-m", "readiness.cli", "demo", "--instance", str(instance)]
    said = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 900, "height": 1100})
        page.goto(f"{address}/sign-in/open/{said.rpartition('/sign-in/open/')[2].split()[0]}")
        page.click("main form .button")
        page.goto(f"{address}/programmes?lang=en")
        page.locator("tbody th a").first.click()
        page.screenshot(path=PICTURES / "dashboard.png")
        browser.close()


def print_page(folder: Path) -> None:
    report = folder / "report.pdf"
    sample = ROOT / "readiness" / "core" / "data" / "sample.en.json"
    command = [sys.executable, "-m", "readiness.cli", "report", str(sample), "-o", str(report)]
    subprocess.run(command, check=True, cwd=ROOT)
    target = PICTURES / "report"
    subprocess.run(
        ["pdftoppm", "-f", "2", "-l", "2", "-r", "80", "-singlefile", "-png", str(report), str(target)],
        check=True,
    )


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        app = create_app(Path(name))
        server = waitress.create_server(app, host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        shoot(f"http://127.0.0.1:{server.effective_port}")
        shoot_programme(f"http://127.0.0.1:{server.effective_port}", Path(name))
        print_page(Path(name))
        app.extensions["printer"].close()


if __name__ == "__main__":
    main()

"""What a founder does in a browser, in either language."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from readiness.core import model as models
from readiness.reports.language import language

MODEL = models.load()
NAMES = {"en": "Alborz Sensors", "fa": "حسگر البرز"}
#: What makes the page scroll sideways, if it does.
BEYOND = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = ({ left, right }) => left < -1 || right > root.clientWidth + 1;
  const guilty = [...document.body.querySelectorAll("*")].filter((one) => out(one.getBoundingClientRect()));
  return ["page", ...guilty.slice(0, 4).map((one) => one.outerHTML.slice(0, 120))];
}"""
SCALE = ("VL", "L", "M", "H", "VH")


class Founder:
    """A person at a browser, who looks at every page for what never may be."""

    def __init__(self, context: BrowserContext, code: str) -> None:
        self.context, self.code = context, code
        self.troubles: list[str] = []
        self.forgiven: list[str] = []
        self.words = language(code).words
        self.texts = models.texts(MODEL.version, code)
        self.page = self.tab()

    def tab(self) -> Page:
        """A new tab; what goes wrong in it is noted."""
        page = self.context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("response", self._weigh)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # That a request failed is noted by its status.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _weigh(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")

    def forgive(self, pattern: str) -> None:
        """Trouble that a test wants; it must come."""
        self.forgiven.append(pattern)

    def grievances(self) -> list[str]:
        """Trouble that nobody wanted, and wanted trouble that did not come."""
        absent = [wish for wish in self.forgiven if not any(re.search(wish, it) for it in self.troubles)]
        unwanted = [it for it in self.troubles if not any(re.search(wish, it) for wish in self.forgiven)]
        return [f"nothing like {wish} came" for wish in absent] + unwanted

    # Looking

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def look(self) -> None:
        """One heading, the right language, and nothing that sticks out at the side."""
        page, spoken = self.page, language(self.code)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("html")).to_have_attribute("lang", spoken.code)
        expect(page.locator("html")).to_have_attribute("dir", spoken.direction)
        beyond = page.evaluate(BEYOND)
        assert beyond == [], f"{page.url} scrolls sideways because of {beyond}"

    def sees(self, message: str, **values: object) -> None:
        expect(self.page.get_by_text(self.words(message, **values)).first).to_be_visible()

    def heading(self, message: str) -> None:
        expect(self.page.locator("h1")).to_have_text(self.words(message))

    # Doing

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=self.words(button), exact=True).click()
        self.look()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=self.words(link), exact=True).first.click()
        self.look()

    def start(self, **fields: str) -> None:
        """From the first page to the first question."""
        self.open("/start")
        for name, value in ({"name": NAMES[self.code]} | fields).items():
            self.page.locator(f"#{name}").fill(value)
        self.press("Save and continue")

    def question(self, number: int, page: Page | None = None) -> Locator:
        return (page or self.page).locator(f"#q-{number}")

    def choose(self, number: int, word: str, page: Page | None = None) -> None:
        """Click where the label is; the radio button itself lies over it, invisible."""
        self.option(number, word, page).check()

    def option(self, number: int, word: str, page: Page | None = None) -> Locator:
        return (page or self.page).locator(f"#q-{number} input[value='{word}']")

    def chosen(self, number: int, page: Page | None = None) -> str | None:
        """The word that stands there."""
        found = self.question(number, page).locator("input[type=radio]:checked")
        return found.get_attribute("value") if found.count() else None

    def saved(self, page: Page | None = None) -> None:
        """Wait until the page says that all is saved."""
        expect((page or self.page).locator("#saved")).to_have_text(self.words("All answers saved."))

    def save(self, number: int, word: str, page: Page | None = None) -> None:
        """Choose, and wait until the page's script has saved it."""
        with (page or self.page).expect_response(is_saving):
            self.choose(number, word, page)
        self.saved(page)

    def add_note(self, number: int, text: str) -> None:
        area = self.question(number).locator(f"#n-{number}")
        if not area.is_visible():
            self.question(number).get_by_text(self.words("Add a note or a link as evidence")).click()
        area.fill(text)

    @property
    def link(self) -> str:
        """The private link that the page shows."""
        return self.page.locator("#private-link").input_value()

    def answers(self, link: str | None = None) -> dict[str, Any]:
        """What is stored, as the data that the founder may take away."""
        response = self.context.request.get(f"{link or self.link}/answers.json")
        assert response.ok
        document: dict[str, Any] = response.json()
        return document


def is_saving(response: Response) -> bool:
    """Whether this is the answer to the script, not to the button."""
    return response.request.method == "POST" and response.request.headers.get("accept") == "application/json"


def word_for(number: int) -> str:
    """An answer for every indicator that is neither all the same nor by chance."""
    return "DK" if number % 19 == 0 else SCALE[number * 7 % 5]

"""What founders do before the part that a test is about."""

from pathlib import Path
from urllib.parse import urlsplit

from readiness.core import model as models
from readiness.core.model import Model
from tests.web.pages import Page, Person

FIRM = {
    "name": "Nanotech Pars",
    "rater": "Managing director",
    "sector": "materials",
    "country": "Iran",
    "founded": "2012",
    "employees": "34",
    "first_foreign_sale": "2016",
    "foreign_share": "15",
    "countries": "4",
    "regions": ["western_asia", "central_asia"],
}
TERMS = ("VL", "L", "M", "H", "VH")


def model() -> Model:
    return models.load()


def components() -> tuple[str, ...]:
    return model().components


def numbers(component: str) -> list[int]:
    return [row.number for row in model().of_component(component)]


def start(person: Person, name: str = "Nanotech Pars") -> str:
    """Fill in the first page with no more than a name; where the private link leads."""
    page = person.send(person.open("/start"), {"name": name})
    return home(page)


def home(page: Page) -> str:
    """The path of the private link, out of any page behind it."""
    return "/".join(page.path.split("/")[:3])


def home_of(address: str) -> str:
    """The path of a private link, out of its whole address."""
    return urlsplit(address).path


def key(link: str) -> str:
    return Path(link).name


def answer(person: Person, page: Page, term: str = "H") -> Page:
    """Give every question of a page the same answer, save and continue."""
    names = {name: term for name in page.form().names() if name.startswith("a-")}
    return person.send(page, names, button="next")


def answer_everything(person: Person, link: str, term: str = "H") -> Page:
    """Answer all pages; the page to check them."""
    page = person.open(f"{link}/questions/{components()[0]}")
    for _ in components():
        page = answer(person, page, term)
    return page


def finish(person: Person, link: str) -> Page:
    """Answer the first page, then finish; the profile."""
    answer(person, person.open(f"{link}/questions/{components()[0]}"))
    return person.send(person.open(f"{link}/check"))

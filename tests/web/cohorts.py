"""Cohorts and firms in them, for the tests of what a programme sees."""

from tests.web.pages import Person


def add_cohort(person: Person, name: str = "Spring", **fields: str) -> str:
    """Begin a cohort; the beginning of the paths of its pages."""
    return person.send(person.open("/programmes/new"), {"name": name, **fields}).path.removesuffix(
        "/settings"
    )


def cohort_id(path: str) -> str:
    """The id in the path of a page of a cohort."""
    return path.split("/")[2]

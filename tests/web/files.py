"""Uploads as a browser sends them."""

import io

from tests.web.pages import Page, Person


def upload(person: Person, content: bytes | str, name: str = "firms.csv", status: int | None = 200) -> Page:
    """Choose a file on the import page and send it."""
    page = person.open("/portfolio/import")
    data = content.encode() if isinstance(content, str) else content
    sent = {"csrf_token": page.holds("csrf_token"), "file": (io.BytesIO(data), name)}
    person.typed.add(name)
    response = person.client.post(
        page.form("upload").action, data=sent, content_type="multipart/form-data", follow_redirects=True
    )
    return person.arrive(response, status)

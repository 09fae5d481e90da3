"""Uploads as a browser sends them."""

import io

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.web.pages import Page, Person


def upload(person: Person, content: bytes | str, name: str = "firms.csv", status: int | None = 200) -> Page:
    """Choose a file on the import page and send it."""
    page = person.open("/portfolio/import")
    data = content.encode() if isinstance(content, str) else content
    sent: dict[str, object] = {"csrf_token": page.holds("csrf_token"), "file": file_of(data, name)}
    person.typed.add(name)
    return person.arrive(post(person, page.form("upload").action, sent), status)


def file_of(content: bytes, name: str) -> FileStorage:
    """A file as the form holds it."""
    return FileStorage(io.BytesIO(content), filename=name)


def post(person: Person, path: str, sent: dict[str, object]) -> TestResponse:
    """Send a form with a file in it."""
    boundary, body = encode_multipart(sent)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return person.client.post(path, data=body, content_type=kind, follow_redirects=True)

"""The PDF engine fetches nothing, prints what people typed as typed, and says what it misses."""

import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pypdf.generic import StreamObject

from readiness.reports.pdf import PdfError, html_to_pdf, make_pdf
from tests.reports.tools import NEEDS_A_PRESS, ROOT, given, one_line, opened, profile_of, text_of

pytestmark = NEEDS_A_PRESS

SECRET = b"canary-4c1d"


class Canary:
    """A server that notes who calls, and a file that nobody should read."""

    def __init__(self, folder: Path) -> None:
        self.calls: list[str] = []
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                calls.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(SECRET)

            do_HEAD = do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http = f"http://127.0.0.1:{self.server.server_address[1]}/c"
        self.path = folder / "secret.txt"
        self.path.write_bytes(SECRET)
        picture = folder / "secret.svg"
        picture.write_bytes(
            b'<svg xmlns="http://www.w3.org/2000/svg"><text id="t">' + SECRET + b"</text></svg>"
        )
        self.file, self.picture = self.path.as_uri(), picture.as_uri()


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    made = Canary(tmp_path_factory.mktemp("canary"))
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


HOSTILE = [
    '<img src="ADDRESS">',
    '<img srcset="ADDRESS 2x" src="ADDRESS">',
    '<link rel="stylesheet" href="ADDRESS">',
    '<link rel="attachment" href="ADDRESS">',
    '<a rel="attachment" href="ADDRESS">here</a>',
    '<a href="ADDRESS">here</a>',
    "<style>@import url('ADDRESS');</style>",
    "<style>p { background: url('ADDRESS') }</style>",
    "<style>p::before { content: url('ADDRESS') }</style>",
    "<style>ul { list-style-image: url('ADDRESS') }</style><ul><li>x</ul>",
    "<style>@font-face { font-family: F; src: url('ADDRESS') } p { font-family: F }</style>",
    "<style>@page { background: url('ADDRESS') }</style>",
    "<style>@color-profile device-cmyk { src: url('ADDRESS') }</style>",
    "<p style=\"border-image: url('ADDRESS') 1\">x",
    '<base href="ADDRESS"><img src="x.png"><link rel="stylesheet" href="y.css">',
    '<svg width="9" height="9"><image href="ADDRESS" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><image xlink:href="ADDRESS" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="ADDRESS#t"/></svg>',
    '<svg width="9" height="9"><style>@import url("ADDRESS");</style><rect width="9" height="9"/></svg>',
    '<svg width="9" height="9"><rect width="9" height="9" fill="url(ADDRESS#t)"/></svg>',
    '<object data="ADDRESS"></object>',
    '<embed src="ADDRESS">',
    '<iframe src="ADDRESS"></iframe>',
    '<video poster="ADDRESS"></video>',
    '<meta http-equiv="refresh" content="0; url=ADDRESS">',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='ADDRESS'/></svg>\">",
    '<input type="image" src="ADDRESS">',
]


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_makes_the_engine_fetch_and_embed_nothing(canary: Canary, html: str) -> None:
    for address in (canary.http, canary.file, canary.picture, str(canary.path)):
        try:
            pdf = html_to_pdf(hostile(html, address), "{}")
        except PdfError:
            continue
        assert list(opened(pdf).attachments) == ["answers.json"]
        assert not [stream for stream in streams(pdf) if SECRET in stream]
        assert "After" in text_of(pdf)
    assert canary.calls == []


def hostile(html: str, address: str) -> str:
    return f"<html lang=en><title>t</title><body><p>Before{html.replace('ADDRESS', address)}<p>After"


def streams(pdf: bytes) -> Iterator[bytes]:
    reader = opened(pdf)
    for number in range(1, int(reader.trailer["/Size"])):
        item = reader.get_object(number)
        if isinstance(item, StreamObject):
            yield item.get_data()


def test_an_engine_without_our_guard_would_have_called(canary: Canary) -> None:
    from weasyprint import HTML

    for html in HOSTILE:
        HTML(string=hostile(html, canary.http)).write_pdf()
    HTML(string=hostile('<link rel="attachment" href="ADDRESS">', canary.file)).write_pdf(
        target := io.BytesIO()
    )

    calls, canary.calls[:] = list(canary.calls), []
    assert len(calls) >= 9
    assert SECRET in set(streams(target.getvalue()))


def test_what_a_person_typed_is_printed_as_typed_and_never_as_markup() -> None:
    name = '<img src="http://127.0.0.1:9/x">{{ 7*7 }} & <b>Firm'
    pdf = make_pdf(profile_of(given({1: "H"}, firm={"name": name}, notes={1: "<script>alert(1)</script>"})))
    text = one_line(text_of(pdf))

    assert "{{ 7*7 }} & <b>Firm" in text
    assert "<script>alert(1)</script>" in text
    assert opened(pdf).metadata.author == name


# Without Pango


def test_without_pango_the_command_says_what_to_install(tmp_path: Path) -> None:
    target = tmp_path / "profile.pdf"
    done = without_pango(
        tmp_path, "-m", "readiness.cli", "report", "readiness/core/data/sample.en.json", "-o", str(target)
    )

    assert done.returncode == 2
    assert re.fullmatch(r"readiness: PDFs need .*apt-get install libpango-1\.0-0 .*\n", done.stderr)
    assert not target.exists()


def test_without_pango_the_application_starts_and_its_pages_work(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from readiness.web import create_app

if __name__ == "__main__":
    app = create_app(Path(sys.argv[1]))
    visitor = app.test_client()
    print(visitor.get("/").status_code, visitor.get("/sample").status_code)
    refused = visitor.get("/sample.pdf")
    print(refused.status_code)
    app.extensions["printer"].close()
"""
    (tmp_path / "visit.py").write_text(script)

    done = without_pango(tmp_path, str(tmp_path / "visit.py"), str(tmp_path / "instance"))

    assert done.stdout.splitlines() == ["200 200", "503"]
    assert "apt-get install libpango-1.0-0" in done.stderr


def without_pango(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run where importing WeasyPrint fails as it does on a machine without Pango."""
    stub = folder / "stub" / "weasyprint"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    environment = os.environ | {"PYTHONPATH": f"{stub.parent}{os.pathsep}{ROOT}"}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )

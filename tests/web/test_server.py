"""The server that `readiness serve` starts, called over its socket with what no client library would send."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

LOCAL = "Host: localhost\r\nConnection: close\r\n"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Server:
    """A running server: where it listens and what it says."""

    port: int
    log: Path
    said: str
    """What stands below the address to open."""

    def call(self, request: bytes) -> Answer:
        """Send raw bytes; status, headers and body of what comes back until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(first.split()[1]), headers, body

    def get(
        self, path: bytes, host: bytes = b"localhost", more: bytes = b"", method: bytes = b"GET"
    ) -> Answer:
        head = b"%b %b HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n%b\r\n" % (method, path, host, more)
        return self.call(head)

    def post(self, path: str, values: dict[str, str], cookie: str) -> Answer:
        body = urlencode(values).encode()
        more = f"Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        more += f"Content-Length: {len(body)}\r\n"
        return self.call(f"POST {path} HTTP/1.1\r\n{LOCAL}{more}\r\n".encode() + body)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    log = folder / "log"
    command = [sys.executable, "-m", "readiness.cli", "serve", "--instance", str(folder), "--port", str(port)]
    with (
        log.open("wb") as file,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"Open "):
                break
        else:
            pytest.fail(f"the server did not start: {log.read_text()}")
        yield Server(port, log, process.stdout.readline().decode())
        process.send_signal(signal.SIGINT)
        process.wait(20)


def test_the_first_start_prints_a_link_for_the_first_administrator(server: Server) -> None:
    link = server.said.rpartition(f"http://localhost:{server.port}")[2].strip()
    assert link.startswith("/sign-in/open/")

    status, _, page = server.get(link.encode())

    assert status == 200 and b"works once" in page


def test_a_founder_can_start_over_the_wire_and_the_log_stays_silent(server: Server) -> None:
    status, headers, body = server.get(b"/start")
    assert status == 200 and "server" not in headers
    token = re.search(rb'name="csrf_token" value="([^"]+)"', body)
    assert token is not None
    cookie = headers["set-cookie"].partition(";")[0]

    status, headers, _ = server.post(
        "/start", {"csrf_token": token[1].decode(), "name": "Over the wire"}, cookie
    )

    link = headers["location"]
    assert status == 302 and re.fullmatch(r"/a/[\w-]{32}", link)
    for path in (b"/profile", b"/check?lang=%ff", b"/nothing", b"/questions/networking\x00", b"/../../etc"):
        server.get(link.encode() + path, more=b"Referer: http://elsewhere.example/\r\n")
    server.get(link.encode(), host=b"evil.example")
    assert link.removeprefix("/a/") not in server.log.read_text()


@pytest.mark.parametrize(
    "host", [b"evil.example", b"", b"localhost@evil.example", b"\xff", b"[::1", b"local host"]
)
def test_an_unknown_name_is_refused(server: Server, host: bytes) -> None:
    status, _, body = server.get(b"/start", host=host)

    assert status == 400 and b"csrf" not in body and b"evil.example" not in body


def test_an_old_request_without_a_name_gets_no_private_page(server: Server) -> None:
    assert server.call(b"GET /a/key HTTP/1.0\r\n\r\n")[0] in (400, 404)


@pytest.mark.parametrize(
    "path",
    [
        b"/\x00",
        b"/\xff\xfe",
        b"/%00",
        b"/%ED%A0%80",
        b"/?lang=\xff",
        b"//evil.example/%2e%2e?lang=fa",
        b"/%09/evil.example?lang=fa",
        b"/%0d%0aX-Injected:%20yes?lang=fa",
        b"/" + b"a" * 100_000,
        b"http://evil.example/?lang=fa",
        b"*",
        b"",
        b"/static/%2e%2e/%2e%2e/setup.cfg",
        b"/static/..%5c..%5csetup.cfg",
    ],
)
def test_an_odd_address_is_no_failure(server: Server, path: bytes) -> None:
    status, headers, body = server.get(path)

    assert status < 500 and "x-injected" not in headers
    assert b"[metadata]" not in body and b"Traceback" not in body


def test_a_redirect_stays_on_this_server(server: Server) -> None:
    for path in (b"/%09/evil.example?lang=fa", b"//evil.example?lang=fa", b"/%5Cevil.example?lang=fa"):
        _, headers, _ = server.get(path)

        assert re.match(r"(?:http://localhost)?/(?![/\\\t])|$", headers.get("location", "")), path


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        ("GARBAGE", ""),
        ("GET / HTTP/9.9", ""),
        ("GET / HTTP/1.1", f"A: {'x' * 200_000}\r\n"),
        ("POST /start HTTP/1.1", "Content-Length: -1\r\n"),
        ("POST /start HTTP/1.1", "Content-Length: x\r\n"),
        ("POST /start HTTP/1.1", "Transfer-Encoding: x\r\n"),
        ("POST /start HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ("GET / HTTP/1.1", "Bad Header: x\r\n"),
        ("GET / HTTP/1.1", "Cookie: readiness=\xff\x00\r\n"),
        ("TRACE / HTTP/1.1", "Cookie: secret=1\r\n"),
        ("CONNECT evil.example:80 HTTP/1.1", ""),
    ],
)
def test_what_is_hardly_http_is_refused_and_the_server_lives_on(
    server: Server, line: str, headers: str
) -> None:
    status, _, body = server.call(f"{line}\r\n{LOCAL}{headers}\r\n".encode("latin-1"))

    assert status in (200, 400, 404, 405, 501, 505)
    assert b"secret" not in body and b"Traceback" not in body
    assert server.get(b"/healthz")[0] == 200


@pytest.mark.parametrize("length", [600_000, 10**9])
def test_a_body_that_is_too_large_is_refused(server: Server, length: int) -> None:
    head = f"POST /start HTTP/1.1\r\n{LOCAL}Content-Type: application/x-www-form-urlencoded\r\n"
    head += f"Content-Length: {length}\r\n\r\n"

    status, _, body = server.call(head.encode() + b"x" * (length if length < 10**6 else 0))

    assert status == 413
    assert (b"That is too much at once" in body) == (length < 10**6), "a page, unless it is absurd"


def test_head_has_no_body(server: Server) -> None:
    status, headers, body = server.get(b"/start", method=b"HEAD")

    assert status == 200 and body == b"" and int(headers["content-length"]) > 1000

"""Logos: what somebody uploads becomes a small PNG that this program wrote itself.

A picture is read in a process of its own, which may use little memory and little time, because a file of
a few hundred bytes can ask for a hundred gigabytes.
"""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import suppress

from readiness.paths import PACKAGE
from readiness.reports.drawing import SIZE, LogoError, draw

#: Bytes of the file, pixels of a picture.
MOST_BYTES = 1024 * 1024
MOST_PIXELS = 16_000_000
#: What the process may use.
_SECONDS = 5
_MEMORY = 1024 * 1024 * 1024
#: Its status where it has read the file and says why it makes no logo.
_REFUSED = 3
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from readiness.reports.logo import main; sys.exit(main())"
)


def make_logo(content: bytes) -> bytes:
    """A PNG of at most SIZE out of a PNG, JPEG or SVG file; raises LogoError."""
    if not content:
        raise LogoError("empty")
    if len(content) > MOST_BYTES:
        raise LogoError("bytes")
    try:
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-I", "-c", _START, str(PACKAGE.parent)],
            input=content,
            capture_output=True,
            timeout=2 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LogoError("costly") from error
    if done.returncode == 0 and done.stdout.startswith(b"\x89PNG\r\n"):
        return done.stdout
    if done.returncode == _REFUSED:
        reason, _, detail = done.stderr.decode("utf-8", "replace").partition("\n")
        raise LogoError(reason, detail)
    raise LogoError("costly")


def read_picture(content: bytes) -> bytes:
    """The same in this process, without a bound on memory and time; raises LogoError."""
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _repaint(content)
    if b"<svg" in content or content.startswith(b"<?xml"):
        return _repaint(draw(content))
    raise LogoError("type")


def _repaint(content: bytes) -> bytes:
    """The pixels of a picture on white, and nothing else of it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # we look at the size before anything is decoded
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise LogoError("pixels")
            picture.load()
            turned = ImageOps.exif_transpose(picture).convert("RGBA")
    except LogoError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise LogoError("broken") from error
    turned.thumbnail(SIZE, Image.Resampling.LANCZOS)
    made = Image.new("RGB", turned.size, "white")
    made.paste(turned, mask=turned)
    written = io.BytesIO()
    made.save(written, "PNG", optimize=True)
    return written.getvalue()


def main() -> int:
    """Standard input to standard output, with little memory and little time."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        made = read_picture(sys.stdin.buffer.read(MOST_BYTES + 1))
    except LogoError as error:
        sys.stderr.write(f"{error.reason}\n{error.detail[:40]}")
        return _REFUSED
    sys.stdout.buffer.write(made)
    return 0

"""Logos: pictures come out as a small plain PNG, and hostile ones are refused in good time."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from readiness.reports.drawing import SIZE, LogoError
from readiness.reports.logo import MOST_BYTES, make_logo

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def picture(
    size: tuple[int, int] = (60, 30), mode: str = "RGB", kind: str = "PNG", **options: object
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def svg(inside: str, attributes: str = 'viewBox="0 0 30 10"', before: str = "") -> bytes:
    return f"{before}<svg {NAMES} {attributes}>{inside}</svg>".encode()


def read(content: bytes) -> Image.Image:
    """What came of it: a PNG that holds pixels and nothing else."""
    made = make_logo(content)
    kinds, at = [], 8
    while at < len(made):
        (length,) = struct.unpack(">I", made[at : at + 4])
        kinds.append(made[at + 4 : at + 8])
        at += 12 + length
    assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}, kinds
    opened = Image.open(io.BytesIO(made))
    opened.load()
    assert opened.format == "PNG" and opened.mode == "RGB"
    assert opened.width <= SIZE[0] and opened.height <= SIZE[1]
    return opened


def refused(content: bytes) -> str:
    began = time.perf_counter()
    with pytest.raises(LogoError) as error:
        make_logo(content)
    assert time.perf_counter() - began < 25
    return error.value.reason


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_one(mode: str) -> None:
    assert read(picture(mode=mode)).size == (60, 30)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_becomes_a_plain_png(mode: str) -> None:
    assert read(picture(mode=mode, kind="JPEG")).size == (60, 30)


def test_what_is_transparent_becomes_white_as_on_paper() -> None:
    assert read(picture(mode="RGBA")).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_becomes_small_and_keeps_its_shape() -> None:
    assert read(picture((3000, 2000))).size == (450, 300)
    assert read(picture((4000, 10))).size == (900, 2)


def test_a_picture_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read(picture((60, 30), kind="JPEG", exif=exif)).size == (30, 60)


def test_words_and_whatever_hangs_behind_a_picture_are_left_behind() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret place")
    behind = b"PK\x03\x04<script>alert(1)</script>%PDF-1.7"
    made = make_logo(picture(pnginfo=info) + behind)

    assert b"secret" not in made and b"script" not in made and b"PK" not in made
    assert b"script" not in make_logo(picture(kind="JPEG") + behind)


def huge(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it is this large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(50_000, 50_000), (4001, 4000), (2_000_000_000, 2_000_000_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    assert refused(huge(*size)) in ("pixels", "broken")


def test_words_that_unpack_to_a_gigabyte_are_refused() -> None:
    packed = zlib.compress(b"a" * 200_000_000, 9)
    whole = b"zTXt" + b"Comment\0\0" + packed
    chunk = struct.pack(">I", len(whole) - 4) + whole + struct.pack(">I", zlib.crc32(whole))
    plain = picture()
    assert refused(plain[:33] + chunk + plain[33:]) == "broken"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_half_a_picture_is_refused(kind: str) -> None:
    whole = picture((600, 300), kind=kind)
    assert refused(whole[: len(whole) // 2]) == "broken"
    assert refused(whole[:12]) == "broken"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\0" * (MOST_BYTES + 1), "bytes"),
        (b"GIF89a", "type"),
        (b"%PDF-1.7", "type"),
        (b"<html><body>hello", "type"),
        (b"\x1f\x8b\x08 gzip", "type"),
        (picture(kind="GIF", mode="P"), "type"),
        (picture(kind="TIFF"), "type"),
        (b"<?xml version='1.0'?><html/>", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'", "broken"),
        (b"<svg xmlns='urn:other' viewBox='0 0 1 1'/>", "type"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    assert refused(content) == reason


def test_an_svg_is_drawn_as_large_as_a_logo_whatever_it_says() -> None:
    red = read(svg('<rect width="30" height="10" fill="#c00"/>', 'viewBox="0 0 30 10" width="90000000"'))
    assert red.size == (900, 300) and red.getpixel((450, 150)) == (204, 0, 0)
    assert read(svg("<path d='M0 0h5v5z'/>", 'width="20mm" height="20mm"')).size == (300, 300)
    assert read(svg("<path d='M0 0h5v5z'/>", 'viewBox="0 0 100000 1"')).size == (900, 1)


def test_an_svg_as_drawing_programs_write_it_is_drawn() -> None:
    program = """<?xml version="1.0"?>
    <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">"""
    inside = """<title>Logo</title><metadata><x xmlns="urn:x"/></metadata><layer xmlns="urn:ink"/>
    <defs><style>.a{fill:url(#g);} .b{fill:#00f}</style>
    <linearGradient id="g"><stop offset="0" stop-color="#0a0"/>
    <stop offset="1" stop-color="#0a0"/></linearGradient>
    <clipPath id="c"><rect width="30" height="10"/></clipPath><rect id="r" width="5" height="10"/></defs>
    <g clip-path="url(#c)" onclick="alert(1)"><rect class="a" width="15" height="10"/>
    <use xlink:href="#r" x="20" class="b"/></g>"""
    made = read(svg(inside, before=program))

    assert made.getpixel((100, 150)) == (0, 170, 0)
    assert made.getpixel((670, 150)) == (0, 0, 255)


LAUGHS = "".join(
    f'<g id="l{at + 1}">{f"<use href=%s#l{at}%s/>" % (chr(34), chr(34)) * 10}</g>' for at in range(9)
)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<script>alert(1)</script>", "element"),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", "element"),
        ("<image href='file:///etc/passwd' width='9' height='9'/>", "element"),
        ("<text>our name</text>", "element"),
        ("<a href='https://example.org'><path/></a>", "element"),
        ("<filter id='f'><feImage href='file:///etc/passwd'/></filter>", "element"),
        ("<animate attributeName='href' values='javascript:alert(1)'/>", "element"),
        ("<use href='https://example.org/a.svg#b'/>", "elsewhere"),
        ("<use xlink:href='file:///etc/passwd#b'/>", "elsewhere"),
        ("<rect fill='url(https://example.org/a.svg#b)' width='9' height='9'/>", "elsewhere"),
        ("<rect style='fill:u\\72l(https://example.org)' width='9' height='9'/>", "elsewhere"),
        ("<style>@import 'https://example.org/a.css';</style>", "elsewhere"),
        ("<style>.a{mask:url(#m)}</style><mask id='m'><path/></mask>", "sheet"),
        ("<g id='a'><use href='#a'/></g>", "elements"),
        ("<clipPath id='a'><path clip-path='url(#a)'/></clipPath><path clip-path='url(#a)'/>", "elements"),
        ("<path id='l0'/>" + LAUGHS, "elements"),
        ("<path/>" * 6000, "elements"),
        ("<g>" * 200 + "</g>" * 200, "elements"),
    ],
)
def test_a_hostile_drawing_is_refused(inside: str, reason: str) -> None:
    assert refused(svg(inside)) == reason


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]>',
    ],
)
def test_a_drawing_that_declares_entities_is_refused(declared: str) -> None:
    assert refused(svg("<title>&a;</title>", before=declared)) == "entities"


@pytest.mark.parametrize(
    "attributes", ["", 'viewBox="0 0 0 0"', 'viewBox="a b c d"', 'viewBox="0 0 nan 5"', 'width="50%"']
)
def test_a_drawing_without_a_size_is_refused(attributes: str) -> None:
    assert refused(svg("<path/>", attributes)) == "size"


def test_a_drawing_that_asks_for_endless_work_is_ended() -> None:
    blurred = (
        "<style>path{filter:blur(200px) blur(200px) blur(200px)}</style>" + "<path d='M0 0h900v300z'/>" * 4000
    )
    assert refused(svg(blurred, 'viewBox="0 0 900 300"')) == "costly"

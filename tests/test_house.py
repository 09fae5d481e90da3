"""The house rules that a machine can check, over every file of the project."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tinycss2

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {".git", ".venv", "node_modules", "instance", "build", "dist", "__pycache__", ".hypothesis"}


def ours() -> list[Path]:
    """Every file of the project: what git knows or would add; without git, what is not generated."""
    found = known_to_git() or [
        path
        for path in ROOT.rglob("*")
        if not NOT_OURS.intersection(path.relative_to(ROOT).parts)
        and not re.search(r"_cache/|\.egg-info/", path.as_posix())
    ]
    return [path for path in found if path.is_file()]


def known_to_git() -> list[Path]:
    """Nothing outside a repository, where git is missing, or where it distrusts the folder's owner."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        return []
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def scripts() -> list[Path]:
    return [path for path in sorted((ROOT / "bin").iterdir()) if path.is_file()]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Scripts


@pytest.mark.parametrize("script", scripts(), ids=named)
def test_every_script_is_executable_and_says_in_one_line_what_it_does(script: Path) -> None:
    shebang, help_line = script.read_text().splitlines()[:2]

    assert shebang == "#!/bin/sh"
    assert script.stat().st_mode & 0o111 == 0o111
    assert re.fullmatch(r"# [A-Z].{20,130}\.", help_line)
    for flag in ("-h", "--help"):
        answer = subprocess.run([script, flag], capture_output=True, text=True, cwd="/", check=True)
        assert answer.stdout == help_line.removeprefix("# ") + "\n"


def test_a_strict_run_fails_where_a_browser_or_database_test_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "test_skipping.py").write_text(
        "import pytest\n"
        "@pytest.mark.browser\n"
        "def test_pages(): pytest.skip('no Chromium')\n"
        "@pytest.mark.postgres\n"
        "@pytest.mark.skipif(True, reason='no server')\n"
        "def test_tables(): pass\n"
        "def test_other(): pytest.skip('allowed')\n"
    )
    pytest_here = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        ROOT / "setup.cfg",
        "-p",
        "no:cacheprovider",
        tmp_path,
    ]

    lenient = subprocess.run(pytest_here, capture_output=True, text=True, cwd=ROOT)
    strict = subprocess.run([*pytest_here, "-p", "tests.strict"], capture_output=True, text=True, cwd=ROOT)

    assert "3 skipped" in lenient.stdout and lenient.returncode == 0
    assert "1 failed, 1 skipped, 1 error" in strict.stdout and strict.returncode == 1


# What no file may hold


def machine_paths() -> list[str]:
    """This machine's own folders, and the places where people's folders usually are."""
    own = [re.escape(f"{folder}/") for folder in (ROOT, Path.home()) if len(folder.parts) > 2]
    usual = [rf"(?<![\w.:/-])/{top}/[a-z]" for top in ("home", "Users", "root", "work")]
    return [*own, *usual]


def registry_hosts() -> list[str]:
    registries = {
        "pypi": "org",
        "pythonhosted": "org",
        "npmjs": "(?:org|com)",
        "deb.debian": "org",
        "yarnpkg": "com",
    }
    return [rf"\b{name}\.{top}\b" for name, top in registries.items()]


@pytest.mark.parametrize(
    ("what", "patterns"),
    [("a path of this machine", machine_paths()), ("a package registry", registry_hosts())],
)
def test_no_file_names(what: str, patterns: list[str]) -> None:
    banned = re.compile("|".join(patterns).encode())

    offenders = {named(path): hit[0].decode() for path in ours() if (hit := banned.search(path.read_bytes()))}

    assert not offenders, f"{what} is named in {offenders}"


# Templates


class Markup(HTMLParser):
    """Collects what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.offences: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in attributes):
            self.offences.append(f"inline <{tag}>")
        self.offences += [f"{name}=" for name in attributes if name == "style" or name.startswith("on")]
        self.offences += [
            f"{name}=javascript:" for name, value in attrs if (value or "").startswith("javascript:")
        ]


def inline_code(template: str) -> list[str]:
    """Inline styles and scripts in a template's own HTML, and in what its expressions hand to macros."""
    template = re.sub(r"{#.*?#}", "", template, flags=re.DOTALL)
    markup = Markup()
    markup.feed(re.sub(r"{%.*?%}|{{.*?}}", "", template, flags=re.DOTALL))
    markup.close()
    expressions = " ".join(re.findall(r"{%.*?%}|{{.*?}}", template, flags=re.DOTALL))
    handed = re.findall(
        r"""\b(?:style|on(?:click|change|submit|input|load|error))\b['"]?\s*[=:](?!=)""", expressions
    )
    return markup.offences + handed


def templates() -> Iterator[Path]:
    return (path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file())


def test_templates_hold_no_inline_style_or_script() -> None:
    offenders = {named(path): found for path in templates() if (found := inline_code(path.read_text()))}

    assert not offenders


def test_templates_never_switch_escaping_off() -> None:
    unsafe = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")

    offenders = {named(path): hit[0] for path in templates() if (hit := unsafe.search(path.read_text()))}

    assert not offenders


@pytest.mark.parametrize(
    "template",
    [
        '<p style="color: red">',
        "<p {% if wide %}class='wide'{% endif %} style={{ width }}>",
        "<style>p {}</style>",
        "<script>alert()</script>",
        '<button onclick="go()">',
        "<svg><rect style='fill: red'/></svg>",
        "{{ field(onchange='go()') }}",
        "{{ {'style': 'color: red'} | xmlattr }}",
        "<a href='javascript:go()'>",
    ],
)
def test_inline_code_is_recognised(template: str) -> None:
    assert inline_code(template)


@pytest.mark.parametrize(
    "template",
    [
        '<script src="{{ url_for("static", filename="save.js") }}" defer></script>',
        "<p>Only one style = ours; once=more</p>",
        "{% set one = 1 %}{% if style == 'compact' %}{{ only }}{% endif %}",
        '<rect class="bar" width="{{ width }}"/>',
        '{# <p style="no"> #}',
    ],
)
def test_lawful_markup_is_left_alone(template: str) -> None:
    assert not inline_code(template)


# Stylesheets

PHYSICAL = re.compile(
    r"(?:scroll-)?(?:margin|padding)-(?:left|right)|left|right"
    r"|border-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius"
)
SIDED = {"text-align", "text-align-last", "float", "clear", "caption-side"}
FOUR_SIDED = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
PHYSICAL_ALLOWED_IN = {"page"}  # a page's margins and margin boxes have a left and a right on paper too


def physical(css: str) -> list[str]:
    """Declarations that name left or right where the reading direction should decide, with their lines."""
    return list(offences(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)))


def offences(nodes: list[tinycss2.ast.Node]) -> Iterator[str]:
    for node in nodes:
        if node.type == "declaration" and is_physical(node.lower_name, node.value):
            yield f"line {node.source_line}: {node.name}: {tinycss2.serialize(node.value).strip()}"
        elif (
            getattr(node, "content", None)
            and getattr(node, "lower_at_keyword", "") not in PHYSICAL_ALLOWED_IN
        ):
            yield from offences(tinycss2.parse_blocks_contents(node.content))


def is_physical(name: str, value: list[tinycss2.ast.Node]) -> bool:
    words = [tinycss2.serialize([part]) for part in value if part.type not in ("whitespace", "comment")]
    if name in FOUR_SIDED and len(words) >= 4:
        return words[1] != words[3]
    return bool(PHYSICAL.fullmatch(name)) or (name in SIDED and bool({"left", "right"} & set(words)))


def test_stylesheets_follow_the_reading_direction() -> None:
    stylesheets = sorted((ROOT / "static").rglob("*.css"))

    offenders = {named(path): found for path in stylesheets if (found := physical(path.read_text()))}

    assert not offenders


@pytest.mark.parametrize(
    "css",
    [
        "p { margin-left: 1em }",
        "p { padding-right: 1em }",
        "p { text-align: right !important }",
        "p { float: left }",
        "p { position: absolute; left: 0 }",
        "p { border-left: 1px solid }",
        "p { border-right-color: red }",
        "p { border-top-left-radius: 1px }",
        "p { margin: 0 1em 0 2em }",
        "@media print { p { right: 0 } }",
        "nav { & a { margin-right: 0 } }",
    ],
)
def test_a_physical_declaration_is_recognised(css: str) -> None:
    assert physical(css)


@pytest.mark.parametrize(
    "css",
    [
        "p { margin-inline: 1em 2em; inset-inline-start: 0; text-align: start; float: inline-end }",
        "p { margin: 0 1em; padding: 1em 2em 3em 2em; border-start-start-radius: 1px }",
        "a:hover, .left { transition: color 1s }",
        "@page { margin-left: 2cm; @bottom-left { text-align: left; padding-right: 1em } }",
    ],
)
def test_lawful_style_is_left_alone(css: str) -> None:
    assert not physical(css)

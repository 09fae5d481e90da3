"""A language of no people: every text long, accented and in brackets, made as docs/translating.md says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
#: Babel has to know the code; nobody translates into Esperanto here.
CODE = "eo"
_ACCENTS = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
_KEPT = re.compile(r"(%\(\w+\)s|{\w+})")
#: What stands on pages in every language: the switch, identifiers, file names, the firm of the tests.
EVERYWHERE = (
    "PDF",
    "CSV",
    "XLSX",
    "JSON",
    "DOCX",
    "English",
    "فارسی",
    "answers.json",
    "rezvani-2024",
    "Alborz Sensors",
    "Nanotech Pars",
    "Founder",
    "Iran",
    "http",
)


def pseudo(text: str) -> str:
    """The text accented, a third longer, in brackets; what the program fills in stays."""
    parts = [part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in _KEPT.split(text)]
    longer = " ".join(["lóñg"] * max(1, len(text) // 15))
    return f"[{''.join(parts)} {longer}]"


def leftover(text: str) -> list[str]:
    """Words that did not come out of a catalogue or a text file."""
    for known in EVERYWHERE:
        text = text.replace(known, " ")
    before = ""
    while before != text:
        before, text = text, re.sub(r"\[[^\[\]]*\]", " ", text)
    return re.findall(r"[A-Za-z]{3,}", text)


def make_checkout(folder: Path) -> Path:
    """A copy of this checkout that speaks one language more; nothing but files was added."""
    copy = folder / "checkout"
    copy.mkdir()
    for name in ("readiness", "templates", "static", "bin"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("babel.cfg", "setup.cfg"):
        shutil.copy(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(sys.prefix)
    subprocess.run(["bin/translate", CODE], cwd=copy, check=True, capture_output=True)
    own = copy / "readiness" / "translations" / CODE / "language.toml"
    written = re.sub(
        r'"([A-Z][a-z]+)"', lambda word: json.dumps(pseudo(word[1])), own.read_text(encoding="utf-8")
    )
    own.write_text(written, encoding="utf-8")
    _translate_catalogue(copy / "readiness" / "translations" / CODE / "LC_MESSAGES" / "messages.po")
    for kind in ("text", "actions"):
        path = copy / "readiness" / "core" / "data" / "rezvani-2024" / f"{kind}.{CODE}.toml"
        path.write_text("\n".join(_toml(tomllib.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    subprocess.run(["bin/translate"], cwd=copy, check=True, capture_output=True)
    return copy


def _translate_catalogue(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            message.string = pseudo(message.id)
        elif message.id:
            message.string = tuple(map(pseudo, message.id))
    with path.open("wb") as file:
        write_po(file, catalogue)


def _toml(data: dict[str, Any], name: str = "") -> list[str]:
    """Tables of texts as TOML again, every text translated."""
    lines = [f"[{name}]"] if name else []
    lines += [f"{key} = {json.dumps(pseudo(text))}" for key, text in data.items() if isinstance(text, str)]
    for key, table in data.items():
        if isinstance(table, dict):
            lines += _toml(table, f"{name}.{key}" if name else key)
    return lines

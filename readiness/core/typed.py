"""What people type: made tidy, judged storable, and folded so that one name is found in every spelling."""

from __future__ import annotations

import re
import unicodedata

#: What can be an e-mail address; whether it is one only a mail can tell.
#: An encoded word (=?…?=) is none: mail programs would send to whatever is encoded in it.
EMAIL = re.compile(r"(?!.*=\?)[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\]+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_ONE_FORM = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "\u200c": " ", "\u00a0": " "})


def tidy(text: str | None) -> str:
    """A typed text with plain line ends and without surrounding blanks."""
    plain = text or ""
    if "\r" in plain:
        plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    return plain.strip()


def storable(text: str) -> bool:
    """Whether a text is free of control characters, which no database should have to keep."""
    return text.isprintable() or not _UNPRINTABLE.search(text)


def fold(name: str) -> str:
    """A name as it is searched and sorted: without case, marks and the Arabic forms of Persian letters."""
    if name.isascii():
        return " ".join(name.casefold().split())
    plain = unicodedata.normalize("NFKD", name.translate(_ONE_FORM)).casefold()
    return " ".join("".join(item for item in plain if not unicodedata.combining(item)).split())

"""Files to articles: decoded, told apart by what they begin with, and given to their reader."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from ..errors import InputError
from ..files import read_bytes
from ..limits import limits
from .article import Origin
from .plain import parse_plain
from .positions import LINE_END

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from .article import Article


def parse_article(text: str, *, abbreviations: Collection[str] = (), file: str | None = None) -> Article:
    """Parse the text of an article: a title line, an optional infobox, then paragraphs, lists and headings.

    ``abbreviations`` are lower-case words that take a dot without ending a sentence, given without their last
    dot.
    Raises ``InputError`` for a text that is empty, has no title line, or holds a NUL or a lone surrogate.

    >>> text = "= Blue Lantern =\\n\\nBlue Lantern\\n- Founder: Ada Lund\\n\\nIt is a society."
    >>> article = parse_article(text)
    >>> article.name, [row.value.of(article.text) for row in article.fields]
    ('Blue Lantern', ['Ada Lund'])
    """
    _refuse_characters(text, file)
    origin = Origin(file, "plain", hashlib.sha256(text.encode()).hexdigest())
    return parse_plain(text, origin, abbreviations=abbreviations)


def read_article(path: Path | str, *, abbreviations: Collection[str] = ()) -> Article:
    """Read an article from a file, ``-`` being standard input; ``.gz`` and ``.bz2`` are decompressed.

    Raises ``InputError`` where the file cannot be read, is longer than ``limits().article``, is not UTF-8 or
    is no article.
    """
    name = str(path)
    data = read_bytes(name, most=limits().article)
    for start, kind in _OTHER_FILES.items():
        if data.startswith(start):
            raise InputError(f"is {kind}, not a text", file=name, hint="save its text as UTF-8")
    text = _decode(data, name)
    return parse_article(text, abbreviations=abbreviations, file=name)


_OTHER_FILES = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive, as .docx, .odt and .epub are",
    b"\xd0\xcf\x11\xe0": "a Word document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a database",
}
"""What files of other kinds begin with (RFC 8118 §3, PNG §5.2 and others), and what they are."""


def _decode(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte 0x{data[error.start]:02x} at byte offset {error.start}"
        raise InputError(message, file=file, hint="save the file as UTF-8") from error


_REFUSED = re.compile("[\0\ud800-\udfff]")


def _refuse_characters(text: str, file: str | None) -> None:
    found = _REFUSED.search(text)
    if found:
        ends = [match.end() for match in LINE_END.finditer(text, 0, found.start())]
        column = found.start() - (ends[-1] if ends else 0) + 1
        what = "a NUL character" if found.group() == "\0" else f"a lone surrogate U+{ord(found.group()):04X}"
        raise InputError(
            f"the text holds {what}", file=file, line=len(ends) + 1, column=column, hint="remove it"
        )

"""Files to articles: decoded, told apart by what they begin with, and given to their reader."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from ..errors import InputError
from ..files import COMPRESSIONS, STANDARD, plain_suffix, read_bytes
from ..limits import limits
from .article import Origin
from .plain import parse_plain
from .positions import LINE_END

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ..domain.wikitext import Wikitext
    from .article import Article


FORMS = ("plain", "wikitext")
"""What a text may be read as."""

WIKITEXT_SUFFIXES = (".wiki", ".wikitext", ".mediawiki")

_FIRST_LINE = re.compile(r"\ufeff?\s*([^\r\n]*)")
_TITLE_LINE = re.compile(r"=[^=].*[^=]=|=[^=]=")
_BOX = re.compile(r"^\{\{\s*infobox", re.IGNORECASE | re.MULTILINE)
_MARKUP = re.compile(r"\[\[[^\[\]\n]+\]\]|^\{\{|^#redirect", re.IGNORECASE | re.MULTILINE)


def parse_article(
    text: str,
    *,
    abbreviations: Collection[str] = (),
    file: str | None = None,
    form: str | None = None,
    title: str | None = None,
    wikitext: Wikitext | None = None,
) -> Article:
    """Parse the text of an article, in the plain form or as wikitext.

    ``abbreviations`` are lower-case words that take a dot without ending a sentence, given without their last
    dot. ``form`` is one of `FORMS`, by default what the text looks like; ``title`` is for a text that has no
    title line, and names any page of wikitext, by default the name of its file does. ``wikitext`` is what
    templates mean, ``Domain.wikitext``.
    Raises ``InputError`` for a text that is empty, has no title, or holds a NUL or a lone surrogate.

    >>> text = "= Blue Lantern =\\n\\nBlue Lantern\\n- Founder: Ada Lund\\n\\nIt is a society."
    >>> article = parse_article(text)
    >>> article.name, [row.value.of(article.text) for row in article.cells]
    ('Blue Lantern', ['Ada Lund'])
    """
    _refuse_characters(text, file)
    form = form or form_of(text, file)
    origin = Origin(file, form, hashlib.sha256(text.encode()).hexdigest())
    if form == "plain":
        return parse_plain(text, origin, abbreviations=abbreviations, title=_on_one_line(title))
    if wikitext is None:
        raise InputError("is wikitext", file=file, hint="read it by a domain, which says what templates mean")
    named = _on_one_line(title) or title_of_page(text) or _name_of(file)
    if named is None:
        raise InputError("this wikitext has no title", file=file, hint='say it with --title "Title"')
    from .wikitext.page import parse_wikitext

    return parse_wikitext(text, named, origin, wikitext, abbreviations=abbreviations)


def form_of(text: str, file: str | None = None) -> str:
    """Tell what a text is: wikitext by the name of its file or by its signs, else the plain form."""
    if file is not None and plain_suffix(file) in WIKITEXT_SUFFIXES:
        return "wikitext"
    first = _FIRST_LINE.match(text)
    has_title = first is not None and _TITLE_LINE.fullmatch(first[1].strip()) is not None
    signs = _BOX if has_title else _MARKUP  # a title line is put on top of wikitext, too
    return "wikitext" if signs.search(text) else "plain"


def title_of_page(text: str) -> str | None:
    """Return the words of a heading of the first level that a page begins with."""
    first = _FIRST_LINE.match(text)
    words = first[1].strip() if first else ""
    return words[1:-1].strip() or None if _TITLE_LINE.fullmatch(words) else None


def _on_one_line(title: str | None) -> str | None:
    return " ".join(title.split()) or None if title is not None else None


def _name_of(file: str | None) -> str | None:
    """The title that the name of a file stands for."""
    if file is None or file == STANDARD:
        return None
    name = PurePath(file).name
    for suffix in (*COMPRESSIONS, *WIKITEXT_SUFFIXES, ".txt"):
        name = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    return _on_one_line(name.replace("_", " "))


def read_article(
    path: Path | str,
    *,
    abbreviations: Collection[str] = (),
    form: str | None = None,
    title: str | None = None,
    wikitext: Wikitext | None = None,
) -> Article:
    """Read an article from a file, ``-`` being standard input; ``.gz`` and ``.bz2`` are decompressed. What
    ``form``, ``title`` and ``wikitext`` are says `parse_article`.

    Raises ``InputError`` where the file cannot be read, is longer than ``limits().article``, is not UTF-8 or
    is no article.
    """
    name = str(path)
    data = read_bytes(name, most=limits().article)
    for start, kind in _OTHER_FILES.items():
        if data.startswith(start):
            raise InputError(f"is {kind}, not a text", file=name, hint="save its text as UTF-8")
    text = _decode(data, name)
    return parse_article(
        text, abbreviations=abbreviations, file=name, form=form, title=title, wikitext=wikitext
    )


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

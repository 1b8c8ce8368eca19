"""Files to articles: decoded, told apart by what they begin with, and given to their reader."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from ..errors import InputError
from ..files import COMPRESSIONS, STANDARD, plain_suffix
from .article import Origin
from .plain import parse_plain
from .positions import LINE_END

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..domain.wikitext import Wikitext
    from .article import Article


_CALLED = {"wikitext": "wikitext", "html": "HTML"}

FORMS = ("plain", "wikitext", "html", "export", "json")
"""What a file may be read as: a text, or what holds pages."""

WIKITEXT_SUFFIXES = (".wiki", ".wikitext", ".mediawiki")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
SUFFIXES = {**dict.fromkeys(HTML_SUFFIXES, "html"), ".xml": "export", ".json": "json", ".ndjson": "json"}
"""What the names of files of other forms than texts end in."""

_FIRST_LINE = re.compile(r"\ufeff?\s*([^\r\n]*)")
_TITLE_LINE = re.compile(r"=[^=].*[^=]=|=[^=]=")
_BOX = re.compile(r"^\{\{\s*infobox", re.IGNORECASE | re.MULTILINE)
_PAGE = re.compile(r"\ufeff?\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html)\b", re.IGNORECASE | re.DOTALL)
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
    """Parse the text of an article, in the plain form, as wikitext or as HTML.

    ``abbreviations`` are lower-case words that take a dot without ending a sentence, given without their last
    dot. ``form`` is plain, wikitext or html, by default what the text looks like; ``title`` is for a text
    that has no title line, and names any page of wikitext, by default the name of its file does.
    ``wikitext`` is what templates mean, ``Domain.wikitext``.
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
        raise InputError(
            f"is {_CALLED[form]}", file=file, hint="read it by a domain, which says what templates mean"
        )
    if form == "html":
        from .hypertext.page import parse_html

        return parse_html(text, origin, wikitext, abbreviations=abbreviations, title=_on_one_line(title))
    named = _on_one_line(title) or title_of_page(text) or _name_of(file)
    if named is None:
        raise InputError("this wikitext has no title", file=file, hint='say it with --title "Title"')
    from .wikitext.page import parse_wikitext

    return parse_wikitext(text, named, origin, wikitext, abbreviations=abbreviations)


def form_of(text: str, file: str | None = None) -> str:
    """Tell what a text is: wikitext by the name of its file or by its signs, else the plain form."""
    suffix = plain_suffix(file) if file is not None else ""
    if suffix in WIKITEXT_SUFFIXES:
        return "wikitext"
    if suffix in HTML_SUFFIXES or _PAGE.match(text):
        return "html"
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


def recognised(start: bytes, file: str) -> str | None:
    """Tell from what a file begins with, or else from its name, whether it is an export, HTML or JSON; None
    for a text.

    Raises:
        InputError: it is RDF.
    """
    words = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:_TELLING]
    for pattern, what in _OTHER_TEXTS:
        if pattern.match(words):
            hint = "lodkit validate, query and load read it"
            raise InputError(f"is {what}, and no article", file=file, hint=hint)
    for pattern, form in _SIGNS:
        if pattern.match(words):
            return form
    return SUFFIXES.get(plain_suffix(file)) if not words.startswith((b"=", b"{{", b"[[")) else None


_TELLING = 2000
_OTHER_TEXTS = (
    (re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?RDF\b", re.DOTALL), "RDF/XML"),
    (re.compile(rb"@prefix\s|@base\s|PREFIX\s+[\w-]*:\s*<", re.IGNORECASE), "Turtle"),
)
_SIGNS = (
    (re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<mediawiki\b", re.DOTALL), "export"),
    (
        re.compile(
            rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html)\b", re.DOTALL | re.IGNORECASE
        ),
        "html",
    ),
    (re.compile(rb"<\?xml\b|<!doctype\b", re.IGNORECASE), "export"),
    (re.compile(rb"\{\s*[\"}]|\[\s*\{\s*\""), "json"),
)
"""What files that hold pages begin with. Other XML is told by the reader of exports what it is not."""


def refuse_other_files(start: bytes, file: str) -> None:
    """Refuse what is no text.

    Raises:
        InputError: it is of another kind, by what it begins with.
    """
    for sign, kind in _OTHER_FILES.items():
        if start.startswith(sign):
            raise InputError(f"is {kind}, not a text", file=file, hint="save its text as UTF-8")


_OTHER_FILES = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive, as .docx, .odt and .epub are",
    b"\xd0\xcf\x11\xe0": "a Word document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a database",
    b"\x1f\x8b": "compressed with gzip, and has no name in .gz",
    b"BZh": "compressed with bzip2, and has no name in .bz2",
    b"7z\xbc\xaf'\x1c": "a 7z archive",
    b"RIFF": "a picture or a sound",
}
"""What files of other kinds begin with (RFC 8118 §3, PNG §5.2 and others), and what they are."""


def decoded(data: bytes, file: str) -> str:
    """Decode the bytes of a file.

    Raises:
        InputError: they are not UTF-8.
    """
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

"""Pages of HTML, as Parsoid, a wiki or a browser writes them, to articles: infobox tables, paragraphs,
headings, list items, links and references.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import InputError
from ...statement import Span
from ..article import Article, Origin, Remark
from ..plain import sections_of
from ..positions import SourceMap
from ..sentences import Splitter
from ..wikitext.asides import write_asides
from .reader import Reader

if TYPE_CHECKING:
    from ...domain.wikitext import Wikitext

_FIRST_HEADING = re.compile(r"<h1\b[^<>]*>(.{0,2000}?)</h1\s*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{0,2000})<", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SITE = re.compile(r"\s+[-–—]\s+[^-–—]+$")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def parse_html(
    text: str,
    origin: Origin,
    rules: Wikitext,
    *,
    abbreviations: Collection[str] = (),
    title: str | None = None,
) -> Article:
    """Parse a page of HTML; ``rules`` say what the namespaces of its links are.

    ``title`` is used where it is given, else the first heading of the first level, else the page's title.

    Raises:
        InputError: it has no title.
    """
    named = title or title_of_html(text)
    if named is None:
        raise InputError("this page has no title", file=origin.file, hint='say it with --title "Title"')
    reader = Reader(text, rules)
    reader.sheet.layout(f"= {named} =\n", 0)
    reader.read()
    asides = tuple(write_asides(reader.sheet, reader.asides))
    written = reader.sheet.text
    links = tuple(sorted(reader.links, key=lambda link: (link.span, link.target)))
    splitter = Splitter(written, frozenset(abbreviations), tuple(sorted(link.span for link in links)))
    head = reader.head
    return Article(
        written,
        Span(2, 2 + len(named)),
        None,
        tuple(reader.cells),
        tuple(sections_of(reader.blocks.headings, len(written))),
        reader.blocks.split(splitter),
        SourceMap(text, reader.sheet.runs, ()),
        replace(origin, revision=head.revision, url=head.url, licence=head.licence),
        language=head.language,
        templates=tuple(reader.templates),
        links=links,
        citations=tuple(
            replace(one, words=reader.notes.get(one.name or "", one.words)) for one in reader.citations
        ),
        images=tuple(reader.images),
        categories=tuple(dict.fromkeys(one.words for one in reader.asides)),
        asides=asides,
        remarks=tuple(
            Remark("table", words, len(offsets), min(offsets))
            for words, offsets in sorted(reader.left_out.items())
        ),
    )


def title_of_html(text: str) -> str | None:
    """Return the words of the first heading of the first level, else those of the title without the site."""
    heading = _FIRST_HEADING.search(text)
    if heading is not None:
        words = _SPACE.sub(" ", html.unescape(_TAG.sub("", heading[1]))).strip()
        if words:
            return words
    found = _TITLE.search(text)
    words = _SPACE.sub(" ", html.unescape(found[1])).strip() if found else ""
    return _SITE.sub("", words) or None

"""Read the plain form losslessly: a title line, infobox rows, sections, paragraphs and lists, each with its
span.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import InputError
from ..files import plain_suffix
from ..statement import Span
from .article import Article, Block, Origin, Section
from .cells import Cell
from .positions import LINE_END, Run, SourceMap, trimmed
from .sentences import Splitter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_MARKER = re.compile(r"(?:-|\*+)(?=\s|$)")
_KEY_END = re.compile(r":(?=\s|$)")
_DEEPEST = 6
_OF_RDF = frozenset({".ttl", ".trig", ".nt", ".nq", ".jsonld", ".json", ".rdf", ".owl", ".xml"})


def parse_plain(
    text: str, origin: Origin, *, abbreviations: Collection[str] = (), title: str | None = None
) -> Article:
    """Parse the text of an article: a title line, an optional infobox, then paragraphs, lists and headings.

    ``abbreviations`` are lower-case words that take a dot without ending a sentence, given without their last
    dot; a ``title`` is put before a text without a title line.

    Raises:
        InputError: the text is empty, or has no title line.
    """
    lines = [*lines_of(text)]
    first = next((i for i, line in enumerate(lines) if line.start < line.end), None)
    if first is None:
        raise InputError(
            "the file is empty", file=origin.file, hint="an article begins with a line like `= Title =`"
        )
    named = heading_of(text, lines[first])
    if named is not None and named[0] == 1:
        return _parse(text, SourceMap(text), origin, abbreviations)
    if title is None:
        hint = "the first line must be `= Title =`, or the title is given with --title"
        if origin.file is not None and plain_suffix(origin.file) in _OF_RDF:
            hint += "; RDF is for lodkit validate, query, export and load"
        raise InputError("no title line", file=origin.file, line=first + 1, column=1, hint=hint)
    mark = text[:1] == "\ufeff"
    head = f"= {title} =\n\n"
    whole = head + text[mark:]
    runs = Run(0, len(head), 0, 0, False), Run(len(head), len(whole), int(mark), len(text), True)
    return _parse(whole, SourceMap(text, runs), origin, abbreviations)


def _parse(text: str, source: SourceMap, origin: Origin, abbreviations: Collection[str]) -> Article:
    """Parse a text that begins with a title line."""
    lines = [*lines_of(text)]
    first = next(i for i, line in enumerate(lines) if line.start < line.end)
    _, title = heading_of(text, lines[first]) or (1, lines[first])
    name, cells, rest = _infobox(text, lines, first + 1, title)
    sections, blocks = _body(text, lines[rest:], Splitter(text, frozenset(abbreviations)))
    return Article(text, title, name, cells, sections, blocks, source, origin)


def lines_of(text: str) -> Iterator[Span]:
    """Each line without its line end and surrounding white space; a BOM before the first is left out."""
    start = 1 if text[:1] == "\ufeff" else 0
    for match in LINE_END.finditer(text):
        yield trimmed(text, start, match.start())
        start = match.end()
    yield trimmed(text, start, len(text))


def heading_of(text: str, line: Span) -> tuple[int, Span] | None:
    """Level and title of ``== Title ==``: the lesser run of equals signs counts, at most six."""
    words = line.of(text)
    if words[:1] != "=" or words[-1:] != "=" or not words.strip("="):
        return None
    left, right = len(words) - len(words.lstrip("=")), len(words) - len(words.rstrip("="))
    level = min(left, right, _DEEPEST)
    title = trimmed(text, line.start + level, line.end - level)
    return (level, title) if title.start < title.end else None


def _cell(text: str, line: Span) -> Cell | None:
    """The row on a line that begins with ``-``; a row without a colon is all key."""
    marker = _MARKER.match(text, line.start, line.end)
    if not marker or text[line.start] != "-":
        return None
    colon = _KEY_END.search(text, marker.end(), line.end)
    key_end, value_start = colon.span() if colon else (line.end, line.end)
    return Cell(trimmed(text, marker.end(), key_end), trimmed(text, value_start, line.end), line)


def _infobox(
    text: str, lines: list[Span], start: int, title: Span
) -> tuple[Span | None, tuple[Cell, ...], int]:
    """Name and rows of the infobox, and the index of the line after it."""
    at = next((i for i in range(start, len(lines)) if lines[i].start < lines[i].end), len(lines))
    if at == len(lines) or heading_of(text, lines[at]) or _MARKER.match(text, lines[at].start, lines[at].end):
        return None, (), at
    cells: list[Cell] = []
    for line in lines[at + 1 :]:
        row = _cell(text, line)
        if row is None:
            break
        cells.append(row)
    name = lines[at]
    if not cells:
        bare = name.of(text) == title.of(text)
        return (name, (), at + 1) if bare else (None, (), at)
    if text[name.end - 1] in ":;," or not _KEY_END.search(text, cells[0].span.start, cells[0].span.end):
        return None, (), at  # a sentence with its list
    return name, tuple(cells), at + 1 + len(cells)


def _body(text: str, lines: list[Span], splitter: Splitter) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    headings: list[tuple[int, Span, int]] = []
    blocks: list[Block] = []
    paragraph: Span | None = None
    for line in [*lines, Span(len(text), len(text))]:
        heading = heading_of(text, line)
        marker = _MARKER.match(text, line.start, line.end)
        section = len(headings) - 1 if headings else None
        if paragraph and (heading or marker or line.start == line.end):
            blocks.append(Block("paragraph", paragraph, section, tuple(splitter.sentences(paragraph))))
            paragraph = None
        if heading:
            headings.append((*heading, line.start))
        elif marker:
            blocks.append(
                Block("item", line, section, tuple(splitter.sentences(trimmed(text, marker.end(), line.end))))
            )
        elif line.start < line.end:
            paragraph = paragraph.cover(line) if paragraph else line
    return tuple(sections_of(headings, len(text))), tuple(blocks)


def sections_of(headings: list[tuple[int, Span, int]], end: int) -> Iterator[Section]:
    ends = [end] * len(headings)
    parents: list[int | None] = [None] * len(headings)
    open_: list[int] = []
    for i, (level, _, start) in enumerate(headings):
        while open_ and headings[open_[-1]][0] >= level:
            ends[open_.pop()] = start
        parents[i] = open_[-1] if open_ else None
        open_.append(i)
    for i, (level, title, start) in enumerate(headings):
        yield Section(title, level, Span(start, ends[i]), parents[i], i + 1)

"""Read an article's text losslessly: title, infobox rows, sections, paragraphs, sentences and lists, each
with its span.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING

from .errors import InputError
from .files import plain_suffix, read_bytes
from .limits import limits
from .statement import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

# Only these end a line. U+2028, U+0085 and their kind, which str.splitlines also takes, are white space
# inside one.
_LINE_END = re.compile(r"\r\n?|\n")
_MARKER = re.compile(r"(?:-|\*+)(?=\s|$)")
_KEY_END = re.compile(r":(?=\s|$)")
_DEEPEST = 6

# A run of terminators, closing quotes and brackets, then white space. Possessive throughout, and tried once a
# run: linear.
_STOP = re.compile(r"(?<![.!?])[.!?]++[\"'’”»)\]]*+(?=\s)")
_OPENING = "\"'‘“«([„"
_BRACKET = re.compile(r"[()\[\]]")
_LONGEST_ASIDE = 200
_LONGEST_TOKEN = 40
_INITIALS = re.compile(r"(?:[^\W\d_][.-]{1,2})*[^\W\d_]")  # J · U.S · J.-P


@dataclass(frozen=True, slots=True)
class Field:
    """An infobox row ``- Key: Value``. ``span`` is the row without its line end; spans exclude surrounding
    blanks.
    """

    key: Span
    value: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it up to the next heading of the same or a higher level.

    ``level`` counts the heading's equals signs, ``position`` counts the article's headings from 1, ``parent``
    indexes
    ``Article.sections``.
    """

    title: Span
    level: int
    span: Span
    parent: int | None
    position: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``kind`` "paragraph") or a list item ("item") with its sentences; ``section`` indexes
    ``Article.sections``.

    An item's ``span`` begins with its marker, its sentences do not hold it.
    """

    kind: str
    span: Span
    section: int | None
    sentences: tuple[Span, ...]

    @property
    def content(self) -> Span:
        """The block without an item's marker; empty where nothing follows the marker."""
        return (
            self.sentences[0].cover(self.sentences[-1])
            if self.sentences
            else Span(self.span.end, self.span.end)
        )


@dataclass(frozen=True)
class Article:
    """An article as read: the text unchanged, and spans for everything in it.

    ``digest`` is the SHA-256 (hex) of the text in UTF-8, that is, of the file's bytes when decompressed.
    """

    text: str
    title: Span
    infobox_name: Span | None
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    file: str | None = None
    digest: str = ""

    @property
    def name(self) -> str:
        """The title's words."""
        return self.title.of(self.text)

    def pieces(self) -> Iterator[Span]:
        """Yield the title line, rows, headings, blocks and the white space between them, in order; joined
        they are the text.
        """
        name = [self.infobox_name] if self.infobox_name else []
        solid = merge(
            [self._line_of(self.title), *name, *(row.span for row in self.fields)],
            (self._line_of(section.title) for section in self.sections),
            (block.span for block in self.blocks),
        )
        end = 0
        for span in solid:
            if end < span.start:
                yield Span(end, span.start)
            yield span
            end = span.end
        if end < len(self.text):
            yield Span(end, len(self.text))

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1, of an offset in code points (0 to the text's length; CR LF counts
        two).

        Raises ``ValueError`` for an offset outside the text.
        """
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is outside the text (0 to {len(self.text)})")
        number = bisect_right(self._line_starts, offset)
        return number, offset - self._line_starts[number - 1] + 1

    def line(self, offset: int) -> str:
        """Return the line that holds the offset, without its line end."""
        number, _ = self.position(offset)
        return self._raw_line(number - 1).of(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def _raw_line(self, index: int) -> Span:
        starts = self._line_starts
        start, end = starts[index], (*starts[index + 1 : index + 2], len(self.text))[0]
        return Span(start, start + len(self.text[start:end].rstrip("\r\n")))

    def _line_of(self, span: Span) -> Span:
        line = self._raw_line(self.position(span.start)[0] - 1)
        return _trim(self.text, line.start + (line.start == 0 and self.text[:1] == "\ufeff"), line.end)


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
    lines = [*_lines(text)]
    first = next((i for i, line in enumerate(lines) if line.start < line.end), None)
    if first is None:
        raise InputError(
            "the file is empty", file=file, hint="an article begins with a line like `= Title =`"
        )
    title = _heading(text, lines[first])
    if title is None or title[0] != 1:
        hint = "the first line must be `= Title =`"
        if file is not None and plain_suffix(file) in _OF_RDF:
            hint += "; RDF is for lodkit validate, query, export and load"
        raise InputError("no title line", file=file, line=first + 1, column=1, hint=hint)
    name, fields, rest = _infobox(text, lines, first + 1, title[1])
    sections, blocks = _body(text, lines[rest:], _Splitter(text, frozenset(abbreviations)))
    return Article(
        text, title[1], name, fields, sections, blocks, file, hashlib.sha256(text.encode()).hexdigest()
    )


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


_OF_RDF = frozenset({".ttl", ".trig", ".nt", ".nq", ".jsonld", ".json", ".rdf", ".owl", ".xml"})
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
        ends = [match.end() for match in _LINE_END.finditer(text, 0, found.start())]
        column = found.start() - (ends[-1] if ends else 0) + 1
        what = "a NUL character" if found.group() == "\0" else f"a lone surrogate U+{ord(found.group()):04X}"
        raise InputError(
            f"the text holds {what}", file=file, line=len(ends) + 1, column=column, hint="remove it"
        )


def _trim(text: str, start: int, end: int) -> Span:
    """The stretch without surrounding white space; an empty span at its end where it is nothing else."""
    words = text[start:end]
    tail = words.rstrip()
    if not tail:
        return Span(end, end)
    return Span(start + len(tail) - len(tail.lstrip()), start + len(tail))


def _lines(text: str) -> Iterator[Span]:
    """Each line without its line end and surrounding white space; a BOM before the first is left out."""
    start = 1 if text[:1] == "\ufeff" else 0
    for match in _LINE_END.finditer(text):
        yield _trim(text, start, match.start())
        start = match.end()
    yield _trim(text, start, len(text))


def _heading(text: str, line: Span) -> tuple[int, Span] | None:
    """Level and title of ``== Title ==``: the lesser run of equals signs counts, at most six."""
    words = line.of(text)
    if words[:1] != "=" or words[-1:] != "=" or not words.strip("="):
        return None
    left, right = len(words) - len(words.lstrip("=")), len(words) - len(words.rstrip("="))
    level = min(left, right, _DEEPEST)
    title = _trim(text, line.start + level, line.end - level)
    return (level, title) if title.start < title.end else None


def _field(text: str, line: Span) -> Field | None:
    """The row on a line that begins with ``-``; a row without a colon is all key."""
    marker = _MARKER.match(text, line.start, line.end)
    if not marker or text[line.start] != "-":
        return None
    colon = _KEY_END.search(text, marker.end(), line.end)
    key_end, value_start = colon.span() if colon else (line.end, line.end)
    return Field(_trim(text, marker.end(), key_end), _trim(text, value_start, line.end), line)


def _infobox(
    text: str, lines: list[Span], start: int, title: Span
) -> tuple[Span | None, tuple[Field, ...], int]:
    """Name and rows of the infobox, and the index of the line after it."""
    at = next((i for i in range(start, len(lines)) if lines[i].start < lines[i].end), len(lines))
    if at == len(lines) or _heading(text, lines[at]) or _MARKER.match(text, lines[at].start, lines[at].end):
        return None, (), at
    fields: list[Field] = []
    for line in lines[at + 1 :]:
        row = _field(text, line)
        if row is None:
            break
        fields.append(row)
    name = lines[at]
    if not fields:
        bare = name.of(text) == title.of(text)
        return (name, (), at + 1) if bare else (None, (), at)
    if text[name.end - 1] in ":;," or not _KEY_END.search(text, fields[0].span.start, fields[0].span.end):
        return None, (), at  # a sentence with its list
    return name, tuple(fields), at + 1 + len(fields)


def _body(text: str, lines: list[Span], splitter: _Splitter) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    headings: list[tuple[int, Span, int]] = []
    blocks: list[Block] = []
    paragraph: Span | None = None
    for line in [*lines, Span(len(text), len(text))]:
        heading = _heading(text, line)
        marker = _MARKER.match(text, line.start, line.end)
        section = len(headings) - 1 if headings else None
        if paragraph and (heading or marker or line.start == line.end):
            blocks.append(Block("paragraph", paragraph, section, tuple(splitter.sentences(paragraph))))
            paragraph = None
        if heading:
            headings.append((*heading, line.start))
        elif marker:
            blocks.append(
                Block("item", line, section, tuple(splitter.sentences(_trim(text, marker.end(), line.end))))
            )
        elif line.start < line.end:
            paragraph = paragraph.cover(line) if paragraph else line
    return tuple(_sections(headings, len(text))), tuple(blocks)


def _sections(headings: list[tuple[int, Span, int]], end: int) -> Iterator[Section]:
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


@dataclass(frozen=True, slots=True)
class _Splitter:
    """Cuts paragraphs into sentences by rule; where the text is ambiguous it does not cut."""

    text: str
    abbreviations: frozenset[str]

    def sentences(self, block: Span) -> Iterator[Span]:
        """Yield the block's sentences without surrounding white space; none for an empty block."""
        start = block.start
        asides = _asides(self.text, block)
        for stop in _STOP.finditer(self.text, block.start, block.end):
            begin = _trim(self.text, stop.end(), min(block.end, stop.end() + _LONGEST_ASIDE)).start
            if self._ends(start, stop) and self._begins(begin, block.end) and not _inside(asides, stop.end()):
                yield Span(start, stop.end())
                start = begin
        if start < block.end:
            yield Span(start, block.end)

    def _begins(self, at: int, end: int) -> bool:
        """Whether a sentence may begin here: a capital, a digit or a letter without case, after opening
        quotes or brackets.
        """
        words = self.text[at : min(at + 4, end)].lstrip(_OPENING)
        return bool(words) and words[0].isalnum() and not words[0].islower()

    def _ends(self, start: int, stop: re.Match[str]) -> bool:
        """Whether the stop ends a sentence, rather than an abbreviation, initials or the number of a list."""
        if stop.group().rstrip("\"'’”»)]") != ".":
            return True
        at = max(start, stop.start() - _LONGEST_TOKEN)
        token = self.text[at : stop.start()].rsplit(maxsplit=1)[-1:] or [""]
        word = token[0].lstrip(_OPENING)
        if word.lower() in self.abbreviations or word.rpartition("-")[2].lower() in self.abbreviations:
            return False
        if word.isdecimal() and stop.start() - len(word) == start:
            return False
        return not (_INITIALS.fullmatch(word) and (len(word) > 1 or word.isupper()))


def _asides(text: str, block: Span) -> list[Span]:
    """The outermost bracketed stretches shorter than 200 code points, in order."""
    open_: list[int] = []
    found: list[Span] = []
    for match in _BRACKET.finditer(text, block.start, block.end):
        if match.group() in "([":
            open_.append(match.start())
        elif open_:
            span = Span(open_.pop(), match.end())
            if span.end - span.start < _LONGEST_ASIDE:
                while found and found[-1].start > span.start:
                    found.pop()
                found.append(span)
    return found


def _inside(asides: list[Span], offset: int) -> bool:
    at = bisect_right(asides, offset, key=lambda span: span.start) - 1
    return at >= 0 and offset < asides[at].end

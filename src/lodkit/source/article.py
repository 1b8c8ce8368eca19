"""An article as any reader gives it: the text that people read, with a span for everything in it, and the way
back to the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING

from ..statement import Span
from .positions import SourceMap, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cells import Cell, Link


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


@dataclass(frozen=True, slots=True)
class Template:
    """An infobox: its name as it is written, at ``span``; ``section`` counts the headings before it.

    ``parent`` indexes ``Article.templates`` where it stands in another one, in the row with ``key``.
    """

    name: str
    span: Span
    section: int = 0
    parent: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference: where it is attached (an empty span), its words, and what a template says of it, such as
    title and url.

    Where it says that stands in the file from ``begin`` to ``until``. A note is words of the page itself.
    """

    span: Span
    words: str
    fields: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    begin: int = 0
    until: int = 0
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: the name of its file, without a namespace, and its caption's words."""

    file: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """What a page says beside its text: ``kind`` is category, coordinates or identifier, ``name`` the rule
    that has its scheme; its words stand at ``span``, below the text.
    """

    kind: str
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Degrees north and east; ``span`` is where the text has them, empty where it shows none."""

    latitude: float
    longitude: float
    span: Span


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader left out and how often: ``kind`` is template (one of unknown meaning), markup (what is
    not closed), element, reference (a name that none has) or table; ``offset`` is where in the file the first
    one stands.
    """

    kind: str
    words: str
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article comes from: ``form`` is the name of the reader, ``digest`` the SHA-256 (hex) of the
    file's text in UTF-8, that is, of its bytes when decompressed; of a file of several pages, or of JSON, of
    the page's text. ``revision``, ``licence`` and ``url`` are what the file says of the page.
    """

    file: str | None = None
    form: str = "plain"
    digest: str = ""
    revision: str | None = None
    licence: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Article:
    """An article as read; ``map`` leads from its text to the file's, which for plain text is the same."""

    text: str
    title: Span
    infobox_name: Span | None
    cells: tuple[Cell, ...]
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    map: SourceMap = field(repr=False)
    origin: Origin = Origin()
    language: str | None = None
    templates: tuple[Template, ...] = ()
    links: tuple[Link, ...] = ()
    citations: tuple[Citation, ...] = ()
    images: tuple[Image, ...] = ()
    coordinates: tuple[Coordinates, ...] = ()
    categories: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()
    redirect: str | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def name(self) -> str:
        """The title's words."""
        return self.title.of(self.text)

    @property
    def file(self) -> str | None:
        """The file's name as it was given."""
        return self.origin.file

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) of the file's text in UTF-8."""
        return self.origin.digest

    def pieces(self) -> Iterator[Span]:
        """Yield the title line, rows, headings, blocks and the white space between them, in order; joined
        they are the text.
        """
        name = [self.infobox_name] if self.infobox_name and not self.templates else []
        rows = sorted([*name, *(one.span for one in self.templates), *(cell.span for cell in self.cells)])
        solid = merge(
            [self._line_of(self.title), *rows],
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
        """Return line and column in the file, from 1, of an offset in the text (code points, 0 to the text's
        length; CR LF counts two).

        Raises ``ValueError`` for an offset outside the text.
        """
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is outside the text (0 to {len(self.text)})")
        return self.map.position(offset)

    def line(self, offset: int) -> str:
        """Return the line of the source that holds the offset of the text, without its line end."""
        origin = self.map.origin(Span(offset, offset)).start
        return self.map.line_of(origin).of(self.map.source)

    @cached_property
    def _lines(self) -> SourceMap:
        """The lines of the text itself."""
        return self.map if not self.map.runs else SourceMap(self.text)

    def _line_of(self, span: Span) -> Span:
        line = self._lines.raw_line(self._lines.place(span.start)[0] - 1)
        return trimmed(self.text, line.start + (line.start == 0 and self.text[:1] == "\ufeff"), line.end)

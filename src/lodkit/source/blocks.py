"""The headings, paragraphs and list items of an article while they are written on a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..statement import Span
from .article import Block
from .positions import trimmed

if TYPE_CHECKING:
    from .sentences import Splitter
    from .sheet import Sheet


class Blocks:
    """Writes one block after the other; ``kind`` is paragraph, item or heading, empty between two.

    ``headings`` have their level, the span of their words, and where in the text their line begins.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.headings: list[tuple[int, Span, int]] = []
        self.kind = ""
        self._level = 0
        self._blocks: list[tuple[str, Span, int | None, Span]] = []

    def open_heading(self, level: int, at: int) -> None:
        """Begin a heading; ``at`` is where in the file it stands."""
        self.close()
        self.kind, self._level = "heading", level
        lead = f"\n{'=' * level} "
        self.sheet.open((lead, at, at), inside=len(lead) - 1)

    def open_item(self, begin: int, until: int) -> None:
        """Begin a list item, whose marker stands at a stretch of the file."""
        self.close()
        self.kind = "item"
        self.sheet.open(("- ", begin, until), inside=2)

    def open_paragraph(self, at: int) -> None:
        """Begin a paragraph; ``at`` is where in the file it stands."""
        self.kind = "paragraph"
        self.sheet.open(("" if self._follows_heading() else "\n", at, at))

    def _follows_heading(self) -> bool:
        ends = self._blocks[-1][1].end if self._blocks else 0
        return bool(self.headings) and self.headings[-1][1].start > ends

    def close(self) -> None:
        """End a block, if it has words."""
        if self.kind == "heading":
            self.close_heading(self.sheet.origin)
            return
        kind, self.kind = self.kind, ""
        if not (kind and self.sheet.is_open):
            self.sheet.drop()
            return
        words = self._words()
        section = len(self.headings) - 1 if self.headings else None
        if words.start < words.end:
            self._blocks.append((kind, Span(self.sheet.opened, words.end), section, words))
        self.sheet.layout("\n", self.sheet.origin)

    def close_heading(self, at: int) -> None:
        """End a heading, if one is open and has words; ``at`` is where in the file its line ends."""
        if self.kind == "heading" and self.sheet.is_open:
            self.headings.append((self._level, self._words(), self.sheet.opened))
            self.sheet.layout(f" {'=' * self._level}\n", at)
        self.kind = ""
        self.sheet.drop()

    def _words(self) -> Span:
        """The words of the block that is open, without the blanks around them."""
        start = self.sheet.begun
        words = trimmed(self.sheet.tail(start), 0, self.sheet.length - start)
        return Span(start + words.start, start + words.end)

    def split(self, splitter: Splitter) -> tuple[Block, ...]:
        """Return the blocks with their sentences."""
        return tuple(
            Block(kind, span, section, tuple(splitter.sentences(words)))
            for kind, span, section, words in self._blocks
        )

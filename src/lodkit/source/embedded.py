"""A page that a file holds in another notation, as text of XML or a string of JSON: its text, and where each
stretch of it stands in the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .positions import Anchor

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a file: ``form`` tells whose reader its text goes to, ``redirect`` to which page it leads.

    ``line`` is where its text begins in the file; ``meta`` is what the file says of it, by the names of
    `lodkit.source.Origin` and ``language``.
    """

    title: str
    text: str
    anchors: tuple[Anchor, ...]
    form: str = "wikitext"
    redirect: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> int:
        """The line of the file, from 1, that the text begins in."""
        return self.anchors[0].line if self.anchors else 1


class Collector:
    """Puts a text together of the pieces that a parser gives, and keeps an anchor wherever the next piece
    does not stand where the one before it ends.
    """

    def __init__(self) -> None:
        self.length = 0
        self._parts: list[str] = []
        self._anchors: list[Anchor] = []
        self._line = self._column = 0

    def add(self, words: str, line: int, column: int) -> None:
        """Add a piece that begins in a line and column of the file, from 1."""
        if (line, column) != (self._line, self._column):
            self._anchors.append(Anchor(self.length, line, column))
        self._parts.append(words)
        self.length += len(words)
        breaks = words.count("\n")
        self._line = line + breaks
        self._column = len(words) - words.rfind("\n") if breaks else column + len(words)

    @property
    def text(self) -> str:
        """All pieces."""
        return "".join(self._parts)

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Where they stand."""
        return tuple(self._anchors)

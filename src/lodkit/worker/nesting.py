"""A bound on how deep data stand in themselves, checked while they are read: the engine's parsers recurse."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from ..errors import LimitError

DEEPEST = 200
"""How deep things may stand in each other. Of JSON-LD, the engine's time grows with the square of it."""


class Readable(Protocol):
    """A binary file."""

    def read(self, size: int = -1, /) -> bytes: ...


class Marks(NamedTuple):
    """What opens and closes in a format, and the expression for that, quotation marks and what is escaped.

    ``line_end`` ends everything that is open.
    """

    what: str
    expression: re.Pattern[bytes]
    opening: frozenset[bytes]
    closing: frozenset[bytes]
    line_end: bytes | None = None


JSON = Marks(
    "objects and arrays",
    re.compile(rb'\\.|["{}\[\]]', re.DOTALL),
    frozenset({b"{", b"["}),
    frozenset({b"}", b"]"}),
)
LINES = Marks(
    "triples",
    re.compile(rb'\\.|["\n]|<<|>>', re.DOTALL),
    frozenset({b"<<"}),
    frozenset({b">>"}),
    line_end=b"\n",
)
"""Of N-Triples and N-Quads, where triples are terms (RDF 1.2)."""


class NestingGuard:
    """A binary file that refuses to be read where things stand too deep in each other."""

    def __init__(self, source: Readable, marks: Marks) -> None:
        self._source = source
        self._marks = marks
        self._depth = 0
        self._in_string = False
        self._carried = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes.

        Raises:
            LimitError: things stand too deep in each other.
        """
        data = self._source.read(size)
        self._look_at(self._carried + data)
        return data

    def _look_at(self, text: bytes) -> None:
        marks, end = self._marks, 0
        if marks.line_end and not any(mark in text for mark in marks.opening):
            # Nothing opens here: all that matters to what comes is what follows the last end of a line.
            end = text.rfind(marks.line_end) + 1
            self._close_all(end > 0)
        for found in marks.expression.finditer(text, end):
            self._take(found[0])
            end = found.end()
        # The first byte of a mark of two may be the last that has come.
        self._carried = text[-1:] if end < len(text) and text[-1:] in (b"\\", b"<", b">") else b""

    def _take(self, mark: bytes) -> None:
        if mark == self._marks.line_end:
            self._close_all(True)
        elif mark == b'"':
            self._in_string = not self._in_string
        elif not self._in_string:
            self._depth += (mark in self._marks.opening) - (mark in self._marks.closing)
            if self._depth > DEEPEST:
                raise LimitError(f"{self._marks.what} stand more than {DEEPEST} deep in each other")

    def _close_all(self, is_line_end: bool) -> None:
        if is_line_end:
            self._depth, self._in_string = 0, False

"""Where the words of an article stand in the user's file: offsets, lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..statement import Span

# Only these end a line. U+2028, U+0085 and their kind, which str.splitlines also takes, are white space
# inside one.
LINE_END = re.compile(r"\r\n?|\n")


class Run(NamedTuple):
    """A stretch of the text, from ``start`` to ``end``, and that of the file which it was made of.

    What is ``copied`` stands so in the file, code point by code point; anything else came of the whole
    stretch of the file, which is empty where the reader put the words there.
    """

    start: int
    end: int
    begin: int
    until: int
    copied: bool


@dataclass(frozen=True)
class SourceMap:
    """The file's text, and which stretch of it each stretch of the article's text came from.

    ``runs`` follow each other in the article's text and leave nothing out; without any, the two texts are
    one.
    """

    source: str
    runs: tuple[Run, ...] = ()

    def origin(self, span: Span) -> Span:
        """Return the stretch of the file that a stretch of the article's text came from: all of what was made
        as a whole, also where the span holds a part of it.
        """
        if not self.runs:
            return span
        first = self._run_at(span.start)
        begin = first.begin + (span.start - first.start if first.copied else 0)
        if span.start == span.end:
            return Span(begin, begin)
        at, until = bisect_right(self._starts, span.end - 1) - 1, begin
        first_at = bisect_right(self._starts, span.start) - 1
        for run in self.runs[first_at : at + 1]:  # a box may stand elsewhere in the file than in the text
            if run.begin < run.until:
                begin = min(begin, run.begin) if run is not first else begin
                until = max(until, run.until)
        last = self.runs[at]
        if last.copied and until == last.until:
            until = last.begin + span.end - last.start
        return Span(begin, max(begin, until))

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column in the file, from 1, of an offset in the article's text (code points; CR LF
        counts two).
        """
        return self.place(self.origin(Span(offset, offset)).start)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1, of an offset in the file."""
        number = bisect_right(self._line_starts, offset)
        return number, offset - self._line_starts[number - 1] + 1

    def raw_line(self, index: int) -> Span:
        """Return a line of the file without its line end; lines count from 0."""
        starts = self._line_starts
        start, end = starts[index], (*starts[index + 1 : index + 2], len(self.source))[0]
        return Span(start, start + len(self.source[start:end].rstrip("\r\n")))

    def _run_at(self, offset: int) -> Run:
        return self.runs[max(0, bisect_right(self._starts, offset) - 1)]

    @cached_property
    def _starts(self) -> list[int]:
        return [run.start for run in self.runs]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in LINE_END.finditer(self.source))]


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the stretch without surrounding white space; an empty span at its end where it is nothing
    else.
    """
    words = text[start:end]
    tail = words.rstrip()
    if not tail:
        return Span(end, end)
    return Span(start + len(tail) - len(tail.lstrip()), start + len(tail))

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


class Whole(NamedTuple):
    """A stretch of the file that is one construct, such as a link or a template, or one ``piece`` of it, such
    as an argument.
    """

    begin: int
    until: int
    is_piece: bool = False


class Anchor(NamedTuple):
    """Where a character of a page stands in a file that holds the page in another notation: line and column,
    from 1. What follows stands after it, a line of the page a line of the file, up to the next anchor.
    """

    offset: int
    line: int
    column: int


@dataclass(frozen=True)
class SourceMap:
    """The file's text, and which stretch of it each stretch of the article's text came from.

    ``runs`` follow each other in the article's text and leave nothing out; without any, the two texts are
    one. ``wholes`` are the file's constructs, each before those inside it. Where the file holds the page as
    text of XML or a string of JSON, ``source`` is the page, offsets are those in it, and ``anchors`` lead to
    lines and columns of the file.
    """

    source: str
    runs: tuple[Run, ...] = ()
    wholes: tuple[Whole, ...] = ()
    anchors: tuple[Anchor, ...] = ()

    def origin(self, span: Span) -> Span:
        """Return the stretch of the file that a stretch of the article's text came from: of what was made as
        a whole all, and so of a construct that the stretch begins or ends in the middle of.
        """
        if not self.runs:
            return span
        first, last = self._run_at(span.start), self._run_at(max(span.start, span.end - 1))
        begin = self.runs[first].begin
        begin += span.start - self.runs[first].start if self.runs[first].copied else 0
        if span.start == span.end:
            return Span(begin, begin)
        run = self.runs[last]
        until = run.begin + span.end - run.start if run.copied else run.until
        covered = [one for one in self.runs[first + 1 : last] if one.begin < one.until]
        begin = min([begin, *(one.begin for one in covered)])
        until = max([begin, until, *(one.until for one in covered)])
        return self._whole(begin, until)

    def _whole(self, begin: int, until: int) -> Span:
        """A stretch of the file with all of what it cuts."""
        if begin == until:
            return Span(begin, until)
        before, after = self._around(begin), self._around(until - 1)
        shared = [one for one, other in zip(before, after, strict=False) if one == other]
        if shared and not self.wholes[shared[-1]].is_piece and len(shared) < max(len(before), len(after)):
            whole = self.wholes[shared[-1]]  # it goes over several pieces
            return Span(min(begin, whole.begin), max(until, whole.until))
        cut = [self.wholes[chain[len(shared)]] for chain in (before, after) if len(chain) > len(shared)]
        return Span(min([begin, *(one.begin for one in cut)]), max([until, *(one.until for one in cut)]))

    def _around(self, offset: int) -> list[int]:
        """The constructs around an offset in the file, the outermost first."""
        at: int | None = bisect_right(self._begins, offset) - 1
        found: list[int] = []
        while at is not None and at >= 0:
            if offset < self.wholes[at].until:
                found.append(at)
            at = self._holders[at]
        return found[::-1]

    @cached_property
    def _begins(self) -> list[int]:
        return [one.begin for one in self.wholes]

    @cached_property
    def _holders(self) -> list[int | None]:
        """The construct that each stands in."""
        found: list[int | None] = []
        open_: list[int] = []
        for number, one in enumerate(self.wholes):
            while open_ and self.wholes[open_[-1]].until <= one.begin:
                open_.pop()
            found.append(open_[-1] if open_ else None)
            open_.append(number)
        return found

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column in the file, from 1, of an offset in the article's text (code points; CR LF
        counts two).
        """
        return self.place(self.origin(Span(offset, offset)).start)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column in the file, from 1, of an offset in the source."""
        number, column = self._own_place(offset)
        if not self.anchors:
            return number, column
        anchor = self.anchors[max(0, bisect_right(self._anchored, offset) - 1)]
        first, _ = self._own_place(anchor.offset)
        if number == first:
            return anchor.line, anchor.column + offset - anchor.offset
        return anchor.line + number - first, column

    def line_of(self, offset: int) -> Span:
        """Return the line of the source that an offset in it lies in, without its line end."""
        number, _ = self._own_place(offset)
        return self.raw_line(number - 1)

    def _own_place(self, offset: int) -> tuple[int, int]:
        number = bisect_right(self._line_starts, offset)
        return number, offset - self._line_starts[number - 1] + 1

    def raw_line(self, index: int) -> Span:
        """Return a line of the file without its line end; lines count from 0."""
        starts = self._line_starts
        start, end = starts[index], (*starts[index + 1 : index + 2], len(self.source))[0]
        return Span(start, start + len(self.source[start:end].rstrip("\r\n")))

    def _run_at(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    @cached_property
    def _starts(self) -> list[int]:
        return [run.start for run in self.runs]

    @cached_property
    def _anchored(self) -> list[int]:
        return [anchor.offset for anchor in self.anchors]

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

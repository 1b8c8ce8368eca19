"""Paragraphs cut into sentences by rule."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..statement import Span
from .positions import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A run of terminators, closing quotes and brackets, then white space. Possessive throughout, and tried once a
# run: linear.
_STOP = re.compile(r"(?<![.!?])[.!?]++[\"'’”»)\]]*+(?=\s)")
_OPENING = "\"'‘“«([„"
_BRACKET = re.compile(r"[()\[\]]")
_LONGEST_ASIDE = 200
_LONGEST_TOKEN = 40
_INITIALS = re.compile(r"(?:[^\W\d_][.-]{1,2})*[^\W\d_]")  # J · U.S · J.-P


@dataclass(frozen=True, slots=True)
class Splitter:
    """Cuts paragraphs into sentences by rule; where the text is ambiguous it does not cut.

    ``solid`` are stretches that are never cut, such as the words of links, in order.
    """

    text: str
    abbreviations: frozenset[str]
    solid: tuple[Span, ...] = ()

    def sentences(self, block: Span) -> Iterator[Span]:
        """Yield the block's sentences without surrounding white space; none for an empty block."""
        start = block.start
        asides = _asides(self.text, block)
        for stop in _STOP.finditer(self.text, block.start, block.end):
            begin = trimmed(self.text, stop.end(), min(block.end, stop.end() + _LONGEST_ASIDE)).start
            is_stop = self._ends(start, stop) and self._begins(begin, block.end)
            if is_stop and not (_inside(asides, stop.end()) or _inside(self.solid, stop.end())):
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


def _inside(asides: Sequence[Span], offset: int) -> bool:
    at = bisect_right(asides, offset, key=lambda span: span.start) - 1
    return at >= 0 and offset < asides[at].end

"""A sentence as words with their places in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from ..statement import Span

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W\d_]\.(?=\s[^\W\d_])"  # an initial
    r"|\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?\b"
    r"|['’]s\b"
    r"|[^\W\d_]+(?:[-‐‑–'’&][^\W_]+)*"
    r"|[^\W_]+"
    r"|\S"
)


class Sentence:
    """The tokens of one stretch of text: ``words`` as written, ``low`` in lower case, and where each starts
    and ends.
    """

    __slots__ = ("ends", "low", "span", "starts", "text", "words")

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in _pieces(text, span):
            self.starts.append(start)
            self.ends.append(end)
            self.words.append(text[start:end])
        self.low = [word.lower().replace("’", "'") for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def cover(self, first: int, last: int) -> Span:
        """Return the span of the tokens from ``first`` up to, not including, ``last``."""
        return Span(self.starts[first], self.ends[last - 1])

    def words_of(self, first: int, last: int) -> str:
        """Return the text of the tokens from ``first`` up to, not including, ``last``."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def index_at(self, offset: int) -> int:
        """Return the first token that ends after the offset."""
        return bisect_right(self.ends, offset)


def _pieces(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """Token bounds; a possessive ``'s`` is a token of its own."""
    for match in _TOKEN.finditer(text, span.start, span.end):
        start, end = match.span()
        if end - start > 2 and text[end - 1] == "s" and text[end - 2] in "'’":
            yield start, end - 2
            yield end - 2, end
        else:
            yield start, end

"""Marks and characters that are no part of what is said, though they stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..statement import Span
from .dates import alternatives

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Soft hyphens, zero-width spaces and marks of direction; zero-width joiners are part of some scripts."""

_BLANKS = re.compile("[\u00a0\u202f ]{2,}|[\u00a0\u202f]")


def visible(words: str) -> str:
    """Return words as a reader sees them: no characters that show nothing, one blank for several.

    >>> visible("Ada\u00a0 Lu\u00adnd")
    'Ada Lund'
    """
    return _BLANKS.sub(" ", _INVISIBLE.sub("", words))


def without_marks(text: str, spans: Iterable[Span], words: frozenset[str]) -> str:
    """Return a text of the same length with blanks for the marks of footnotes in some spans.

    ``words`` are those that stand in square brackets as such marks, in lower case.

    >>> without_marks("Ada Lund[2]†, Bo Ek", [Span(0, 19)], frozenset())
    'Ada Lund    , Bo Ek'
    """
    mark = re.compile(
        rf"\[(?:[0-9]{{1,3}}|[a-z]{{1,2}}|(?:{alternatives(words)})(?: ?[0-9]{{1,3}})?)\]|[†‡]", re.IGNORECASE
    )
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start], mark.sub(_blank, text[span.start : span.end])]
        at = span.end
    return "".join([*pieces, text[at:]])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())

"""The items of a row, cut where its source separates them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..statement import Span
from .cells import Item, Link, Note, Part, Qualifier, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .sheet import Sheet

_ASIDE = re.compile(r"\(([^()]*)\)")
_AROUND = " ,;"
_MOST_PARTS = 16  # to which brackets on lines of their own are added


class Row:
    """What is collected of a row while it is written; ``files`` are the names of its pictures, and where they
    are called.
    """

    def __init__(self, start: int) -> None:
        self.items: list[Item] = []
        self.files: list[tuple[str, int, int]] = []
        self.language: str | None = None
        self._start = start
        self._parts: list[Part] = []

    def add(self, part: Part) -> None:
        """Add a part that the source tells from plain words."""
        self._parts.append(part)

    def qualify(self, sheet: Sheet, start: int) -> None:
        """What was written since an offset is a qualifier; brackets around it are none of its words."""
        words = sheet.tail(start)
        plain = words.strip(" ()")
        if plain:
            begin = start + words.index(plain)
            self.add(Qualifier(Span(begin, begin + len(plain))))

    def separate(self, sheet: Sheet, begin: int, until: int) -> None:
        """End an item; a comma will stand between it and the next."""
        self.end_item(sheet)
        if self.items and sheet.length > self._start:
            sheet.separate(" " if sheet.last in ",;:" else ", ", begin, until)
        self._start = sheet.length

    def end_item(self, sheet: Sheet) -> None:
        """End the last item."""
        begin = max(self._start, sheet.begun)
        words = sheet.tail(begin) if sheet.is_open else ""
        plain = words.strip(_AROUND)
        if plain:
            start = begin + words.index(plain)
            span = Span(start, start + len(plain))
            self._add_item(Item(span, tuple(_in_order(plain, span, self._parts)), self.language), plain)
        self._parts, self.language = [], None

    def _add_item(self, item: Item, words: str) -> None:
        """Add an item; one that is all in brackets says something of the one before it."""
        inner = words[1:-1]
        is_aside = words[0] == "(" and words[-1] == ")" and not set(inner) & {"(", ")"}
        if is_aside and self.items and len(self.items[-1].parts) < _MOST_PARTS:
            before = self.items.pop()
            aside = Qualifier(_bare(words, item.span.start, 1, len(words) - 1))
            item = Item(before.span.cover(item.span), (*before.parts, aside), before.language)
        self.items.append(item)

    def structured(self) -> tuple[Item, ...]:
        """Return the items, none where the source says no more than the words do."""
        telling = any(not isinstance(part, Words | Note) for item in self.items for part in item.parts)
        has_language = any(item.language for item in self.items)
        return tuple(self.items) if len(self.items) > 1 or telling or has_language else ()


def _in_order(text: str, span: Span, parts: list[Part]) -> list[Part]:
    """The parts of an item in order, brackets among them, and the words between them."""
    inside = [
        one
        for one in parts
        if span.holds(one.span)
        and not (isinstance(one, Qualifier) and one.span == span)  # an item set small as a whole
    ]
    solid = [one.span for one in inside if isinstance(one, Link)]
    asides = map(Qualifier, _asides(text, span.start, solid))
    found: list[Part] = []
    end = span.start
    for one in sorted([*inside, *asides], key=lambda part: (part.span.start, -part.span.end)):
        if one.span.start < end:
            continue  # inside another one
        _words(found, text, span.start, end, one.span.start)
        found.append(one)
        end = max(end, one.span.end)
    _words(found, text, span.start, end, span.end)
    return found


def _asides(text: str, origin: int, solid: list[Span]) -> Iterator[Span]:
    """The words in brackets, but for those that are in the words of a link."""
    for match in _ASIDE.finditer(text):
        start, end = origin + match.start(), origin + match.end()
        cut = (one for one in solid if one.start < end and start < one.end)
        if match[1].strip() and all(start <= one.start and one.end <= end for one in cut):
            yield _bare(text, origin, match.start(1), match.end(1))


def _words(found: list[Part], text: str, origin: int, start: int, end: int) -> None:
    words = text[start - origin : end - origin]
    begin, until = len(words) - len(words.lstrip(" )")), len(words.rstrip(" ("))  # of brackets around others
    if begin < until:
        found.append(Words(Span(start + begin, start + until)))


def _bare(text: str, origin: int, start: int, end: int) -> Span:
    words = text[start:end]
    plain = words.strip()
    begin = origin + start + (len(words) - len(words.lstrip()))
    return Span(begin, begin + len(plain))

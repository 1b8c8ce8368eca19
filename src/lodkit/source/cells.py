"""What an infobox row holds, as its source structures it: items, and in them words, links, values, what
qualifies them, and notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..statement import Span


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words."""

    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    """Words that link somewhere: ``target`` is a page's title, without a section, or an address.

    ``kind`` is page, section (of the page itself), file, category, interwiki or external.
    """

    span: Span
    target: str
    kind: str = "page"


@dataclass(frozen=True, slots=True)
class Value:
    """Words whose value the source gives: ``kind`` is date, quantity, coordinates, address or number.

    ``lexical`` is the lexical form in ``datatype``, ``unit`` the words of a unit or currency.
    """

    span: Span
    kind: str
    lexical: str
    datatype: str = ""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Words in brackets, or that the source sets small, without the brackets: they say something of what is
    before them.
    """

    span: Span


@dataclass(frozen=True, slots=True)
class Note:
    """Where a note or a reference is attached: an empty span; ``citation`` indexes ``Article.citations``."""

    span: Span
    citation: int | None = None


Part = Words | Link | Value | Qualifier | Note


@dataclass(frozen=True, slots=True)
class Item:
    """One of the values of a row, with its parts in order; ``language`` is a language tag (BCP 47)."""

    span: Span
    parts: tuple[Part, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """An infobox row. Spans exclude surrounding blanks; ``span`` is the row without its line end.

    ``items`` is empty where the source does not structure the value: the rules of values cut it. ``label`` is
    the key in words, ``number`` the counting number in it, ``box`` indexes ``Article.templates``.
    """

    key: Span
    value: Span
    span: Span
    items: tuple[Item, ...] = ()
    label: str = ""
    number: str | None = None
    box: int | None = None

"""What stands around the values of an infobox row: labels, left-over markup, postcodes, ranges, and what the
words after a date say.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ..statement import Span
from .values import Part

_LABEL = re.compile(r"(?P<label>[^:\"“«()]{1,60}?)\s*(?:\([^()]*\))?:(?=\s|$)\s*")
_TEMPLATES = (
    *(
        "lang",
        "sfn",
        "sfnp",
        "efn",
        "color box",
        "colorbox",
        "colour box",
        "colourbox",
        "legend",
        "small",
        "nowrap",
        "nobold",
        "ubl",
    ),
    *(
        "abbr",
        "unbulleted list",
        "plainlist",
        "flatlist",
        "hlist",
        "citation needed",
        "nbsp",
        "collapsible list",
        "url",
        "ref",
        "cite web",
    ),
)
_MARKUP = re.compile(
    rf"(?:tree ?list|(?:start|end) date|lang[ -])\b.*|(?:{'|'.join(_TEMPLATES)})", re.IGNORECASE
)
_DATE_MARKUP = re.compile(
    r"(?:(?:start|end) date(?: and (?:years? ago|age))?|start and end dates)\b(?:,? [0-9]+,)*(?:,? [0-9]+"
    r" (?=[0-9]))?[ ,]*",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"\[\[|\]\]|\{\{|\}\}|\{\||\|\}|</?[A-Za-z][^<>]{0,200}>")
_ENTITY_END = re.compile(r"&#?\w+$")
_LONGEST_ENTITY = 40
_POSTCODE_FIRST = re.compile(r"(?:[A-Z]{1,3}[ -]?)?(?:[0-9]{2}-[0-9]{3}|[0-9]{3,6}(?:[ -][0-9]{2,4})?)\.?\s+")
_POSTCODE_LAST = re.compile(r"\s+(?:[A-Z]{1,3}[ -]?)?[0-9][0-9 -]*\.?$")
_RANGE = re.compile(r"\s+(?:to|and)\s+|\s*/\s*")


def label_of(text: str, part: Part) -> tuple[str, Part]:
    """Return the label before a value, "Historical: …", and the part without it; an empty label where there
    is none.

    >>> label_of("Majority: agrarianism", Part(Span(0, 21)))[0]
    'Majority'
    """
    match = _LABEL.match(text, part.span.start, part.span.end)
    if match is None:
        return "", part
    return match["label"].strip(), Part(Span(match.end(), part.span.end), part.qualifiers)


def is_markup(words: str) -> bool:
    """Tell whether a value is the name of a template instead of a value."""
    return _MARKUP.fullmatch(words) is not None


def has_signs(words: str) -> bool:
    """Tell whether words hold brackets of links and templates, or tags."""
    return _SIGNS.search(words) is not None


def mend(text: str, parts: list[Part]) -> list[Part]:
    """Join parts that the semicolon of a character reference, ``&nbsp;``, has cut."""
    found: list[Part] = []
    for part in parts:
        before = found[-1].span if found else None
        tail = Span(max(before.start, before.end - _LONGEST_ENTITY), before.end).of(text) if before else ""
        if before and _ENTITY_END.search(tail) and text[before.end : before.end + 1] == ";":
            found[-1] = Part(before.cover(part.span), part.qualifiers)
        else:
            found.append(part)
    return found


def ends_of_range(text: str, part: Part, values: Collection[str]) -> list[Part]:
    """Return both ends of a range of listed values, "left-wing to far-left"; the part itself where it is
    none.
    """
    words = part.span.of(text)
    pieces: list[Span] = []
    at = 0
    for match in [*_RANGE.finditer(words), None]:
        end = match.start() if match else len(words)
        pieces.append(Span(part.span.start + at, part.span.start + end))
        at = match.end() if match else end
    if (
        words.lower() in values
        or len(pieces) > 2
        or not all(piece.of(text).lower() in values for piece in pieces)
    ):
        return [part]
    return [Part(pieces[0]), *(Part(piece, part.qualifiers) for piece in pieces[1:])]


def without_postcode(text: str, span: Span, first: bool) -> Span:
    """Return the span without the postcode or district number at its beginning or, unless the value's first
    part, at its end.
    """
    head = _POSTCODE_FIRST.match(text, span.start, span.end)
    start = head.end() if head else span.start
    words = text[start : span.end]
    tail = None if first else _POSTCODE_LAST.search(words)
    return Span(start, start + len((words[: tail.start()] if tail else words).rstrip(". –-")))


def date_span(text: str, span: Span) -> Span:
    """Return the span without the name and the arguments of a date template before the date."""
    match = _DATE_MARKUP.match(text, span.start, span.end)
    return Span(match.end(), span.end) if match and match.end() < span.end else span


def name_span(text: str, span: Span) -> Span:
    """Return a name without the quotes around it."""
    words = span.of(text)
    quoted = (
        len(words) > 2
        and words[0] in '"“«'
        and words[-1] in '"”»'
        and not any(c in '"“”«»' for c in words[1:-1])
    )
    return Span(span.start + 1, span.end - 1) if quoted else span


def unquoted(text: str, span: Span) -> Span:
    """Return a text without the quotes around it and the full stop inside them."""
    words = span.of(text)
    if len(words) > 2 and words[0] in '"“' and words[-1] in '"”' and not any(c in words[1:-1] for c in '"“”'):
        end = span.end - 1
        return Span(span.start + 1, end - (text[end - 1] == "."))
    return span


def is_list(text: str, parts: list[Part]) -> bool:
    """Tell whether texts separated by commas are a list: each begins with a capital, or there are many short
    ones.
    """
    words = [part.span.of(text).split() for part in parts]
    if len(parts) < 2 or not all(words):
        return False
    return all(w[0][0].isupper() for w in words) or (len(parts) > 2 and all(len(w) <= 5 for w in words))


def halves(text: str, part: Part, mark: str) -> list[Part]:
    """Return the parts on both sides of a mark that occurs once with blanks around it: a slash, *and*."""
    words, between = part.span.of(text), f" {mark} "
    if words.count(between) != 1:
        return [part]
    at = part.span.start + words.index(between)
    return [Part(Span(part.span.start, at)), Part(Span(at + len(between), part.span.end), part.qualifiers)]

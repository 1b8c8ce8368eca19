"""Read values: numbers in canonical form, lists with their qualifiers, language tags, and the dates of
``dates``.

Nothing here knows a domain; the names of months and languages and the words that belong to names come from
the caller.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from lodkit.statement import Span
from lodkit.xsd import EDTF, XSD

from .dates import DATE, YEAR, YEAR_MONTH, DateWords, Value, alternatives, find_dates, parse_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = [
    "DATE",
    "DECIMAL",
    "EDTF",
    "INTEGER",
    "YEAR",
    "YEAR_MONTH",
    "DateWords",
    "NumberWords",
    "Part",
    "Value",
    "find_dates",
    "language_tag",
    "parse_date",
    "parse_number",
    "split_list",
]

INTEGER, DECIMAL = XSD + "integer", XSD + "decimal"


# ---- numbers ----


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The words around numbers, in lower case; ``scales`` are powers of ten."""

    approximate: tuple[str, ...] = (
        *(
            "over",
            "about",
            "around",
            "approximately",
            "approx.",
            "nearly",
            "almost",
            "more than",
            "at least",
            "up to",
            "under",
        ),
        *(
            "fewer than",
            "less than",
            "some",
            "est.",
            "estimated",
            "circa",
            "ca.",
            "c.",
            "~",
            ">",
            "<",
            "≈",
            "±",
        ),
    )
    scales: tuple[tuple[str, int], ...] = (("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12))


NUMBER_WORDS = NumberWords()

_DIGITS = (
    r"(?P<sign>[-−+]?)(?P<whole>[0-9]{1,3}(?:[,\u00a0\u202f\u2009'][0-9]{3})+|[0-9]{1,30})"
    r"(?:\.(?P<fraction>[0-9]{1,30}))?"
)
# What shows that the digits are part of something else: a fraction, a ratio, a range, a share, an ill-formed
# group.
_NOT_ALONE = re.compile(r"\s?[/%–—:‰]|\s?-\s?[0-9]|[.,'][0-9]|\w|\s[0-9]|\s(?:to|or)\s[0-9]")


@lru_cache(maxsize=8)
def _number_pattern(words: NumberWords) -> re.Pattern[str]:
    scales = alternatives([name for name, _ in words.scales])
    lead = rf"\s*(?P<approximate>(?:(?:{alternatives(words.approximate)})\s*)*)"
    return re.compile(rf"{lead}{_DIGITS}(?:\s(?P<scale>{scales})\b)?(?P<more>\+?)", re.IGNORECASE)


def parse_number(text: str, words: NumberWords = NUMBER_WORDS) -> Value | None:
    """Return the number that a value begins with, as canonical ``xsd:integer`` or ``xsd:decimal``; ``note``
    holds the rest.

    Digits that belong to a range, ratio, share or ill-formed group have no lexical form. ``None`` without
    digits at the beginning.

    >>> parse_number("over 1.5 million (2014)").lexical
    '1500000'
    """
    match = _number_pattern(words).match(text)
    if match is None:
        return None
    end = match.end()
    exact = not (match["approximate"] or match["more"])
    first = next(at for at in range(match.end()) if not text[at].isspace())
    span = Span(first, end)
    if _NOT_ALONE.match(text, end) or (match["fraction"] == "000" and not match["scale"]):
        return Value(
            span, None, INTEGER, exact=exact, reason="the digits are part of something else than one number"
        )
    lexical = _canonical(match, dict(words.scales).get((match["scale"] or "").lower(), 0))
    return Value(
        span, lexical, DECIMAL if "." in lexical else INTEGER, note=text[end:].strip(" ,;\t\n"), exact=exact
    )


def _canonical(match: re.Match[str], scale: int) -> str:
    """The canonical mapping of XSD 1.1 part 2, without going through floats: ``1.50`` and 6 give
    ``1500000``.
    """
    whole, fraction = re.sub("[^0-9]", "", match["whole"]), match["fraction"] or ""
    shifted = fraction.ljust(scale, "0")
    whole, fraction = (whole + shifted[:scale]).lstrip("0") or "0", shifted[scale:].rstrip("0")
    number = f"{whole}.{fraction}" if fraction else whole
    return f"-{number}" if match["sign"] in {"-", "−"} and number != "0" else number


# ---- lists ----


@dataclass(frozen=True, slots=True)
class Part:
    """An item of a list and the contents of the brackets that follow it."""

    span: Span
    qualifiers: tuple[Span, ...] = ()


_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", "„": "“"}
_MARKS = re.compile(r"[()\[\]{}“”«»„\"]")
_SEPARATOR = re.compile(r",(?![0-9]{3}(?![0-9]))|;|\n")
_FULL_DATE = re.compile(r"[^\W\d_]+\.? [0-9]{1,2}$")
_YEAR_NEXT = re.compile(r"\s*[12][0-9]{3}(?![\w-])(?!\s[^\W\d_a-z])")
"""A year, and no postal code before the name of a city."""

_LONGEST_NAME = 3
_TAILS = ("others", "other")


def split_list(
    text: str,
    span: Span,
    kept: Collection[str] = (),
    *,
    conjunction: str = "and",
    heads: Collection[str] = (),
    solid: Collection[Span] = (),
) -> list[Part]:
    """Return the items of a value: cut at commas, semicolons and line ends outside brackets and quotes, and
    at a safe *and*.

    ``kept`` are lower-case words without their last dot that stay with what is before their comma (``jr``,
    ``inc``, ``d.c``), and
    names that hold an *and*. A comma in a number or in ``May 5, 1990`` does not cut. *and* cuts after a
    comma, after a bracket,
    between the last two words of a list of single words, and between two names of two or three capitalised
    words each, unless
    one alone ends in one of ``heads`` (lower-case class nouns: *Green Coast and Labour Party* is one name). A
    tail such as *and
    others* becomes a qualifier. What is ``solid`` is never cut. A place with its country is two items: the
    caller knows what they mean.

    >>> value = "Ada Lund (chair), B. Holm, Jr. and others"
    >>> [part.span.of(value) for part in split_list(value, Span(0, len(value)), {"jr"})]
    ['Ada Lund', 'B. Holm, Jr.']
    """
    closed = _protected(text, span)
    whole = _with_solid(closed, solid) if solid else closed
    items = _cut(text, span, whole, kept, conjunction)
    return list(_parts(text, items, whole, kept, conjunction, heads))


def _with_solid(closed: list[Span], solid: Collection[Span]) -> list[Span]:
    """The brackets with other stretches that are not inside any."""
    outside = [one for one in solid if not _covered(closed, one.start) and one.start < one.end]
    inside = [one for one in closed if not any(span.holds(one) for span in outside)]
    return sorted([*inside, *outside])


def _cut(text: str, span: Span, closed: list[Span], kept: Collection[str], conjunction: str) -> list[Span]:
    cuts = [
        match.start()
        for match in _SEPARATOR.finditer(text, span.start, span.end)
        if not _covered(closed, match.start())
    ]
    items: list[Span] = []
    start = span.start
    for cut, until in zip(cuts, [*cuts[1:], span.end], strict=False):
        if not _keeps(text, Span(start, cut), Span(cut + 1, until), kept, conjunction):
            items.append(_bare(text, start, cut))
            start = cut + 1
    items.append(_bare(text, start, span.end))
    return [item for item in items if item.start < item.end]


def _bare(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    tail = words.rstrip()
    return Span(start + len(tail) - len(tail.lstrip()), start + len(tail)) if tail else Span(end, end)


def _protected(text: str, span: Span) -> list[Span]:
    """The outermost brackets and quotes that are closed, in order; a mark without its partner protects
    nothing.
    """
    open_: list[tuple[str, int]] = []
    found: list[Span] = []
    waiting: dict[str, int] = {}
    for match in _MARKS.finditer(text, span.start, span.end):
        mark, at = match.group(), match.start()
        if waiting.get(mark) and (mark != '"' or waiting['"']):
            start = _close(open_, waiting, mark)
            while found and found[-1].start > start:
                found.pop()
            found.append(Span(start, match.end()))
        elif mark in _PAIRS or (mark == '"' and (at == span.start or not text[at - 1].isalnum())):
            closing = _PAIRS.get(mark, mark)
            open_.append((closing, at))
            waiting[closing] = waiting.get(closing, 0) + 1
    return found


def _close(open_: list[tuple[str, int]], waiting: dict[str, int], mark: str) -> int:
    """Drop what was opened inside and never closed; return where the mark's partner stands."""
    while True:
        closing, start = open_.pop()
        waiting[closing] -= 1
        if closing == mark:
            return start


def _covered(closed: list[Span], offset: int) -> bool:
    at = bisect_right(closed, offset, key=lambda span: span.start) - 1
    return at >= 0 and offset < closed[at].end


def _keeps(text: str, before: Span, after: Span, kept: Collection[str], conjunction: str) -> bool:
    """Whether a comma stands inside one item: before a suffix of a name, or in a date with the month
    first.
    """
    if text[before.end] != ",":
        return False
    following = re.split(rf"\s*\(|\s{re.escape(conjunction)}\s", after.of(text).lower(), maxsplit=1)[
        0
    ].strip()
    if following and (following in kept or following.removesuffix(".") in kept):
        return True
    tail = text[max(before.start, before.end - 40) : before.end]
    return bool(_FULL_DATE.search(tail) and _YEAR_NEXT.match(text, after.start, after.end))


def _parts(
    text: str,
    items: list[Span],
    closed: list[Span],
    kept: Collection[str],
    conjunction: str,
    heads: Collection[str],
) -> Iterator[Part]:
    joint = re.compile(rf"(?<![^\s,;]){re.escape(conjunction)}\s")
    tail = re.compile(rf"\s{re.escape(conjunction)}\s(?:[0-9]+\s)?(?:{alternatives(_TAILS)})\b[^,;]{{0,80}}$")
    for i, item in enumerate(items):
        first = joint.match(text, item.start, item.end) if i else None
        if first:  # ", and X"
            yield _part(text, _bare(text, first.end(), item.end), closed)
            continue
        rest = tail.search(text, item.start, item.end)
        if rest and not _covered(closed, rest.start()):
            part = _part(text, Span(item.start, rest.start()), closed)
            yield replace(part, qualifiers=(*part.qualifiers, _bare(text, rest.start(), rest.end())))
            continue
        ands = [
            match
            for match in joint.finditer(text, item.start, item.end)
            if not _covered(closed, match.start())
        ]
        if len(ands) == 1 and item.of(text).lower() not in kept and _safe(text, items, i, ands[0], heads):
            yield _part(text, _bare(text, item.start, ands[0].start()), closed)
            yield _part(text, _bare(text, ands[0].end(), item.end), closed)
        else:
            yield _part(text, item, closed)


def _safe(text: str, items: list[Span], index: int, joint: re.Match[str], heads: Collection[str]) -> bool:
    """Whether *and* joins two items rather than two words of one."""
    item = items[index]
    left, right = text[item.start : joint.start()].rstrip(), text[joint.end() : item.end].lstrip()
    if left.endswith(")") or "," in left:  # a comma that stayed is one before a suffix
        return right[:1].isupper()
    if index and index == len(items) - 1 and all(len(other.of(text).split()) == 1 for other in items[:-1]):
        return len(left.split()) == 1 and len(right.split()) == 1
    first, second = left.split(), right.partition(" (")[0].split()
    alike = len(first) == len(second) and 2 <= len(first) <= _LONGEST_NAME
    return (
        alike
        and all(word[0].isupper() for word in first + second)
        and (first[-1].lower() in heads) == (second[-1].lower() in heads)
    )


def _part(text: str, item: Span, closed: list[Span]) -> Part:
    """The item without the brackets after it, whose contents are its qualifiers."""
    qualifiers: list[Span] = []
    end = item.end
    while aside := _aside_before(text, Span(item.start, end), closed):
        qualifiers.append(_bare(text, aside.start + 1, aside.end - 1))
        end = aside.start
        while text[end - 1].isspace():
            end -= 1
    return Part(Span(item.start, end), tuple(reversed(qualifiers)))


def _aside_before(text: str, item: Span, closed: list[Span]) -> Span | None:
    """The brackets that end the item, a footnote letter after them left out; those of ``501(c)(3)`` belong to
    the word.
    """
    footnote = text[item.end - 2 : item.end - 1] == ")" and "a" <= text[item.end - 1] <= "z"
    end = item.end - footnote
    at = bisect_right(closed, end - 1, key=lambda span: span.start) - 1
    if at < 0 or closed[at].end != end or closed[at].start <= item.start or text[closed[at].start] != "(":
        return None
    aside = closed[at]
    apart = text[aside.start - 1].isspace() or text[aside.start + 1 : aside.start + 3].isalpha()
    return aside if apart else None


# ---- languages ----

# RFC 5646 §2.1; a primary subtag of four to eight letters is left out, since §2.2.1 reserves it and none is
# registered.
_TAG = (  # compiled with the first tag: it takes 1 ms
    r"(?P<language>[a-z]{2,3})(?P<extlang>(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_PRIVATE = re.compile(r"x(?:-[a-z0-9]{1,8})+")
_IRREGULAR = re.compile(
    "en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay"
    " i-tsu sgn-be-fr sgn-be-nl sgn-ch-de art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min"
    " zh-min-nan zh-xiang".replace(" ", "|")
)


def language_tag(text: str, languages: Mapping[str, str]) -> str | None:
    """Return the [BCP 47](https://www.rfc-editor.org/rfc/rfc5646#section-2.1) tag that a value is or names;
    ``None`` if ill-formed.

    ``languages`` maps lower-case names to tags. A tag is returned in lower case, as RDF compares it.

    >>> own = {"norlandic": "nn"}
    >>> language_tag("Norlandic", own), language_tag("pt-BR", {}), language_tag("not a tag", {})
    ('nn', 'pt-br', None)
    """
    word = text.strip().lower()
    return languages.get(word) or (word if _well_formed(word) else None)


def _well_formed(tag: str) -> bool:
    if not tag.isascii():
        return False
    if _IRREGULAR.fullmatch(tag) or _PRIVATE.fullmatch(tag):
        return True
    match = re.fullmatch(_TAG, tag)
    if not match:
        return False
    variants = match["variants"].split("-")[1:]
    singletons = [subtag for subtag in match["extensions"].split("-")[1:] if len(subtag) == 1]
    return len({*variants}) == len(variants) and len({*singletons}) == len(singletons)

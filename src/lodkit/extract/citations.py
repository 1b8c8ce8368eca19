"""The references of an article as nodes, and which statements cite them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..domain.wikitext import argument_key
from ..statement import Basis, Span, Statement, short_hash
from ..xsd import EDTF, XSD, is_valid
from .dates import DATE, YEAR, YEAR_MONTH
from .literals import words_as

if TYPE_CHECKING:
    from ..domain import Domain, English
    from ..domain.wikitext import CitedPart
    from ..source import Article, Citation

_DATES = (DATE, YEAR_MONTH, YEAR, EDTF)
_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\"{}|\\^`]{1,2000}", re.IGNORECASE)  # RFC 3987 §2.2
_NAME = re.compile(r"\{([^{}]+)\}")
_NUMBER = re.compile(r"[0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference says of a work: ``name`` is a hash of all it says, ``words`` what it goes by,
    ``parts`` are properties and their values; ``begin`` is where in the file it stands.
    """

    name: str
    words: str
    begin: int
    parts: tuple[tuple[str, Literal], ...] = ()


def read_references(
    article: Article, domain: Domain, statements: Iterable[Statement]
) -> tuple[tuple[Reference, ...], tuple[Statement, ...]]:
    """Return the references of an article, each once, and the statements with the names of those that their
    sentence, row or item of a row cites.
    """
    found: dict[str, Reference] = {}
    places: list[tuple[int, str]] = []
    for citation in article.citations:
        if citation.is_note or not (citation.words or citation.fields):
            continue
        name = short_hash([citation.words, *(part for pair in citation.fields for part in pair)])
        if name not in found:
            parts = tuple(dict.fromkeys(_parts(citation, domain.wikitext.cited, domain.english)))
            found[name] = Reference(name, citation.words, citation.begin, parts)
        places.append((citation.span.start, name))
    if not found:
        return (), tuple(statements)
    held = dict(sorted(_by_holder(article, places).items()))
    holders = list(held)
    return tuple(found.values()), tuple(_citing(article, held, holders, statement=one) for one in statements)


# ---- what a reference says


def _parts(citation: Citation, rules: Sequence[CitedPart], english: English) -> Iterator[tuple[str, Literal]]:
    given = {argument_key(key): words for key, words in citation.fields}
    for rule in rules:
        for words in _written(rule, given):
            yield rule.tells, _READERS[rule.reads](words, english)


def _written(rule: CitedPart, given: Mapping[str, str]) -> Iterator[str]:
    """What the first pattern whose arguments are all given comes to, for each number that they have."""
    patterns = [_NAME.split(pattern) for pattern in rule.writes]
    for number in _numbers(patterns, given):
        for pieces in patterns:
            keys = [argument_key(name.replace("#", number)) for name in pieces[1::2]]
            if (not number or any("#" in name for name in pieces[1::2])) and all(map(given.get, keys)):
                words = [given[keys[at // 2]] if at % 2 else piece for at, piece in enumerate(pieces)]
                yield "".join(words)
                break


def _numbers(patterns: Iterable[Sequence[str]], given: Iterable[str]) -> list[str]:
    """The numbers that arguments have, the least first; what has none comes before them."""
    stems = {
        argument_key(name.replace("#", "")) for pieces in patterns for name in pieces[1::2] if "#" in name
    }
    found = {
        rest
        for key in given
        for stem in stems
        if key.startswith(stem) and _NUMBER.fullmatch(rest := key.removeprefix(stem))
    }
    return sorted(found | {""}, key=lambda number: int(number or 0))


def _text(words: str, _english: English) -> Literal:
    return Literal(words)


def _date(words: str, english: English) -> Literal:
    """A date of the form that it is written in, else the words."""
    value = words_as(words, _DATES, english)
    return (
        Literal(words)
        if value.lexical is None
        else Literal(value.lexical, datatype=NamedNode(value.datatype))
    )


def _address(words: str, _english: English) -> Literal:
    """An address of the web, else the words."""
    address = f"https:{words}" if words.startswith("//") else words
    if not _ADDRESS.fullmatch(address) or not is_valid(address, XSD + "anyURI"):
        return Literal(words)
    return Literal(address, datatype=NamedNode(XSD + "anyURI"))


_READERS = {"words": _text, "date": _date, "address": _address}


# ---- what cites it


def _by_holder(article: Article, places: Iterable[tuple[int, str]]) -> dict[Span, list[tuple[int, str]]]:
    """The references by the sentence or the value of a row that they stand in, or at the end of."""
    holders = _holders(article)
    found: dict[Span, list[tuple[int, str]]] = {}
    for offset, name in places:
        at = bisect_right(holders, offset - 1, key=lambda span: span.start) - 1
        if at >= 0 and offset <= holders[at].end:
            found.setdefault(holders[at], []).append((offset, name))
    return found


def _holders(article: Article) -> list[Span]:
    """Sentences and values of rows, in the order of the text."""
    values = [cell.value for cell in article.cells]
    return sorted([*values, *(span for block in article.blocks for span in block.sentences)])


def _citing(
    article: Article,
    held: Mapping[Span, Sequence[tuple[int, str]]],
    holders: Sequence[Span],
    *,
    statement: Statement,
) -> Statement:
    """A statement with the names of the references of what holds it; ``holders`` are in order."""
    span = statement.span
    at = bisect_right(holders, span.start, key=lambda one: one.start) - 1
    if at < 0 or holders[at].end < span.end or statement.basis is Basis.BACKGROUND:
        return statement
    items = _items(article, holders[at])
    names = (name for offset, name in held[holders[at]] if _is_of(items, offset, span))
    return replace(statement, cites=tuple(sorted(set(names))))


def _items(article: Article, value: Span) -> list[Span]:
    """The items of a row's value where it has several."""
    at = bisect_right(article.cells, value.start, key=lambda cell: cell.value.start) - 1
    if at < 0 or article.cells[at].value != value or len(article.cells[at].items) < 2:
        return []
    return [item.span for item in article.cells[at].items]


def _is_of(items: Iterable[Span], offset: int, span: Span) -> bool:
    """Tell whether a reference is one of what is at a span: of several items it says only something of its
    own.
    """
    own = next((item for item in items if item.start < offset <= item.end), None)
    return own is None or (span.start < own.end and own.start < span.end)

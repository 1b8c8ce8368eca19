"""Where the article says what a result is about: focus node, path and value joined to asserted statements."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pyoxigraph import Literal, NamedNode

from ..statement import Span
from .graphs import LK, NIF, Triples, text_of
from .report import MOST_PLACES, PROV, RDF, ResultPlace, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..source import Article

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_LINE_ENDS = "\r\n"
_RANGE = re.compile(r"#char=([0-9]{1,15}),([0-9]{1,15})$")
_AROUND = 200  # code points of a line kept before and after the beginning of a place: more than is shown
_ASSERTED = NamedNode(LK + "asserted")
_PARTS = (RDF + "subject", RDF + "predicate", RDF + "object", PROV + "wasDerivedFrom")
_NAMING = (LABEL, RDF + "type")


class Reading(NamedTuple):
    """An asserted statement's triple and the IRI of its place."""

    predicate: str
    object: Term
    place: str


@dataclass(frozen=True)
class Evidence:
    """The evidence of some data: its records, the asserted readings by their subject, and the texts that it
    holds.
    """

    records: Mapping[Term, Mapping[str, Term]] = field(repr=False)
    readings: Mapping[Term, list[Reading]] = field(repr=False)
    articles: Mapping[str, Article] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    """The texts by the IRIs of their documents."""

    @cached_property
    def of_path(self) -> Mapping[tuple[Term, str], list[Reading]]:
        """The readings by their subject and predicate."""
        return _grouped(((s, one.predicate), one) for s, of_s in self.readings.items() for one in of_s)

    @cached_property
    def of_value(self) -> Mapping[tuple[Term, Term], list[Reading]]:
        """The readings by their subject and object."""
        return _grouped(((s, one.object), one) for s, of_s in self.readings.items() for one in of_s)

    @cached_property
    def mentions(self) -> Mapping[Term, list[Reading]]:
        """The readings turned round, by their object."""
        return _grouped(
            (one.object, one._replace(object=s)) for s, of_s in self.readings.items() for one in of_s
        )

    def places(
        self, focus: Term, path: str | None, value: Term | None
    ) -> tuple[tuple[ResultPlace, ...], int]:
        """Return the places of a result: of the value, else of the path's values, else where the focus node
        is named or typed; and how many more there are.
        """
        record = self.records.get(focus, {})
        own = focus if range_of(focus, record) else record.get(PROV + "wasDerivedFrom")
        if own is not None:
            return (self._place(text_of(own)),), 0
        found = {reading.place for reading in self._about(focus, path, value)}
        places = [self._place(place) for place in sorted(found, key=self._order)[:MOST_PLACES]]
        places.sort(key=lambda p: (p.file, p.line, p.column, len(p.quote), p.iri))
        return tuple(places), len(found) - len(places)

    def _about(self, focus: Term, path: str | None, value: Term | None) -> Sequence[Reading]:
        """The readings that say most about a result."""
        of_value = self.of_value.get((focus, value), ()) if value is not None else ()
        return (
            [r for r in of_value if r.predicate == path]
            or (of_value if value != focus else ())
            or (self.of_path.get((focus, path), ()) if path is not None else ())
            or self._turned(focus, path, value)
            or next(filter(None, (self.of_path.get((focus, p), ()) for p in _naming(path))), ())
            or self.readings.get(focus, ())
        )

    def _turned(self, focus: Term, path: str | None, value: Term | None) -> list[Reading]:
        """The readings of an inverse path."""
        if path is None or not path.startswith("^"):
            return []
        about = self.mentions.get(focus, ())
        return [r for r in about if path == f"^<{r.predicate}>" and value in (None, r.object)]

    def _order(self, iri: str) -> tuple[str, int, int, str]:
        record = self.records.get(NamedNode(iri), {})
        line, column = (_number(record.get(LK + name)) for name in ("line", "column"))
        return iri.partition("#")[0], line, column, iri

    def _place(self, iri: str) -> ResultPlace:
        record = self.records.get(NamedNode(iri), {})
        span = span_of(NamedNode(iri), record)
        document = iri.partition("#")[0]
        article = self.articles.get(document)
        whole = self.text_of_place(iri)
        text, indent, width = (None, 0, 0) if whole is None else _source_line(whole, span)
        if article and article.map.runs:  # the line as it is in the file
            text, indent, width = _source_line(article.map.source, article.map.origin(span))
        line, column = _number(record.get(LK + "line")), _number(record.get(LK + "column"))
        quote = _text_at(record, NIF + "anchorOf")
        if article and not (line and column):  # a section, a field, the whole text: they do not say where
            line, column = article.position(min(span.start, len(article.text)))
            quote = quote or article.text[span.start : min(span.end, span.start + _AROUND)].partition("\n")[0]
        return ResultPlace(
            iri,
            PurePath(article.file).name if article and article.file else self._file(document),
            line,
            column,
            quote,
            self._key(record),
            text,
            indent,
            width,
            span.start if range_of(NamedNode(iri), record) else None,
        )

    def _key(self, record: Mapping[str, Term]) -> str:
        """The key of the row in whose value a place is; empty outside of rows."""
        around = record.get(LK + "section")
        return _text_at(self.records.get(around, {}), LK + "key") if around is not None else ""

    def text_of_place(self, iri: str) -> str | None:
        """Return the text of the article that a place is in, where it or an evidence with text is at hand."""
        document = iri.partition("#")[0]
        article = self.articles.get(document)
        return article.text if article else self.texts.get(document)

    def _file(self, document: str) -> str:
        """The base name of the file where the document says it, else the document's IRI."""
        name = self.records.get(NamedNode(document), {}).get(LK + "file")
        return text_of(name) if name else document


def read_evidence(data: Triples, articles: Mapping[str, Article]) -> Evidence:
    """Index the evidence of some data."""
    records: dict[Term, dict[str, Term]] = defaultdict(dict)
    for subject, predicate, value in data:
        records[subject].setdefault(predicate.value, value)
    readings: dict[Term, list[Reading]] = defaultdict(list)
    for record in records.values():
        for subject, reading in _readings(record):
            readings[subject].append(reading)
    texts = {
        text_of(node).partition("#")[0]: text_of(record[NIF + "isString"])
        for node, record in records.items()
        if NIF + "isString" in record
    }
    return Evidence(records, readings, articles, texts)


_Key = TypeVar("_Key")


def _grouped(pairs: Iterable[tuple[_Key, Reading]]) -> dict[_Key, list[Reading]]:
    found: dict[_Key, list[Reading]] = defaultdict(list)
    for key, reading in pairs:
        found[key].append(reading)
    return found


def _readings(record: Mapping[str, Term]) -> Iterator[tuple[Term, Reading]]:
    if record.get(LK + "modality") != _ASSERTED:
        return
    subject, predicate, obj, place = (record.get(p) for p in _PARTS)
    if subject is not None and predicate is not None and obj is not None:
        yield subject, Reading(text_of(predicate), obj, text_of(place) if place is not None else "")


def _naming(path: str | None) -> tuple[str, ...]:
    return _NAMING if path else _NAMING[::-1]


def _text_at(record: Mapping[str, Term], predicate: str) -> str:
    """The text or IRI that a record has for a predicate; empty where it has none."""
    found = record.get(predicate)
    return "" if found is None else text_of(found)


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0


def range_of(node: Term, record: Mapping[str, Term]) -> tuple[int, int] | None:
    """Return where a place says that it begins and ends; where it does not, its IRI may (RFC 5147 §2.2.1)."""
    if NIF + "beginIndex" in record:
        return _number(record[NIF + "beginIndex"]), _number(record.get(NIF + "endIndex"))
    found = _RANGE.search(text_of(node))
    return (int(found[1]), int(found[2])) if found else None


def span_of(node: Term, record: Mapping[str, Term]) -> Span:
    """Return a place's span."""
    begin, end = range_of(node, record) or (0, 0)
    return Span(begin, max(begin, end))


def _source_line(text: str, span: Span) -> tuple[str, int, int]:
    """Return the line on which a span starts, cut at some way around the start, where the span starts in
    it, and how many of its code points stand there.
    """
    start = max(text.rfind(end, max(0, span.start - _AROUND), span.start) for end in _LINE_ENDS) + 1
    start = start or max(0, span.start - _AROUND)
    room = span.start + _AROUND
    ends = [found for end in _LINE_ENDS if (found := text.find(end, span.start, room)) >= 0]
    stop = min(ends, default=min(len(text), room))
    return text[start:stop], span.start - start, max(0, min(span.end, stop) - span.start)

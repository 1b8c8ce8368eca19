"""Where the article says what a result is about: focus node, path and value joined to asserted statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..statement import Span
from .graphs import LK, NIF, Data, text_of
from .report import PROV, RDF, ResultPlace, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..article import Article

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_LINE_ENDS = "\r\n"
_NAMING = (LABEL, RDF + "type")


@dataclass(frozen=True, slots=True)
class Reading:
    """An asserted statement's triple and the IRI of its place."""

    predicate: str
    object: Term
    place: str


@dataclass(frozen=True)
class Evidence:
    """The evidence of some data: its records, and the asserted readings by their subject, and turned round by
    their object.
    """

    records: Mapping[Term, Mapping[str, Term]] = field(repr=False)
    readings: Mapping[Term, list[Reading]] = field(repr=False)
    mentions: Mapping[Term, list[Reading]] = field(repr=False)
    articles: Mapping[str, Article] = field(repr=False)

    def places(self, focus: Term, path: str | None, value: Term | None) -> tuple[ResultPlace, ...]:
        """Return the places of a result: of the value, else of the path's values, else where the focus node
        is named or typed.
        """
        record = self.records.get(focus, {})
        own = focus if NIF + "anchorOf" in record else record.get(PROV + "wasDerivedFrom")
        if own is not None:
            return (self._place(text_of(own)),)
        about = self.readings.get(focus, ())
        for chosen in (
            [r for r in about if value is not None and r.object == value and r.predicate == path],
            [r for r in about if value is not None and r.object == value and value != focus],
            [r for r in about if r.predicate == path],
            [
                r
                for r in self.mentions.get(focus, ())
                if path == f"^<{r.predicate}>" and value in (None, r.object)
            ],
            *([r for r in about if r.predicate == p] for p in (_NAMING if path else _NAMING[::-1])),
            about,
        ):
            if chosen:
                places = {self._place(reading.place) for reading in chosen}
                return tuple(sorted(places, key=lambda p: (p.file, p.line, p.column, len(p.quote), p.iri)))
        return ()

    def _place(self, iri: str) -> ResultPlace:
        record = self.records.get(NamedNode(iri), {})
        document = iri.partition("#")[0]
        article = self.articles.get(document)
        whole = self.text_of_place(iri)
        text, width = (None, 0) if whole is None else _source_line(whole, span_of(record))
        quote = record.get(NIF + "anchorOf")
        return ResultPlace(
            iri,
            PurePath(article.file).name if article and article.file else self._file(document),
            _number(record.get(LK + "line")),
            _number(record.get(LK + "column")),
            text_of(quote) if quote else "",
            text,
            width,
        )

    def text_of_place(self, iri: str) -> str | None:
        """Return the text of the article that a place is in, where it or an evidence with text is at hand."""
        article = self.articles.get(iri.partition("#")[0])
        if article:
            return article.text
        context = self.records.get(NamedNode(iri), {}).get(NIF + "referenceContext")
        whole = self.records.get(context, {}).get(NIF + "isString") if context is not None else None
        return text_of(whole) if whole is not None else None

    def _file(self, document: str) -> str:
        """The base name of the file where the document says it, else the document's IRI."""
        name = self.records.get(NamedNode(document), {}).get(LK + "file")
        return text_of(name) if name else document


def read_evidence(data: Data, articles: Mapping[str, Article]) -> Evidence:
    """Index the evidence of some data."""
    records: dict[Term, dict[str, Term]] = defaultdict(dict)
    for triple in data.triples:
        records[triple.subject].setdefault(triple.predicate.value, triple.object)
    readings: dict[Term, list[Reading]] = defaultdict(list)
    mentions: dict[Term, list[Reading]] = defaultdict(list)
    for record in records.values():
        for subject, reading in _readings(record):
            readings[subject].append(reading)
            mentions[reading.object].append(Reading(reading.predicate, subject, reading.place))
    return Evidence(records, readings, mentions, articles)


def _readings(record: Mapping[str, Term]) -> Iterator[tuple[Term, Reading]]:
    if record.get(LK + "modality") != NamedNode(LK + "asserted"):
        return
    subject, predicate, obj, place = (
        record.get(p) for p in (RDF + "subject", RDF + "predicate", RDF + "object", PROV + "wasDerivedFrom")
    )
    if subject is not None and predicate is not None and obj is not None:
        yield subject, Reading(text_of(predicate), obj, text_of(place) if place is not None else "")


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0


def span_of(record: Mapping[str, Term]) -> Span:
    """Return a place's span."""
    begin = _number(record.get(NIF + "beginIndex"))
    return Span(begin, max(begin, _number(record.get(NIF + "endIndex"))))


def _source_line(text: str, span: Span) -> tuple[str, int]:
    """Return the line on which a span starts, and how many of its code points stand on it."""
    start = max(text.rfind(end, 0, span.start) for end in _LINE_ENDS) + 1
    ends = [found for end in _LINE_ENDS if (found := text.find(end, span.start)) >= 0]
    stop = min(ends, default=len(text))
    return text[start:stop], max(0, min(span.end, stop) - span.start)

"""Statements as quads: the facts graph and the evidence graph of an article."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad

from .. import __version__
from ..errors import InputError
from ..files import read_bytes
from ..limits import limits
from ..statement import Modality, Span, article_iri, encode_name, name_statements, short_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..extract import Extraction, Reference
    from ..source import Cell, Section
    from ..statement import Statement

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
PROV = "http://www.w3.org/ns/prov#"
LK = "https://w3id.org/lodkit/core#"
"""The toolkit's own vocabulary; ``--base`` moves what is minted, never this."""

_named = cache(NamedNode)  # for the few terms of vocabularies: made once, they need no checking again
TYPE = _named(RDF + "type")
FACTS, EVIDENCE = "#facts", "#evidence"


_LONGEST_SLUG = 80
_NOT_IN_SLUG = re.compile(r"[\W_]+")

# The keys of the file beside an article; of two that mean the same, the first counts.
_SOURCE_KEYS = {
    "title": "title",
    "source_url": "source",
    "source": "source",
    "licence_url": "licence",
    "licence": "licence",
    "license": "licence",
    "revision": "revision",
    "language": "language",
}

Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article's text comes from; ``source``, ``licence`` and ``revision`` are IRIs or words,
    ``language`` a BCP 47 tag.
    """

    file: str | None = None
    title: str | None = None
    source: str | None = None
    licence: str | None = None
    revision: str | None = None
    language: str | None = None


def read_source(article: Path) -> Source | None:
    """Read the ``.toml`` beside an article's file, or return None if there is none.

    Its keys are ``title``, ``source_url`` or ``source``, ``licence_url`` or ``licence`` (or ``license``),
    ``revision`` and ``language``.

    Raises:
        InputError: the file is not TOML or longer than ``limits().small``, a value is not a text, or the
            language is no tag.
    """
    import tomllib

    name = Path(article).name
    bare = name.removesuffix(".gz").removesuffix(".bz2")
    path = Path(article).with_name(bare).with_suffix(".toml") if bare.strip(".") else None
    try:
        if path is None or not path.is_file():
            return None
    except OSError:  # a name that is too long
        return None
    try:
        table: dict[str, Any] = tomllib.loads(read_bytes(path, most=limits().small).decode("utf-8"))
        return _source(table, name, str(path))
    except RecursionError as error:
        raise InputError("is nested too deeply", file=str(path), hint="take the nesting away") from error
    except ValueError as error:  # not TOML, not UTF-8, a number of thousands of digits
        raise InputError(f"not TOML: {error}", file=str(path), hint="correct it or take it away") from error


def _source(table: dict[str, Any], file: str, path: str) -> Source:
    values: dict[str, str] = {}
    for key, name in _SOURCE_KEYS.items():
        value = table.get(key)
        if isinstance(value, (dict, list)):
            raise InputError("expected one value", file=path, term=key, hint='write it as key = "value"')
        if value is not None:
            values.setdefault(name, str(value))
    _check_language(values.get("language"), path)
    return Source(file, **values)


def _check_language(tag: str | None, path: str) -> None:
    try:
        Literal("", language=tag)
    except ValueError as error:
        raise InputError(
            f"no language tag: {tag!r}",
            file=path,
            term="language",
            hint="write one like en or pt-br (BCP 47)",
        ) from error


def quads(
    extraction: Extraction,
    *,
    source: Source | None = None,
    domain_version: str = "",
    with_text: bool = False,
    evidence: bool = True,
) -> Iterator[Quad]:
    """Yield the quads of an article, each once, facts first, each graph in sorted order.

    ``with_text`` adds the whole text (``nif:isString``); ``evidence`` adds the second graph.
    """
    document = extraction.document.value
    asserted = (s.triple for s in extraction.statements if s.modality is Modality.ASSERTED)
    yield from _facts(NamedNode(document + FACTS), asserted)
    if evidence:
        graph = NamedNode(document + EVIDENCE)
        for triples in _Evidence(extraction).groups(source or Source(), domain_version, with_text):
            for s, p, o in sorted(set(triples), key=_order):
                yield Quad(s, p, o, graph)


def without_evidence(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads that are in no graph of evidence."""
    return (quad for quad in quads if not getattr(quad.graph_name, "value", "").endswith(EVIDENCE))


def _facts(graph: NamedNode, triples: Iterable[Triple]) -> Iterator[Quad]:
    by_subject: dict[NamedNode, set[tuple[NamedNode, NamedNode | Literal]]] = {}
    for subject, predicate, value in triples:
        by_subject.setdefault(subject, set()).add((predicate, value))
    for subject in sorted(by_subject, key=order):
        for predicate, value in sorted(by_subject[subject], key=lambda pair: (pair[0].value, order(pair[1]))):
            yield Quad(subject, predicate, value, graph)


def _order(triple: Triple) -> tuple[str, str, str]:
    return order(triple[0]), triple[1].value, order(triple[2])


def order(term: Any) -> str:
    """Return what a term is sorted by: an IRI's code points, for any other term its N-Triples form."""
    return str(term.value) if isinstance(term, NamedNode) else str(term)


class _Evidence:
    """Writes triples about one article; the places that statements share are written once."""

    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        self.article = extraction.article
        self.text = extraction.article.text
        self.document = extraction.document
        self.ends = {row.span: row for row in extraction.rows}
        self.context = self.at(Span(0, len(self.text)))
        titles = [section.title.of(self.text) for section in self.article.sections]
        self.sections = [self._under("section", slug) for slug in slugs(titles)]
        keys = [row.key.of(self.text) for row in self.article.cells]
        self.rows = [self._under("field", slug) for slug in slugs(keys)]

    def _under(self, kind: str, slug: str) -> NamedNode:
        return NamedNode(f"{self.document.value}#{kind}-{slug}")

    def at(self, span: Span) -> NamedNode:
        """Return the IRI of a place (RFC 5147 §2.2.1: positions between characters, from 0)."""
        return NamedNode(f"{self.document.value}#char={span.start},{span.end}")

    def cited(self, name: str) -> NamedNode:
        """Return the IRI of a reference."""
        return NamedNode(f"{self.document.value}#cite-{name}")

    def around(self, span: Span) -> NamedNode:
        """Return what a place stands in: the row in whose value it is, else the innermost section, else the
        document.
        """
        at = bisect_right(self.article.cells, span.start, key=lambda row: row.value.start) - 1
        if at >= 0 and span.end <= self.article.cells[at].value.end:
            return self.rows[at]
        # Sections are in the order of their headings, and each but the last ends at one of these.
        at = bisect_right(self.article.sections, span.start, key=lambda section: section.span.start) - 1
        return self.sections[at] if at >= 0 else self.document

    def groups(self, source: Source, domain_version: str, with_text: bool) -> Iterator[Iterator[Triple]]:
        """Yield the triples of each subject, made when its turn comes, subjects in sorted order: an article
        of
        some megabytes has millions of triples.
        """
        makers: dict[str, list[Callable[[], Iterator[Triple]]]] = {}

        def add(name: str, maker: Callable[[], Iterator[Triple]]) -> None:
            makers.setdefault(name, []).append(maker)

        add(self.document.value, lambda: self._document(source, domain_version))
        add(self.context.value, lambda: self._context(with_text))
        for node, section in zip(self.sections, self.article.sections, strict=True):
            add(node.value, partial(self._section, node, section))
        for node, row in zip(self.rows, self.article.cells, strict=True):
            add(node.value, partial(self._field, node, row))
        for reference in self.extraction.references:
            add(self.cited(reference.name).value, partial(self._reference, reference))
        for name, statement in name_statements(self.document.value, self.text, self.extraction.statements):
            add(name, partial(self._statement, name, statement))
        for span in {span for one in self.extraction.statements for span in _places(one).values()}:
            add(self.at(span).value, partial(self._place, span))
        for name in sorted(makers):
            yield chain.from_iterable(maker() for maker in makers[name])

    def _document(self, source: Source, domain_version: str) -> Iterator[Triple]:
        language = source.language or self.extraction.language
        texts = {
            LK + "file": source.file or (Path(self.article.file).name if self.article.file else None),
            LK + "sha256": self.article.digest,
            LK + "readAs": self.article.origin.form if self.article.map.runs else None,
            LK + "toolVersion": __version__,
            LK + "domainVersion": domain_version,
            LK + "revision": source.revision,
            DCTERMS + "language": language,
        }
        yield self.document, TYPE, _named(LK + "Article")
        yield self.document, _named(DCTERMS + "title"), _worded(source.title or self.article.name, language)
        yield self.document, _named(FOAF + "primaryTopic"), self.extraction.subject
        yield self.document, _named(LK + "length"), _count(len(self.text))
        for key, value in (DCTERMS + "source", source.source), (DCTERMS + "license", source.licence):
            if value:
                yield self.document, _named(key), _iri_or_text(value)
        if self.article.redirect:
            page = NamedNode(article_iri(self.article.redirect, self.extraction.base))
            yield self.document, _named(DCTERMS + "isReplacedBy"), page
        for key, text in texts.items():
            if text:
                yield self.document, _named(key), Literal(text)

    def _context(self, with_text: bool) -> Iterator[Triple]:
        yield self.context, TYPE, _named(NIF + "Context")
        yield self.context, TYPE, _named(NIF + "RFC5147String")
        yield self.context, _named(NIF + "sourceUrl"), self.document
        yield self.context, _named(NIF + "beginIndex"), _count(0)
        yield self.context, _named(NIF + "endIndex"), _count(len(self.text))
        if with_text:
            yield self.context, _named(NIF + "isString"), Literal(self.text)

    def _section(self, node: NamedNode, section: Section) -> Iterator[Triple]:
        yield node, TYPE, _named(NIF + "Section")
        yield node, _named(DCTERMS + "title"), Literal(section.title.of(self.text))
        yield node, _named(LK + "position"), _number(section.position)
        yield node, _named(LK + "section"), self.document
        if section.parent is not None:
            yield node, _named(LK + "parent"), self.sections[section.parent]
        yield from self._extent(node, section.span)

    def _field(self, node: NamedNode, row: Cell) -> Iterator[Triple]:
        yield node, TYPE, _named(LK + "Field")
        yield node, _named(LK + "key"), Literal(row.key.of(self.text))
        yield node, _named(LK + "value"), Literal(row.value.of(self.text))
        end = self.ends.get(row.span)
        if end is not None and end.outcome is not None:
            yield node, _named(LK + "outcome"), Literal(end.outcome.value)
            if end.reason:
                yield node, _named(LK + "reason"), Literal(end.reason)
        yield node, _named(LK + "section"), self.document
        yield from self._extent(node, row.span)

    def _statement(self, name: str, statement: Statement) -> Iterator[Triple]:
        node = NamedNode(name)
        yield node, TYPE, _named(LK + "Statement")
        for part, term in zip(("subject", "predicate", "object"), statement.triple, strict=True):
            yield node, _named(RDF + part), term
        yield node, _named(LK + "modality"), _named(LK + statement.modality)
        yield node, _named(LK + "basis"), _named(LK + statement.basis)
        yield node, _named(LK + "rule"), statement.rule
        if statement.attributed_to is not None:
            yield node, _named(LK + "attributedTo"), statement.attributed_to
        for key, span in _places(statement).items():
            yield node, _named(key), self.at(span)
        for cited in statement.cites:
            yield node, _named(LK + "cites"), self.cited(cited)

    def _reference(self, reference: Reference) -> Iterator[Triple]:
        node = self.cited(reference.name)
        line, column = self.article.map.place(reference.begin)
        yield node, TYPE, _named(LK + "Citation")
        yield node, _named(DCTERMS + "bibliographicCitation"), Literal(reference.words)
        yield node, _named(LK + "line"), _number(line)
        yield node, _named(LK + "column"), _number(column)
        yield node, _named(LK + "section"), self.document
        for key, term in reference.parts:
            yield node, _named(key), term

    def _place(self, span: Span) -> Iterator[Triple]:
        node = self.at(span)
        line, column = self.article.position(span.start)
        yield node, TYPE, _named(NIF + "Phrase")
        yield node, TYPE, _named(NIF + "RFC5147String")
        yield node, _named(NIF + "anchorOf"), Literal(span.of(self.text))
        yield node, _named(LK + "line"), _number(line)
        yield node, _named(LK + "column"), _number(column)
        yield node, _named(LK + "section"), self.around(span)
        if self.article.map.runs:
            origin = self.article.map.origin(span)
            yield node, _named(LK + "sourceBegin"), _count(origin.start)
            yield node, _named(LK + "sourceEnd"), _count(origin.end)
        yield from self._extent(node, span)

    def _extent(self, node: NamedNode, span: Span) -> Iterator[Triple]:
        yield node, _named(NIF + "beginIndex"), _count(span.start)
        yield node, _named(NIF + "endIndex"), _count(span.end)
        yield node, _named(NIF + "referenceContext"), self.context


def _places(statement: Statement) -> dict[str, Span]:
    """The places that a statement has, by property."""
    spans = {
        PROV + "wasDerivedFrom": statement.span,
        LK + "subjectPlace": statement.subject_span,
        LK + "objectPlace": statement.object_span,
        LK + "antecedentPlace": statement.antecedent_span,
        LK + "keyPlace": statement.key_span,
    }
    return {key: span for key, span in spans.items() if span is not None}


def slugs(names: Iterable[str]) -> Iterator[str]:
    """Yield for each name its words in lower case joined by ``-``; of equal ones, the second gets ``-2``.

    >>> list(slugs(["See also", "Early years: 1901", "See  also", "…"]))
    ['see-also', 'early-years-1901', 'see-also-2', '_']
    """
    used: set[str] = set()
    counts: dict[str, int] = {}
    for name in names:
        slug = _slug(name)
        candidate, count = slug, counts.get(slug, 1)
        while candidate in used:
            count += 1
            candidate = f"{slug}-{count}"
        counts[slug] = count
        used.add(candidate)
        yield candidate


def _slug(name: str) -> str:
    words = _NOT_IN_SLUG.sub("-", unicodedata.normalize("NFC", name).lower()).strip("-")
    slug = encode_name(words) or "_"
    return slug if len(slug) <= _LONGEST_SLUG else f"{encode_name(words[:40])}-{short_hash([words])}"


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=_named(XSD + "nonNegativeInteger"))


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=_named(XSD + "integer"))


def _worded(text: str, language: str) -> Literal:
    """An ill-formed language tag (BCP 47 §2.1) is left off."""
    try:
        return Literal(text, language=language)
    except ValueError:
        return Literal(text)


def _iri_or_text(value: str) -> NamedNode | Literal:
    try:
        return NamedNode(value) if ":" in value else Literal(value)
    except ValueError:
        return Literal(value)

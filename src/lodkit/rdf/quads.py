"""Statements as quads: the facts graph and the evidence graph of an article (DESIGN §3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from .. import __version__
from ..errors import InputError
from ..statement import Modality, Span, encode_name, name_statements, short_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..extract import Extraction

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

_UNTAGGED = (f'"^^<{RDF}langString>'.encode(), f'"^^<{RDF}dirLangString>'.encode())

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
        InputError: the file is not TOML, or a value is not a text.
    """
    import tomllib

    name = Path(article).name
    path = Path(article).with_name(name.removesuffix(".gz").removesuffix(".bz2")).with_suffix(".toml")
    if not path.is_file():
        return None
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"not TOML: {error}", file=str(path), hint="correct it or take it away") from error
    return _source(table, name, str(path))


def _source(table: dict[str, Any], file: str, path: str) -> Source:
    values: dict[str, str] = {}
    for key, name in _SOURCE_KEYS.items():
        value = table.get(key)
        if isinstance(value, (dict, list)):
            raise InputError("expected one value", file=path, term=key, hint='write it as key = "value"')
        if value is not None:
            values.setdefault(name, str(value))
    return Source(file, **values)


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
    yield from _graph(
        document + FACTS, (s.triple for s in extraction.statements if s.modality is Modality.ASSERTED)
    )
    if evidence:
        yield from _graph(
            document + EVIDENCE, _Evidence(extraction).triples(source or Source(), domain_version, with_text)
        )


def _graph(name: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    graph = NamedNode(name)
    return (Quad(s, p, o, graph) for s, p, o in sorted(set(triples), key=_order))


def _order(triple: Triple) -> tuple[str, str, str]:
    return order(triple[0]), triple[1].value, order(triple[2])


def order(term: Any) -> str:
    """Return what a term is sorted by: an IRI's code points, for any other term its N-Triples form."""
    return str(term.value) if isinstance(term, NamedNode) else str(term)


def quad_lines(quads: Iterable[Quad]) -> list[str]:
    """Return quads as lines of canonical N-Quads (RDF 1.2 N-Quads §4), each once, sorted by code point.

    Raises:
        InputError: a literal has no language but the datatype of those that have one, which JSON-LD and
            RDF/XML can say and nothing reads (RDF 1.1 §3.3).
    """
    data = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    lines = sorted(set(data.decode().split("\n")) - {""})
    if any(ending in data for ending in _UNTAGGED):
        _refuse_untagged(lines)
    return lines


def _refuse_untagged(lines: Iterable[str]) -> None:
    for line in lines:
        try:
            any(pyoxigraph.parse(line, RdfFormat.N_QUADS))
        except SyntaxError as error:
            raise InputError(
                "a text with the datatype of tagged texts and no language cannot be written",
                term=line,
                hint="give it a language, or another datatype",
            ) from error


class _Evidence:
    """Writes triples about one article; the places that statements share are written once."""

    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        self.article = extraction.article
        self.text = extraction.article.text
        self.document = extraction.document
        self.context = self.at(Span(0, len(self.text)))

    def at(self, span: Span) -> NamedNode:
        """Return the IRI of a place (RFC 5147 §2.2.1: positions between characters, from 0)."""
        return NamedNode(f"{self.document.value}#char={span.start},{span.end}")

    def triples(self, source: Source, domain_version: str, with_text: bool) -> Iterator[Triple]:
        yield from self._document(source, domain_version)
        yield from self._context(with_text)
        yield from self._sections()
        yield from self._fields()
        spans: set[Span] = set()
        for iri, statement in name_statements(self.document.value, self.text, self.extraction.statements):
            yield from self._statement(NamedNode(iri), statement, spans)
        for span in spans:
            yield from self._place(span)

    def _document(self, source: Source, domain_version: str) -> Iterator[Triple]:
        language = source.language or self.extraction.language
        texts = {
            LK + "file": source.file or (Path(self.article.file).name if self.article.file else None),
            LK + "sha256": self.article.digest,
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

    def _sections(self) -> Iterator[Triple]:
        titles = [section.title.of(self.text) for section in self.article.sections]
        names = [NamedNode(f"{self.document.value}#section-{slug}") for slug in slugs(titles)]
        for node, title, section in zip(names, titles, self.article.sections, strict=True):
            yield node, TYPE, _named(NIF + "Section")
            yield node, _named(DCTERMS + "title"), Literal(title)
            yield node, _named(LK + "position"), _number(section.position)
            if section.parent is not None:
                yield node, _named(LK + "parent"), names[section.parent]
            yield from self._extent(node, section.span)

    def _fields(self) -> Iterator[Triple]:
        keys = [field.key.of(self.text) for field in self.article.fields]
        for slug, key, field in zip(slugs(keys), keys, self.article.fields, strict=True):
            node = NamedNode(f"{self.document.value}#field-{slug}")
            yield node, TYPE, _named(LK + "Field")
            yield node, _named(LK + "key"), Literal(key)
            yield node, _named(LK + "value"), Literal(field.value.of(self.text))
            yield from self._extent(node, field.span)

    def _statement(self, node: NamedNode, statement: Any, spans: set[Span]) -> Iterator[Triple]:
        yield node, TYPE, _named(LK + "Statement")
        for name, term in zip(("subject", "predicate", "object"), statement.triple, strict=True):
            yield node, _named(RDF + name), term
        yield node, _named(LK + "modality"), _named(LK + statement.modality)
        yield node, _named(LK + "basis"), _named(LK + statement.basis)
        yield node, _named(LK + "rule"), statement.rule
        if statement.attributed_to is not None:
            yield node, _named(LK + "attributedTo"), statement.attributed_to
        places = {
            PROV + "wasDerivedFrom": statement.span,
            LK + "subjectPlace": statement.subject_span,
            LK + "objectPlace": statement.object_span,
            LK + "antecedentPlace": statement.antecedent_span,
        }
        for key, span in places.items():
            if span is not None:
                spans.add(span)
                yield node, _named(key), self.at(span)

    def _place(self, span: Span) -> Iterator[Triple]:
        node = self.at(span)
        line, column = self.article.position(span.start)
        yield node, TYPE, _named(NIF + "Phrase")
        yield node, TYPE, _named(NIF + "RFC5147String")
        yield node, _named(NIF + "anchorOf"), Literal(span.of(self.text))
        yield node, _named(LK + "line"), _number(line)
        yield node, _named(LK + "column"), _number(column)
        yield from self._extent(node, span)

    def _extent(self, node: NamedNode, span: Span) -> Iterator[Triple]:
        yield node, _named(NIF + "beginIndex"), _count(span.start)
        yield node, _named(NIF + "endIndex"), _count(span.end)
        yield node, _named(NIF + "referenceContext"), self.context


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

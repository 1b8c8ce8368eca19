"""What a page says beside its text, as statements about what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..domain.graph import RDF, RDFS
from ..domain.lexicon import CORE
from ..statement import Modality, Statement, shared_iri

if TYPE_CHECKING:
    from ..source import Aside
    from .context import Context

DCTERMS = "http://purl.org/dc/terms/"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,60}")

Pair = tuple[str, str, NamedNode | Literal]
"""A subject, empty for what the article is about, a property and a value."""


def category_kinds(context: Context) -> dict[str, set[str]]:
    """The class of each category by its IRI."""
    text, base, cls = context.article.text, context.nodes.base, context.domain.wikitext.category_class
    categories = (one.span.of(text) for one in context.article.asides if one.kind == "category")
    return {_category(name, base): {cls} for name in categories} if cls else {}


def _category(name: str, base: str) -> str:
    return shared_iri(f"Category:{name}", base)


def read_asides(context: Context, subject: str, language: str) -> Iterator[Statement]:
    """Yield what the asides of an article say."""
    for aside in context.article.asides:
        rule = aside.name or f"{CORE}{aside.kind}"
        for about, path, value in _READERS[aside.kind](context, aside, language):
            yield Statement(
                NamedNode(about or subject),
                NamedNode(path),
                value,
                NamedNode(rule),
                aside.span,
                Modality.ASSERTED,
                object_span=aside.span,
            )


def _categories(context: Context, aside: Aside, language: str) -> Iterator[Pair]:
    name = aside.span.of(context.article.text)
    iri = _category(name, context.nodes.base)
    yield "", f"{DCTERMS}subject", NamedNode(iri)
    cls = context.domain.wikitext.category_class
    if cls:
        yield iri, f"{RDF}type", NamedNode(cls)
    yield iri, f"{RDFS}label", Literal(name, language=language)


def _coordinates(context: Context, aside: Aside, _language: str) -> Iterator[Pair]:
    degrees = aside.span.of(context.article.text).split(", ")
    for path, words in zip(("lat", "long"), degrees, strict=True):
        yield "", GEO + path, Literal(words, datatype=NamedNode(DECIMAL))


def _identifiers(context: Context, aside: Aside, _language: str) -> Iterator[Pair]:
    """The record of a catalogue about the same thing, where the catalogue has IRIs, else its number."""
    words = aside.span.of(context.article.text)
    rule = next(one for one in context.domain.wikitext.identifiers if one.iri == aside.name)
    if not _IDENTIFIER.fullmatch(words):
        return
    yield "", f"{DCTERMS}identifier", Literal(f"{rule.names[0]} {words}")
    if rule.links:
        iri = rule.links.replace("{1}", words.replace(" ", ""))
        yield "", "http://www.w3.org/2002/07/owl#sameAs", NamedNode(iri)


_READERS: dict[str, Callable[[Context, Aside, str], Iterator[Pair]]] = {
    "category": _categories,
    "coordinates": _coordinates,
    "identifier": _identifiers,
}

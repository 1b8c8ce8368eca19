"""Merged triples put back into the two graphs of each article, by what the evidence says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from ..rdf import EVIDENCE, FACTS
from ..rdf.quads import LK, RDF, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ARTICLE = NamedNode(LK + "Article")
_MODALITY, _ASSERTED = NamedNode(LK + "modality"), NamedNode(LK + "asserted")
_PARTS = tuple(NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_WANTED = frozenset({_MODALITY, *_PARTS})


def regroup(quads: Iterable[Quad]) -> tuple[dict[str, list[Quad]], list[Quad]]:
    """Return the quads of each article by its document's IRI, and the triples that belong to none.

    Evidence is what has the document, or something under it (``#``), as its subject; facts are the triples of
    asserted statements.
    """
    quads = list(quads)
    documents = {
        getattr(quad.subject, "value", "")
        for quad in quads
        if quad.predicate == TYPE and quad.object == _ARTICLE
    }
    articles: dict[str, list[Quad]] = defaultdict(list)
    supports: dict[tuple[object, ...], list[str]] = defaultdict(list)
    rest: list[Quad] = []
    for quad in quads:
        document = getattr(quad.subject, "value", "").partition("#")[0]
        if document in documents:
            articles[document].append(
                Quad(quad.subject, quad.predicate, quad.object, NamedNode(document + EVIDENCE))
            )
        else:
            rest.append(quad)
    for document, evidence in articles.items():
        for triple in asserted(evidence):
            supports[triple].append(document)
    homeless: list[Quad] = []
    for quad in rest:
        found = supports.get((quad.subject, quad.predicate, quad.object), ())
        if not found:
            homeless.append(quad)
        for document in found:
            articles[document].append(
                Quad(quad.subject, quad.predicate, quad.object, NamedNode(document + FACTS))
            )
    return dict(articles), homeless


def asserted(evidence: Sequence[Quad]) -> set[tuple[object, ...]]:
    """Return the triples of the asserted statements of an evidence graph."""
    statements: dict[object, dict[object, object]] = defaultdict(dict)
    for quad in evidence:
        if quad.predicate in _WANTED:
            statements[quad.subject][quad.predicate] = quad.object
    complete = (
        parts
        for parts in statements.values()
        if parts.get(_MODALITY) == _ASSERTED and all(part in parts for part in _PARTS)
    )
    return {tuple(parts[part] for part in _PARTS) for parts in complete}

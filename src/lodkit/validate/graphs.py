"""Which triples are facts, which are evidence, and what the facts are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from .report import RDF, Term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ..shacl.data import Plain

LK = "https://w3id.org/lodkit/core#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"

Triples = tuple["Plain", ...]
"""Triples, each once."""

TYPE = NamedNode(RDF + "type")
_NAMED = re.compile(r"([^#]*)#(?:char=[0-9]+,[0-9]+|(?:statement|section|field)-[^#]*)")


def split(quads: Iterable[Quad]) -> tuple[Triples, Triples]:
    """Tell facts from evidence, by the name of the graph, or by what a subject is where Turtle has merged
    the two.
    """
    facts: list[Plain] = []
    evidence: list[Plain] = []
    merged: list[Plain] = []
    # A term is kept once: the same object is found faster, and takes no memory again.
    terms: dict[Any, Any] = {}
    one = terms.setdefault
    for subject, predicate, value, graph in quads:
        name = "" if isinstance(graph, DefaultGraph) else graph.value
        target = evidence if name.endswith("#evidence") else facts if name.endswith("#facts") else merged
        target.append((one(subject, subject), one(predicate, predicate), one(value, value)))
    records = _records(merged)
    for triple in merged:
        (evidence if triple[0] in records else facts).append(triple)
    return tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(evidence))


def _records(triples: Collection[Plain]) -> set[Term]:
    """The subjects that are places, statements, sections or fields, and the documents that these are
    fragments of; of a document that is an article, those that are named as one of these.
    """
    found: set[Term] = set()
    for subject, predicate, kind in triples:
        if predicate == TYPE and isinstance(kind, NamedNode) and kind.value.startswith((LK, NIF)):
            found.add(subject)
    documents = {
        NamedNode(node.value.partition("#")[0])
        for node in found
        if isinstance(node, NamedNode) and "#" in node.value
    }
    named = {
        subject
        for subject, _, _ in triples
        if isinstance(subject, NamedNode)
        and (parts := _NAMED.fullmatch(subject.value))
        and NamedNode(parts[1]) in found
    }
    return found | documents | named


def text_of(term: Term) -> str:
    """Return the lexical form of a literal, else the IRI or label."""
    return term.value if isinstance(term, NamedNode | Literal | BlankNode) else str(term)

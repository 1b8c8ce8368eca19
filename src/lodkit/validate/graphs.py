"""Which triples are facts, which are evidence, and what the facts are about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from .report import RDF, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LK = "https://w3id.org/lodkit/core#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"

Node = NamedNode | BlankNode | Triple
TYPE = NamedNode(RDF + "type")


@dataclass(frozen=True)
class Data:
    """Triples with the indexes that targets (SHACL §2.1.3) are looked up in."""

    triples: tuple[Triple, ...]
    instances: Mapping[str, set[Term]] = field(repr=False)
    subjects: Mapping[str, set[Term]] = field(repr=False)
    objects: Mapping[str, set[Term]] = field(repr=False)

    @property
    def nodes(self) -> set[Term]:
        """All subjects."""
        return {term for terms in self.subjects.values() for term in terms}


def index(triples: Iterable[Triple]) -> Data:
    """Index triples, each once."""
    unique = tuple(dict.fromkeys(triples))
    instances: dict[str, set[Term]] = defaultdict(set)
    subjects: dict[str, set[Term]] = defaultdict(set)
    objects: dict[str, set[Term]] = defaultdict(set)
    for triple in unique:
        subjects[triple.predicate.value].add(triple.subject)
        objects[triple.predicate.value].add(triple.object)
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
            instances[triple.object.value].add(triple.subject)
    return Data(unique, instances, subjects, objects)


def split(quads: Iterable[Quad]) -> tuple[Data, Data]:
    """Tell facts from evidence, by the name of the graph, or by what a subject is where Turtle has merged the
    two.
    """
    facts: list[Triple] = []
    evidence: list[Triple] = []
    merged: list[Triple] = []
    for quad in quads:
        graph = quad.graph_name
        name = "" if isinstance(graph, DefaultGraph) else graph.value
        target = evidence if name.endswith("#evidence") else facts if name.endswith("#facts") else merged
        target.append(quad.triple)
    records = _records(merged)
    for triple in merged:
        (evidence if triple.subject in records else facts).append(triple)
    return index(facts), index(evidence)


def _records(triples: Iterable[Triple]) -> set[Node]:
    """The subjects that are places, statements, sections or fields, and the documents that these are
    fragments of.
    """
    found: set[Node] = set()
    for triple in triples:
        kind = triple.object
        if triple.predicate == TYPE and isinstance(kind, NamedNode) and kind.value.startswith((LK, NIF)):
            found.add(triple.subject)
    documents = {
        NamedNode(node.value.partition("#")[0])
        for node in found
        if isinstance(node, NamedNode) and "#" in node.value
    }
    return found | documents


def text_of(term: Term) -> str:
    """Return the lexical form of a literal, else the IRI or label."""
    return term.value if isinstance(term, NamedNode | Literal | BlankNode) else str(term)

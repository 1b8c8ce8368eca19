"""What an ontology says of the terms that data use: their classes, and its own individuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Triple

from ..domain.graph import OWL, RDFS
from .data import SUBCLASS, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..domain import DomainGraph

_CLASSES = (OWL + "Class", RDFS + "Class")


def background(triples: Iterable[Triple], ontology: DomainGraph) -> tuple[Triple, ...]:
    """Return the part of an ontology that the shapes of some data need (SHACL §1.5 lets a data graph have
    it).

    Individuals that the data point at and do not describe keep what the ontology says of them; classes,
    their superclasses.
    """
    described = dict.fromkeys(triple.subject for triple in triples)
    objects = dict.fromkeys(triple.object for triple in triples if isinstance(triple.object, NamedNode))
    classes = dict.fromkeys(
        triple.object
        for triple in triples
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode)
    )
    classes.update(
        dict.fromkeys(
            term
            for triple in triples
            if triple.predicate == SUBCLASS
            for term in (triple.subject, triple.object)
            if isinstance(term, NamedNode)
        )
    )
    known = {iri for kind in _CLASSES for iri in ontology.instances.get(kind, ())}
    individuals = [
        triple
        for term in sorted(objects.keys() - described.keys(), key=str)
        for triple in _individual(term, ontology, known)
    ]
    classes.update(
        (triple.object, None)
        for triple in individuals
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode)
    )
    return (*_tree(classes, ontology), *individuals)


def _individual(term: NamedNode, ontology: DomainGraph, classes: set[str]) -> Iterator[Triple]:
    said = ontology.triples.get(term.value)
    if said is None or classes.isdisjoint(ontology.iris(term.value, TYPE.value)):
        return
    for predicate, values in said.items():
        for value in values:
            if not isinstance(value, BlankNode):
                yield Triple(term, NamedNode(predicate), value)


def _tree(classes: Iterable[NamedNode], ontology: DomainGraph) -> Iterator[Triple]:
    """The superclasses of some classes, as far as the ontology leads."""
    seen = set(classes)
    queue = sorted(seen, key=str)
    while queue:
        cls = queue.pop()
        for parent in ontology.objects(cls.value, SUBCLASS.value):
            if isinstance(parent, NamedNode):
                yield Triple(cls, SUBCLASS, parent)
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)

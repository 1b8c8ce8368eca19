"""What an ontology says of the terms that data use: their classes, and its own individuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

from ..domain.graph import OWL, RDFS
from .data import SUBCLASS, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from ..domain import DomainGraph
    from ..domain.graph import Term
    from .data import Plain

_CLASSES = (OWL + "Class", RDFS + "Class")


def background(triples: Iterable[Triple | Plain], ontology: DomainGraph) -> tuple[Plain, ...]:
    """Return the part of an ontology that the shapes of some data need (SHACL §1.5 lets a data graph have
    it).

    Individuals that the data point at and do not describe keep what the ontology says of them; classes,
    their superclasses.
    """
    described: set[Term] = set()
    objects: set[NamedNode] = set()
    classes: dict[NamedNode, None] = {}
    for subject, predicate, value in triples:
        described.add(subject)
        if isinstance(value, NamedNode):
            objects.add(value)
            if predicate == TYPE:
                classes[value] = None
        if predicate == SUBCLASS:
            classes.update((term, None) for term in (subject, value) if isinstance(term, NamedNode))
    known = {iri for kind in _CLASSES for iri in ontology.instances.get(kind, ())}
    ours = [term for term in objects if term.value in ontology.triples and term not in described]
    individuals = [triple for term in sorted(ours, key=str) for triple in _individual(term, ontology, known)]
    for _, predicate, value in individuals:
        if predicate == TYPE and isinstance(value, NamedNode):
            classes[value] = None
    return (*_tree(classes, ontology), *individuals)


def _individual(term: NamedNode, ontology: DomainGraph, classes: set[str]) -> Iterator[Plain]:
    if classes.isdisjoint(ontology.iris(term.value, TYPE.value)):
        return
    for predicate, values in ontology.triples[term.value].items():
        for value in values:
            if not isinstance(value, BlankNode):
                yield term, NamedNode(predicate), value


def _tree(classes: Iterable[NamedNode], ontology: DomainGraph) -> Iterator[Plain]:
    """The superclasses of some classes, as far as the ontology leads."""
    seen = set(classes)
    queue = sorted(seen, key=str)
    while queue:
        cls = queue.pop()
        for parent in ontology.objects(cls.value, SUBCLASS.value):
            if isinstance(parent, NamedNode):
                yield cls, SUBCLASS, parent
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)

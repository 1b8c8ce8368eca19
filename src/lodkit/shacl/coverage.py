"""What a validation did not look at: nodes that no shape covers, and properties that no shape of a node
knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..domain.graph import OWL, RDF, RDFS, key_of
from .data import SUBCLASS, TYPE

if TYPE_CHECKING:
    from ..domain.graph import Term
    from ..domain.shapes import ShapesGraph
    from .data import Data
    from .result import Outcome


@dataclass(frozen=True, slots=True)
class Unknown:
    """A property of nodes that shapes looked at, and that no shape knows."""

    predicate: str
    nodes: int
    example: Term


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was not looked at: nodes, and properties of nodes that were."""

    nodes: tuple[Term, ...]
    properties: tuple[Unknown, ...]


def coverage(data: Data, shapes: ShapesGraph, outcome: Outcome) -> Coverage:
    """Tell what the shapes did not look at in some data, in the order of the data."""
    nodes = [
        node for node in data.nodes() if node not in outcome.looked_at and not _is_vocabulary(node, data)
    ]
    unknown = [one for one in data.forward if one not in shapes.predicates and one != TYPE]
    said = {one: of_it for one in unknown if (of_it := _looked_at(one, data, outcome))}
    asked = _asked_for(shapes) if said else frozenset()
    properties = [
        Unknown(predicate.value, len(subjects), min(subjects, key=str))
        for predicate, subjects in said.items()
        if predicate not in asked
    ]
    return Coverage(tuple(nodes), tuple(sorted(properties, key=lambda one: (-one.nodes, one.predicate))))


def _looked_at(predicate: NamedNode, data: Data, outcome: Outcome) -> list[Term]:
    """The nodes with a property that shapes looked at."""
    subjects = data.objects(predicate)
    return [node for node in subjects if node in outcome.looked_at and node not in data.background]


def _is_vocabulary(node: Term, data: Data) -> bool:
    """Tell whether a node is a class or property that the data bring along."""
    types = (key_of(kind) for kind in data.objects(TYPE).get(node, ()))
    return node in data.objects(SUBCLASS) or any(kind.startswith((RDF, RDFS, OWL)) for kind in types)


def _asked_for(shapes: ShapesGraph) -> frozenset[Term]:
    """The properties that queries of the shapes ask for, which takes long to find out."""
    queries = (one.query for shape in shapes.shapes.values() for one in shape.constraints)
    return frozenset(NamedNode(iri) for query in queries if query for iri in query.needs.predicates)

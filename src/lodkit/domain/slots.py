"""The shapes as extraction uses them: node shapes of classes, and the properties that a rule can fill."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from .graph import RDFS, SKOS, DomainGraph, Term, key_of
from .model import NodeShape, PropertyShape, local_name
from .patterns import PatternError, ValuePattern, written_pattern
from .shapes import Constraint, Shape, ShapesGraph, TargetKind, plain

_OF_CLASSES = (TargetKind.CLASS, TargetKind.IMPLICIT)


def node_shapes(shapes: ShapesGraph) -> dict[str, NodeShape]:
    """Return the node shapes that target classes, by their names, with their properties."""
    found: dict[str, NodeShape] = {}
    for shape in shapes.shapes.values():
        targets = [
            t.term.value for t in shape.targets if t.kind in _OF_CLASSES and isinstance(t.term, NamedNode)
        ]
        if shape.path is None and targets:
            properties = (
                _property_shape(shapes, shapes.at(term), shape) for term in shape.values("property")
            )
            known = tuple(prop for prop in properties if prop)
            found[shape.key] = NodeShape(shape.key, targets[0], known, tuple(targets))
    return found


def _property_shape(shapes: ShapesGraph, shape: Shape, node_shape: Shape) -> PropertyShape | None:
    path = plain(shape.path)
    if path is None:
        return None
    nodes = [shape, *map(shapes.at, shape.values("or"))]
    names = shape.documentation.names
    return PropertyShape(
        shape.key,
        path.value,
        node_shape.key,
        names[0].value if names else local_name(path.value),
        tuple(iri for node in nodes for iri in _iris(node, "class")),
        tuple(iri for node in nodes for iri in _iris(node, "datatype")),
        _number(shape, "minCount") or 0,
        _number(shape, "maxCount"),
        tuple(pattern for one in shape.constraints for pattern in _patterns(one)),
        {label.lower(): iri for member in shape.values("in") for label, iri in _labels(shapes.graph, member)},
        shape.messages[0].value if shape.messages else "",
    )


def _iris(shape: Shape, name: str) -> Iterator[str]:
    return (term.value for term in shape.values(name) if isinstance(term, NamedNode))


def _number(shape: Shape, name: str) -> int | None:
    return next((one.number(name) for one in shape.constraints if one.term(name) is not None), None)


def _patterns(constraint: Constraint) -> Iterator[ValuePattern]:
    source = constraint.text("pattern")
    if constraint.term("pattern") is not None:
        try:
            yield written_pattern(source, constraint.text("flags"))
        except PatternError:  # a fault of the shapes, which is told elsewhere
            return


def _labels(graph: DomainGraph, member: Term) -> Iterator[tuple[str, str]]:
    iri = key_of(member)
    for predicate in (SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label"):
        for label in graph.texts(iri, predicate):
            yield label, iri

"""The shapes as extraction uses them: node shapes of classes, and the properties that a rule can fill."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from .graph import RDF, RDFS, SH, SKOS, XSD, DomainGraph, Term, key_of
from .model import NodeShape, PropertyShape, local_name
from .shapes import Shape, ShapesGraph, TargetKind, plain

_COMBINING = ("or", "xone", "and")
_TELLING = ("in", "hasValue", "minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
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
    nodes = _alternatives(shapes, shape)
    datatypes = tuple(iri for node in nodes for iri in _iris(node, "datatype"))
    names = shape.documentation.names
    return PropertyShape(
        shape.key,
        path.value,
        node_shape.key,
        names[0].value if names else local_name(path.value),
        tuple(iri for node in nodes for iri in _iris(node, "class")),
        datatypes,
        _number(shape, "minCount") or 0,
        _number(shape, "maxCount"),
        {label.lower(): iri for member in shape.values("in") for label, iri in _labels(shapes.graph, member)},
        shape.messages[0].value if shape.messages else "",
        tuple(dict.fromkeys(iri for node in nodes for iri in _told(node))),
    )


def _alternatives(shapes: ShapesGraph, shape: Shape) -> list[Shape]:
    """A shape and those that it wants its values to conform to, in the order in which they stand."""
    found = {shape.key: shape}
    queue = [shape]
    while queue:
        one = queue.pop()
        members = [shapes.at(term) for name in _COMBINING for term in one.values(name)]
        new = {member.key: member for member in members if member.key not in found}
        found.update(new)
        queue += reversed(new.values())
    return list(found.values())


def _told(shape: Shape) -> Iterator[str]:
    """The datatypes that a shape without ``sh:datatype`` tells of by its other parameters."""
    if any(True for _ in shape.values("languageIn")):
        yield RDF + "langString"
    for term in (term for name in _TELLING for term in shape.values(name)):
        if isinstance(term, Literal):
            yield term.datatype.value
    if NamedNode(SH + "Literal") in shape.values("nodeKind"):
        yield XSD + "string"


def _iris(shape: Shape, name: str) -> Iterator[str]:
    return (term.value for term in shape.values(name) if isinstance(term, NamedNode))


def _number(shape: Shape, name: str) -> int | None:
    return next((one.number(name) for one in shape.constraints if one.term(name) is not None), None)


def _labels(graph: DomainGraph, member: Term) -> Iterator[tuple[str, str]]:
    iri = key_of(member)
    for predicate in (SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label"):
        for label in graph.texts(iri, predicate):
            yield label, iri

"""Triples to shapes: the one reader of SHACL (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode

from ..graph import OWL, RDFS, SH, DomainGraph, Term, key_of
from .model import Constraint, Documentation, Query, Shape, ShapesGraph, Target, TargetKind, Value
from .paths import Path, PathError, read_path
from .queries import read_query
from .vocabulary import Component, components_of, vocabulary

SPARQL = SH + "SPARQLConstraintComponent"

_TARGETS = {
    SH + kind.value: kind
    for kind in (TargetKind.NODE, TargetKind.CLASS, TargetKind.SUBJECTS, TargetKind.OBJECTS)
}
_TRUE = ("true", "1")
_VIOLATION = SH + "Violation"
LISTS_OF_SHAPES = tuple(SH + name for name in ("and", "or", "xone"))
"""Shape-expecting list-taking parameters (SHACL §2)."""
SHAPES = tuple(SH + name for name in ("node", "property", "not", "qualifiedValueShape"))
"""Shape-expecting parameters (SHACL §2)."""
ADVANCED = tuple(
    SH + name for name in ("rule", "target", "targetShape", "expression", "values", "js", "entailment")
)
"""What a validator of SHACL Core and SHACL-SPARQL passes over."""
_ADVANCED = frozenset(ADVANCED)
_ADVANCED_TYPES = tuple(SH + name for name in ("SPARQLFunction", "JSFunction", "SPARQLTargetType"))


@lru_cache(maxsize=4)
def read_shapes(graph: DomainGraph) -> ShapesGraph:
    """Read all shapes of a graph that `shape_faults` finds no fault with; of one with faults, what can be
    read.
    """
    components = {**vocabulary().components, **_own_components(graph)}
    reader = _Reader(graph, components)
    shapes = {key: reader.shape(key) for key in shape_keys(graph, components)}
    return ShapesGraph(graph, shapes, components, _advanced(graph))


def _advanced(graph: DomainGraph) -> dict[str, str]:
    found: dict[str, str] = {}
    for subject, predicates in graph.triples.items():
        if not _ADVANCED.isdisjoint(predicates):
            for term in ADVANCED:
                if term in predicates:
                    found.setdefault(term, subject)
    for kind in _ADVANCED_TYPES:
        for subject in graph.instances.get(kind, ())[:1]:
            found[kind] = subject
    return found


def _own_components(graph: DomainGraph) -> dict[str, Component]:
    """The constraint components that the graph itself declares (SHACL §6)."""
    kinds = below(graph, {SH + "ConstraintComponent"})
    found = [iri for kind in sorted(kinds) for iri in graph.instances.get(kind, ())]
    known = vocabulary().components
    return components_of(graph, [iri for iri in dict.fromkeys(found) if iri not in known])


def below(graph: DomainGraph, classes: Collection[str]) -> set[str]:
    """Return classes with all their subclasses."""
    children: dict[str, list[str]] = {}
    for subject, predicates in graph.triples.items():
        for parent in predicates.get(RDFS + "subClassOf", ()):
            children.setdefault(key_of(parent), []).append(subject)
    found = set(classes)
    queue = list(classes)
    while queue:
        new = [child for child in children.get(queue.pop(), ()) if child not in found]
        found.update(new)
        queue += new
    return found


def shape_keys(graph: DomainGraph, components: Mapping[str, Component]) -> list[str]:
    """Return the nodes that are shapes (SHACL §2.1): by their type, a target, a parameter, or as the value
    of one.
    """
    telling = {parameter.path for component in components.values() for parameter in component.parameters}
    telling |= _TARGETS.keys()
    typed = (
        *graph.instances.get(SH + "NodeShape", ()),
        *graph.instances.get(SH + "PropertyShape", ()),
    )
    found = dict.fromkeys(typed)
    for subject, predicates in graph.triples.items():
        if not telling.isdisjoint(predicates):
            found.setdefault(subject)
            found.update(dict.fromkeys(filter(graph.triples.__contains__, inner_shapes(graph, subject))))
    return list(found)


def inner_shapes(graph: DomainGraph, key: str) -> Iterator[str]:
    """Yield the shapes that a shape refers to (SHACL §2)."""
    predicates = graph.triples.get(key, {})
    for name in SHAPES:
        for term in predicates.get(name, ()):
            yield key_of(term)
    for name in LISTS_OF_SHAPES:
        for head in predicates.get(name, ()):
            for term in graph.collection(head):
                yield key_of(term)


class _Reader:
    """Reads the shapes of one graph."""

    def __init__(self, graph: DomainGraph, components: Mapping[str, Component]) -> None:
        self._graph = graph
        self._components = components
        self._lead: dict[str, list[Component]] = {}
        for component in components.values():
            for parameter in component.mandatory[:1]:
                self._lead.setdefault(parameter.path, []).append(component)
        metaclasses = below(graph, {RDFS + "Class", OWL + "Class", RDFS + "Datatype"})
        self._classes = {iri for kind in metaclasses for iri in graph.instances.get(kind, ())}

    def shape(self, key: str) -> Shape:
        """Read one shape."""
        said = self._graph.triples.get(key, {})
        severities = said.get(SH + "severity", ())
        return Shape(
            key,
            _node(key),
            self._path(said),
            tuple(self._targets(key, said)),
            tuple(self._constraints(key, said)),
            next((term.value for term in severities if isinstance(term, NamedNode)), _VIOLATION),
            _literals(said, SH + "message"),
            _is_true(said, SH + "deactivated"),
            _documentation(said),
        )

    def _path(self, said: Mapping[str, list[Term]]) -> Path | None:
        for node in said.get(SH + "path", ()):
            try:
                return read_path(self._graph, node)
            except PathError:  # a fault, which is told elsewhere
                return None
        return None

    def _targets(self, key: str, said: Mapping[str, list[Term]]) -> Iterator[Target]:
        for predicate, kind in _TARGETS.items():
            for term in said.get(predicate, ()):
                yield Target(kind, term)
        if key in self._classes and not key.startswith("_:"):
            yield Target(TargetKind.IMPLICIT, NamedNode(key))

    def _constraints(self, key: str, said: Mapping[str, list[Term]]) -> Iterator[Constraint]:
        for predicate in said:
            for component in self._lead.get(predicate, ()):
                if all(parameter.path in said for parameter in component.mandatory):
                    yield from self._of_component(component, key, said)

    def _of_component(
        self, component: Component, key: str, said: Mapping[str, list[Term]]
    ) -> Iterator[Constraint]:
        first, *others = component.parameters
        rest = {p.path: self._value(p.path, said[p.path][0]) for p in others if p.path in said}
        for term in dict.fromkeys(said[first.path]):
            if component.iri == SPARQL:
                query = read_query(self._graph, term)
                if query is None or _is_true(self._graph.triples.get(key_of(term), {}), SH + "deactivated"):
                    continue
            else:
                query = self._validator(component, SH + "path" in said)
            yield Constraint(component.iri, {first.path: self._value(first.path, term), **rest}, query)

    def _value(self, predicate: str, term: Term) -> Value:
        if vocabulary().kinds.get(predicate) == "a list":
            return tuple(self._graph.collection(term))
        return term

    def _validator(self, component: Component, has_path: bool) -> Query | None:
        """The validator of a component for a kind of shape (SHACL §6.3)."""
        if component.iri in vocabulary().components:
            return None
        own = SH + ("propertyValidator" if has_path else "nodeValidator")
        nodes = [
            *self._graph.objects(component.iri, own),
            *self._graph.objects(component.iri, SH + "validator"),
        ]
        return next(filter(None, (read_query(self._graph, node) for node in nodes)), None)


def _node(key: str) -> NamedNode | BlankNode:
    return BlankNode(key[2:]) if key.startswith("_:") else NamedNode(key)


def _is_true(said: Mapping[str, list[Term]], predicate: str) -> bool:
    return any(isinstance(term, Literal) and term.value in _TRUE for term in said.get(predicate, ()))


def _literals(said: Mapping[str, list[Term]], predicate: str) -> tuple[Literal, ...]:
    return tuple(term for term in said.get(predicate, ()) if isinstance(term, Literal))


def _documentation(said: Mapping[str, list[Term]]) -> Documentation:
    orders = _literals(said, SH + "order")
    return Documentation(
        _literals(said, SH + "name"),
        _literals(said, SH + "description"),
        orders[0] if orders else None,
        next(iter(said.get(SH + "group", ())), None),
        next(iter(said.get(SH + "defaultValue", ())), None),
    )

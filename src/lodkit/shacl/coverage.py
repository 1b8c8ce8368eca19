"""What a validation did not look at: nodes that no shape covers, and properties that no shape of a node
knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.graph import key_of
from ..domain.shapes import TargetKind, predicates_of
from .data import TYPE

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..domain.graph import Term
    from ..domain.shapes import Shape, ShapesGraph
    from .data import Data
    from .result import Outcome

_SAME_NODE = ("node", "and", "or", "xone", "not")
_PREDICATES = ("ignoredProperties", "equals", "disjoint", "lessThan", "lessThanOrEquals")
_KNOWS_ALL = frozenset({TYPE.value})


@dataclass(frozen=True, slots=True)
class Unknown:
    """A property that some nodes have and that no shape which looked at them knows."""

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
    knowing: dict[tuple[str, ...], frozenset[str]] = {}
    nodes: list[Term] = []
    counts: dict[NamedNode, tuple[int, Term]] = {}
    for node in data.nodes():
        keys = outcome.looked_at.get(node)
        if keys is None:
            nodes.append(node)
            continue
        known = knowing.get(keys)
        if known is None:
            known = knowing[keys] = _KNOWS_ALL.union(*(known_predicates(key, shapes) for key in keys))
        for predicate in data.predicates(node):
            if predicate.value not in known:
                count, example = counts.get(predicate, (0, node))
                counts[predicate] = (count + 1, example)
    properties = (Unknown(predicate.value, *found) for predicate, found in counts.items())
    return Coverage(tuple(nodes), tuple(sorted(properties, key=lambda one: (-one.nodes, one.predicate))))


def known_predicates(key: str, shapes: ShapesGraph) -> frozenset[str]:
    """Return the properties of a focus node that a shape says something of."""
    found: set[str] = set()
    queue, seen = [key], {key}
    while queue:
        shape = shapes.shapes.get(queue.pop())
        if shape is not None:
            found.update(_own_predicates(shape, shapes))
            inner = [key_of(term) for name in _SAME_NODE for term in shape.values(name) if shape.path is None]
            new = [one for one in inner if one not in seen]
            seen.update(new)
            queue += new
    return frozenset(found)


def _own_predicates(shape: Shape, shapes: ShapesGraph) -> Iterator[str]:
    for one in (shape, *map(shapes.at, shape.values("property") if shape.path is None else ())):
        yield from (iri.value for iri in (predicates_of(one.path) if one.path is not None else ()))
        for constraint in one.constraints:
            for name in _PREDICATES:
                yield from (key_of(term) for term in constraint.members(name))
            if constraint.query is not None:
                yield from constraint.query.needs.predicates
    for target in shape.targets:
        if target.kind in (TargetKind.SUBJECTS, TargetKind.OBJECTS):
            yield key_of(target.term)

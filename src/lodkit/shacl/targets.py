"""Focus nodes (SHACL §2.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..domain.shapes import Shape, Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..domain.graph import Term
    from .data import Data, Plain

Focus = dict["Term", "Plain | None"]
"""Focus nodes in order, each with the triple that made it one, where a triple did."""

_OF_CLASSES = (TargetKind.CLASS, TargetKind.IMPLICIT)


def focus_nodes(shape: Shape, data: Data) -> Focus:
    """Return the focus nodes of a shape in some data, each once."""
    found: Focus = {}
    for target in shape.targets:
        if target.kind in _OF_CLASSES:
            # §2.1.3.2, §2.1.3.3: the instances of the class and of its subclasses.
            nodes = (node for node in data.instances(target.term) if node not in data.background)
            found = {**dict.fromkeys(nodes), **found}
            continue
        for node, triple in _FINDERS[target.kind](target, data):
            found.setdefault(node, triple)
    return found


def _node(target: Target, data: Data) -> Iterator[tuple[Term, Plain | None]]:
    """§2.1.3.1: the node, whether or not the data say anything of it."""
    yield target.term, None


def _subjects(target: Target, data: Data) -> Iterator[tuple[Term, Plain | None]]:
    """§2.1.3.4."""
    predicate = _predicate(target)
    for subject, values in data.objects(predicate).items():
        if subject not in data.background:
            yield subject, (subject, predicate, values[0])


def _objects(target: Target, data: Data) -> Iterator[tuple[Term, Plain | None]]:
    """§2.1.3.5."""
    predicate = _predicate(target)
    for value, subjects in data.subjects(predicate).items():
        subject = next((node for node in subjects if node not in data.background), None)
        if subject is not None:
            yield value, (subject, predicate, value)


def _predicate(target: Target) -> NamedNode:
    assert isinstance(target.term, NamedNode)
    return target.term


_FINDERS: dict[TargetKind, Callable[[Target, Data], Iterator[tuple[Term, Plain | None]]]] = {
    TargetKind.NODE: _node,
    TargetKind.SUBJECTS: _subjects,
    TargetKind.OBJECTS: _objects,
}

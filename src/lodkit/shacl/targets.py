"""Focus nodes (SHACL §2.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from ..domain.shapes import Shape, Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..domain.graph import Term
    from .data import Data

Focus = dict["Term", Triple | None]
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


def _node(target: Target, data: Data) -> Iterator[tuple[Term, Triple | None]]:
    """§2.1.3.1: the node, whether or not the data say anything of it."""
    yield target.term, None


def _subjects(target: Target, data: Data) -> Iterator[tuple[Term, Triple | None]]:
    """§2.1.3.4."""
    for subject, values in data.objects(_predicate(target)).items():
        if subject not in data.background:
            yield subject, _triple(subject, target, values[0])


def _objects(target: Target, data: Data) -> Iterator[tuple[Term, Triple | None]]:
    """§2.1.3.5."""
    for value, subjects in data.subjects(_predicate(target)).items():
        subject = next((node for node in subjects if node not in data.background), None)
        if subject is not None:
            yield value, _triple(subject, target, value)


def _predicate(target: Target) -> NamedNode:
    assert isinstance(target.term, NamedNode)
    return target.term


def _triple(subject: Term, target: Target, value: Term) -> Triple:
    return Triple(subject, _predicate(target), value)  # type: ignore[arg-type]


_FINDERS: dict[TargetKind, Callable[[Target, Data], Iterator[tuple[Term, Triple | None]]]] = {
    TargetKind.NODE: _node,
    TargetKind.SUBJECTS: _subjects,
    TargetKind.OBJECTS: _objects,
}

"""What is not wrong, but makes a report hard to understand: shapes without words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode

from ..domain.graph import SH, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..domain import DomainGraph
    from ..domain.shapes import ShapesGraph
    from ..errors import DomainError
    from .model import Checked

_OF_NODE_SHAPES = frozenset(
    SH + name
    for name in (
        "and",
        "class",
        "closed",
        "hasValue",
        "in",
        "not",
        "nodeKind",
        "or",
        "pattern",
        "sparql",
        "xone",
    )
)


def undocumented(checked: Checked) -> Iterator[DomainError]:
    """Yield shapes whose results reach a report, and that lack a name, description, message or severity."""
    graph = checked.graph
    for shape in sorted(_reporting(checked.shapes)):
        predicates = graph.triples.get(shape, {}).keys()
        for name in ("name", "description", "message", "severity") if SH + "path" in predicates else ():
            if SH + name not in predicates:
                yield checked.error(f"property shape without sh:{name}", shape)
        if SH + "path" not in predicates and _OF_NODE_SHAPES & predicates and not _has_message(shape, graph):
            yield checked.error("node shape with constraints but without sh:message", shape)


def nameless(checked: Checked) -> Iterator[DomainError]:
    """Yield shapes with a property shape that reports cannot name."""
    for shape in sorted(_reporting(checked.shapes)):
        if any(isinstance(value, BlankNode) for value in checked.graph.objects(shape, SH + "property")):
            hint = "name it, so that reports can"
            yield checked.error("property shape without an IRI", shape, hint=hint)


def _reporting(shapes: ShapesGraph) -> set[str]:
    """The shapes with a target, and their property shapes."""
    found: set[str] = set()
    queue = [shape.key for shape in shapes.shapes.values() if shape.targets]
    while queue:
        key = queue.pop()
        if key not in found:
            found.add(key)
            shape = shapes.shapes.get(key)
            queue += map(key_of, shape.values("property") if shape else ())
    return found


def _has_message(shape: str, graph: DomainGraph) -> bool:
    constraints = graph.objects(shape, SH + "sparql")
    own = bool(constraints) and all(graph.objects(key_of(c), SH + "message") for c in constraints)
    return own or bool(graph.objects(shape, SH + "message"))

"""Which rules read a part of a noun phrase for a node."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.model import PartRule, PropertyShape
from .context import Context
from .nodes import Node


def part_rules(context: Context, node: Node, part: str) -> Iterator[tuple[PartRule, PropertyShape]]:
    """The rules for a part whose property the node may have, those of the nearest class first."""
    domain = context.domain
    found = []
    for rule in (rule for rule in domain.parts if rule.part == part):
        shape = domain.property_shapes[rule.fills]
        target = domain.node_shapes[shape.node_shape].target
        depths = [
            domain.ancestors[cls].index(target)
            for cls in node.types
            if target in domain.ancestors.get(cls, ())
        ]
        is_top = not any(cls in domain.shapes_of_class for cls in domain.ancestors[target][1:])
        if depths or is_top:
            found.append((min(depths, default=99), rule.iri, rule, shape))
    yield from ((rule, shape) for _, _, rule, shape in sorted(found, key=lambda one: one[:2]))

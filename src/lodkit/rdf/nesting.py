"""Blank nodes that are written where they are used: ``[ … ]`` and ``( … )`` (Turtle §2.6, §2.8)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .nodes import NOTHING, shared_nodes
from .quads import RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from .nodes import Nodes

FIRST, REST, NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"

_LABEL = re.compile(r"_:[^ ]+")  # and what looks like one in a text, which does no harm

DEEPEST = 16
"""How many brackets are written inside each other; what is deeper keeps its label."""


@dataclass(frozen=True, slots=True)
class Nesting:
    """Which blank nodes of a graph are written inside: ``lists`` by their first cell, with their members, and
    ``nested`` ones; ``cells`` are the others of the lists. ``unused`` ones are the object of nothing.
    """

    lists: Mapping[str, tuple[str, ...]]
    nested: frozenset[str]
    cells: frozenset[str]
    unused: frozenset[str]

    def is_inside(self, node: str) -> bool:
        """Tell whether a node is written where it is used."""
        return node in self.nested or node in self.lists or node in self.cells


FLAT = Nesting({}, frozenset(), frozenset(), frozenset())
"""Each term is written by its name: there are no blank nodes and no lists."""


def nestings_of(graphs: Mapping[str, Nodes], terms: Collection[str]) -> dict[str, Nesting]:
    """Return the nesting of each graph; ``terms`` are those of all graphs. What a triple term speaks of
    (RDF 1.2) keeps its label.
    """
    if not any(term[0] == "_" or term == NIL for term in terms):
        return dict.fromkeys(graphs, FLAT)
    in_triples = (label for term in terms if term.startswith("<<") for label in _LABEL.findall(term))
    shared = shared_nodes(graphs).union(in_triples)
    return {graph: nesting_of(nodes, shared) for graph, nodes in graphs.items()}


def nesting_of(nodes: Nodes, elsewhere: Collection[str] = ()) -> Nesting:
    """Return which blank nodes are the object of one triple only, so that they need no label; none of
    ``elsewhere``, which other graphs speak of, and none that leads back to itself.
    """
    uses = Counter(value for _, values in nodes.values() for value in values if value.startswith("_:"))
    holders = {
        value: (subject, predicate)
        for subject, said in nodes.items()
        for predicate, value in zip(*said, strict=True)
        if value.startswith("_:") and uses[value] == 1 and value not in elsewhere
    }
    lists = {
        head: members
        for head, (_, predicate) in holders.items()
        if predicate != REST and (members := _members(nodes, holders, head)) is not None
    }
    cells = frozenset(cell for head in lists for cell in _cells(nodes, head)) - lists.keys()
    inside = _with_measure(nodes, holders, cells)
    kept = {head: members for head, members in lists.items() if head in inside}
    own_cells = frozenset(cell for head in kept for cell in _cells(nodes, head)) - kept.keys()
    unused = {node for node in nodes if node.startswith("_:") and node not in uses and node not in elsewhere}
    return Nesting(kept, frozenset(inside - kept.keys() - cells), own_cells, frozenset(unused))


def _members(nodes: Nodes, holders: Mapping[str, tuple[str, str]], head: str) -> tuple[str, ...] | None:
    """The members of a list that is one, and nothing besides; None of any other node."""
    members: list[str] = []
    seen: set[str] = set()
    cell = head
    while cell != NIL:
        predicates, values = nodes.get(cell, NOTHING)
        if tuple(predicates) != (FIRST, REST) or cell in seen or cell not in holders:
            return None
        seen.add(cell)
        member, cell = values
        members.append(member)
    return tuple(members)


def _cells(nodes: Nodes, head: str) -> Iterator[str]:
    cell = head
    while cell != NIL:
        yield cell
        cell = nodes[cell][1][1]


def _with_measure(nodes: Nodes, holders: Mapping[str, tuple[str, str]], cells: Collection[str]) -> set[str]:
    """The nodes that can stand inside what holds them, down to `DEEPEST`; those of circles cannot."""
    depths: dict[str, int] = {}
    for start in holders:
        way: dict[str, None] = {}
        node = start
        while node in holders and node not in depths and node not in way:
            way[node] = None
            node = holders[node][0]
        steps = list(way)
        if node in way:  # a circle
            depths |= dict.fromkeys(steps[steps.index(node) :], 0)
        for inner in reversed(steps):
            if inner not in depths:
                outer = depths.get(holders[inner][0], 0)
                own = outer if inner in cells else outer + 1
                depths[inner] = 0 if own > DEEPEST else own
    return {node for node, depth in depths.items() if depth}

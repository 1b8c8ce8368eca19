"""Quads by graph and subject, as terms of N-Triples: what the writers for people work on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING

from .lines import quad_lines
from .quads import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

_LITERAL = re.compile(r'(".*")(?:@([A-Za-z0-9-]+?)(?:--(ltr|rtl))?|\^\^<([^" ]*)>)?', re.DOTALL)

Nodes = dict[str, set[tuple[str, str]]]
"""Subjects with their predicates and objects."""


def graphs_of(quads: Iterable[Quad]) -> dict[str, Nodes]:
    """Return the nodes of each graph; the default graph is ``""``."""
    graphs: dict[str, Nodes] = {}
    for line in quad_lines(quads):
        subject, predicate, rest = line[:-2].split(" ", 2)
        value, _, graph = rest.rpartition(" ")
        # Neither an IRI nor a blank node holds a quotation mark, so the last word of a literal is no graph.
        if not value or '"' in graph or not graph.startswith(("<", "_:")):
            value, graph = rest, ""
        graphs.setdefault(graph, {}).setdefault(subject, set()).add((predicate, value))
    return graphs


def literal_parts(term: str) -> tuple[str, str | None, str | None, str | None]:
    """Return the quoted text of a literal, its language, base direction and datatype; None of what it has
    not. The escapes of canonical N-Triples are those of JSON (RFC 8259 §7).

    >>> literal_parts('"a"@he--rtl'), literal_parts('"1"^^<x:t>')
    (('"a"', 'he', 'rtl', None), ('"1"', None, None, 'x:t'))
    """
    found = _LITERAL.fullmatch(term)
    assert found is not None, term
    text, language, direction, datatype = found.groups()
    return text, language, direction, datatype


def term_order(term: str) -> str:
    """Return what a term is sorted by: an IRI's own characters, any other term as it is."""
    return term[1:-1] if term[0] == "<" else term


def merged(graphs: Mapping[str, Nodes]) -> Nodes:
    """Return the nodes of all graphs as those of one."""
    nodes: Nodes = {}
    for graph in graphs.values():
        for subject, pairs in graph.items():
            nodes.setdefault(subject, set()).update(pairs)
    return nodes


def in_order(graphs: Mapping[str, Nodes]) -> list[str]:
    """Return the names of graphs, an article's facts before its evidence."""
    return sorted(graphs, key=_graph_order)


def _graph_order(graph: str) -> tuple[str, bool, str]:
    iri = graph[1:-1]
    return iri.partition("#")[0], not iri.endswith(FACTS), iri


def shared_nodes(graphs: Mapping[str, Nodes]) -> frozenset[str]:
    """Return the blank nodes that several graphs speak of, or that name one: they need a label."""
    found: dict[str, str] = {}
    shared = {graph for graph in graphs if graph.startswith("_:")}
    for graph, nodes in graphs.items():
        objects = (value for pairs in nodes.values() for _, value in pairs)
        for node in chain(nodes, objects):
            if node.startswith("_:") and found.setdefault(node, graph) != graph:
                shared.add(node)
    return frozenset(shared)

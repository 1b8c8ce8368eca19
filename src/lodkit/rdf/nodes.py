"""Quads by graph and subject, as terms of N-Triples: what the writers for people work on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter, methodcaller
from typing import TYPE_CHECKING, NamedTuple

from .lines import encoded_lines
from .quads import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

Said = tuple[tuple[str, ...], tuple[str, ...]]
"""What is said of a subject: the predicates of its triples and their objects, sorted by both."""

NOTHING: Said = ((), ())

Nodes = dict[str, Said]
"""The subjects of a graph."""

_END = b" ."
_words = methodcaller("split", b" ", 2)  # subject, predicate, and the rest of a line


class _Terms(dict[bytes, str]):
    """Terms as texts, each made once: most of them come often."""

    def __missing__(self, term: bytes) -> str:
        self[term] = text = term.decode()
        return text


def graphs_of(quads: Iterable[Quad]) -> dict[str, Nodes]:
    """Return the nodes of each graph; the default graph is ``""``."""
    graphs: defaultdict[str, Nodes] = defaultdict(dict)
    text = _Terms().__getitem__
    for subject, lines in groupby(map(_words, encoded_lines(quads)), key=itemgetter(0)):
        _, predicates, rests = zip(*lines, strict=True)
        for graph, own, values in _by_graph(predicates, rests):
            graphs[text(graph)][text(subject)] = tuple(map(text, own)), tuple(map(text, values))
    return graphs


def _by_graph(
    predicates: Sequence[bytes], rests: Sequence[bytes]
) -> Iterator[tuple[bytes, Sequence[bytes], Sequence[bytes]]]:
    """Yield the graphs that speak of a subject, mostly one, each with the predicates and their objects."""
    graph = _graph_of(rests[0])
    ending = b" %b%b" % (graph, _END)
    values = [rest[: -len(ending)] for rest in rests if rest.endswith(ending)] if graph else []
    if len(values) == len(rests):
        yield graph, predicates, values
        return
    found: defaultdict[bytes, list[tuple[bytes, bytes]]] = defaultdict(list)
    for predicate, rest in zip(predicates, rests, strict=True):
        graph = _graph_of(rest)
        ending = b" %b%b" % (graph, _END) if graph else _END
        found[graph].append((predicate, rest[: -len(ending)]))
    for graph, pairs in found.items():
        own, objects = zip(*pairs, strict=True)
        yield graph, own, objects


def _graph_of(rest: bytes) -> bytes:
    """The graph at the end of a line, empty for the default graph.

    Neither an IRI nor a blank node holds a quotation mark, so the last word of a literal is no graph.
    """
    value, _, graph = rest.removesuffix(_END).rpartition(b" ")
    return graph if value and graph.startswith((b"<", b"_:")) and b'"' not in graph else b""


def spans(predicates: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each of the predicates of a subject, and where its objects begin and end.

    >>> list(spans(["a", "b", "b"]))
    [('a', 0, 1), ('b', 1, 3)]
    """
    start = 0
    for predicate, same in groupby(predicates):
        end = start + len(list(same))
        yield predicate, start, end
        start = end


def terms_of(graphs: Mapping[str, Nodes]) -> set[str]:
    """Return the subjects and objects of all graphs."""
    terms: set[str] = set()
    for nodes in graphs.values():
        terms.update(nodes, chain.from_iterable(values for _, values in nodes.values()))
    return terms


class LiteralParts(NamedTuple):
    """The quoted text of a literal, its datatype, language and base direction; None of what it has not."""

    text: str
    datatype: str | None = None
    language: str | None = None
    direction: str | None = None


def literal_parts(term: str) -> LiteralParts:
    """Return the parts of a literal. The escapes of canonical N-Triples are those of JSON (RFC 8259 §7).

    >>> literal_parts('"a"@he--rtl')
    LiteralParts(text='"a"', datatype=None, language='he', direction='rtl')
    >>> literal_parts('"1"^^<x:t>')
    LiteralParts(text='"1"', datatype='x:t', language=None, direction=None)
    """
    text, quote, rest = term.rpartition('"')
    if rest.startswith("^^<"):
        return LiteralParts(text + quote, rest[3:-1])
    if rest:
        language, _, direction = rest[1:].partition("--")
        return LiteralParts(text + quote, None, language, direction or None)
    return LiteralParts(term)


def term_order(term: str) -> str:
    """Return what a term is sorted by: an IRI's own characters, any other term as it is."""
    return term[1:-1] if term[0] == "<" else term


def merged(graphs: Mapping[str, Nodes]) -> Nodes:
    """Return the nodes of all graphs as those of one."""
    held: defaultdict[str, list[Said]] = defaultdict(list)
    for nodes in graphs.values():
        for subject, said in nodes.items():
            held[subject].append(said)
    return {subject: parts[0] if len(parts) == 1 else _united(parts) for subject, parts in held.items()}


def _united(parts: Iterable[Said]) -> Said:
    predicates, values = zip(
        *sorted({pair for said in parts for pair in zip(*said, strict=True)}), strict=True
    )
    return predicates, values


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
        objects = chain.from_iterable(values for _, values in nodes.values())
        for node in chain(nodes, objects):
            if node.startswith("_:") and found.setdefault(node, graph) != graph:
                shared.add(node)
    return frozenset(shared)

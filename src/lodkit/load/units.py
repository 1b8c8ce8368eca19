"""Quads grouped into what is replaced as one: an article with its two graphs, or a graph that is no
article's.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat

from ..errors import InputError
from ..rdf import EVIDENCE, FACTS, quad_lines
from ..rdf.quads import LK
from ..sandbox import TaskError, canonical
from ..statement import short_hash
from .regroup import regroup

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

DEFAULT_GRAPH = LK + "defaultGraph"
"""What stands for a store's default graph where the graphs of units are named."""

MOST_HELD = 300_000
"""How many quads are grouped in memory; more go through a temporary file."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is replaced as one, by its ``name``: the IRI of an article's document, or of a graph.

    ``quads`` has each quad once, as graphs do (RDF 1.1 Concepts §3), however often a file says it.
    ``graphs`` has the lines of N-Triples of each graph, evidence before facts; what is said of the
    name itself comes first,
    so that a load that stops is seen, then the rest in sorted order. ``digest`` is the
    SHA-256 of all quads as `lodkit export --format nq` writes them, in hexadecimal; ``skolemized`` counts
    blank nodes that became IRIs.
    """

    name: str
    graphs: Mapping[str, Sequence[str]]
    digest: str
    quads: Sequence[Quad]
    skolemized: int = 0

    @property
    def is_article(self) -> bool:
        """Whether this is an article."""
        return any(graph in (self.name + EVIDENCE, self.name + FACTS) for graph in self.graphs)

    @property
    def size(self) -> int:
        """The number of its triples, counted in each graph."""
        return sum(map(len, self.graphs.values()))


def make_unit(name: str, quads: Iterable[Quad]) -> Unit:
    """Return the unit of quads that all belong to one; blank nodes become IRIs, the same ones each time (RDF
    1.1 §3.5).
    """
    quads, skolemized = list(dict.fromkeys(quads)), 0
    lines = quad_lines(quads)
    if any("_:" in line for line in lines):  # a quick look
        quads, skolemized = _skolemized(name, quads)
        lines = quad_lines(quads)
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode())
    graphs = {quad.graph_name for quad in quads}
    names = sorted((getattr(graph, "value", DEFAULT_GRAPH) for graph in graphs), key=_evidence_first)
    return Unit(
        name, {graph: _lines_of(name, graph, lines) for graph in names}, digest.hexdigest(), quads, skolemized
    )


def _lines_of(name: str, graph: str, lines: Sequence[str]) -> list[str]:
    """The lines of a graph as N-Triples, those on the name itself first."""
    ending = " ." if graph == DEFAULT_GRAPH else f" <{graph}> ."
    cut, own = -len(ending), f"<{name}> "
    found = [f"{line[:cut]} ." for line in lines if line.endswith(ending)]
    return [line for line in found if line.startswith(own)] + [
        line for line in found if not line.startswith(own)
    ]


def genid(name: str) -> str:
    """Return what the IRIs begin with that stand for the blank nodes of a unit (RDF 1.1 §3.5)."""
    parts = urlsplit(name)
    return (
        f"{parts.scheme}://{parts.netloc}/.well-known/genid/{short_hash([name])}-"
        if parts.netloc
        else f"{name}{'-' if '#' in name else '#'}genid-"
    )


@dataclass(frozen=True, slots=True)
class Loose:
    """Triples that stand in no graph and belong to no article, and the ``graph`` that they are to go to,
    together with what stands in that graph already.
    """

    graph: str
    quads: list[Quad] = field(default_factory=list)

    def place(self, quads: Iterable[Quad]) -> None:
        """Take up triples that stand in no graph."""
        graph = graph_term(self.graph)
        self.quads.extend(Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)


def graph_term(name: str) -> NamedNode | DefaultGraph:
    """Return the graph of a name that a unit has for it."""
    return DefaultGraph() if name == DEFAULT_GRAPH else NamedNode(name)


def group_units(
    quads: Iterable[Quad],
    *,
    file: str | None = None,
    loose: Loose | None = None,
    most_held: int = MOST_HELD,
) -> Iterator[Unit]:
    """Yield the units of quads that come in any order, sorted by name.

    Triples outside named graphs are put back where their evidence says; the others go into ``loose``, which
    becomes a unit when all files are read. Memory is bounded by ``most_held`` quads or the largest unit.

    Raises:
        InputError: triples outside named graphs belong to no article, or a graph's name is a blank node.
    """
    held: dict[str, list[Quad]] = defaultdict(list)
    names: dict[NamedNode | BlankNode | DefaultGraph, str] = {}
    count = 0
    with closing(_Spill()) as spill:
        for graph, run in groupby(quads, attrgetter("graph_name")):
            name = names.get(graph)
            if name is None:
                name = names[graph] = _unit_of(graph, file)
            while part := list(islice(run, most_held - count)):
                held[name] += part
                count += len(part)
                if count >= most_held:
                    spill.add(held)
                    held, count = defaultdict(list), 0
        for name, group in spill.groups(held):
            if not name:
                articles, homeless = regroup(group)
                _put_aside(homeless, loose, file)
                yield from (make_unit(article, articles[article]) for article in sorted(articles))
            elif loose is not None and name == loose.graph:
                loose.quads.extend(group)
            else:
                yield make_unit(name, group)


def _put_aside(quads: Sequence[Quad], loose: Loose | None, file: str | None) -> None:
    """Take up triples that belong to no article, if it is said where they go."""
    if loose is not None:
        loose.place(quads)
    elif quads:
        message = f"in no graph and in no article's evidence: {len(quads)} of the triples"
        hint = (
            "say with --graph IRI, or --graph default, which graph they go to; lodkit build ARTICLE -o"
            " OUT.trig writes graphs"
        )
        raise InputError(message, file=file, hint=hint)


def _unit_of(graph: NamedNode | BlankNode | DefaultGraph, file: str | None) -> str:
    if isinstance(graph, DefaultGraph):
        return ""
    if not isinstance(graph, NamedNode):
        raise InputError("a graph is named by a blank node", file=file, hint="give it an IRI")
    name = graph.value.removesuffix(EVIDENCE).removesuffix(FACTS)
    if name == DEFAULT_GRAPH:
        hint = "it stands for the default graph of a store: --graph default loads into that"
        raise InputError("is no name for a graph of a file", file=file, term=name, hint=hint)
    return name


def _evidence_first(graph: str) -> tuple[bool, str]:
    return not graph.endswith(EVIDENCE), graph


def _named(name: str, quads: Iterable[Quad]) -> Iterable[Quad]:
    """Name blank nodes by what is said of them; in the sandbox, since the time grows fast with their
    likeness.
    """
    try:
        return canonical(quads)
    except TaskError as error:
        hint = error.hint or "give them IRIs"
        raise InputError(f"to tell its blank nodes apart {error.message}", term=name, hint=hint) from error


def _skolemized(name: str, quads: list[Quad]) -> tuple[list[Quad], int]:
    if not any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        return quads, 0
    base = _unused(genid(name), quads)
    found: set[str] = set()

    def term(node: Any) -> Any:
        if not isinstance(node, BlankNode):
            return node
        found.add(node.value)
        return NamedNode(base + node.value)

    return [
        Quad(term(quad.subject), quad.predicate, term(quad.object), quad.graph_name)
        for quad in _named(name, quads)
    ], len(found)


def _unused(base: str, quads: Iterable[Quad]) -> str:
    """Return the beginning, made longer while an IRI of the quads begins so: a node without a name is none of
    those that have one.
    """
    taken = {
        term.value
        for quad in quads
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(base)
    }
    while any(iri.startswith(base) for iri in taken):
        base += "x"
    return base


class _Spill:
    """Groups that do not fit into memory, in a temporary file that SQLite sorts."""

    def __init__(self) -> None:
        self._file: sqlite3.Connection | None = None

    def add(self, groups: Mapping[str, Sequence[Quad]]) -> None:
        if self._file is None:
            import sqlite3

            self._file = sqlite3.connect("")  # a file that has no name, deleted when it is closed
            self._file.execute("CREATE TABLE part (name TEXT, quads BLOB)")
        rows = (
            (name, pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)) for name, quads in groups.items()
        )
        self._file.executemany("INSERT INTO part VALUES (?, ?)", rows)

    def groups(self, held: Mapping[str, Sequence[Quad]]) -> Iterator[tuple[str, Iterable[Quad]]]:
        if self._file is None:
            yield from sorted(held.items())
            return
        self.add(held)
        parts = self._file.execute("SELECT name, quads FROM part ORDER BY name COLLATE BINARY, rowid")
        for name, group in groupby(parts, key=lambda part: part[0]):
            yield (
                name,
                [quad for _, data in group for quad in pyoxigraph.parse(data, format=RdfFormat.N_QUADS)],
            )

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

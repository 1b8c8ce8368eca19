"""How articles lie in a store, and the SPARQL that finds, counts, reads and removes one: two graphs each, or
all in one graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..errors import StoreError
from ..rdf import EVIDENCE, FACTS
from ..rdf.quads import LK, NIF, PROV, RDF
from .units import DEFAULT_GRAPH, genid

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from .units import Unit

LOADS = LK + "loads"
"""The graph of the digests in the layout ``graphs``; in ``merged`` they are in the one graph too."""

DIGEST = LK + "digest"

SEAL, GENERATION = LK.removesuffix("core#") + "store", LK + "generation"
"""The subject and the property of the triple that the end of each load leaves in an embedded store."""

PREFIXES = f"PREFIX lk: <{LK}>\nPREFIX nif: <{NIF}>\nPREFIX prov: <{PROV}>\nPREFIX rdf: <{RDF}>\n"


@lru_cache(maxsize=10_000)
def iri(name: str) -> str:
    """Return an IRI as it stands in SPARQL; it holds nothing that would end it, nor a text in quotes.

    Raises:
        StoreError: it is no IRI.
    """
    try:
        return str(NamedNode(name))
    except ValueError as error:
        raise StoreError(f"a name that is no IRI: {name!r}") from error


def _text(name: str) -> str:
    """Return an IRI as it stands between quotes."""
    return iri(name)[1:-1]


def counting(patterns: Iterable[str]) -> str:
    """Return the query whose one row has how often each pattern matches, as ``?n0``, ``?n1`` and so on."""
    parts = [
        f"{{ SELECT (COUNT(*) AS ?n{number}) {{ {pattern} }} }}" for number, pattern in enumerate(patterns)
    ]
    return f"{PREFIXES}SELECT * {{ {' '.join(parts)} }}"


def sizes(graphs: Iterable[str]) -> str:
    """Return the query for the number of triples, ``?n``, of each ``?graph`` that has any."""
    values = " ".join(map(iri, graphs))
    return (
        f"SELECT ?graph (COUNT(*) AS ?n) {{ VALUES ?graph {{ {values} }} GRAPH ?graph {{ ?s ?p ?o }} }} GROUP"
        " BY ?graph"
    )


@dataclass(frozen=True, slots=True)
class Graphs:
    """Each article in two graphs of its own, and the digests in a graph of theirs; the default graph is one
    like others, for questions that do not see the union.
    """

    name = "graphs"

    def target(self, graph: str) -> str:
        """Return the graph that the triples of a unit's graph go to, empty for the default graph."""
        return "" if graph == DEFAULT_GRAPH else graph

    def data(self, graph: str, triples: str) -> str:
        """Return triples, or a pattern, as they stand in braces for a unit's graph."""
        return triples if graph == DEFAULT_GRAPH else f"GRAPH {iri(graph)} {{ {triples} }}"

    def digests(self, document: str = "?document") -> str:
        """Return the pattern of the digest triples."""
        return self.data(LOADS, f"{document} <{DIGEST}> ?digest")

    def anywhere(self, pattern: str) -> str:
        """Return a pattern as it matches in any unit's graph."""
        return f"GRAPH ?anywhere {{ {pattern} }}"

    def state(self, name: str) -> str:
        """Return the query for a unit's state: a row for its digest, a row without one where it is there and
        not finished.
        """
        return f"SELECT ?digest {{ {self.digests(iri(name))} }}"

    def removal(self, name: str, kept: Container[str], *, is_article: bool, is_whole: bool) -> list[str]:
        """Return the updates that remove a unit, but for the graphs that will be put anew."""
        graphs = (name + EVIDENCE, name + FACTS) if is_article else (name,)
        gone = [graph for graph in graphs if graph not in kept]
        return [
            f"DROP SILENT {'DEFAULT' if graph == DEFAULT_GRAPH else f'GRAPH {iri(graph)}'}" for graph in gone
        ]

    def beginning(self, name: str, *, is_article: bool) -> list[str]:
        """Return the updates after which a load that stops is seen to be unfinished: none, since what has no
        digest is unfinished.
        """
        return []

    def pattern(self, name: str, graph: str, *, is_article: bool) -> str:
        """Return the pattern ``?s ?p ?o`` of the triples of a unit's graph."""
        return self.data(graph, "?s ?p ?o")

    def expected(self, unit: Unit) -> list[int]:
        """Return how often the pattern of each graph of a unit should match."""
        return [len(lines) for lines in unit.graphs.values()]


@dataclass(frozen=True, slots=True)
class Merged:
    """Everything in one graph, the default graph where ``graph`` is empty: for stores whose default graph is
    no union.

    A fact is taken away with an article only where no other article's asserted statement has it.
    """

    graph: str = ""
    name = "merged"

    def target(self, graph: str) -> str:
        """Return the one graph."""
        return self.graph

    def data(self, graph: str, triples: str) -> str:
        """Return triples, or a pattern, as they stand in braces."""
        return f"GRAPH {iri(self.graph)} {{ {triples} }}" if self.graph else triples

    def digests(self, document: str = "?document") -> str:
        """Return the pattern of the digest triples."""
        return self.data(LOADS, f"{document} <{DIGEST}> ?digest")

    def anywhere(self, pattern: str) -> str:
        """Return a pattern as it matches in any unit's graph."""
        return self.data("", pattern)

    def state(self, name: str) -> str:
        """Return the query for a unit's state: a row for its digest, a row without one where it is there and
        not finished.
        """
        pattern = self.data("", f"{iri(name)} ?p ?o . OPTIONAL {{ {iri(name)} <{DIGEST}> ?digest }}")
        return f"SELECT DISTINCT ?digest {{ {pattern} }}"

    def removal(self, name: str, kept: Container[str], *, is_article: bool, is_whole: bool) -> list[str]:
        """Return the updates that remove a unit; the parts of one that is not whole are found by their names:
        they may not hang together.

        Of what is no article (the ontology), what has a name of its own goes; what it says of others' terms
        stays.
        """
        own = f"DELETE WHERE {{ {self.data('', f'{iri(name)} ?p ?o')} }}"
        if not is_article:
            return [self._delete(f"?s ?p ?o . {_named_under(name)}"), own]
        parts = _parts(name) if is_whole else [f'FILTER(STRSTARTS(STR(?s), "{_text(name)}#"))']
        facts = [self._delete(pattern) for pattern in _unsupported(name)]
        return [*facts, *(self._delete(f"{part} ?s ?p ?o") for part in parts), own]

    def beginning(self, name: str, *, is_article: bool) -> list[str]:
        """Return the updates after which a load that stops is seen to be unfinished: the article is there,
        and has no digest.
        """
        kind = f"<{LK}Article>" if is_article else "<http://www.w3.org/2002/07/owl#Ontology>"
        return [f"INSERT DATA {{ {self.data('', f'{iri(name)} <{RDF}type> {kind}')} }}"]

    def pattern(self, name: str, graph: str, *, is_article: bool) -> str:
        """Return the pattern ``?s ?p ?o`` of the triples of a unit's graph; of what is no article, those of
        what has a name of its own.
        """
        if not is_article:
            return self.data("", f"?s ?p ?o . {_named_under(name)} FILTER(?p != <{DIGEST}>)")
        if graph.endswith(FACTS):
            read = _either(f"{statements} {_ASSERTED} ?s ?p ?o" for statements in _statements(name))
            return self.data("", f"{{ SELECT DISTINCT ?s ?p ?o {{ {read} }} }}")
        own = f"{iri(name)} ?p ?o . FILTER(?p != <{DIGEST}>) BIND({iri(name)} AS ?s)"
        return self.data("", _either([own, *(f"{part} ?s ?p ?o" for part in _parts(name))]))

    def expected(self, unit: Unit) -> list[int]:
        """Return how often the pattern of each graph of a unit should match."""
        if unit.is_article:
            return [len(lines) for lines in unit.graphs.values()]
        own = (f"<{unit.name}>", f"<{unit.name}#", f"<{genid(unit.name)}")
        return [sum(line.startswith(own) for line in lines) for lines in unit.graphs.values()]

    def _delete(self, pattern: str) -> str:
        return f"DELETE {{ {self.data('', '?s ?p ?o')} }} WHERE {{ {self.data('', pattern)} }}"


Layout = Graphs | Merged

_ASSERTED = "?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; lk:modality lk:asserted ."


def _either(patterns: Iterable[str]) -> str:
    return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)


def _near(document: str, node: str) -> str:
    """What stands in the document itself: its sections, its rows, places before the first heading."""
    return f"{node} lk:section {iri(document)} ."


def _far(document: str, node: str) -> str:
    """Places in sections and rows."""
    return f"{_near(document, '?around')} {node} lk:section ?around ."


def _statements(document: str, node: str = "?statement") -> Sequence[str]:
    """The statements by where they were read. Each is a pattern of its own: what is joined to a UNION, stores
    look up for all documents.
    """
    return [f"{find(document, '?place')} {node} prov:wasDerivedFrom ?place ." for find in (_near, _far)]


def _parts(document: str) -> Sequence[str]:
    """The evidence as ``?s``: statements, then what they stand on, then the text, so that each is found while
    the next is there.
    """
    return [
        *_statements(document, "?s"),
        _far(document, "?s"),
        _near(document, "?s"),
        f"?s nif:sourceUrl {iri(document)} .",
    ]


def _unsupported(document: str) -> Sequence[str]:
    elsewhere = (
        f'{_ASSERTED.replace("?statement", "?other")} FILTER(!STRSTARTS(STR(?other), "{_text(document)}#"))'
    )
    return [
        f"{statements} {_ASSERTED} FILTER NOT EXISTS {{ {elsewhere} }}"
        for statements in _statements(document)
    ]


def _named_under(name: str) -> str:
    return (
        f'FILTER(STR(?s) = "{_text(name)}" || STRSTARTS(STR(?s), "{_text(name)}#")'
        f' || STRSTARTS(STR(?s), "{_text(genid(name))}"))'
    )

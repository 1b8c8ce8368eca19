"""Quads as rdflib graphs, for Python users. rdflib is imported when asked for: it costs 80 ms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from ..errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import rdflib

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(quads: Iterable[Quad], *, prefixes: Mapping[str, str] | None = None) -> rdflib.Dataset:
    """Return quads as a data set; its default graph is the union of all graphs, lexical forms are kept.

    Raises:
        InputError: a term is a triple (RDF 1.2), which rdflib does not hold.
    """
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    _bind(dataset, prefixes)
    term = _terms()
    graphs: dict[Any, rdflib.Graph] = {DefaultGraph(): dataset.default_graph}
    for quad in quads:
        graph = graphs.get(quad.graph_name)
        if graph is None:
            graph = graphs[quad.graph_name] = dataset.graph(term(quad.graph_name))
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return dataset


def to_graph(quads: Iterable[Quad], *, prefixes: Mapping[str, str] | None = None) -> rdflib.Graph:
    """Return the triples of quads as one graph; lexical forms are kept.

    Raises:
        InputError: a term is a triple (RDF 1.2), which rdflib does not hold.
    """
    import rdflib

    graph = rdflib.Graph()
    _bind(graph, prefixes)
    term = _terms()
    for quad in quads:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _bind(graph: rdflib.Graph, prefixes: Mapping[str, str] | None) -> None:
    for prefix, namespace in (prefixes or {}).items():
        graph.bind(prefix, namespace, override=True, replace=True)


def _terms() -> Callable[[Any], Any]:
    """Return a function from pyoxigraph's terms to rdflib's that makes each once."""
    import rdflib

    made: dict[Any, Any] = {}
    makers: dict[type, Callable[[Any], Any]] = {
        NamedNode: lambda term: rdflib.URIRef(term.value),
        BlankNode: lambda term: rdflib.BNode(term.value),
        Literal: _literal,
    }

    def term(oxigraph: Any) -> Any:
        found = made.get(oxigraph)
        if found is None:
            maker = makers.get(type(oxigraph))
            if maker is None:
                raise InputError(
                    "a triple as a term (RDF 1.2) does not fit into rdflib", hint="export as N-Quads instead"
                )
            found = made[oxigraph] = maker(oxigraph)
        return found

    return term


def _literal(term: Literal) -> Any:
    """Keep the text's form: rdflib would rewrite ``01`` to ``1`` and drop digits of times (``normalize``)."""
    import rdflib

    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == XSD_STRING:
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)

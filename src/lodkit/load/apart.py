"""Several files as one data set to ask, in which each speaks for itself only."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol

from pyoxigraph import DefaultGraph, NamedNode, Quad

from ..errors import InputError
from ..rdf import EVIDENCE, FACTS, renamed
from ..store import Store
from .claims import document_of
from .regroup import regroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .claims import Kinds


class DataSet(Protocol):
    """What quads are added to and asked for: a store in memory, or a session in the sandbox."""

    def add(self, quads: Iterable[Quad]) -> None: ...
    def solutions(self, query: str) -> Iterable[Any]: ...


def add_apart(store: DataSet, sources: Sequence[tuple[str, Iterable[Quad]]]) -> None:
    """Put the quads of several sources into a data set, each with its name.

    Blank nodes of two sources stay two; what Turtle merged is put back into the graphs of its articles; and
    an article comes from one source, or is the same in all.

    Raises:
        InputError: a source speaks for what is not its own, or two have an article in different versions.
    """
    first: dict[str, str] = {}
    for number, (file, quads) in enumerate(sources, start=1):
        apart = renamed(quads, f"f{number}_") if len(sources) > 1 else quads
        documents: set[str] = set()
        again: dict[str, list[Quad]] = defaultdict(list)
        try:
            store.add(_new(apart, first, documents, again))
        except InputError as error:
            if error.file is not None:
                raise
            raise InputError(error.message, file=file, term=error.term, hint=error.hint) from error
        for document in sorted(again):
            _refuse_another_version(store, document, again[document], (first[document], file))
        first |= dict.fromkeys(documents, file)


def _new(
    quads: Iterable[Quad], first: Mapping[str, str], documents: set[str], again: dict[str, list[Quad]]
) -> Iterator[Quad]:
    """Yield the quads of articles that no source had before, and of no article."""
    kinds: Kinds = {}
    for quad in _in_graphs(quads):
        document = document_of(quad, kinds)
        if document in first:
            again[document].append(quad)
        else:
            if document:
                documents.add(document)
            yield quad


def _in_graphs(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield quads with those outside of graphs last, put back where their evidence says; all are checked."""
    loose = []
    for quad in quads:
        if isinstance(quad.graph_name, DefaultGraph):
            loose.append(quad)
        else:
            yield quad
    articles, homeless = regroup(loose)
    placed = [quad for document in sorted(articles) for quad in articles[document]]
    if homeless:
        held = {(quad.subject, quad.predicate, quad.object) for quad in placed}
        placed += [quad for quad in loose if (quad.subject, quad.predicate, quad.object) not in held]
    yield from placed


def _refuse_another_version(store: DataSet, document: str, quads: list[Quad], files: tuple[str, str]) -> None:
    graphs = [document + EVIDENCE, document + FACTS]
    same = Store()  # which holds numbers as the other store does
    same.add(quads)
    held = {_of_row(row, graph) for graph in graphs for row in store.solutions(_ALL.format(graph=graph))}
    if held != set(same):
        message = f"is another version of the article than in {files[0]}"
        raise InputError(message, file=files[1], term=document, hint="ask one of the two")


_ALL = "SELECT ?s ?p ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def _of_row(row: Any, graph: str) -> Quad:
    return Quad(row["s"], row["p"], row["o"], NamedNode(graph))

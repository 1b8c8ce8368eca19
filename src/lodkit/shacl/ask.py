"""Where the queries of shapes are asked: a store, here or in the sandbox, that is filled with what they look
at when they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    Store,
)

from ..errors import LimitError, QueryError, StoreError
from ..sparql import blank_quad, evaluate_prebound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..domain import DomainGraph
    from ..domain.graph import Term
    from ..domain.shapes import Query, Shape, ShapesGraph
    from .data import Data

SHAPES_GRAPH = NamedNode("urn:x-lodkit:shapes")
"""The name of the shapes graph in queries that use ``$shapesGraph`` (SHACL §5.3.1)."""

_ABOUT_SHAPES = ("shapesGraph", "currentShape")
Row = dict[str, "Term"]


class Asking:
    """Answers the queries of the shapes of a graph over some data, each of them with values for variables.

    Used as a context: at its end the store, or the child process that holds it, is gone.
    """

    def __init__(self, data: Data, shapes: ShapesGraph, *, is_foreign: bool = False) -> None:
        """Open nothing yet; ``is_foreign`` tells that shapes or data are not lodkit's own."""
        self._data = data
        self._shapes = shapes
        self.is_foreign = is_foreign
        self._place: _Here | _Sandbox | None = None
        self._blank: set[BlankNode] = set()
        self._has_shapes = False
        self._held: set[NamedNode] = set()
        self._is_full = False

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._place is not None:
            self._place.close()

    def solutions(
        self, query: Query, text: str, rows: Sequence[Mapping[str, Term]], shape: Shape
    ) -> list[Row] | bool:
        """Return the solutions of a SELECT with rows of values for variables, each solution as the
        variables that are bound, or the truth value of an ASK with one row.

        Raises:
            DomainError: the query is not SPARQL, or says that it failed.
            LimitError: it takes too much.
        """
        name = "ask" if query.ask else "select"
        graph = self._shapes.graph
        if any(variable in text for variable in _ABOUT_SHAPES):
            self._add_shapes()
            about: dict[str, Term] = {"shapesGraph": SHAPES_GRAPH, "currentShape": shape.node}
            rows = [{**row, **about} for row in rows]
        try:
            return self._answer(query, text, rows)
        except (QueryError, StoreError, ValueError, RuntimeError) as error:
            reason = getattr(error, "message", None) or error
            raise graph.error(f"sh:{name}: {reason}", shape.key) from None
        except LimitError as error:
            where = graph.error("", shape.key)
            raise LimitError(
                f"sh:{name}: {error.message}",
                file=where.file,
                line=where.line,
                term=where.term,
                hint=error.hint,
            ) from None

    def _answer(self, query: Query, text: str, rows: Sequence[Mapping[str, Term]]) -> list[Row] | bool:
        place = self._opened()
        self._fill(place, query.reads)
        for term in {term for row in rows for term in row.values() if isinstance(term, BlankNode)}:
            if term not in self._blank:
                self._blank.add(term)
                place.add([blank_quad(term)])
        written = [{name: str(term) for name, term in row.items()} for row in rows]
        found = place.ask(text, written, query.prefixes)
        if isinstance(found, bool) != query.ask:
            raise QueryError("the query has no truth value" if query.ask else "the query has no rows")
        if isinstance(found, bool):
            return found
        solutions = list(found)
        if any(_is_true(solution.get("failure")) for solution in solutions):
            raise QueryError("the query reports a failure")
        return solutions

    def _opened(self) -> _Here | _Sandbox:
        if self._place is None:
            self._place = (_Sandbox if self.is_foreign else _Here)()
        return self._place

    def _fill(self, place: _Here | _Sandbox, reads: frozenset[str] | None) -> None:
        """Add the triples with some predicates that are not there yet; with None all triples."""
        if self._is_full:
            return
        if reads is None:
            self._is_full = True
            place.add(Quad(*triple) for triple in self._data.triples)
            return
        new = {NamedNode(iri) for iri in reads} - self._held
        self._held |= new
        if new:
            place.add(self._quads(sorted(new, key=str)))

    def _quads(self, predicates: Iterable[NamedNode]) -> Iterator[Quad]:
        for predicate in predicates:
            for subject, values in self._data.objects(predicate).items():
                for value in values:
                    yield Quad(subject, predicate, value)  # type: ignore[arg-type]

    def _add_shapes(self) -> None:
        if not self._has_shapes:
            self._has_shapes = True
            triples = _triples(self._shapes.graph)
            self._opened().add([Quad(s, p, o, SHAPES_GRAPH) for s, p, o in triples])


def _is_true(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.value in ("true", "1")


def _triples(graph: DomainGraph) -> Iterator[tuple[Any, NamedNode, Term]]:
    for key, predicates in graph.triples.items():
        node = BlankNode(key[2:]) if key.startswith("_:") else NamedNode(key) if key[:2] != "<<" else None
        if node is not None:
            for predicate, values in predicates.items():
                yield from ((node, NamedNode(predicate), value) for value in values)


class _Here:
    """A store in this process."""

    def __init__(self) -> None:
        self._store = Store()

    def add(self, quads: Iterable[Quad]) -> None:
        self._store.extend(quads)

    def ask(
        self, text: str, rows: Sequence[Mapping[str, str]], prefixes: Mapping[str, str]
    ) -> Iterator[Row] | bool:
        found = evaluate_prebound(self._store, text, rows, prefixes=prefixes)
        if isinstance(found, QueryBoolean):
            return bool(found)
        if not isinstance(found, QuerySolutions):
            raise QueryError("the query has no rows")
        return _rows(found.variables, found)

    def close(self) -> None:
        """Let go of the store."""
        self._store = Store()


class _Sandbox:
    """A store in a child process."""

    def __init__(self) -> None:
        from ..sandbox import Session

        self._session = Session()

    def add(self, quads: Iterable[Quad]) -> None:
        self._session.add(quads)

    def ask(
        self, text: str, rows: Sequence[Mapping[str, str]], prefixes: Mapping[str, str]
    ) -> Iterator[Row] | bool:
        found = self._session.prebound(text, rows, prefixes=prefixes)
        return found if isinstance(found, bool) else _rows(found.variables, found)

    def close(self) -> None:
        """End the child."""
        self._session.close()


def _rows(variables: Sequence[Any], solutions: Iterable[Any]) -> Iterator[Row]:
    names = [(variable.value, variable) for variable in variables]
    for solution in solutions:
        yield {name: solution[variable] for name, variable in names if solution[variable] is not None}

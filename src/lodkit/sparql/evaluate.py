"""The only place where the engine gets SPARQL to work on, so that nothing reaches it past the guard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples

from ..errors import QueryError
from .guard import refuse_fetching, refuse_unsafe
from .prebinding import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyoxigraph import BlankNode, Literal, Triple, Variable

_POSITION = re.compile(r"error at (\d+):(\d+): ")

Answer = QuerySolutions | QueryBoolean | QueryTriples


def evaluate(
    store: pyoxigraph.Store,
    text: str,
    *,
    prefixes: Mapping[str, str] | None = None,
    substitutions: Mapping[Variable, NamedNode | BlankNode | Literal | Triple] | None = None,
    union: bool = False,
) -> Answer:
    """Answer a query on the engine; with ``union`` its default graph is the union of all graphs.

    Raises:
        QueryError: the query is not SPARQL, or reaches out of the store; with line and column.
        LimitError: its brackets stand too deep in each other.
        OSError, RuntimeError: the store or the evaluation fails.
    """
    refuse_unsafe(text)
    try:
        return _answered(store, text, prefixes, dict(substitutions or {}), union=union)
    except SyntaxError as error:
        raise _not_sparql(error) from error


def _answered(
    store: pyoxigraph.Store,
    text: str,
    prefixes: Mapping[str, str] | None,
    substitutions: dict[Any, Any] | None = None,
    *,
    union: bool = False,
) -> Answer:
    """Give a query to the engine that was found safe."""
    return store.query(
        text,
        use_default_graph_as_union=union,
        prefixes=dict(prefixes or {}),
        substitutions=substitutions or {},
    )


def evaluate_prebound(
    store: pyoxigraph.Store,
    text: str,
    rows: Sequence[Mapping[str, str]],
    *,
    prefixes: Mapping[str, str] | None = None,
) -> Answer:
    """Answer a query with pre-bound variables (SHACL §5.3.1): each row has their values, terms in
    N-Triples.

    A blank node has no form in a query: in a row that stands alone it is bound by way of a graph of its own
    in the store (`blank_quad`).

    Raises:
        QueryError: the query is not SPARQL, or reaches out of the store; with line and column.
        LimitError: its brackets stand too deep in each other.
        OSError, RuntimeError: the store or the evaluation fails.
    """
    patterns = "".join(
        f" GRAPH {BLANK_NODES} {{ {_blank_name(value)} {BLANK_NODES} ${name} }}"
        for name, value in rows[0].items()
        if value.startswith("_:")
    )
    plain = [{name: value for name, value in row.items() if not value.startswith("_:")} for row in rows]
    query = prepare(text).with_values(plain, patterns)
    try:
        return _answered(store, query, prefixes)
    except SyntaxError as error:
        raise _not_sparql(_as_written(text, prefixes) or error) from error


def _as_written(text: str, prefixes: Mapping[str, str] | None) -> SyntaxError | None:
    """What is wrong with a query, with line and column of the text without the values."""
    try:
        _answered(pyoxigraph.Store(), text, prefixes)
    except SyntaxError as error:
        return error
    return None


BLANK_NODES = NamedNode("urn:x-lodkit:blank-nodes")


def _blank_name(label: str) -> NamedNode:
    return NamedNode(f"{BLANK_NODES.value}:{label[2:]}")


def blank_quad(node: BlankNode) -> Quad:
    """Return what a store must hold in which a blank node is to be the value of a pre-bound variable."""
    return Quad(_blank_name(str(node)), BLANK_NODES, node, BLANK_NODES)


def change(store: pyoxigraph.Store, text: str) -> None:
    """Carry out an update on the engine, as one transaction.

    Raises:
        QueryError: it is not SPARQL, or would fetch something.
        OSError, RuntimeError: the store fails.
    """
    refuse_fetching(text)
    try:
        store.update(text)
    except SyntaxError as error:
        raise _not_sparql(error) from error


def _not_sparql(error: SyntaxError) -> QueryError:
    text = str(error.msg or error)
    found = _POSITION.match(text)
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    reason = (text[found.end() :] if found else text).split(", [")[0]
    return QueryError(f"not SPARQL: {reason}", line=line, column=column)

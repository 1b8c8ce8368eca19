"""The only place where the engine gets SPARQL to work on, so that nothing reaches it past the guard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from ..errors import QueryError
from .guard import refuse_fetching, refuse_unsafe

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

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
        return store.query(
            text,
            use_default_graph_as_union=union,
            prefixes=dict(prefixes or {}),
            substitutions=dict(substitutions or {}),
        )
    except SyntaxError as error:
        raise _not_sparql(error) from error


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

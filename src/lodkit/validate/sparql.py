"""SPARQL-based constraints (SHACL §5) in Oxigraph, because pySHACL takes 6 ms for each at each focus node.

Where shapes or data are not lodkit's own, they are evaluated in the sandbox.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Variable

from ..errors import LimitError, QueryError, StoreError
from ..sandbox import Session
from ..sparql import evaluate
from .graphs import Data, text_of
from .report import SH, Term
from .shacl import Finding, severity_of
from .shapes import Selection, declared_prefixes, key, path_text, with_properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pyoxigraph import Triple

    from ..domain import Domain

    Ask = Callable[[str, Mapping[str, str], Term], Any]

COMPONENT = SH + "SPARQLConstraintComponent"


def check_sparql(
    data: Data, selection: Selection, domain: Domain, *, is_foreign: bool = False
) -> list[Finding]:
    """Run the ``sh:sparql`` constraints of the selected shapes and of their property shapes.

    ``is_foreign`` tells that shapes or data are not lodkit's own.

    Raises:
        DomainError: a constraint's query is not SPARQL.
        LimitError: a query takes too much.
    """
    graph = domain.graph
    wanted = [
        (root, shape, constraint)
        for root in selection.focus
        for shape in with_properties(root, graph)
        for constraint in map(key, graph.objects(shape, SH + "sparql"))
        if "true" not in (graph.text(shape, SH + "deactivated"), graph.text(constraint, SH + "deactivated"))
    ]
    if not wanted:
        return []
    triples = (*data.triples, *selection.tree)
    with _asked_in_sandbox(triples) if is_foreign else _asked_here(triples) as ask:
        return [finding for item in wanted for finding in _run(*item, ask, selection, domain)]


@contextmanager
def _asked_here(triples: Iterable[Triple]) -> Iterator[Ask]:
    store = Store()
    store.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)

    def ask(text: str, prefixes: Mapping[str, str], node: Term) -> Any:
        found = evaluate(store, text, prefixes=prefixes, substitutions={Variable("this"): node})
        if not isinstance(found, QuerySolutions):
            raise QueryError("the query has no rows")
        return found

    yield ask


@contextmanager
def _asked_in_sandbox(triples: Iterable[Triple]) -> Iterator[Ask]:
    session = Session()
    try:
        session.load(
            [pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b""], RdfFormat.N_TRIPLES.media_type
        )
        yield lambda text, prefixes, node: session.solutions(text, prefixes=prefixes, this=str(node))
    finally:
        session.close()


def _run(
    root: str, shape: str, constraint: str, ask: Ask, selection: Selection, domain: Domain
) -> Iterator[Finding]:
    graph = domain.graph
    paths = [path_text(path, graph) for path in graph.objects(shape, SH + "path")]
    select = graph.text(constraint, SH + "select") or ""
    path = (paths[0] if "<" in paths[0] else f"<{paths[0]}>") if paths else ""
    text = re.sub(r"[$?]PATH\b", lambda _: path, select) if paths else select
    prefixes = declared_prefixes(constraint, graph)
    for node in sorted(selection.focus[root], key=str):
        try:
            # Pre-binding (SHACL §5.3.1): $this is projected by every such query.
            solutions = ask(text, prefixes, node)
            rows = dict.fromkeys(_bindings(solutions, solution) for solution in solutions)
        except (QueryError, StoreError, ValueError) as error:
            reason = getattr(error, "message", None) or error
            raise graph.error(f"sh:select: {reason}", selection.named(shape)) from None
        except LimitError as error:
            where = graph.error("", selection.named(shape))
            raise LimitError(
                f"sh:select: {error.message}",
                file=where.file,
                line=where.line,
                term=where.term,
                hint=error.hint,
            ) from None
        for row in rows:
            yield _finding(dict(row), node, shape, constraint, paths, domain)


def _bindings(solutions: Any, solution: Any) -> tuple[tuple[str, Term], ...]:
    return tuple((v.value, solution[v]) for v in solutions.variables if solution[v] is not None)


def _finding(
    row: Mapping[str, Term], node: Term, shape: str, constraint: str, paths: list[str], domain: Domain
) -> Finding:
    graph = domain.graph
    own = (
        graph.text(constraint, SH + "message")
        or graph.text(shape, SH + "message")
        or "The query of a constraint found this."
    )
    message = text_of(row["message"]) if "message" in row else own
    path = text_of(row["path"]) if "path" in row else next(iter(paths), None)
    value = row.get("value", None if paths else node)
    severity = next(iter(graph.iris(shape, SH + "severity")), "")
    return Finding(
        node,
        path,
        value,
        _filled(message, {"this": node, **row}, domain),
        severity_of(severity),
        shape,
        COMPONENT,
    )


def _filled(message: str, row: Mapping[str, Term], domain: Domain) -> str:
    """Put bindings where the message says ``{?name}`` or ``{$name}`` (SHACL §5.3.2)."""

    def word(found: re.Match[str]) -> str:
        term = row.get(found[1])
        return (
            found[0]
            if term is None
            else domain.compact(term.value)
            if isinstance(term, NamedNode)
            else text_of(term)
        )

    return " ".join(re.sub(r"\{[?$](\w+)\}", word, message).split())

"""Queries of SPARQL-based constraints and validators (SHACL §5, §6): their prefixes, and what is wrong with
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from ...errors import DomainError, LimitError, QueryError
from ...sparql import prebinding_faults, refuse_unsafe, significant, undeclared_prefixes
from ..graph import OWL, SH, XSD, DomainGraph, Term, key_of
from .model import Query

PREBOUND = frozenset({"shapesGraph", "currentShape"})
"""Variables that any query of a constraint may use, and that sub-selects need not return (SHACL, appendix
A).
"""

_OF_PREFIX = (XSD + "string", XSD + "anyURI")
_TEXTS = ("select", "ask", "construct", "update")


def read_query(graph: DomainGraph, node: Term) -> Query | None:
    """Read what a node says of a SELECT or ASK query; None if it holds none."""
    key = key_of(node)
    messages = tuple(term for term in graph.objects(key, SH + "message") if isinstance(term, Literal))
    prefixes = declared_prefixes(graph, key)
    text = graph.text(key, SH + "select")
    if text is not None:
        return Query(node, text, prefixes, messages)
    text = graph.text(key, SH + "ask")
    return None if text is None else Query(node, text, prefixes, messages, ask=True)


def declared_prefixes(graph: DomainGraph, node: str) -> dict[str, str]:
    """Return the prefixes that ``sh:prefixes`` leads to, also by ``owl:imports`` among the files at hand
    (SHACL §5.2.1).
    """
    found: dict[str, str] = {}
    for owner in _prefix_owners(graph, node):
        for term in graph.objects(owner, SH + "declare"):
            prefix = graph.text(key_of(term), SH + "prefix")
            namespace = graph.text(key_of(term), SH + "namespace")
            if prefix is not None and namespace is not None:
                found.setdefault(prefix, namespace)
    return found


def _prefix_owners(graph: DomainGraph, node: str) -> list[str]:
    owners = [key_of(term) for term in graph.objects(node, SH + "prefixes")]
    for owner in owners:  # grows while it is gone through
        imports = (key_of(term) for term in graph.objects(owner, OWL + "imports"))
        owners += [iri for iri in dict.fromkeys(imports) if iri not in owners]
    return owners


def text_faults(graph: DomainGraph) -> Iterator[DomainError]:
    """Yield what is wrong with the queries of a graph, whoever uses them: no text, or what would leave the
    data.
    """
    for subject, predicates in graph.triples.items():
        for name in _TEXTS:
            for value in predicates.get(SH + name, ()):
                if not isinstance(value, Literal):
                    yield graph.error(f"sh:{name} is not a text", subject)
                elif (error := _unsafe(graph, subject, name, value.value)) is not None:
                    yield error


def _unsafe(graph: DomainGraph, subject: str, name: str, text: str) -> DomainError | None:
    try:
        refuse_unsafe(text)
    except (LimitError, QueryError) as error:
        reason = f"{error.term}: {error.message}" if error.term else error.message
        found = graph.error(f"sh:{name} is refused: {reason}", subject, error.hint)
        return at_line_of_text(graph, found, text, error.line)
    return None


def query_faults(
    graph: DomainGraph, node: Term, owner: str, bound: Iterable[str] = (), *, has_path: bool = True
) -> Iterator[DomainError]:
    """Yield what is wrong with the query of a constraint or validator, of whose variables ``bound`` get
    values besides ``$this``: those that `text_faults` finds left out. ``has_path`` tells that there may be a
    path for ``$PATH``.
    """
    key = key_of(node)
    for name in ("select", "ask"):
        for text in graph.texts(key, SH + name)[:1]:
            try:
                refuse_unsafe(text)
            except (LimitError, QueryError):
                continue
            if _form(text) != name.upper():
                yield graph.error(f"sh:{name} is not {'a SELECT' if name == 'select' else 'an ASK'}", owner)
                continue
            names = frozenset(bound) | ({"this"} if name == "select" or "value" not in bound else frozenset())
            yield from _ill_formed(graph, owner, name, text, names)
            if not has_path and any(token.text in ("$PATH", "?PATH") for token in significant(text)):
                yield graph.error(f"sh:{name} asks for $PATH, and its shape has no sh:path", owner)
            yield from _undeclared(graph, key, owner, text)


def _form(text: str) -> str:
    """The first word of a query behind its prologue."""
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    words = (token.text.upper() for token in significant(text) if token.kind == "word")
    return next((word for word in words if word in forms), "")


def _ill_formed(
    graph: DomainGraph, owner: str, name: str, text: str, bound: frozenset[str]
) -> Iterator[DomainError]:
    for message, token in prebinding_faults(significant(text), bound, PREBOUND | {"this"}):
        hint = None if "SHACL §" in message else "see SHACL, appendix A"
        error = graph.error(f"sh:{name} is refused: {message}", owner, hint)
        yield at_line_of_text(graph, error, text, text.count("\n", 0, token.start) + 1)


def _undeclared(graph: DomainGraph, node: str, owner: str, text: str) -> Iterator[DomainError]:
    owners = [key_of(term) for term in graph.objects(node, SH + "prefixes")]
    told: set[str] = set()
    for token in undeclared_prefixes(significant(text), declared_prefixes(graph, node)):
        prefix = token.text.partition(":")[0]
        if prefix not in told:
            told.add(prefix)
            by = " and ".join(graph.named(iri) for iri in owners) or "anything: there is no sh:prefixes"
            hint = "declare it there with sh:declare, or in an ontology that it imports" if owners else None
            error = graph.error(f"prefix {prefix}: is not declared by {by}", owner, hint)
            yield at_line_of_text(graph, error, text, text.count("\n", 0, token.start) + 1)


def declaration_faults(graph: DomainGraph) -> Iterator[DomainError]:
    """Yield declarations of prefixes that say none (SHACL §5.2.1)."""
    for subject, predicates in graph.triples.items():
        for term in predicates.get(SH + "declare", ()):
            for name in ("prefix", "namespace"):
                found = graph.objects(key_of(term), SH + name)
                texts = [
                    one for one in found if isinstance(one, Literal) and one.datatype.value in _OF_PREFIX
                ]
                if len(texts) != 1 or len(found) != 1:
                    yield graph.error(f"sh:declare without a text as its one sh:{name}", subject)


def prefix_faults(graph: DomainGraph, node: str, owner: str) -> Iterator[DomainError]:
    """Yield prefixes that a query gets with two namespaces (SHACL §5.2.1)."""
    found: dict[str, str] = {}
    for holder in _prefix_owners(graph, node):
        for term in graph.objects(holder, SH + "declare"):
            prefix = graph.text(key_of(term), SH + "prefix") or ""
            namespace = graph.text(key_of(term), SH + "namespace") or ""
            if found.setdefault(prefix, namespace) != namespace:
                yield graph.error(
                    f"prefix {prefix}: is declared as {found[prefix]} and as {namespace}", owner
                )


def at_line_of_text(graph: DomainGraph, error: DomainError, text: str, line: int | None) -> DomainError:
    """Point at a line of a text, where the text stands in its file as it is."""
    file = graph.file_named(error.file)
    at = file.text.find(text) if file is not None and text else -1
    if file is not None and at >= 0:
        error.line = file.text.count("\n", 0, at) + (line or 1)
    return error

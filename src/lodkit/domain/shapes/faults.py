"""What is wrong with a shapes graph (SHACL's syntax rules, https://www.w3.org/TR/shacl/#syntax-rules), all
of it, each with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode

from ...errors import DomainError
from ..graph import RDF, SH, XSD, DomainGraph, Term, key_of
from ..patterns import PatternError, parse_value_pattern
from .model import ShapesGraph
from .paths import STEPS, PathError, read_path
from .queries import prefix_faults, query_faults, text_faults
from .reader import LISTS_OF_SHAPES, inner_shapes
from .vocabulary import vocabulary

DEEPEST_SHAPE = 64
"""How many shapes may refer to each other in a chain."""

MOST_FAULTS = 1_000
"""How many faults of a graph are told."""

_COUNT = re.compile(r"\+?[0-9]{1,18}")
_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip

# Where a validator that runs them would get code or shapes from (SHACL §3.1; SHACL JavaScript Extensions).
_ELSEWHERE = tuple(SH + name for name in ("js", "jsLibrary", "jsLibraryURL", "jsFunctionName", "shapesGraph"))
_OF_PROPERTIES = tuple(
    SH + name for name in ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
)
"""Parameters that node shapes may not have (SHACL §4.2, §4.4.5, §4.5.3, §4.5.4)."""

_ONE = frozenset(SH + name for name in ("path", "deactivated", "severity"))
"""What a shape may have one value of besides parameters (SHACL §2.1)."""

Faults = Iterator[DomainError]


def shape_faults(shapes: ShapesGraph) -> list[DomainError]:
    """Return all that is wrong with some shapes, in the order of the files."""
    found: dict[str, DomainError] = {}
    for error in _all(shapes):
        found.setdefault(str(error), error)
        if len(found) >= MOST_FAULTS:
            break
    if not found:  # else a shape may stand where it was not meant to
        found = {str(error): error for error in islice(_of_chains(shapes), MOST_FAULTS)}
    return sorted(found.values(), key=lambda error: (error.file or "", error.line or 0))


def _all(shapes: ShapesGraph) -> Faults:
    graph = shapes.graph
    yield from _from_elsewhere(graph)
    yield from text_faults(graph)
    single = _ONE | {
        parameter.path
        for component in shapes.components.values()
        for parameter in component.parameters
        if parameter.is_single
    }
    # Several patterns with the same flags can mean one thing only, and other validators take them.
    single -= {SH + "pattern"}
    for key in shapes.shapes:
        for predicate, values in graph.triples.get(key, {}).items():
            yield from _of_values(graph, key, predicate, values, single)
        yield from _of_kind(graph, key)
        yield from _of_patterns(graph, key)
        yield from _of_queries(graph, key)
    yield from _of_components(shapes)
    for subject, predicates in graph.triples.items():
        for node in predicates.get(SH + "path", ()):
            yield from _of_path(graph, subject, node)


def _from_elsewhere(graph: DomainGraph) -> Faults:
    for subject, predicates in graph.triples.items():
        for name in _ELSEWHERE:
            if name in predicates:
                local = name.removeprefix(SH)
                hint = "write constraints of SHACL core or sh:sparql"
                yield graph.error(f"sh:{local} is not taken", subject, hint)


# ---- values of parameters ----


def _of_values(
    graph: DomainGraph, key: str, predicate: str, values: Sequence[Term], single: frozenset[str]
) -> Faults:
    if not predicate.startswith(SH):
        return
    name = f"sh:{predicate.removeprefix(SH)}"
    if predicate in single and len(set(values)) > 1:
        yield graph.error(f"{name} has {len(set(values))} values, and may have one", key)
    kind = "a list of shapes" if predicate in LISTS_OF_SHAPES else vocabulary().kinds.get(predicate, "")
    kind = _MORE_KINDS.get(predicate, kind)
    check = _CHECKS.get(kind)
    for value in values:
        fault = check(graph, value) if check else None
        if fault is not None:
            yield graph.error(f"{name} {fault.format(kind=kind)}", key)


_MORE_KINDS = {SH + "message": "a literal", SH + "parameter": "a node"}

_IS_NOT = "is not {kind}"
Check = Callable[[DomainGraph, Term], str | None]


def _count(graph: DomainGraph, term: Term) -> str | None:
    is_count = isinstance(term, Literal) and term.datatype.value in _INTEGERS
    return None if is_count and _COUNT.fullmatch(str(getattr(term, "value", ""))) else _IS_NOT


def _boolean(graph: DomainGraph, term: Term) -> str | None:
    is_boolean = isinstance(term, Literal) and term.datatype.value == XSD + "boolean"
    return None if is_boolean and getattr(term, "value", "") in ("true", "false", "1", "0") else _IS_NOT


def _literal(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, Literal) else _IS_NOT


def _iri(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, NamedNode) else _IS_NOT


def _node(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, NamedNode | BlankNode) else _IS_NOT


def _node_kind(graph: DomainGraph, term: Term) -> str | None:
    return None if key_of(term) in vocabulary().node_kinds else "is not one of SHACL's node kinds"


def _list(graph: DomainGraph, term: Term) -> str | None:
    return _IS_NOT if list_fault(graph, term) else None


def _shapes(graph: DomainGraph, term: Term) -> str | None:
    members = graph.collection(term)
    fine = members and not list_fault(graph, term) and not any(_node(graph, member) for member in members)
    return None if fine else _IS_NOT


def _property_shape(graph: DomainGraph, term: Term) -> str | None:
    if _node(graph, term):
        return "is not a shape"
    if SH + "path" not in graph.triples.get(key_of(term), {}):
        return f"{key_of(term)}, which is no property shape: it has no sh:path".replace("{", "{{")
    return None


def _node_shape(graph: DomainGraph, term: Term) -> str | None:
    if _node(graph, term):
        return "is not a shape"
    if SH + "path" in graph.triples.get(key_of(term), {}):
        return f"{key_of(term)}, which is no node shape: it has a sh:path".replace("{", "{{")
    return None


_CHECKS: dict[str, Check] = {
    "a whole number from 0": _count,
    "true or false": _boolean,
    "a text": _literal,
    "a literal": _literal,
    "an IRI": _iri,
    "a node": _node,
    "a node kind": _node_kind,
    "a list": _list,
    "a list of shapes": _shapes,
    "a shape": _node,
    "a property shape": _property_shape,
    "a node shape": _node_shape,
}


def list_fault(graph: DomainGraph, head: Term) -> str | None:
    """Return what is wrong with a list (SHACL §1.1, "SHACL list"), None if nothing is."""
    seen: set[str] = set()
    while key_of(head) != RDF + "nil":
        node = key_of(head)
        firsts, rests = graph.objects(node, RDF + "first"), graph.objects(node, RDF + "rest")
        if not isinstance(head, NamedNode | BlankNode) or len(firsts) != 1 or len(rests) != 1:
            return "is no list"
        if node in seen:
            return "is a list without an end"
        seen.add(node)
        head = rests[0]
    return None


# ---- shapes ----


def _of_path(graph: DomainGraph, key: str, node: Term) -> Faults:
    try:
        read_path(graph, node)
    except PathError as error:
        words = ", ".join(f"sh:{step.removeprefix(SH)}" for step in sorted(STEPS))
        hint = f"an IRI, a list of two paths or more, or a blank node with one of {words}"
        yield graph.error(f"sh:path {error}", key, hint if "is not a path" in str(error) else None)


def _of_kind(graph: DomainGraph, key: str) -> Faults:
    predicates = graph.triples.get(key, {})
    has_path = SH + "path" in predicates
    own = [name for name in _OF_PROPERTIES if name in predicates]
    if own and not has_path:
        yield graph.error(f"sh:{own[0].removeprefix(SH)} without a sh:path", key)
    types = graph.iris(key, RDF + "type")
    if SH + "PropertyShape" in types and not has_path:
        yield graph.error("a sh:PropertyShape without a sh:path", key)
    if SH + "NodeShape" in types and has_path:
        yield graph.error("a sh:NodeShape with a sh:path", key)


def _of_patterns(graph: DomainGraph, key: str) -> Faults:
    predicates = graph.triples.get(key, {})
    flags = graph.text(key, SH + "flags") or ""
    for term in predicates.get(SH + "pattern", ()):
        if isinstance(term, Literal):
            try:
                parse_value_pattern(term.value, flags)
            except PatternError as error:
                yield graph.error(f"sh:pattern is not a regular expression: {error}", key)


def _of_queries(graph: DomainGraph, key: str) -> Faults:
    for node in graph.objects(key, SH + "sparql"):
        if isinstance(node, Literal):
            continue
        if not graph.texts(key_of(node), SH + "select"):
            yield graph.error("sh:sparql without a sh:select", key)
        yield from query_faults(graph, node, key)
        yield from prefix_faults(graph, key_of(node), key)


def _of_components(shapes: ShapesGraph) -> Faults:
    """The graph's own constraint components (SHACL §6)."""
    graph = shapes.graph
    for component in shapes.components.values():
        if component.iri in vocabulary().components:
            continue
        if not component.mandatory:
            hint = "declare one with sh:parameter that is not sh:optional"
            yield graph.error("a constraint component without a parameter", component.iri, hint)
        names = {parameter.name for parameter in component.parameters}
        for name in ("validator", "nodeValidator", "propertyValidator"):
            bound = names | ({"value"} if name == "validator" else set())
            for node in graph.objects(component.iri, SH + name):
                yield from query_faults(graph, node, component.iri, bound)
                yield from prefix_faults(graph, key_of(node), component.iri)


# ---- chains ----


def _of_chains(shapes: ShapesGraph) -> Faults:
    """Shapes that refer to themselves, and chains of shapes without measure (SHACL §3.4.3, recursive
    shapes).
    """
    depths: dict[str, int] = {}
    for key in shapes.shapes:
        if key not in depths:
            yield from _of_chain(shapes.graph, key, depths)


def _of_chain(graph: DomainGraph, start: str, depths: dict[str, int]) -> Faults:
    """Go down from one shape; ``depths`` keeps how long the chains below each are."""
    path: dict[str, list[str]] = {start: list(inner_shapes(graph, start))}
    while path:
        key = next(reversed(path))
        waiting = path[key]
        if waiting:
            child = waiting.pop()
            if child in path:
                message = f"refers to itself by way of {graph.named(key)}: recursive shapes are not taken"
                yield graph.error(message, child)
            elif child not in depths:
                path[child] = list(inner_shapes(graph, child))
            continue
        del path[key]
        below = [depths[child] for child in inner_shapes(graph, key) if child in depths]
        depths[key] = 1 + max(below, default=0)
        if depths[key] == DEEPEST_SHAPE + 1:
            yield graph.error(f"leads to a chain of more than {DEEPEST_SHAPE} shapes", key)

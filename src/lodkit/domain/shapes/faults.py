"""What is wrong with a shapes graph (SHACL's syntax rules, https://www.w3.org/TR/shacl/#syntax-rules), all
of it, each with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from pyoxigraph import Literal, NamedNode

from ...errors import DomainError
from ...spelling import nearest
from ..graph import RDF, SH, DomainGraph, Term, key_of
from ..patterns import PatternError, parse_value_pattern
from .kinds import fault_of_value
from .model import ShapesGraph
from .paths import STEPS, PathError, read_path
from .queries import declaration_faults, prefix_faults, query_faults, text_faults
from .reader import ADVANCED, inner_shapes
from .vocabulary import advanced_terms, vocabulary

DEEPEST_SHAPE = 64
"""How many shapes may refer to each other in a chain."""

MOST_FAULTS = 1_000
"""How many faults of a graph are told."""

# Where a validator that runs them would get code or shapes from (SHACL §3.1; SHACL JavaScript Extensions).
_ELSEWHERE = tuple(SH + name for name in ("js", "jsLibrary", "jsLibraryURL", "jsFunctionName", "shapesGraph"))
_OF_PROPERTIES = tuple(
    SH + name for name in ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
)
"""Parameters that node shapes may not have (SHACL §4.2, §4.4.5, §4.5.3, §4.5.4)."""

_TAKEN = frozenset({"this", "shapesGraph", "currentShape", "path", "PATH", "value"})
"""Names that parameters may not have, because queries use them (SHACL §5.3.1, §6.2.1)."""

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
    for error in islice(_of_chains(shapes), MOST_FAULTS):
        found.setdefault(str(error), error)
    return sorted(found.values(), key=lambda error: (error.file or "", error.line or 0))


def _all(shapes: ShapesGraph) -> Faults:
    graph = shapes.graph
    yield from _from_elsewhere(graph)
    yield from text_faults(graph)
    yield from declaration_faults(graph)
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


def term_faults(shapes: ShapesGraph) -> Faults:
    """Yield terms that are nearly one of SHACL's: whoever passed over them would give a false verdict. Of a
    domain `lodkit.lint` tells them.
    """
    for name, subject in unknown_terms(shapes).items():
        meant = nearest(name, vocabulary().terms | advanced_terms())
        if meant is not None:
            yield _at_word(shapes.graph, name, subject, f"perhaps sh:{meant}")


def _at_word(graph: DomainGraph, name: str, subject: str, hint: str) -> DomainError:
    """Point at the line where a node is said to have a term of SHACL's namespace."""
    error = graph.error("not a term of SHACL core or SHACL-SPARQL", subject, hint)
    error.term = f"sh:{name}"
    file = graph.file_named(error.file)
    if file is not None:
        error.line = file.line_with(SH + name, error.line or 1) or error.line
    return error


def unknown_terms(shapes: ShapesGraph) -> dict[str, str]:
    """Return the local names in SHACL's namespace that its vocabulary does not have, as predicates or values,
    each with the first node that has it; data may use the namespace as they like.
    """
    known = vocabulary().terms | advanced_terms() | {iri.removeprefix(SH) for iri in ADVANCED}
    found: dict[str, str] = {}
    for subject, predicates in shapes.graph.triples.items():
        if not _is_of_shapes(subject, predicates, shapes):
            continue
        for predicate, values in predicates.items():
            for iri in (predicate, *(value.value for value in values if isinstance(value, NamedNode))):
                if iri.startswith(SH) and (name := iri.removeprefix(SH)) not in known and "-" not in name:
                    found.setdefault(name, subject)
    found.pop("", None)
    return found


def without_effect(shapes: ShapesGraph) -> Iterator[tuple[str, str, str]]:
    """Yield a shape, a parameter that it has, and one without which that says nothing, such as ``sh:flags``
    without ``sh:pattern`` (SHACL §2.1: a constraint needs all mandatory parameters).
    """
    needed: dict[str, list[list[str]]] = {}
    for component in shapes.components.values():
        for parameter in component.parameters:
            needed.setdefault(parameter.path, []).append([one.path for one in component.mandatory])
    for key in shapes.shapes:
        predicates = shapes.graph.triples.get(key, {})
        for path in predicates:
            ways = needed.get(path, ())
            if ways and not any(all(one in predicates for one in way) for way in ways):
                yield key, path, next(one for one in ways[0] if one not in predicates)


def _is_of_shapes(subject: str, predicates: Mapping[str, Sequence[Term]], shapes: ShapesGraph) -> bool:
    return (
        subject in shapes.shapes
        or subject.startswith("_:")
        or any(key_of(kind).startswith(SH) for kind in predicates.get(RDF + "type", ()))
    )


# ---- values of parameters ----


def _of_values(
    graph: DomainGraph, key: str, predicate: str, values: Sequence[Term], single: frozenset[str]
) -> Faults:
    if not predicate.startswith(SH):
        return
    name = f"sh:{predicate.removeprefix(SH)}"
    if predicate in single and len(set(values)) > 1:
        yield graph.error(f"{name} has {len(set(values))} values, and may have one", key)
    for value in values:
        fault = fault_of_value(graph, predicate, value)
        if fault is not None:
            yield graph.error(f"{name} {fault}", key)


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
    for name in _OF_PROPERTIES if not has_path else ():
        if name in predicates:
            yield graph.error(f"sh:{name.removeprefix(SH)} without a sh:path", key)
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


def _of_count(graph: DomainGraph, node: Term, owner: str, name: str, key: str) -> Faults:
    """A constraint or validator has one query (SHACL §5.1, §6.2.3)."""
    count = len(set(graph.objects(key_of(node), SH + name)))
    if count != 1:
        yield graph.error(f"{owner} with {count or 'no'} sh:{name}, and not one", key)


def _of_queries(graph: DomainGraph, key: str) -> Faults:
    has_path = SH + "path" in graph.triples.get(key, {})
    for node in graph.objects(key, SH + "sparql"):
        if isinstance(node, Literal):
            continue
        yield from _of_count(graph, node, "sh:sparql", "select", key)
        yield from query_faults(graph, node, key, has_path=has_path)
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
        for taken in sorted(names & _TAKEN):
            message = f"a parameter by the name of {taken}, which queries have already"
            yield graph.error(message, component.iri, "see SHACL §5.3.1")
        for name in ("validator", "nodeValidator", "propertyValidator"):
            bound = names | ({"value"} if name == "validator" else set())
            for node in graph.objects(component.iri, SH + name):
                wanted = "ask" if name == "validator" or graph.texts(key_of(node), SH + "ask") else "select"
                yield from _of_count(graph, node, f"sh:{name}", wanted, component.iri)
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

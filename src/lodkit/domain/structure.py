"""What no graph of a domain may hold: lists and paths without an end, class trees without measure, imports of
what is not there, and texts that would leave the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from ..errors import DomainError, LimitError, QueryError
from ..sparql import refuse_unsafe
from .graph import OWL, RDF, RDFS, SH, DomainGraph, Term, key_of
from .patterns import PatternError, parse_value_pattern

DEEPEST_PATH = 32
"""How many paths may stand inside each other in a ``sh:path``."""

LARGEST_PATH = 1_000
"""How many steps a ``sh:path`` may have."""

MOST_ANCESTORS = 1_000
"""How many superclasses a class may have, near and far."""

MOST_PAIRS = 1_000_000
"""How many pairs of disjoint classes a domain may have, and how many pairs of a class and a superclass."""

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"
_QUERIES = tuple(SH + name for name in ("select", "ask", "construct", "update"))
# Where a validator that runs them would get code or shapes from (SHACL §3.1; SHACL JavaScript Extensions).
_ELSEWHERE = frozenset(
    SH + name for name in ("js", "jsLibrary", "jsLibraryURL", "jsFunctionName", "shapesGraph")
)
_STEPS = frozenset(
    SH + name
    for name in ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
)


def check_structure(graph: DomainGraph) -> None:
    """Check what reading and validating rely on.

    Raises:
        DomainError: the first thing that is wrong, with file and line.
    """
    _check_lists(graph)
    for subject, predicates in graph.triples.items():
        for predicate, values in predicates.items():
            if predicate.startswith(SH):
                _check_of_shapes(graph, subject, predicate, values)
    _check_classes(graph)
    _check_disjoint(graph)


def ontologies(graph: DomainGraph) -> frozenset[str]:
    """Return the names of the ontologies that the files of a graph describe, and those of their versions."""
    described = graph.instances.get(OWL + "Ontology", ())
    versions = (version for iri in described for version in graph.iris(iri, OWL + "versionIRI"))
    return frozenset(iri.rstrip("#") for iri in (*described, *versions))


def check_imports(graph: DomainGraph, others: Callable[[], DomainGraph]) -> None:
    """Check that what is imported is there: in the graph, else in that of ``others``.

    Raises:
        DomainError: an import is not found, with file and line.
    """
    imports = [(s, key_of(o)) for s, ps in graph.triples.items() for o in ps.get(OWL + "imports", ())]
    missing = [(s, iri) for s, iri in imports if iri.rstrip("#") not in ontologies(graph)]
    known = ontologies(others()) if missing else frozenset()
    for subject, iri in missing:
        if iri.rstrip("#") not in known:
            message = f"owl:imports {iri}, which no file of the domain describes"
            raise graph.error(message, subject, "nothing is fetched: put its file into ontology/")


# ---- lists ----


def _check_lists(graph: DomainGraph) -> None:
    """Lists are as SHACL wants them (§3.2, "SHACL list"): each cell has one value, one rest and one place."""
    cells = [
        node for node, predicates in graph.triples.items() if _REST in predicates or _FIRST in predicates
    ]
    if not cells:
        return
    used = _uses(graph, frozenset(cells))
    for node in cells:
        _check_cell(graph, node, used.get(node, 0))
    heads = _heads(graph, cells)
    reached = {node for head in heads for node in _chain(graph, head)}
    for node in cells:
        if node not in reached:
            raise _of_list(graph, node, "list without an end: a cell of it is its own rest")


def _uses(graph: DomainGraph, cells: frozenset[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for predicates in graph.triples.values():
        for values in predicates.values():
            for value in values:
                if isinstance(value, BlankNode | NamedNode) and (node := key_of(value)) in cells:
                    found[node] = found.get(node, 0) + 1
    return found


def _check_cell(graph: DomainGraph, node: str, used: int) -> None:
    rests = graph.objects(node, _REST)
    for name, count in (("rdf:first", len(graph.objects(node, _FIRST))), ("rdf:rest", len(rests))):
        if count != 1:
            raise _of_list(graph, node, f"a cell of a list has {count or 'no'} {name}, and not one")
    rest = key_of(rests[0])
    if rest == node:
        raise _of_list(graph, node, "list without an end: a cell of it is its own rest")
    if rest != _NIL and _REST not in graph.triples.get(rest, {}):
        raise _of_list(graph, node, "the rest of a list is neither a list nor rdf:nil")
    if used > 1:
        raise _of_list(graph, node, f"a list is used in {used} places", "write it where it is used")


def _heads(graph: DomainGraph, cells: list[str]) -> list[str]:
    rests = {key_of(rest) for node in cells for rest in graph.objects(node, _REST)}
    return [node for node in cells if node not in rests]


def _chain(graph: DomainGraph, head: str) -> Iterator[str]:
    """The cells from a head on: of a list that has an end, because no cell has two places."""
    node = head
    while node in graph.triples:
        yield node
        rests = graph.objects(node, _REST)
        if not rests:
            return
        node = key_of(rests[0])


def _of_list(graph: DomainGraph, node: str, message: str, hint: str | None = None) -> DomainError:
    found = graph.error(message, node, hint)
    if found.term is None and found.file is not None:
        # Only a list that is written out can be wrong, so that its terms stand in the file.
        file = next(file for file in graph.files if file.name == found.file)
        found.line = file.line_with(_REST) or file.line_with(_FIRST) or found.line
    return found


# ---- shapes ----


def _check_of_shapes(graph: DomainGraph, subject: str, predicate: str, values: list[Term]) -> None:
    if predicate in _QUERIES:
        for value in values:
            _check_query(graph, subject, predicate, value)
    elif predicate in _ELSEWHERE:
        name = predicate.removeprefix(SH)
        raise graph.error(f"sh:{name} is not taken", subject, "write constraints of SHACL core or sh:sparql")
    elif predicate == SH + "path":
        for value in values:
            _check_path(graph, subject, value)
    elif predicate in (SH + "pattern", SH + "flags"):
        _check_patterns(graph, subject, predicate, values)


def _check_query(graph: DomainGraph, subject: str, predicate: str, value: Term) -> None:
    if not isinstance(value, Literal):
        raise graph.error(f"sh:{predicate.removeprefix(SH)} is not a text", subject)
    try:
        refuse_unsafe(value.value)
    except (LimitError, QueryError) as error:
        name = predicate.removeprefix(SH)
        found = graph.error(
            f"{error.term}: {error.message}" if error.term else error.message, subject, error.hint
        )
        found.message = f"sh:{name} is refused: {found.message}"
        raise _at_line_of_text(graph, found, value.value, error.line) from None


def _at_line_of_text(graph: DomainGraph, error: DomainError, text: str, line: int | None) -> DomainError:
    """Point at a line of a text, where the text stands in its file as it is."""
    for file in graph.files:
        at = file.text.find(text) if file.name == error.file and text else -1
        if at >= 0:
            error.line = file.text.count("\n", 0, at) + (line or 1)
    return error


def _check_patterns(graph: DomainGraph, subject: str, predicate: str, values: list[Term]) -> None:
    if not all(isinstance(value, Literal) for value in values):
        raise graph.error(f"sh:{predicate.removeprefix(SH)} is not a text", subject)
    flags = graph.text(subject, SH + "flags") or ""
    for source in graph.texts(subject, SH + "pattern"):
        try:
            parse_value_pattern(source, flags)
        except PatternError as error:
            raise graph.error(f"sh:pattern is not a regular expression: {error}", subject) from None


def _check_path(graph: DomainGraph, subject: str, path: Term) -> None:
    """A path is as SHACL wants it (§2.3.1), of a finite depth and size."""
    queue, steps = [(path, 1)], 0
    while queue:
        node, depth = queue.pop()
        steps += 1
        if depth > DEEPEST_PATH:
            raise graph.error(f"sh:path has more than {DEEPEST_PATH} paths inside each other", subject)
        if steps > LARGEST_PATH:
            raise graph.error(f"sh:path has more than {LARGEST_PATH} steps", subject)
        if isinstance(node, NamedNode):
            continue
        inner = inner_paths(graph, node)
        if not inner:
            hint = "an IRI, a list of paths, or a blank node with one of " + ", ".join(
                f"sh:{step.removeprefix(SH)}" for step in sorted(_STEPS)
            )
            raise graph.error("sh:path is not a path", subject, hint)
        queue += [(term, depth + 1) for term in inner]


def inner_paths(graph: DomainGraph, node: Term) -> list[Term]:
    """Return the paths that a path which is no IRI consists of (SHACL §2.3.1); none if it is no path."""
    members = graph.collection(node)
    steps = [
        (predicate, values)
        for predicate, values in graph.triples.get(key_of(node), {}).items()
        if predicate in _STEPS
    ]
    if members or len(steps) != 1 or len(steps[0][1]) != 1:
        return members
    predicate, values = steps[0]
    return graph.collection(values[0]) if predicate == SH + "alternativePath" else values


# ---- classes ----


def _check_classes(graph: DomainGraph) -> None:
    """Class trees may have circles, which say that classes are equal, but must have a measure."""
    subclass = RDFS + "subClassOf"
    parents = {iri: graph.iris(iri, subclass) for iri, ps in graph.triples.items() if subclass in ps}
    pairs = 0
    for iri in parents:
        seen, queue = {iri}, [iri]
        while queue and len(seen) <= MOST_ANCESTORS:
            for parent in parents.get(queue.pop(), ()):
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
        pairs += len(seen)
        if len(seen) > MOST_ANCESTORS:
            raise graph.error(f"class with more than {MOST_ANCESTORS} superclasses", iri)
        if pairs > MOST_PAIRS:
            raise graph.error(f"here the classes have more than {MOST_PAIRS} superclasses in all", iri)


def _check_disjoint(graph: DomainGraph) -> None:
    pairs = 0
    for iri in graph.instances.get(OWL + "AllDisjointClasses", ()):
        count = sum(len(graph.collection(head)) for head in graph.objects(iri, OWL + "members"))
        pairs += count * count
        if pairs > MOST_PAIRS:
            raise graph.error(f"here the domain has more than {MOST_PAIRS} pairs of disjoint classes", iri)

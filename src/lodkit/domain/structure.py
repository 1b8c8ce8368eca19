"""What no graph of a domain may hold: lists without an end, class trees without measure, and imports of
what is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from pyoxigraph import BlankNode, NamedNode

from ..errors import DomainError
from .graph import OWL, RDF, RDFS, DomainGraph, key_of
from .shapes import MOST_FAULTS, read_shapes, shape_faults

MOST_ANCESTORS = 1_000
"""How many superclasses a class may have, near and far."""

MOST_PAIRS = 1_000_000
"""How many pairs of disjoint classes a domain may have, and how many pairs of a class and a superclass."""

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"


def graph_faults(graph: DomainGraph) -> list[DomainError]:
    """Return what is wrong with the structure and the shapes of a graph."""
    return [*islice(structure_faults(graph), MOST_FAULTS), *shape_faults(read_shapes(graph))]


def structure_faults(graph: DomainGraph) -> Iterator[DomainError]:
    """Yield what reading and validating cannot cope with."""
    yield from _of_lists(graph)
    yield from _of_classes(graph)
    yield from _of_disjoint(graph)


def ontologies(graph: DomainGraph) -> frozenset[str]:
    """Return the names of the ontologies that the files of a graph describe, and those of their versions."""
    described = graph.instances.get(OWL + "Ontology", ())
    versions = (version for iri in described for version in graph.iris(iri, OWL + "versionIRI"))
    return frozenset(iri.rstrip("#") for iri in (*described, *versions))


def import_faults(graph: DomainGraph, others: Callable[[], DomainGraph]) -> Iterator[DomainError]:
    """Yield the imports that are not there: neither in the graph nor in that of ``others``."""
    imports = [(s, key_of(o)) for s, ps in graph.triples.items() for o in ps.get(OWL + "imports", ())]
    missing = [(s, iri) for s, iri in imports if iri.rstrip("#") not in ontologies(graph)]
    known = ontologies(others()) if missing else frozenset()
    for subject, iri in missing:
        if iri.rstrip("#") not in known:
            message = f"owl:imports {iri}, which no file of the domain describes"
            yield graph.error(message, subject, "nothing is fetched: put its file into ontology/")


# ---- lists ----


def _of_lists(graph: DomainGraph) -> Iterator[DomainError]:
    """Lists are as SHACL wants them (§3.2, "SHACL list"): each cell has one value, one rest and one place."""
    cells = [
        node for node, predicates in graph.triples.items() if _REST in predicates or _FIRST in predicates
    ]
    if not cells:
        return
    used = _uses(graph, frozenset(cells))
    for node in cells:
        yield from _of_cell(graph, node, used.get(node, 0))
    for node in _endless(graph, cells):
        yield _of_list(graph, node, "list without an end: a cell of it is its own rest")


def _uses(graph: DomainGraph, cells: frozenset[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for predicates in graph.triples.values():
        for values in predicates.values():
            for value in values:
                if isinstance(value, BlankNode | NamedNode) and (node := key_of(value)) in cells:
                    found[node] = found.get(node, 0) + 1
    return found


def _of_cell(graph: DomainGraph, node: str, used: int) -> Iterator[DomainError]:
    rests = graph.objects(node, _REST)
    counts = {"rdf:first": len(graph.objects(node, _FIRST)), "rdf:rest": len(rests)}
    wrong = [name for name, count in counts.items() if count != 1]
    if wrong:
        count = counts[wrong[0]]
        yield _of_list(graph, node, f"a cell of a list has {count or 'no'} {wrong[0]}, and not one")
        return
    rest = key_of(rests[0])
    if rest != _NIL and _REST not in graph.triples.get(rest, {}):
        yield _of_list(graph, node, "the rest of a list is neither a list nor rdf:nil")
    elif used > 1 and rest != node:
        yield _of_list(graph, node, f"a list is used in {used} places", "write it where it is used")


def _endless(graph: DomainGraph, cells: list[str]) -> Iterator[str]:
    """Yield one cell of each list that leads back into itself."""
    rest = {node: key_of(found[0]) for node in cells if (found := graph.objects(node, _REST))}
    passed: set[str] = set()
    for start in cells:
        way: dict[str, None] = {}
        node = start
        while node in rest and node not in passed and node not in way:
            way[node] = None
            node = rest[node]
        if node in way:
            yield node
        passed.update(way)


def _of_list(graph: DomainGraph, node: str, message: str, hint: str | None = None) -> DomainError:
    found = graph.error(message, node, hint)
    file = graph.file_named(found.file)
    if found.term is None and file is not None:
        # Only a list that is written out can be wrong, so that its terms stand in the file.
        found.line = file.line_with(_REST) or file.line_with(_FIRST) or found.line
    return found


# ---- classes ----


def _of_classes(graph: DomainGraph) -> Iterator[DomainError]:
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
            yield graph.error(f"class with more than {MOST_ANCESTORS} superclasses", iri)
            return  # each of those below it would be told, too
        if pairs > MOST_PAIRS:
            yield graph.error(f"here the classes have more than {MOST_PAIRS} superclasses in all", iri)
            return


def _of_disjoint(graph: DomainGraph) -> Iterator[DomainError]:
    pairs = 0
    for iri in graph.instances.get(OWL + "AllDisjointClasses", ()):
        count = sum(len(graph.collection(head)) for head in graph.objects(iri, OWL + "members"))
        pairs += count * count
        if pairs > MOST_PAIRS:
            yield graph.error(f"here the domain has more than {MOST_PAIRS} pairs of disjoint classes", iri)
            return

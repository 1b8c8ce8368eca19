"""The part of a domain's shapes that some data calls for: targets, focus nodes, constraints."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..domain.graph import OWL, RDFS
from .graphs import TYPE, Data
from .report import RDF, SH, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..domain import Domain, DomainGraph

_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_TOP = tuple(SH + name for name in _TARGETS)
# Documentation, and the constraints that no missing value can break.
_OF_VALUES = frozenset(
    {RDF + "type", RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy"}
    | {
        SH + name
        for name in ("path", "name", "description", "message", "severity", "order", "group", "defaultValue")
    }
    | {
        SH + name
        for name in (
            "class",
            "datatype",
            "nodeKind",
            "in",
            "pattern",
            "flags",
            "languageIn",
            "uniqueLang",
            "maxCount",
        )
    }
    | {
        SH + name
        for name in ("minLength", "maxLength", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
    }
    | {SH + name for name in ("lessThan", "lessThanOrEquals", "disjoint", "or", "and", "not", "xone", "node")}
)
_NOT_FOLLOWED = frozenset({*_TOP, RDF + "type", SH + "path", SH + "class", SH + "hasValue"})


@dataclass(frozen=True)
class Selection:
    """Shapes with focus nodes in some data; ``owner`` leads from a nested shape to the one that holds it."""

    focus: Mapping[str, set[Term]]
    triples: tuple[Triple, ...] = field(repr=False)
    owner: Mapping[str, str] = field(repr=False)
    tree: tuple[Triple, ...] = field(repr=False)
    individuals: frozenset[Term] = field(repr=False)

    @property
    def focus_nodes(self) -> set[Term]:
        """All nodes that a shape looks at."""
        return {node for nodes in self.focus.values() for node in nodes}

    def named(self, shape: str) -> str:
        """Return the IRI of a shape, or of the nearest named shape that holds it."""
        while shape.startswith("_:") and shape in self.owner:
            shape = self.owner[shape]
        return shape


def select(data: Data, domain: Domain) -> Selection:
    """Find the shapes that target something in the data, all that they refer to, and the class tree above the
    data's types.
    """
    background = _individuals(data, domain)
    types = set(data.instances) | {
        t.object.value for t in background if t.predicate == TYPE and isinstance(t.object, NamedNode)
    }
    edges = _class_tree(types, domain)
    individuals: frozenset[Term] = frozenset(t.subject for t in background)
    focus = {}
    for shape in _targeting(domain.graph):
        nodes = _focus_nodes(shape, data, edges, domain) - individuals
        if nodes:
            focus[shape] = nodes
    triples, owner = _reachable(focus, data, domain.graph)
    tree = (
        Triple(NamedNode(child), NamedNode(RDFS + "subClassOf"), NamedNode(parent))
        for child, ps in edges.items()
        for parent in ps
    )
    return Selection(focus, triples, owner, (*tree, *background), individuals)


def _individuals(data: Data, domain: Domain) -> tuple[Triple, ...]:
    """What the ontology says of its own individuals that facts point at: not validated, but values may have
    to be of their class.
    """
    graph = domain.graph
    objects = {term for terms in data.objects.values() for term in terms if isinstance(term, NamedNode)}
    named = {
        term
        for term in objects - data.nodes
        if any(t in domain.classes for t in graph.iris(term.value, RDF + "type"))
    }
    return tuple(
        Triple(term, NamedNode(predicate), value)
        for term in sorted(named, key=str)
        for predicate, values in graph.triples[term.value].items()
        for value in values
        if isinstance(value, NamedNode | Literal)
    )


def _class_tree(types: set[str], domain: Domain) -> dict[str, tuple[str, ...]]:
    """The superclasses of the types, by their children; parents that the domain does not declare (alignments)
    stay out.
    """
    edges: dict[str, tuple[str, ...]] = {}
    queue = sorted(types)
    while queue:
        iri = queue.pop()
        if iri not in edges:
            parents = domain.classes[iri].parents if iri in domain.classes else ()
            edges[iri] = tuple(parent for parent in parents if parent in domain.classes)
            queue += edges[iri]
    return edges


def _targeting(graph: DomainGraph) -> Iterator[str]:
    """Shapes with a target, or that are classes themselves (SHACL §2.1.3)."""
    shapes = {*graph.instances.get(SH + "NodeShape", ()), *graph.instances.get(SH + "PropertyShape", ())}
    classes = {*graph.instances.get(OWL + "Class", ()), *graph.instances.get(RDFS + "Class", ())}
    for shape in sorted(shapes):
        targeted = shape in classes or any(graph.objects(shape, predicate) for predicate in _TOP)
        if targeted and graph.text(shape, SH + "deactivated") not in ("true", "1"):
            yield shape


def _focus_nodes(shape: str, data: Data, edges: Mapping[str, tuple[str, ...]], domain: Domain) -> set[Term]:
    graph = domain.graph
    wanted = {*graph.iris(shape, SH + "targetClass"), *({shape} if shape in domain.classes else ())}
    found = {
        node for cls, nodes in data.instances.items() if wanted & _ancestors(cls, edges) for node in nodes
    }
    for name, index in (("targetSubjectsOf", data.subjects), ("targetObjectsOf", data.objects)):
        for predicate in graph.iris(shape, SH + name):
            found |= index.get(predicate, set())
    nodes = graph.objects(shape, SH + "targetNode")
    # A target node need not be in the data, but then nothing was checked.
    return found | ({node for node in nodes if node in data.nodes} if nodes else set())


def _ancestors(cls: str, edges: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    queue = [cls]
    while queue:
        iri = queue.pop()
        if iri not in found:
            found.add(iri)
            queue += edges.get(iri, ())
    return found


def _reachable(
    roots: Mapping[str, object], data: Data, graph: DomainGraph
) -> tuple[tuple[Triple, ...], dict[str, str]]:
    """All triples from the roots down, and which shape each nested one was met under first."""
    owner: dict[str, str] = {}
    triples: list[Triple] = []
    seen, queue = set(roots), list(roots)
    asked = {name for root in roots for name in with_properties(root, graph)}
    while queue:
        name = queue.pop()
        for predicate, value in _constraints(name, data, graph, asked):
            triples.append(Triple(_node(name), NamedNode(predicate), value))
            target = key(value)
            if (
                target not in seen
                and target in graph.triples
                and (predicate not in _NOT_FOLLOWED or isinstance(value, BlankNode))
            ):
                seen.add(target)
                owner[target] = name
                queue.append(target)
    return tuple(triples), owner


def _constraints(name: str, data: Data, graph: DomainGraph, asked: set[str]) -> Iterator[tuple[str, Term]]:
    """What a node says, without the queries that run in Oxigraph and the property shapes that have nothing to
    look at.
    """
    for predicate, values in graph.triples.get(name, {}).items():
        for value in values:
            idle = predicate == SH + "property" and _is_idle(key(value), data, graph)
            if not idle and not (predicate == SH + "sparql" and name in asked):
                yield predicate, value


def _is_idle(shape: str, data: Data, graph: DomainGraph) -> bool:
    """Tell whether a property shape only judges values, and there are none of its path in the data."""
    paths = graph.iris(shape, SH + "path")
    return bool(paths) and paths[0] not in data.subjects and graph.triples[shape].keys() <= _OF_VALUES


def with_properties(shape: str, graph: DomainGraph) -> tuple[str, ...]:
    """Return a node shape and its property shapes."""
    return (shape, *(key(value) for value in graph.objects(shape, SH + "property")))


def key(term: Term) -> str:
    """Return the name by which a domain's graph knows a node: an IRI, or a blank node's label with ``_:``."""
    return term.value if isinstance(term, NamedNode) else str(term)


def declared_prefixes(constraint: str, graph: DomainGraph) -> dict[str, str]:
    """Return the prefixes that ``sh:prefixes`` leads to (SHACL §5.2.1)."""
    declared = [
        key(d)
        for owner in graph.iris(constraint, SH + "prefixes")
        for d in graph.objects(owner, SH + "declare")
    ]
    return {graph.text(d, SH + "prefix") or "": graph.text(d, SH + "namespace") or "" for d in declared}


def _node(name: str) -> NamedNode | BlankNode:
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)


def expected(component: str, shape: str, domain: Domain) -> tuple[str, ...]:
    """Return what a constraint of a shape allows, as CURIEs and texts: of ``sh:datatype`` the value, of
    ``sh:in`` the members.
    """
    name = component.removeprefix(SH).removesuffix("ConstraintComponent")
    values = [] if name == "UniqueLang" else domain.graph.objects(shape, SH + name[:1].lower() + name[1:])
    members = [member for value in values for member in (domain.graph.collection(value) or [value])]
    return tuple(dict.fromkeys(word for member in members for word in _words(member, domain)))


_PARTS = ("datatype", "class", "nodeKind", "hasValue")


def _words(term: Term, domain: Domain) -> Iterator[str]:
    parts = [value for name in _PARTS for value in domain.graph.objects(key(term), SH + name)]
    if parts:
        for value in parts:
            yield from _words(value, domain)
    elif isinstance(term, NamedNode):
        yield domain.compact(term.value)
    elif isinstance(term, Literal):
        yield term.value


def path_text(term: Term, graph: DomainGraph) -> str:
    """Return a SHACL path (SHACL §2.3.1): an IRI as it is, anything else as a SPARQL property path."""
    if isinstance(term, NamedNode):
        return term.value
    members = graph.collection(term)
    if members:
        return "/".join(_step(member, graph) for member in members)
    return "".join(_operator(str(term), graph))


_OPERATORS = defaultdict(
    lambda: "{}",
    {"inversePath": "^{}", "zeroOrMorePath": "{}*", "oneOrMorePath": "{}+", "zeroOrOnePath": "{}?"},
)


def _operator(node: str, graph: DomainGraph) -> Iterator[str]:
    for predicate, values in graph.triples.get(node, {}).items():
        name = predicate.removeprefix(SH)
        if name == "alternativePath":
            yield "|".join(_step(member, graph) for member in graph.collection(values[0]))
        elif name in _OPERATORS:
            yield _OPERATORS[name].format(_step(values[0], graph))


def _step(term: Term, graph: DomainGraph) -> str:
    inner = path_text(term, graph)
    return f"<{inner}>" if isinstance(term, NamedNode) else f"({inner})"

"""SHACL's own vocabulary, read from the Turtle that the W3C publishes: which constraint components there
are, their parameters, and what values these take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from pyoxigraph import RdfFormat, parse

from ..graph import RDF, RDFS, SH, XSD, DomainGraph, graph_of, key_of

CORE, ADVANCED = "shacl.ttl", "shacl-advanced.ttl"

_KINDS = {
    XSD + "integer": "a whole number from 0",
    XSD + "boolean": "true or false",
    XSD + "string": "a text",
    RDF + "List": "a list",
    RDF + "Property": "an IRI",
    RDFS + "Class": "an IRI",
    RDFS + "Datatype": "an IRI",
    SH + "Severity": "an IRI",
    SH + "NodeKind": "a node kind",
    SH + "IRI": "an IRI",
    SH + "Literal": "a literal",
    SH + "Shape": "a shape",
    SH + "NodeShape": "a node shape",
    SH + "PropertyShape": "a property shape",
    SH + "SPARQLConstraint": "a node",
}
"""What the ranges, datatypes and node kinds of the vocabulary ask of a value, in words."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a constraint component (SHACL §6.2.1): its property, the name of its variable in
    queries, whether it may be left out, and whether a shape may have one value only.
    """

    path: str
    name: str
    is_optional: bool = False
    is_single: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """A constraint component (SHACL §2.1): its IRI and parameters."""

    iri: str
    parameters: tuple[Parameter, ...]

    @property
    def mandatory(self) -> tuple[Parameter, ...]:
        """The parameters without which a shape has no constraint of the component."""
        return tuple(parameter for parameter in self.parameters if not parameter.is_optional)


@dataclass(frozen=True)
class Vocabulary:
    """What the vocabulary says; ``kinds`` tells in words what values a property takes."""

    graph: DomainGraph
    components: Mapping[str, Component]
    kinds: Mapping[str, str]

    @cached_property
    def terms(self) -> frozenset[str]:
        """The local names of the terms that a shapes graph may use."""
        local = (iri.removeprefix(SH) for iri in self.graph.triples if iri.startswith(SH))
        return frozenset(name for name in local if name and "-" not in name)

    @cached_property
    def node_kinds(self) -> frozenset[str]:
        """The values of ``sh:nodeKind``."""
        return frozenset(self.graph.instances[SH + "NodeKind"])


@cache
def vocabulary() -> Vocabulary:
    """Return SHACL Core and SHACL-SPARQL; read once, in 2 ms."""
    graph = _graph(CORE)
    components = components_of(graph, graph.instances[SH + "ConstraintComponent"])
    kinds = {iri: kind for iri in graph.triples if (kind := _kind(graph, graph.iris(iri, RDFS + "range")))}
    for component in graph.instances[SH + "ConstraintComponent"]:
        for node in graph.iris(component, SH + "parameter"):
            (path,) = graph.iris(node, SH + "path")
            asked = (*graph.iris(node, SH + "datatype"), *graph.iris(node, SH + "nodeKind"))
            kinds[path] = _kind(graph, asked) or kinds.get(path, "")
    return Vocabulary(graph, components, kinds)


@cache
def advanced_terms() -> frozenset[str]:
    """Return the local names of the terms of SHACL-AF and SHACL-JS."""
    graph = _graph(ADVANCED)
    return frozenset(iri.removeprefix(SH) for iri in graph.triples if iri.startswith(SH)) - {""}


def components_of(graph: DomainGraph, iris: list[str]) -> dict[str, Component]:
    """Return the constraint components that a graph declares under some names (SHACL §6.2)."""
    return {iri: Component(iri, _parameters(graph, iri)) for iri in iris}


def _parameters(graph: DomainGraph, component: str) -> tuple[Parameter, ...]:
    found = []
    nodes = [key_of(term) for term in graph.objects(component, SH + "parameter")]
    for node in nodes:
        for path in graph.iris(node, SH + "path")[:1]:
            optional = graph.text(node, SH + "optional") in ("true", "1")
            single = len(nodes) > 1 or graph.number(node, SH + "maxCount") == 1
            found.append(Parameter(path, _local(path), optional, single))
    return tuple(sorted(found, key=lambda parameter: (parameter.is_optional, parameter.path)))


def _local(iri: str) -> str:
    """The local name by which queries know a parameter (SHACL §6.2.1): after the last ``#``, ``/`` or
    ``:``.
    """
    return iri[max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1 :]


def _kind(graph: DomainGraph, iris: tuple[str, ...]) -> str:
    return next((_KINDS[iri] for iri in iris if iri in _KINDS), "")


def _graph(name: str) -> DomainGraph:
    data = files(__package__).joinpath(name).read_bytes()
    return graph_of(quad.triple for quad in parse(data, RdfFormat.TURTLE))

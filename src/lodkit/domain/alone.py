"""Shapes without a domain folder around them, for data that lodkit did not build."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ..errors import DomainError
from .english import English
from .gazetteer import Gazetteer
from .graph import OWL, SH, DomainGraph, key_of
from .model import Domain, with_shapes
from .shapes import (
    MOST_FAULTS,
    read_shapes,
    refuse,
    term_faults,
    unknown_terms,
    without_effect,
)
from .structure import graph_faults, ontologies
from .wikitext import Wikitext


def shapes_only(graph: DomainGraph) -> Domain:
    """Return a domain that can validate, and nothing else; the classes of the graph count.

    Raises:
        DomainError: something is wrong with the shapes, or there are none; ``others`` has the rest of it.
    """
    shapes = read_shapes(graph)
    refuse([*graph_faults(graph), *islice(term_faults(shapes), MOST_FAULTS)])
    if not shapes.shapes:
        names = ", ".join(file.name for file in graph.files[:3])
        raise DomainError("no shape in it", file=names, hint="a shape has a sh:targetClass or a sh:property")
    prefixes = {p: n for file in reversed(graph.files) for p, n in file.prefixes.items() if p and n}
    domain = Domain(
        folder=Path(),
        version="",
        prefixes=dict(sorted(prefixes.items())),
        classes={},
        node_shapes={},
        property_shapes={},
        phrases=(),
        relations=(),
        fields=(),
        nouns=(),
        terms=(),
        names=(),
        parts=(),
        quantities=(),
        sections=(),
        states=(),
        groups=(),
        ignored=(),
        minted=frozenset(),
        minted_plural=frozenset(),
        disjoint=frozenset(),
        english=English({}, {}, {}),
        gazetteer=Gazetteer({}, {}),
        wikitext=Wikitext(),
        graph=graph,
        is_shapes_only=True,
    )
    return with_shapes(domain, shapes)


def passed_over(domain: Domain) -> Iterator[str]:
    """Yield what the shapes of a domain say that no constraint comes of, in words."""
    for name, subject in unknown_terms(domain.shapes).items():
        yield f"sh:{name} of {_called(domain, subject)}, no term of SHACL core or SHACL-SPARQL"
    for shape, parameter, lacking in without_effect(domain.shapes):
        one, other = (domain.compact(iri).replace(SH, "sh:") for iri in (parameter, lacking))
        yield f"{one} of {_called(domain, shape)}, without {other}"


def _called(domain: Domain, node: str) -> str:
    about = domain.graph.named(node)
    return "a blank node" if about.startswith("_:") else domain.compact(about)


def missing_imports(graph: DomainGraph) -> list[str]:
    """Return the ontologies that files import and that none of them describes, in sorted order."""
    imports = {key_of(term) for said in graph.triples.values() for term in said.get(OWL + "imports", ())}
    known = ontologies(graph)
    return sorted(iri for iri in imports if iri.rstrip("#") not in known)

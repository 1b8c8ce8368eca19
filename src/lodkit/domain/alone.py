"""Shapes without a domain folder around them, for data that lodkit did not build."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from ..errors import DomainError
from .english import English
from .gazetteer import Gazetteer
from .graph import OWL, DomainGraph, key_of
from .model import Domain
from .shapes import MOST_FAULTS, checked_shapes, refuse
from .structure import ontologies, structure_faults


def shapes_only(graph: DomainGraph) -> Domain:
    """Return a domain that can validate, and nothing else; the classes of the graph count.

    Raises:
        DomainError: something is wrong with the shapes, or there are none; ``others`` has the rest of it.
    """
    refuse(list(islice(structure_faults(graph), MOST_FAULTS)))
    shapes = checked_shapes(graph)
    if not shapes.shapes:
        names = ", ".join(file.name for file in graph.files[:3])
        raise DomainError("no shape in it", file=names, hint="a shape has a sh:targetClass or a sh:property")
    prefixes = {p: n for file in reversed(graph.files) for p, n in file.prefixes.items() if p and n}
    return Domain(
        folder=Path(),
        version="",
        prefixes=dict(sorted(prefixes.items())),
        classes={},
        node_shapes={},
        property_shapes={},
        phrases=(),
        fields=(),
        nouns=(),
        terms=(),
        names=(),
        sections=(),
        minted=frozenset(),
        minted_plural=frozenset(),
        disjoint=frozenset(),
        english=English({}, {}, {}),
        gazetteer=Gazetteer({}, {}),
        graph=graph,
        is_shapes_only=True,
    )


def missing_imports(graph: DomainGraph) -> list[str]:
    """Return the ontologies that files import and that none of them describes, in sorted order."""
    imports = {key_of(term) for said in graph.triples.values() for term in said.get(OWL + "imports", ())}
    known = ontologies(graph)
    return sorted(iri for iri in imports if iri.rstrip("#") not in known)

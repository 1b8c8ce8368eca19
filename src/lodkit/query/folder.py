"""As much of a domain as queries need: reading the whole of it would take longer than most answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..domain import bundled_folder
from ..errors import DomainError
from ..rdf import namespaces
from .bundled import ontology

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from pyoxigraph import Quad

_PREFIX, _NAMESPACE = "http://www.w3.org/ns/shacl#prefix", "http://www.w3.org/ns/shacl#namespace"


@dataclass(frozen=True, slots=True)
class LightDomain:
    """As much of a domain as queries need: its folder, and its prefixes as ``sh:declare`` has them (SHACL
    §5.2.1).
    """

    folder: Traversable
    prefixes: Mapping[str, str] = field(default_factory=dict)


def light_domain(folder: Path | None) -> LightDomain:
    """Read as much of a domain as queries need, by default of the one that ships with lodkit.

    Raises:
        DomainError: the folder is no domain, or the ontology is broken.
    """
    place: Traversable = folder if folder is not None else bundled_folder()
    if not place.joinpath("queries").is_dir() or not place.joinpath("ontology").is_dir():
        raise DomainError(
            "no folder ontology/ or queries/",
            file=str(place),
            hint="a domain has ontology/, shapes/ and queries/",
        )
    return LightDomain(place, namespaces() | _declared(ontology(LightDomain(place))))


def _declared(quads: Iterable[Quad]) -> dict[str, str]:
    """Collect the prefixes that ontologies declare."""
    names: dict[str, str] = {}
    spaces: dict[str, str] = {}
    for quad in quads:
        if quad.predicate.value in (_PREFIX, _NAMESPACE):
            (names if quad.predicate.value == _PREFIX else spaces)[str(quad.subject)] = getattr(
                quad.object, "value", ""
            )
    return {
        names[node]: spaces[node]
        for node in sorted(names, key=names.__getitem__)
        if node in spaces and names[node]
    }

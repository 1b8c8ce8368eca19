"""Property paths (SHACL §2.3.1) as values, and as SPARQL writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import NamedNode

from ..graph import RDF, SH, DomainGraph, Term, key_of

DEEPEST_PATH = 32
"""How many paths may stand inside each other in a ``sh:path``."""

LARGEST_PATH = 1_000
"""How many steps a ``sh:path`` may have."""


class PathError(ValueError):
    """A node that is no path; says why."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate path (§2.3.1.1)."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    """An inverse path (§2.3.1.4)."""

    path: Path


@dataclass(frozen=True, slots=True)
class Steps:
    """A sequence path (§2.3.1.2)."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """An alternative path (§2.3.1.3)."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A path that is gone along again and again (§2.3.1.5 to §2.3.1.7); ``sign`` is ``*``, ``+`` or ``?``."""

    path: Path
    sign: str


Path: TypeAlias = Predicate | Inverse | Steps | Either | Repeated

_NIL = NamedNode(RDF + "nil")
_REPEATED = {SH + "zeroOrMorePath": "*", SH + "oneOrMorePath": "+", SH + "zeroOrOnePath": "?"}
STEPS = frozenset({SH + "inversePath", SH + "alternativePath", *_REPEATED})
"""The properties by which a blank node is a path."""


def read_path(graph: DomainGraph, node: Term) -> Path:
    """Read the path that a node is.

    Raises:
        PathError: it is none, or larger than is taken.
    """
    return _Reader(graph).read(node, 1)


class _Reader:
    """Reads one path, and counts its steps."""

    def __init__(self, graph: DomainGraph) -> None:
        self._graph = graph
        self._left = LARGEST_PATH

    def read(self, node: Term, depth: int) -> Path:
        self._left -= 1
        if depth > DEEPEST_PATH:
            raise PathError(f"has more than {DEEPEST_PATH} paths inside each other")
        if self._left < 0:
            raise PathError(f"has more than {LARGEST_PATH} steps")
        if node == _NIL:
            raise PathError("is not a path: its list has no member")
        if isinstance(node, NamedNode):
            return Predicate(node)
        members = self._graph.collection(node)
        if members:
            return Steps(self._all(members, depth))
        return self._operator(node, depth)

    def _all(self, nodes: Sequence[Term], depth: int) -> tuple[Path, ...]:
        if len(nodes) < 2:
            raise PathError("is not a path: its list has fewer than two members")
        return tuple(self.read(node, depth + 1) for node in nodes)

    def _operator(self, node: Term, depth: int) -> Path:
        found = [
            (predicate, value)
            for predicate, values in self._graph.triples.get(key_of(node), {}).items()
            if predicate in STEPS
            for value in values
        ]
        if len(found) != 1:
            raise PathError("is not a path")
        ((predicate, value),) = found
        if predicate == SH + "alternativePath":
            return Either(self._all(self._graph.collection(value), depth))
        inner = self.read(value, depth + 1)
        sign = _REPEATED.get(predicate)
        return Inverse(inner) if sign is None else Repeated(inner, sign)


def path_text(path: Path) -> str:
    """Return a path as SPARQL 1.1 §9.1 writes it.

    >>> path_text(Steps((Predicate(NamedNode("x:a")), Inverse(Predicate(NamedNode("x:b"))))))
    '<x:a>/(^<x:b>)'
    """
    if isinstance(path, Predicate):
        return str(path.iri)
    return _TEXTS[type(path)](path)


def _step(path: Path) -> str:
    return path_text(path) if isinstance(path, Predicate) else f"({path_text(path)})"


_TEXTS: dict[type, Callable[..., str]] = {
    Inverse: lambda path: f"^{_step(path.path)}",
    Steps: lambda path: "/".join(map(_step, path.paths)),
    Either: lambda path: "|".join(map(_step, path.paths)),
    Repeated: lambda path: f"{_step(path.path)}{path.sign}",
}


def predicates_of(path: Path) -> Iterator[NamedNode]:
    """Yield the predicates that a path goes along, in either direction."""
    queue: list[Path] = [path]
    while queue:
        step = queue.pop()
        if isinstance(step, Predicate):
            yield step.iri
        elif isinstance(step, Inverse | Repeated):
            queue.append(step.path)
        else:
            queue += reversed(step.paths)


def plain(path: Path | None) -> NamedNode | None:
    """Return the predicate of a predicate path, None of any other."""
    return path.iri if isinstance(path, Predicate) else None

"""A shapes graph (SHACL §2) as frozen values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from ...sparql import Needs, is_separable, needs_of, predicates_read
from ..graph import SH, DomainGraph, Term, key_of
from .paths import Path, predicates_of
from .vocabulary import Component

Value = Term | tuple[Term, ...]
"""The value of a parameter: a term, or of a list its members."""


class TargetKind(StrEnum):
    """How a target chooses focus nodes (§2.1.3)."""

    NODE = "targetNode"
    CLASS = "targetClass"
    IMPLICIT = "implicit class"
    SUBJECTS = "targetSubjectsOf"
    OBJECTS = "targetObjectsOf"


@dataclass(frozen=True, slots=True)
class Target:
    """A target declaration (§2.1.3)."""

    kind: TargetKind
    term: Term


@dataclass(frozen=True)
class Query:
    """A query of a SPARQL-based constraint or validator (§5.1, §6.2.3), with all that its text needs.

    ``node`` is what holds the text; ``ask`` tells an ASK from a SELECT.
    """

    node: Term
    text: str
    prefixes: Mapping[str, str] = field(repr=False)
    messages: tuple[Literal, ...]
    ask: bool = False

    @cached_property
    def needs(self) -> Needs:
        """The predicates without which it has no solutions."""
        return Needs() if self.ask else needs_of(self.text, self.prefixes)

    @cached_property
    def reads(self) -> frozenset[str] | None:
        """The predicates of the only triples that it can match; None where it may match any."""
        return None if self.ask else predicates_read(self.text, self.prefixes)

    @cached_property
    def is_separable(self) -> bool:
        """Whether it may be asked for many focus nodes at once."""
        return not self.ask and is_separable(self.text)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint (§2.1): its component, the values of its parameters by their properties, and for a
    SPARQL-based one the query.
    """

    component: str
    values: Mapping[str, Value]
    query: Query | None = None

    def term(self, name: str) -> Term | None:
        """Return the value of one of SHACL's parameters, by its local name."""
        found = self.values.get(SH + name)
        return None if isinstance(found, tuple) else found

    def text(self, name: str, default: str = "") -> str:
        """Return the lexical form, or IRI, of the value of one of SHACL's parameters."""
        found = self.term(name)
        return found.value if isinstance(found, Literal | NamedNode) else default

    def number(self, name: str) -> int:
        """Return the value of one of SHACL's parameters that is a whole number."""
        return int(self.text(name, "0"))

    def is_true(self, name: str) -> bool:
        """Tell whether one of SHACL's parameters is true: the term, not another literal of the same value."""
        return self.term(name) == Literal(True)

    def members(self, name: str) -> tuple[Term, ...]:
        """Return the members of the list that is the value of one of SHACL's parameters."""
        found = self.values.get(SH + name, ())
        return found if isinstance(found, tuple) else (found,)


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a shape says for people (§2.3.2): ``sh:name``, ``sh:description``, ``sh:order``, ``sh:group``
    and ``sh:defaultValue``.
    """

    names: tuple[Literal, ...] = ()
    descriptions: tuple[Literal, ...] = ()
    order: Literal | None = None
    group: Term | None = None
    default: Term | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape (§2.1); a property shape has a path. ``key`` is how the graph knows its node."""

    key: str
    node: NamedNode | BlankNode
    path: Path | None
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    severity: str
    messages: tuple[Literal, ...]
    is_deactivated: bool
    documentation: Documentation = Documentation()

    def values(self, name: str) -> Iterator[Term]:
        """Yield the values of one of SHACL's parameters, of a list its members."""
        for constraint in self.constraints:
            yield from constraint.members(name)


@dataclass(frozen=True, eq=False)
class ShapesGraph:
    """The shapes of a graph by the keys of their nodes; ``advanced`` leads from the terms of SHACL-AF and
    SHACL-JS that the graph uses to a node that does.
    """

    graph: DomainGraph = field(repr=False)
    shapes: Mapping[str, Shape] = field(repr=False)
    components: Mapping[str, Component] = field(repr=False)
    advanced: Mapping[str, str]

    @cached_property
    def targeted(self) -> tuple[Shape, ...]:
        """The shapes with targets that are not deactivated."""
        return tuple(shape for shape in self.shapes.values() if shape.targets and not shape.is_deactivated)

    @cached_property
    def predicates(self) -> frozenset[Term]:
        """The properties that the shapes say something of, queries apart."""
        return frozenset(term for shape in self.shapes.values() for term in _predicates(shape))

    def at(self, term: Term) -> Shape:
        """Return the shape that a node is; one of which nothing is said has no constraints."""
        return self.named(key_of(term))

    def named(self, key: str) -> Shape:
        """Return the shape of a key, as `at` does."""
        found = self.shapes.get(key)
        if found is None:
            node = NamedNode(key) if ":" in key and not key.startswith(("_:", '"', "<<")) else BlankNode()
            found = Shape(key, node, None, (), (), SH + "Violation", (), is_deactivated=False)
        return found

    @cached_property
    def holders(self) -> Mapping[str, tuple[Shape, ...]]:
        """The shapes that a shape is a ``sh:property`` of (§4.7.3, "sibling shapes")."""
        found: dict[str, tuple[Shape, ...]] = {}
        for shape in self.shapes.values():
            for term in shape.values("property"):
                key = key_of(term)
                found[key] = (*found.get(key, ()), shape)
        return found


_PREDICATES = ("ignoredProperties", "equals", "disjoint", "lessThan", "lessThanOrEquals")
"""The parameters whose values are properties."""


def _predicates(shape: Shape) -> Iterator[Term]:
    yield from predicates_of(shape.path) if shape.path is not None else ()
    for constraint in shape.constraints:
        for name in _PREDICATES:
            yield from constraint.members(name)
    for target in shape.targets:
        if target.kind in (TargetKind.SUBJECTS, TargetKind.OBJECTS):
            yield target.term

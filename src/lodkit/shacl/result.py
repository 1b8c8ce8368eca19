"""What validation finds (SHACL §3.6.2), as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Literal, Triple

    from ..domain.graph import Term
    from ..domain.shapes import Constraint, Path, Shape

MOST_ALIKE = 10
"""How often a result is given at most whose like there is already: they differ in nothing, and reports of
lodkit have one of them.
"""


@dataclass(frozen=True, slots=True)
class Breach:
    """A focus node that breaks a constraint, with what is special about this time.

    ``path`` and ``messages`` are given where they are not those of the shape; ``details`` are the results
    of the shapes that were asked.
    """

    focus: Term
    value: Term | None = None
    path: Path | None = None
    messages: tuple[Literal, ...] = ()
    details: tuple[ValidationResult, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """A ``sh:ValidationResult``; ``severity`` is an IRI.

    ``made_by`` is the triple because of which the focus node is one, where the target is
    ``sh:targetSubjectsOf`` or ``sh:targetObjectsOf``. ``more`` counts the results of the same constraint at
    the same focus node that are not given, ``more_details`` those that ``details`` lacks.
    """

    focus: Term
    path: Path | None
    value: Term | None
    shape: Shape
    constraint: Constraint
    messages: tuple[Literal, ...]
    details: tuple[ValidationResult, ...] = ()
    made_by: Triple | None = None
    more: int = 0
    more_details: int = 0

    @property
    def severity(self) -> str:
        """The severity of the shape (§2.1.4)."""
        return self.shape.severity

    @property
    def component(self) -> str:
        """The constraint component."""
        return self.constraint.component


@dataclass(frozen=True, slots=True)
class Checked:
    """How a shape with targets fared: how many focus nodes it found, and how many of them broke it."""

    shape: Shape
    targets: int
    failed: int

    @property
    def passed(self) -> int:
        """How many focus nodes conform."""
        return self.targets - self.failed


@dataclass(frozen=True)
class Outcome:
    """What a validation came to: results in the order of the shapes, how each shape fared, the nodes that
    shapes with targets looked at, and those that any shape did.
    """

    results: tuple[ValidationResult, ...]
    checked: tuple[Checked, ...]
    focus_nodes: frozenset[Term] = field(repr=False)
    looked_at: frozenset[Term] = field(repr=False)

    @property
    def idle(self) -> tuple[Shape, ...]:
        """The shapes with targets that found no focus node."""
        return tuple(one.shape for one in self.checked if not one.targets)

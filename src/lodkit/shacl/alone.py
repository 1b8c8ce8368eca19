"""What a property shape says of one value alone, before there is a graph: the constraints that judge each
value by itself, and those that ask other shapes of that kind about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from ..domain.graph import SH, key_of
from .ask import Asking
from .data import Data
from .engine import Validation, results_of
from .messages import plain
from .run import ValueNodes
from .table import OWN, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from ..domain.graph import Term
    from ..domain.shapes import Constraint, ShapesGraph
    from .engine import Compiled
    from .result import ValidationResult
    from .run import Judge

    Judges = tuple[tuple[Constraint, Judge], ...]

_VIOLATION = SH + "Violation"


@dataclass(frozen=True)
class _Classes(Data):
    """No triples; only of which classes nodes are."""

    known: Callable[[Term, Term], bool] = field(kw_only=True)

    def is_a(self, node: Term, cls: Term) -> bool:
        """Tell whether a node is an instance of a class."""
        return self.known(node, cls)


def alone(shapes: ShapesGraph, is_a: Callable[[Term, Term], bool]) -> Validation:
    """Return a validation without data, for `refusals`; ``is_a`` tells whether a node is of a class."""
    data = _Classes({}, frozenset(), (), known=is_a)
    return Validation(data, shapes, Asking(data, shapes), plain)


def refusals(
    run: Validation, shapes: ShapesGraph, shape: str, values: Collection[Term]
) -> Mapping[Term, ValidationResult]:
    """Return the first violation of each value that a property shape, given by its key, refuses whatever
    else is known of its subject.

    How many values there are, and which others, is no question here; nor are queries and warnings.
    """
    compiled = run.compiled(shape)
    found: dict[Term, ValidationResult] = {}
    pairs = ValueNodes([(value, (value,)) for value in values])
    for constraint, judge in _judges(compiled, shapes):
        for breach in judge(pairs, run):
            if breach.focus not in found:
                found[breach.focus] = run.told(results_of(breach, compiled.shape, constraint)[0])
    return found


@lru_cache(maxsize=8)
def _known_judges(shapes: ShapesGraph) -> dict[str, Judges]:
    return {}


def _judges(compiled: Compiled, shapes: ShapesGraph) -> Judges:
    """The constraints of a property shape that can be judged; none of one that only warns."""
    known, shape = _known_judges(shapes), compiled.shape
    if shape.key not in known:
        judges = compiled.judges if shape.severity == _VIOLATION else ()
        known[shape.key] = tuple((one, judge) for one, _, judge in judges if _is_alone(one, shapes))
    return known[shape.key]


def _is_alone(constraint: Constraint, shapes: ShapesGraph) -> bool:
    """Tell whether a constraint, and all that it asks, needs no more than the value."""
    queue = [constraint]
    seen: set[str] = set()
    while queue:
        one = queue.pop()
        row = TABLE.get(one.component, OWN)
        if not (row.is_alone or row.asks):
            return False
        for term in one.members(row.asks) if row.asks else ():
            shape = shapes.at(term)
            if shape.path is not None:
                return False
            if key_of(term) not in seen:
                seen.add(key_of(term))
                queue += [] if shape.is_deactivated else shape.constraints
    return True

"""Shapes compiled to functions, and asked of data (SHACL §3.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, Triple

from ..domain.graph import SH
from ..domain.shapes import DEEPEST_SHAPE, Predicate
from ..errors import LimitError
from .messages import plain
from .result import Breach, Checked, Outcome, ValidationResult
from .run import ValueNodes
from .table import OWN, TABLE, Row
from .targets import focus_nodes
from .walk import Budget, value_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ..domain.graph import Term
    from ..domain.shapes import Constraint, Query, Shape, ShapesGraph
    from .ask import Asking
    from .data import Data
    from .run import Failures, Judge

_PROPERTY = SH + "PropertyConstraintComponent"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A shape whose constraints are functions.

    ``needs_values`` tells that no constraint finds fault with a focus node without value nodes.
    """

    shape: Shape
    judges: tuple[tuple[Constraint, Row, Judge], ...]
    needs_values: bool


@lru_cache(maxsize=8)
def _compiled_shapes(shapes: ShapesGraph) -> dict[str, Compiled]:
    """What has been compiled of a shapes graph so far, by the keys of its shapes."""
    return {}


class Validation:
    """The shapes of a graph over some data: what `lodkit.shacl.run` calls a run."""

    def __init__(self, data: Data, shapes: ShapesGraph, asking: Asking, shown: Callable[[Term], str]) -> None:
        """Start with nothing asked."""
        self.data = data
        self.shown = shown
        self.budget = Budget()
        self._shapes = shapes
        self.is_foreign = asking.is_foreign
        self._asking = asking
        self._compiled = _compiled_shapes(shapes)
        self._known: dict[str, dict[Term, Sequence[ValidationResult]]] = {}
        self._asked: dict[str, set[Term]] = {}
        self._depth = 0

    def looked_at(self) -> Iterator[Term]:
        """Yield the nodes that shapes were asked about by other shapes."""
        return (node for nodes in self._asked.values() for node in nodes)

    def failures(self, shape: str, nodes: Collection[Term]) -> Failures:
        """Return which nodes do not conform to a shape (§3.4.2), and why: those asked about before too."""
        asked = self._asked.setdefault(shape, set())
        known = self._known.setdefault(shape, {})
        new = [node for node in nodes if node not in asked]
        if new:
            asked.update(new)
            known.update(self.results(shape, new))
        return known

    def results(self, shape: str, nodes: Collection[Term]) -> Failures:
        """Return the results of some focus nodes (§3.4.1), of those that have any."""
        compiled = self.compiled(shape)
        if not compiled.judges or not nodes:
            return {}
        pairs = self._pairs(compiled, nodes)
        if pairs is None:
            return {}
        if self._depth > DEEPEST_SHAPE:
            raise LimitError(f"shapes lead to each other in a chain of more than {DEEPEST_SHAPE}")
        found: dict[Term, list[ValidationResult]] = {}
        self._depth += 1
        for constraint, _, judge in compiled.judges:
            for breach in judge(pairs, self):
                found.setdefault(breach.focus, []).extend(results_of(breach, compiled.shape, constraint))
        self._depth -= 1
        return found

    def compiled(self, key: str) -> Compiled:
        """Return a shape with its constraints as functions."""
        return self._compiled.get(key) or self._compile(key)

    def _compile(self, key: str) -> Compiled:
        shape = self._shapes.named(key)
        # A deactivated shape has no constraints (§2.1.6).
        constraints = () if shape.is_deactivated else shape.constraints
        rows = [(constraint, TABLE.get(constraint.component, OWN)) for constraint in constraints]
        judges = tuple((one, row, row.compile(one, shape, self._shapes)) for one, row in rows)
        found = Compiled(shape, judges, all(row.needs_values for _, row in rows))
        self._compiled[key] = found
        return found

    def _pairs(self, compiled: Compiled, nodes: Collection[Term]) -> ValueNodes | None:
        """The value nodes of focus nodes; None where there are none, and no constraint minds."""
        path = compiled.shape.path
        if path is None:
            return ValueNodes([(node, (node,)) for node in nodes])
        pairs: list[tuple[Term, Sequence[Term]]]
        if isinstance(path, Predicate):
            objects = self.data.objects(path.iri)
            if not compiled.needs_values:
                pairs = [(node, objects.get(node, ())) for node in nodes]
            elif objects:
                found = ((node, objects.get(node)) for node in nodes)
                pairs = [(node, values) for node, values in found if values is not None]
            else:
                return None
        else:
            pairs = [(node, value_nodes(path, node, self.data, self.budget)) for node in nodes]
        return ValueNodes(pairs) if pairs else None

    def told(self, result: ValidationResult, made_by: Triple | None = None) -> ValidationResult:
        """Return a result with messages, of its constraint where its shape has none."""
        messages = result.messages
        if not messages:
            row = TABLE.get(result.component, OWN)
            messages = (Literal(row.say(result.constraint, self.shown), language="en"),)
        details = tuple(map(self.told, result.details))
        return replace(result, messages=messages, details=details, made_by=made_by)

    def solutions(self, query: Query, text: str, rows: Sequence[Mapping[str, Term]], shape: Shape) -> Any:
        """Return the solutions of a query, or its truth value, with values for its variables (§5.3.1)."""
        return self._asking.solutions(query, text, rows, shape)


def results_of(breach: Breach, shape: Shape, constraint: Constraint) -> Sequence[ValidationResult]:
    """Return the results that a breach stands for: of a property shape its own."""
    if constraint.component == _PROPERTY:
        return breach.details
    return (
        ValidationResult(
            breach.focus,
            breach.path or shape.path,
            breach.value,
            shape,
            constraint,
            breach.messages or shape.messages,
            breach.details,
        ),
    )


def validate(
    data: Data, shapes: ShapesGraph, asking: Asking, shown: Callable[[Term], str] = plain
) -> Outcome:
    """Validate data against all shapes with targets (§3.4); ``shown`` is how messages write terms.

    Raises:
        DomainError: a query of a shape is not SPARQL, or reports a failure.
        LimitError: a query, or the paths of the shapes, take too much.
    """
    run = Validation(data, shapes, asking, shown)
    found: list[ValidationResult] = []
    checked: list[Checked] = []
    nodes: set[Term] = set()
    for shape in shapes.targeted:
        focus = focus_nodes(shape, data)
        failing = run.results(shape.key, focus) if focus else {}
        checked.append(Checked(shape, len(focus), len(failing)))
        nodes.update(focus)
        for node, made_by in focus.items() if failing else ():
            if node in failing:
                triple = None if made_by is None else Triple(*made_by)  # type: ignore[arg-type]
                found += [run.told(one, triple) for one in failing[node]]
    return Outcome(tuple(found), tuple(checked), frozenset(nodes), frozenset(nodes.union(run.looked_at())))

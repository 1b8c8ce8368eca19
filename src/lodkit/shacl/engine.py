"""Shapes compiled to functions, and asked of data (SHACL §3.4)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from ..domain.graph import SH, key_of
from ..domain.shapes import DEEPEST_SHAPE, Predicate
from ..errors import LimitError
from .messages import plain
from .result import Breach, Checked, Outcome, ValidationResult
from .run import ValueNodes
from .table import OWN, TABLE, Row
from .targets import focus_nodes
from .walk import Budget, value_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ..domain.graph import Term
    from ..domain.shapes import Constraint, Query, Shape, ShapesGraph
    from .ask import Asking
    from .data import Data
    from .run import Failures, Judge

_PROPERTY = SH + "PropertyConstraintComponent"


class Compiled:
    """A shape whose constraints are functions."""

    __slots__ = ("judges", "needs_values", "shape")

    def __init__(self, shape: Shape, shapes: ShapesGraph) -> None:
        """Compile the constraints of a shape; a deactivated one has none (§2.1.6)."""
        self.shape = shape
        rows = [(constraint, TABLE.get(constraint.component, OWN)) for constraint in shape.constraints]
        if shape.is_deactivated:
            rows = []
        self.judges: list[tuple[Constraint, Row, Judge]] = [
            (constraint, row, row.compile(constraint, shape, shapes)) for constraint, row in rows
        ]
        self.needs_values = all(row.needs_values for _, row, _ in self.judges)


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
        self._asking = asking
        self._compiled = _compiled_shapes(shapes)
        self._known: dict[str, dict[Term, Sequence[ValidationResult]]] = {}
        self._asked: dict[str, set[Term]] = {}
        self._depth = 0

    @property
    def looked_at(self) -> Mapping[str, set[Term]]:
        """The nodes that shapes were asked about by other shapes, by the keys of the shapes asked."""
        return self._asked

    def failures(self, shape: Term, nodes: Collection[Term]) -> Failures:
        """Return which nodes do not conform to a shape (§3.4.2), and why: those asked about before too."""
        key = key_of(shape)
        asked = self._asked.setdefault(key, set())
        known = self._known.setdefault(key, {})
        new = [node for node in nodes if node not in asked]
        if new:
            asked.update(new)
            known.update(self.results(shape, new))
        return known

    def results(self, shape: Term, nodes: Collection[Term]) -> Failures:
        """Return the results of some focus nodes (§3.4.1), of those that have any."""
        if self._depth > DEEPEST_SHAPE:
            raise LimitError(f"shapes lead to each other in a chain of more than {DEEPEST_SHAPE}")
        compiled = self._compile(shape)
        if not compiled.judges or not nodes:
            return {}
        pairs = self._pairs(compiled, nodes)
        if pairs is None:
            return {}
        found: dict[Term, list[ValidationResult]] = {}
        self._depth += 1
        try:
            for constraint, row, judge in compiled.judges:
                for breach in judge(pairs, self):
                    results = found.setdefault(breach.focus, [])
                    results += self._results(breach, compiled.shape, constraint, row)
        finally:
            self._depth -= 1
        return found

    def _compile(self, shape: Term) -> Compiled:
        key = key_of(shape)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = Compiled(self._shapes.at(shape), self._shapes)
        return found

    def _pairs(self, compiled: Compiled, nodes: Collection[Term]) -> ValueNodes | None:
        """The value nodes of focus nodes; None where there are none, and no constraint minds."""
        path = compiled.shape.path
        if path is None:
            return ValueNodes([(node, (node,)) for node in nodes])
        pairs: list[tuple[Term, Sequence[Term]]]
        if isinstance(path, Predicate):
            objects = self.data.objects(path.iri)
            if compiled.needs_values:
                pairs = [(node, objects[node]) for node in nodes if node in objects] if objects else []
            else:
                pairs = [(node, objects.get(node, ())) for node in nodes]
        else:
            pairs = [(node, value_nodes(path, node, self.data, self.budget)) for node in nodes]
        return ValueNodes(pairs) if pairs else None

    def solutions(self, query: Query, text: str, values: Mapping[str, Term], shape: Shape) -> Any:
        """Return the solutions of a query, or its truth value, with values for its variables (§5.3.1)."""
        return self._asking.solutions(query, text, values, shape)

    def _results(
        self, breach: Breach, shape: Shape, constraint: Constraint, row: Row
    ) -> Sequence[ValidationResult]:
        """The results that a breach stands for: of a property shape its own."""
        if constraint.component == _PROPERTY:
            return breach.details
        own = breach.messages or shape.messages
        messages = own or (Literal(row.say(constraint, self.shown), language="en"),)
        path = breach.path or shape.path
        return (
            ValidationResult(breach.focus, path, breach.value, shape, constraint, messages, breach.details),
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
    looked_at: dict[Term, tuple[str, ...]] = {}
    for shape in shapes.targeted:
        focus = focus_nodes(shape, data)
        failing = run.results(shape.node, focus)
        checked.append(Checked(shape, len(focus), len(failing)))
        for node, made_by in focus.items():
            looked_at[node] = (*looked_at.get(node, ()), shape.key)
            results = failing.get(node, ())
            found += results if made_by is None else [replace(one, made_by=made_by) for one in results]
    nodes = frozenset(looked_at)
    for key, asked in run.looked_at.items():
        for node in asked:
            looked_at[node] = (*looked_at.get(node, ()), key)
    return Outcome(tuple(found), tuple(checked), looked_at, nodes)

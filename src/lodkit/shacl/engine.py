"""Shapes compiled to functions, and asked of data (SHACL §3.4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, Triple

from ..domain.graph import SH
from ..domain.shapes import DEEPEST_SHAPE, Predicate
from ..errors import LimitError
from .messages import plain
from .result import MOST_ALIKE, Breach, Checked, Outcome, ValidationResult
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

MOST_IN_FULL = 100_000
"""How many results of a validation are kept whatever they are of."""

MOST_OF_ONE = 100
"""How many results of one constraint at one focus node are kept then; the others are counted."""

MOST_DETAILS = DEEPEST_SHAPE
"""How many results stand within a result, near and far, so that a chain of shapes is told to its end: they
hold others, and several of them the same.
"""

Found = dict["Term", list[ValidationResult]]


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
        self._kept = 0

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
        found: Found = {}
        self._depth += 1
        for constraint, _, judge in compiled.judges:
            breaches = judge(pairs, self)
            if constraint.component == _PROPERTY:
                self._pass_on(breaches, found)
            else:
                self._keep(breaches, compiled.shape, constraint, found)
        self._depth -= 1
        return found

    def _pass_on(self, breaches: Iterator[Breach], found: Found) -> None:
        """Add the results of a property shape, each of which many focus nodes may lead to."""
        for breach in breaches:
            self.budget.spend(len(breach.details))
            found.setdefault(breach.focus, []).extend(breach.details)

    def _keep(self, breaches: Iterator[Breach], shape: Shape, constraint: Constraint, found: Found) -> None:
        """Add the results of another constraint; what is left out is counted, but for what differs in nothing
        from the result before it.
        """
        counts: Counter[Term] = Counter()
        left_out: Counter[Term] = Counter()
        last: Breach | None = None
        for breach in breaches:
            is_new = breach != last
            last = breach
            counts[breach.focus] += is_new
            if self._kept < MOST_IN_FULL or counts[breach.focus] <= MOST_OF_ONE:
                self._kept += 1
                found.setdefault(breach.focus, []).extend(results_of(breach, shape, constraint))
            else:
                left_out[breach.focus] += is_new
        for focus, more in left_out.items():
            found[focus][-1] = replace(found[focus][-1], more=more)

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

    def told(
        self, result: ValidationResult, made_by: Triple | None = None, most: int = MOST_DETAILS
    ) -> ValidationResult:
        """Return a result with messages, of its constraint where its shape has none, and with at most so many
        results in it.
        """
        messages = result.messages
        if not messages:
            row = TABLE.get(result.component, OWN)
            messages = (Literal(row.say(result.constraint, self.shown), language="en"),)
        shown = result.details[:most]
        of_each = (most - len(shown)) // max(1, len(shown))
        return replace(
            result,
            messages=messages,
            details=tuple(self.told(detail, None, of_each) for detail in shown),
            made_by=made_by,
            more_details=len(result.details) - len(shown) + sum(detail.more for detail in result.details),
        )

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
        times: Counter[int] = Counter()  # of results that are all alive, in ``failing``
        for node, made_by in focus.items() if failing else ():
            if node in failing:
                triple = None if made_by is None else Triple(*made_by)  # type: ignore[arg-type]
                for one in failing[node]:
                    times[id(one)] += 1
                    if times[id(one)] <= MOST_ALIKE:
                        found.append(run.told(one, triple))
    return Outcome(tuple(found), tuple(checked), frozenset(nodes), frozenset(nodes.union(run.looked_at())))

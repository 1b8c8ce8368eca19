"""Constraints that judge the value nodes of a focus node together (SHACL §4.2, §4.4.5, §4.5, §4.8.1,
§4.8.2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..domain.shapes import Predicate, plain
from .result import MOST_ALIKE, Breach
from .values import not_in_order

if TYPE_CHECKING:
    from ..domain.shapes import Constraint, Shape, ShapesGraph
    from .run import Judge, Run, ValueNodes


def least(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.2.1."""
    bound = constraint.number("minCount")
    return lambda pairs, run: (Breach(focus) for focus, values in pairs if len(values) < bound)


def most(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.2.2."""
    bound = constraint.number("maxCount")
    return lambda pairs, run: (Breach(focus) for focus, values in pairs if len(values) > bound)


def with_value(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.8.2."""
    wanted = constraint.term("hasValue")
    return lambda pairs, run: (Breach(focus) for focus, values in pairs if wanted not in values)


def unique_languages(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.4.5: one breach for each language that two values have."""
    if not constraint.is_true("uniqueLang"):
        return lambda pairs, run: iter(())

    def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
        for focus, values in pairs:
            tags = (value.language for value in values if isinstance(value, Literal))
            counts = Counter(tag.lower() for tag in tags if tag)
            yield from (Breach(focus) for count in counts.values() if count > 1)

    return judge


def _compared(constraint: Constraint, name: str) -> NamedNode:
    term = constraint.term(name)
    assert isinstance(term, NamedNode)
    return term


def equal(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.5.1: one breach for each value that one side has alone."""
    predicate = _compared(constraint, "equals")

    def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
        objects = run.data.objects(predicate)
        for focus, values in pairs:
            others = dict.fromkeys(objects.get(focus, ()))
            own = dict.fromkeys(values)
            yield from (Breach(focus, value) for value in own if value not in others)
            yield from (Breach(focus, value) for value in others if value not in own)

    return judge


def disjoint(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.5.2: one breach for each value that both sides have."""
    predicate = _compared(constraint, "disjoint")

    def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
        objects = run.data.objects(predicate)
        for focus, values in pairs:
            others = frozenset(objects.get(focus, ()))
            yield from (Breach(focus, value) for value in values if value in others)

    return judge


def before(name: str, allowed: tuple[int, ...]) -> Callable[[Constraint, Shape, ShapesGraph], Judge]:
    """§4.5.3, §4.5.4: one breach for each pair of values that do not stand in that order."""

    def compiled(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
        predicate = _compared(constraint, name)

        def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
            objects = run.data.objects(predicate)
            for focus, values in pairs:
                counts = not_in_order(values, objects.get(focus, ()), allowed, run.budget.spend)
                for value, count in zip(values, counts, strict=True):
                    yield from repeat(Breach(focus, value), min(count, MOST_ALIKE))

        return judge

    return compiled


def closed(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.8.1: one breach for each triple of a value node whose predicate is no path of the shape."""
    if not constraint.is_true("closed"):
        return lambda pairs, run: iter(())
    paths = (plain(shapes.at(term).path) for term in shape.values("property"))
    allowed = {path for path in paths if path is not None} | {*constraint.members("ignoredProperties")}

    def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
        data = run.data
        for focus, values in pairs:
            for node in values:
                for predicate in data.predicates(node):
                    if predicate not in allowed:
                        path, objects = Predicate(predicate), data.objects(predicate)[node]
                        run.budget.spend(len(objects))
                        yield from (Breach(focus, value, path) for value in objects)

    return judge

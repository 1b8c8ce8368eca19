"""Constraints that ask other shapes (SHACL §4.6, §4.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from ..domain.graph import key_of
from .result import Breach

if TYPE_CHECKING:
    from ..domain.graph import Term
    from ..domain.shapes import Constraint, Shape, ShapesGraph
    from .result import ValidationResult
    from .run import Failures, Judge, Run, ValueNodes

Details = tuple["ValidationResult", ...]


def _shape_of(constraint: Constraint, name: str) -> str:
    term = constraint.term(name)
    assert term is not None
    return key_of(term)


def _details(failures: Failures, values: Collection[Term]) -> dict[Term, Details]:
    """Why values do not conform: one tuple for all focus nodes that lead to a value."""
    return {value: tuple(failures[value]) for value in values if value in failures} if failures else {}


def by_property(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.7.2: the results of the property shape at each value node are results themselves."""
    inner = _shape_of(constraint, "property")

    def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
        details = _details(run.results(inner, pairs.distinct), pairs.distinct)
        for focus, values in pairs if details else ():
            yield from (Breach(focus, value, details=details[value]) for value in values if value in details)

    return judge


def by_node(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.7.1."""
    inner = _shape_of(constraint, "node")

    def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
        details = _details(run.failures(inner, pairs.distinct), pairs.distinct)
        for focus, values in pairs if details else ():
            yield from (Breach(focus, value, details=details[value]) for value in values if value in details)

    return judge


def negation(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """§4.6.1."""
    inner = _shape_of(constraint, "not")

    def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
        failing = run.failures(inner, pairs.distinct)
        for focus, values in pairs:
            yield from (Breach(focus, value) for value in values if value not in failing)

    return judge


def _all(failing: Sequence[Failures], value: Term) -> Details | None:
    """§4.6.2: what is wrong where a value conforms not to all shapes."""
    found = tuple(result for failures in failing for result in failures.get(value, ()))
    return found or None


def _any(failing: Sequence[Failures], value: Term) -> Details | None:
    """§4.6.3: what is wrong where a value conforms to no shape."""
    if any(value not in failures for failures in failing):
        return None
    return tuple(result for failures in failing for result in failures[value])


def _one(failing: Sequence[Failures], value: Term) -> Details | None:
    """§4.6.4: what is wrong where a value conforms not to exactly one shape."""
    fitting = sum(value not in failures for failures in failing)
    return None if fitting == 1 else _any(failing, value) or ()


_RULES: dict[str, Callable[[Sequence[Failures], Term], Details | None]] = {
    "and": _all,
    "or": _any,
    "xone": _one,
}


def combined(name: str) -> Callable[[Constraint, Shape, ShapesGraph], Judge]:
    """Return how ``sh:and``, ``sh:or`` or ``sh:xone`` is compiled."""
    rule = _RULES[name]

    def compiled(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
        members = [key_of(term) for term in constraint.members(name)]

        def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
            values = pairs.distinct
            failing = _each(members, values, run, shortcut=name == "or")
            wrong = {value: found for value in values if (found := rule(failing, value)) is not None}
            for focus, own in pairs if wrong else ():
                yield from (Breach(focus, value, details=wrong[value]) for value in own if value in wrong)

        return judge

    return compiled


def _each(members: Sequence[str], values: Collection[Term], run: Run, *, shortcut: bool) -> list[Failures]:
    """What fails each shape; with ``shortcut`` the next one is asked only for what failed the one before."""
    found: list[Failures] = []
    left = values
    for member in members:
        failures = run.failures(member, left)
        found.append(failures)
        if shortcut:
            left = [value for value in left if value in failures]
            if not left:
                break
    return found


def qualified(name: str) -> Callable[[Constraint, Shape, ShapesGraph], Judge]:
    """§4.7.3: how many values conform to the shape, and to none of its siblings where these are to be
    disjoint.
    """

    def compiled(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
        inner = _shape_of(constraint, "qualifiedValueShape")
        bound = constraint.number(name)
        siblings = (
            _siblings(inner, shape, shapes) if constraint.is_true("qualifiedValueShapesDisjoint") else []
        )

        def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
            values = pairs.distinct
            failing = run.failures(inner, values)
            fitting = [value for value in values if value not in failing]
            others = [run.failures(sibling, fitting) for sibling in siblings]
            counted = {value for value in fitting if all(value in failures for failures in others)}
            for focus, own in pairs:
                count = sum(value in counted for value in own)
                if count < bound if name == "qualifiedMinCount" else count > bound:
                    yield Breach(focus)

        return judge

    return compiled


def _siblings(inner: str, shape: Shape, shapes: ShapesGraph) -> list[str]:
    """The other qualified value shapes of the shapes that this one is a property of."""
    keys = {
        key_of(term): None
        for holder in shapes.holders.get(shape.key, ())
        for sibling in holder.values("property")
        for term in shapes.at(sibling).values("qualifiedValueShape")
    }
    return [key for key in keys if key != inner]

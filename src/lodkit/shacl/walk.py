"""Value nodes: where a property path leads to from a node (SHACL §2.3.1; SPARQL 1.1 §18.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.shapes import Either, Inverse, Path, Predicate, Repeated, Steps
from ..errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..domain.graph import Term
    from .data import Data

MOST_STEPS = 20_000_000
"""How many comparisons and steps along paths a validation may take."""


class Budget:
    """What is left of the steps that a validation may take."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        """Start with all of them."""
        self._left = self._most = steps

    def spend(self, steps: int) -> None:
        """Take some.

        Raises:
            LimitError: there are not so many left.
        """
        self._left -= steps
        if self._left < 0:
            message = (
                f"the paths and comparisons of the shapes take more than {self._most} steps in these data"
            )
            raise LimitError(message, hint="validate less at once, or make the paths shorter")


def value_nodes(path: Path, node: Term, data: Data, budget: Budget) -> Sequence[Term]:
    """Return the value nodes of a path from a node, each once."""
    return _walk(path, node, data, budget, back=False)


def _walk(path: Path, node: Term, data: Data, budget: Budget, *, back: bool) -> Sequence[Term]:
    if isinstance(path, Predicate):
        found = (data.subjects if back else data.objects)(path.iri).get(node, ())
        budget.spend(len(found))
        return found
    if isinstance(path, Inverse):
        return _walk(path.path, node, data, budget, back=not back)
    if isinstance(path, Steps):
        return _along(path, node, data, budget, back=back)
    if isinstance(path, Either):
        ways = (_walk(way, node, data, budget, back=back) for way in path.paths)
        return list(dict.fromkeys(value for way in ways for value in way))
    return _again(path, node, data, budget, back=back)


def _along(path: Steps, node: Term, data: Data, budget: Budget, *, back: bool) -> Sequence[Term]:
    frontier: Sequence[Term] = (node,)
    for step in reversed(path.paths) if back else path.paths:
        ways = (_walk(step, start, data, budget, back=back) for start in frontier)
        frontier = list(dict.fromkeys(value for way in ways for value in way))
    return frontier


def _again(path: Repeated, node: Term, data: Data, budget: Budget, *, back: bool) -> Sequence[Term]:
    first = _walk(path.path, node, data, budget, back=back)
    if path.sign == "?":
        return list(dict.fromkeys((node, *first)))
    found = dict.fromkeys(first if path.sign == "+" else (node, *first))
    queue = list(found)
    for start in queue:  # grows while it is gone through
        for value in _walk(path.path, start, data, budget, back=back):
            if value not in found:
                found[value] = None
                queue.append(value)
    return list(found)

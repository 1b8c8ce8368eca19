"""What constraints get to work with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..domain.graph import Term
    from ..domain.shapes import Constraint, Query, Shape, ShapesGraph
    from .data import Data
    from .result import Breach, ValidationResult
    from .walk import Budget


class ValueNodes:
    """Focus nodes, each with its value nodes."""

    __slots__ = ("_distinct", "_pairs")

    def __init__(self, pairs: Sequence[tuple[Term, Sequence[Term]]]) -> None:
        """Take pairs of a focus node and its value nodes, which are each there once."""
        self._pairs = pairs
        self._distinct: Collection[Term] | None = None

    def __iter__(self) -> Iterator[tuple[Term, Sequence[Term]]]:
        return iter(self._pairs)

    @property
    def distinct(self) -> Collection[Term]:
        """The value nodes of all focus nodes, each once."""
        if self._distinct is None:
            self._distinct = dict.fromkeys(chain.from_iterable(values for _, values in self._pairs))
        return self._distinct


Failures = Mapping["Term", Sequence["ValidationResult"]]
"""Nodes that do not conform to a shape, each with the results that say why."""

Judge = Callable[[ValueNodes, "Run"], Iterator["Breach"]]
"""A constraint of a shape, compiled."""

Compile = Callable[["Constraint", "Shape", "ShapesGraph"], Judge]


class Run(Protocol):
    """A validation that goes on."""

    @property
    def data(self) -> Data:
        """The data graph."""

    @property
    def budget(self) -> Budget:
        """What is left of the steps that it may take."""

    @property
    def is_foreign(self) -> bool:
        """Whether shapes or data are not lodkit's own."""

    @property
    def shown(self) -> Callable[[Term], str]:
        """How a term is written in messages."""

    def failures(self, shape: str, nodes: Collection[Term]) -> Failures:
        """Return which of some nodes do not conform to a shape, given by its key, and why."""

    def results(self, shape: str, nodes: Collection[Term]) -> Failures:
        """Return the results of some focus nodes of a shape, of those that have any."""

    def solutions(self, query: Query, text: str, rows: Sequence[Mapping[str, Term]], shape: Shape) -> Any:
        """Return the solutions of a query, or its truth value, with rows of values for its variables."""

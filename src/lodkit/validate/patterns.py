"""``sh:pattern`` for pySHACL, which would run it by Python's backtracking expressions: 27 characters can take
it 7
seconds.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Triple

from ..domain import written_pattern
from .report import SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PATTERN = SH + "pattern"
LINEAR_PATTERN = "https://w3id.org/lodkit/core#linearPattern"
"""What stands for ``sh:pattern`` in the shapes that are handed to pySHACL."""


def with_linear_patterns(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the triples of shapes with each ``sh:pattern`` as the constraint of `teach_linear_patterns`."""
    for triple in triples:
        linear = triple.predicate.value == PATTERN
        yield Triple(triple.subject, NamedNode(LINEAR_PATTERN), triple.object) if linear else triple


@cache
def teach_linear_patterns() -> None:
    """Add a constraint component to pySHACL that reports as ``sh:PatternConstraintComponent``, and matches in
    linear time; ``sh:pattern`` stays as it is for others who use pySHACL in this process.
    """
    import rdflib
    from pyshacl import constraints
    from pyshacl.constraints.core.string_based_constraints import (
        PatternConstraintComponent,
        StringBasedConstraintBase,
    )

    parameter = rdflib.URIRef(LINEAR_PATTERN)

    class LinearPatternConstraintComponent(PatternConstraintComponent):
        def __init__(self, shape: Any) -> None:
            StringBasedConstraintBase.__init__(self, shape)  # that of the parent compiles the expressions
            self.string_rules = sorted(shape.objects(parameter))
            flags = next(iter(shape.objects(rdflib.URIRef(SH + "flags"))), "")
            self.patterns = {rule: written_pattern(str(rule), str(flags)) for rule in self.string_rules}

        @classmethod
        def constraint_parameters(cls) -> list[rdflib.URIRef]:
            return [parameter]

        def _evaluate_string_rule(self, r: Any, target_graph: Any, f_v_dict: Any) -> tuple[bool, list[Any]]:
            pairs = [(focus, value) for focus, values in f_v_dict.items() for value in values]
            texts = {str(value) for _, value in pairs if not isinstance(value, rdflib.BNode)}
            pattern = self.patterns[r]
            # Nested shapes are given one value at a time, and often the same.
            matching = filter(pattern.matches, texts) if len(texts) == 1 else pattern.matching(sorted(texts))
            matched = frozenset(matching)
            reports = [
                self.make_v_result(target_graph, focus, value_node=value)
                for focus, value in pairs
                if isinstance(value, rdflib.BNode) or str(value) not in matched
            ]
            return bool(reports), reports

    constraints.ALL_CONSTRAINT_PARAMETERS.append(parameter)
    constraints.CONSTRAINT_PARAMETERS_MAP[parameter] = LinearPatternConstraintComponent

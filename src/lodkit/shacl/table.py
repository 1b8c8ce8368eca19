"""The constraint components, one row each: how a constraint is compiled, and what is said where it is
broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.graph import SH
from . import facets, logic, queries, sets
from .facets import Pick
from .messages import Say, always, of_kind, of_members, with_value
from .result import Breach

if TYPE_CHECKING:
    from ..domain.shapes import Constraint, Shape, ShapesGraph
    from .run import Compile, Judge, Run, ValueNodes


@dataclass(frozen=True, slots=True)
class Row:
    """A constraint component.

    ``needs_values`` tells that it finds no fault with a focus node that has no value nodes, ``is_alone``
    that it judges each value by itself, ``asks`` is the parameter whose shapes it asks about each value.
    """

    compile: Compile
    say: Say
    needs_values: bool = True
    is_alone: bool = False
    asks: str = ""


def _each(compile_pick: Callable[[Constraint], Pick], say: Say) -> Row:
    """A constraint that judges each value by itself."""

    def compiled(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
        pick = compile_pick(constraint)

        def judge(pairs: ValueNodes, run: Run) -> Iterator[Breach]:
            wrong = frozenset(pick(pairs.distinct, run.data))
            for focus, values in pairs if wrong else ():
                yield from (Breach(focus, value) for value in values if value in wrong)

        return judge

    return Row(compiled, say, is_alone=True)


_LESS, _UP_TO, _MORE, _FROM = (-1,), (-1, 0), (1,), (0, 1)

_ROWS: dict[str, Row] = {
    # §4.1 value types
    "Class": _each(facets.of_class, with_value("The value is not of the class {}.", "class")),
    "Datatype": _each(facets.of_datatype, with_value("The value is not of the datatype {}.", "datatype")),
    "NodeKind": _each(facets.of_node_kind, of_kind),
    # §4.2 cardinality
    "MinCount": Row(
        sets.least, with_value("There are fewer values than {}.", "minCount"), needs_values=False
    ),
    "MaxCount": Row(sets.most, with_value("There are more values than {}.", "maxCount")),
    # §4.3 ranges
    "MinExclusive": _each(
        facets.in_range("minExclusive", _MORE),
        with_value("The value is not greater than {}.", "minExclusive"),
    ),
    "MinInclusive": _each(
        facets.in_range("minInclusive", _FROM),
        with_value("The value is not {} or greater.", "minInclusive"),
    ),
    "MaxExclusive": _each(
        facets.in_range("maxExclusive", _LESS),
        with_value("The value is not less than {}.", "maxExclusive"),
    ),
    "MaxInclusive": _each(
        facets.in_range("maxInclusive", _UP_TO),
        with_value("The value is not {} or less.", "maxInclusive"),
    ),
    # §4.4 texts
    "MinLength": _each(
        facets.of_length("minLength", is_least=True),
        with_value("The value has fewer characters than {}.", "minLength"),
    ),
    "MaxLength": _each(
        facets.of_length("maxLength", is_least=False),
        with_value("The value has more characters than {}.", "maxLength"),
    ),
    "Pattern": _each(facets.of_pattern, with_value("The value does not match {}.", "pattern")),
    "LanguageIn": _each(
        facets.in_languages, of_members("The language of the value is none of {}.", "languageIn")
    ),
    "UniqueLang": Row(sets.unique_languages, always("Two values have the same language.")),
    # §4.5 pairs of properties
    "Equals": Row(
        sets.equal, with_value("The values are not the same as those of {}.", "equals"), needs_values=False
    ),
    "Disjoint": Row(sets.disjoint, with_value("The value is one of {} too.", "disjoint")),
    "LessThan": Row(
        sets.before("lessThan", _LESS), with_value("The value is not less than that of {}.", "lessThan")
    ),
    "LessThanOrEquals": Row(
        sets.before("lessThanOrEquals", _UP_TO),
        with_value("The value is not less than that of {} or equal to it.", "lessThanOrEquals"),
    ),
    # §4.6 logic
    "Not": Row(
        logic.negation, with_value("The value conforms to the shape {}, which it may not.", "not"), asks="not"
    ),
    "And": Row(
        logic.combined("and"), always("The value does not conform to all of several shapes."), asks="and"
    ),
    "Or": Row(logic.combined("or"), always("The value conforms to none of several shapes."), asks="or"),
    "Xone": Row(
        logic.combined("xone"),
        always("The value does not conform to exactly one of several shapes."),
        asks="xone",
    ),
    # §4.7 shapes
    "Node": Row(
        logic.by_node, with_value("The value does not conform to the shape {}.", "node"), asks="node"
    ),
    "Property": Row(logic.by_property, always("")),
    "QualifiedMinCount": Row(
        logic.qualified("qualifiedMinCount"),
        with_value("Fewer values than {} conform to the shape asked for.", "qualifiedMinCount"),
        needs_values=False,
    ),
    "QualifiedMaxCount": Row(
        logic.qualified("qualifiedMaxCount"),
        with_value("More values than {} conform to the shape asked for.", "qualifiedMaxCount"),
    ),
    # §4.8 others
    "Closed": Row(sets.closed, always("The shape is closed and does not know this property.")),
    "HasValue": Row(sets.with_value, with_value("The value {} is missing.", "hasValue"), needs_values=False),
    "In": _each(facets.among, of_members("The value is none of {}.", "in")),
    # §5
    "SPARQL": Row(queries.asked, always("The query of a constraint found this."), needs_values=False),
}

TABLE: dict[str, Row] = {f"{SH}{name}ConstraintComponent": row for name, row in _ROWS.items()}
"""The rows by the IRIs of their components."""

OWN = Row(queries.asked, always("The value breaks a constraint of the shapes' own."), needs_values=False)
"""The row of the constraint components that a shapes graph declares itself (§6)."""

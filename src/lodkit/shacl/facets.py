"""Constraints that judge each value node by itself (SHACL §4.1, §4.3, §4.4, §4.8.3).

Each is compiled into a function that picks, of some values, those that break it: they come together, so
that a regular expression is asked once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from ..domain.graph import SH
from ..domain.patterns import PatternError, ValuePattern, written_pattern
from .values import is_well_formed, order

if TYPE_CHECKING:
    from ..domain.graph import Term
    from ..domain.shapes import Constraint
    from .data import Data

Pick = Callable[[Collection["Term"], "Data"], Collection["Term"]]
"""Of some values, those that break a constraint."""

_FEW = 4
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_KINDS: dict[str, tuple[type, ...]] = {
    SH + "IRI": (NamedNode,),
    SH + "BlankNode": (BlankNode,),
    SH + "Literal": (Literal,),
    SH + "BlankNodeOrIRI": (BlankNode, NamedNode),
    SH + "BlankNodeOrLiteral": (BlankNode, Literal),
    SH + "IRIOrLiteral": (NamedNode, Literal),
}


def of_class(constraint: Constraint) -> Pick:
    """§4.1.1: each value is a SHACL instance of the class."""
    cls = constraint.term("class")
    assert cls is not None
    return lambda values, data: [value for value in values if not data.is_a(value, cls)]


def of_datatype(constraint: Constraint) -> Pick:
    """§4.1.2: each value is a literal of the datatype, and well-formed."""
    datatype = constraint.text("datatype")

    def is_fine(value: Term) -> bool:
        return (
            isinstance(value, Literal)
            and value.datatype.value == datatype
            and (datatype == _LANGUAGE_STRING or is_well_formed(value.value, datatype))
        )

    return lambda values, data: [value for value in values if not is_fine(value)]


def of_node_kind(constraint: Constraint) -> Pick:
    """§4.1.3."""
    kinds = _KINDS.get(constraint.text("nodeKind"), ())
    return lambda values, data: [value for value in values if not isinstance(value, kinds)]


def in_range(name: str, allowed: tuple[int, ...]) -> Callable[[Constraint], Pick]:
    """§4.3: each value compares with the bound in one of the ways allowed; what cannot be compared does
    not.
    """

    def compiled(constraint: Constraint) -> Pick:
        bound = constraint.term(name)
        assert bound is not None
        return lambda values, data: [value for value in values if order(value, bound) not in allowed]

    return compiled


def _text(value: Term) -> str | None:
    """The string of a value (SPARQL 1.1 §17.4.2.5); blank nodes have none."""
    return value.value if isinstance(value, Literal | NamedNode) else None


def of_length(name: str, *, is_least: bool) -> Callable[[Constraint], Pick]:
    """§4.4.1, §4.4.2: the length in code points; a minimum of 0 is met by blank nodes neither."""

    def compiled(constraint: Constraint) -> Pick:
        bound = constraint.number(name)

        def is_fine(value: Term) -> bool:
            text = _text(value)
            return text is not None and (len(text) >= bound if is_least else len(text) <= bound)

        return lambda values, data: [value for value in values if not is_fine(value)]

    return compiled


def of_pattern(constraint: Constraint) -> Pick:
    """§4.4.3: the string of each value matches the regular expression."""
    try:
        pattern = written_pattern(constraint.text("pattern"), constraint.text("flags"))
    except PatternError:  # a fault of the shapes graph: nothing matches
        return lambda values, data: values

    def pick(values: Collection[Term], data: Data) -> Collection[Term]:
        texts = {value: _text(value) for value in values}
        matching = _matching(pattern, [text for text in texts.values() if text is not None])
        return [value for value, text in texts.items() if text is None or text not in matching]

    return pick


def _matching(pattern: ValuePattern, texts: Collection[str]) -> Collection[str]:
    """Few are looked up in what is known; of many, finding them all at once takes less."""
    if len(texts) <= _FEW:
        return [text for text in texts if pattern.matches(text)]
    return pattern.matching(texts)


def in_languages(constraint: Constraint) -> Pick:
    """§4.4.4: the language of each value matches one of the ranges (``langMatches``, RFC 4647 basic
    filtering).
    """
    ranges = [term.value.lower() for term in constraint.members("languageIn") if isinstance(term, Literal)]

    def is_fine(value: Term) -> bool:
        tag = (value.language or "").lower() if isinstance(value, Literal) else ""
        return bool(tag) and any(one in ("*", tag) or tag.startswith(one + "-") for one in ranges)

    return lambda values, data: [value for value in values if not is_fine(value)]


def among(constraint: Constraint) -> Pick:
    """§4.8.3: each value is a member of the list."""
    members = frozenset(constraint.members("in"))
    return lambda values, data: [value for value in values if value not in members]

"""Whether the parameters of shapes are what SHACL wants (https://www.w3.org/TR/shacl/#syntax-rules), told by
file and line before a validator ends at them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from .graph import RDF, SH, XSD, DomainGraph, Term, key_of

_COUNT = re.compile(r"\+?[0-9]{1,18}")
_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip


def _is_count(term: Term) -> bool:
    return (
        isinstance(term, Literal) and term.datatype.value in _INTEGERS and bool(_COUNT.fullmatch(term.value))
    )


def _is_boolean(term: Term) -> bool:
    return isinstance(term, Literal) and term.value in ("true", "false", "1", "0")


def _is_literal(term: Term) -> bool:
    return isinstance(term, Literal)


def _is_iri(term: Term) -> bool:
    return isinstance(term, NamedNode)


def _is_node(term: Term) -> bool:
    return isinstance(term, NamedNode | BlankNode)


_Rule = tuple[str, Callable[[Term], bool]]
_KINDS: dict[_Rule, str] = {
    (
        "a whole number from 0",
        _is_count,
    ): "minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount",
    ("true or false", _is_boolean): "uniqueLang closed deactivated qualifiedValueShapesDisjoint",
    ("a literal", _is_literal): "minInclusive maxInclusive minExclusive maxExclusive message",
    (
        "an IRI",
        _is_iri,
    ): (
        "class datatype nodeKind equals disjoint lessThan lessThanOrEquals targetClass targetSubjectsOf "
        "targetObjectsOf severity"
    ),
    ("a shape", _is_node): "property node not qualifiedValueShape",
    ("a list", _is_node): "and or xone in languageIn ignoredProperties",
}
_RULES: dict[str, _Rule] = {SH + name: rule for rule, names in _KINDS.items() for name in names.split()}
_ONE = frozenset(
    SH + name
    for name in (
        "path datatype nodeKind minCount maxCount minLength maxLength minInclusive maxInclusive minExclusive"
        " maxExclusive in languageIn uniqueLang closed deactivated severity qualifiedValueShape"
        " qualifiedMinCount qualifiedMaxCount flags ignoredProperties"
    ).split()
)
_LISTS = frozenset(SH + name for name in ("and", "or", "xone", "in", "languageIn", "ignoredProperties"))
_OF_SHAPES = frozenset(SH + name for name in ("and", "or", "xone"))
_NIL = RDF + "nil"


_OF_PROPERTIES = tuple(
    SH + name
    for name in (
        "minCount maxCount uniqueLang lessThan lessThanOrEquals qualifiedValueShape qualifiedMinCount"
        " qualifiedMaxCount"
    ).split()
)


def check_shapes(graph: DomainGraph) -> None:
    """Check the parameters of every shape.

    Raises:
        DomainError: the first thing that is wrong, with file and line.
    """
    for subject, predicates in graph.triples.items():
        for predicate, values in predicates.items():
            if predicate.startswith(SH):
                for fault in _faults(graph, predicate, values):
                    raise graph.error(f"sh:{predicate.removeprefix(SH)} {fault}", subject)
        if SH + "path" not in predicates and (own := [name for name in _OF_PROPERTIES if name in predicates]):
            raise graph.error(f"sh:{own[0].removeprefix(SH)} without a sh:path", subject)
    for kind, wanted in (("PropertyShape", True), ("NodeShape", False)):
        for shape in graph.instances.get(SH + kind, ()):
            if (SH + "path" in graph.triples[shape]) != wanted:
                raise graph.error(f"a sh:{kind} with{'out a' if wanted else ' a'} sh:path", shape)


def _faults(graph: DomainGraph, predicate: str, values: list[Term]) -> Iterator[str]:
    if predicate in _ONE and len(set(values)) > 1:
        yield f"has {len(set(values))} values, and may have one"
    words, holds = _RULES.get(predicate, ("", None))
    for value in values:
        if holds is not None and not holds(value):
            yield f"is not {words}"
        elif predicate in _LISTS and not _is_list(graph, value, empty=predicate not in _OF_SHAPES):
            yield "is not a list" if predicate not in _OF_SHAPES else "is not a list of shapes"
        elif predicate in _OF_SHAPES and not all(map(_is_node, graph.collection(value))):
            yield "is not a list of shapes"
        elif predicate == SH + "property" and _lacks_path(graph, value):
            yield f"{key_of(value)}, which is no property shape: it has no sh:path"


def _is_list(graph: DomainGraph, value: Term, *, empty: bool) -> bool:
    return bool(graph.collection(value)) or (empty and key_of(value) == _NIL)


def _lacks_path(graph: DomainGraph, value: Term) -> bool:
    return SH + "path" not in graph.triples.get(key_of(value), {})

"""What kind of value a property of SHACL takes, and what is wrong with one that is not of that kind."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode

from ..graph import RDF, SH, XSD, DomainGraph, Term, key_of
from .reader import LISTS_OF_SHAPES
from .vocabulary import vocabulary

_COUNT = re.compile(r"\+?[0-9]{1,18}")
_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip

_MORE_KINDS = {
    SH + "message": "a text, tagged or not",
    SH + "parameter": "a node",
    SH + "targetNode": "an IRI or a literal",
    SH + "languageIn": "a list of untagged texts",
    SH + "ignoredProperties": "a list of IRIs",
    **dict.fromkeys(LISTS_OF_SHAPES, "a list of shapes"),
}
"""Kinds that the vocabulary does not say as the text of the recommendation does (SHACL, appendix A)."""

_IS_NOT = "is not {kind}"
Check = Callable[[DomainGraph, Term], str | None]


def fault_of_value(graph: DomainGraph, predicate: str, value: Term) -> str | None:
    """Return what is wrong with a value of a property of SHACL, None if nothing is."""
    kind = _MORE_KINDS.get(predicate) or vocabulary().kinds.get(predicate, "")
    check = _CHECKS.get(kind)
    found = check(graph, value) if check else None
    return None if found is None else found.format(kind=kind)


def list_fault(graph: DomainGraph, head: Term) -> str | None:
    """Return what is wrong with a list (SHACL §1.1, "SHACL list"), None if nothing is."""
    seen: set[str] = set()
    while key_of(head) != RDF + "nil":
        node = key_of(head)
        firsts, rests = graph.objects(node, RDF + "first"), graph.objects(node, RDF + "rest")
        if not isinstance(head, NamedNode | BlankNode) or len(firsts) != 1 or len(rests) != 1:
            return "is no list"
        if node in seen:
            return "is a list without an end"
        seen.add(node)
        head = rests[0]
    return None


def _count(graph: DomainGraph, term: Term) -> str | None:
    is_count = isinstance(term, Literal) and term.datatype.value in _INTEGERS
    return None if is_count and _COUNT.fullmatch(str(getattr(term, "value", ""))) else _IS_NOT


def _boolean(graph: DomainGraph, term: Term) -> str | None:
    is_boolean = isinstance(term, Literal) and term.datatype.value == XSD + "boolean"
    return None if is_boolean and getattr(term, "value", "") in ("true", "false", "1", "0") else _IS_NOT


def _text(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, Literal) and term.datatype.value == XSD + "string" else _IS_NOT


def _words(graph: DomainGraph, term: Term) -> str | None:
    is_words = isinstance(term, Literal) and (term.language or term.datatype.value == XSD + "string")
    return None if is_words else _IS_NOT


def _literal(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, Literal) else _IS_NOT


def _iri(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, NamedNode) else _IS_NOT


def _no_blank_node(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, NamedNode | Literal) else _IS_NOT


def _node(graph: DomainGraph, term: Term) -> str | None:
    return None if isinstance(term, NamedNode | BlankNode) else _IS_NOT


def _node_kind(graph: DomainGraph, term: Term) -> str | None:
    return None if key_of(term) in vocabulary().node_kinds else "is not one of SHACL's node kinds"


def _list(graph: DomainGraph, term: Term) -> str | None:
    return _IS_NOT if list_fault(graph, term) else None


def _list_of(check: Check) -> Check:
    def of_members(graph: DomainGraph, term: Term) -> str | None:
        is_fine = not list_fault(graph, term) and not any(
            check(graph, member) for member in graph.collection(term)
        )
        return None if is_fine else _IS_NOT

    return of_members


def _shapes(graph: DomainGraph, term: Term) -> str | None:
    return _list_of(_node)(graph, term) if graph.collection(term) else _IS_NOT


def _property_shape(graph: DomainGraph, term: Term) -> str | None:
    if _node(graph, term):
        return "is not a shape"
    if SH + "path" not in graph.triples.get(key_of(term), {}):
        return f"{_called(term)}, which is no property shape: it has no sh:path"
    return None


def _node_shape(graph: DomainGraph, term: Term) -> str | None:
    if _node(graph, term):
        return "is not a shape"
    if SH + "path" in graph.triples.get(key_of(term), {}):
        return f"{_called(term)}, which is no node shape: it has a sh:path"
    return None


def _called(term: Term) -> str:
    """A node by its IRI: the label of a blank node tells nobody anything."""
    name = key_of(term) if isinstance(term, NamedNode) else "a blank node"
    return f"is {name}".replace("{", "{{").replace("}", "}}")


_CHECKS: dict[str, Check] = {
    "a whole number from 0": _count,
    "true or false": _boolean,
    "a text": _text,
    "a text, tagged or not": _words,
    "a literal": _literal,
    "an IRI": _iri,
    "an IRI or a literal": _no_blank_node,
    "a node": _node,
    "a node kind": _node_kind,
    "a list": _list,
    "a list of untagged texts": _list_of(_text),
    "a list of IRIs": _list_of(_iri),
    "a list of shapes": _shapes,
    "a shape": _node,
    "a property shape": _property_shape,
    "a node shape": _node_shape,
}

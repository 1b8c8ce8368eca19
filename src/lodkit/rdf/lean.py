"""Lean evidence: without what follows from its other triples, from the domains of its properties (RDF Schema
§3.2) or from names.

A place's IRI says where it begins and ends (RFC 5147), and its row has the key. Where sections and rows begin
and end is left out too: the places in them have lines and columns.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..errors import InputError, UsageError
from .quads import LK, NIF, PROV, TYPE

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from pyoxigraph import Quad


class Level(StrEnum):
    """How much evidence is written."""

    NONE = "none"
    LEAN = "lean"
    FULL = "full"


def level_of(value: bool | str) -> Level:
    """Return the level that a value stands for: true is full, false is none.

    Raises:
        UsageError: there is no such level.
    """
    if isinstance(value, bool):
        return Level.FULL if value else Level.NONE
    try:
        return Level(value)
    except ValueError as error:
        raise UsageError(f"no level of evidence: {value!r}", hint=f"one of {', '.join(Level)}") from error


_ARTICLE = NamedNode(LK + "Article")
_DERIVED, _SECTION = NamedNode(PROV + "wasDerivedFrom"), NamedNode(LK + "section")
_TEXT, _SOURCE = NamedNode(NIF + "isString"), NamedNode(NIF + "sourceUrl")
_READ_AT = frozenset({_DERIVED, NamedNode(LK + "antecedentPlace")})
_LEFT_OUT = frozenset(
    [NamedNode(NIF + name) for name in ("beginIndex", "endIndex", "referenceContext")]
    + [NamedNode(LK + name) for name in ("subjectPlace", "objectPlace", "keyPlace")]
)
_IMPLIED = frozenset(
    [(TYPE, NamedNode(NIF + name)) for name in ("Phrase", "Section", "Context", "RFC5147String")]
    + [(TYPE, NamedNode(LK + name)) for name in ("Statement", "Field")]
    + [(NamedNode(LK + "basis"), NamedNode(LK + "stated"))]
    + [(NamedNode(LK + "outcome"), Literal("facts"))]  # a place stands in the row
)


def lean(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield quads in their order, the evidence among them lean: what is said of something under an article
    (``#``). Places that no statement was read at are left out.

    ``quads`` is gone through twice.

    Raises:
        InputError: a place does not say what it stands in (``lk:section``).
    """
    documents, kept, texts, standing = set(), set(), set(), set()
    for quad in quads:
        if quad.predicate == TYPE and quad.object == _ARTICLE:
            documents.add(_name(quad.subject))
        elif quad.predicate in _READ_AT:
            kept.add(quad.object)
        elif quad.predicate == _TEXT:
            texts.add(quad.subject)
        elif quad.predicate == _SECTION:
            standing.add(quad.subject)
    lost = min((_name(place) for place in kept - standing if _document(place) in documents), default=None)
    if lost is not None:
        hint = "build the article anew; what it stands in is all that lean evidence keeps it by"
        raise InputError("does not say what it stands in (lk:section)", term=lost, hint=hint)
    for quad in quads:
        if _document(quad.subject) not in documents or _is_kept(quad, kept, texts):
            yield quad


def _is_kept(quad: Quad, kept: Container[object], texts: Container[object]) -> bool:
    if quad.predicate in _LEFT_OUT or (quad.predicate, quad.object) in _IMPLIED:
        return False
    if "#char=" not in _name(quad.subject):
        return True
    return quad.subject in (texts if quad.predicate in (_TEXT, _SOURCE) else kept)


def _document(node: object) -> str:
    """The document that a node is under; empty where it is under none."""
    document, _, fragment = _name(node).partition("#")
    return document if fragment else ""


def _name(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""

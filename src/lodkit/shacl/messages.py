"""What is said of a result where its shape has no message of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..domain.graph import SH

if TYPE_CHECKING:
    from ..domain.graph import Term
    from ..domain.shapes import Constraint

Shown = Callable[["Term"], str]
Say = Callable[["Constraint", Shown], str]

_MOST_SHOWN = 6
_KINDS = {
    "IRI": "an IRI",
    "BlankNode": "a blank node",
    "Literal": "a literal",
    "BlankNodeOrIRI": "an IRI or a blank node",
    "BlankNodeOrLiteral": "a literal or a blank node",
    "IRIOrLiteral": "an IRI or a literal",
}


def plain(term: Term) -> str:
    """Return a term for people who have no prefixes: a literal's text, an IRI in angle brackets."""
    return term.value if isinstance(term, Literal) else str(term)


def with_value(words: str, name: str) -> Say:
    """Say words with the value of a parameter in them."""

    def say(constraint: Constraint, shown: Shown) -> str:
        term = constraint.term(name)
        return words.format("" if term is None else shown(term))

    return say


def always(words: str) -> Say:
    """Say the same of any constraint."""
    return lambda constraint, shown: words


def of_kind(constraint: Constraint, shown: Shown) -> str:
    """Say what kind of node is wanted."""
    kind = constraint.term("nodeKind")
    name = kind.value.removeprefix(SH) if isinstance(kind, NamedNode) else ""
    return f"The value is not {_KINDS.get(name, name)}."


def of_members(words: str, name: str) -> Say:
    """Say words with the first members of a list in them."""

    def say(constraint: Constraint, shown: Shown) -> str:
        members = constraint.members(name)
        more = " …" if len(members) > _MOST_SHOWN else ""
        return words.format(", ".join(map(shown, members[:_MOST_SHOWN])) + more)

    return say

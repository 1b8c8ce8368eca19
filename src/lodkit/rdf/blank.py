"""Blank nodes of several files kept apart: a label means something in its own file only (RDF 1.1 §3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def renamed(quads: Iterable[Quad], beginning: str) -> Iterator[Quad]:
    """Yield quads whose blank nodes have labels that begin so; those of triple terms too.

    >>> from pyoxigraph import NamedNode
    >>> one = Quad(BlankNode("x"), NamedNode("http://e/p"), BlankNode("y"))
    >>> [quad.subject for quad in renamed([one], "f1_")]
    [<BlankNode value=f1_x>]
    """
    for quad in quads:
        terms = quad.subject, quad.object, quad.graph_name
        if not any(isinstance(term, BlankNode | Triple) for term in terms):
            yield quad
            continue
        subject, object_, graph = (_renamed(term, beginning) for term in terms)
        yield Quad(subject, quad.predicate, object_, graph)


def _renamed(term: Any, beginning: str) -> Any:
    """Triple terms are gone through without recursion, however deep they are (RDF 1.2: in objects only)."""
    around = []
    while isinstance(term, Triple):
        around.append((_labelled(term.subject, beginning), term.predicate))
        term = term.object
    term = _labelled(term, beginning)
    for subject, predicate in reversed(around):
        term = Triple(subject, predicate, term)
    return term


def _labelled(term: Any, beginning: str) -> Any:
    return BlankNode(beginning + term.value) if isinstance(term, BlankNode) else term

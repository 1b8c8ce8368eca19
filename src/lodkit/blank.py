"""Blank nodes of several files kept apart: a label means something in its own file only (RDF 1.1 §3.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


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
        subject, object_, graph = (_renamed(term, beginning.__add__) for term in terms)
        yield Quad(subject, quad.predicate, object_, graph)


OF_SHAPES = "s"
"""What the labels of blank nodes of shapes begin with, a number and ``_`` after it: no data have them."""

# Labels that parsers make up, those of `numbered`, and those that only shapes may have.
_MADE_UP = re.compile(rf"[0-9a-f]{{16,32}}|b[0-9]+|{OF_SHAPES}[0-9]+_.*")


def numbered(quads: Iterable[Quad], beginning: str = "") -> Iterator[Quad]:
    """Yield quads whose blank nodes have the same labels at each run: what their file calls them, else their
    number in the order in which they come, each after ``beginning``.

    >>> from pyoxigraph import NamedNode
    >>> one = Quad(BlankNode("4e0f00aa11bb22cc"), NamedNode("http://e/p"), BlankNode("y"))
    >>> [(str(quad.subject), str(quad.object)) for quad in numbered([one])]
    [('_:b1', '_:y')]
    """
    labels: dict[str, str] = {}

    def label(name: str) -> str:
        if not _MADE_UP.fullmatch(name):
            return beginning + name
        return labels.setdefault(name, f"{beginning}b{len(labels) + 1}")

    for quad in quads:
        terms = quad.subject, quad.object, quad.graph_name
        if any(isinstance(term, BlankNode | Triple) for term in terms):
            subject, object_, graph = (_renamed(term, label) for term in terms)
            yield Quad(subject, quad.predicate, object_, graph)
        else:
            yield quad


def _renamed(term: Any, label: Callable[[str], str]) -> Any:
    """Triple terms are gone through without recursion, however deep they are (RDF 1.2: in objects only)."""
    around = []
    while isinstance(term, Triple):
        around.append((_labelled(term.subject, label), term.predicate))
        term = term.object
    term = _labelled(term, label)
    for subject, predicate in reversed(around):
        term = Triple(subject, predicate, term)
    return term


def _labelled(term: Any, label: Callable[[str], str]) -> Any:
    return BlankNode(label(term.value)) if isinstance(term, BlankNode) else term

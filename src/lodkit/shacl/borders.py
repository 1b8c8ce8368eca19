"""Queries for what crosses the borders of something else, answered with borders that are sorted.

SPARQL can join intervals only by going through all pairs of them: of an article with ten times as many
places and sections, a hundred times as many. A query that has the form of `FORM`, whatever its predicates
and classes are, is answered here in another way, with the same solutions.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..sparql import normal_form
from .data import TYPE

if TYPE_CHECKING:
    from ..domain.graph import Term
    from ..domain.shapes import Query
    from .data import Data
    from .run import Run, ValueNodes

FORM = (
    "SELECT ?this ?value WHERE { "
    "?this BEGIN ?begin ; END ?end ; CONTEXT ?context . "
    f"?value CONTEXT ?context ; BEGIN ?first ; END ?last ; {TYPE} ?kind . "
    "FILTER ( ?kind IN ( KINDS ) ) "
    "FILTER ( ( ?begin < ?first && ?first < ?end ) || ( ?begin < ?last && ?last < ?end ) ) }"
)
"""The tokens of such a query; BEGIN, END, CONTEXT and KINDS stand for IRIs."""

_IRI = "<[^<>]+>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = frozenset(NamedNode(_XSD + name) for name in ("integer", "nonNegativeInteger"))
_DIGITS = re.compile("[0-9]{1,18}")  # as many as fit into the 64 bits that the engine has for them


@dataclass(frozen=True, slots=True)
class Form:
    """What a query of this form asks for: the properties of intervals, and the classes of those with
    borders.
    """

    begin: NamedNode
    end: NamedNode
    context: NamedNode
    kinds: tuple[NamedNode, ...]


@cache
def _form() -> re.Pattern[str]:
    text = re.escape(FORM)
    for name in ("BEGIN", "END", "CONTEXT"):
        text = text.replace(name, f"(?P<{name.lower()}>{_IRI})", 1).replace(name, f"(?P={name.lower()})")
    return re.compile(text.replace("KINDS", f"(?P<kinds>{_IRI}(?: , {_IRI})*+)"))


def form_of(query: Query) -> Form | None:
    """Return what a query asks for that has the form; None if it has another."""
    found = None if query.ask else _form().fullmatch(normal_form(query.text, query.prefixes))
    if found is None:
        return None
    begin, end, context = (NamedNode(found[name][1:-1]) for name in ("begin", "end", "context"))
    kinds = dict.fromkeys(NamedNode(iri[1:-1]) for iri in found["kinds"].split(" , "))
    return Form(begin, end, context, tuple(kinds))


class Borders:
    """The borders of intervals by their contexts, in order."""

    def __init__(self, form: Form, run: Run) -> None:
        """Sort the borders that there are in the data."""
        self._form = form
        self._run = run
        self._values: list[Term] = []
        self._odd: set[Term] = set()
        found: dict[Term, list[tuple[int, int]]] = {}
        types = run.data.subjects(TYPE)
        for value in (node for kind in form.kinds for node in types.get(kind, ())):
            for context, first, last in _extents(value, form, run):
                if first is None or last is None:
                    self._odd.add(context)
                else:
                    number = len(self._values)
                    self._values.append(value)
                    found.setdefault(context, []).extend(((first, number), (last, number)))
        self._numbers: dict[Term, list[int]] = {}
        self._places: dict[Term, list[int]] = {}
        for context, borders in found.items():
            borders.sort()
            self._places[context] = [place for place, _ in borders]
            self._numbers[context] = [number for _, number in borders]

    def crossed(self, node: Term) -> list[Term] | None:
        """Return the values of the solutions for a node, as often as there are solutions; None where a
        number is none, or a context a literal, which only the engine compares as SPARQL does.
        """
        found: list[Term] = []
        for context, begin, end in _extents(node, self._form, self._run):
            if begin is None or end is None or context in self._odd or isinstance(context, Literal):
                return None
            places = self._places.get(context, ())
            within = self._numbers.get(context, [])[bisect_right(places, begin) : bisect_left(places, end)]
            self._run.budget.spend(len(within))
            found += [self._values[number] for number in sorted(set(within))]
        return found


def _extents(node: Term, form: Form, run: Run) -> Iterator[tuple[Term, int | None, int | None]]:
    """The contexts of an interval, each with each of its begins and each of its ends."""
    data: Data = run.data
    begins, ends = data.objects(form.begin).get(node, ()), data.objects(form.end).get(node, ())
    contexts = data.objects(form.context).get(node, ())
    run.budget.spend(len(contexts) * len(begins) * len(ends))
    for context in contexts:
        yield from ((context, _whole(begin), _whole(end)) for begin in begins for end in ends)


def _whole(term: Term) -> int | None:
    is_whole = isinstance(term, Literal) and term.datatype in _WHOLE and _DIGITS.fullmatch(term.value)
    return int(term.value) if is_whole else None  # type: ignore[union-attr]


def crossings(form: Form, pairs: ValueNodes, run: Run) -> tuple[list[tuple[Term, Term]], list[Term]]:
    """Return the solutions of a query for some focus nodes, each with its value, and the focus nodes that
    only the engine can answer for.
    """
    borders = Borders(form, run)
    found: list[tuple[Term, Term]] = []
    left: list[Term] = []
    for focus, _ in pairs:
        values = borders.crossed(focus)
        if values is None:
            left.append(focus)
        else:
            found += [(focus, value) for value in values]
    return found, left

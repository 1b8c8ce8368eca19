"""SPARQL-based constraints (SHACL §5) and constraint components (§6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from ..domain.shapes import Predicate, path_text
from ..sparql import with_path
from .borders import Form, crossings, form_of
from .result import Breach
from .run import ValueNodes

if TYPE_CHECKING:
    from ..domain.graph import Term
    from ..domain.shapes import Constraint, Query, Shape, ShapesGraph
    from .run import Judge, Run

TOGETHER = 256
"""How many focus nodes a query is asked about at once: each group of it goes through all of them."""

_PLACE = re.compile(r"\{[?$](\w+)\}")


def asked(constraint: Constraint, shape: Shape, shapes: ShapesGraph) -> Judge:
    """Compile a constraint that has a query; one of a component without a validator for the shape judges
    nothing.
    """
    query = constraint.query
    if query is None:
        return lambda pairs, run: iter(())
    text = with_path(query.text, path_text(shape.path)) if shape.path is not None else query.text
    parameters = _parameters(constraint, shapes)
    made = _Asked(query, text, parameters, shape)
    make = _each_value if query.ask else _each_focus
    form = None if parameters else form_of(query)
    if form is None:
        return lambda pairs, run: make(pairs, run, made)
    return partial(_each_crossing, form, made)


def _each_crossing(form: Form, asked: _Asked, pairs: ValueNodes, run: Run) -> Iterator[Breach]:
    """A SELECT of the form that needs no engine, asked of each focus node."""
    found, left = crossings(form, pairs, run)
    yield from (_breach(focus, {"value": value}, asked, run) for focus, value in found)
    yield from _each_focus(ValueNodes([(focus, (focus,)) for focus in left]), run, asked) if left else ()


class _Asked:
    """A query, how it is asked, and on whose behalf."""

    __slots__ = ("parameters", "query", "shape", "text")

    def __init__(self, query: Query, text: str, parameters: Mapping[str, Term], shape: Shape) -> None:
        self.query = query
        self.text = text
        self.parameters = parameters
        self.shape = shape

    def solutions(self, run: Run, nodes: Sequence[Term], **values: Term) -> Any:
        """Ask it about focus nodes, with values for some variables besides the parameters."""
        rows = [{**self.parameters, **values, "this": node} for node in nodes]
        return run.solutions(self.query, self.text, rows, self.shape)


def _parameters(constraint: Constraint, shapes: ShapesGraph) -> dict[str, Term]:
    """The values of a component's parameters by the names of their variables (§6.2.1); of SHACL's own there
    are none.
    """
    component = shapes.components[constraint.component]
    found = {parameter.name: constraint.values.get(parameter.path) for parameter in component.parameters}
    named = {name: term for name, term in found.items() if term is not None and not isinstance(term, tuple)}
    return {} if "sparql" in named and len(component.parameters) == 1 else named


def _each_focus(pairs: ValueNodes, run: Run, asked: _Asked) -> Iterator[Breach]:
    """§5.3.1: a SELECT, asked of each focus node; each solution is a breach."""
    nodes = _nodes(pairs, run, asked.query)
    for part in _parts(nodes, asked.query):
        for row in asked.solutions(run, part):
            yield _breach(part[0] if len(part) == 1 else row["this"], row, asked, run)


def _nodes(pairs: ValueNodes, run: Run, query: Query) -> Sequence[Term]:
    """The focus nodes that a query may have solutions for; of others' queries at least one, so that what is
    no query is found out.
    """
    data = run.data
    known = all(NamedNode(iri) in data.forward for iri in query.needs.predicates)
    wanted = [data.objects(NamedNode(iri)) for iri in query.needs.of_focus]
    nodes = [focus for focus, _ in pairs if all(focus in subjects for subjects in wanted)] if known else []
    return nodes or ([next(iter(pairs))[0]] if run.is_foreign else [])


def _parts(nodes: Sequence[Term], query: Query) -> Iterator[Sequence[Term]]:
    """Focus nodes as they may be asked about together: blank nodes, which no query can write, each alone."""
    together = [node for node in nodes if query.is_separable and not isinstance(node, BlankNode)]
    alone = nodes if not together else [node for node in nodes if isinstance(node, BlankNode)]
    yield from ((node,) for node in alone)
    yield from (together[start : start + TOGETHER] for start in range(0, len(together), TOGETHER))


def _each_value(pairs: ValueNodes, run: Run, asked: _Asked) -> Iterator[Breach]:
    """§6.3.2: an ASK, asked once a value node; what is false is a breach."""
    for focus, values in pairs:
        for value in values:
            if not asked.solutions(run, (focus,), value=value):
                yield _breach(focus, {"value": value}, asked, run)


def _breach(focus: Term, row: Mapping[str, Term], asked: _Asked, run: Run) -> Breach:
    """§5.3.2: how variables of a solution become properties of a result."""
    path = row.get("path")
    value = row.get("value", focus if asked.shape.path is None else None)
    own = row.get("message")
    messages = (own,) if isinstance(own, Literal) else asked.query.messages or asked.shape.messages
    known = {**asked.parameters, "this": focus, **row}
    return Breach(
        focus,
        value,
        Predicate(path) if isinstance(path, NamedNode) else None,
        tuple(_filled(message, known, run) for message in messages),
    )


def _filled(message: Literal, row: Mapping[str, Term], run: Run) -> Literal:
    """Put terms where a message says ``{?name}`` or ``{$name}`` (§5.3.2)."""

    def word(found: re.Match[str]) -> str:
        term = row.get(found[1])
        return found[0] if term is None else run.shown(term)

    text = _PLACE.sub(word, message.value)
    return Literal(text, language=message.language) if message.language else Literal(text)

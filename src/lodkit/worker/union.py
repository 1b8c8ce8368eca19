"""The union of all graphs as a set of triples, as the RDF merge of graphs is one (RDF 1.1 Semantics §4.1).

The engine's own union gives a triple once for each graph that holds it, so that ``COUNT`` and the rows of a
``SELECT`` without ``DISTINCT`` grow with the number of graphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad

from ..sparql import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NO_UNION, UNION, SET = "none", "union", "set"
"""What a query sees as its default graph: the store's own, the union of all graphs as the engine makes it, or
that as a set.
"""

MOST_MERGED = 2_000_000
"""How many quads of a store are copied at most for the sake of triples that several graphs hold."""

_HELD_TWICE = """ASK {
  { GRAPH ?one { ?s ?p ?o } ?s ?p ?o }
  UNION { GRAPH ?one { ?s ?p ?o } GRAPH ?other { ?s ?p ?o } FILTER (?one != ?other) } }"""


@dataclass(frozen=True, slots=True)
class United:
    """A store to ask for the union of its graphs: either its default graph is that (``is_merged``), or the
    engine makes it, and it may be a set or not.
    """

    store: pyoxigraph.Store
    is_merged: bool
    is_set: bool


def united(store: pyoxigraph.Store) -> United:
    """Return a store to be asked for the union of its graphs, a copy where a triple is in several of them;
    of a store of more than `MOST_MERGED` quads no copy is made.
    """
    if not evaluate(store, _HELD_TWICE):
        return United(store, is_merged=False, is_set=True)
    if len(store) > MOST_MERGED:
        return United(store, is_merged=False, is_set=False)
    merged = pyoxigraph.Store()
    merged.bulk_extend(_with_default(store))
    return United(merged, is_merged=True, is_set=True)


def _with_default(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        if not isinstance(quad.graph_name, DefaultGraph):
            yield quad
        yield Quad(*quad.triple)

"""What of an article hangs together: in one graph with others, it is found again by nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from ..rdf import EVIDENCE, FACTS
from ..rdf.quads import LK, NIF, PROV, TYPE
from .regroup import asserted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .units import Unit

_ARTICLE = NamedNode(LK + "Article")
_SOURCE, _SECTION = NamedNode(NIF + "sourceUrl"), NamedNode(LK + "section")
_PLACE = NamedNode(PROV + "wasDerivedFrom")


def hangs_together(unit: Unit) -> str | None:
    """Return what of an article the layout ``merged`` would not find again, None if it finds everything.

    The evidence hangs at the document: the text, sections, rows and places at it, places at sections and
    rows, statements at places; each fact at an asserted statement, and each asserted statement has its fact.
    """
    document = NamedNode(unit.name)
    graphs = {ending: _of_graph(unit, ending) for ending in (EVIDENCE, FACTS)}
    evidence = graphs[EVIDENCE]
    if not any(
        quad.subject == document and quad.object == _ARTICLE and quad.predicate == TYPE for quad in evidence
    ):
        return f"it is not said that it is an article ({_ARTICLE})"
    texts = {quad.subject for quad in evidence if quad.predicate == _SOURCE and quad.object == document}
    near = {quad.subject for quad in evidence if quad.predicate == _SECTION and quad.object == document}
    far = {quad.subject for quad in evidence if quad.predicate == _SECTION and quad.object in near}
    places = near | far
    statements = {quad.subject for quad in evidence if quad.predicate == _PLACE and quad.object in places}
    found = {document} | texts | places | statements
    lost = next((quad.subject for quad in evidence if quad.subject not in found), None)
    if lost is not None:
        return f"{lost} does not stand in the article (lk:section)"
    facts = {(quad.subject, quad.predicate, quad.object) for quad in graphs[FACTS]}
    read = asserted([quad for quad in evidence if quad.subject in statements])
    if facts != read:
        subject, predicate, object_ = min(facts ^ read, key=str)
        kind = "statement" if facts - read else "fact"
        return f"{subject} {predicate} {object_} has no {kind}"
    return None


def _of_graph(unit: Unit, ending: str) -> Sequence[Quad]:
    graph = NamedNode(unit.name + ending)
    return [quad for quad in unit.quads if quad.graph_name == graph]

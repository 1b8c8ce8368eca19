"""The rules of the lexicon on what holds for a time or in numbers: nodes for it, groups of rows, and rows
that say nothing.
"""

from __future__ import annotations

import re

from .graph import RDFS, DomainGraph, key_of
from .model import PARTS, Domain, GroupRow, IgnoreRule, PropertyShape, RowGroup, StateRule

PERIOD = "period"
"""The slot of a row that tells both the start and the end of a node of a group."""

OWN_KEY = "key"
"""The slot of a row that tells under which key the first row of its group is read."""


def state_rule(domain: Domain, core: str, iri: str) -> StateRule:
    """Read a ``lk:StateRule``; ``core`` is the namespace of ``lk:``.

    Raises:
        DomainError: it fills or mints what does not exist, or has a slot that is none.
    """
    graph = domain.graph
    fills, mints = (_one(graph, iri, core, term) for term in ("fills", "mints"))
    shape = domain.property_shapes.get(fills)
    if shape is None:
        raise graph.error(f"fills {domain.compact(fills)}, which is no property shape of a node shape", iri)
    if mints not in domain.classes or not any(domain.is_a(mints, cls) for cls in shape.classes):
        raise graph.error(f"mints {domain.compact(mints)}, which is no class of {shape.name!r}", iri)
    of = graph.iris(iri, core + "of")
    if not of:
        raise graph.error("has no lk:of", iri)
    slots = dict(_slot(domain, iri, mints, text) for text in graph.texts(iri, core + "slot"))
    when = graph.text(iri, core + "when")
    if when is not None and when not in slots:
        raise graph.error(f"lk:when {when!r} is none of its slots", iri)
    lasting = _with_narrower(graph, graph.iris(iri, core + "lasting"))
    return StateRule(iri, fills, mints, tuple(of), slots, when, graph.texts(iri, core + "example"), lasting)


def _with_narrower(graph: DomainGraph, paths: tuple[str, ...]) -> frozenset[str]:
    """Some properties with all that are below them."""
    found = set(paths)
    narrower = {one for one in graph.triples if found.intersection(graph.iris(one, RDFS + "subPropertyOf"))}
    while not narrower <= found:
        found |= narrower
        narrower = {
            one for one in graph.triples if found.intersection(graph.iris(one, RDFS + "subPropertyOf"))
        }
    return frozenset(found)


def _one(graph: DomainGraph, iri: str, core: str, term: str) -> str:
    values = graph.iris(iri, core + term)
    if len(values) != 1:
        raise graph.error(f"needs exactly one lk:{term}, has {len(values)}", iri)
    return values[0]


def _slot(domain: Domain, iri: str, cls: str, text: str) -> tuple[str, PropertyShape]:
    """What ``start = schema:startDate`` says."""
    part, _, name = (piece.strip() for piece in text.partition("="))
    if part not in PARTS:
        raise domain.graph.error(
            f"lk:slot {text!r}: no part is called {part!r}", iri, ", ".join(sorted(PARTS))
        )
    shape = domain.shapes_for(cls, domain.expand(name))
    if shape is None:
        hint = "write it as 'start = schema:startDate'"
        raise domain.graph.error(f"lk:slot {text!r}: {domain.compact(cls)} has no such property", iri, hint)
    return part, shape


def row_group(domain: Domain, core: str, iri: str) -> RowGroup:
    """Read a ``lk:RowGroup``; its rows are in the order of their slots' names, but for the first.

    Raises:
        DomainError: its state is no rule, a row has no key or no slot, or not just one row is the first.
    """
    graph = domain.graph
    state = _one(graph, iri, core, "state")
    if state not in graph.instances.get(core + "StateRule", ()):
        raise graph.error(f"{domain.compact(state)} is no state rule", iri)
    rows: list[GroupRow] = []
    firsts: list[GroupRow] = []
    for node in map(key_of, graph.objects(iri, core + "row")):
        keys, slot = graph.texts(node, core + "key"), graph.text(node, core + "slot")
        if not keys or slot is None or slot not in PARTS | {PERIOD, OWN_KEY}:
            raise graph.error("has a lk:row without a lk:key, or whose lk:slot is no part", iri)
        row = GroupRow(keys, slot, next(iter(graph.iris(node, core + "fills")), None))
        if row.fills is not None and row.fills not in domain.property_shapes:
            raise graph.error(f"has a row that fills {domain.compact(row.fills)}, no property shape", iri)
        (firsts if graph.text(node, core + "first") == "true" else rows).append(row)
    if len(firsts) != 1:
        raise graph.error(f"needs exactly one lk:row with lk:first true, has {len(firsts)}", iri)
    ordered = (*firsts, *sorted(rows, key=lambda row: (row.slot, row.keys)))
    return RowGroup(iri, state, ordered, graph.texts(iri, core + "example"))


def ignore_rule(domain: Domain, core: str, iri: str) -> IgnoreRule:
    """Read a ``lk:IgnoreRule``.

    Raises:
        DomainError: it has neither key nor pattern, no reason, or a broken pattern.
    """
    graph = domain.graph
    keys, patterns = graph.texts(iri, core + "key"), graph.texts(iri, core + "keyPattern")
    reason = graph.text(iri, core + "reason")
    if not (keys or patterns) or not reason:
        raise graph.error("needs a lk:key or lk:keyPattern, and a lk:reason", iri)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise graph.error(f"lk:keyPattern {pattern!r}: {error}", iri) from None
    return IgnoreRule(iri, keys, patterns, reason)

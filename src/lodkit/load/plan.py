"""The steps that put a unit in the place of what a store has of it, and the steps carried out on a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from ..rdf import triples_block
from .layout import DIGEST, LOADS, PREFIXES, Graphs, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .layout import Layout
    from .records import Record
    from .units import Unit


@dataclass(frozen=True, slots=True)
class Update:
    """A request of SPARQL Update; ``triples`` is how many it brings."""

    text: str
    triples: int = 0


@dataclass(frozen=True, slots=True)
class Transfer:
    """A Graph Store request: lines of N-Triples into a graph (empty: the default graph), in place of what is
    there or beside it.
    """

    graph: str
    lines: Sequence[str]
    replaces: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """Quads for the graphs that they name, as one transaction; nothing is removed."""

    quads: Sequence[Quad]


Step = Update | Transfer | Addition


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most triples in an update, in a Graph Store request and in an `Addition`; 0 stands for a store that
    does not take it.
    """

    insert: float
    chunk: int
    addition: float = 0


@dataclass(frozen=True, slots=True)
class State:
    """What a store has of a unit: whether something may be there, its digest, None if it has none, empty if
    it has several or something else there, and the number of its quads if it was written down.
    """

    is_there: bool
    digest: str | None = None
    quads: int | None = None


def replacing(unit: Unit, layout: Layout, bounds: Bounds, state: State, record: Record) -> Iterator[Step]:
    """Yield the steps that replace a unit, up to the record of its digest: that is part of the step where
    there is only one
    (`is_one_step`).

    One addition where nothing is there, or one update, where it fits. Else the digest goes first, then the
    evidence comes and then the
    facts, so that no fact is without its evidence: whatever stops before the digest comes leaves a unit
    without one, which the next
    load replaces.
    """
    if _is_addition(unit, layout, bounds, state):
        yield Addition(
            [
                *unit.quads,
                Quad(NamedNode(unit.name), NamedNode(DIGEST), Literal(str(record)), NamedNode(LOADS)),
            ]
        )
        return
    is_whole = unit.size <= bounds.insert
    forget = [forgetting([unit.name], layout)] if state.digest is not None else []
    is_put = bounds.chunk > 0 and not is_whole
    kept = unit.graphs if is_put else ()
    removal = (
        layout.removal(unit.name, kept, is_article=unit.is_article, is_whole=bool(state.digest))
        if state.is_there
        else []
    )
    if is_whole:
        inside = " ".join(
            layout.data(graph, f"\n{triples_block(lines)}\n") for graph, lines in unit.graphs.items()
        )
        yield Update(
            _request(
                *forget,
                *removal,
                f"INSERT DATA {{ {inside} }}",
                remembering({unit.name: record}, layout),
            ),
            unit.size,
        )
        return
    if before := [*forget, *removal, *layout.beginning(unit.name, is_article=unit.is_article)]:
        yield Update(_request(*before))
    for graph, lines in unit.graphs.items():
        yield from _chunks(graph, lines, layout, bounds, replaces=state.is_there and layout.name == "graphs")


def is_one_step(unit: Unit, layout: Layout, bounds: Bounds, state: State) -> bool:
    """Tell whether a unit goes into the store in one step, digest and all."""
    return unit.size <= bounds.insert or _is_addition(unit, layout, bounds, state)


def _is_addition(unit: Unit, layout: Layout, bounds: Bounds, state: State) -> bool:
    return isinstance(layout, Graphs) and not state.is_there and len(unit.quads) < bounds.addition


def forgetting(names: Iterable[str], layout: Layout) -> str:
    """Return the update that takes the digests of units away: from then on their load is unfinished."""
    return " ;\n".join(f"DELETE WHERE {{ {layout.digests(iri(name))} }}" for name in names)


def remembering(records: Mapping[str, Record], layout: Layout) -> str:
    """Return the update that writes records: with them a load is finished."""
    triples = " ".join(f'{iri(name)} <{DIGEST}> "{record}" .' for name, record in records.items())
    return f"INSERT DATA {{ {layout.data(LOADS, triples)} }}"


def _chunks(
    graph: str, lines: Sequence[str], layout: Layout, bounds: Bounds, *, replaces: bool
) -> Iterator[Step]:
    size = bounds.chunk or max(int(bounds.insert), 1)
    for start in range(0, len(lines), size):
        part = lines[start : start + size]
        if bounds.chunk:
            yield Transfer(layout.target(graph), part, replaces=replaces and start == 0)
        else:
            yield Update(_request(f"INSERT DATA {{ {layout.data(graph, triples_block(part))} }}"), len(part))


def _request(*updates: str) -> str:
    return PREFIXES + " ;\n".join(updates)

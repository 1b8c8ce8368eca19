"""The steps that put a unit in the place of what a store has of it, and the steps carried out on a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..rdf import triples_block
from .layout import DIGEST, LOADS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .layout import Layout
    from .units import Unit


@dataclass(frozen=True, slots=True)
class Update:
    """A request of SPARQL Update; ``triples`` is how many it brings."""

    text: str
    triples: int = 0


@dataclass(frozen=True, slots=True)
class Transfer:
    """A Graph Store request: lines of N-Triples into a graph (empty: the default graph), in place of what is there or beside it."""

    graph: str
    lines: Sequence[str]
    replaces: bool


@dataclass(frozen=True, slots=True)
class Check:
    """Ask for the numbers of triples, and compare."""


Step = Update | Transfer | Check


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most triples in an update and in a Graph Store request; a ``chunk`` of 0 stands for a store without that protocol."""

    insert: float
    chunk: int


def replacing(unit: Unit, layout: Layout, bounds: Bounds, *, is_there: bool, is_whole: bool) -> Iterator[Step]:
    """Yield the steps that replace a unit.

    One update where it fits. Else the digest goes first, then the evidence comes and then the facts, so that no fact is without its
    evidence, and the digest comes last: whatever stops in between leaves a unit without a digest, which the next load replaces.
    """
    removal = layout.removal(unit.name, is_article=unit.is_article, is_whole=is_whole) if is_there else []
    before = [forgetting(unit.name, layout), *removal]
    if unit.size <= bounds.insert:
        inside = " ".join(layout.data(graph, f"\n{triples_block(lines)}\n") for graph, lines in unit.graphs.items())
        yield Update(_request(*before, f"INSERT DATA {{ {inside} }}", _remember(unit, layout)), unit.size)
        yield Check()
        return
    yield Update(_request(*before, *layout.beginning(unit.name, is_article=unit.is_article)))
    for graph, lines in unit.graphs.items():
        yield from _chunks(graph, lines, layout, bounds)
    yield Check()
    yield Update(_request(_remember(unit, layout)))


def forgetting(name: str, layout: Layout) -> str:
    """Return the update that takes a unit's digest away: from then on its load is unfinished."""
    return f"DELETE WHERE {{ {layout.digests(f'<{name}>')} }}"


def _remember(unit: Unit, layout: Layout) -> str:
    triple = f'<{unit.name}> <{DIGEST}> "{unit.digest}"'
    return f"INSERT DATA {{ {layout.data(LOADS, triple)} }}"


def _chunks(graph: str, lines: Sequence[str], layout: Layout, bounds: Bounds) -> Iterator[Step]:
    size = bounds.chunk or max(int(bounds.insert), 1)
    for start in range(0, len(lines), size):
        part = lines[start : start + size]
        if bounds.chunk:
            yield Transfer(layout.target(graph), part, replaces=start == 0 and layout.name == "graphs")
        else:
            yield Update(_request(f"INSERT DATA {{ {layout.data(graph, triples_block(part))} }}"), len(part))


def _request(*updates: str) -> str:
    return PREFIXES + " ;\n".join(updates)

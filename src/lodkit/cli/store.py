"""``lodkit store``: what is in a store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from ..errors import InputError, StoreError, UsageError
from ..load import (
    Graphs,
    counts_of,
    damaged_units,
    forget,
    is_whole,
    layout_of,
    refuse_inconsistent,
    seal_anew,
    units_in,
)
from ..query import Solutions, format_solutions, without_formulas
from ..rdf import namespaces
from ..store import Store, is_address
from .stores import is_folder, open_store, reach
from .terminal import is_screen, number, put, put_json, say, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..load import Layout, Loaded
    from ..query import Cell
    from .connection import Connection

_COLUMNS = ("name", "title", "triples", "facts", "evidence", "lodkit", "domain", "state")


def show_store(place: str, connection: Connection, as_json: bool, safe: bool = False) -> int:
    """Print what was loaded into a store and return the exit code.

    Raises:
        InputError: the folder is no store.
        StoreError: the store is being written, not reached, or fails, or something is missing in it.
        UsageError: ``safe`` is for CSV.
    """
    if safe and as_json:
        raise UsageError("--safe-csv is for csv and tsv")
    target, name = open_store(place, connection)
    layout = layout_of(target, name)
    units = units_in(target, layout) if layout else []
    counts = [counts_of(target, layout, unit) for unit in units] if layout else []
    states = [_state(layout, unit, sum(numbers)) for unit, numbers in zip(units, counts, strict=True)]
    found = list(zip(units, counts, states, strict=True))
    if as_json:
        entries = [_as_json(*one) for one in found]
        put_json({"store": name, "layout": layout.name if layout else None, "units": entries})
    else:
        _show(name, layout, found, safe=safe)
    _refuse_damaged(name, found)
    return 0


def _state(layout: Layout | None, unit: Loaded, found: int) -> str:
    if unit.digest is None:
        return "unfinished"
    return "loaded" if layout is None or is_whole(layout, unit, found) else "damaged"


def _refuse_damaged(name: str, found: Sequence[tuple[Loaded, Sequence[int], str]]) -> None:
    damaged = [(unit, sum(numbers)) for unit, numbers, state in found if state == "damaged"]
    if damaged:
        unit, count = damaged[0]
        more = f", and {number(len(damaged) - 1, 'other unit')}" if len(damaged) > 1 else ""
        message = f"{count} of {unit.quads} quads are there{more}"
        hint = "lodkit store --repair marks them; then load them again"
        raise StoreError(message, file=name, term=unit.name, hint=hint)


def repair_store(place: str, connection: Connection, as_json: bool) -> int:
    """Take the digests of damaged units away, so that the next load replaces them, and write down anew what
    an embedded store holds; print what was done and return the exit code.

    Raises:
        StoreError: the store is in use, not reached, or cannot be mended.
    """
    target = reach(place, connection) if is_address(place) else _opened(place)
    if isinstance(target, Store):
        refuse_inconsistent(target)
    layout = layout_of(target, place)
    damaged = damaged_units(target, layout) if layout else []
    if layout is not None:
        forget(target, layout, damaged)
    before = seal_anew(target, layout or Graphs()) if isinstance(target, Store) else None
    units = units_in(target, layout) if layout else []
    left = sum(unit.digest is not None for unit in units)
    lost = max(0, before.units - len(units)) if before else 0
    if as_json:
        put_json({"store": place, "damaged": [str(one) for one in damaged], "lost": lost, "loaded": left})
        return 0
    for one in damaged:
        say(f"{one}; its digest was taken away, so that the next load replaces it")
    if lost:
        say(f"{number(lost, 'unit')} of {before.units if before else 0} are gone; load again what they were")
    say(
        f"{place}: {number(left, 'unit')} whole, {len(damaged)} damaged, {lost} gone: written down as it"
        " is now"
    )
    return 0


def _opened(place: str) -> Store:
    if not is_folder(place):
        raise InputError("is no store", file=place, hint="make one with lodkit load")
    return Store(place)


def _show(
    name: str, layout: Layout | None, found: Sequence[tuple[Loaded, Sequence[int], str]], *, safe: bool
) -> None:
    solutions = Solutions(_COLUMNS, tuple(_row(*one) for one in found))
    form = "table" if is_screen(sys.stdout) else "csv"
    shown = without_formulas(solutions) if safe and form == "csv" else solutions
    put(format_solutions(shown, form, prefixes=namespaces(), width=width()))
    units, triples = [unit for unit, _, _ in found], sum(sum(numbers) for _, numbers, _ in found)
    say(_summary(name, layout.name if layout else None, units, triples))


def _row(unit: Loaded, numbers: Sequence[int], state: str) -> tuple[Cell, ...]:
    evidence, facts = numbers if unit.is_article else (None, None)
    texts = (
        unit.title,
        sum(numbers),
        facts,
        evidence,
        unit.tool,
        unit.domain,
        state,
    )
    return (NamedNode(unit.name), *(Literal(str(text)) if text is not None else None for text in texts))


def _as_json(unit: Loaded, numbers: Sequence[int], state: str) -> dict[str, Any]:
    names = ("evidence", "facts") if unit.is_article else ("triples",)
    entry: dict[str, Any] = {"name": unit.name, "kind": "article" if unit.is_article else "graph"}
    entry |= (
        {"title": unit.title, "toolVersion": unit.tool, "domainVersion": unit.domain}
        if unit.is_article
        else {}
    )
    return (
        entry
        | dict(zip(names, numbers, strict=True))
        | {
            "digest": unit.digest,
            "finished": unit.digest is not None,
            "expected": unit.quads,
            "state": state,
        }
    )


def _summary(name: str, layout: str | None, units: Sequence[Loaded], triples: int) -> str:
    if layout is None:
        return f"{name}: nothing was loaded here by lodkit"
    articles = [unit for unit in units if unit.is_article]
    unfinished = sum(unit.digest is None for unit in articles)
    note = f"; {unfinished} unfinished: load them again" if unfinished else ""
    return (
        f"{name}: {len(articles)} article{'s' * (len(articles) != 1)}, {triples} triples, in the layout"
        f" {layout}{note}"
    )

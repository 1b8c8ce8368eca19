"""``lodkit store``: what is in a store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from ..errors import UsageError
from ..load import counts_of, layout_of, units_in
from ..query import Solutions, format_solutions
from ..rdf import namespaces
from .stores import Connection, open_store
from .terminal import is_terminal, put, put_json, say, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..load import Loaded
    from ..query import Cell

_COLUMNS = ("name", "title", "triples", "facts", "evidence", "lodkit", "domain", "state")


def show_store(place: str, connection: Connection, as_json: bool, safe: bool = False) -> int:
    """Print what was loaded into a store and return the exit code.

    Raises:
        InputError: the folder is no store.
        StoreError: the store is being written, not reached, or fails.
        UsageError: ``safe`` is for CSV.
    """
    if safe and as_json:
        raise UsageError("--safe-csv is for csv and tsv")
    target, name = open_store(place, connection)
    layout = layout_of(target, name)
    units = units_in(target, layout) if layout else []
    counts = [counts_of(target, layout, unit) for unit in units] if layout else []
    if as_json:
        entries = [_as_json(unit, numbers) for unit, numbers in zip(units, counts, strict=True)]
        put_json({"store": name, "layout": layout.name if layout else None, "units": entries})
        return 0
    rows = tuple(_row(unit, numbers) for unit, numbers in zip(units, counts, strict=True))
    put(
        format_solutions(
            Solutions(_COLUMNS, rows),
            "table" if is_terminal(sys.stdout) else "csv",
            prefixes=namespaces(),
            width=width(),
            safe=safe,
        )
    )
    say(_summary(name, layout.name if layout else None, units, sum(map(sum, counts))))
    return 0


def _row(unit: Loaded, numbers: Sequence[int]) -> tuple[Cell, ...]:
    evidence, facts = numbers if unit.is_article else (None, None)
    texts = (
        unit.title,
        sum(numbers),
        facts,
        evidence,
        unit.tool,
        unit.domain,
        "loaded" if unit.digest else "unfinished",
    )
    return (NamedNode(unit.name), *(Literal(str(text)) if text is not None else None for text in texts))


def _as_json(unit: Loaded, numbers: Sequence[int]) -> dict[str, Any]:
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
        | {"digest": unit.digest, "finished": unit.digest is not None}
    )


def _summary(name: str, layout: str | None, units: Sequence[Loaded], triples: int) -> str:
    if layout is None:
        return f"{name}: nothing was loaded here by lodkit"
    articles = [unit for unit in units if unit.is_article]
    unfinished = sum(unit.digest is None for unit in articles)
    note = f"; {unfinished} unfinished: load them again" if unfinished else ""
    return f"{name}: {len(articles)} article{'s' * (len(articles) != 1)}, {triples} triples, in the layout {layout}{note}"

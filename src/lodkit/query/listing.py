"""Tell which canned queries there are, and what one of them takes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from .layout import columns_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .catalogue import CannedQuery
    from .parameters import Parameter


def list_queries(queries: Iterable[CannedQuery], width: int = 80) -> str:
    """Return the queries by topic, one line each of at most ``width`` cells."""
    ordered = sorted(queries, key=lambda query: (query.topic, query.name))
    room = max((len(query.name) for query in ordered), default=0) + 1
    blocks = [
        [topic, *(_line(query, room, width) for query in group)]
        for topic, group in groupby(ordered, lambda query: query.topic)
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _line(query: CannedQuery, room: int, width: int) -> str:
    line = f"  {query.name:<{room}} {query.summary}{_required(query)}"
    return line if columns_of(line) <= width else wrap(line, width - 1)[0] + "…"


def _required(query: CannedQuery) -> str:
    return "".join(f" (-p {parameter.name}=…)" for parameter in query.parameters if parameter.required)


def describe_query(query: CannedQuery, width: int = 80) -> str:
    """Return what a query answers and what its parameters are."""
    parts = [f"{query.name}: {query.summary}", *wrap(query.description, width)]
    if query.parameters:
        parts.append("")
    for parameter in query.parameters:
        parts += [
            f"  -p {parameter.name}=…  {_kind(parameter)}",
            *(f"      {line}" for line in wrap(parameter.description, width - 6)),
        ]
    return "\n".join(parts) + "\n"


def _kind(parameter: Parameter) -> str:
    words = [parameter.type if parameter.class_iri is None else f"{parameter.class_iri}, by name or IRI"]
    words += ["required"] if parameter.required else []
    words += [f"default {parameter.default}"] if parameter.default is not None else []
    return ", ".join(words)

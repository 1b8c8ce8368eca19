"""Matching once more, for the reasons, without a trace: a match that fails may name and type things."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

from ..extract.context import Context
from ..extract.nodes import Node


@contextmanager
def unchanged(context: Context) -> Iterator[None]:
    """Give back all that is known of the article, as it was before, whatever happens to it meanwhile."""
    nodes = context.nodes
    kept = {name: _copy(getattr(nodes, name)) for name in ("named", "pages", "minted")}
    known = {*nodes.named.values(), *nodes.pages.values(), *nodes.minted.values(), nodes.subject}
    states = {node: _state(node) for node in known}
    lists = list(context.readings), list(context.skipped)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(nodes, name, value)
        for node, state in states.items():
            for name, value in state.items():
                setattr(node, name, value)
        context.readings[:], context.skipped[:] = lists


def _state(node: Node) -> dict[str, object]:
    return {field.name: _copy(getattr(node, field.name)) for field in fields(node)}


def _copy(value: object) -> object:
    return dict(value) if isinstance(value, dict) else value

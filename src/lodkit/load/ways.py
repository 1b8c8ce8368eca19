"""Ways into the two kinds of store, and the layout that a store has."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from ..errors import StoreError, UsageError
from .layout import DIGEST, LOADS, Graphs, Merged
from .loading import Way
from .plan import Bounds, Transfer, Update

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.request import Request

    from ..endpoint import Endpoint
    from ..store import Store
    from .layout import Layout
    from .loading import Target


_FLUSHED_AFTER = 50_000  # triples; the memory that a load takes stays flat by that, and it is no slower


def way_into_store(store: Store) -> Way:
    """Return the way into the embedded store: one transaction for each unit."""
    buffered = 0

    def carry_out(step: Update | Transfer) -> None:
        nonlocal buffered
        assert isinstance(step, Update)
        store.update(step.text)
        buffered += step.triples
        if buffered > _FLUSHED_AFTER:
            store.flush()
            buffered = 0

    return Way(str(store.folder or "the store"), "oxigraph", store, Bounds(inf, 0), carry_out, is_checked=False)


def way_into_endpoint(endpoint: Endpoint, show: Callable[[Request, int], None] | None = None) -> Way:
    """Return the way into a remote store; with ``show``, requests that would change it are shown, with their number of triples, not sent.

    Raises:
        UsageError: the endpoint's profile does not say where updates go.
    """
    endpoint.update_request("")
    profile = endpoint.profile

    def carry_out(step: Update | Transfer) -> None:
        if isinstance(step, Update):
            request, count = endpoint.update_request(step.text), step.triples
        else:
            request, count = endpoint.graph_request("PUT" if step.replaces else "POST", step.graph, step.lines), len(step.lines)
        if show is None:
            endpoint.send(request)
        else:
            show(request, count)

    bounds = Bounds(profile.insert, profile.chunk if profile.data is not None else 0)
    return Way(endpoint.name, profile.kind, endpoint, bounds, carry_out, is_checked=show is None)


def layout_of(target: Target, name: str) -> Layout | None:
    """Return the layout in which a store holds what was loaded, None where nothing was.

    Raises:
        StoreError: it holds both.
    """
    rows = target.solutions(f"SELECT DISTINCT ?graph {{ GRAPH ?graph {{ ?document <{DIGEST}> ?digest }} }}")
    graphs = sorted(row["graph"].value for row in rows)
    if len(graphs) > 1:
        raise StoreError(
            "holds articles in several layouts", file=name, hint=f"digests are in {' and '.join(graphs)}; load into an empty store"
        )
    if graphs:
        return Graphs() if graphs == [LOADS] else Merged(graphs[0])
    return Merged() if list(target.solutions(f"SELECT ?document {{ ?document <{DIGEST}> ?digest }} LIMIT 1")) else None


def layout_for(target: Target, wanted: str | None, name: str, *, merged: str = "", default: str = "graphs") -> tuple[Layout, bool]:
    """Return the layout to load in, and whether nothing was loaded so far: the store's own, the one wanted, or the default.

    ``merged`` is the graph of the layout ``merged`` in a store without any.

    Raises:
        UsageError: the store has another layout than the one wanted.
    """
    found = layout_of(target, name)
    if found is None:
        return (Merged(merged) if (wanted or default) == "merged" else Graphs()), True
    if wanted not in (None, found.name):
        message = f"holds articles in the layout {found.name}, not {wanted}"
        raise UsageError(message, file=name, hint="leave --layout out, or load into another store")
    return found, False

"""Ways into the two kinds of store, and the layout that a store has."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..errors import StoreError, UsageError
from ..rdf import EVIDENCE
from ..rdf.quads import LK
from ..store import Store
from .health import begin, check, seal
from .layout import DIGEST, LOADS, Graphs, Merged
from .loading import Loading, Way
from .plan import Addition, Bounds, Update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from urllib.request import Request

    from ..endpoint import Endpoint
    from .layout import Layout
    from .loading import Target
    from .plan import Step


_BUILT_IN = {
    "virtuoso": (
        "http://www.openlinksw.com/schemas/virtrdf#",
        "http://localuriqaserver/sparql",
        "http://www.w3.org/ns/ldp#",
    ),
}
"""The graphs that a new store of a kind has."""

_FLUSHED_AFTER = 150_000  # triples; the memory that a load takes stays flat by that, and it is no slower


def way_into_store(store: Store) -> Way:
    """Return the way into the embedded store: one transaction for each unit."""
    buffered = 0

    def count(triples: int) -> None:
        nonlocal buffered
        buffered += triples
        if buffered > _FLUSHED_AFTER:
            store.flush()
            buffered = 0

    def carry_out(step: Step) -> None:
        if isinstance(step, Addition):
            store.extend(step.quads)
            count(len(step.quads))
        else:
            assert isinstance(step, Update)
            store.update(step.text)
            count(step.triples)

    name = str(store.folder or "the store")
    return Way(
        name,
        "oxigraph",
        store,
        Bounds(inf, 0, inf),
        carry_out,
        store.close,
        is_checked=False,
        seal=partial(seal, store),
    )


def way_into_endpoint(endpoint: Endpoint, show: Callable[[Request, int], None] | None = None) -> Way:
    """Return the way into a remote store; with ``show``, requests that would change it are shown, with their
    number of triples, not sent.

    Raises:
        UsageError: the endpoint's profile does not say where updates go.
    """
    endpoint.update_request("")
    profile = endpoint.profile

    def carry_out(step: Step) -> None:
        if isinstance(step, Update):
            request, count = endpoint.update_request(step.text), step.triples
        elif isinstance(step, Addition):
            request, count = endpoint.quads_request(step.quads), len(step.quads)
        else:
            request, count = (
                endpoint.graph_request("PUT" if step.replaces else "POST", step.graph, step.lines),
                len(step.lines),
            )
        if show is None:
            endpoint.send(request)
        else:
            show(request, count)

    bounds = Bounds(
        profile.insert,
        profile.chunk if profile.data is not None else 0,
        profile.chunk if profile.quads is not None else 0,
    )
    return Way(
        endpoint.name,
        profile.kind,
        endpoint,
        bounds,
        carry_out,
        endpoint.close,
        is_checked=show is None,
        has_default_graph=bool(profile.union),
    )


def load_into_folder(
    folder: Path | str, layout: str | None, datatypes: Callable[[], Mapping[str, str]]
) -> Loading:
    """Open the store in a folder, which may be new, for a load; who ends the load closes its way.

    Raises:
        StoreError: the store is in use, damaged, or cannot be written.
        UsageError: it has another layout than the one wanted.
    """
    store = Store(folder)
    try:
        begin(store)
        found = open_loading(way_into_store(store), layout, datatypes)
        check(store, None if found.is_fresh else found.layout)
    except BaseException:
        store.close()
        raise
    return found


def load_into_endpoint(
    endpoint: Endpoint,
    layout: str | None,
    datatypes: Callable[[], Mapping[str, str]],
    show: Callable[[Request, int], None] | None = None,
) -> Loading:
    """Prepare a load into a remote store, or with ``show`` a rehearsal of one (`way_into_endpoint`).

    Raises:
        StoreError: the store fails.
        UsageError: it has another layout than the one wanted, or its profile does not say where updates go.
    """
    way = way_into_endpoint(endpoint, show)
    profile = endpoint.profile
    return open_loading(way, layout, datatypes, merged=profile.merged, default=profile.layout)


def layout_of(target: Target, name: str) -> Layout | None:
    """Return the layout in which a store holds what was loaded, None where nothing was.

    What is said in other graphs of digests is not lodkit's, where there is the graph of digests.

    Raises:
        StoreError: it holds both.
    """
    rows = target.solutions(f"SELECT DISTINCT ?graph {{ GRAPH ?graph {{ ?document <{DIGEST}> ?digest }} }}")
    graphs = sorted(row["graph"].value for row in rows if isinstance(row["graph"], NamedNode))
    if LOADS in graphs:
        return Graphs()
    if len(graphs) > 1:
        hint = f"digests are in {' and '.join(graphs)}; load into an empty store"
        raise StoreError("holds articles in several layouts", file=name, hint=hint)
    return _layout(graphs[0]) if graphs else _unfinished_layout(target)


def _unfinished_layout(target: Target) -> Layout | None:
    """The layout of a store in which nothing named has a digest: digests in the default graph, or loads that
    were not finished.
    """
    for pattern in (f"?document <{DIGEST}> ?digest", f"?document a <{LK}Article>"):
        rows = list(target.solutions(f"SELECT ?graph {{ GRAPH ?graph {{ {pattern} }} }} LIMIT 1"))
        if rows:
            return _layout(rows[0]["graph"].value)
        if list(target.solutions(f"SELECT ?document {{ {pattern} }} LIMIT 1")):
            return Merged()
    return None


def _layout(graph: str) -> Layout:
    return Graphs() if graph == LOADS or graph.endswith(EVIDENCE) else Merged(graph)


def open_loading(
    way: Way,
    wanted: str | None,
    datatypes: Callable[[], Mapping[str, str]],
    *,
    merged: str = "",
    default: str = "graphs",
) -> Loading:
    """Return a load in the layout that the store has; in a store that nothing was loaded into, in the one
    wanted or the default.

    ``merged`` is the graph of the layout ``merged``.

    Raises:
        UsageError: there is no layout of that name, or the store has another one than the one wanted.
    """
    if wanted not in (None, Graphs.name, Merged.name):
        hint = f"{Graphs.name} or {Merged.name}"
        raise UsageError("no layout of a store", file=wanted, hint=hint)
    found = layout_of(way.target, way.name)
    if found is None:
        built_in = " && ".join(f"?graph != <{graph}>" for graph in _BUILT_IN.get(way.kind, ()))
        pattern = "GRAPH ?graph { ?s ?p ?o }" + (f" FILTER({built_in})" if built_in else "")
        is_empty = not list(way.target.solutions(f"SELECT ?graph {{ {pattern} }} LIMIT 1"))
        return Loading(
            way, Merged(merged) if (wanted or default) == "merged" else Graphs(), True, is_empty, datatypes
        )
    if wanted not in (None, found.name):
        message = f"holds articles in the layout {found.name}, not {wanted}"
        raise UsageError(message, file=way.name, hint="leave --layout out, or load into another store")
    return Loading(way, found, datatypes=datatypes)

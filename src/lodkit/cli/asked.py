"""What ``lodkit query`` asks: a server, or in the sandbox a store or files, or here what ships with
lodkit.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import LimitError, UsageError
from ..files import STANDARD
from ..limits import set_limits
from ..load import add_apart, refuse_inconsistent
from ..query import bundled_dataset, bundled_graphs, check_syntax, ontology, with_prefixes
from ..rdf import read
from ..sandbox import Session
from ..store import Store, is_address
from .connection import Connection
from .inputs import each_once, files_in, read_file
from .stores import is_folder, open_store, reach
from .terminal import number, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyoxigraph import Quad

    from ..query import CannedQuery, Queryable, QueryFolder


@dataclass(frozen=True, slots=True)
class Asking:
    """A query to be asked: ``is_ours`` tells that it ships with lodkit, ``with_ontology`` that it sees the
    ontology of the domain beside what files hold; ``origin`` is the format of standard input. Once files are
    read, ``prefixes`` has what they declare.
    """

    query: CannedQuery
    is_ours: bool
    with_ontology: bool
    origin: str | None = None
    prefixes: dict[str, str] = field(default_factory=dict)


@contextmanager
def asked(
    places: Sequence[str], domain: QueryFolder, connection: Connection, asking: Asking
) -> Iterator[Queryable]:
    """Give what is to be asked a query.

    Only what ships with lodkit, where no places are given, is answered in this process.

    Raises:
        InputError: a file is no RDF, or a folder no store.
        StoreError: a store is being written, is not reached, or fails.
        UsageError: a store is not asked alone.
    """
    if connection.deadline is not None and not any(map(is_address, places)):
        _allow(connection.deadline)
    stores = [place for place in places if is_address(place) or is_folder(place)]
    if stores and len(places) > 1:
        from ..endpoint import shown

        raise UsageError(
            "a store is asked alone", file=shown(stores[0]), hint="give --on once, or files only"
        )
    if stores and is_address(stores[0]):
        if not asking.is_ours:
            _check_before_sending(with_prefixes(asking.query, domain.prefixes))
        endpoint = reach(stores[0], connection)
        endpoint.keeps_odd_cells = True
        endpoint.tell = lambda line: say(f"lodkit: {line}")
        yield endpoint
    elif stores:
        with _store_in_sandbox(stores[0], as_set=not asking.is_ours) as session:
            yield session
            if session.counted_twice:
                say(
                    f"lodkit: {number(session.counted_twice, 'quad')} are too many to be merged: a triple"
                    " of several graphs counts in each of them (use DISTINCT, or GRAPH ?g { … })"
                )
    elif places or not asking.is_ours:
        with _files_in_sandbox(places, domain, asking) as session:
            yield session
    else:
        yield bundled_dataset(domain)


def _allow(seconds: float) -> None:
    """Bound what a query of files or a folder may take, as a deadline does that of a server."""
    if not 0 < seconds < float("inf"):
        raise UsageError("--deadline is seconds above 0")
    set_limits(time=seconds)


def _check_before_sending(query: CannedQuery) -> None:
    """What is no SPARQL is told with line and column here, in the words that all stores' servers have others
    for.
    """
    empty = Session()
    try:
        check_syntax(query, empty)
    finally:
        empty.close()


@contextmanager
def _store_in_sandbox(folder: str, *, as_set: bool) -> Iterator[Session]:
    held, _ = open_store(folder, Connection())  # it is looked at first, and nobody writes to it meanwhile
    session = Session(folder, as_set=as_set)
    try:
        yield session
    except LimitError:
        if session.is_broken_off and isinstance(held, Store):
            refuse_inconsistent(held)  # a damaged file can end the engine as too much work does
        raise
    finally:
        session.close()
        held.close()


@contextmanager
def _files_in_sandbox(places: Sequence[str], domain: QueryFolder, asking: Asking) -> Iterator[Session]:
    session = Session(as_set=not asking.is_ours)
    try:
        files = each_once(file for place in places for file in files_in(place))
        sources = [(file, _read(file, asking)) for file in files]
        bundled = (
            [] if places else [(name, read(data, "nq", file=name)) for name, data in bundled_graphs(domain)]
        )
        add_apart(session, [*sources, *bundled])
        if asking.with_ontology:
            session.add(ontology(domain))
        yield session
    finally:
        session.close()


def _read(file: str, asking: Asking) -> Iterator[Quad]:
    return read_file(file, asking.origin if file == STANDARD else None, prefixes=asking.prefixes)

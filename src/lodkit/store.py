"""The embedded store: graphs in memory or in a folder, asked with SPARQL."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast
from weakref import WeakValueDictionary, finalize

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad, QueryBoolean, QuerySolutions, QueryTriples

from .errors import InputError, QueryError, StoreError, UsageError
from .files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager


_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]+(?:/.*)?")

REBUILD = "no command can mend it: load what it held into a new folder"
"""What to do about a store whose files are damaged."""


class Store:
    """A quad store (pyoxigraph) in memory, or in a folder.

    Queries see the union of all graphs as their default graph; ``GRAPH`` names one of them. Numbers come back
    as their values
    (``"01"^^xsd:nonNegativeInteger`` as ``1``); `lodkit.load` knows which datatypes to put right.

    >>> from pyoxigraph import Literal, NamedNode
    >>> store = Store()
    >>> store.add([Quad(NamedNode("x:s"), NamedNode("x:p"), Literal("o"), NamedNode("x:g"))])
    >>> [row["o"].value for row in store.solutions("SELECT ?o { ?s ?p ?o }")]
    ['o']
    """

    def __init__(self, folder: Path | str | None = None, *, read_only: bool = False) -> None:
        """Open the store in a folder, or a new one in memory.

        Several may read one folder at the same time (``read_only``), or one may write.

        Raises:
            InputError: the folder is to be read, and is no store.
            StoreError: the folder is in use, holds something else, or cannot be read.
        """
        if folder == "":
            raise UsageError("the name of the store is empty", hint="name a folder")
        self.folder = Path(folder) if folder is not None else None
        with self._errors():
            if self.folder is not None and read_only and (lock := _hold_off_writers(self.folder)):
                finalize(self, lock.close)
            self._store = pyoxigraph.Store() if self.folder is None else _open_folder(self.folder, read_only)
        if self.folder is not None and not read_only:
            _WRITTEN[os.path.realpath(self.folder)] = self

    def __len__(self) -> int:
        with self._errors():
            return len(self._store)

    def __iter__(self) -> Iterator[Quad]:
        with self._errors():
            yield from self._store

    def is_held(self, quad: Quad) -> bool:
        """Tell whether a quad is found from each of its sides: each of the engine's indexes is a table of its
        own, and damage to the files may take some of them back to what they were before.

        Raises:
            StoreError: the disk fails.
        """
        subject, predicate, object_, graph = quad
        graphs = (graph,) if isinstance(graph, DefaultGraph) else (None, graph)
        with self._errors():
            if not isinstance(graph, DefaultGraph) and not self._store.contains_named_graph(graph):
                return False
            found = (
                self._store.quads_for_pattern(s, p, o, where)
                for where in graphs
                for s, p, o in ((subject, None, None), (None, predicate, None), (None, None, object_))
            )
            return all(any(held == quad for held in quads) for quads in found)

    def is_consistent(self) -> bool:
        """Tell whether all indexes of the engine hold the same quads; it goes through each of them.

        Raises:
            StoreError: the disk fails.
        """
        with self._errors():
            total, graphs = len(self._store), set(self._store.named_graphs())
            if not {quad.graph_name for quad in self._store} - {DefaultGraph()} <= graphs:
                return False
            return all(
                self._found_by(side, of_graph) == total for side in range(3) for of_graph in (False, True)
            )

    def _found_by(self, side: int, of_graph: bool) -> int:
        """The number of quads that are found by the terms of one side, in each graph or in all."""
        patterns = {(quad[side], quad.graph_name if of_graph else None) for quad in self._store}
        found = (
            quad[side] == term  # the engine gives more than was asked for where a number ends in 255
            for term, graph in patterns
            for quad in self._store.quads_for_pattern(
                term if side == 0 else None, term if side == 1 else None, term if side == 2 else None, graph
            )
        )
        return sum(found)

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads with the bulk loader; those that are there already stay one.

        Raises:
            StoreError: the store is read-only, or the disk fails.
        """
        with self._errors():
            self._store.bulk_extend(quads)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add quads as one transaction: all of them or none, also if the process ends in between.

        Raises:
            StoreError: the store is read-only, or the disk fails.
        """
        with self._errors():
            self._store.extend(quads)

    def graphs(self) -> dict[str, int]:
        """Return how many quads each named graph holds, by IRI in sorted order; the default graph is ``""``
        if it holds any.
        """
        from .sparql import evaluate  # who only looks whether a folder is a store needs no SPARQL

        with self._errors():
            rows = evaluate(self._store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
            assert isinstance(rows, QuerySolutions)
            counts = {str(row["g"].value): int(row["n"].value) for row in rows if row["g"] is not None}
        rest = len(self) - sum(counts.values())
        return dict(sorted(counts.items())) | ({"": rest} if rest else {})

    def solutions(
        self, query: str, *, prefixes: Mapping[str, str] | None = None, union: bool = True
    ) -> QuerySolutions:
        """Answer a SELECT query: an iterator of rows, with ``variables``. Without ``union`` what stands
        outside of ``GRAPH`` is asked of the default graph alone.

        Raises:
            QueryError: the query is not SPARQL, not a SELECT, or would leave this store.
            StoreError: the store fails.
        """
        answer = self._answer(query, prefixes, union=union)
        if not isinstance(answer, QuerySolutions):
            raise QueryError("the query has no rows", hint="write it as a SELECT")
        return cast(QuerySolutions, _Answer(answer, self._errors))

    def ask(self, query: str, *, prefixes: Mapping[str, str] | None = None) -> bool:
        """Answer an ASK query.

        Raises:
            QueryError: the query is not SPARQL, not an ASK, or would leave this store.
            StoreError: the store fails.
        """
        answer = self._answer(query, prefixes)
        if not isinstance(answer, QueryBoolean):
            raise QueryError("the query is not a yes-or-no question", hint="write it as an ASK")
        return bool(answer)

    def triples(self, query: str, *, prefixes: Mapping[str, str] | None = None) -> QueryTriples:
        """Answer a CONSTRUCT or DESCRIBE query.

        Raises:
            QueryError: the query is not SPARQL, gives no triples, or would leave this store.
            StoreError: the store fails.
        """
        answer = self._answer(query, prefixes)
        if not isinstance(answer, QueryTriples):
            raise QueryError("the query gives no triples", hint="write it as a CONSTRUCT or DESCRIBE")
        return cast(QueryTriples, _Answer(answer, self._errors))

    def update(self, text: str) -> None:
        """Carry out a SPARQL update as one transaction: all of it or nothing, also if the process ends in
        between.

        Raises:
            QueryError: it is not SPARQL, or would fetch something.
            StoreError: the store is read-only, or the disk fails.
        """
        from .sparql import change

        with self._errors():
            change(self._store, text)

    def close(self) -> None:
        """Let go of the folder, for others to open; the store is of no use any more."""
        del self._store
        if self.folder is not None:
            _WRITTEN.pop(os.path.realpath(self.folder), None)

    def flush(self) -> None:
        """Put onto the disk what is held in memory or in the engine's log, synced: from then on it outlives a
        power cut. Its buffers would else grow to more than a gigabyte.

        Raises:
            StoreError: the disk fails.
        """
        with self._errors():
            self._store.flush()
            if self.folder is not None:  # the engine syncs what is in the folder, not the folder's own name
                sync_folder(self.folder.absolute().parent)

    def _answer(
        self, query: str, prefixes: Mapping[str, str] | None, *, union: bool = True
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        from .sparql import evaluate

        with self._errors():
            return evaluate(self._store, query, prefixes=prefixes, union=union)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise _failure(error, self.folder) from error


class _Answer:
    """An answer that is gone through once; what the disk fails to give on the way is an error of the
    store.
    """

    def __init__(
        self, answer: QuerySolutions | QueryTriples, errors: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._answer = answer
        self._rows = self._checked(errors)

    @property
    def variables(self) -> list[pyoxigraph.Variable]:
        assert isinstance(self._answer, QuerySolutions)
        return self._answer.variables

    def __iter__(self) -> Iterator[object]:
        return self._rows

    def __next__(self) -> object:
        return next(self._rows)

    def _checked(self, errors: Callable[[], AbstractContextManager[None]]) -> Iterator[object]:
        with errors():
            yield from self._answer


_WRITTEN: WeakValueDictionary[str, Store] = WeakValueDictionary()
"""The stores that this process has open for writing. A lock file that was closed here would no longer hold
off other processes.
"""


def _hold_off_writers(folder: Path) -> BinaryIO | None:
    """Share RocksDB's lock, which its own read-only mode leaves alone: reading what is being written is
    undefined there.
    """
    if os.path.realpath(folder) in _WRITTEN:
        raise OSError("lock hold by current process: LOCK")
    file = folder / "LOCK"
    try:
        import fcntl
    except ImportError:  # not on Windows
        return None
    if not file.is_file():
        return None
    stream = file.open("rb")
    try:
        fcntl.lockf(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        stream.close()
        raise OSError(f"lock hold by another process: LOCK: {error}") from error
    return stream


_OF_AN_ENGINE = ("CURRENT", "IDENTITY", "MANIFEST-*", "OPTIONS-*", "*.sst")
"""Files of RocksDB; one that is left tells that the folder is or was a store."""


def is_address(place: str) -> bool:
    """Tell the address of a server from a path.

    Raises:
        UsageError: it is neither.
    """
    if not place:
        raise UsageError("the name of the store is empty", hint="name a folder, or the address of a server")
    if _HOST_AND_PORT.fullmatch(place) and not os.path.lexists(place):
        raise UsageError("neither a folder nor an address", file=place, hint=f"write http://{place}")
    return "://" in place


def is_store(folder: Path | str) -> bool:
    """Tell whether a folder is a store, be it a damaged one."""
    try:
        return any(next(Path(folder).glob(pattern), None) is not None for pattern in _OF_AN_ENGINE)
    except OSError:
        return False


def _open_folder(folder: Path, read_only: bool) -> pyoxigraph.Store:
    _check_folder(folder, read_only)
    name = str(folder)
    if not read_only:
        return pyoxigraph.Store(name)
    try:
        return pyoxigraph.Store.read_only(name)
    except RuntimeError as error:
        if "read-write" in str(error):  # it would write the version of its tables, which are not there
            raise RuntimeError("Corruption: it lacks its tables") from error
        raise


def _check_folder(folder: Path, read_only: bool) -> None:
    is_whole = (folder / "CURRENT").exists()  # RocksDB's pointer to its manifest
    is_used = folder.is_dir() and next(folder.iterdir(), None) is not None
    if is_whole or (not read_only and not is_used):
        return
    if is_store(folder):
        raise StoreError("its file CURRENT is missing", file=str(folder), hint=REBUILD)
    if read_only:
        raise InputError("is no store", file=str(folder), hint="make one with lodkit load")
    raise StoreError(
        "holds other files and is no store", file=str(folder), hint="name a new or an empty folder"
    )


def _failure(error: Exception, folder: Path | None) -> StoreError:
    where = str(folder) if folder is not None else None
    text = str(error)
    if _LOCKED.search(text):
        message, hint = "the store is in use by another process", "wait until it is done, or read a copy"
        return StoreError(message, file=where, hint=hint)
    if "read-write" in text:
        return StoreError("the store was opened for reading only", file=where)
    if _DAMAGED.search(text) and folder is not None and is_store(folder):
        return StoreError(f"the store failed: its files are damaged: {text}", file=where, hint=REBUILD)
    what_to_do = next((hint for words, hint in _HINTS.items() if words in text), None)
    return StoreError(f"the store failed: {text}", file=where, hint=what_to_do)


_LOCKED = re.compile("lock hold by|While lock file")
_DAMAGED = re.compile(
    r"Corruption|Column family not found|IO error: (No such file|Is a directory|Not a directory|While"
    r" reading)"
)
_HINTS = {
    "No space left": "make room, and run the same command again",
    "File too large": "raise the bound on the size of files, and run the same command again",
    "Permission denied": "see whose the folder is",
    "Read-only file system": "name a folder on another disk",
    "Not a directory": "name a folder",
    "Too many levels of symbolic links": "the link leads back to itself",
    "Too many open files": "raise the bound on open files (ulimit -n)",
}
"""What to do, by words of the engine's or the system's messages."""

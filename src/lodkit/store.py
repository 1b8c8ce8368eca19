"""The embedded store: graphs in memory or in a folder, asked with SPARQL."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from weakref import WeakValueDictionary, finalize

import pyoxigraph
from pyoxigraph import Quad, QueryBoolean, QuerySolutions, QueryTriples

from .errors import InputError, QueryError, StoreError
from .sparql import change, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


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
        self.folder = Path(folder) if folder is not None else None
        with self._errors():
            if self.folder is not None and read_only and (lock := _hold_off_writers(self.folder)):
                finalize(self, lock.close)
            self._store = pyoxigraph.Store() if self.folder is None else _open_folder(self.folder, read_only)
        if self.folder is not None and not read_only:
            _WRITTEN[os.path.realpath(self.folder)] = self

    def __len__(self) -> int:
        return len(self._store)

    def __iter__(self) -> Iterator[Quad]:
        return iter(self._store)

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
        rows = evaluate(self._store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        assert isinstance(rows, QuerySolutions)
        counts = {str(row["g"].value): int(row["n"].value) for row in rows if row["g"] is not None}
        rest = len(self) - sum(counts.values())
        return dict(sorted(counts.items())) | ({"": rest} if rest else {})

    def solutions(self, query: str, *, prefixes: Mapping[str, str] | None = None) -> QuerySolutions:
        """Answer a SELECT query: an iterator of rows, with ``variables``.

        Raises:
            QueryError: the query is not SPARQL, not a SELECT, or would leave this store.
            StoreError: the store fails.
        """
        answer = self._answer(query, prefixes)
        if not isinstance(answer, QuerySolutions):
            raise QueryError("the query has no rows", hint="write it as a SELECT")
        return answer

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
        return answer

    def update(self, text: str) -> None:
        """Carry out a SPARQL update as one transaction: all of it or nothing, also if the process ends in
        between.

        Raises:
            QueryError: it is not SPARQL, or would fetch something.
            StoreError: the store is read-only, or the disk fails.
        """
        with self._errors():
            change(self._store, text)

    def close(self) -> None:
        """Let go of the folder, for others to open; the store is of no use any more."""
        del self._store
        if self.folder is not None:
            _WRITTEN.pop(os.path.realpath(self.folder), None)

    def flush(self) -> None:
        """Write to disk what is held in memory; its buffers would else grow to more than a gigabyte.

        Raises:
            StoreError: the disk fails.
        """
        with self._errors():
            self._store.flush()

    def _answer(
        self, query: str, prefixes: Mapping[str, str] | None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        with self._errors():
            return evaluate(self._store, query, prefixes=prefixes, union=True)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:
            where = str(self.folder) if self.folder is not None else None
            raise StoreError(_reason(error), file=where, hint=_hint(error)) from error


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


def _open_folder(folder: Path, read_only: bool) -> pyoxigraph.Store:
    is_store = (folder / "CURRENT").is_file()  # RocksDB's pointer to its manifest
    if read_only and not is_store:
        raise InputError("is no store", file=str(folder), hint="make one with lodkit load")
    if not is_store and folder.is_dir() and any(folder.iterdir()):
        raise StoreError(
            "holds other files and is no store", file=str(folder), hint="name a new or an empty folder"
        )
    return pyoxigraph.Store.read_only(str(folder)) if read_only else pyoxigraph.Store(str(folder))


def _reason(error: Exception) -> str:
    if _is_lock(error):
        return "the store is in use by another process"
    if "read-write" in str(error):
        return "the store was opened for reading only"
    return f"the store failed: {error}"


def _hint(error: Exception) -> str | None:
    return "wait until it is done, or read a copy" if _is_lock(error) else None


def _is_lock(error: Exception) -> bool:
    return "lock" in str(error).lower() and "LOCK" in str(error)

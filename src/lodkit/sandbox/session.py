"""A data set in the sandbox that can be asked: files that were read there, or the store in a folder."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import RdfFormat

from ..errors import LimitError, QueryError, StoreError
from ..limits import limits, size_text
from ..worker.frames import END, decoded
from ..worker.union import SET, UNION
from .child import Child, TaskError
from .tasks import results_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad, QuerySolution, Variable

    from ..odd import OddRow

_PART = 1000  # quads that are written at a time


@dataclass(frozen=True, slots=True)
class Rows:
    """A solution sequence (SPARQL 1.1 §18.4) that was read to its end."""

    variables: Sequence[Variable]
    rows: Sequence[QuerySolution | OddRow]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Session:
    """A child with a store. Queries see the union of all graphs as their default graph; ``GRAPH`` names
    one.
    """

    def __init__(self, folder: Path | str | None = None, *, as_set: bool = False) -> None:
        """Start with the store in a folder, which is only read, or with nothing.

        With ``as_set`` the union of all graphs has each triple once; without, which is less work, once for
        each graph that holds it.

        Raises:
            StoreError: the folder is no store, or cannot be read.
        """
        self._child = Child()
        self._union = SET if as_set else UNION
        self.counted_twice = 0
        """How many quads a store holds that was too large for the union to be made a set, or 0."""
        self.is_broken_off = False
        """Whether the child ended in the middle of a task, for want of memory or by a signal."""
        self.folder = str(folder) if folder is not None else None
        if self.folder is not None:
            try:
                with self._child.working("open", folder=str(Path(self.folder).absolute())) as answer:
                    answer.drain()
            except TaskError as error:
                self.close()
                raise self._failed(error) from error

    def load(self, data: Iterable[bytes], media_type: str, *, base: str | None = None) -> None:
        """Add RDF in some format.

        Raises:
            TaskError: the data are not of that format, or take too much.
        """
        with self._child.working("load", data, format=media_type, base=base) as answer:
            answer.drain()

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads; those that are there already stay one.

        Raises:
            LimitError: they take too much.
        """
        quads = iter(quads)
        parts = iter(lambda: pyoxigraph.serialize(islice(quads, _PART), format=RdfFormat.N_QUADS), b"")
        try:
            self.load((part for part in parts if part), RdfFormat.N_QUADS.media_type)
        except TaskError as error:
            raise error.as_limit("the data set") from error

    def solutions(
        self, query: str, *, prefixes: Mapping[str, str] | None = None, **substitutions: str
    ) -> Rows:
        """Answer a SELECT query; ``substitutions`` are terms in N-Triples form for variables.

        Raises:
            QueryError: the query is not SPARQL, not a SELECT, or would leave this data set.
            LimitError: it takes too much time or memory, or its answer is too long.
            StoreError: the store fails.
        """
        found = self._results(query, prefixes, substitutions)
        if isinstance(found, bool):
            raise QueryError("the query has no rows", hint="write it as a SELECT")
        return Rows(*found)

    def prebound(
        self, query: str, rows: Sequence[Mapping[str, str]], *, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool:
        """Answer a SELECT or ASK query whose variables have values (SHACL §5.3.1): in each row terms in
        N-Triples; its default graph is the store's.

        Raises:
            QueryError, LimitError, StoreError: as for `solutions`.
        """
        request = {"text": query, "prefixes": dict(prefixes or {}), "prebound": list(map(dict, rows))}
        try:
            found = results_of(io.BytesIO(self._answered(request)))
        except TaskError as error:
            raise self._failed(error) from error
        return found if isinstance(found, bool) else Rows(*found)

    def ask(self, query: str, *, prefixes: Mapping[str, str] | None = None) -> bool:
        """Answer an ASK query.

        Raises:
            QueryError, LimitError, StoreError: as for `solutions`.
        """
        found = self._results(query, prefixes, {})
        if not isinstance(found, bool):
            raise QueryError("the query is not a yes-or-no question", hint="write it as an ASK")
        return found

    def triples(self, query: str, *, prefixes: Mapping[str, str] | None = None) -> list[Quad]:
        """Answer a CONSTRUCT or DESCRIBE query.

        Raises:
            QueryError, LimitError, StoreError: as for `solutions`.
        """
        data = self._answer(query, prefixes, {})
        return list(pyoxigraph.parse(data, RdfFormat.N_TRIPLES))

    def close(self) -> None:
        """End the child."""
        self._child.kill()

    def _results(
        self, query: str, prefixes: Mapping[str, str] | None, substitutions: Mapping[str, str]
    ) -> tuple[list[Variable], list[QuerySolution]] | bool:
        try:
            return results_of(io.BytesIO(self._answer(query, prefixes, substitutions)))
        except TaskError as error:
            raise self._failed(error) from error

    def _answer(
        self, query: str, prefixes: Mapping[str, str] | None, substitutions: Mapping[str, str]
    ) -> bytes:
        request: dict[str, Any] = {
            "text": query,
            "prefixes": dict(prefixes or {}),
            "substitutions": dict(substitutions),
            "union": self._union,
        }
        return self._answered(request)

    def _answered(self, request: dict[str, Any]) -> bytes:
        parts: list[bytes] = []
        length, most = 0, limits().answer
        try:
            with self._child.working("query", wall=self._child.bounds.time, **request) as answer:
                while part := answer.read(1 << 16):
                    length += len(part)
                    if length > most:
                        raise TaskError(
                            "answer",
                            f"gave an answer of more than {size_text(most)}",
                            hint="ask for less, or raise --limit-answer",
                        )
                    parts.append(part)
                if answer.end is not None and answer.end[0] == END:
                    told = decoded(answer.end[1])
                    self.counted_twice = 0 if told.get("is_set", True) else int(told["quads"])
        except TaskError as error:
            raise self._failed(error) from error
        return b"".join(parts)

    def _failed(self, error: TaskError) -> QueryError | LimitError | StoreError:
        self.is_broken_off = error.kind in ("memory", "crash")
        if error.is_limit:
            return error.as_limit("the query")
        if error.kind == "query":
            return QueryError(
                error.message, line=error.line, column=error.column, term=error.term, hint=error.hint
            )
        return StoreError(f"the store failed: {error.message}", file=self.folder)

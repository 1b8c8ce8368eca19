"""What is done in the sandbox for one call: RDF parsed, results of servers read, blank nodes named."""

from __future__ import annotations

import atexit
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, Variable

from ..limits import limits
from ..odd import CellReader
from ..worker.frames import END, DataReader, decoded
from .child import Child, TaskError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad, QuerySolution

    from ..odd import OddRow

_idle: list[Child] = []
"""Children that wait for more work: one that has done its task well is asked again."""


@contextmanager
def borrowed() -> Iterator[Child]:
    """Give a child that holds no data, an idle one or a new one."""
    child = _take()
    try:
        yield child
    finally:
        if child.is_idle and not _idle:
            _idle.append(child)
        else:
            child.kill()


def _take() -> Child:
    while _idle:
        child = _idle.pop()
        if child.is_at_hand and child.bounds == limits():
            return child
        if child.owner == os.getpid():
            child.kill()
    return Child()


def parse_rdf(
    data: Iterable[bytes],
    media_type: str,
    *,
    base: str | None = None,
    is_lenient: bool = False,
    prefixes: dict[str, str] | None = None,
    read_back: Callable[[DataReader], Iterator[Quad]] | None = None,
) -> Iterator[Quad]:
    """Yield the quads of RDF in some format, given by its media type; the parser runs in the sandbox. At the
    end ``prefixes`` has those that the data declare.

    With ``is_lenient`` terms are not looked at: ``read_back`` then reads the lines that were made of them.

    Raises:
        TaskError: the data are not of that format, or take too much.
    """
    with (
        borrowed() as child,
        child.working("parse", data, format=media_type, base=base, is_lenient=is_lenient) as answer,
    ):
        yield from read_back(answer) if read_back else _read_back(answer, RdfFormat.N_QUADS)
        if prefixes is not None and _is_whole(answer):
            assert answer.end is not None
            prefixes |= decoded(answer.end[1]).get("prefixes", {})


def _read_back(answer: DataReader, form: RdfFormat) -> Iterator[Quad]:
    """Yield what the child wrote, as lines.

    Where a line is broken the end of the answer says why. If it says that all went well, the child read a
    term that no line can hold, such as a text of rdf:langString without a language, which JSON-LD and RDF/XML
    let through: what came after it must not be lost unsaid.
    """
    try:
        yield from pyoxigraph.parse(answer, form)  # type: ignore[arg-type]
    except SyntaxError as error:
        if _is_whole(answer):
            raise TaskError("syntax", f"holds a term that RDF does not have: {error.msg}") from error


def _is_whole(answer: DataReader) -> bool:
    """Read an answer to its end, and tell whether that says that all went well; else it says why not."""
    answer.drain()
    return answer.end is not None and answer.end[0] == END


def parse_results(data: Iterable[bytes]) -> tuple[list[Variable], list[QuerySolution]] | bool:
    """Return the variables and rows, or the truth value, of query results in JSON; the parser runs in the
    sandbox.

    Raises:
        TaskError: they are no such results, or take too much.
    """
    with borrowed() as child, child.working("results", data) as answer:
        try:
            return results_of(answer)
        except TaskError:
            if _is_whole(answer):
                raise
    raise AssertionError("the end of the answer has said what failed")


def parse_cells(data: Iterable[bytes]) -> tuple[list[Variable], list[OddRow], CellReader]:
    """Return the variables and rows of query results in JSON, read cell by cell, with what was odd; the
    parser runs in the sandbox.

    Raises:
        TaskError: they are no such results, or take too much.
    """
    with borrowed() as child, child.working("cells", data) as answer:
        text = answer.read()
    reader = CellReader()
    try:
        names, bindings = json.loads(text)
        return [Variable(name) for name in names], reader.rows(names, bindings), reader
    except (ValueError, TypeError, RecursionError) as error:
        raise TaskError("syntax", str(error)) from error


def results_of(answer: Any) -> tuple[list[Variable], list[QuerySolution]] | bool:
    """Return what query results in JSON that the child wrote hold.

    Raises:
        TaskError: they cannot be read back.
    """
    try:
        found = pyoxigraph.parse_query_results(answer, format=QueryResultsFormat.JSON)
        if isinstance(found, QueryBoolean):
            return bool(found)
        return list(found.variables), list(found)
    except (SyntaxError, ValueError) as error:
        raise TaskError("failure", f"an answer cannot be read back: {error}") from error


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads with canonical labels of their blank nodes (RDFC-1.0), whose cost grows fast with their
    likeness.

    Raises:
        TaskError: it takes too much.
    """
    data = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)
    assert data is not None
    form = RdfFormat.N_QUADS.media_type
    with (
        borrowed() as child,
        child.working("canonicalize", [data], wall=limits().time, format=form) as answer,
    ):
        return list(_read_back(answer, RdfFormat.N_QUADS))


def worked(task: str, quads: Iterable[Quad]) -> list[Quad]:
    """Return what a task of the worker that turns quads into triples makes of some.

    Raises:
        TaskError: it fails, or takes too much.
    """
    data = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)
    assert data is not None
    with borrowed() as child, child.working(task, [data], wall=limits().time) as answer:
        return list(_read_back(answer, RdfFormat.N_TRIPLES))


@atexit.register
def release() -> None:
    """End the children that wait for work; at the end of the process too."""
    while _idle:
        _idle.pop().kill()


__all__ = [
    "Child",
    "TaskError",
    "borrowed",
    "canonical",
    "parse_cells",
    "parse_rdf",
    "parse_results",
    "release",
    "results_of",
]

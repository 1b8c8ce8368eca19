"""The child process: it works on what others made, and has nothing that it could harm with.

It reads requests from standard input and answers on standard output (`frames`), one after the other, and
ends when its input does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    QuadParser,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Variable,
)

from ..errors import LimitError, LodkitError, QueryError
from ..sparql import evaluate, evaluate_prebound
from .confine import allow_seconds, confine
from .frames import END, FAILURE, HEADER, DataReader, DataWriter, decoded, read_frame, write_json
from .nesting import JSON, NestingGuard
from .union import NO_UNION, SET, United, united

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Worker:
    """What the child knows between two requests: a store, and how many seconds a task may take."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._store = pyoxigraph.Store()
        self._united: United | None = None
        self._seconds = 60.0

    def serve(self) -> None:
        """Answer requests until there are no more."""
        while True:
            try:
                kind, payload = read_frame(self._requests)
            except EOFError:
                return
            if kind == HEADER:
                self._answer(decoded(payload))

    def _answer(self, request: dict[str, Any]) -> None:
        self._seconds = float(request["seconds"])
        self._allow_more()
        data = DataReader(lambda: read_frame(self._requests))
        if not request.get("data"):
            data.end = (END, b"")
        answer = DataWriter(self._answers, self._allow_more)
        try:
            told = _task(request["task"])(self, request, data, answer)
            answer.flush()
            data.drain()
            if data.end != (END, b""):
                raise EOFError
            end: tuple[bytes, dict[str, Any]] = (END, told)
        except Exception as error:
            data.drain()
            end = (FAILURE, described(error))
        write_json(self._answers, *end)

    def _allow_more(self) -> None:
        allow_seconds(self._seconds)

    # The tasks. Each takes its request, data and where its answer goes, and returns what is told at its end.

    def parse(self, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
        """Answer RDF of any format as N-Quads, at its end the prefixes that it declares."""
        parser = _parser(request, data)
        pyoxigraph.serialize(parser, answer, format=RdfFormat.N_QUADS)
        return {"prefixes": dict(parser.prefixes)}

    def load(self, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
        """Put RDF into the store."""
        self._united = None
        self._store.bulk_extend(_parsed(request, data))
        return {}

    def open(self, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
        """Take the store in a folder, for reading."""
        self._united = None
        self._store = pyoxigraph.Store.read_only(request["folder"])
        return {}

    def query(self, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
        """Answer a query on the store: rows or a truth value as JSON, triples as N-Triples."""
        if "prebound" in request:
            return self._prebound(request, answer)
        terms = {Variable(name): _term(text) for name, text in request.get("substitutions", {}).items()}
        asked = self._asked(request.get("union", NO_UNION))
        found = evaluate(
            asked.store,
            request["text"],
            prefixes=request.get("prefixes"),
            substitutions=terms,
            union=not asked.is_merged,
        )
        if isinstance(found, QuerySolutions | QueryBoolean):
            found.serialize(answer, format=QueryResultsFormat.JSON)
            form = "ASK" if isinstance(found, QueryBoolean) else "SELECT"
        else:
            found.serialize(answer, format=RdfFormat.N_TRIPLES)
            form = "CONSTRUCT"
        return {"form": form, "quads": len(asked.store), "is_set": asked.is_set}

    def _asked(self, union: str) -> United:
        """The store to ask, and whether its default graph holds all that the query is to see there."""
        if union == SET:
            self._united = self._united or united(self._store)
            return self._united
        return United(self._store, is_merged=union == NO_UNION, is_set=True)

    def _prebound(self, request: dict[str, Any], answer: Any) -> dict[str, Any]:
        found = evaluate_prebound(
            self._store, request["text"], request["prebound"], prefixes=request.get("prefixes")
        )
        if isinstance(found, QueryTriples):
            raise QueryError("the query has no rows")
        found.serialize(answer, format=QueryResultsFormat.JSON)
        return {"form": "ASK" if isinstance(found, QueryBoolean) else "SELECT"}

    def results(self, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
        """Answer query results in JSON as the same, read and written anew."""
        guarded: Any = NestingGuard(data, JSON)
        found = pyoxigraph.parse_query_results(guarded, format=QueryResultsFormat.JSON)
        found.serialize(answer, format=QueryResultsFormat.JSON)
        return {"form": "ASK" if isinstance(found, QueryBoolean) else "SELECT"}

    def cells(self, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
        """Answer query results in JSON as their names and bindings, whatever their cells are."""
        guarded: Any = NestingGuard(data, JSON)
        found = json.loads(guarded.read().decode())  # in UTF-8 (RFC 8259 §8.1)
        names, bindings = found["head"]["vars"], found["results"]["bindings"]
        answer.write(json.dumps([[str(name) for name in names], [dict(row) for row in bindings]]).encode())
        return {}

    def canonicalize(self, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
        """Answer N-Quads as the same with canonical labels of blank nodes (RDFC-1.0)."""
        dataset = Dataset(_parsed(request, data))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        pyoxigraph.serialize(dataset, answer, format=RdfFormat.N_QUADS)
        return {}


Task = Callable[[Worker, dict[str, Any], Any, Any], dict[str, Any]]

TASKS: dict[str, Task] = {
    task.__name__: task
    for task in (
        Worker.parse,
        Worker.load,
        Worker.open,
        Worker.query,
        Worker.results,
        Worker.cells,
        Worker.canonicalize,
    )
}

HEAVY = {"shacl": "lodkit.shacl.pyshacl:report_of_quads"}
"""Tasks that turn quads into triples, by module and function: loaded when asked for, since most children do
without.
"""


def _task(name: str) -> Task:
    return TASKS.get(name) or partial(_work, HEAVY[name])


def _work(place: str, worker: Worker, request: dict[str, Any], data: Any, answer: Any) -> dict[str, Any]:
    module, _, function = place.partition(":")
    triples = getattr(import_module(module), function)(pyoxigraph.parse(data, RdfFormat.N_QUADS))
    pyoxigraph.serialize(triples, answer, format=RdfFormat.N_TRIPLES)
    return {}


def _parser(request: dict[str, Any], data: Any) -> QuadParser:
    form = RdfFormat.from_media_type(request["format"])
    assert form is not None
    source: Any = NestingGuard(data, JSON) if form == RdfFormat.JSON_LD else data
    return pyoxigraph.parse(
        source, form, base_iri=request.get("base"), lenient=bool(request.get("is_lenient"))
    )


def _parsed(request: dict[str, Any], data: Any) -> Iterator[Quad]:
    yield from _parser(request, data)


def _term(text: str) -> Any:
    """A term from its N-Triples form."""
    [quad] = pyoxigraph.parse(f"<x:s> <x:p> {text} .", RdfFormat.N_TRIPLES)
    return quad.object


def described(error: Exception) -> dict[str, Any]:
    """Return an error as what is told of it: its kind, its text, and its place from 1."""
    match error:
        case QueryError() | LimitError():
            kind = "query" if isinstance(error, QueryError) else "limit"
            keys = ("message", "line", "column", "term", "hint")
            return {"kind": kind, **{key: getattr(error, key) for key in keys}}
        case SyntaxError():
            message = str(error.msg or error)
            return {"kind": "syntax", "message": message, "line": error.lineno, "column": error.offset}
        case LodkitError():
            return {"kind": "failure", "message": error.message}
        case MemoryError():
            return {"kind": "memory", "message": str(error)}
        case _:
            return {"kind": "failure", "message": f"{error}"}


def main(memory: int) -> None:
    """Give up what is not needed, then serve."""
    sys.setrecursionlimit(2_000)
    confine(memory)
    Worker(sys.stdin.buffer, sys.stdout.buffer).serve()

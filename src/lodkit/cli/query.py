"""``lodkit query``: list the queries, or ask one. Nothing here reads the whole domain, which would take
longer than the answer.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from ..errors import UsageError
from ..files import STANDARD
from ..query import (
    FORMATS,
    LABELLED,
    SPREADSHEET_FORMATS,
    Table,
    absent_terms,
    catalogue,
    describe_query,
    find_query,
    labels,
    light_domain,
    list_queries,
    own_query,
    run,
    with_prefixes,
)
from ..rdf import numbered, write
from ..sandbox import Session
from .asked import Asking, asked
from .terminal import DETAILED, is_screen, open_target, put, put_json, say, verbosity, width

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..query import CannedQuery, LightDomain, Queryable, Solutions
    from .connection import Connection


@dataclass(frozen=True, slots=True)
class Question:
    """How a query is asked: parameters as ``key=value``, what data, and the form of the answer."""

    parameters: tuple[str, ...]
    on: tuple[str, ...]
    evidence: bool
    form: str | None
    folder: Path | None
    connection: Connection
    safe: bool = False
    with_ontology: bool = False
    origin: str | None = None
    labels: bool | None = None
    iris: bool = False


def ask(name: str | None, question: Question) -> int:
    """Answer a query on standard output and return the exit code; without a name, list the queries.

    Raises:
        QueryError: there is no such query, it is broken, or a parameter does not fit.
        InputError: the data cannot be read.
        UsageError: the arguments do not fit.
    """
    if question.safe and question.form not in (None, *SPREADSHEET_FORMATS):
        raise UsageError("--safe-csv is for csv and tsv", hint=f"not for {question.form}")
    domain = light_domain(question.folder)
    if name is None:
        return _list(domain, question)
    if (name, *question.on).count(STANDARD) > 1:
        raise UsageError("standard input is given twice", hint="it can be read once")
    own = own_query(name)
    is_own = own is not None
    query = own or find_query(domain, name)
    if verbosity.get() >= DETAILED:
        put(describe_query(query, width()), as_message=True)
    values = _parameters(question.parameters)
    asking = Asking(
        query,
        is_ours=not is_own and question.folder is None,
        with_ontology=question.with_ontology or not is_own,
        origin=question.origin,
    )
    with asked(question.on, domain, question.connection, asking) as store:
        if is_own:
            query = with_prefixes(query, {**domain.prefixes, **asking.prefixes})
        solutions = run(query, store, values, domain=domain, evidence=question.evidence)
        _print(solutions, store, question, domain)
        if is_own and not solutions.rows and isinstance(store, Session):
            for line in absent_terms(query.text, store, domain.prefixes):
                say(f"lodkit: {line}")
    return 0


def _list(domain: LightDomain, question: Question) -> int:
    if question.parameters or question.on:
        raise UsageError("no query is named", hint="lodkit query lists them")
    queries = catalogue(domain)
    if question.form == "json":
        put_json([_as_json(query) for query in queries.values()])
    else:
        put(list_queries(queries.values(), width()))
        if is_screen(sys.stdout):
            say("lodkit query NAME asks one; with -v it tells what the query takes")
    return 0


def _as_json(query: CannedQuery) -> dict[str, object]:
    keys = ("name", "type", "description", "required", "default")
    parameters = [{key: getattr(parameter, key) for key in keys} for parameter in query.parameters]
    return {
        "name": query.name,
        "topic": query.topic,
        "summary": query.summary,
        "description": query.description,
        "parameters": parameters,
    }


def _parameters(texts: Iterable[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in map(_parameter, texts):
        if key in values:
            raise UsageError(f"the parameter {key} is given twice", hint="each has one value")
        values[key] = value
    return values


def _parameter(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UsageError(f"not a parameter: {text!r}", hint="write it as -p key=value")
    return key, value


RDF_FORMATS = ("ttl", "nt", "nq", "trig", "jsonld", "rdf")
"""The formats of answers that are graphs."""


def _print_graph(solutions: Solutions, form: str, domain: LightDomain) -> None:
    """Write triples as RDF, under the prefixes of the domain."""
    quads = numbered(Quad(*row) for row in solutions.rows)  # type: ignore[arg-type]
    with open_target(STANDARD, as_json=form == "jsonld") as stream:
        write(quads, stream, form, prefixes=domain.prefixes)
    if not solutions.rows:
        say("lodkit: no triples")


def _print(solutions: Solutions, store: Queryable, question: Question, domain: LightDomain) -> None:
    if solutions.form in ("CONSTRUCT", "DESCRIBE") and question.form in (None, *RDF_FORMATS):
        if question.labels:
            raise UsageError(
                "--labels is for tables, and this is a graph", hint="add --format csv or another"
            )
        _print_graph(solutions, question.form or "ttl", domain)
        return
    if question.form in RDF_FORMATS:
        hint = f"{', '.join(FORMATS)} or xlsx; triples come from CONSTRUCT and DESCRIBE"
        raise UsageError(f"the answer to {solutions.form} is no graph", file=question.form, hint=hint)
    form = question.form or ("table" if is_screen(sys.stdout) else "csv")
    wanted = form in LABELLED if question.labels is None else question.labels
    table = Table(solutions, labels(solutions, store) if wanted else {}, domain.prefixes)
    if form == "xlsx":
        _put_workbook(table)
    else:
        put(
            table.text(form, width=width(), labels=wanted, iris=question.iris, safe=question.safe),
            as_json=form == "json",
        )
    if not solutions.rows and form != "json":
        say("lodkit: no rows")


def _put_workbook(table: Table) -> None:
    if is_screen(sys.stdout):
        raise UsageError("a workbook is no text for a terminal", hint="add > FILE.xlsx")
    data = table.workbook()
    with open_target(STANDARD) as stream:
        stream.write(data)

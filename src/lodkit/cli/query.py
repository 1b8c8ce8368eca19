"""``lodkit query``: list the queries, or ask one. Nothing here reads the whole domain, which would take
longer than the answer.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from ..domain import bundled_folder
from ..errors import DomainError, UsageError
from ..files import STANDARD
from ..query import (
    SPREADSHEET_FORMATS,
    absent_terms,
    catalogue,
    describe_query,
    find_query,
    format_solutions,
    labels,
    list_queries,
    ontology,
    own_query,
    run,
    with_prefixes,
)
from ..rdf import namespaces, numbered, write
from ..sandbox import Session
from .asked import Asking, asked
from .terminal import DETAILED, is_terminal, open_target, put, put_json, say, verbosity, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

    from ..query import CannedQuery, Queryable, Solutions
    from .connection import Connection

_PREFIX, _NAMESPACE = "http://www.w3.org/ns/shacl#prefix", "http://www.w3.org/ns/shacl#namespace"


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


@dataclass(frozen=True, slots=True)
class LightDomain:
    """As much of a domain as queries need: its folder, and its prefixes as ``sh:declare`` has them (SHACL
    §5.2.1).
    """

    folder: Traversable
    prefixes: Mapping[str, str] = field(default_factory=dict)


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


def light_domain(folder: Path | None) -> LightDomain:
    """Read as much of a domain as queries need, by default of the one that ships with lodkit.

    Raises:
        DomainError: the folder is no domain, or the ontology is broken.
    """
    place: Traversable = folder if folder is not None else bundled_folder()
    if not place.joinpath("queries").is_dir() or not place.joinpath("ontology").is_dir():
        raise DomainError(
            "no folder ontology/ or queries/",
            file=str(place),
            hint="a domain has ontology/, shapes/ and queries/",
        )
    return LightDomain(place, namespaces() | _declared(ontology(LightDomain(place))))


def _declared(quads: Iterable[Quad]) -> dict[str, str]:
    """Collect the prefixes that ontologies declare."""
    names: dict[str, str] = {}
    spaces: dict[str, str] = {}
    for quad in quads:
        if quad.predicate.value in (_PREFIX, _NAMESPACE):
            (names if quad.predicate.value == _PREFIX else spaces)[str(quad.subject)] = getattr(
                quad.object, "value", ""
            )
    return {
        names[node]: spaces[node]
        for node in sorted(names, key=names.__getitem__)
        if node in spaces and names[node]
    }


def _list(domain: LightDomain, question: Question) -> int:
    if question.parameters or question.on:
        raise UsageError("no query is named", hint="lodkit query lists them")
    queries = catalogue(domain)
    if question.form == "json":
        put_json([_as_json(query) for query in queries.values()])
    else:
        put(list_queries(queries.values(), width()))
        if is_terminal(sys.stdout):
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
        _print_graph(solutions, question.form or "ttl", domain)
        return
    if question.form in RDF_FORMATS:
        hint = "table, csv, tsv, json or md; triples come from CONSTRUCT and DESCRIBE"
        raise UsageError(f"the answer to {solutions.form} is no graph", file=question.form, hint=hint)
    form = question.form or ("table" if is_terminal(sys.stdout) else "csv")
    named = labels(solutions, store) if form in ("table", "md") else {}
    text = format_solutions(
        solutions, form, labels=named, prefixes=domain.prefixes, width=width(), safe=question.safe
    )
    put(text, as_json=form == "json")
    if not solutions.rows and form != "json":
        say("lodkit: no rows")
